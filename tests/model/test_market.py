"""A market of spaces: who considers what is open, whose space it is, and worlds in which it ran before week 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coworksim import simulate
from coworksim.appraisal.pairs import lived
from coworksim.model.scenario import Scenario
from coworksim.model.state import snapshot
from coworksim.model.state.consideration import consider
from coworksim.model.state.prospects import FOUNDED, FOUNDERS, OF_A_WEEK, Prospects
from coworksim.model.state.world import World
from coworksim.model.weeks import Engine
from coworksim.runs.opening import burnt_in, forked
from tests.runs.kept import Lived, keep_in
from tests.worlds import busy, schemes, town

#: Spaces come and go all the time.
RESTLESS: dict[str, object] = {
    "market": "mature",
    "spin_up_weeks": 30,
    "weeks": 60,
    "membership.appeal": 2.0,
    "space.desks": 12,
    "space.size_sd": 0.6,
    "management.rent": 10.0,
    "management.founders": 60.0,
    "management.exit": 0.9,
}


def restless(**overrides: object) -> Scenario:
    return town(500, **RESTLESS | overrides)


def afresh(world: World) -> Any:
    """Return what everybody would consider who looked for the first time."""
    w = world.workers
    kept = w.candidate.copy(), w.aware.copy()
    for i in range(len(w)):
        consider(i, *world.spaces.rows_of(int(w.region[i])), w, world.spaces)
    found = w.candidate.copy()
    w.candidate[:], w.aware[:] = kept
    return found


def test_people_consider_the_nearest_open_spaces_whatever_opens_and_closes() -> None:
    model = Engine(restless())
    model.live(model.world.opening)
    changes, heard = 0, dict[tuple[int, int], bool]()
    for _ in range(60):
        before = model.world.spaces.open.copy(), model.world.spaces.ordinal.copy()
        model.step()
        world = model.world
        changes += int((before[0] != world.spaces.open).any() or (before[1] != world.spaces.ordinal).any())
        assert np.array_equal(afresh(world), world.workers.candidate)
        now = {
            (int(world.workers.key[i]), int(world.spaces.key[s])): bool(world.workers.aware[i] >> c & 1)
            for i in range(0, len(world.workers), 7)
            for c, s in enumerate(world.workers.candidate[i].tolist())
            if s >= 0
        }
        assert all(now[pair] for pair, known in heard.items() if known and pair in now)
        heard = now
    assert changes > 10


def test_with_awareness_off_everything_considered_is_known() -> None:
    model = Engine(restless(**{"mechanisms.awareness": False}))
    model.live(model.world.start + 20)
    w = model.world.workers
    there = ((w.candidate >= 0) << np.arange(w.candidate.shape[1])).sum(axis=1)
    assert np.array_equal(w.aware, there)


def test_a_row_that_is_taken_again_holds_another_space() -> None:
    result = simulate(restless(), events=True)
    ordinal = result.recorder.spaces[:, :, -4]
    again = [set(np.unique(ordinal[:, row])) - {-1} for row in range(ordinal.shape[1])]
    assert max(map(len, again)) > 2
    listed, spaces, ledger = result.space_list, result.spaces, result.ledger
    assert listed["space_key"].is_unique
    assert not spaces.duplicated(["week", "space_key"]).any()
    assert set(spaces["space_key"]) == set(listed["space_key"])
    known = ledger.merge(listed[["account", "space_key"]], left_on="payee", right_on="account", suffixes=("", "_of"))
    fees = known[(known["purpose"] == "membership") & (known["week"] >= 0)]
    assert len(fees) > 0
    assert (fees["space_key"] == fees["space_key_of"]).all()
    taken = spaces.groupby("space_key")["fees_gbp"].sum()
    paid = ledger[ledger["purpose"].isin(["membership", "sponsorship"]) & (ledger["week"] >= 0)]
    assert paid.groupby("space_key")["amount_gbp"].sum().to_numpy() == pytest.approx(taken[taken > 0].to_numpy())
    log: Any = result.events
    opened = set(log.loc[log["event"] == "opens", "space_key"])
    closed = set(log.loc[log["event"] == "closes", "space_key"])
    later = set(listed.loc[listed["opened_week"] > -30, "space_key"]) & set(
        listed.loc[listed["space"] >= FOUNDED, "space_key"]
    )
    assert later <= opened
    last = spaces[spaces["week"] == spaces["week"].max()]
    gone = set(listed["space_key"]) - set(last.loc[last["open"], "space_key"])
    assert gone <= closed


def test_arms_of_a_comparison_share_founders_and_what_they_found() -> None:
    seen = []
    for appeal in (1.9, 2.1):
        spaces = Engine(restless(**{"membership.appeal": appeal}))
        spaces.live(spaces.world.start + 50)
        at = spaces.world.spaces
        seen.append(
            {
                int(at.ordinal[s]): (int(at.list_price[s]), float(at.patience[s]), bool(at.hosted[s]), *at.home[s])
                for s in np.flatnonzero(at.ordinal >= FOUNDED).tolist()
            }
        )
    both = seen[0].keys() & seen[1].keys()
    assert both
    assert seen[0].keys() != seen[1].keys()
    assert all(seen[0][one] == seen[1][one] for one in both)


def test_founders_of_a_week_and_policies_have_ordinals_of_their_own() -> None:
    assert FOUNDERS + 64 <= OF_A_WEEK  # MOST_POLICIES
    prospects = Engine(restless()).world.prospects()
    assert isinstance(prospects, Prospects)
    found = {prospects.by_policy(0, 30, number).ordinal for number in range(64)}
    assert len(found) == 64
    assert min(found) >= FOUNDED + 30 * OF_A_WEEK + FOUNDERS


def test_drawn_sizes_follow_the_place_and_have_limits() -> None:
    world = Engine(town(3200, **{"space.size_sd": 0.8, "space.size_by_place": 0.35, "space.desks": 52})).world
    prospects = world.prospects()
    desks = np.array([prospects.of(0, FOUNDED + k).desks for k in range(4000)])
    assert desks.min() == 5
    assert desks.max() == 156
    # ln of a lognormal number: its median is d*(3200/6400)**.35 * exp(-.32); 3.3 s.e., one test in a thousand fails
    assert np.log(np.median(desks) / (52 * 0.5**0.35)) == pytest.approx(
        -0.32, abs=3.3 * 1.2533 * 0.8 / 4000**0.5 + 0.02
    )


def content(model: Engine) -> tuple[dict[str, bytes], str]:
    """Return all that a model's world is."""
    arrays, facts = snapshot.parted(model.world)
    return {name: values.tobytes() for name, values in arrays.items()}, repr(facts)


