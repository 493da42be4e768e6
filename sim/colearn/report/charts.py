"""All charts, by the name of their file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from colearn.report import gain_by_channel, members_and_skills
from colearn.report.style import applied, save_chart

if TYPE_CHECKING:
    from colearn.observe.results import Result

__all__ = ["CHARTS", "write_charts"]

#: File name -> (what draws it, its title).
CHARTS: Final = {
    "members-and-skills": (members_and_skills.members_and_skills, members_and_skills.TITLE),
    "gain-by-channel": (gain_by_channel.gain_by_channel, gain_by_channel.TITLE),
}


def write_charts(results: Sequence[Result], folder: Path, *, png: bool = False) -> None:
    """Draw every chart of ``results`` into ``folder`` as SVG (and PNG)."""
    with applied():
        for name, (draw, title) in CHARTS.items():
            save_chart(draw(results), folder / f"{name}.svg", title=title, png=png)
