"""Charts of a report look as they did when somebody last looked at them; in grey, as print has them."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageFilter

from coworksim.report.charts.effect_charts import forest
from coworksim.report.charts.style import applied, as_svg
from coworksim.report.charts.ties_and_tiles import communities, matched
from tests.report.drawn import CHARTS, DRAWN_BY, KEPT, grey, kept, outside

#: Grey levels (of 255) by which a place may differ after a slight blur: shifts of a hair are no regression.
MOST = 20.0
_BLUR = 2.0


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return by how many grey levels two pictures differ where they differ most; 255 where sizes do."""
    if one.size != other.size:
        return 255.0
    pixels = [np.asarray(picture.filter(ImageFilter.GaussianBlur(_BLUR)), np.float64) for picture in (one, other)]
    return float(np.abs(pixels[0] - pixels[1]).max())


@cache
def figure(name: str) -> Figure:
    """Return a chart, drawn once for all tests that leave it as it is."""
    with applied():
        return CHARTS[name]()


@pytest.mark.skipif(not matplotlib.__version__.startswith(f"{DRAWN_BY}."), reason=f"matplotlib {DRAWN_BY} drew them")
def test_every_chart_looks_as_it_did() -> None:
    with applied():
        other = [name for name in CHARTS if difference(grey(figure(name)), kept(name)) > MOST]
    assert other == [], "look at them; python -m tests.report.drawn keeps the new pictures"


def _signs(figure: Figure) -> list[set[str]]:
    """Return, panel by panel, how its series differ where there is no colour: by marker, dash or hatching."""
    return [
        {f"{line.get_marker()}{line.get_linestyle()}" for line in axes.lines if line.get_linewidth() != 0.9}
        | {str(patch.get_hatch()) for patch in axes.patches}
        for axes in figure.axes
    ]


def test_series_differ_in_more_than_colour() -> None:
    least = {"forest": 4, "levels": 2, "channels": 3, "plane": 2, "pattern-shares": 4, "groups": 3}
    signs = {name: _signs(figure(name))[0] for name in least}
    assert {name: found for name, found in signs.items() if len(found) < least[name]} == {}


def test_every_kept_picture_is_of_a_chart() -> None:
    assert {path.stem for path in KEPT.glob("*.png")} == set(CHARTS)


def _first(figure: Figure) -> Any:
    return figure.axes[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda figure: _first(figure).lines[-1].remove(),
        lambda figure: _first(figure).set_title("another heading that nobody asked for"),
        lambda figure: _first(figure).set_xlim(-100, 100),
        lambda figure: _first(figure).set_yticks([]),
    ],
    ids=["a point is gone", "another heading", "another scale", "arms without a name"],
)
def test_a_spoilt_chart_is_noticed(spoil: Any) -> None:
    with applied():
        spoilt = CHARTS["forest"]()
        spoil(spoilt)
        assert difference(grey(spoilt), kept("forest")) > MOST


def test_every_text_lies_inside_the_picture() -> None:
    with applied():
        found = {name: outside(figure(name), drawn=True) for name in CHARTS}
    assert {name: sides for name, sides in found.items() if sides} == {}


def test_the_same_figure_gives_the_same_bytes() -> None:
    with applied():
        assert as_svg(CHARTS["network"]()) == as_svg(CHARTS["network"]())


@pytest.mark.parametrize("name", ["$x_1$", r"$\frac{$", "R&D <b>'\"", "杭州市", "x" * 500])
def test_names_from_files_do_no_harm(name: str) -> None:
    with applied():
        svg = as_svg(forest([name], {"more": [(1.0, 0.0, 2.0)]}))
    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_communities_keep_their_number_from_panel_to_panel() -> None:
    two = [[0, 1, 1.0], [1, 2, 1.0], [0, 2, 1.0], [3, 4, 1.0], [4, 5, 1.0], [3, 5, 1.0]]
    before, after = communities(6, two), communities(6, two[3:] + two[:3])
    assert {frozenset({0, 1, 2}), frozenset({3, 4, 5})} == set(before)
    assert matched(before, after) == {at: before.index(group) for at, group in enumerate(after)}
    assert communities(4, []) == []
