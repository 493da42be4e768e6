"""What a case states is judged by hand: signs, slack, means and replicates, and what is told where it fails."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coworksim.appraisal.cases_check import _pence, judge
from coworksim.appraisal.cases_statements import Comparison, Law, Measure
from coworksim.files.errors import Mark
from tests.appraisal.worlds import scheme

HERE = Mark("case.yaml", 1, 1)
PEOPLE, MONEY = Measure("people", "people", "people"), Measure("cost", "GBP", "cost")
EACH = Measure("cost each", "GBP per person", "cost", "people")


def judged(one: Any, *numbers: dict[str, float]) -> tuple[bool, str]:
    case: Any = SimpleNamespace(expect=[one])
    trials: Any = [SimpleNamespace(case=case, numbers=row) for row in numbers]
    (verdict,) = judge(case, trials)
    return verdict.holds, verdict.measured


def compared(sign: str, amount: float | Measure, measure: Measure = PEOPLE, **more: Any) -> Comparison:
    said = {"average": False, "within": None, **more}
    return Comparison("text", HERE, measure=measure, sign=sign, amount=amount, **said)


@pytest.mark.parametrize(
    ("sign", "below", "same", "above"),
    [
        ("=", False, True, False),
        ("!=", True, False, True),
        ("<=", True, True, False),
        (">=", False, True, True),
        ("<", True, False, False),
        (">", False, False, True),
    ],
)
def test_every_sign_on_both_sides_and_between(sign: str, below: bool, same: bool, above: bool) -> None:
    for value, holds in ((4.0, below), (5.0, same), (6.0, above)):
        assert judged(compared(sign, 5.0), {"people": value}) == (holds, f"{value:.0f} people")
    for off, holds in ((4e-9, same), (6e-9, above), (-4e-9, same), (-6e-9, below)):
        assert judged(compared(sign, 5.0), {"people": 5.0 + off})[0] is holds  # slack is relative, 1e-9 of 5
    for off, holds in ((0.004, same), (0.006, above), (-0.006, below)):
        assert judged(compared(sign, 5.0, MONEY), {"cost": 5.0 + off})[0] is holds  # half a penny
    for off, holds in ((0.5, same), (0.51, above), (-0.51, below)):
        assert judged(compared(sign, 5.0, within=0.5), {"people": 5.0 + off})[0] is holds


def test_small_amounts_have_the_slack_of_one() -> None:
    assert judged(compared("=", 0.001), {"people": 0.001 + 9e-10})[0]
    assert not judged(compared("=", 0.001), {"people": 0.001 + 1.1e-9})[0]


def test_a_mean_may_hold_where_a_replicate_does_not() -> None:
    rows = ({"people": 2.0}, {"people": 8.0})
    assert judged(compared("=", 5.0, average=True), *rows) == (True, "5 people on average over 2")
    assert judged(compared("=", 5.0), *rows) == (False, "2 people in replicate 0; it fails in 2 of 2")
    assert judged(compared(">", 5.0), *rows) == (False, "2 people in replicate 0; it fails in 1 of 2")
    assert judged(compared("<", 5.0), *rows) == (False, "8 people in replicate 1; it fails in 1 of 2")
    assert judged(compared(">", 1.0), *rows) == (True, "2 people to 8 people")
    assert judged(compared(">", 1.0), rows[0], rows[0]) == (True, "2 people")
    assert judged(compared(">", 5.0), rows[0]) == (False, "2 people")


def test_a_ratio_is_of_means_and_is_told_beside_what_it_is_held_against() -> None:
    rows = ({"people": 1.0, "cost": 100.0}, {"people": 3.0, "cost": 500.0})
    assert judged(compared("=", 150.0, EACH, average=True), *rows)[0]
    assert judged(compared("<", MONEY, EACH), rows[0]) == (False, "100 GBP per person, against 100.00 GBP")
    assert judged(compared("=", 1234.5, MONEY), {"cost": 1234.5}) == (True, "1,234.50 GBP")


def test_what_is_undefined_meets_no_statement() -> None:
    for sign in ("=", "!=", "<", ">"):
        assert judged(compared(sign, 5.0, EACH), {"people": 0.0, "cost": 9.0}) == (False, "undefined (people is 0)")
        told = "undefined (the horizon comes before, or nothing was paid)"
        assert judged(compared(sign, 5.0), {}) == (False, told)
    assert not judged(compared("!=", PEOPLE, MONEY), {"cost": 1.0, "people": math.nan})[0]


def test_a_budget_is_broken_by_a_penny_promised_or_paid() -> None:
    law = Law("text", HERE, "budgets hold to the penny")
    policies = (scheme(budget=1_000), scheme(name="other", budget=50_000))

    def tried(committed: int, spent: int) -> tuple[bool, str]:
        rows = [np.array([[0, 0], [0, amount], [0, 7]]) for amount in (committed, spent)]
        record = SimpleNamespace(committed=rows[0], spent=rows[1])
        case = SimpleNamespace(expect=[law], scenario=SimpleNamespace(policies=policies))
        trial: Any = SimpleNamespace(case=case, there=SimpleNamespace(record=record))
        asked: Any = case
        (verdict,) = judge(asked, [trial])
        return verdict.holds, verdict.measured

    assert tried(50_000, 50_000) == (True, "")
    told = "other has 500.00 GBP and promises or pays 500.01 GBP in replicate 0"
    assert tried(50_001, 3) == tried(3, 50_001) == (False, told)


def outside(weeks: int | None, *, start: int = 2, differs: int) -> tuple[bool, str]:
    """Judge that nothing differs outside the target; the second of two regions differs in one week of six."""
    law = Law("text", HERE, "no effect outside the target region", weeks)
    regions = [SimpleNamespace(name=name, flag="other") for name in ("aim", "else")]
    policy = scheme(start=start).model_copy(
        update={"eligible": scheme().eligible.model_copy(update={"regions": ("aim",)})}
    )
    scenario = SimpleNamespace(weeks=6, policies=(policy,), regions=regions)
    lives = [[("a", "b") for _ in range(6)], [("x", "b") for _ in range(6)]]
    lives[1][differs] = ("x", "y")
    case: Any = SimpleNamespace(expect=[law], scenario=scenario)
    trial: Any = SimpleNamespace(
        case=case, here=SimpleNamespace(regions=lives[0]), there=SimpleNamespace(regions=lives[1])
    )
    (verdict,) = judge(case, [trial])
    return verdict.holds, verdict.measured


def test_what_differs_outside_the_target_is_told_with_its_week() -> None:
    assert outside(None, differs=5) == (False, "else differs from week 5 on in replicate 0")
    assert outside(3, differs=4) == (False, "else differs from week 4 on in replicate 0")
    assert outside(3, differs=5) == (True, "")  # three weeks from the start in week 2
    assert outside(9, differs=5) == (False, "else differs from week 5 on in replicate 0")


@pytest.mark.parametrize(
    ("balances", "holds"),
    [({"a": -5, "b": 5}, True), ({"a": -5, "b": 4}, False), ({"a": -4, "b": 4}, False), ({}, False)],
)
def test_balances_are_the_sums_of_postings_in_either_world(balances: dict[str, int], holds: bool) -> None:
    def life(told: dict[str, int]) -> Any:
        postings = [SimpleNamespace(payer="a", payee="b", pence=3), SimpleNamespace(payer="a", payee="b", pence=2)]
        scenario = SimpleNamespace(policies=(), mechanisms={"management": False})
        schemes = SimpleNamespace(spent=np.zeros(0, np.int64))
        world = SimpleNamespace(ledger=SimpleNamespace(postings=postings, balances=told), scenario=scenario)
        world.schemes = schemes
        record = SimpleNamespace(postings=[], support=np.zeros(2, np.int64))
        return SimpleNamespace(model=SimpleNamespace(world=world), record=record)

    law, right = Law("text", HERE, name="pence paid = pence received"), {"a": -5, "b": 5}
    for there, here in ((balances, right), (right, balances)):
        said = _pence(law, SimpleNamespace(there=life(there), here=life(here)))  # type: ignore[arg-type]  # all it reads
        assert said == ("" if holds else "the balances are not the sums of the postings")
