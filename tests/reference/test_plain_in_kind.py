"""Awards of the plain twin that are no help with fees: what they are worth to whom, and when they are used."""

from __future__ import annotations

from math import exp, log
from typing import Any

import pytest

from coworksim.model.policy import Eligibility, Policy

from .in_kind import InKind
from .model import PlainModel
from .plain_draws import KeyedSource
from .schemes import APPLIED, AWARDED, IN_USE, NONE
from .trials import BUSY, everyone, model_of, policy

TAUGHT: dict[str, Any] = {"kind": "training_voucher", "hours": 3.0, "hour_price": 1000}
LENT: dict[str, Any] = {"kind": "equipment_loan", "access": 0.8, "loan_price": 13000}


def award(name: str = "help", eligible: dict[str, Any] | None = None, **fields: Any) -> Policy:
    """An award in kind for everybody, unless told otherwise."""
    common: dict[str, Any] = {"months": 3, "end": 100, "budget": 10**9, "lag": 2}
    return Policy(name=name, eligible=Eligibility(**(eligible or {})), **{**common, **fields})


class Worth(KeyedSource):
    """A keyed source that says what an hour is worth."""

    def __init__(self, u: float) -> None:
        super().__init__(0)
        self.u = u

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        return self.u if stream == "training" and index >= 2**31 else super().uniform(stream, key, week, index)


def world(u: float = 0.5, **fields: Any) -> tuple[PlainModel, InKind]:
    """A world with one award in kind."""
    model = model_of(policies=(award(**fields),))
    model.source = Worth(u)
    scheme = model.schemes.awards[0]
    assert isinstance(scheme, InKind)
    for worker in model.workers:
        worker.learning_hours, worker.inside_hours, worker.training_hours = 4.0, 0.5, 1.5
        worker.schemes_known.add(0)
    return model, scheme


def test_what_a_week_costs() -> None:
    assert [world(**kind)[1].flat for kind in (TAUGHT, LENT)] == [3000, 3000]


def test_hours_are_worth_what_time_is_left_for() -> None:
    model, taught = world(**TAUGHT)
    worker = model.workers[0]
    assert taught.hours_worth(worker) == pytest.approx(2.0)
    worker.training_hours = 0.0
    assert taught.hours_worth(worker) == pytest.approx(3.0)
    model, lent = world(**LENT)
    worker = model.workers[0]
    access = worker.area.environment.outside_access
    assert lent.hours_worth(worker) == pytest.approx((0.8 - access) * 2.0 / 2.0)
    worker.inside_hours = 9.0
    assert lent.hours_worth(worker) == 0


@pytest.mark.parametrize("u", [1e-6, 0.02, 0.1, 0.5, 0.9])
def test_worth_by_the_wish_of_the_look(u: float) -> None:
    model, taught = world(u, **TAUGHT)
    worker, rules = model.workers[0], model.rules
    v = rules.hour_value + 5 * log(u / (1 - u))
    gain = max(0.0, 2 * v) - max(0.0, 2 * v - 30)
    assert gain == pytest.approx(min(30, max(0, 2 * v)))
    risk = 1 / (1 + exp(rules.hour_value / 5)) / rules.review_weeks
    use = sum((1 - risk) ** t for t in range(13))
    keeps = (1 - 1 / rules.intent_weeks) ** 2  # from the look on 1 + 2 weeks pass, 2 of them after this one
    worth, promised = taught.weigh(worker, [], 10)
    assert worth == pytest.approx(keeps * gain * use)
    assert promised == 3000 * 13


@pytest.mark.parametrize("kind", [TAUGHT, LENT])
def test_planned_ahead_it_is_worth_the_mean_over_wishes(kind: dict[str, Any]) -> None:
    model, scheme = world(award="lottery", window=4, **kind)
    worker, rules = model.workers[0], model.rules
    hours = scheme.hours_worth(worker)
    grid = [(n + 0.5) / 20000 for n in range(20000)]
    worths = [hours * (rules.hour_value + 5 * log(u / (1 - u))) for u in grid]
    mean = sum(max(0.0, x) - max(0.0, x - 30) for x in worths) / len(grid)
    assert scheme.weigh(worker, [], 1)[0] == pytest.approx(13 * mean, rel=2e-5)
    worker.inside_hours = 9.0
    assert scheme.weigh(worker, [], 1)[0] == 0


