"""What patterns, an ablation or a contrast found, as files: tables, charts, a page of sentences and a manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coworksim.evidence.patterns.ablation import Ablation
from coworksim.evidence.patterns.hypotheses import Contrast
from coworksim.evidence.patterns.pattern_runs import PatternResult
from coworksim.evidence.patterns.patterns import Patterns
from coworksim.files.folder_content import write_tables
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, published, write_json
from coworksim.report.charts import pattern_charts as charts
from coworksim.report.charts.style import save_charts
from coworksim.report.sentences import pattern_text as told

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


PAGE: Final = "findings.txt"
_OF_PATTERNS: Final = (
    ("shares", charts.shares_chart, "patterns-shares", "Shares of patterns"),
    ("shapley", charts.shapley_bars, "patterns-fields", "E3 by field"),
    ("surface", charts.surface_maps, "patterns-surface", "E3 over two fields"),
)


#: What draws a chart, its name, and a title that screen readers say.
type Chart = tuple[Callable[[Any], Figure], str, str]


class Content(NamedTuple):
    """What a folder holds."""

    tables: Mapping[str, pd.DataFrame]
    sentences: Sequence[str]
    about: Mapping[str, Any]
    charts: Sequence[Chart]


def content(found: PatternResult) -> Content:
    """Return what the folder of a result holds; of patterns only tables and charts for which there are numbers."""
    drawn: list[Chart]
    if isinstance(found, Patterns):
        tables = {name: getattr(found, name) for name in told.TABLES if len(getattr(found, name))}
        drawn = [(draw, name, title) for table, draw, name, title in _OF_PATTERNS if table in tables]
        return Content(tables, told.pattern_sentences(found), told.plain_tables(found), drawn)
    if isinstance(found, Ablation):
        drawn = [(charts.ablation_map, "ablation", "Pattern by mechanism")]
        return Content({"ablation": found.table}, told.ablation_sentences(found), told.ablation_json(found), drawn)
    if not isinstance(found, Contrast):
        raise TypeError(f"{type(found).__name__} is none of the results of patterns")
    drawn = [(charts.contrast_chart, "contrast", "Two rival forms")]
    tables = {"patterns": found.table, "questions": found.questions}
    return Content(tables, told.contrast_sentences(found), told.contrast_json(found), drawn)


def write_patterns(
    found: PatternResult,
    folder: Path,
    *,
    command: Sequence[str] = (),
    png: bool = False,
    force: bool = False,
) -> Path:
    """Write tables, charts and findings into ``folder``, whole or not at all."""
    made = content(found)
    with published(folder, force=force) as staging:
        rows = write_tables(made.tables, staging)
        (staging / PAGE).write_text("\n".join(made.sentences) + "\n", encoding="utf-8", newline="\n")
        about = {name: value for name, value in made.about.items() if name not in (*told.TABLES, "table", "questions")}
        write_json(staging / MANIFEST, {"command": list(command), **about, "rows": rows, "environment": environment()})
        save_charts(staging, {name: (partial(draw, found), title) for draw, name, title in made.charts}, png=png)
    return folder
