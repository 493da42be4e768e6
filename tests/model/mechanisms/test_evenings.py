"""Evenings: to how many gatherings a member goes in a week, and to which."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coworksim.model.mechanisms.encounters import Encounters
from coworksim.model.mechanisms.helpers.contacts import Contacts
from coworksim.model.mechanisms.helpers.evenings import at_gatherings, spend_evenings
from coworksim.model.mechanisms.helpers.gatherings import meet
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.build import new_world
from coworksim.model.state.rng import EVENT, EVENT_MEETING, EVENT_TABLE, pair_key, poisson, remembered, uniform
from coworksim.model.state.ties import EVENT as AT_EVENT
from coworksim.model.state.world import World
from tests.worlds import busy, town

LOT = np.zeros(9, np.uint64)


def drawn(world: World, row: int, stream: int, week: int, index: int) -> np.uint64:
    return np.uint64(remembered(world.run, np.uint64(world.workers.key[row]), stream, week, index))


def events_of(world: World, row: int, week: int, first: int, events: int, share: float) -> list[int]:
    """Return the events to which a row goes, from the text of the rule."""
    mean = share * float(world.workers.sociability[row])
    evenings = poisson(mean, uniform(drawn(world, row, EVENT, week, 2**30)))
    words = {e: int(drawn(world, row, EVENT, week, first + e)) for e in range(events)}
    return sorted(sorted(words, key=words.__getitem__)[:evenings])


@pytest.mark.parametrize("share", [0.55, 2.0])
def test_the_lowest_words_are_kept_for_as_many_evenings(share: float) -> None:
    world = new_world(busy(), 1)
    p = read(world.scenario, Parameters)._replace(event_share=share)
    kept = set()
    for week in range(6):
        for row in range(30):
            expected = events_of(world, row, week, 32, 3, share)
            bits = spend_evenings(world.run, week, row, 32, 3, False, LOT, world.workers, p)
            assert [e for e in range(8) if bits >> e & 1] == expected
            kept.add(tuple(expected))
    assert len(kept) == 8


def test_without_evenings_nobody_comes_and_with_many_everybody_goes_everywhere() -> None:
    world = new_world(busy(), 1)
    p, w = read(world.scenario, Parameters), world.workers
    w.sociability[:] = 1.0
    for row in range(40):
        assert spend_evenings(world.run, 0, row, 0, 5, False, LOT, w, p._replace(event_share=0.0)) == 0
    w.sociability[:] = 100.0
    for row in range(40):
        assert spend_evenings(world.run, 0, row, 0, 5, False, LOT, w, p._replace(event_share=2.0)) == 0b11111


@pytest.mark.parametrize(("events", "mean"), [(1, 1 - math.exp(-0.55)), (4, 0.55)])
def test_events_on_offer_share_the_evenings(events: int, mean: float) -> None:
    """Of 4,000 weeks of a person with .55 evenings; a fourth event adds little. Four standard errors."""
    world = new_world(busy(), 1)
    p, w = read(world.scenario, Parameters)._replace(event_share=0.55), world.workers
    w.sociability[:] = 1.0
    gone = np.zeros(8)
    for week in range(100):
        for row in range(40):
            bits = spend_evenings(world.run, week, row, 0, events, False, LOT, w, p)
            gone += [bits >> e & 1 for e in range(8)]
    assert gone.sum() / 4000 == pytest.approx(mean, abs=0.047)
    assert gone[:events] / 4000 == pytest.approx(mean / events, abs=0.03)
    assert not gone[events:].any()


def test_guests_of_a_gathering_by_hand() -> None:
    world = new_world(busy(**{"encounters.rate": 5.0}), 1)
    w, p = world.workers, read(world.scenario, Parameters)
    guests = np.array([3, 5, 8, 13, 21, 2, 34, 30], np.int32)
    found = meet(world.run, 9, 77, guests, 4, w, p, Contacts(np.empty((1, 5), np.int32), 0))
    table = {row: int(drawn(world, row, EVENT_TABLE, 9, 77)) & 1 for row in guests.tolist()}
    expected = []
    for low in sorted(table):
        for high in (row for row in sorted(table) if row > low and table[row] == table[low]):
            u = uniform(np.uint64(remembered(world.run, pair_key(w.key[low], w.key[high]), EVENT_MEETING, 9, 77)))
            times = poisson(p.rate / 3, u)
            expected += [[low, high, AT_EVENT, 4, times]] if times else []
    assert sorted(found.row[: found.used].tolist()) == expected != []


def test_members_come_by_their_evenings_and_visitors_by_a_chance_for_each_event() -> None:
    """Nobody meets at an event but those who have chosen it; at tables with milieu in plenty nobody is missed."""
    world = new_world(town(200, **{"encounters.visitors": 300.0, "encounters.rate": 50.0}), 1)
    p, w, spaces = Encounters(world).parameters, world.workers, world.spaces
    w.sociability[:], w.member_of[:60] = 1.0, 0
    for week in range(8):
        met = at_gatherings(
            world.run, week, w, spaces, world.regions, world.levers, world.ties, p._replace(event_share=0.8),
            Contacts(np.empty((1, 5), np.int32), 0),
        )  # fmt: skip  # a list of arguments
        seen = {*met.row[: met.used, :2].ravel().tolist()}
        held, ordinal = int(spaces.events_held[0]), int(spaces.ordinal[0])
        members = {row for row in range(60) if events_of(world, row, week, 16 * ordinal, held, 0.8)}
        assert {row for row in seen if row < 60} <= members
        assert len(members - seen) <= 2  # who sits alone
        assert not seen or any(row >= 60 for row in seen)
        assert bool(held) == bool(seen)
