"""Laws that the plain twin keeps on its own, before it is compared with anything."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from typing import Any

import pytest

from coworksim.model.parameters import OFF

from .agents import CHANNELS
from .laws import law, proximity_mean
from .learning import take_lessons
from .model import HINT, PlainModel, lacking
from .plain_draws import KeyedSource
from .population import population_at_start
from .stand_in import stand_in_scenario
from .ties import prune, take_snapshot
from .trials import BUSY, Draws, everyone, model_of, policy, run, weekly


def state(model: PlainModel) -> list[object]:
    return [
        (w.key, w.skills, w.income, w.work, w.contacts, (w.member, w.tenure, w.encounters), w.recent_gain)
        for w in model.workers
    ]


def test_the_twin_has_every_phase_of_the_week() -> None:
    """The one test that is red while a mechanism has no twin; all others leave it off."""
    assert lacking() == [], HINT


@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_the_twin_refuses_a_phase_that_it_lacks_and_that_is_on(draws: Draws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(PlainModel, "decay")
    scenario = stand_in_scenario()
    with pytest.raises(NotImplementedError, match=r"no phase decay: write a method"):
        PlainModel(scenario, [], draws=draws)
    without = stand_in_scenario(off=("decay",))
    assert len(PlainModel(without, [], draws=draws).phases) == len(scenario.mechanisms) - len(OFF) - 1


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_people_join_meet_and_learn(draws: Draws) -> None:
    kinds = set()
    for model in weekly(26, draws, **BUSY):
        kinds |= {e.kind for e in model.week_encounters}
    assert kinds >= {0, 1, 2, 3, 4}
    assert sum(w.member for w in model.workers) > 20
    assert sum(w.encounters for w in model.workers) > 100
    assert model.graph.number_of_edges() > 0
    for channel in CHANNELS:
        assert any(any(w.gains[channel]) for w in model.workers), channel


def test_nobody_is_a_member_before_the_spaces_open() -> None:
    model = run(weeks=4, **BUSY)
    assert not any(w.member or w.encounters or w.fees_pence for w in model.workers)
    assert all(posting.purpose != "membership" for posting in model.ledger)


@pytest.mark.slow
@pytest.mark.parametrize("theta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("start", [0.4, 0.95])
def test_channels_add_up_to_the_change_of_skills(theta: float, start: float) -> None:
    options: dict[str, Any] = {
        "population__entry_skill": start,
        "social_learning__partner_gain": 0.1,
        "social_learning__peer_gain": 0.1,
        "resource_learning__td_rate": 0.05,
        "social_learning__theta_sc": theta,
        "resource_learning__theta_td": theta,
        "turnover__exit": 0.3,
    }
    _, people = everyone(20, **options, **BUSY)
    assert len(people) > 165
    for worker in people.values():
        for k in range(8):
            assert 0 <= worker.skills[k] <= worker.frontier[k]
            change = worker.skills[k] - worker.skills_at_opening[k]
            assert sum(worker.gains[c][k] for c in CHANNELS) == pytest.approx(change, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_money_balances(draws: Draws) -> None:
    schemes = (policy(), policy("more", kind="membership_subsidy", share=0.5, amount=100))
    model, people = everyone(60, draws, policies=schemes, schemes__hassle=20, turnover__exit=0.5, **BUSY)
    totals: dict[str, int] = {}
    balances = dict.fromkeys((f"space:{m.name}" for m in model.managers), 0)
    for posting in model.ledger:
        assert posting.pence > 0
        totals[posting.purpose] = totals.get(posting.purpose, 0) + posting.pence
        if posting.payer in balances:
            balances[posting.payer] -= posting.pence
        if posting.payee in balances:
            balances[posting.payee] += posting.pence
    assert totals["fees"] + totals["wages"] == sum(w.earned_pence for w in people.values())
    assert totals["membership"] == sum(w.fees_pence for w in people.values()) > 0
    supports = [totals.get(f"support:{scheme.name}", 0) for scheme in model.schemes]
    assert supports == [scheme.spent for scheme in model.schemes]
    assert sum(supports) == sum(w.supported_pence for w in people.values()) > 0
    assert totals["sponsorship"] > 0
    assert {f"space:{m.name}": m.cash for m in model.managers} == balances


@pytest.mark.slow
def test_keyed_runs_do_not_depend_on_the_order_of_people() -> None:
    scenario = stand_in_scenario(people=60, burn_in_weeks=4, turnover__exit=0.3, **BUSY)
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


@pytest.mark.slow
def test_a_price_that_leaves_little_of_income_weighs_more_by_the_logarithm() -> None:
    price = {**BUSY, "space__price": 600, "membership__elasticity": -1.5}
    linear, logarithmic = (run(membership__money=form, **price) for form in ("linear", "logarithmic"))
    assert any(w.member for w in linear.workers)
    poor, rich = sorted(logarithmic.workers, key=lambda w: w.income)[:: len(logarithmic.workers) - 1]
    assert poor.burden(60.0) / poor.burden(6.0) > rich.burden(60.0) / rich.burden(6.0) > 10.0


@pytest.mark.slow
def test_a_mechanism_that_is_off_touches_nothing(subtests: pytest.Subtests) -> None:
    cases: list[tuple[str, Callable[[Any], bool]]] = [
        ("income", lambda w: w.earned_pence == 0 and w.work == 1),
        ("membership", lambda w: not w.member),
        ("attendance", lambda w: w.days_present == w.days_total == w.inside_hours == 0),
        ("encounters", lambda w: w.encounters == w.contacts == w.outside_met == 0),
        ("social_learning", lambda w: not any(any(w.gains[c]) for c in ("space_social", "firm"))),
        ("turnover", lambda w: w.generation == 0),
        ("frontier", lambda w: w.frontier == [1.0] * 8),
        ("adoption", lambda w: w.tools),
        ("awareness", lambda w: w.aware == w.reachable),
        ("schemes", lambda w: w.scheme_state == [0]),
        ("management", lambda w: not any(m.cash for m in w.area.managers)),
        ("resource_pool", lambda w: w.inside_hours == 0 and not any(w.gains["space_resource"])),
        ("resource_learning", lambda w: not any(any(w.gains[c]) for c in ("own", "employer"))),
        ("decay", lambda w: not any(w.gains["decay"])),
    ]
    slowly = {"awareness__unprompted": 0.05, "awareness__at_opening": 0.5}
    options: dict[str, Any] = {
        **BUSY,
        **slowly,
        "policies": (policy(),),
        "turnover__exit": 0.3,
        "schemes__hassle": 20,
    }
    on = run(**options).workers
    for off, untouched in cases:
        with subtests.test(off):
            assert all(untouched(w) for w in run(off=(off,), **options).workers)
            assert not all(untouched(w) for w in on)


@pytest.mark.slow
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
    assert [law(theta)(0.5, 1.0) for theta in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([0.5] * 4)
    assert [law(theta)(1.0, 1.0) for theta in (0.25, 1.0)] == [0.0, 0.0]


def test_mean_proximity_tends_to_1_on_a_small_floor_and_matches_a_plain_sum() -> None:
    assert proximity_mean(1e-9, 8.0) == pytest.approx(1.0, abs=1e-3)
    side, ell, n = 18.0, 8.0, 12
    places = [side * (i + 0.5) / n for i in range(n)]
    gaps = [sqrt((a - c) ** 2 + (b - d) ** 2) for a in places for b in places for c in places for d in places]
    pairs = [exp(-gap / ell) for gap in gaps]
    assert proximity_mean(side, ell) == pytest.approx(sum(pairs) / len(pairs), rel=0.01)


@pytest.mark.slow
def test_gains_count_from_the_opening() -> None:
    before, after = run(weeks=4, off=("turnover",)), run(weeks=9, off=("turnover",))
    assert [w.skills_at_opening for w in after.workers] == [tuple(w.skills) for w in before.workers]
    assert all(w.skills_at_opening != tuple(w.skills) for w in after.workers)


def test_what_others_teach_is_cut_at_the_frontier_in_proportion() -> None:
    worker = model_of().workers[0]
    worker.skills[0] = 0.75
    take_lessons(worker, {"space_social": [0.3, *[0.0] * 7], "firm": [0.2, *[0.0] * 7]})
    assert worker.skills[0] == 1.0
    assert worker.gains["space_social"][0] == worker.space_gain_week == pytest.approx(0.15)
    assert worker.gains["firm"][0] == pytest.approx(0.1)


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
