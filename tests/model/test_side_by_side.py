"""Regions go through the week side by side: neither the number of threads nor the cut into parts moves a bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from coworksim import CoworkingModel, Freelancer, Result, Scenario, load_scenario, simulate
from coworksim.model import division, world_parts
from coworksim.model.kernels import CHECKED
from coworksim.model.mechanisms import WEEK
from coworksim.model.mechanisms.awareness import Awareness
from coworksim.model.mechanisms.turnover import Turnover
from coworksim.model.state import exchange
from coworksim.model.state.exchange import Letters
from coworksim.model.state.rng import uniform, word
from coworksim.model.state.world import World
from tests.laws.worlds import scenarios, with_values
from tests.worlds import BUSY, with_policies

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


def told(world: World) -> dict[str, Any]:
    """Return all that a world holds, by name: of ties, members and neighbours those in use."""
    parts = {name: getattr(world, name) for name in ("workers", "spaces", "schemes", "levers", "regions", "ties")}
    found = {
        f"{part}.{one.name}": getattr(state, one.name)
        for part, state in parts.items()
        for one in dataclasses.fields(state)
        if one.name not in ("courses", "epoch")
    }
    found |= {f"meetings.{name}": column for name, column in world.meetings._asdict().items()}
    found |= {name: getattr(world, name) for name in ("frontier", "week")}
    found |= {"ledger": world.ledger.postings, "balances": world.ledger.balances}
    used = dict.fromkeys(("source", "target", "weight", "last"), len(world.ties)) | {"indices": world.ties.indptr[-1]}
    cut = {f"ties.{name}": count for name, count in used.items()} | {"spaces.member": world.spaces.member_start[-1]}
    return {name: held[: cut[name]] if name in cut else held for name, held in found.items()}


def differences(one: World, other: World) -> list[str]:
    """Name all that differs in two worlds."""
    mine, theirs = told(one), told(other)
    assert mine.keys() == theirs.keys()
    return [name for name in mine if not _same(mine[name], theirs[name])]


def _same(one: Any, other: Any) -> bool:
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_budgets_books_and_people_are_the_same_on_any_number_of_threads(threads: int) -> None:
    scenario = five_regions()
    alone, beside = whole(scenario, events=True), simulate(scenario, threads=threads, events=True)
    spent = alone.model.world.schemes.spent
    assert (spent > 0).sum() >= 4  # budgets are at work
    assert beside.digest == alone.digest
    assert differences(beside.model.world, alone.model.world) == []
    assert beside.events is not None
    assert alone.events is not None
    assert beside.events.equals(alone.events)


#: Help with fees that people wait for, give up, and lose again, of which there is too little.
FEES = (
    "{name: a, kind: membership_subsidy, share: 0.5, months: 3, budget: 4000, number: 9, lag: 3, redeem: 2,"
    " through_spaces: true, eligible: {non_members: true, away_months: 1}}",
    "{name: b, kind: voucher, amount: 90, months: 6, budget: 3000, lag: 0, redeem: 1}",
    "{name: c, kind: membership_subsidy, share: 0.4, months: 4, budget: 2000, lag: 3, award: means, window: 9}",
)


def help_with_fees() -> Scenario:
    often = {"membership.review_weeks": 2, "schemes.intent_weeks": 3, "membership.appeal": 3.5, "schemes.hassle": 5.0}
    five = five_regions(**often)
    return with_values(five, policies=with_policies(FEES).policies, weeks=40)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_waiting_giving_up_and_lapsing_are_the_same_on_any_number_of_threads(threads: int) -> None:
    scenario = help_with_fees()
    alone, beside = whole(scenario), simulate(scenario, threads=threads)
    schemes = alone.model.world.schemes
    assert (schemes.spent > 0).all()
    assert schemes.lapsed[0] > 0 < schemes.lapsed[1]
    assert beside.digest == alone.digest
    assert differences(beside.model.world, alone.model.world) == []


@pytest.mark.parametrize("name", ["committed", "lapsed"])
def test_a_part_that_keeps_what_it_counts_to_itself_would_be_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = help_with_fees()
    alone = whole(scenario)
    counted = tuple(one for one in world_parts.COUNTED if one != name)
    monkeypatch.setattr(division, "COUNTED", counted)
    assert differences(simulate(scenario, threads=2).model.world, alone.model.world) != []


@given(scenarios(regions=5, policies=3))
@settings(max_examples=15, deadline=None)
@pytest.mark.slow
def test_no_scenario_tells_the_parts(scenario: Scenario) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(division, "LEAST", 1)
        beside = simulate(scenario, threads=2)
    alone = whole(scenario)
    assert beside.digest == alone.digest
    assert differences(beside.model.world, alone.model.world) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["uk-left-behind", "small-town", "ai-shock"])
def test_built_in_scenarios_have_one_digest(name: str) -> None:
    scenario = load_scenario(name, overrides={"burn_in_weeks": 6, "spin_up_weeks": 30, "weeks": 10})
    assert simulate(scenario, threads=3).digest == whole(scenario).digest


def test_a_large_world_has_more_parts_and_the_same_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(division, "_EACH", 1)
    scenario = five_regions()
    model = CoworkingModel(scenario)
    assert len(division.cuts_of(model.world, model.phases, 2)) == 2 + 1
    monkeypatch.setattr(division, "MOST", len(model.world.workers) // 4)
    assert len(division.cuts_of(model.world, model.phases, 2)) == 4 + 1
    assert simulate(scenario, threads=2).digest == whole(scenario).digest


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
    """People call on some region; the first three callers of a week are let in, by lot, and raise demand.

    What a region may let in is a budget, and callers come from other regions: the toy of an exchange across borders.
    """

    name = "guest"
    scope = "region"

    def __init__(self, world: World) -> None:
        self.regions = len(world.regions.names)

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
        world.exchange.send(
            "call",
            Letters(
                (w.key[some] // 64 + w.region[some]).astype(np.int64) % self.regions,
                order,
                w.key[some].astype(np.uint64),
                told,
            ),
        )


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
    assert with_guests(threads, least=40) == []


def _as_threads_come_back(parts: Any) -> None:
    exchange.deliver(parts[::-1])


def test_letters_do_not_mind_which_part_was_ready_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(division, "deliver", _as_threads_come_back)
    assert with_guests(2) == []


def test_letters_in_the_order_of_sending_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guards above can fail: the fault reads a region's letters in the order in which parts were ready."""
    monkeypatch.setattr(division, "deliver", _as_threads_come_back)
    monkeypatch.setattr(np, "lexsort", lambda keys: np.argsort(keys[-1], kind="stable"))
    assert "workers.taste" in with_guests(2)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "what parts have paid is forgotten": lambda patch: patch.setattr(division, "COUNTED", ()),
    "one part posts before the next, whatever the step": lambda patch: patch.setattr(
        division.Division, "_put_together", _part_by_part
    ),
    "every part has the whole budget": lambda patch: patch.setattr(
        division, "_scope", lambda phase: "world" if phase.name in ("policies", "management") else "region"
    ),
}


def _part_by_part(self: Any) -> None:
    for part in self.parts:
        for posting in part.world.ledger.postings:
            self._whole.ledger.post(*posting)
        part.world.ledger.postings.clear()
        for name in world_parts.COUNTED:
            own = getattr(part.world.schemes, name)
            getattr(self._whole.schemes, name)[:] += own
            own[:] = 0


@pytest.mark.parametrize("fault", list(FAULTS))
def test_faults_of_the_barrier_are_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = five_regions(**{"mechanisms.schemes": "budget" in fault or "paid" in fault})
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
