"""Regions go through the week side by side: neither the number of threads nor the cut into parts moves a bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from coworksim import CoworkingModel, Freelancer, Result, Scenario, load_scenario, simulate
from coworksim.model import division
from coworksim.model.kernels import CHECKED
from coworksim.model.mechanisms import WEEK
from coworksim.model.mechanisms.awareness import Awareness
from coworksim.model.mechanisms.turnover import Turnover
from coworksim.model.state import exchange
from coworksim.model.state.exchange import Letters
from coworksim.model.state.rng import uniform, word
from coworksim.model.state.world import World
from tests.laws.worlds import scenarios, with_values
from tests.worlds import BUSY

pytestmark = pytest.mark.skipif(CHECKED, reason="a world in checked mode stays whole: it has one register of draws")

#: Shared budgets of every kind: awards by queue and by lot, programmes of spaces and of regions.
POLICIES = (
    "subsidy-50", "training-vouchers", "equipment-loans", "community-manager", "college-places", "cluster-programme",
)  # fmt: skip  # a list of names


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut small worlds too."""
    monkeypatch.setattr(division, "LEAST", 1)


def five_regions(**overrides: object) -> Scenario:
    base = load_scenario("tiny", overrides={**BUSY, **overrides}, policies=POLICIES)
    first, second = base.regions
    regions = [one.model_copy(update={"name": f"{one.name} {k}"}) for k in range(3) for one in (first, second)]
    return with_values(base, regions=tuple(regions[:5]), weeks=20)


def whole(scenario: Scenario, **how: Any) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(division, "LEAST", 10**9)
        return simulate(scenario, threads=1, **how)


def plain(state: Any) -> Iterator[tuple[str, Any]]:
    """Go through the columns of a part of the state: of ties, those in use."""
    names = [one.name for one in dataclasses.fields(state)] if dataclasses.is_dataclass(state) else state._fields
    for name in names:
        yield name, getattr(state, name)


def differences(one: World, other: World) -> list[str]:
    """Name all that differs in two worlds that have come to their end."""
    found = []
    for part in ("workers", "spaces", "schemes", "levers", "meetings", "regions"):
        for (name, mine), (_, theirs) in zip(plain(getattr(one, part)), plain(getattr(other, part)), strict=True):
            if name == "member":  # beyond those who are members it holds what it once held
                mine, theirs = (side[: one.spaces.member_start[-1]] for side in (mine, theirs))
            if isinstance(mine, np.ndarray) and not np.array_equal(mine, theirs):
                found.append(f"{part}.{name}")
    used = len(one.ties)
    for name in ("source", "target", "weight", "last"):
        if not np.array_equal(getattr(one.ties, name)[:used], getattr(other.ties, name)[: len(other.ties)]):
            found.append(f"ties.{name}")
    for name in ("source_start", "indptr"):
        if not np.array_equal(getattr(one.ties, name), getattr(other.ties, name)):
            found.append(f"ties.{name}")
    if not np.array_equal(one.ties.indices[: one.ties.indptr[-1]], other.ties.indices[: other.ties.indptr[-1]]):
        found.append("ties.indices")
    if one.ledger.postings != other.ledger.postings or one.ledger.balances != other.ledger.balances:
        found.append("ledger")
    if not np.array_equal(one.frontier, other.frontier) or one.week != other.week:
        found.append("frontier or week")
    return found


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_budgets_books_and_people_are_the_same_on_any_number_of_threads(threads: int) -> None:
    scenario = five_regions()
    alone, beside = whole(scenario, events=True), simulate(scenario, threads=threads, events=True)
    spent = alone.model.world.schemes.spent
    assert (spent > 0).sum() >= 4  # budgets are at work
    assert beside.digest == alone.digest
    assert differences(beside.model.world, alone.model.world) == []
    assert beside.events is not None
    assert beside.events.equals(alone.events)


@given(scenarios(regions=5, policies=3))
@settings(max_examples=15, deadline=None)
def test_no_scenario_tells_the_parts(scenario: Scenario) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(division, "LEAST", 1)
        beside = simulate(scenario, threads=2)
    alone = whole(scenario)
    assert beside.digest == alone.digest
    assert differences(beside.model.world, alone.model.world) == []


@pytest.mark.parametrize("name", ["uk-left-behind", "small-town", "ai-shock"])
def test_built_in_scenarios_have_one_digest(name: str) -> None:
    scenario = load_scenario(name, overrides={"burn_in_weeks": 6, "weeks": 10})
    assert simulate(scenario, threads=3).digest == whole(scenario).digest


def test_a_world_goes_on_by_itself_after_regions_went_side_by_side() -> None:
    scenario = five_regions()
    turns, alone = CoworkingModel(scenario), CoworkingModel(scenario)
    for _ in range(2):
        with turns.side_by_side(2):
            assert len(turns.world.division.parts) == 5
            turns.run_for(7)
        turns.run_for(6)
    alone.run_for(26)
    assert differences(turns.world, alone.world) == []


