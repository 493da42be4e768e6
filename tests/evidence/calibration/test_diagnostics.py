"""What stands below the table: closed forms and known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.calibration.diagnostics import settling
from coworksim.model.mechanisms.helpers.offers import membership_value
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.model import CoworkingModel
from coworksim.runs.trace import arc_elasticity, join_probability, response
from tests.offers import offer
from tests.worlds import busy


def test_elasticity_of_one_offer_is_the_closed_form() -> None:
    p = Membership(CoworkingModel(busy()).world).parameters
    one = offer(price=36.0, ties=1, expected_gain=0.4, km=3.0)
    rise = 1e-5
    before, after = response([one], lambda o: membership_value(o, 0.2, False, p), 1.0, rise)
    wanted = -one.pound * one.price * (1 - before)
    assert arc_elasticity(before, after, rise) == pytest.approx(wanted, rel=1e-4)


def test_probability_of_several_offers() -> None:
    assert join_probability([]) == 0.0
    assert join_probability([float("-inf")]) == 0.0
    assert join_probability([0.0, float("nan")]) == pytest.approx(0.5)
    assert join_probability([800.0, -800.0]) == pytest.approx(1.0)
    assert arc_elasticity(0.0, 0.0) is None


def test_settling_is_points_a_year_and_needs_half_a_year() -> None:
    weeks = np.arange(-60, 5)
    series = pd.DataFrame({"week": weeks, "people": 10, "sc_points": 2.0 * weeks / 52})
    assert settling(series, "sc") == pytest.approx(2.0)
    assert settling(series[series["week"] > -20], "sc") is None
