"""Encounters of the plain twin: each kind among those who can have it, who has time, and which ties are left."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from math import exp
from typing import TYPE_CHECKING, Any

import pytest

from .encounters import CHAT, EVENT, FIRM, OUTSIDE, PROJECT, Encounters
from .model import PlainModel
from .plain_draws import poisson_inverse
from .tables import meet_at_tables
from .trials import BUSY, Draws, run

if TYPE_CHECKING:
    from .agents import Worker
    from .space import Manager

SOCIABLE: dict[str, Any] = {
    **BUSY,
    "encounters__rate": 6,
    "encounters__project_share": 0.5,
    "encounters__visitors": 60,
    "space__desks": 24,
}


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_each_kind_of_encounter_joins_people_who_can_have_it(draws: Draws) -> None:
    model = run(draws, weeks=8, **SOCIABLE)
    kinds, visitors, contacts = set(), 0, set()
    for _ in range(16):
        before = {frozenset(edge) for edge in model.graph.edges}
        model.step()
        names = [(e.pair, e.kind) for e in model.week_encounters]
        assert names == sorted(set(names))
        for e in model.week_encounters:
            low, high = e.low, e.high
            kinds.add(e.kind)
            visitors += e.kind == EVENT and not (low.member and high.member)
            assert low.key < high.key
            assert e.pair == low.key << 32 | high.key
            assert low.area is high.area
            assert e.meetings >= 1
            assert (e.strength > 0) is (frozenset((low.key, high.key)) in before)
            assert len(e.venues) == (e.meetings if e.kind < OUTSIDE else 0)
            if e.kind in (CHAT, PROJECT):
                assert low.day_mask & high.day_mask
            if e.kind == PROJECT:
                assert low.independent
                assert high.independent
                assert e.strength >= 2
            if e.kind == EVENT:
                assert all(w.member or w.creative or w.group for w in (low, high))
            if e.kind == OUTSIDE:
                contacts.add((low.independent, high.independent))
            if e.kind == FIRM and low.lead is not high.lead:
                assert (low.independent, high.independent) == (False, False)
                assert low.place // 16 == high.place // 16
    assert kinds == {CHAT, PROJECT, EVENT, OUTSIDE, FIRM}
    assert visitors > 10
    assert len(contacts) == 4


def test_meetings_and_their_time_are_counted_on_both_sides_and_in_the_space() -> None:
    model = run(weeks=12, off=("turnover",), **SOCIABLE)
    before = {w.key: (w.encounters, w.outside_met, w.contacts) for w in model.workers}
    model.step()
    for worker in model.workers:
        mine = [e for e in model.week_encounters if worker in (e.low, e.high)]
        inside = sum(e.meetings for e in mine if e.kind < OUTSIDE)
        outside = sum(e.meetings for e in mine if e.kind == OUTSIDE)
        firm = sum(e.meetings for e in mine if e.kind == FIRM)
        encounters, outside_met, contacts = before[worker.key]
        assert worker.encounters == encounters + inside
        assert worker.outside_met == outside_met + outside + firm
        assert worker.contacts == pytest.approx(contacts * 25 / 26 + outside)
        assert worker.encounter_hours == pytest.approx(inside * 0.25)
    for manager in model.managers:
        assert manager.encounters_week == sum(e.venues.count(manager) for e in model.week_encounters)
    assert sum(m.encounters_week for m in model.managers) > 20


def test_ties_grow_by_all_meetings_of_the_week_and_outside_contacts_seldom_last() -> None:
    model = run(weeks=12, off=("turnover",), **SOCIABLE)
    old = {frozenset(edge) for edge in model.graph.edges}
    before = {w.key: w.partners_new for w in model.workers}
    strength = {frozenset(e): model.tie_strength(*e) for e in model.graph.edges}
    model.begin_week()
    for phase in model.phases[: model.phases.index(model.encounters) + 1]:
        phase()
    pairs: dict[frozenset[int], list[Any]] = {}
    for e in model.week_encounters:
        pairs.setdefault(frozenset((e.low.key, e.high.key)), []).append(e)
    lost = kept = 0
    for pair, records in pairs.items():
        tie = model.graph.edges.get(tuple(pair))
        if all(e.kind == OUTSIDE for e in records) and pair not in old:
            lost, kept = lost + (tie is None), kept + (tie is not None)
        if tie is not None:
            assert tie["w"] == pytest.approx(strength.get(pair, 0.0) + sum(e.meetings for e in records))
            assert tie["last"] == model.week
        else:
            assert {e.kind for e in records} == {OUTSIDE}
    assert lost > 5 * kept > 0
    fresh = [pair for pair, records in pairs.items() if pair not in old and any(e.is_inside for e in records)]
    assert sum(w.partners_new - before[w.key] for w in model.workers) == 2 * len(fresh) > 0


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (1.0, 1)])
def test_whether_outside_contacts_become_ties_is_a_share(share: float, expected: float) -> None:
    model = run(weeks=3, graph__degree=0, encounters__outside_tie=share, encounters__colleagues=0)
    pairs = {e.pair for e in model.week_encounters}
    assert pairs
    assert {model.graph.has_edge(e.low.key, e.high.key) for e in model.week_encounters} == {bool(expected)}


def chat_rate(model: PlainModel, a: Any, b: Any) -> float:
    """The rate of a pair on one day, written out once more without shortcuts."""
    v, space = model.inputs.values, a.space
    n = {name.partition(".")[2]: float(x) for name, x in v.items() if name.startswith("encounters.")}
    gap = ((a.seat[0] - b.seat[0]) ** 2 + (a.seat[1] - b.seat[1]) ** 2) ** 0.5 * space.side
    f = model.tie_strength(a.key, b.key)
    shared = len(model.known.get(a.key, set()) & model.known.get(b.key, set()))
    return float(
        space.tables
        * n["rate"]
        * exp(-gap / n["distance"])
        / space.usual_proximity
        * (1 + n["habit"] * min(f, 3))
        / (1 + n["habit"] * n["usual_tie"])
        * (1 + n["closure"] * min(shared, 3))
        / (1 + n["closure"] * n["usual_shared"])
        / (space.nbar + n["half_crowd"])
        / (1 + 2 * (space.tables - 1) * (1 - exp(-n["visits"] / space.tables)))
    )


def seat(model: PlainModel, space: Manager, worker: Worker, day: int) -> int:
    """At which table somebody sits on a day, if present."""
    draws, key = model.source, worker.key
    if worker.lead is not worker and draws.uniform("table", key, model.week, 8 + day) < model.rules.team_table:
        key = worker.lead.key
    return draws.below("table", key, model.week, day, space.tables)


def goes_to(model: PlainModel, space: Manager, worker: Worker, day: int) -> set[int]:
    """Other tables that somebody visits on a day."""
    draws, key = model.source, worker.key
    u = draws.uniform("table", key, model.week, 16 + day)
    number = min(8, poisson_inverse(model.rules.visits * worker.sociability, u))
    tables = {draws.below("table", key, model.week, 24 + 8 * day + v, space.tables) for v in range(number)}
    return tables - {seat(model, space, worker, day)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"teams__size": 1, "encounters__visits": 0},
        {"teams__size": 6, "population__sponsored_share": 0.9, "encounters__visits": 2},
    ],
    ids=["tables alone", "teams and visits"],
)
def test_meetings_at_tables_are_those_of_the_written_rule_for_every_pair(options: dict[str, Any]) -> None:
    model = run(weeks=19, **{**SOCIABLE, "membership__appeal": 5.0, **options})
    model.begin_week()
    for phase in model.phases[: model.phases.index(model.encounters)]:
        phase()
    expected: Counter[tuple[int, bool]] = Counter()
    for day, manager in product(range(5), model.managers):
        here = manager.present[day]
        at = {w.key: seat(model, manager, w, day) for w in here}
        mates = {w.key: sum(o.lead is w.lead and at[o.key] == at[w.key] for o in here) - 1 for w in here}
        for low, high in combinations(here, 2):
            team = low.lead is high.lead
            rate = chat_rate(model, low, high)
            rate /= 1 if team else (1 + mates[low.key]) * (1 + mates[high.key])
            ways = {
                day: at[low.key] == at[high.key],
                16 + day: at[high.key] in goes_to(model, manager, low, day),
                24 + day: at[low.key] in goes_to(model, manager, high, day),
            }
            for index in (index for index, together in ways.items() if together):
                pair = low.key << 32 | high.key
                u = model.source.uniform("meeting", pair, model.week, index)
                expected[pair, team] += poisson_inverse(rate, u)
    week = Encounters(model)
    for manager in model.managers:
        meet_at_tables(week, manager)
    found: Counter[tuple[int, bool]] = Counter()
    for e in week.met.values():
        found[e.pair, e.kind == FIRM] += e.meetings
        assert len(e.venues) == (0 if e.kind == FIRM else e.meetings)
    assert found == +expected
    assert any(team for _, team in found) is (model.rules.team_size > 1)
    assert len(found) > 20
    assert any(len(model.known.get(e.low.key, ())) > 2 for e in week.met.values())


def test_joint_projects_have_a_draw_of_each_way_to_meet() -> None:
    model = run(weeks=12, encounters__project_share=0.3, **{**BUSY, "encounters__visits": 4, "encounters__rate": 9})
    week = Encounters(model)
    asked = set()

    def is_project(low: Worker, high: Worker, strength: float, index: int) -> bool:
        assert low.space is not None
        day, way = index % 8, index // 8
        asked.add(way)
        at = [seat(model, low.space, worker, day) for worker in (low, high)]
        assert way != 1 or at[0] == at[1]
        assert way != 4 or at[1] in goes_to(model, low.space, low, day)
        assert way != 5 or at[0] in goes_to(model, low.space, high, day)
        return Encounters.is_project(week, low, high, strength, index)

    week.is_project = is_project  # type: ignore[method-assign]  # to see what is asked
    for manager in model.managers:
        meet_at_tables(week, manager)
    assert asked == {1, 4, 5}
