"""What results say to people: sentences, charts, tables and pages. Results look these functions up when asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coworksim.runs.simulation import Result

__all__ = ["report_run"]


def report_run(result: Result, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a run came to in a few lines; draw its charts into ``folder``, where one is given."""
    from coworksim.report.sentences.run_text import summary, summary_text

    if folder is not None:
        from coworksim.report.charts.run_charts import write_charts

        folder.mkdir(parents=True, exist_ok=True)
        write_charts([result], folder, png=png)
    return summary_text(summary(result))
