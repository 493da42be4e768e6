"""The people of week 0, and the places that newcomers take."""

from __future__ import annotations

import dataclasses
import math
from statistics import NormalDist

import numpy as np
import pytest

from coworksim.files.load import load_scenario
from coworksim.model.parameters.skills import CREATIVE, OCCUPATIONS
from coworksim.model.state import rng
from coworksim.model.state.build import new_world
from coworksim.model.state.careers import career_of, frontier_rule, skill_after, td_spread
from coworksim.model.state.consideration import distance
from coworksim.model.state.people import EMPLOYEE, FREELANCER, NOMAD, OWNER, REMOTE, Population
from coworksim.model.state.synthesis import Newcomers, Settlement, status_shares, training_of
from coworksim.model.state.world import World
from tests.worlds import alone


def world(name: str, **overrides: object) -> World:
    return new_world(alone(**overrides) if name == "alone" else load_scenario(name, overrides=overrides), 3)


def test_a_person_depends_on_his_or_her_own_key_only() -> None:
    """More neighbours change nobody who was there."""
    few = world("alone", **{"environment.catchment": 100.0}).workers
    many = world("alone", **{"environment.catchment": 300.0}).workers
    assert len(few) < len(many)
    for column in dataclasses.fields(Population):
        np.testing.assert_array_equal(getattr(few, column.name), getattr(many, column.name)[: len(few)], column.name)


def test_keys_are_unique_and_sorted() -> None:
    keys = world("tiny").workers.key.tolist()
    assert keys == sorted(set(keys))


def test_shares_and_spreads_come_out() -> None:
    """20,000 people, fixed seed: each share within four standard errors of what was declared."""
    here = world("alone", **{"environment.catchment": 20_000.0})
    w = here.workers
    n = len(w)
    for share, declared in [
        *((float((w.status == s).mean()), float(d)) for s, d in enumerate(status_shares(here.scenario))),
        ((w.occupation == 0).mean(), 0.15),
        ((w.days == 5).mean(), 0.42),
        ((w.days >= 3).mean() - (w.days == 5).mean(), 0.30),
        (w.tools.mean(), 0.10),
    ]:
        assert share == pytest.approx(declared, abs=4 * (declared * (1 - declared) / n) ** 0.5)
    employed = w.status >= EMPLOYEE
    assert w.sociability.mean() == pytest.approx(1.0, abs=0.02)
    assert np.median(w.learning_hours) == pytest.approx(3.0, rel=0.03)
    assert w.offers.mean() == pytest.approx(1.0, abs=4 * (1 / 0.3 / n) ** 0.5)
    assert w.offers.var() == pytest.approx(1 / 0.3, rel=0.12)
    assert (w.sponsor[~employed] == 0).all()
    assert (w.sponsor[employed] > 0).mean() == pytest.approx(0.25, abs=0.02)
    assert (w.look == 0).all()
    assert (w.last_member < -5200).all()
    assert 30.0 <= w.career_end.min() < w.career_end.max() <= 50.0
    assert (w.career_start < w.career_end).all()
    assert w.home.min() >= 0.0
    assert w.home.max() <= here.regions.side[0]
    assert (w.member_of == -1).all()
    assert (w.aware == 0).all()


def test_one_person_by_hand() -> None:
    """Everything but the draws is worked out here, for the first person of the second region."""
    here = world("tiny")
    w, i = here.workers, int(here.regions.first_row[1])
    assert int(w.key[i]) == 1 << 22

    def u(k: int) -> float:
        with np.errstate(over="ignore"):
            word = rng._word(here.run, np.uint64(1 << 22), rng.POPULATION, 0, k)
        return rng.uniform(np.uint64(word))

    occupation = int(np.searchsorted(np.cumsum([0.15, 0.15, 0.08, 0.12]), u(1), side="right"))
    assert w.occupation[i] == occupation
    length = 40 * (0.75 + 0.5 * u(18))
    assert w.career_end[i] == pytest.approx(length, rel=1e-12)
    assert w.career_start[i] == pytest.approx(u(2) * length, rel=1e-12)
    growth = 0.06 if CREATIVE[occupation] else 0.03
    frontier = [1.0] * 4 + [(1 + growth / 52) ** -here.opening] * 4
    income, career = float(w.income[i]), career_of(here.scenario)
    training = training_of(here.scenario)
    cost = 12 + 0.5 * income / 40 if w.status[i] < EMPLOYEE else 0.0
    takes = 1 / (1 + math.exp((cost - training.value) / 5))
    near = here.regions.work_training[1] if w.status[i] >= EMPLOYEE else here.regions.public_provision[1]
    courses = training.rate / 52 * w.offers[i] * near * takes * 7 * math.exp(0.9**2 / 2)
    hours = w.learning_hours[i] * here.regions.outside_access[1] + 2 * courses
    for k in range(8):
        start = min(max(0.30 + 0.12 * NormalDist().inv_cdf(u(10 + k)), 0.02), 0.98)
        spread = td_spread()[occupation, k - 4] if k > 3 else 1.0
        density = float(here.regions.firm_density[1] * here.regions.reach[1])
        x = skill_after(start, u(2) * length, k, occupation, hours, spread, density, career)
        assert w.skill[i, k] == pytest.approx(x * frontier[k], rel=1e-9)
    side = 20 / math.sqrt(here.regions.reach[1])
    assert w.home[i].tolist() == pytest.approx([side * u(20), side * u(21)])