class Guest:
    """People of a region call on the next one; the first three callers of a week are let in, by lot, and raise demand.

    What a region may let in is a budget, and callers come from other regions: the toy of an exchange across borders.
    """

    name = "guest"
    scope = "region"

    def __init__(self, world: World) -> None:
        regions = len(world.regions.names)
        self.next = np.roll(np.arange(regions), -1)

    def step(self, world: World) -> None:
        w, first_row = world.workers, world.regions.first_row
        calls = world.exchange.read("call")
        for r in np.flatnonzero(np.diff(first_row)).tolist():
            to_it = calls.number[calls.region == r][:3]
            hosts = slice(int(first_row[r]), int(first_row[r + 1]))
            for turn, strength in enumerate(to_it.tolist()):  # the order counts
                w.taste[hosts] = 0.5 * w.taste[hosts] + (turn + 1) * 1e-9 * strength
        some = np.flatnonzero(w.key % 7 == world.week % 7)
        order = np.array([word(world.run, np.uint64(key), 1000, world.week, 0) for key in w.key[some]], np.uint64)
        told = (1e6 * np.array([uniform(one) for one in order])).astype(np.int64)
        world.exchange.send("call", Letters(self.next[w.region[some]], order, w.key[some].astype(np.uint64), told))


def with_guests(threads: int, least: int = 1) -> list[str]:
    """Live through weeks with callers; return what differs from the world that stays whole."""
    week = [*WEEK]
    week.insert(week.index(Awareness), Guest)
    scenario = five_regions()
    alone, beside = (CoworkingModel(scenario, week=week) for _ in range(2))
    alone.run_for(20)
    division.LEAST = least
    with beside.side_by_side(threads):
        assert beside.world.division is not None
        beside.run_for(20)
    return differences(beside.world, alone.world)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_callers_from_other_regions_are_let_in_by_their_lot_however_the_world_is_cut(threads: int) -> None:
    assert with_guests(threads) == []
    assert with_guests(threads, least=80) == []


def test_letters_in_the_order_of_sending_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard above can fail: the fault sorts by region alone, so that parts are read one after the other."""
    monkeypatch.setattr(exchange.np, "lexsort", lambda keys: np.argsort(keys[-1], kind="stable"))
    assert "workers.taste" in with_guests(1)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "what parts have paid is forgotten": lambda patch: patch.setattr(division, "COUNTED", ()),
    "one part posts before the next, whatever the step": lambda patch: patch.setattr(
        division.Division, "_put_together", _part_by_part
    ),
    "a phase that looks at the whole is taken part by part": lambda patch: patch.setattr(
        division, "_scope", lambda phase: "world" if phase.name == "policies" else "region"
    ),
}


def _part_by_part(self: Any) -> None:
    for part in self.parts:
        for posting in part.world.ledger.postings:
            self._whole.ledger.post(*posting)
        part.world.ledger.postings.clear()
        for name in ("committed", "spent"):
            own = getattr(part.world.schemes, name)
            getattr(self._whole.schemes, name)[:] += own
            own[:] = 0


@pytest.mark.parametrize("fault", list(FAULTS))
def test_faults_of_the_barrier_are_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = five_regions()
    alone = whole(scenario)
    FAULTS[fault](monkeypatch)
    assert differences(simulate(scenario, threads=2).model.world, alone.model.world) != []


class OverTheFence(Turnover):
    """A mechanism of somebody's own, which does not say how far it looks."""


def test_a_world_with_what_is_somebodys_own_stays_whole() -> None:
    scenario = five_regions()
    own_week = CoworkingModel(scenario, week=[OverTheFence, *WEEK[1:]])
    assert len(division.cuts_of(CoworkingModel(scenario).world, own_week.phases[1:], 2)) > 2
    with own_week.side_by_side(2):
        assert own_week.world.division is None
    cast = CoworkingModel(scenario)

    class Own(Freelancer):
        def accepts_encounter(self, partner: Any, invitation: Any) -> bool:
            return True

    cast.cast(Own, lambda worker: True)
    with cast.side_by_side(2):
        assert cast.world.division is None
    tied = CoworkingModel(scenario)
    first, last = np.zeros(1, np.int32), np.array([len(tied.world.workers) - 1], np.int32)
    tied.world.ties.insert(first, last, np.ones(1), 0)
    with tied.side_by_side(2):
        assert tied.world.division is None


def test_nobody_is_cast_while_regions_go_side_by_side() -> None:
    model = CoworkingModel(five_regions())
    with model.side_by_side(2), pytest.raises(RuntimeError, match="nobody can be cast while regions"):
        model.cast(Freelancer, lambda worker: True)


def test_what_goes_wrong_in_a_part_is_raised_and_the_world_is_whole_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Awareness, world: World) -> None:
        if world.workers.region[0] == 3:
            raise LookupError("in the fourth region")

    monkeypatch.setattr(Awareness, "step", fails)
    model = CoworkingModel(five_regions())
    with pytest.raises(LookupError, match="in the fourth region"), model.side_by_side(2):
        model.step()
    assert model.world.division is None
    assert len(model.world.ties) > 0
