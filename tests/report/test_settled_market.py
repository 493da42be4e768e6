"""Whether the market of spaces has settled by the start: drifts that are put in, and what is said of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coworksim.evidence.calibration.settled_market import MarketDrift, market_drift
from coworksim.files.load import load_scenario
from coworksim.model.recorder import COUNTS, GROUPS, SPACE_COLUMNS, Recorder
from coworksim.model.scenario import Scenario
from coworksim.report.sentences.calibration_text import market_sentence
from coworksim.runs.simulation import simulate

ROWS, SPIN_UP = 3, 156
#: The two years before week 0: the market of a spin-up of three years has accounts from their first week on.
FIRST, LAST = (slice(52 * year, 52 * year + 52) for year in (1, 2))


def scenario(**changes: Any) -> Scenario:
    return load_scenario("tiny").model_copy(
        update={"burn_in_weeks": 0, "market": "mature", "spin_up_weeks": SPIN_UP, **changes}
    )


def recorded() -> Any:
    """Return three years in which nothing moves: two open spaces, 200 members, one price, ages of 200 weeks."""
    counts = np.zeros((SPIN_UP, 2, len(GROUPS), len(COUNTS)), np.int64)
    counts[:, :, 0, COUNTS.index("members")] = 100
    spaces = np.zeros((SPIN_UP, ROWS, len(SPACE_COLUMNS)), np.int64)
    spaces[:, :2, SPACE_COLUMNS.index("open")] = 1
    spaces[:, :2, SPACE_COLUMNS.index("price")] = 15_700
    spaces[:, :, SPACE_COLUMNS.index("opened")] = np.arange(SPIN_UP)[:, np.newaxis] - 200
    return SimpleNamespace(counts=counts, spaces=spaces, first_week=0, weeks=SPIN_UP)


def drift(record: Any, **changes: Any) -> MarketDrift | None:
    return market_drift(scenario(**changes), record, np.array([0, 0, 1], np.int32))


def test_a_market_that_stands_still_has_settled() -> None:
    found = drift(recorded())
    assert found == MarketDrift(0.0, 0.0, 0.0, 0.0)
    assert found.settled


@pytest.mark.parametrize(
    ("moved", "column", "rows", "value"),
    [
        ("spaces", "open", 2, 1),  # a third space in the last year: half as many more
        ("price", "price", slice(0, 2), 16_500),
        ("age", "opened", slice(0, 2), 0),
    ],
)
def test_a_market_that_moves_has_not_settled(moved: str, column: str, rows: Any, value: int) -> None:
    record = recorded()
    record.spaces[LAST, rows, SPACE_COLUMNS.index(column)] = value
    if moved == "spaces":
        record.spaces[LAST, 2, SPACE_COLUMNS.index("price")] = 15_700
    found = drift(record)
    assert found is not None
    assert not found.settled
    assert [name for name in ("members", "spaces", "price", "age") if abs(getattr(found, name)) >= 0.05] == [moved]


@pytest.mark.parametrize(("more", "settled"), [(9, True), (10, False), (-9, True), (-10, False)])
def test_members_who_come_or_go_are_seen_from_five_in_a_hundred_on(more: int, settled: bool) -> None:
    record = recorded()
    record.counts[LAST, 0, 0, COUNTS.index("members")] += more
    found = drift(record)
    assert found is not None
    assert found.members == pytest.approx(more / 200)
    assert found.settled is settled


def test_what_was_before_the_two_years_does_not_count() -> None:
    record = recorded()
    record.counts[: FIRST.start] = 0
    record.spaces[: FIRST.start] = 0
    assert drift(record) == MarketDrift(0.0, 0.0, 0.0, 0.0)


def test_what_cannot_be_told_is_not() -> None:
    record = recorded()
    assert drift(record, market="new", burn_in_weeks=SPIN_UP) is None
    assert drift(record, spin_up_weeks=SPIN_UP - 2, burn_in_weeks=2) is None  # accounts for a week less than two years
    record.first_week = 60
    assert drift(record) is None
    assert market_sentence(None).startswith("Market of spaces: not there for two years with accounts before the start")


def test_spaces_of_a_list_stay_so_that_their_ages_say_nothing() -> None:
    record, town = recorded(), load_scenario("small-town")
    record.spaces[:, :, SPACE_COLUMNS.index("opened")] = -50
    only_region = np.zeros(ROWS, np.int32)
    listed = scenario(regions=town.regions)
    assert market_drift(listed, record, only_region) == MarketDrift(0.0, 0.0, 0.0, None)
    drawn = scenario(regions=tuple(one.model_copy(update={"own_spaces": ()}) for one in town.regions))
    found = market_drift(drawn, record, only_region)
    assert found is not None
    assert not found.settled


def test_the_sentence_says_what_has_moved() -> None:
    told = market_sentence(MarketDrift(0.012, -0.049, 0.0, None))
    assert told == (
        "Market of spaces: settled. From the last year but one before the start to the last: members +1.2%, open "
        "spaces -4.9%, mean price +0.0%, mean age of spaces none (settled: under 5% each; one small world can move by "
        "more by chance)."
    )
    assert market_sentence(MarketDrift(0.012, -0.05, 0.0, None)).startswith("Market of spaces: not settled.")


@pytest.mark.slow
def test_a_market_two_years_old_has_not_settled() -> None:
    """Accounts begin a year after the opening, when few have heard of spaces: members and ages still rise."""
    young = load_scenario("tiny", {"weeks": 1, "membership.appeal": 3.0}).model_copy(
        update={"market": "mature", "spin_up_weeks": SPIN_UP}
    )
    result = simulate(young)
    recorder: Recorder = result.recorder
    found = market_drift(young, recorder, result.world.spaces.region)
    assert found is not None
    assert not found.settled
