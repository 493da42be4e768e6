"""The map of the UK: no region is hidden, left-behind ones are outlined, those without a figure are hatched."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coworksim.files.boundaries import outlines, tiles
from coworksim.files.load import load_scenario
from coworksim.files.published_spaces import LONDON
from coworksim.files.uk_regions import real_regions
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.state.spaces import environment_of
from coworksim.report import map_figures as figures
from coworksim.report.charts.uk_maps import SHADES, Mapped, breaks, legend_of, shade, uk_map


def _mapped(**values: float) -> Mapped:
    return Mapped("Some figure", "GBP", "Source: a test", values, frozenset({"TLC12", "TLK30"}))


def _drawn(figure: Figure, axes: int = 0) -> list[PathCollection]:
    return [one for one in figure.axes[axes].collections if isinstance(one, PathCollection)]


@pytest.mark.parametrize("form", ["tiles", "boundaries"])
def test_each_region_is_drawn_once_with_its_figure_or_hatched(form: str) -> None:
    shown = _mapped(TLC11=1.0, TLC12=2.0, TLI31=9.0)._replace(drawn=frozenset({"TLI31"}))
    known, drawn, blank, *outlined = _drawn(uk_map(shown, form))
    assert [len(one.get_paths()) for one in (known, drawn, blank)] == [2, 1, 176]
    assert [str(one.get_hatch() or "")[:1] for one in (known, drawn, blank)] == ["", ".", "/"]
    assert [one.words for one in legend_of(shown) if one.hatch] == ["no figure  (176)", "not of the region itself  (1)"]
    assert [len(one.get_paths()) for one in outlined] == [2, 2]  # a white line under a dark one


def test_london_is_drawn_again_enlarged_and_holds_all_of_its_regions() -> None:
    figure = uk_map(_mapped(**dict.fromkeys(tiles(), 1.0)), "boundaries")
    main, inset = figure.axes
    west, east = inset.get_xlim()
    south, north = inset.get_ylim()
    for code, place in real_regions().items():
        if place.itl1 == LONDON:
            for ring in outlines()[code]:
                assert west < ring[:, 0].min() < ring[:, 0].max() < east
                assert south < ring[:, 1].min() < ring[:, 1].max() < north
    figure.draw_without_rendering()
    scale = [abs(np.diff(axes.transData.transform([(0, 0), (1000, 0)]), axis=0)[0, 0]) for axes in (main, inset)]
    assert scale[1] > 5 * scale[0]
    assert any(isinstance(one, Rectangle) for one in main.patches)


def test_hexagons_do_not_cover_each_other() -> None:
    places = np.array([(x, row * np.sqrt(3) / 2) for x, row in tiles().values()])
    apart = np.hypot(*(places[:, None] - places[None]).T)
    np.fill_diagonal(apart, 9.0)
    assert apart.min() > 0.999


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.integers(0, 4).map(float)), min_size=1, max_size=179))
def test_the_legend_counts_every_region_once_and_no_class_is_empty(values: list[float]) -> None:
    shown = _mapped(**dict(zip(tiles(), values, strict=False)))
    *classes, _ = legend_of(shown)
    counts = [int(one.words.rpartition("(")[2].rstrip(")")) for one in classes]
    assert sum(counts) == 179
    assert min(counts) > 0
    assert len({one.inside for one in classes if not one.hatch}) == sum(not one.hatch for one in classes)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_larger_figures_are_never_lighter(values: list[float]) -> None:
    cuts = breaks(values)
    at = [SHADES.index(shade(value, cuts)) for value in sorted(values)]
    assert at == sorted(at)


def test_shades_and_outlines_differ_in_grey() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    steps = [grey(one) for one in SHADES]
    assert all(light - dark > 0.07 for light, dark in itertools.pairwise(steps))
    assert grey(legend_of(_mapped(TLC11=1.0))[-1].rim) < steps[-1] - 0.2


def test_figures_that_stand_in_are_no_figures_of_a_region() -> None:
    world = figures.whole_uk()
    for name in INDICATORS:
        shown = figures.of_indicator(name, world)
        blank = {code for code in tiles() if code not in shown.values}
        assert blank == {region.code for region in world.regions if name in region.gaps}


def test_a_field_is_that_of_a_run_and_says_how_many_stand_on_no_figure() -> None:
    world = load_scenario("uk-all", quiet=True)
    for name in FIELDS:
        shown = figures.of_field(name, world)
        assert {r.code: environment_of(r, world)[name] for r in world.regions} == shown.values
        assert shown.drawn == {r.code for r in world.regions if FIELDS[name][0] in r.gaps}
        told = f", {len(shown.drawn)} of them not of the region itself;"
        assert (told in figures.sentences(shown)[0]) == bool(shown.drawn)


def test_regions_that_the_map_does_not_have_are_counted() -> None:
    town = load_scenario("small-town", quiet=True)
    odd = town.model_copy(update={"regions": tuple(r.model_copy(update={"code": f"X{r.name}"}) for r in town.regions)})
    shown = figures.of_field(next(iter(FIELDS)), odd)
    assert (len(shown.values), shown.notes[-1]) == (
        0,
        f"{len(odd.regions)} regions of the scenario are not on this map.",
    )
    assert len(legend_of(shown)) == 2
    uk_map(shown, "tiles")


def test_the_table_has_the_largest_first_and_regions_without_a_figure_last() -> None:
    rows = figures.table_of(_mapped(TLC11=-1.0, TLC12=2.0, TLI31=9.0))
    assert [(row.code, row.value) for row in rows[:3]] == [("TLI31", 9.0), ("TLC12", 2.0), ("TLC11", -1.0)]
    assert (len(rows), {row.value for row in rows[3:]}) == (179, {None})
    assert [row.code for row in rows if row.left_behind] == ["TLC12", "TLK30"]


def test_names_are_escaped_in_the_picture() -> None:
    hostile = Mapped("<b>&x</b>\x1b", "$a$", "Source: <i>", {"TLC11": 1.0}, frozenset())
    text = figures.map_svg(hostile, "tiles").decode()
    assert "<title>&lt;b&gt;&amp;x&lt;/b&gt;\\x1b</title>" in text
    assert figures.map_svg(hostile, "tiles") == figures.map_svg(hostile, "tiles")
