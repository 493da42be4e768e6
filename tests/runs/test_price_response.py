"""Elasticities and ratios of a study by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from coworksim.model.mechanisms.helpers.offers import Offer
from coworksim.runs.outcomes import RATIOS
from coworksim.runs.sensitivity import ratio_means
from coworksim.runs.trace import RISE, arc_elasticity, evenly, join_probability, response
from tests.offers import offer

RATIO = RATIOS["cost_per_member_month_gbp"]


def test_an_arc_is_about_its_middle() -> None:
    """From 110 to 90 as prices rise by a tenth: a fall of a fifth of 100 over a rise of a tenth of 1.05."""
    assert RISE == 0.1
    assert arc_elasticity(110.0, 90.0) == pytest.approx(-0.2 / (0.1 / 1.05))
    assert arc_elasticity(110.0, 90.0, 0.2) == pytest.approx(-0.2 / (0.2 / 1.1))
    assert arc_elasticity(0.0, 0.0) is None
    assert arc_elasticity(0.0, 1e-9) == pytest.approx(2.0 / (0.1 / 1.05))


def test_everything_on_offer_is_dearer_by_a_tenth() -> None:
    one = offer(km=1.0)
    asked: list[float] = []

    def value(one: Offer) -> float:
        asked.append(one.price)
        return -one.price / 10.0

    before, after = response([one, one._replace(price=20.0)], value, 0.5)
    assert asked == pytest.approx([30.0, 20.0, 33.0, 22.0])
    assert before == pytest.approx(join_probability([-3.0, -2.0], 0.5))
    assert after == pytest.approx(join_probability([-3.3, -2.2], 0.5))


def test_positions_are_spread_evenly() -> None:
    assert evenly(3, 5) == evenly(3, 3) == [0, 1, 2]
    assert evenly(7, 3) == [0, 2, 4]
    assert evenly(0, 3) == []


def means(*effects: float, each: int = 2) -> float:
    table = pd.DataFrame({"point": 0, RATIO.above: [30.0, 50.0, 40.0][: len(effects)], RATIO.below: effects})
    return float(ratio_means(RATIO, table, 1, each)[0])


def test_a_ratio_needs_an_effect_that_is_clearly_above_nought() -> None:
    assert means(4.0, 4.0) == pytest.approx(10.0)
    assert math.isnan(means(4.0, 4.0, each=3))
    assert math.isnan(means(4.0, math.nan))
    assert math.isnan(means(4.0, -4.0))
    assert math.isnan(means(-4.0, -4.0))
    assert means(1.1e-9, 1.1e-9) == pytest.approx(40.0 / 1.1e-9)  # what is under a thousand millionth is rounding
    assert math.isnan(means(0.9e-9, 0.9e-9))
    # t of one degree of freedom is 12.706: 10 with a standard error of 0.78 is clear, of 0.79 not
    assert means(10.0 - 0.78, 10.0 + 0.78) == pytest.approx(4.0)
    assert math.isnan(means(10.0 - 0.79, 10.0 + 0.79))
