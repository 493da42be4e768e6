"""How much a comparison gains from the same people and the same numbers in both worlds."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.appraisal.measures import Pair
from coworksim.appraisal.pairs import Record
from coworksim.appraisal.record_week import WEEKLY
from coworksim.statistics.intervals import gain_of_pairing
from tests.appraisal.worlds import easy, pair, scheme

#: Prices stay, nobody feels a crowd or follows others, nobody takes projects from anybody.
FROZEN: dict[str, object] = {
    "mechanisms.management": False,
    "membership.crowding_weight": 0.0,
    "membership.learning_weight": 0.0,
    "membership.ties_weight": 0.0,
    "income.own_expansion": 1.0,
    "space.desks": 60,
    "resource_pool.equipment_hours": 20.0,
    "mechanisms.awareness": False,
}
LEAST = 20.0


def tenth(replicate: int) -> Pair:
    """Return two years of a world in which the subsidy begins when spaces have filled: before, an award comes with a
    review of membership ahead of time, and brings members forward whatever it pays.
    """
    subsidy = scheme(share=0.1, start=40, end=60, months=12, budget=10**9)
    return pair(easy(**{**FROZEN, "weeks": 104}), subsidy, replicate=replicate)


def member_weeks(record: Record) -> float:
    return float(record.weekly[WEEKLY.index("members")].sum())


def in_space(record: Record) -> float:
    return float(record.weekly[[WEEKLY.index("td_space"), WEEKLY.index("sc_space")]].sum())


@pytest.mark.slow  # 16 pairs of worlds
def test_pairing_makes_the_difference_at_least_twenty_times_surer() -> None:
    """Of a subsidy of a tenth of the fee; with independent seeds the two variances would add up."""
    pairs = [tenth(replicate) for replicate in range(16)]
    for level in (member_weeks, in_space):
        there, here = ([level(getattr(one, side)) for one in pairs] for side in ("there", "here"))
        assert np.mean(there) > np.mean(here)
        assert gain_of_pairing(there, here) >= LEAST, level.__name__
        unpaired = here[1:] + here[:1]  # as if the other worlds had other seeds
        assert gain_of_pairing(there, unpaired) < LEAST / 4
