"""Evenings of the plain twin: for which gatherings there is time, and how groups begin, meet and end."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Any

import pytest

from . import gatherings
from .agents import Worker
from .books import Decision
from .encounters import EVENT, Encounters
from .gatherings import Group, found_group, gather
from .model import PlainModel
from .plain_draws import KeyedSource
from .space import Manager
from .trials import BUSY, everyone, programme, run

EVENINGS, MEETING, FOUNDING, WANTS = 2**30, 2**30 + 1, 2**30 + 2, 2**30 + 3


class Told(KeyedSource):
    """A keyed source that gives some uniform numbers and words as told, by stream and index."""

    def __init__(self, uniform: dict[tuple[str, int], float], words: dict[int, int] | None = None) -> None:
        super().__init__(0)
        self.told, self.words = uniform, words or {}

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        return self.told.get((stream, index)) or super().uniform(stream, key, week, index)

    def priority(self, stream: str, key: int, week: int, index: int) -> float:
        return self.words.get(index, super().priority(stream, key, week, index))


def poisson_mean_1(count: int) -> float:
    """A uniform number that gives so many of a Poisson number of mean 1."""
    return (0.0001, 0.5, 0.8, 0.95)[count]


@pytest.fixture
def world() -> PlainModel:
    model = run(weeks=10, groups__founding=0, population__sociability_sd=0, encounters__event_share=1.0, **BUSY)
    for manager in model.managers:
        manager.events = 1.0
    return model


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[int, int], list[int]]:
    """Keys of those who come to a gathering, by space and index."""
    found: dict[tuple[int, int], list[int]] = {}

    def mingle(week: Encounters, who: Sequence[Worker], space: Manager, index: int) -> None:
        found[space.key, index] = [worker.key for worker in who]

    monkeypatch.setattr(gatherings, "_mingle", mingle)
    return found


def hold(model: PlainModel, source: KeyedSource) -> Encounters:
    model.source = source
    week = Encounters(model)
    gather(week, model.managers)
    return week


def busiest(model: PlainModel) -> Manager:
    return max(model.managers, key=lambda one: len(one.members))


@pytest.mark.parametrize("evenings", [0, 1, 2, 3])
def test_people_go_to_as_many_gatherings_as_they_have_evenings(world: PlainModel, came: Any, evenings: int) -> None:
    space = busiest(world)
    words = {16 * space.ordinal: 7, 16 * space.ordinal + 1: 5, MEETING: 6}
    told = {("event_count", 0): poisson_mean_1(2), ("event", EVENINGS): poisson_mean_1(evenings), ("event", WANTS): 0.1}
    group = space.groups[2] = Group(space, 2, world.week - 4)
    grouped, other = space.members[:2]
    outsider = next(w for w in space.area.workers if w.space is None and not w.creative)
    grouped.group = outsider.group = group
    hold(world, Told(told, words))
    found = {index: keys for (key, index), keys in came.items() if key == space.key}
    assert [grouped.key in found[index] for index in sorted(words, key=lambda i: words[i])] == [
        place < evenings for place in range(3)
    ]
    assert [other.key in found[16 * space.ordinal + e] for e in (1, 0)] == [evenings > 0, evenings > 1]
    assert (outsider.key in found[MEETING]) is (evenings > 0)
    assert space.events_held == 2


@pytest.mark.parametrize("lies", [False, True])
def test_who_is_no_member_comes_by_chance_of_each_event(world: PlainModel, came: Any, lies: bool) -> None:
    space, area, rules = busiest(world), busiest(world).area, world.rules
    space.cluster, area.help.density, area.help.visitors = lies, 1.5, 2.0
    chance = rules.visitors * area.environment.firm_density * area.environment.reach / rules.milieu
    chance *= (3.0 if lies else 1.0) / (1 + (rules.pull - 1) * rules.clustered * rules.clustered_spaces)
    milieu = [w for w in area.workers if w.space is None and w.creative and space.ordinal in w.reachable]
    near = {w.key for w in milieu if w.cluster and lies}
    far = {w.key for w in milieu} - near
    limits = {rules.pull * chance: near, chance: near | far} if lies else {chance: far}
    for limit, expected in limits.items():
        for u, comes in ((limit - 1e-9, expected), (limit + 1e-9, expected - far if limit == chance else set())):
            told = {("event_count", 0): poisson_mean_1(1), ("event", EVENINGS): 1e-9, ("event", 16 * space.ordinal): u}
            hold(world, Told(told))
            assert set(came[space.key, 16 * space.ordinal]) == comes
    assert far
    assert bool(near) is lies


@pytest.mark.parametrize("ties", range(5))
def test_people_come_to_their_group_the_more_the_more_ties_they_have(world: PlainModel, came: Any, ties: int) -> None:
    space = busiest(world)
    group = space.groups[0] = Group(space, 0, world.week - 2)
    worker, *others = space.area.workers[:6]
    worker.group = group
    for other in others[:ties]:
        other.group = group
    world.neighbours[worker.key] = others
    chance = 1 / (1 + exp(1 - min(3, ties)))
    for u, comes in ((chance - 1e-9, True), (chance + 1e-9, False)):
        hold(world, Told({("event_count", 0): 1e-9, ("event", EVENINGS): 0.99, ("event", WANTS): u}))
        assert (worker.key in came[space.key, MEETING]) is comes


def test_a_group_meets_every_second_week_and_ends_after_four_weak_meetings(world: PlainModel, came: Any) -> None:
    space = busiest(world)
    people = space.area.workers[:8]
    group = space.groups[5] = Group(space, 5, world.week)
    for worker in people:
        worker.group = group
    first, weak = world.week, []
    crowds = {2: 1e-9, 4: 0.99, 6: 1e-9, 8: 0.99, 10: 0.99, 12: 0.99, 14: 0.99}
    for since in range(16):
        came.clear()
        world.week = first + since
        hold(world, Told({("event", EVENINGS): 0.99, ("event", WANTS): crowds.get(since, 0.5)}))
        assert ((space.key, MEETING) in came) is (since in crowds)
        if since in crowds:
            weak.append(group.weak)
    assert weak == [0, 1, 0, 1, 2, 3, 4]
    assert space.groups == [None] * 8
    assert not any(worker.group for worker in people)


def test_three_found_a_group_in_the_lowest_free_slot(world: PlainModel) -> None:
    space, area = busiest(world), busiest(world).area
    here = [w for w in space.members if w.days_present]
    assert len(here) > 6
    space.groups[0] = taken = Group(space, 0, 0)
    here[0].group = taken
    world.source = Told({("event_count", 2): 1e-9, ("event", FOUNDING): 0.14})
    object.__setattr__(world.rules, "founding", 10.0)
    week = Encounters(world)
    found_group(week, space)
    assert space.groups == [taken] + [None] * 7
    world.source = Told({("event_count", 2): 0.9, ("event", FOUNDING): 0.14})
    week = Encounters(world)
    found_group(week, space)
    group = space.groups[1]
    assert group is not None
    assert (group.since, group.weak, group.space) == (world.week, 0, space)
    assert [w for w in area.workers if w.group is group] == here[1:]
    assert here[0].group is taken
    assert {e.kind for e in week.met.values()} == {EVENT}
    assert all(e.low in here[1:] and set(e.venues) == {space} for e in week.met.values())


@pytest.mark.parametrize("invited", [2, 3])
def test_two_found_none_but_meet(world: PlainModel, came: Any, invited: int) -> None:
    space = busiest(world)
    here = [w for w in space.members if w.days_present]
    for worker in here[invited:]:
        worker.group = Group(space, 7, 0)
    object.__setattr__(world.rules, "founding", 10.0)
    world.source = Told({("event_count", 2): 0.9, ("event", FOUNDING): 0.14})
    found_group(Encounters(world), space)
    assert came[space.key, FOUNDING] == [w.key for w in here[:invited]]
    assert any(space.groups) is (invited == 3)


def test_nobody_founds_a_ninth(world: PlainModel, came: Any) -> None:
    space = busiest(world)
    space.groups = eight = [Group(space, slot, 0) for slot in range(8)]  # type: ignore[assignment]  # None may be in it
    object.__setattr__(world.rules, "founding", 10.0)
    world.source = Told({("event_count", 2): 0.9, ("event", FOUNDING): 0.14})
    found_group(Encounters(world), space)
    assert space.groups == eight
    assert not any(worker.group for worker in space.members)
    assert (space.key, FOUNDING) in came


@pytest.mark.slow
def test_community_managers_bring_groups_about_and_spaces_that_close_end_them() -> None:
    hours = programme("hours", "community_grant", hours=40.0, hour_price=100)
    options: dict[str, Any] = {**BUSY, "groups__founding": 0, "space__desks": 30}
    model, _ = everyone(20, policies=(hours,), **options)
    groups = {g for m in model.managers for g in m.groups if g}
    assert groups
    assert {w.group for w in model.workers} - {None} == groups
    for manager in model.managers:
        manager.carry_out(Decision(manager.price_pence_month, manager.events, closes=True), model.week)
        assert not manager.open
        assert manager.groups == [None] * 8
    assert not any(w.group for w in model.workers)
    assert not any(w.group for w in everyone(20, **options)[1].values())
