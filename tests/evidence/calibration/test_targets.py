"""Targets and moved defaults: nothing in the lists can go stale."""

from __future__ import annotations

import re

from coworksim.evidence.calibration.fit import MOVED, TARGETS
from coworksim.model.parameters import PARAMETERS


def test_a_tolerance_widens_the_range() -> None:
    by_name = {target.name: target for target in TARGETS}
    assert [by_name["price"].meets(value) for value in (141, 142, 172, 173)] == [False, True, True, False]
    assert [by_name["attendance"].meets(value) for value in (0.34, 0.36, 0.48, 0.5)] == [False, True, True, False]
    assert [by_name["churn"].meets(value) for value in (0.029, 0.03, 0.12)] == [False, True, False]


#: The least and the greatest value that meets each target: its range, widened by its tolerance.
MET = {
    "price": (141.3, 172.7),
    "members per space": (59.2, 88.8),
    "attendance": (0.35, 0.49),
    "churn": (0.03, 0.11),
    "contacts": (1.17, 1.95),
    "events": (3.375, 5.625),
    "independents": (0.35, 0.65),
    "training gap": (0.4, 0.6),
    "profitable spaces": (0.46, 0.62),
    "loss-making spaces": (0.1, 0.26),
    "freelancers under 25,000": (0.68, 0.78),
    "occupancy": (0.67, 0.83),
}


def test_every_target_is_met_from_its_least_value_to_its_greatest() -> None:
    assert [target.name for target in TARGETS] == list(MET)
    for target in TARGETS:
        low, high = MET[target.name]
        step = 1e-9 * high
        met = [target.meets(value) for value in (low - step, low + step, high - step, high + step)]
        assert met == [False, True, True, False], target.name


def test_moved_defaults_are_the_defaults() -> None:
    for moved in MOVED:
        assert PARAMETERS[moved.name].default == moved.after, moved.name
        assert moved.before != moved.after
        low, high = PARAMETERS[moved.name].sampled or (moved.after, moved.after)
        assert low <= moved.after <= high, moved.name


def test_explanations_name_quantities_that_exist() -> None:
    for target in TARGETS:
        for name in re.findall(r"\b[a-z]+\.[a-z_]+", target.why):
            assert name in PARAMETERS, (target.name, name)
