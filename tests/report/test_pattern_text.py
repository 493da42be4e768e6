"""What carries which pattern, in words: a table written by hand."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from coworksim.evidence.patterns.declaration import ABLATIONS, DECLARED, MEASURES
from coworksim.evidence.patterns.pattern_tables import FIELDS_OF_SURFACE, STEPS
from coworksim.report.charts.pattern_charts import _map
from coworksim.report.sentences.pattern_text import _carried, _halves

FIRST = MEASURES[0]
SINGLE = [name for name in ABLATIONS if " + " not in name]


def carried(shown: int, **off: tuple[float, float, float]) -> list[str]:
    """Say what carries the first measure, shown in so many of 40 runs; ``off``: share, what is left, upper change."""
    rows = []
    for pattern, place in MEASURES:
        for name in (DECLARED.name, *ABLATIONS):
            share, left, high = off.get(name, (0.9, 1.0, 0.1))
            count = shown if name == DECLARED.name else int(40 * share)
            rows.append(
                {
                    "pattern": pattern,
                    "place": place,
                    "off": name,
                    "n": 40,
                    "shown": count,
                    "share": count / 40,
                    "defined": 40,
                    "of_declared": left,
                    "change_high": high,
                    "half_width": 0.1,
                }
            )
    found: Any = SimpleNamespace(table=pd.DataFrame(rows))
    return list(_carried(found))


@pytest.mark.parametrize(("shown", "told"), [(32, True), (31, False), (33, True)])
def test_what_four_runs_in_five_show_is_told(shown: int, told: bool) -> None:
    said = carried(shown)
    assert len(said) == (len(MEASURES) if told else 1)
    if not told:
        assert said[0].startswith("Shown too seldom with nothing off to say what carries them: ")
        assert f"({shown} of 40)" in said[0]


def test_a_pattern_needs_what_half_of_the_runs_lose_it_without() -> None:
    one, two, three = SINGLE[:3]
    (first, *_) = carried(40, **{one: (0.5, 0.1, -0.5), two: (0.525, 0.7, -0.1), three: (0.525, 0.7, 0.0)})
    assert f": needs {one}; weaker without {two} (.70) (what is left of the value; <0: it is turned round)." in first
    assert three not in first
    (first, *_) = carried(40)
    assert (
        "needs no single mechanism; weaker without none (what is left of the value; <0: it is turned round)." in first
    )


def test_of_each_field_both_halves_are_told_the_lesser_first() -> None:
    pattern, place = FIRST
    rows = [
        {
            "pattern": pattern,
            "place": place,
            "field": field,
            "left_behind_has": side,
            "share": share,
            "low": 0,
            "high": 1,
        }
        for at, field in enumerate(FIELDS_OF_SURFACE)
        for side, share in (("more", 0.9), ("less", 0.1 + at / 100))
    ]
    found: Any = SimpleNamespace(halves=pd.DataFrame(rows))
    (told,) = _halves(found)
    for at, field in enumerate(FIELDS_OF_SURFACE):
        part = told.split("; ")[at]
        assert field.replace("_", " ") in part
        assert part.index(f".{10 + at}") < part.index(".90")


def test_no_contrast_lies_beyond_the_colours_of_its_map() -> None:
    one, other = FIELDS_OF_SURFACE
    cells = [
        {one: a, other: b, "value": 0.001 * at * (-1) ** at, "low": -1.0, "high": 1.0}
        for at, (a, b) in enumerate(itertools.product(STEPS, STEPS))
    ]
    axes = Figure().subplots()
    _map(axes, pd.DataFrame(cells), "E3a")
    (image,) = axes.images
    low, high = image.get_clim()
    assert low == -high
    shown = np.abs(np.asarray(image.get_array()))
    assert 0.5 * high < shown.max() < high, "the greatest has a colour of its own"
