"""Every chart of a report from plain numbers, and small grey pictures of them that are kept.

``python -m tests.report.drawn`` writes the kept pictures anew: look at each before you commit it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from coworksim.report.charts.appraisal_charts import plane
from coworksim.report.charts.effect_charts import channels, difference, forest, groups, levels, pattern_shares
from coworksim.report.charts.style import applied
from coworksim.report.charts.ties_and_tiles import Tile, network, tiles

__all__ = ["CHARTS", "DRAWN_BY", "KEPT", "grey", "kept", "outside"]

KEPT: Final = Path(__file__).resolve().parent / "baselines"
#: The release of matplotlib that drew them: another one lays out text a little otherwise.
DRAWN_BY: Final = "3.11"
_DPI: Final = 36
_LOST: Final = (-0.4, -0.5, -0.3)

type Grey = NDArray[np.float64]


def _weeks(slope: float) -> pd.DataFrame:
    week = np.arange(60)
    mean = slope * 20.0 * (1.0 - np.exp(-week / 20.0))
    wide = 1.0 + week / 20.0
    columns = {"week": week, "mean": mean, "low": mean - wide, "high": mean + wide}
    return pd.DataFrame({**columns, "q10": mean - 2 * wide, "q90": mean + 2 * wide})


def _points(shift: float) -> tuple[list[float], list[float]]:
    return [900.0 + 40 * math.sin(k + shift) for k in range(30)], [shift + 0.3 * math.cos(2.0 * k) for k in range(30)]


def _network() -> Figure:
    people = [{"supported": k % 5 == 0} for k in range(24)]
    without = [[k, k + 1, 1.0] for k in range(0, 22, 2)] + [[k, k + 6, 2.0] for k in range(0, 12, 3)]
    there = without + [[k, (k * 7 + 3) % 24, 3.0] for k in range(24) if k != (k * 7 + 3) % 24]
    return network(people, {"At the opening": [], "Without": without, "With": there})


def _tiles() -> Figure:
    codes = ("TLC11", "TLC12", "TLD41", "TLI31", "TLI32", "TLI33", "TLL14", "TLM50")
    return tiles([Tile(code, code, at % 3 == 0, at + 1) for at, code in enumerate(codes)])


CHARTS: Final[dict[str, Callable[[], Figure]]] = {
    "difference": lambda: difference({"one": _weeks(1.0), "two": _weeks(-0.5), "three": _weeks(0.2)}, "more members"),
    "levels": lambda: levels(
        {"members": {"without": _weeks(1.0), "with": _weeks(1.5)}, "TD": {"without": _weeks(0.3)}}
    ),
    "forest": lambda: forest(
        ["one", "two", "none"],
        {"more members": [(3.0, 1.0, 5.0), (-1.0, -4.0, 2.0), None], "TD": [(0.2, 0.1, 0.3), (1.0, 0.5, 1.5), None]},
    ),
    "plane": lambda: plane({"one": _points(0.5), "two": _points(1.5)}, "more TD skill, sd-years", 2000.0),
    "groups": lambda: groups(
        {
            "income fifth": [("lowest", 20.0, (35.0, 25.0, 45.0)), ("highest", 20.0, (5.0, 1.0, 9.0))],
            "region": [("left-behind", 60.0, None), ("other", 40.0, (40.0, 30.0, 50.0))],
        }
    ),
    "channels": lambda: channels(
        {
            "TD": [("in the space", (1.0, 0.8, 1.2), (2.0, 1.7, 2.3)), ("forgetting", _LOST, _LOST)],
            "SC": [("in the space", (0.5, 0.4, 0.6), (0.7, 0.6, 0.8)), ("forgetting", _LOST, _LOST)],
        }
    ),
    "network": _network,
    "tiles": _tiles,
    "pattern-shares": lambda: pattern_shares(
        [("E1, space", [(0.9, 0.8, 0.97), (0.5, 0.4, 0.6)]), ("E3b, space", [(0.44, 0.3, 0.6), None])],
        ["as declared", "placebo"],
    ),
}


def grey(figure: Figure) -> Image.Image:
    """Return a figure as a small grey picture."""
    FigureCanvasAgg(figure)
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=_DPI)
    return Image.open(stream).convert("L")


def outside(figure: Figure, *, drawn: bool = False) -> list[str]:
    """Return the sides over which something of a figure sticks out by more than a hundredth of an inch.

    ``drawn``: after drawing, without which some parts have no place yet.
    """
    FigureCanvasAgg(figure)
    if drawn:
        figure.draw_without_rendering()
    box, slack = figure.get_tightbbox(), 0.01 if drawn else 0.0
    over = {
        "left": -box.x0,
        "below": -box.y0,
        "right": box.x1 - figure.get_figwidth(),
        "above": box.y1 - figure.get_figheight(),
    }
    return [side for side, by in over.items() if by > slack]


def kept(name: str) -> Image.Image:
    """Return the kept picture of a chart."""
    return Image.open(KEPT / f"{name}.png").convert("L")


def main() -> None:
    """Write every kept picture anew."""
    KEPT.mkdir(exist_ok=True)
    with applied():
        for name, draw in CHARTS.items():
            grey(draw()).save(KEPT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
