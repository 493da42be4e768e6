"""What results say to people: sentences, charts, tables and pages. Results look these functions up when asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal
    from coworksim.runs.simulation import Result

__all__ = ["draw_appraisal", "report_appraisal", "report_run"]


def report_run(result: Result, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a run came to in a few lines; draw its charts into ``folder``, where one is given."""
    from coworksim.report.sentences.run_text import summary, summary_text

    if folder is not None:
        from coworksim.report.charts.run_charts import write_charts

        folder.mkdir(parents=True, exist_ok=True)
        write_charts([result], folder, png=png)
    return summary_text(summary(result))


def draw_appraisal(found: Appraisal, folder: Path, *, png: bool = False) -> None:
    """Draw the charts of an appraisal into ``folder``, which exists."""
    from coworksim.report.charts.appraisal_charts import write_appraisal_charts

    write_appraisal_charts(found, folder, png=png)


def report_appraisal(
    found: Appraisal,
    file: Path | None = None,
    *,
    patterns: Path | None = None,
    study: Path | None = None,
    pilot: Path | None = None,
) -> str:
    """Return the report of an appraisal as one HTML page, and write it to ``file``, whole or not at all.

    ``patterns``, ``study`` and ``pilot`` are folders of other commands: what they found is shown beside it. Raises
    InputError where a folder is not one of them.
    """
    from coworksim.report.html.page import report
    from coworksim.report.html.pattern_part import read_patterns
    from coworksim.report.html.studies_beside import read_pilot, read_study

    page = report(
        found,
        None if patterns is None else read_patterns(patterns),
        None if study is None else read_study(study),
        None if pilot is None else read_pilot(pilot),
    )
    if file is not None:
        from coworksim.runs.parts import write_whole

        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, page.encode())
    return page
