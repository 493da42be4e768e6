"""Encounters: known answers of the rules, and laws read from the week's records."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim import CoworkingModel, Worker, load_scenario
from coworksim.model.mechanisms.helpers import seating
from coworksim.model.mechanisms.helpers.encounter_records import Invitation
from coworksim.model.parameters.week import EncountersParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import EMPLOYEE, NOMAD
from coworksim.model.state.ties import EVENT, FIRM, INSIDE_KINDS, OUTSIDE, PROJECT, find
from tests.worlds import busy

P = read(load_scenario("tiny"), Parameters)
INVITATION = Invitation(kind=0, times=1, tie=0.0, work=1.0, chance=0.5)


def test_meeting_rate_by_hand() -> None:
    assert seating.familiarity(1.5, 2.0, P) == pytest.approx(1.0)
    assert seating.familiarity(0.0, 0.0, P) == pytest.approx(1 / 2.5 / 2)
    assert seating.familiarity(9.0, 9.0, P) == pytest.approx(4 / 2.5 * 2.5 / 2)
    assert seating.meeting_rate(0.2, 1.5, 1.5, 2.0, P) == pytest.approx(0.2 * 1.5)


@given(st.floats(0, 10), st.integers(0, 10))
def test_nobody_is_more_familiar_than_the_bound(tie: float, shared: int) -> None:
    """The kernel drops pairs by this bound before it looks them up."""
    assert seating.familiarity(tie, float(shared), P) <= seating.familiarity(3.0, 3.0, P)


def running(weeks: int = 14, **overrides: object) -> CoworkingModel:
    events = {"space.events": 3.0, "encounters.visitors": 60.0, "turnover.exit": 0.0}
    model = CoworkingModel(busy(**{**events, **overrides}))
    for _ in range(weeks):
        model.step()
    return model


def test_records_are_sorted_and_each_kind_obeys_its_rule() -> None:
    model, seen = running(14, **{"membership.appeal": 6.0}), set()
    for _ in range(24):
        model.step()
        world, met = model.world, model.world.meetings
        w = world.workers
        rows = list(zip(met.one.tolist(), met.other.tolist(), met.kind.tolist(), strict=True))
        assert rows == sorted(set(rows))
        for (i, j, kind), space, times in zip(rows, met.space.tolist(), met.times.tolist(), strict=True):
            seen.add(kind)
            assert i < j
            assert times >= 1
            assert (space >= 0) == (kind < INSIDE_KINDS)
            assert w.region[i] == w.region[j]
            if kind in (0, PROJECT):
                assert w.day_mask[i] & w.day_mask[j]
                assert w.member_of[i] == w.member_of[j] == space
            if kind == PROJECT:
                assert max(w.status[i], w.status[j]) <= NOMAD
            if kind == EVENT:
                assert all(w.member_of[k] in (space, -1) for k in (i, j))
            if kind == FIRM:
                first, team = world.regions.first_row[w.region[i]], w.lead[i] == w.lead[j]
                together = w.member_of[i] == w.member_of[j] >= 0 and w.day_mask[i] & w.day_mask[j]
                firm = (i - first) // 16 == (j - first) // 16 and min(w.status[i], w.status[j]) >= EMPLOYEE
                assert firm or (team and together)
    assert seen == set(range(5))


def test_ties_grow_out_of_encounters_only() -> None:
    """Those of the first week apart, which the model starts with."""
    model = running(0)
    world = model.world
    ties = world.ties
    known = set(zip(ties.source[: len(ties)].tolist(), ties.target[: len(ties)].tolist(), strict=True))
    assert known
    for _ in range(24):
        model.step()
        met = set(zip(world.meetings.one.tolist(), world.meetings.other.tolist(), strict=True))
        now = set(zip(ties.source[: len(ties)].tolist(), ties.target[: len(ties)].tolist(), strict=True))
        assert now <= known | met
        known = now
    assert all(i < j for i, j in known)


def test_only_a_share_of_outside_contacts_becomes_a_tie() -> None:
    strangers = {"graph.degree": 0, "encounters.colleagues": 0.0}
    never = CoworkingModel(busy(**{**strangers, "encounters.outside_tie": 0.0, "space.events": 0.0}))
    never.run_for(12)  # burn-in: nothing but contacts outside
    assert (never.world.workers.outside_met > 0).any()
    assert len(never.world.ties) == 0
    always = CoworkingModel(busy(**{**strangers, "encounters.outside_tie": 1.0}))
    always.run_for(1)
    assert len(always.world.ties) == len(always.world.meetings.one) > 0
    assert set(always.world.meetings.kind.tolist()) == {OUTSIDE}


def test_both_sides_count_and_keep_what_they_met() -> None:
    """One week's records against the columns that follow from them; people outside always accept."""
    model = running()
    for _ in range(6):
        w, ties, world = model.world.workers, model.world.ties, model.world
        inside, outside, fresh = w.encounters.copy(), w.outside_met.copy(), w.outside_contacts.copy()
        keys = w.key.copy()
        pairs = zip(ties.source[: len(ties)].tolist(), ties.target[: len(ties)].tolist(), strict=True)
        stood = zip(ties.weight[: len(ties)].tolist(), ties.last[: len(ties)].tolist(), strict=True)
        before = dict(zip(pairs, stood, strict=True))
        week = world.week
        model.step()
        met = world.meetings
        new = np.zeros(len(w))
        for i, j, kind, times, tie in zip(met.one, met.other, met.kind, met.times, met.strength, strict=True):
            side = inside if kind < INSIDE_KINDS else outside
            for row in (i, j):
                side[row] += times
                new[row] += times if kind == OUTSIDE else 0
            if w.key[i] != keys[i] or w.key[j] != keys[j]:
                continue
            weight, last = before.get((int(i), int(j)), (0.0, week))
            assert tie == pytest.approx(weight * math.exp((week - last) * world.log_rho), rel=1e-12)
            at = find(ties, int(i), int(j))
            assert at < 0 or ties.last[at] == week
        stay = w.key == keys
        assert stay.sum() > 50
        np.testing.assert_array_equal(w.encounters[stay], inside[stay])
        np.testing.assert_array_equal(w.outside_met[stay], outside[stay])
        np.testing.assert_allclose(w.outside_contacts[stay], (fresh * (1 - 1 / P.freshness) + new)[stay], rtol=1e-12)


def test_the_two_sides_answer_with_words_of_their_own() -> None:
    """Where each side declines half of the time, a quarter of the records is accepted, not a half."""
    told: dict[tuple[int, frozenset[int], int], list[float]] = {}

    class Choosy(Worker):
        def accepts_encounter(self, partner: Worker, invitation: Invitation) -> bool:
            of_both = model.world.week, frozenset({self.key, partner.key}), invitation.kind
            told.setdefault(of_both, []).append(invitation.chance)
            return invitation.chance < 0.5

    model = running(14, **{"membership.appeal": 6.0})
    model.cast(Choosy, lambda _: True, newcomers=True)
    model.run_for(16)
    assert len(told) > 100
    assert all(len(set(chances)) == 2 for chances in told.values())
    assert np.mean([max(chances) < 0.5 for chances in told.values()]) == pytest.approx(0.25, abs=0.1)


def test_nearer_seats_are_nearer() -> None:
    assert seating.proximity(3.0, 4.0, 8.0, 0.5) == pytest.approx(math.exp(-5 / 8) / 0.5)
