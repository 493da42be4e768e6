"""Known answers of single rules, computed by hand from the model's formulas."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colearn.mechanisms import attendance, decay, encounters, income, membership, resource_learning, resource_pool
from colearn.mechanisms import social_learning as social
from colearn.scenario import load_scenario
from colearn.world.parameters import read

TINY = load_scenario("tiny")
MEMBERSHIP = read(TINY, "membership", membership.Parameters)
SOCIAL = read(TINY, "social_learning", social.Parameters)._replace(scale_sc=0.5)
OFFER = membership.Offer(price=36.23, disposable=150.0, member=False, ties=0, expected_gain=0.0, crowd=0.0)


def test_income_kappa_decides_who_pays_for_skill() -> None:
    p = read(TINY, "income", income.Parameters)
    alone = income.projects_mean(2.0, 1.0, 1.0, p._replace(own_expansion=1.0))
    shared = income.projects_mean(2.0, 2.0, 1.0, p._replace(own_expansion=0.0))
    assert alone == pytest.approx(2 * p.projects)
    assert shared == pytest.approx(p.projects)
    assert income.appeal(0.5, p) == 1.0


def test_membership_value_by_hand() -> None:
    value = membership.membership_value(
        OFFER._replace(ties=3, expected_gain=0.4, member=True, crowd=0.5), 0.25, MEMBERSHIP
    )
    expected = -3.6 + 1.0 * 0.4 + 0.35 * math.log(4) + 2.6 - 1.5 * 36.23 / 150.0 - 0.5 * 0.5 + 0.25
    assert value == pytest.approx(expected, rel=1e-12)


@given(st.floats(0, 200), st.floats(0, 200), st.floats(1, 2000))
def test_a_higher_price_never_pulls_anyone_in(one: float, other: float, left: float) -> None:
    cheap, dear = min(one, other), max(one, other)
    for form in (0, 1):
        p = MEMBERSHIP._replace(affordability=form)
        a, b = (membership.membership_value(OFFER._replace(price=x, disposable=left), 0.0, p) for x in (cheap, dear))
        assert a >= b


def test_the_ceiling_rules_out_and_ignores_price_below_it() -> None:
    p = MEMBERSHIP._replace(affordability=1)
    assert membership.membership_value(OFFER._replace(price=60.0), 0.0, p) == -math.inf
    values = {membership.membership_value(OFFER._replace(price=x), 0.0, p) for x in (0.0, 20.0, 50.0)}
    assert values == {MEMBERSHIP.constant}


def test_crowding_starts_at_nine_tenths() -> None:
    assert membership.crowding(9.0, 10) == 0.0
    assert membership.crowding(10.0, 10) == pytest.approx(1.0)


def test_twelve_monthly_prices_are_paid_in_a_year() -> None:
    for price in (1, 999, 15_700, 25_000):
        assert abs(52 * membership.weekly_fee(price) - 12 * price) <= 26


def test_attendance_share() -> None:
    assert [attendance.comes(days, 0.5) for days in range(6)] == [False, False, False, True, True, True]


def test_meeting_rate_by_hand() -> None:
    p = read(
        TINY,
        "encounters",
        encounters.Parameters,
    )
    assert encounters.meeting_rate(0.2, 1.5, 0.8, 5.0, p) == pytest.approx(0.2 * 1.5 * 0.8 * (1 + 3.0) / 2.0)
    assert encounters.meeting_rate(0.2, 1.5, 0.8, 1.0, p) == pytest.approx(0.2 * 1.5 * 0.8)


def test_contacts_settle_at_freshness_times_inflow() -> None:
    fresh = 0.0
    for _ in range(2000):
        fresh = encounters.contacts(fresh, 1, 26.0)
    assert fresh == pytest.approx(26.0)


def gain(own: list[float], partner: list[float], **changes: Any) -> list[float]:
    filled = np.zeros(8)
    meeting = social.Meeting(times=1, tie=0.0, pipelines=15.0, work=1.0)._replace(
        **{k: v for k, v in changes.items() if k in social.Meeting._fields}
    )
    p = SOCIAL._replace(**{k: v for k, v in changes.items() if k in social.Parameters._fields})
    social.learn(np.array(own), np.array(partner), np.ones(8), meeting, np.ones(4), p, filled)
    return [float(x) for x in filled]


def test_learning_by_hand() -> None:
    """Equal partners at tie 0, half pipelines, normal work: gamma*phi/2 for SC and nothing for TD."""
    got = gain([0.4] * 8, [0.4] * 8)
    assert got == pytest.approx([0.5 * 0.002 * 0.5] * 4 + [0.0] * 4, rel=1e-12)
    ahead = gain([0.4] * 8, [0.8] * 8, tie=2.0)
    novelty, trust, fit = math.exp(-2.0 / 4.0), 2.5 / 3.5, 1 - 1.76 * 0.25
    assert ahead[0] == pytest.approx(0.5 * novelty * (0.002 * 0.5 + 0.004 * fit * trust * 0.4), rel=1e-12)
    assert ahead[4] == pytest.approx(0.002 * fit * trust * 0.4, rel=1e-12)


SKILLS = st.lists(st.floats(0, 1), min_size=8, max_size=8)


@given(SKILLS, SKILLS, st.floats(0, 50), st.floats(0, 100), st.floats(0, 3))
def test_no_one_is_dragged_down_and_the_peer_term_closes_at_most_the_gap(
    own: list[float], partner: list[float], tie: float, pipelines: float, work: float
) -> None:
    got = gain(own, partner, tie=tie, pipelines=pipelines, work=work)
    assert min(got) >= 0
    peer = gain(own, partner, tie=tie, pipelines=pipelines, work=work, partner_gain=0.0)
    assert all(g <= max(0.0, theirs - mine) + 1e-15 for g, mine, theirs in zip(peer, own, partner, strict=True))


@given(SKILLS, SKILLS)
def test_fit_of_profiles_peaks_in_the_middle(own: list[float], partner: list[float]) -> None:
    assert 0.56 - 1e-9 <= social.usefulness_of_distance(np.array(own), np.array(partner)) <= 1.0
    assert social.usefulness_of_distance(np.array(own), np.array(own)) == pytest.approx(0.56)


def test_hours_are_a_budget() -> None:
    pool = read(TINY, "resource_pool", resource_pool.Parameters)
    assert resource_pool.wanted_hours(3.0, 0.5, 5, pool) == pytest.approx(1.5)
    assert resource_pool.wanted_hours(3.0, 0.5, 0, pool) == 0.0
    p = read(
        TINY, "resource_learning", resource_learning.Parameters,
        theta_sc="social_learning.theta_sc", disposable_floor="membership.disposable_floor",
    )  # fmt: skip
    assert resource_learning.outside_hours(3.0, 3.0, 0.5, 100.0, p) == 0.0
    assert resource_learning.outside_hours(3.0, 1.0, 0.5, 12.0, p) == pytest.approx(2.0 * 0.5 * 0.5)


def test_decay_by_hand() -> None:
    assert decay.lost(0.52, 0.1) == pytest.approx(0.001)
