"""What a study found, as files: tables, charts and a page of plain sentences; and its runs as one table."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from coworksim.files.errors import printable
from coworksim.files.folder_content import as_csv, write_tables
from coworksim.files.result_folder import MANIFEST, published, write_json
from coworksim.report.charts.sensitivity_charts import write_sensitivity_charts
from coworksim.report.sentences.study_text import sentences
from coworksim.runs.batch import MISSING
from coworksim.runs.outcomes import ALL_OUTCOMES
from coworksim.runs.parts import write_whole

if TYPE_CHECKING:
    from coworksim.runs.sensitivity import Analysis
    from coworksim.runs.study_run import Study


PAGE: Final = "findings.txt"
_WIDTH: Final = 110


def tally(counts: dict[str, int]) -> str:
    """Say how many runs there are of how many, and what became of the others.

    >>> tally({"done": 96, "failed": 1, "missing": 3})
    '96 of 100 runs are done (1 failed, 3 missing)'
    """
    total = sum(counts.values())
    others = [f"{number:,} {status}" for status, number in sorted(counts.items()) if status != "done"]
    return f"{counts.get('done', 0):,} of {total:,} runs are done" + (f" ({', '.join(others)})" if others else "")


def findings(found: Study) -> list[str]:
    """Return what the analysis says in sentences, under the name of the arm where there are several."""
    several = len(found.study.arms) > 1
    told: list[str] = []
    for arm, analysis in found.analyses.items():
        told += [*([f"Under {arm}:"] if several else []), *sentences(analysis)]
    return told or ["No run is done, so there is nothing to say."]


def page(found: Study) -> str:
    """Return the page: the question, how much of the study is there, what was found, and how to do it again."""
    study, manifest = found.study, found.manifest
    errors = found.runs.loc[found.runs["error"] != "", "error"].value_counts().head(3)
    several = [f"{plural}, of a design with {len(found.plan.design):,} points" for plural in [tally(found.counts)]]
    about = [
        f"Method: {study.method}; size {found.plan.size}, {found.plan.replicates} replicates, seed {study.seed}.",
        f"{several[0]}.",
        *(f"{count:,} runs: {error}." for error, count in errors.items()),
        *found.notes,
        "All intervals are of 95 %. A simulation, not a forecast.",
    ]
    command = " ".join(str(word) for word in manifest.get("command") or ())
    origin = [
        f"Study digest: {found.plan.digest}",
        f"Digest of the runs: {found.digest}",
        f"Scenario digest: {study.scenario_digest}",
        f"Code version: {found.plan.code}",
        "To do it again: take study_file from the manifest of the runs, and this version of coworksim with its lock; "
        "the digest of the runs must be the same.",
        *([f"Command: {command}"] if command else []),
    ]
    blocks = [[study.title, study.question], about, findings(found), origin]
    return "\n\n".join("\n".join(_wrapped(line) for line in block) for block in blocks) + "\n"


def _wrapped(line: str) -> str:
    return "\n  ".join(textwrap.wrap(printable(line), _WIDTH, break_long_words=False, break_on_hyphens=False) or [""])


def write_study(found: Study, folder: Path, *, png: bool = True, force: bool = False) -> Path:
    """Write tables (CSV and Parquet), charts (SVG, PNG) and the page into ``folder``, whole or not at all.

    Tables have a row an arm, outcome and so on; charts of several arms are in a folder for each, by number.
    """
    units = {name: ALL_OUTCOMES[name].unit for name in found.study.outcomes}
    with published(folder, force=force) as staging:
        first = "indices" if _has_indices(found) else "effects"
        write_tables({first: _of_arms(found, "table"), "outcomes": _of_arms(found, "outcomes")}, staging)
        for number, analysis in enumerate(found.analyses.values(), 1):
            inner = staging / f"arm-{number}" if len(found.study.arms) > 1 else staging
            inner.mkdir(exist_ok=True)
            write_sensitivity_charts(analysis, inner, units, png=png)
        (staging / PAGE).write_text(page(found), encoding="utf-8", newline="\n")
        about = {
            "study": found.plan.digest,
            "digest": found.digest,
            "model_version": found.plan.code,
            "runs": {**found.counts, "total": sum(found.counts.values())},
            "plan": found.plan.about,
            "arms": list(found.analyses),
        }
        write_json(staging / MANIFEST, about)
    return folder


def _has_indices(found: Study) -> bool:
    return any(analysis.main is not None for analysis in found.analyses.values())


def _of_arms(found: Study, what: str) -> pd.DataFrame:
    """Return a table of all arms, one under the other."""

    def table(arm: str, analysis: Analysis) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(analysis, what).copy()
        frame.insert(0, "arm", arm)
        return frame

    tables = [table(arm, analysis) for arm, analysis in found.analyses.items()]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"arm": []})


def export_runs(found: Study, file: Path) -> int:
    """Write one row a run that came to an end, inputs and outcomes beside it, as CSV or Parquet by the ending."""
    from io import BytesIO

    rows = found.runs[found.runs["status"] != MISSING]
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".csv":
        write_whole(file, as_csv(rows))
    else:
        content = BytesIO()
        rows.to_parquet(content, index=False)
        write_whole(file, content.getvalue())
    return len(rows)