def test_a_mature_world_that_is_kept_and_forked_goes_on_to_the_bit(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_in(tmp_path, monkeypatch)
    weeks = Lived(monkeypatch)
    scenario = restless()
    whole = Engine(scenario, 1)
    whole.live(scenario.start_week + 40)
    weeks.since()
    for expected in (scenario.start_week, 0):
        arm = forked(burnt_in(scenario, 1, 0), ())
        assert weeks.since() == expected
        arm.live(40)
        weeks.since()
        assert content(arm) == content(whole)


def test_a_market_without_entry_exit_and_policies_is_the_new_one_at_a_later_week() -> None:
    off = {"mechanisms.management": False, "mechanisms.frontier": False, "mechanisms.awareness": False}
    flat = {"environment.demand_trend": 0.0, "environment.demand_trend_response": 0.0}
    flat |= {"attendance.august": 1.0, "attendance.christmas": 1.0}  # seasons follow the date of week 0
    mature = Engine(town(300, **off, **flat, market="mature", spin_up_weeks=20, weeks=10), 1)
    new = Engine(town(300, **off, **flat, market="new", weeks=30), 1)
    for model in (mature, new):
        model.live(12 + 25)
    for column in ("key", "member_of", "plan", "tenure", "skill", "income", "candidate"):
        assert np.array_equal(getattr(mature.world.workers, column), getattr(new.world.workers, column)), column
    assert mature.world.start == new.world.start + 20


def test_what_people_do_in_spaces_is_counted_from_week_0_on() -> None:
    scenario = schemes(market="mature", spin_up_weeks=40)
    model = burnt_in(scenario, 1, 0, keep=False)
    w = model.world.workers
    assert (w.member_of >= 0).any()
    assert not any(getattr(w, name).any() for name in ("member_weeks", "fees", "partners_new", "days_total"))
    record = lived(forked(model, scenario.policies), 10)
    assert record.weekly.min() >= 0


def test_postings_before_week_0_are_brought_forward_by_payer_payee_and_purpose() -> None:
    scenario = restless(spin_up_weeks=70, weeks=5)
    world = simulate(scenario).world
    before = [posting for posting in world.ledger.postings if posting.week < world.start]
    assert len({posting[1:4] for posting in before}) == len(before)
    assert {posting.week for posting in before} == {world.start - 1}
    sums: dict[str, int] = {}
    for posting in world.ledger.postings:
        sums[posting.payee] = sums.get(posting.payee, 0) + posting.pence
        sums[posting.payer] = sums.get(posting.payer, 0) - posting.pence
    assert {name: pence for name, pence in sums.items() if pence} == {
        name: pence for name, pence in world.ledger.balances.items() if pence
    }


def test_postings_from_week_0_on_stay_in_their_weeks() -> None:
    model = Engine(busy(market="mature", burn_in_weeks=2, spin_up_weeks=4))
    model.live(model.world.start + 53)
    world = model.world
    assert {posting.week for posting in world.ledger.postings} == set(range(world.start - 1, world.start + 53))
