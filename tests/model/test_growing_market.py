"""A market that still grows when policies begin: founders come more often year by year."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from coworksim import simulate
from coworksim.files.load import load_scenario
from coworksim.model.mechanisms.helpers.founding import Founding
from coworksim.model.recorder import SPACE_COLUMNS
from coworksim.model.scenario import Scenario
from coworksim.model.weeks import Engine
from coworksim.runs.simulation import Result

#: Three regions of 1,200 people and four small spaces, which close fast and are founded often.
LIVELY: dict[str, object] = {
    "burn_in_weeks": 4,
    "spin_up_weeks": 156,
    "weeks": 104,
    "space.desks": 18,
    "membership.appeal": 1.0,
    "management.founders": 6.0,
    "management.optimism": 0.3,
    "management.exit": 0.3,
}


def lively(market: str, growth: float, **overrides: object) -> Scenario:
    """Return a lively market in the built-in scenario tiny."""
    given = {**LIVELY, "market": market, "management.growth": growth, **overrides}
    one = load_scenario("tiny", overrides=given, quiet=True)
    regions = tuple(
        one.regions[0].model_copy(update={"name": f"place {k}", "people": 1200, "spaces": 4}) for k in range(3)
    )
    return one.model_copy(update={"regions": regions})


def bits(result: Result) -> tuple[bytes, ...]:
    world, record = result.world, result.recorder
    people = (world.workers.skill, world.workers.member_of, world.workers.income, world.spaces.cash)
    return tuple(column.tobytes() for column in (*people, record.spaces, record.counts))


@pytest.mark.slow
def test_without_growth_it_is_the_mature_one_to_the_bit_and_other_markets_know_no_growth() -> None:
    short: dict[str, Any] = {"spin_up_weeks": 60, "weeks": 20}
    mature, growing, still = (
        bits(simulate(lively(market, growth, **short), 1))
        for market, growth in (("mature", 0.1), ("growing", 0.0), ("mature", 0.9))
    )
    assert mature == growing == still
    assert bits(simulate(lively("growing", 0.9, **short), 1)) != mature
    new, also = (bits(simulate(lively("new", growth, **short), 1)) for growth in (0.1, 0.9))
    assert new == also


def test_founders_come_e_times_as_often_each_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks in the year before week 0 and in that after it, within four standard errors (1 in 16,000 each)."""
    weeks: list[int] = []
    monkeypatch.setattr(Founding, "_found", lambda _self, world, _new, _place: weeks.append(world.week - world.start))
    model = Engine(lively("growing", 1.0, **{"management.founders": 100.0}), 1)
    model.live(model.world.start + 52)
    for year in (range(-52, 0), range(52)):
        mean = 100.0 * 3.6 / 52.0 * math.fsum(math.exp(week / 52.0) for week in year)
        assert abs(sum(week in year for week in weeks) - mean) < 4.0 * math.sqrt(mean)


@pytest.mark.slow
def test_there_are_fewer_spaces_at_week_0_and_more_come_later() -> None:
    """Over eight seeds, each with 99.5 %: fewer at week 0 than in the mature market, and more two years later."""
    numbers = []
    for seed in range(1, 9):
        counts = []
        for market in ("mature", "growing"):
            result = simulate(lively(market, 1.0), seed)
            is_open = result.recorder.spaces[:, :, SPACE_COLUMNS.index("open")] > 0
            start = result.world.start - result.recorder.first_week
            counts += [int(is_open[start].sum()), int(is_open[-1].sum())]
        numbers.append(counts)
    table = np.array(numbers)
    fewer, more = table[:, 0] - table[:, 2], table[:, 3] - table[:, 2]
    for difference in (fewer, more):
        half = float(stats.t.ppf(0.995, 7) * stats.sem(difference))
        assert difference.mean() - half > 0.0, table.tolist()
