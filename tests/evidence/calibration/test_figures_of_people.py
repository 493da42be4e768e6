"""Figures of people: a year of four people."""

from __future__ import annotations

import pytest

from coworksim.evidence.calibration.figures import attendance, independents, poor_freelancers, training_gap
from coworksim.model.state.people import DAY, EMPLOYEE, FREELANCER, HOT, Population
from coworksim.runs.simulation import Earlier


def people() -> tuple[Population, Earlier]:
    """Two creative freelancers and two employees, a year in which a counter or two has moved."""
    w = Population.empty(4)
    w.key[:] = [64, 128, 192, 256]
    w.status[:] = [FREELANCER, FREELANCER, EMPLOYEE, EMPLOYEE]
    before = Earlier.of(w)
    w.earned[:] = [2_400_000, 2_600_000, 0, 0]
    w.member_of[:] = [0, 0, 0, -1]
    w.plan[:] = [HOT, HOT, DAY, -1]
    w.member_weeks[:] = [4, 4, 4, 0]
    w.days_total[:] = [19, 18, 4, 0]
    w.training_hours_total[:] = [7.0, 6.0, 0.0, 0.0]
    w.lessons_total[:] = [0.0, 0.0, 9.0, 2.0]
    return w, before


def test_people_of_a_hand_made_year() -> None:
    w, before = people()
    assert attendance(w, before, 4).value == pytest.approx(1 / 3)
    assert independents(w).value == pytest.approx(2 / 3)
    assert poor_freelancers(w, before, 52).value == 0.5
    assert training_gap(w, before, 52).value == 0.5
    w.lessons_total[:] = 0.0
    missing = training_gap(w, before, 52)
    assert missing.value is None
    assert missing.note


def test_a_newcomer_counts_from_nothing_and_is_no_member_of_last_year() -> None:
    w, before = people()
    w.key[0] += 1
    w.earned[0] = 5
    assert before.since(w, "earned")[0] == 5
    assert poor_freelancers(w, before, 52).value == 0.0


def test_whoever_changes_sides_in_the_year_is_of_neither_group() -> None:
    w, before = people()
    assert training_gap(w, before, 52).basis == "2 + 2 people"
    w.status[3] = FREELANCER  # an employee goes independent
    assert training_gap(w, before, 52).basis == "2 + 1 people"
    w.status[0] = EMPLOYEE
    assert training_gap(w, before, 52).basis == "1 + 1 people"


def test_the_interval_of_a_ratio_holds_it() -> None:
    found = training_gap(*people(), 52)
    assert found.interval is not None
    assert found.value is not None
    assert found.interval[0] < found.value < found.interval[1]
