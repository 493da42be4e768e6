"""What is said at the top of a report: effects in words, prices of an effect, checks and warnings, by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from coworksim.appraisal.estimates import Estimate
from coworksim.report.charts import appraisal_charts
from coworksim.report.charts.appraisal_charts import MOST_ARMS, _source, best_shares
from coworksim.report.html import grounds, headline, illustrations, parts, tables
from coworksim.report.html.studies_beside import own_patterns
from coworksim.report.sentences import appraisal_text
from coworksim.report.sentences.estimates_in_words import says
from coworksim.report.sentences.limitations import caveats, left_out, not_ranked
from coworksim.report.sentences.policies_and_terms import CHANNELS
from coworksim.report.sentences.value_for_money import price_response, spent_before_its_end, verdicts
from tests.report.html.made import Numbers, made, plain

type Triple = tuple[float | None, float | None, float | None]


def numbers(**told: Triple) -> Numbers:
    return lambda arm, name: told.get(name) or plain(arm, name)


@pytest.mark.parametrize(
    ("found", "values", "told"),
    [
        ((3.0, 1.0, 5.0), (), "more x: 3 people (1 to 5)"),
        ((-3.0, -5.0, -1.0), (), "less x: 3 people (1 to 5)"),
        ((3.0, 0.0, 6.0), (), "no clear change in x: 3 people (0 to 6)"),
        ((-3.0, -6.0, 0.0), (), "no clear change in x: −3 people (−6 to 0)"),
        ((0.0, 0.0, 0.0), (), "no change in x"),
        ((3.0, math.nan, math.nan), (), "a change in x of unknown certainty: 3 people (one world, no interval)"),
        ((3.0, 1.0, 5.0), (1.0, 0.0, 0.0), "a change in x in 1 of 3 worlds only: 3 people (1 to 5)"),
        ((3.0, 1.0, 5.0), (1.0, 0.0), "more x: 3 people (1 to 5)"),  # half of the worlds are not few
        ((3.0, 1.0, 5.0), (0.0, 0.0), "more x: 3 people (1 to 5)"),
        ((3.0, 1.0, 5.0), (-1.0, 0.0, 0.0), "a change in x in 1 of 3 worlds only: 3 people (1 to 5)"),
    ],
)
def test_an_effect_in_words(found: tuple[float, float, float], values: tuple[float, ...], told: str) -> None:
    n = 1 if math.isnan(found[1]) else 5
    assert says(*appraisal_text.effect(Estimate(*found, "people", n), "x", values)).plain() == told


@pytest.mark.parametrize(
    ("cost", "gained", "told"),
    [
        ((9.0, 8.0, 12.0), (3.0, 1.0, 5.0), "9 GBP (8 to 12)"),
        ((None, None, None), (-3.0, -5.0, -1.0), "not given (there is less of it)"),
        ((None, None, None), (3.0, -1.0, 7.0), "not given (the interval of the effect includes zero)"),
        ((None, None, None), (-3.0, -6.0, 0.0), "not given (the interval of the effect includes zero)"),
        ((None, None, None), (0.0, 0.0, 0.0), "not given (nothing changes)"),
        ((None, None, None), (2.0, 2.0, 2.0), "not given (the interval of the effect includes zero)"),
        ((9.0, None, None), (3.0, None, None), "not given (one world has no interval)"),
        ((None, None, None), (None, None, None), "not given (one world has no interval)"),
    ],
)
def test_what_one_more_costs_or_why_that_is_not_said(cost: Triple, gained: Triple, told: str) -> None:
    term = "additional_member_months"
    source = made(numbers=numbers(**{f"public_cost_per_{term}": cost, term: gained}))
    assert says(*appraisal_text.per_effect(source, "half", term)).plain() == told


def test_effects_are_divided_by_semicolons_and_end_with_the_cost() -> None:
    source = made(numbers=numbers(public_cost_gbp=(1234.0, 1000.0, 1400.0)))
    text = appraisal_text.brings(source, "half").plain()
    assert text.startswith("In this model, half brings ")
    assert "brings ;" not in text
    assert text.count("; ") == len(appraisal_text.EFFECTS)
    assert text.endswith("; at a net public cost of 1,230 GBP (1,000 to 1,400).")
    without = appraisal_text.brings(made(numbers=numbers(public_cost_gbp=(None, None, None))), "half").plain()
    assert "net public cost" not in without


def failed(told: Numbers, **about: Any) -> list[str]:
    replicates = about.pop("replicates", 5)
    return [
        words.plain()
        for holds, words in headline.checks(made(numbers=told, about=about, replicates=replicates))
        if not holds
    ]


def balanced(whole: float, *parts: float, treasury: float = -4.0, space: float = 4.0) -> Callable[[str, str], Triple]:
    names = ("deadweight_gbp", "support_other_plan_gbp", "support_new_gbp", "support_unmatched_gbp")
    told = dict(zip(names, parts, strict=True)) | {
        "support_gbp": whole,
        "balance | treasury": treasury,
        "balance | space": space,
    }
    return lambda arm, name: (told[name],) * 3 if name in told else plain(arm, name)


def test_checks_hold_to_a_millionth() -> None:
    assert failed(balanced(10.0, 1.0, 2.0, 3.0, 4.0)) == []
    assert failed(balanced(1e6 + 0.9, 1e6, 0.0, 0.0, 0.0)) == []
    split = "the parts of the support add up to all of it in half"
    assert failed(balanced(1e6 + 1.1, 1e6, 0.0, 0.0, 0.0)) == [split]
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, 1.1e-6)) == [split]
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, 0.9e-6)) == []
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, -1.1e-6)) == [split]
    money = "the money of all accounts adds up to nothing in half"
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, 0.0, treasury=-1e6, space=1e6 + 0.9)) == []
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, 0.0, treasury=-1e6, space=1e6 + 1.2)) == [money]
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, 0.0, treasury=0.0, space=-1.1e-6)) == [money]
    good = balanced(0.0, 0.0, 0.0, 0.0, 0.0)
    assert failed(good, replicates=1) == ["there are enough worlds for an interval"]
    assert failed(good, replicates=2) == []
    assert failed(good, failed=["x"]) == ["no world failed"]


def drawn(counted: int, asked: int, **more: Any) -> list[str]:
    about = {"ranking": [{"arm": "half"}], "drawing": {"counted": counted, "asked": asked}, **more}
    return [one.plain() for one in caveats(made(about=about))]


def test_few_draws_and_lost_ones_are_told() -> None:
    assert not any("rests on" in line for line in drawn(64, 64))
    (few,) = (line for line in drawn(63, 63) if "rests on" in line)
    assert few.startswith("What is said of draws rests on 63: a beginning is 64. The intervals at the top")
    (lost,) = (line for line in drawn(98, 100) if "rests on" in line)
    assert lost.startswith("What is said of draws rests on 98 (2 more failed and are left out): a beginning is 64.")
    assert len(drawn(98, 100)) == 3


def test_what_is_owed_declared_or_controlled_comes_before_what_always_holds() -> None:
    owed = numbers(unpaid_commitments_gbp=(500.0, 400.0, 600.0))
    none = numbers(unpaid_commitments_gbp=(500.0, -1.0, 900.0))
    told = "Promised and not paid at the horizon, so that no cost holds it: half: 500 GBP (400 to 600)."
    assert told in [one.plain() for one in caveats(made(numbers=owed))]
    assert not any("Promised" in one.plain() for one in caveats(made(numbers=none)))
    assert any("one space gets much." in line for line in drawn(64, 64, flags=["one space gets much"]))


def test_what_is_missing_and_left_out() -> None:
    (line,) = not_ranked(made(), "this")
    assert "--draws 64" in line.plain()
    assert not_ranked(made(about={"ranking": [{"arm": "half"}]}), "this") == []
    assert [one.plain() for one in left_out(made())][1:] == ["Not in money: well-being."]


def test_costs_that_are_far_apart_and_money_that_is_spent_early() -> None:
    def two(dear: float) -> list[str]:
        def told(arm: str, name: str) -> Triple:
            if name == "public_cost_gbp":
                return (100.0 if arm == "one" else dear,) * 3
            return (0.0, 0.0, 0.0) if name == "budget_gbp" else plain(arm, name)

        return [line.plain() for line in verdicts(made(("one", "two"), told))]

    assert len(two(125.0)) == 2
    assert two(126.0)[2].startswith("They cost different sums")
    early = {"last_paid_week": (5.0, 4.0, 6.0), "underspend_gbp": (1.0, 0.0, 4.9), "budget_gbp": (100.0, 100.0, 100.0)}
    assert spent_before_its_end(made(numbers=numbers(**early)), "half")[0].plain() == (
        "The money of half is spent after 5 weeks (4 to 6) of the 26 for which it was meant."
    )
    for name, late in (("last_paid_week", (5.0, 4.0, 19.5)), ("underspend_gbp", (1.0, 0.0, 5.0))):
        assert spent_before_its_end(made(numbers=numbers(**{**early, name: late})), "half") == []


def test_units_are_told_of_the_arm_that_changes_most_and_only_where_there_is_one() -> None:
    def two(arm: str, name: str) -> Triple:
        told = {
            "one td_total_sd_years": 2.0,
            "two td_total_sd_years": -4.0,
            "one td_total_point_years": 10.0,
            "two td_total_point_years": -60.0,
        }
        found = told.get(f"{arm} {name}")
        return (None, None, None) if found is None and name.endswith("_years") else (found or 1.0,) * 3

    lines = [line.plain() for line in headline.units(made(("one", "two"), two))]
    assert lines[1].endswith("in these worlds: of TD skill about 15 point-years.")
    none = made(numbers=numbers(td_total_sd_years=(None, None, None), sc_total_sd_years=(None, None, None)))
    assert len(headline.units(none)) == 1
    nothing = made(numbers=numbers(td_total_sd_years=(0.0, 0.0, 0.0), sc_total_sd_years=(0.0, 0.0, 0.0)))
    assert len(headline.units(nothing)) == 1


def test_channels_are_told_of_both_families() -> None:
    table = tables.channel_table(made(), "half")
    assert table is not None
    heads = [row[0].plain() for row in table.rows if len(row) == 1]
    assert heads == ["Technical-digital skill", "Social-cognitive skill"]
    assert len(table.rows) == 2 + 2 * len(CHANNELS)


@pytest.mark.usefixtures("undrawn")
def test_six_arms_are_drawn_at_most_and_skills_are_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(appraisal_charts, "plane", lambda points, *more: drawn.append(points))
    source = made(tuple(f"arm {k}" for k in range(8)))
    illustrations.illustrations(source)
    assert list(drawn[0]) == [f"arm {k}" for k in range(6)]
    cost, gained = drawn[0]["arm 1"]
    td, sc = (source.by_replicate("arm 1", f"{family}_total_sd_years") for family in ("td", "sc"))
    assert gained == pytest.approx([one + other for one, other in zip(td, sc, strict=True)])
    assert list(cost) == list(source.by_replicate("arm 1", "public_cost_gbp"))
    assert parts(source, own_patterns())["arms_drawn"] == 6
    assert parts(made(("one", "two")), own_patterns())["arms_drawn"] == 2


def test_checks_hold_at_a_millionth_itself() -> None:
    assert failed(balanced(1e6 + 1.0, 1e6, 0.0, 0.0, 0.0)) == []
    assert failed(balanced(0.0, 0.0, 0.0, 0.0, 0.0, treasury=-1e6, space=1e6 + 1.0)) == []


@pytest.mark.parametrize(
    ("low", "budget", "told"), [(500.1, 1000.0, True), (500.0, 1000.0, False), (600.0, 1000.0, True), (1.0, 0.0, False)]
)
def test_most_of_a_budget_is_left_when_more_than_half_is(low: float, budget: float, told: bool) -> None:
    left, whole = (low + 50.0, low, low + 100.0), (budget, budget, budget)
    found = headline._unspent(made(numbers=numbers(underspend_gbp=left, budget_gbp=whole)), "half")
    assert bool(found) is told
    if told:
        assert found[0].plain().startswith("Most of the budget of 1,000 GBP is not spent: ")
        assert found[0].plain().endswith(f"is not spent: {low + 50.0:.0f} GBP ({low:.0f} to {low + 100.0:.0f}).")


def test_a_response_to_price_is_told_where_there_is_one() -> None:
    known = made(numbers=numbers(price_elasticity=(-0.8, -0.9, -0.7)))
    assert price_response(known, "half")[0].plain().startswith("Price elasticity of membership, in this model and")
    none = dict.fromkeys(("price_elasticity", "elasticity_first_year"), (None, None, None))
    assert price_response(made(numbers=numbers(**none)), "half") == []


def test_the_response_to_price_that_is_put_in_is_told_by_year_and_income() -> None:
    names = ("first_year", "third_year", "lowest_fifth", "highest_fifth")
    put_in = {f"elasticity_{name}": (x, x, x) for name, x in zip(names, (-0.25, -0.75, -1.25, -0.5), strict=True)}
    (_, told) = price_response(made(numbers=numbers(price_elasticity=(-0.8, -0.9, -0.7), **put_in)), "half")
    text = told.plain().replace("\N{MINUS SIGN}", "-")
    assert "-0.25 in the first year and of -0.75 in the third" in text
    assert "-1.25 for the fifth of people with the least income, -0.5 for that with the most" in text


def test_files_are_taken_along_while_there_is_room() -> None:
    source = made()
    sizes = [len(one.uri or "") + grounds._LINE for one in grounds.downloads(source, 10**9)]
    assert all(one.uri for one in grounds.downloads(source, sum(sizes)))
    assert [one.uri is None for one in grounds.downloads(source, sum(sizes) - 1)] == [False] * (len(sizes) - 1) + [True]
    assert [one.uri is None for one in grounds.downloads(source, sizes[0])] == [False] + [True] * (len(sizes) - 1)
    assert not any(one.uri for one in grounds.downloads(source, 0))


def test_acceptability_is_of_one_criterion_by_what_an_sd_year_is_worth() -> None:
    rows = [
        {"arm": arm, "criterion": criterion, "sd_year_value_gbp": worth, "probability_best": share}
        for arm, criterion, worth, share in (
            ("half", "td", 0.0, 0.25),
            ("half", "td", 500.0, 0.5),
            ("half", "sc", 0.0, 0.9),
            ("all", "td", 0.0, 0.75),
            ("half", "td", None, 0.1),
        )
    ]
    found = best_shares(made(about={"ranking": rows}), "td")
    assert found == {"half": ([0.0, 500.0], [0.25, 0.5]), "all": ([0.0], [0.75])}


@pytest.mark.parametrize("more", [-1, 0, 1, 3])
def test_arms_for_which_a_chart_has_no_room_are_counted(more: int) -> None:
    told = _source(made(tuple(f"arm {k}" for k in range(MOST_ARMS + more)), tables=False))
    assert ("more arms" in told) is (more > 0)
    assert f"; {more} more arms are in the tables; " in told or more <= 0


def test_what_was_made_in_python_names_no_command_that_would_take_a_built_in_scenario_of_that_name() -> None:
    source = replace(made(), origin={})
    assert source.scenario.name == "tiny"
    assert grounds.command(source) == f"coworksim.compare(scenario, arms, replicates={source.replicates}, seed=7)"
    assert grounds.command(made()) == "coworksim compare tiny"