def test_the_nearest_eight_open_spaces_are_considered_in_order_of_rows() -> None:
    scenario = load_scenario("tiny")
    left = scenario.regions[0].model_copy(update={"spaces": 11})
    here = new_world(scenario.model_copy(update={"regions": (left, *scenario.regions[1:])}), 3)
    w, spaces = here.workers, here.spaces
    assert (spaces.region == 0).sum() == 17  # six more could open
    for i in range(30):
        far = [math.dist(w.home[i], spaces.home[s]) for s in range(11)]
        nearest = sorted(sorted(range(11), key=far.__getitem__)[:8])
        assert w.candidate[i].tolist() == nearest
        assert [distance(i, s, w, spaces) for s in nearest] == pytest.approx([far[s] for s in nearest])
    assert w.candidate[30].tolist() == [17, -1, -1, -1, -1, -1, -1, -1]


def test_more_people_than_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="has 65,537 people, and 65,536 is the most"):
        world("alone", **{"environment.catchment": 65_537.0, "environment.differences": "none"})


def test_what_is_switched_off_is_the_same_for_all() -> None:
    scenario = load_scenario("tiny")
    off = {**scenario.mechanisms, "awareness": False, "adoption": False, "frontier": False}
    here = new_world(scenario.model_copy(update={"mechanisms": off}), 3)
    assert here.workers.tools.all()
    assert (here.workers.aware == 0b1).all()
    assert (here.frontier == 1.0).all()
    assert (frontier_rule(here.scenario)(520) == 1.0).all()


def test_a_newcomer_brings_nothing_of_who_was_there() -> None:
    here = world("tiny")
    w = here.workers
    before = {c.name: getattr(w, c.name).copy() for c in dataclasses.fields(Population)}
    for c in dataclasses.fields(Population):
        if c.name not in ("region", "key"):
            getattr(w, c.name)[5] = 1
    here.week = 7
    row = np.array([5])
    Settlement(here).settle(here, Newcomers(row, np.array([1]), np.array([False]), np.array([0.0, 0.0]), first=False))
    assert int(w.key[5]) == 5 << 6 | 1
    assert (int(w.entered[5]), float(w.career_start[5]), bool(w.tools[5])) == (7, 0.0, False)
    assert w.status[5] != NOMAD
    np.testing.assert_array_equal(w.skill_at_opening[5], w.skill[5])
    for name in ("member_of", "plan", "tenure", "gain", "encounters", "fees", "earned", "aware", "waiting"):
        np.testing.assert_array_equal(getattr(w, name)[5], before[name][5], name)
    others = np.arange(len(w)) != 5
    for name, old in before.items():
        np.testing.assert_array_equal(getattr(w, name)[others], old[others], name)


def test_a_newcomer_in_a_nomads_place_is_a_nomad_and_no_other() -> None:
    here = world("alone", **{"population.nomad_share": 0.5, "population.freelancer_share": 0.1})
    n = len(here.workers)
    after_nomad = np.arange(n) % 2 == 0
    new = Newcomers(np.arange(n), np.ones(n, np.int64), after_nomad, np.zeros(len(here.regions.names)), first=False)
    Settlement(here).settle(here, new)
    status = here.workers.status
    assert (status[after_nomad] == NOMAD).all()
    assert set(status[~after_nomad].tolist()) == {FREELANCER, OWNER, EMPLOYEE, REMOTE}
    assert (status[~after_nomad] == FREELANCER).mean() == pytest.approx(0.2, abs=0.06)
    starting = here.workers.skill[~after_nomad, :4]
    assert (here.workers.career_start[after_nomad] > 0).all()  # nomads come amid their careers
    assert starting.mean() == pytest.approx(0.30, abs=0.01)  # a newcomer's, not the 0.6 of week 0


def test_starting_income_by_hand() -> None:
    here = world("tiny")
    w, places = here.workers, here.regions
    for i in range(len(w)):
        r, status = int(w.region[i]), int(w.status[i])
        if status >= EMPLOYEE:
            base = 560.0
        else:
            base = 0.5 * 440 * math.exp(0.18) * (1.0 if status == NOMAD else places.demand[r])
            base *= 1.6 if status == OWNER else 1.0
        assert w.income[i] == pytest.approx(base * places.income_level[r] * w.earning_power[i], rel=1e-12)


def test_frontier_by_hand() -> None:
    scenario = load_scenario("tiny", overrides={"frontier.ai_week": 10})
    assert len(OCCUPATIONS) == len(CREATIVE)
    early, jump, late = (frontier_rule(scenario)(week) for week in (9, 10, 52))
    assert jump[0, 7] / early[0, 7] == pytest.approx(1.5 * (1 + 0.06 / 52), rel=1e-12)
    assert early[0].tolist() == pytest.approx([1.0] * 4 + [(1 + 0.06 / 52) ** 9] * 4, rel=1e-12)
    creative, other = (1 + 0.06 / 52) ** 52, (1 + 0.03 / 52) ** 52
    assert late[0, 4:].tolist() == pytest.approx([creative] * 3 + [creative * 1.5], rel=1e-12)
    assert late[4, 4:].tolist() == pytest.approx([other] * 3 + [other * 1.5], rel=1e-12)
