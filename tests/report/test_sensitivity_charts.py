"""Charts of an analysis: well-formed, inside the picture, and the same each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from coworksim.report.charts.sensitivity_charts import MOST_BARS, heat_map, index_bars, write_sensitivity_charts
from coworksim.report.charts.style import applied
from coworksim.runs.sensitivity import Analysis, analyse
from coworksim.statistics.design import draw
from coworksim.statistics.factors import Factor
from tests.report.drawn import outside
from tests.runs.files import DUMMY, table


def analysed(method: str, size: int, inputs: int, *, dummy: bool = True, outcomes: int = 2) -> Analysis:
    factors = [Factor(f"group.quite_a_long_name_{k}") for k in range(inputs)]
    design = draw(method, (*factors, DUMMY) if dummy else factors, size, 1)
    runs = table(design, lambda v: sum((k + 1) * float(u) for k, u in enumerate(v.values())), 2, noise=0.5)
    names = [f"outcome_{k}_of_many" for k in range(outcomes)]
    return analyse(design, pd.concat([runs, *(runs["y"].rename(name) for name in names)], axis=1), names)


CASES: dict[str, Callable[[], Analysis]] = {
    "sobol": lambda: analysed("sobol", 64, 3),
    "no-dummy": lambda: analysed("sobol", 64, 3, dummy=False),
    "morris-of-many": lambda: analysed("morris", 4, 60, outcomes=18),
    "efast": lambda: analysed("efast", 65, 2),
    "pawn": lambda: analysed("pawn", 64, 1),
}


@cache
def analysis(case: str) -> Analysis:
    return CASES[case]()


def _texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]  # type: ignore[attr-defined]  # the filter leaves only text


@pytest.mark.slow
def test_every_text_lies_inside_the_picture(subtests: pytest.Subtests) -> None:
    for case in CASES:
        with subtests.test(case), applied():
            assert outside(heat_map(analysis(case))) == []
            assert outside(index_bars(analysis(case), "outcome_0_of_many", "points")) == []


def test_the_noise_floor_is_drawn_where_there_is_one() -> None:
    with applied():
        assert "noise floor" in _texts(index_bars(analysis("sobol"), "outcome_0_of_many"))
        assert "noise floor" not in _texts(index_bars(analysis("no-dummy"), "outcome_0_of_many"))


@pytest.mark.slow
def test_the_greatest_come_first_and_what_is_left_out_is_said() -> None:
    with applied():
        said = _texts(index_bars(analysis("morris-of-many"), "outcome_0_of_many", "points"))
    named = list(dict.fromkeys(text for text in said if text.startswith("group.")))
    assert len(named) == MOST_BARS
    assert named[0] == "group.quite_a_long_name_59"
    assert any("[points]" in text and "The 14 greatest of 60 inputs." in text for text in said)


def test_what_is_not_above_the_floor_is_a_dot_in_the_heat_map() -> None:
    spoilt = analysis("sobol").table.copy()
    spoilt.loc[spoilt["input"] == "group.quite_a_long_name_0", "above"] = False
    with applied():
        said = _texts(heat_map(Analysis("sobol", 64, spoilt, analysis("sobol").outcomes)))
    assert said.count("·") == 2


def test_rows_of_the_heat_map_go_down_by_their_greatest_cell() -> None:
    found = analysis("sobol")
    first, second, third = (f"group.quite_a_long_name_{k}" for k in range(3))
    one, other = found.outcomes["outcome"]
    cells = {(first, one): 0.5, (first, other): 0.5, (second, one): 0.9, (second, other): 0.0}
    spoilt = found.table.assign(above=True)
    at = zip(spoilt["input"], spoilt["outcome"], strict=True)
    spoilt["value"] = [cells.get(key, 0.1) for key in at]
    with applied():
        figure = heat_map(Analysis("sobol", 64, spoilt, found.outcomes))
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [second, first, third]


def test_the_greatest_of_each_outcome_is_one_where_units_differ() -> None:
    with applied():
        figure = heat_map(analysed("morris", 4, 3, outcomes=9))
    (axes,) = figure.axes
    (image,) = axes.images
    assert np.asarray(image.get_array()).max(axis=0).tolist() == [1.0] * 9


def test_a_heat_map_of_more_outcomes_is_wider() -> None:
    with applied():
        few, many = (heat_map(analysed("morris", 4, 2, outcomes=number)).get_figwidth() for number in (8, 12))
    assert many - few == pytest.approx(4 * 0.62)


@pytest.mark.slow
def test_charts_are_written_the_same_each_time(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        write_sensitivity_charts(analysis("sobol"), folder, {"outcome_0_of_many": "points"}, png=True)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert [name for name in files if name.endswith("svg")] == [
        "sensitivity-outcome-0-of-many.svg",
        "sensitivity-outcome-1-of-many.svg",
        "sensitivity.svg",
    ]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    text = (tmp_path / "a" / "sensitivity.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert "<title>Which inputs move which outcomes?</title>" in text