@pytest.mark.parametrize("award", ["first-come", "lottery"])
def test_waiting_outside_costs_what_one_goes_without(award: str) -> None:
    window: dict[str, Any] = {"award": award, "window": 4} if award == "lottery" else {}
    found = []
    for who in ({}, {"non_members": True}):
        model, taught = world(eligible=who, **TAUGHT, **window)
        worker = model.workers[0]
        plans = [(model.managers[0], 1, 2.0)]
        found.append(taught.weigh(worker, plans, 4)[0])
        pound, mu = worker.pound(), model.rules.dissimilarity
        usual = log(1 + exp(2.0 / mu) ** mu)
        if award == "first-come":
            usual = max(worker.wish(None), 2.0 + worker.wish(*plans[0][:2])) - worker.wish(None)
        weeks = 4 + 2 if window else 1 + 2
        if who:
            assert found[0] - found[1] == pytest.approx(weeks * usual / pound)
            object.__setattr__(worker.rules, "price_weight", 0.0)
            assert taught.weigh(worker, plans, 4)[0] == 0


def test_people_apply_at_looks_and_withdraw_there() -> None:
    model, taught = world(0.9, **TAUGHT)
    worker = model.workers[0]
    worker.reluctance = [0.0]
    taught.consider(worker, [], 4)
    assert (worker.scheme_state, worker.scheme_cost) == ([APPLIED], [39000])
    model.source = Worth(1e-6)
    worker.reluctance = [1.0]
    taught.consider(worker, [], 6)
    assert worker.scheme_state == [NONE]


def test_an_award_on_its_way_hastens_looks_and_its_beginning_is_none() -> None:
    for one, decides in ((award(**TAUGHT), False), (policy(), True)):
        model = model_of(policies=(one,))
        object.__setattr__(model.rules, "review_weeks", 1e12)
        object.__setattr__(model.rules, "intent_weeks", 1.0)
        worker = model.workers[0]
        assert not worker.decides(5)
        worker.scheme_state[0] = APPLIED
        assert worker.decides(5)
        worker.scheme_state[0], worker.award_week[0] = AWARDED, 5
        assert worker.decides(6)
        assert worker.look == 6
        assert worker.decides(7) is decides
        assert not worker.decides(8)


def test_it_is_used_and_paid_in_weeks_in_which_an_hour_is_worth_something() -> None:
    model, taught = world(**TAUGHT)
    model.week = 10
    b = model.rules.hour_value / 5
    for u, paid in ((1 / (1 + exp(b)) + 1e-6, 3000), (1 / (1 + exp(b)) - 1e-6, 0)):
        model.source = Worth(u)
        worker = model.workers[0]
        worker.scheme_state, worker.award_week, worker.scheme_used, worker.taught = [AWARDED], [8], [0], [0.0] * 4
        taught.bring(model)
        assert worker.scheme_used == [paid]
        assert worker.scheme_state == [IN_USE if paid else AWARDED]
        assert sum(worker.taught) == pytest.approx(12.0 if paid else 0.0)
    assert taught.spent == 3000
    assert [(p.payee, p.purpose, p.pence) for p in model.ledger] == [("trainers", "policy:help", 3000)]


@pytest.mark.slow
def test_some_apply_and_few_waste_it() -> None:
    options = {**BUSY, "schemes__hassle": 5}
    model, _ = everyone(60, people=150, policies=(award(**TAUGHT), award("loan", **LENT)), **options)
    for scheme in model.schemes.awards:
        assert scheme.awarded > 10
        assert 0 < scheme.spent <= scheme.committed
