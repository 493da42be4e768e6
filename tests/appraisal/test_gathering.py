"""Replicates put together: in their order, with nothing where a replicate has no such number."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from coworksim.appraisal import comparison
from coworksim.appraisal.comparison import _check, _check_draws, _gathered
from coworksim.files.errors import InputError, RunnerError
from coworksim.runs.batch import Outcomes
from coworksim.runs.run import Outcome
from coworksim.statistics.intervals import runs_needed, t_quantile
from tests.appraisal.made import TINY, pooled
from tests.appraisal.worlds import scheme


def outcome(number: int, values: dict[str, float]) -> Outcome:
    table = pd.DataFrame({"arm": [0, 0], "week": [0, 1], "td": [1.0 * number, 2.0 * number]})
    series: Any = SimpleNamespace(to_pandas=lambda: table)
    return Outcome(str(number), "done", values, series)


def test_numbers_stand_by_arm_and_replicate() -> None:
    kept = Outcomes(
        {
            2: outcome(2, {"0\tx": 3.0, "1\tx": 30.0, "without\tx": 300.0, "0\tpaid\t2023-24\tspace:a": 7.0}),
            0: outcome(0, {"0\tx": 1.0, "1\tx": 10.0, "without\tx": 100.0, "0\tbalance\tspace": 5.0, "0\tlate": 8.0}),
            1: Outcome("1", "failed", error="it broke"),
        }
    )
    found = _gathered(TINY, {"half": [scheme()], "10": [scheme(name="10")]}, 4, kept, {"x": 0.5})
    assert found.values["half"]["x"] == [1.0, 3.0]
    assert found.values["10"]["x"] == [10.0, 30.0]
    assert found.without["x"] == [100.0, 300.0]
    assert found.values["half"]["paid\t2023-24\tspace:a"] == [0.0, 7.0]  # what is not in the books is nothing
    assert found.values["half"]["balance\tspace"] == [5.0, 0.0]
    assert found.values["half"]["late"][0] == 8.0
    assert math.isnan(found.values["half"]["late"][1])  # what is not known is not nothing
    assert "late" not in found.values["10"]
    assert found.series["replicate"].tolist() == [0, 0, 2, 2]
    assert found.series["td"].tolist() == [0.0, 0.0, 2.0, 4.0]
    assert found.series.index.tolist() == [0, 1, 2, 3]
    assert (found.replicates, found.failed, found.seed) == (2, ["replicate 1: it broke"], 4)
    assert found.tolerance == {"x": 0.5}


def test_where_none_succeeds_the_first_says_why() -> None:
    kept = Outcomes({0: Outcome("0", "failed", error="it broke"), 1: Outcome("1", "failed", error="so did this")})
    with pytest.raises(RunnerError, match="no replicate succeeded; the first says: replicate 0: it broke"):
        _gathered(TINY, {"half": [scheme()]}, 4, kept, {})


ARM = {"half": (scheme(),)}


@pytest.mark.parametrize(
    ("arms", "tolerance", "replicates", "said"),
    [
        ({}, {}, 4, "no policies to compare"),
        ({"without": (scheme(),)}, {}, 4, "an arm called 'without'"),
        (ARM, {"recipient": 1.0}, 4, "nothing is called 'recipient'; write recipients"),
        (ARM, {"recipients": 0.0}, 4, "recipients is 0.0; write a half-width above 0 people"),
        (ARM, {"recipients": math.inf}, 4, "recipients is inf"),
        (ARM, {}, 0, "replicates is 0; write a number from 1 to"),
        (ARM, {}, 10**6, "replicates is 1000000; write a number from 1 to"),
    ],
)
def test_what_nobody_could_run_is_refused(arms: Any, tolerance: dict[str, float], replicates: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _check(arms, tolerance, replicates)
    _check(ARM, {"recipients": 1e-9}, 1)


@pytest.mark.parametrize(
    ("arms", "draws", "each", "budget", "said"),
    [
        (ARM, 5, 1, None, "draws is 5; write a number from 6 to 4096"),
        (ARM, 4097, 1, None, "draws is 4097"),
        (ARM, 6, 0, None, "there are 0; write a number from 1 to"),
        ({"do nothing": (scheme(),)}, 6, 1, None, "an arm called 'do nothing' has policies"),
        (ARM, 0, 1, 0.0, "the budget is 0.0; write an amount above 0"),
        (ARM, 0, 1, math.nan, "the budget is nan"),
        (ARM, 0, 1, 1e18, "the budget is 1e"),
    ],
)
def test_draws_and_budgets_that_cannot_be_are_refused(
    arms: Any, draws: int, each: int, budget: float | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        _check_draws(arms, draws, each, budget)
    for good in ((ARM, 6, 1, None), (ARM, 4096, 1, 0.01), (ARM, 0, 1, 1e6), ({**ARM, "do nothing": ()}, 6, 1, None)):
        _check_draws(*good)
    _check_draws({"do nothing": (scheme(),), "idle": ()}, 6, 1, None)


def grown(monkeypatch: pytest.MonkeyPatch, needed: int, **asked: Any) -> list[int]:
    """Return the numbers of replicates up to which a comparison runs where so many are needed."""
    ran: list[int] = []

    def run(*given: Any, **more: Any) -> Outcomes:
        number, before = given[3], given[4]
        assert len(before.by_number) == (ran[-1] if ran else 0), "what was run is kept"
        ran.append(number)
        return Outcomes(dict.fromkeys(range(number), Outcome("x", "done")))

    monkeypatch.setattr(comparison, "_run", run)
    monkeypatch.setattr(comparison, "_gathered", lambda *given: pooled())
    monkeypatch.setattr(comparison, "_needed", lambda found: needed)
    comparison.compare(TINY, ARM, **asked)
    return ran


def test_replicates_double_at_most_until_there_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    half = {"tolerance": {"recipients": 1.0}}
    assert grown(monkeypatch, 0) == [20]
    assert grown(monkeypatch, 0, **half) == [8]
    assert grown(monkeypatch, 8, **half) == [8]
    assert grown(monkeypatch, 9, **half) == [8, 9]
    assert grown(monkeypatch, 50, **half) == [8, 16, 32, 50]
    assert grown(monkeypatch, 10_000, replicates=1500, **half) == [1500, 2000]
    assert grown(monkeypatch, 50, replicates=30, **half) == [30, 50]


def test_the_widest_interval_says_how_many_replicates_are_needed() -> None:
    found = replace(pooled(), tolerance={"public_cost_gbp": 100.0})
    sd = 129.1  # of 1,000, 1,200, 900 and 1,100
    needed = comparison._needed(found)
    assert needed == runs_needed(129.0994448735806, 100.0) == 9
    assert t_quantile(8) * sd / 3.0 <= 100.0 < t_quantile(7) * sd / math.sqrt(8.0)
    assert comparison._needed(replace(found, tolerance={"public_cost_gbp": 206.0})) == 0
    assert comparison._needed(replace(found, tolerance={"public_cost_gbp": 205.0})) == 5
    assert comparison._needed(replace(found, tolerance={"budget_gbp": 1e-9})) == 0
