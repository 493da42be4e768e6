"""Sizes of policies and the search for one: by hand, and in small worlds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coworksim.appraisal.comparison import compare
from coworksim.appraisal.equal_cost import Search, changes, equalised, resized
from coworksim.files.errors import InputError
from coworksim.model.policies import KINDS as DECLARED
from tests.appraisal.worlds import easy, scheme
from tests.worlds import KINDS, OTHERS, with_policies


def test_every_kind_has_a_size_of_which_the_budget_is_a_part() -> None:
    assert [kind for kind, about in DECLARED.items() if "budget" not in about.scales] == []
    named = {kind: {"budget", "number", *about.needs, *about.one_of} for kind, about in DECLARED.items()}
    assert [kind for kind, about in DECLARED.items() if not named[kind].issuperset(about.scales)] == []


def test_a_policy_of_twice_the_size_has_the_same_rules(subtests: pytest.Subtests) -> None:
    for kind, said in (KINDS | OTHERS).items():
        (policy,) = with_policies([said]).policies
        (double,) = resized([policy], 2.0)
        same = {name for name in type(policy).model_fields if getattr(policy, name) == getattr(double, name)}
        with subtests.test(kind):
            assert double.budget == 2 * policy.budget
            assert {"kind", "name", "start", "end", "eligible", "share", "amount", "months", "hour_price"} <= same
            assert resized([policy], 1.0) == (policy,)
            assert {change.key for change in changes([policy], [double])} <= set(DECLARED[policy.kind].scales)


def test_what_there_is_a_lot_of_grows_and_prices_stay() -> None:
    said = (
        "{name: a, kind: awareness_campaign, region_cost: 100, hear_spaces: 0.1, hear_schemes: 0.2, assistance: 1.4, "
        "budget: 900}"
    )
    (policy,) = with_policies([said]).policies
    (double,) = resized([policy], 2.0)
    grown = [(one.key, one.unit, one.before, one.after) for one in changes([policy], [double])]
    assert [(key, before, after) for key, _, before, after in grown] == [
        ("budget", 900.0, 1800.0),
        ("region_cost", 100.0, 200.0),
        ("hear_spaces", 0.1, 0.2),
        ("hear_schemes", 0.2, 0.4),
        ("assistance", 1.4, pytest.approx(1.8)),
    ]
    assert changes([policy], [policy]) == []


def test_factors_grow_by_their_distance_from_1() -> None:
    (policy,) = with_policies(
        ["{name: f, kind: cluster_programme, region_cost: 700, density: 2.5, budget: 2}"]
    ).policies
    (half,) = resized([policy], 0.5)
    assert (half.density, half.region_cost, half.visitors) == (1.75, 35_000, 1.0)


def test_no_size_leaves_the_limits_of_a_key() -> None:
    (policy,) = with_policies([KINDS["community_grant"]]).policies
    assert resized([policy], 1000.0)[0].hours == 60.0


def searched(cost: Callable[[float], float], budget: float = 1000.0) -> Search:
    """Search with a given cost of the number of awards."""
    search = Search((scheme(number=100, budget=10**8),), budget)
    for _ in range(10):
        if search.trial is None:
            break
        search.note(cost(search.trial))
    return search


@pytest.mark.parametrize(
    "cost",
    [
        lambda f: 100.0 * f,
        lambda f: 30_000.0 * f,
        lambda f: 50.0 + 2.0 * f * f,
        lambda f: 3000.0 * f / (1.0 + f),
        lambda f: 900.0 if f < 1.05 else 700.0 + 200.0 * f,
    ],
    ids=["in proportion", "far too much", "faster", "slower", "with a step"],
)
def test_a_cost_that_grows_with_the_size_is_met(cost: Callable[[float], float]) -> None:
    search = searched(cost)
    assert search.verdict == "met"
    assert abs(search.costs[search.best] - 1000.0) <= 20.0


def test_an_arm_that_cannot_spend_the_budget_ends_short() -> None:
    search = searched(lambda f: min(400.0, 300.0 * f))
    assert search.verdict == "short"
    assert search.costs[search.best] == 400.0


def test_whole_numbers_may_allow_nothing_near() -> None:
    (policy,) = with_policies([OTHERS["new spaces"]]).policies
    search = Search((policy.model_copy(update={"budget": 0}),), 150_000.0)
    while search.trial is not None:
        search.note(100_000.0 * resized(search.policies, search.trial)[0].new_spaces)
    assert search.verdict == "coarse"
    assert search.costs[search.best] in (100_000.0, 200_000.0)


def test_what_costs_nothing_is_left_alone() -> None:
    assert searched(lambda f: 0.0).verdict == "nothing"


@pytest.mark.slow  # some ten rounds of pilots
def test_arms_come_to_the_same_cost_and_an_exhausted_one_says_so() -> None:
    arms = {
        "rich": [scheme(name="rich", budget=10_000_000, share=0.5)],
        "poor": [scheme(name="poor", budget=50_000)],
        "nothing": [],
    }
    found = equalised(easy(), arms, 800.0, seed=1, workers=1)
    assert found["nothing"].verdict == "nothing"
    assert found["rich"].verdict in ("met", "coarse")  # in a world this small an award more is a step
    assert found["rich"].cost == pytest.approx(800.0, rel=0.2)
    assert found["poor"].verdict in ("met", "coarse")
    assert found["poor"].cost == pytest.approx(800.0, rel=0.1)
    assert found["poor"].changed[0].before == 500.0
    short = equalised(easy(), {"rich": arms["rich"]}, 1e6, seed=1, workers=1)["rich"]
    assert short.verdict == "short"
    assert short.cost < 1e6


@pytest.mark.slow  # some five rounds of pilots
def test_the_appraisal_is_that_of_the_resized_arms() -> None:
    found = compare(easy(), {"poor": [scheme(budget=50_000)]}, replicates=4, budget=800.0, workers=1)
    assert found.arms["poor"] == found.equalised["poor"].policies
    assert found.number("poor", "public_cost_gbp")["value"] == pytest.approx(found.equalised["poor"].cost)


@pytest.mark.parametrize("budget", [0.0, -5.0, float("nan"), 1e12])
def test_a_budget_that_cannot_be_is_refused(budget: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        compare(easy(), {"half": [scheme()]}, budget=budget, workers=1)
