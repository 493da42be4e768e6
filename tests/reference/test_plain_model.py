"""Laws that the plain twin keeps on its own, before it is compared with anything."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any, Literal

import pytest

from .agents import CHANNELS
from .encounters import prune, take_snapshot
from .model import PlainModel
from .plain_draws import KeyedSource
from .population import population_at_start
from .rules import law, proximity_mean
from .stand_in import stand_in_scenario

Draws = Literal["keyed", "mesa"]
BUSY: dict[str, Any] = {"membership__constant": -1.5}


def run(draws: Draws = "keyed", weeks: int = 20, **options: Any) -> PlainModel:
    """A small world after ``weeks`` weeks, of which the first 4 know no spaces."""
    scenario = stand_in_scenario(**{"people": 80, "burn_in_weeks": 4, **options})
    model = PlainModel(scenario, population_at_start(scenario, KeyedSource(scenario.seed)), draws=draws)
    for _ in range(weeks):
        model.step()
    return model


def state(model: PlainModel) -> list[object]:
    return [
        (w.key, w.skills, w.income, w.work, w.contacts, (w.member, w.tenure, w.encounters), w.recent_gain)
        for w in model.workers
    ]


@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_people_join_meet_and_learn(draws: Draws) -> None:
    model = run(draws, **BUSY)
    assert any(w.member for w in model.workers)
    assert sum(w.encounters for w in model.workers) > 0
    assert model.graph.number_of_edges() > 0
    for channel in CHANNELS:
        assert any(any(w.gains[channel]) for w in model.workers), channel


def test_nobody_is_a_member_before_the_spaces_open() -> None:
    model = run(weeks=4, **BUSY)
    assert not any(w.member or w.encounters or w.fees_pence for w in model.workers)
    assert all(posting.purpose != "membership" for posting in model.ledger)


@pytest.mark.parametrize("theta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("start", [0.4, 0.95])
def test_channels_add_up_to_the_change_of_skills(theta: float, start: float) -> None:
    model = run(
        population__start_skill=start,
        social_learning__partner_gain=0.1,
        social_learning__peer_gain=0.1,
        resource_learning__td_rate=0.05,
        social_learning__theta_sc=theta,
        resource_learning__theta_td=theta,
        **BUSY,
    )
    for worker in model.workers:
        for k in range(8):
            assert 0 <= worker.skills[k] <= 1
            change = worker.skills[k] - worker.skills_at_opening[k]
            assert sum(worker.gains[c][k] for c in CHANNELS) == pytest.approx(change, abs=1e-12)


@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_money_balances(draws: Draws) -> None:
    model = run(draws, **BUSY)
    totals = dict.fromkeys(("fees", "wages", "membership"), 0)
    for posting in model.ledger:
        totals[posting.purpose] += posting.pence
    assert totals["fees"] + totals["wages"] == sum(w.earned_pence for w in model.workers)
    assert totals["membership"] == sum(w.fees_pence for w in model.workers) > 0


def test_keyed_runs_do_not_depend_on_the_order_of_people() -> None:
    scenario = stand_in_scenario(people=60, burn_in_weeks=4, **BUSY)
    people = population_at_start(scenario, KeyedSource(scenario.seed))
    models = [PlainModel(scenario, people), PlainModel(scenario, people[::-1])]
    for _ in range(16):
        for model in models:
            model.step()
    assert state(models[0]) == state(models[1])


def test_replicates_differ_and_repeats_do_not() -> None:
    scenario = stand_in_scenario(people=40, burn_in_weeks=2)
    people = population_at_start(scenario, KeyedSource(scenario.seed))
    ends = []
    for replicate in (0, 0, 1):
        model = PlainModel(scenario, people, replicate=replicate)
        for _ in range(5):
            model.step()
        ends.append(state(model))
    assert ends[0] == ends[1] != ends[2]


def test_no_more_people_sit_than_there_are_desks() -> None:
    model = run(people=300, space__desks=8, membership__constant=3.0)
    for manager in model.managers:
        assert len(manager.members) > 8
        assert all(len(present) <= 8 for present in manager.present)
        assert max(len(present) for present in manager.present) == 8
        assert all([w.key for w in present] == sorted(w.key for w in present) for present in manager.present)
        assert manager.equipment_hours_week <= manager.capacity_hours * (1 + 1e-9)
    for worker in model.workers:
        assert worker.days_present == worker.day_mask.bit_count() <= (worker.days if worker.days == 5 else 5)


def test_the_ceiling_keeps_out_whom_the_price_would_take_too_much_from() -> None:
    model = run(membership__affordability="ceiling", membership__ceiling=0.0, **BUSY)
    assert not any(w.member for w in model.workers)
    assert any(w.member for w in run(membership__affordability="ceiling", **BUSY).workers)


@pytest.mark.parametrize(
    ("off", "untouched"),
    [
        ("income", lambda w: w.earned_pence == 0 and w.work == 1),
        ("membership", lambda w: not w.member),
        ("attendance", lambda w: w.days_present == 0 and w.encounters == 0),
        ("encounters", lambda w: w.encounters == 0 and w.contacts == 0),
        ("social_learning", lambda w: not any(w.gains["space_social"])),
        ("resource_pool", lambda w: w.inside_hours == 0 and not any(w.gains["space_resource"])),
        ("resource_learning", lambda w: not any(w.gains["own"])),
        ("decay", lambda w: not any(w.gains["decay"])),
    ],
)
def test_a_mechanism_that_is_off_touches_nothing(off: str, untouched: Any) -> None:
    assert all(untouched(w) for w in run(off=(off,), **BUSY).workers)
    assert not all(untouched(w) for w in run(**BUSY).workers)


def test_ties_fade_and_are_pruned_every_four_weeks() -> None:
    model = run(weeks=20, **BUSY)
    assert model.week % 4 == 0
    for low, high, tie in model.graph.edges(data=True):
        strength = tie["w"] * exp((model.week - tie["last"]) * model.rules.log_rho)
        assert model.tie_strength(low, high) == pytest.approx(strength)
        assert strength >= model.rules.tie_floor
    assert {w.key for known in model.neighbours.values() for w in known} == {
        key for key in model.graph if model.graph.degree(key)
    }
    before = model.graph.number_of_edges()
    model.week += 500
    prune(model)
    take_snapshot(model)
    assert before > 0 == model.graph.number_of_edges()
    assert model.neighbours == {}


def test_the_two_learning_laws_agree_at_mid_skill() -> None:
    assert [law(theta)(0.5) for theta in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([0.5] * 4)
    assert [law(theta)(1.0) for theta in (0.25, 1.0)] == [0.0, 0.0]


def test_mean_proximity_tends_to_1_on_a_small_floor_and_matches_a_plain_sum() -> None:
    assert proximity_mean(1e-9, 8.0) == pytest.approx(1.0, abs=1e-3)
    side, ell, n = 18.0, 8.0, 12
    places = [side * (i + 0.5) / n for i in range(n)]
    gaps = [sqrt((a - c) ** 2 + (b - d) ** 2) for a in places for b in places for c in places for d in places]
    pairs = [exp(-gap / ell) for gap in gaps]
    assert proximity_mean(side, ell) == pytest.approx(sum(pairs) / len(pairs), rel=0.01)


def test_gains_count_from_the_opening() -> None:
    before, after = run(weeks=4), run(weeks=9)
    assert [w.skills_at_opening for w in after.workers] == [tuple(w.skills) for w in before.workers]
    assert all(w.skills_at_opening != tuple(w.skills) for w in after.workers)


def test_what_others_teach_is_cut_at_the_frontier() -> None:
    worker = run(weeks=1).workers[0]
    worker.skills[0] = 0.75
    worker.add_social_gain([0.5, *[0.0] * 7])
    assert (worker.skills[0], worker.gains["space_social"][0], worker.space_gain_week) == (1.0, 0.25, 0.25)


def test_members_and_pairs_stand_in_the_order_of_keys_and_come_each_on_days_of_their_own() -> None:
    model = run(membership__constant=1.0)
    for manager in model.managers:
        keys = [w.key for w in manager.members]
        assert keys == sorted(set(keys))
        assert len(keys) == sum(w.member for w in manager.area.workers)
        assert len({w.day_mask for w in manager.members if w.days < 5}) > 5
        assert all(w.day_mask == 31 for w in manager.members if w.days == 5)
    pairs = [(e.low.key, e.high.key) for e in model.week_encounters]
    assert pairs == sorted(set(pairs))
    assert all(low < high for low, high in pairs)


def test_a_tie_goes_when_next_week_would_find_it_under_the_floor() -> None:
    model = run(weeks=8)
    rules, a, b, c = model.rules, *(w.key for w in model.workers[:3])
    model.graph.add_edge(a, b, w=rules.tie_floor * exp(-0.5 * rules.log_rho), last=model.week)
    model.graph.add_edge(a, c, w=rules.tie_floor * exp(-1.5 * rules.log_rho), last=model.week)
    prune(model)
    take_snapshot(model)
    assert not model.graph.has_edge(a, b)
    assert model.graph.has_edge(a, c)
    assert [w.key for w in model.neighbours[a] if w.key in (b, c)] == [c]
