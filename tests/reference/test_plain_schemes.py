"""Schemes of the plain twin: budgets, eligibility, timing, and who pays which part of a fee."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .schemes import APPLIED, AWARDED, IN_USE, NONE, OVER, Scheme
from .trials import BUSY, Draws, model_of, policy, run, weekly

EAGER: dict[str, Any] = {**BUSY, "membership__appeal": 4.0, "schemes__hassle": 20, "turnover__exit": 0.3}
POLICIES = (
    policy("tight", budget=200000),
    policy("few", number=7, lag=0),
    policy("draw", award="lottery", window=4, start=3, number=10),
    policy("share", kind="membership_subsidy", share=0.5, amount=None, months=2, redeem=0),
)


@pytest.mark.slow
@pytest.mark.parametrize("draws", ["keyed", "mesa"])
def test_budgets_and_numbers_hold_and_every_award_is_accounted_for(draws: Draws) -> None:
    steps = set()
    states: dict[tuple[int, int], int] = {}
    for model in weekly(50, draws, policies=POLICIES, **EAGER):
        for scheme in model.schemes.awards:
            k = scheme.number
            assert 0 <= scheme.spent <= scheme.committed <= scheme.policy.budget
            assert scheme.policy.number is None or scheme.awarded - scheme.lapsed <= scheme.policy.number
            live = [w for w in model.workers if w.scheme_state[k] in (AWARDED, IN_USE)]
            assert scheme.committed == scheme.spent + sum(w.scheme_cost[k] - w.scheme_used[k] for w in live)
            for worker in model.workers:
                assert worker.scheme_used[k] >= 0
                assert worker.scheme_state[k] in (NONE, APPLIED) or worker.scheme_used[k] <= worker.scheme_cost[k]
                assert (worker.scheme_state[k] == IN_USE) <= (worker.scheme_used[k] > 0)
                state = (states.get((worker.key, k), NONE), worker.scheme_state[k])
                steps.add(state)
                states[worker.key, k] = state[1]
    allowed = {(NONE, APPLIED), (APPLIED, NONE), (APPLIED, AWARDED), (APPLIED, OVER), (AWARDED, NONE)}
    allowed |= {(AWARDED, IN_USE), (IN_USE, OVER), (AWARDED, OVER)}
    quick = {(APPLIED, IN_USE), (AWARDED, APPLIED)}  # several steps in one week
    assert {step for step in steps if step[0] != step[1]} <= allowed | quick
    assert all(scheme.spent for scheme in model.schemes)
    assert model.schemes[0].committed > 0.8 * 200000
    assert model.schemes.awards[1].awarded - model.schemes.awards[1].lapsed == 7


@pytest.mark.slow
def test_nothing_is_held_back_once_all_awards_are_over() -> None:
    model = run(weeks=60, policies=(policy(months=1, end=20),), **EAGER)
    assert all(w.scheme_state[0] in (NONE, APPLIED, OVER) for w in model.workers)
    assert model.schemes[0].committed == model.schemes[0].spent > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("eligible", "suits"),
    [
        ({"career_below": 10.0}, lambda w, week: w.career(week) < 10),
        ({"career_from": 10.0, "career_below": 20.0}, lambda w, week: 10 <= w.career(week) < 20),
        ({"income_below": 300.0}, lambda w, _: w.income < 300),
        ({"occupations": ("designer", "film_maker")}, lambda w, _: w.occupation in (0, 2)),
        ({"statuses": ("freelancer",)}, lambda w, _: w.status == "freelancer"),
        ({"regions": ("left-behind",)}, lambda w, _: w.area.flag == "left-behind"),
        ({"regions": ("Southam",)}, lambda w, _: w.area.name == "Southam"),
        ({"non_members": True}, lambda w, _: not w.member),
    ],
)
def test_only_the_eligible_apply(eligible: dict[str, Any], suits: Any) -> None:
    model = model_of(
        policies=(policy(eligible=eligible, start=3),), **{**EAGER, "schemes__hassle": 0, "membership__review_weeks": 2}
    )
    applied = refused = 0
    for _ in range(30):
        model.begin_week()
        for phase in model.phases:
            before = [w.scheme_state[0] for w in model.workers]
            may = [suits(w, model.week) for w in model.workers]
            known = [0 in w.schemes_known for w in model.workers]
            phase()
            if phase == model.membership:
                for worker, state, right, informed in zip(model.workers, before, may, known, strict=True):
                    changed = state == NONE != worker.scheme_state[0]
                    assert changed <= (right and informed)
                    applied += changed
                    refused += state == NONE == worker.scheme_state[0] and not right
        model.end_week()
    assert applied > 5
    assert refused > 5


def test_limits_of_career_and_income_are_from_and_below() -> None:
    worker = model_of().workers[0]
    scheme = Scheme(0, policy(eligible={"career_from": 10.0, "career_below": 20.0, "income_below": 300.0}))
    worker.income = 299.9
    verdicts = []
    for career in (9.9, 10.0, 19.9, 20.0):
        worker.career_start = career
        verdicts.append(scheme.is_eligible(worker, 0))
    assert verdicts == [False, True, True, False]
    worker.career_start, worker.income = 10.0, 300.0
    assert not scheme.is_eligible(worker, 0)


@pytest.mark.slow
def test_a_lottery_draws_once_and_losers_are_out() -> None:
    scheme_policy = policy(award="lottery", window=4, start=3, number=5)
    for model in weekly(20, policies=(scheme_policy,), **EAGER):
        since = model.week - 1 - model.opening
        states = [w.scheme_state[0] for w in model.workers]
        assert (states.count(APPLIED) > 0) <= (3 <= since < 7)
        assert model.schemes[0].awarded == (5 if since >= 7 else 0)
    assert states.count(OVER) > 5


def test_support_begins_after_the_lag_and_lapses_when_it_is_not_used() -> None:
    quick = policy(lag=3, redeem=2, months=3)
    model = model_of(policies=(quick,), **EAGER)
    scheme, worker = model.schemes.awards[0], model.workers[0]
    worker.scheme_state[0], worker.award_week[0], worker.scheme_cost[0] = AWARDED, 10, 5000
    scheme.committed = 5000
    assert [week for week in range(40) if scheme.is_usable(worker, week)] == list(range(13, 26))
    object.__setattr__(worker.rules, "intent_weeks", 1e9)
    object.__setattr__(worker.rules, "review_weeks", 1e9)
    assert [week for week in range(10, 20) if worker.decides(week)] == [13]
    scheme.close_out(worker, 15)
    assert worker.scheme_state[0] == AWARDED
    scheme.close_out(worker, 16)
    assert (worker.scheme_state[0], scheme.committed, scheme.lapsed) == (NONE, 0, 1)
    worker.scheme_state[0], worker.scheme_used[0], scheme.committed = IN_USE, 3000, 5000
    worker.scheme_last_used[0] = 20
    scheme.close_out(worker, 25)
    assert worker.scheme_state[0] == IN_USE
    scheme.close_out(worker, 26)
    assert (worker.scheme_state[0], scheme.committed) == (OVER, 3000)


@pytest.mark.slow
@given(
    fee=st.integers(0, 20000),
    share=st.floats(0, 1),
    amount=st.integers(0, 100000),
    sponsor=st.floats(0, 1),
    left=st.integers(0, 20000),
)
def test_the_parts_of_a_fee_add_up(fee: int, share: float, amount: int, sponsor: float, left: int) -> None:
    first = policy("first", kind="membership_subsidy", share=share, amount=amount, lag=0)
    model = model_of(people=1, policies=(first, policy("second", lag=0)))
    worker = model.workers[0]
    worker.sponsor = sponsor
    worker.scheme_state, worker.award_week = [IN_USE, AWARDED], [0, 0]
    worker.scheme_cost, worker.scheme_used = [left, 10**6], [0, 0]
    own, sponsored, supports = worker.bill(fee, 1)
    parts = [part for _, part in supports]
    assert own + sponsored + sum(parts) == fee
    assert parts[0] == min(fee, left, int(share * fee + 0.5), (amount * 12 + 26) // 52)
    assert parts[1] == min(fee - parts[0], (8000 * 12 + 26) // 52)
    assert sponsored == pytest.approx((fee - sum(parts)) * sponsor, abs=0.5)
    assert min(own, sponsored, *parts) >= 0


def test_an_award_is_worth_the_support_of_a_hot_desk_in_the_nearest_open_space() -> None:
    model = model_of(spaces=4)
    worker = model.workers[0]
    scheme = Scheme(0, policy(amount=4000, months=3))
    assert scheme.term == 13
    assert scheme.worth(worker) == 923 * 13
    nearest, second = sorted((km, m.ordinal) for m, km in worker.candidates if m.open)[:2]
    worker.area.managers[nearest[1]].set_price(1000)
    assert scheme.worth(worker) == 231 * 13
    worker.area.managers[nearest[1]].open = False
    assert scheme.worth(worker) == 923 * 13
    for manager in worker.area.managers:
        manager.open = False
    assert scheme.worth(worker) == 0
    assert second != nearest


def test_hassle_weighs_more_early_in_a_career() -> None:
    model = model_of(policies=(policy(),))
    worker, scheme = model.workers[0], model.schemes.awards[0]
    worker.reluctance = [1.0]
    worker.skills = [0.5 * best for best in worker.frontier]
    found = []
    for career in (0.0, 80.0):
        worker.career_start = career
        found.append(scheme.hassle(worker, 0))
    assert found[0] == pytest.approx(1.25 * found[1], rel=1e-6)


@pytest.mark.slow
def test_support_brings_people_in_and_is_used() -> None:
    options = {**EAGER, "people": 150, "membership__appeal": 2.0, "turnover__exit": 0}
    plain = run(weeks=30, off=("management",), **options)
    helped = run(weeks=30, off=("management",), policies=(policy(months=12),), **options)
    weeks = [sum(w.member_weeks for w in model.workers) for model in (plain, helped)]
    assert weeks[1] > 1.2 * weeks[0]
    assert any(w.supported_pence and w.fees_pence for w in helped.workers)
