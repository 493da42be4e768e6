"""Targets and moved defaults: nothing in the lists can go stale."""

from __future__ import annotations

import re

from coworksim.evidence.calibration.targets import MOVED, TARGETS
from coworksim.model.parameters import PARAMETERS


def test_a_tolerance_widens_the_range() -> None:
    by_name = {target.name: target for target in TARGETS}
    assert [by_name["price"].meets(value) for value in (141, 142, 172, 173)] == [False, True, True, False]
    assert [by_name["attendance"].meets(value) for value in (0.34, 0.36, 0.48, 0.5)] == [False, True, True, False]
    assert [by_name["churn"].meets(value) for value in (0.029, 0.03, 0.12)] == [False, True, False]


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
