"""Ranking, switching values, equal cost and appraisals in the terminal: draws and numbers written by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.appraisal.appraisal_folder import Change, Equalised
from coworksim.appraisal.monte_carlo import HEADLINES, NOTHING, Sample, Uncertainty, cell_of, sample
from coworksim.appraisal.result import Appraisal
from coworksim.files.load import load_scenario
from coworksim.report.sentences.appraisal_text import appraisal_sentences, appraisal_tables
from coworksim.report.sentences.ranking_text import equalised_sentences, ranking_sentences, ranking_tables
from coworksim.statistics.intervals import t_quantile
from tests.appraisal.made import VALUES
from tests.appraisal.made import appraisal as made
from tests.appraisal.worlds import scheme

#: Six draws of two arms: the first is best in all but the last.
GAIN = {"one": [3.0, 4.0, 5.0, 6.0, 7.0, 0.0], "two": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]}


@cache
def six() -> Sample:
    return sample(load_scenario("tiny"), 6, 1)


def drawn(**changes: Any) -> Uncertainty:
    """Return six draws of one law each; doing nothing gains nothing, each arm costs 1,000 GBP."""
    rows = []
    for at, draw in enumerate(six().draws):
        for arm in (NOTHING, "one", "two"):
            gain = GAIN[arm][at] if arm in GAIN else 0.0
            headlines = dict.fromkeys(HEADLINES, 0.0) | {
                "td_total_sd_years": gain,
                "sc_total_sd_years": 2.0 * gain,
                "social_value_gbp": 100.0 * gain,
                "public_cost_gbp": 1000.0 if arm in GAIN else 0.0,
                "occupancy_without": 0.5 + 0.1 * (at % 2),
                "price_elasticity": math.nan if at < 4 else -0.5 * at,
            }
            rows.append({"draw": draw.number, "cell": cell_of(draw.values), "arm": arm, **headlines})
    table = pd.DataFrame(rows)
    for column in ("cell", "arm"):
        table[column] = pd.Categorical(table[column], categories=list(dict.fromkeys(table[column])))
    said: dict[str, Any] = {"replicates": 1, "failed": [], "worth": 1000.0}
    return Uncertainty(six(), (NOTHING, "one", "two"), (NOTHING,), draws=table, **{**said, **changes})


def compared(**said: Any) -> Appraisal:
    """Return four replicates of the arms that ``values`` names, by default of two."""
    names = list(said.get("values", ("half", "all")))
    return made(arms={name: (scheme(),) for name in names}, **said)


def appraisal(found: Uncertainty | None) -> Appraisal:
    base = compared(values={"one": VALUES, "two": VALUES})
    return base if found is None else found.added_to(base)


def test_the_table_of_a_criterion_begins_with_the_least_regret() -> None:
    title, rows = ranking_tables(appraisal(drawn()))[0]
    assert title == (
        "Net benefit in TD skill, an sd-year held to be worth 1,000 GBP: how often is each arm the best of all?"
    )
    assert rows[0][4:] == ("net benefit, GBP (95 %)", "regret, GBP (95 %)")
    assert [row[0] for row in rows[1:]] == ["one", NOTHING, "two"]  # the last two have the same
    # One is best in the first five draws; in the last, two and doing nothing tie at 0.
    assert [row[1] for row in rows[1:]] == ["83%", "8%", "8%"]
    assert [row[3] for row in rows[1:]] == ["5 of 6 draws", "0 of 6 draws", "0 of 6 draws"]
    assert rows[1][4].startswith("3,170 (")  # (2 + 3 + 4 + 5 + 6 - 1) / 6 thousand
    assert rows[1][5].startswith("167 (")
    assert rows[2][4].startswith("0 (in every draw)")


def test_social_value_is_money_already() -> None:
    title, rows = ranking_tables(appraisal(drawn()))[2]
    assert title == "Social value in the books: how often is each arm the best of all?"
    assert rows[0][4] == "value, GBP (95 %)"
    assert rows[1][4].startswith("417 (")


def test_the_table_of_laws_has_a_line_for_each_law_and_arm() -> None:
    title, rows = ranking_tables(appraisal(drawn()))[3]
    assert title.startswith("By law of learning")
    assert rows[0] == ("law of learning", "arm", "TD sd-years", "SC sd-years", "best, TD", "best, SC", "draws")
    assert len(rows) == 1 + 6 * 3
    one = {row[0]: row for row in rows if row[1] == "one"}
    first = one[str(cell_of(six().draws[0].values))]
    assert (first[2][:3], first[3][:3], first[4], first[6]) == ("3 (", "6 (", "100%", "1")


def test_nothing_is_ranked_without_draws() -> None:
    assert ranking_tables(appraisal(None)) == []
    (said,) = ranking_sentences(appraisal(None))
    assert said.startswith(
        "Parameters were not varied: all intervals here cover chance alone and rank no arm. Whoever runs"
    )


def test_sentences_say_what_draws_rest_on() -> None:
    said = [
        "".join(line.replace("\n  ", " ")) for line in ranking_sentences(appraisal(drawn(failed=["draw 7: it broke"])))
    ]
    factors = len(six().factors)
    assert said[0].startswith(f"6 of 6 draws count, each with {factors} parameters over their declared ranges")
    assert "; 1 world a draw, the world without" in said[0]
    assert "Left out: draw 7: it broke." in said
    beside = next(line for line in said if line.startswith("Without policies"))
    assert beside.startswith("Without policies, over the draws: desks in use (share) 0.55 (0.")
    assert "price elasticity -2.25 (-5.43 to 0.93) in 2 draws." in beside
    assert any(line.startswith("What would make the net benefit nothing") for line in said)
    more = ranking_sentences(appraisal(drawn(replicates=3)))[0].replace("\n  ", " ")
    assert "; 3 worlds a draw" in more


def test_switching_values_are_told_and_those_that_are_missing_counted() -> None:
    said = [line.replace("\n  ", " ") for line in ranking_sentences(appraisal(drawn()))]
    found = drawn().switching
    assert set(found["arm"]) == {"one", "two"}  # what does nothing has nothing to switch
    for criterion, words in (("td", "Net benefit in TD skill"), ("social_value", "Social value in the books")):
        missing = [line for line in said if line.startswith(f"{words} does not turn within the range drawn")]
        for arm in ("one", "two"):
            rows = found[(found["criterion"] == criterion) & (found["arm"] == arm)]
            told = rows[rows["value"].notna()]
            assert sum(line.startswith(f"{arm}, {words}: ") for line in said) == len(told)
            bare = rows[rows["low"].isna()]  # a value without an interval is no value to rely on
            assert f"{arm}, {len(bare)} of {len(rows)} things" in missing[0]
    assert any(line.startswith("one, Net benefit in TD skill: ") for line in said)


def equal(**changes: Any) -> str:
    said: dict[str, Any] = {
        "arm": "one",
        "policies": (scheme(),),
        "changed": (Change("half", "budget", "GBP", 1000.0, 2345.0),),
        "budget": 20_000.0,
        "before": 9_000.0,
        "cost": 19_900.0,
        "verdict": "met",
    }
    found = Equalised(**{**said, **changes})
    dear = {**VALUES, "public_cost_gbp": [19_876.4] * 4}
    base = compared(values={"one": dear, "two": dear})
    (text,) = equalised_sentences(replace(base, equalised={"one": found}))
    return text.replace("\n  ", " ")


def test_an_arm_at_equal_cost_is_told_from_where_to_where() -> None:
    assert equal() == (
        "one costs 19,900 GBP in 4 pilots (9,000 GBP as declared), to be 20,000 GBP within 2 %: met. Scaled: half: "
        "budget from 1,000 to 2,340 GBP. Over the 4 replicates it costs 19,900 GBP (in every world)."
    )
    assert "not met: it cannot spend as much at any size, which is a finding" in equal(verdict="short")
    assert "not met: the nearest of the sizes tried" in equal(verdict="open")
    nothing = equal(policies=(), changed=(), cost=0.0, before=0.0, verdict="nothing")
    assert nothing == (
        "one has no policies (0 GBP as declared), to be 20,000 GBP within 2 %: it costs nothing at any size. Scaled: "
        "nothing."
    )


def test_undefined_numbers_are_told_by_reason() -> None:
    less = {**VALUES, "td_total_sd_years": [-0.5, -0.7, -0.6, -0.4]}
    told_of = replace(
        compared(values={"one": less, "two": less}), flags=["one: it gets much"], failed=["replicate 3: it broke"]
    )
    said = [line.replace("\n  ", " ") for line in appraisal_sentences(told_of)]
    assert said[0].startswith("4 replicates, each arm in the same worlds. 95 % intervals")
    told = [line for line in said if line.startswith("No number for one, two (Cost per sd-year of TD skill): there is")]
    assert len(told) == 1
    assert said[-9:-7] == ["one: it gets much.", "1 worlds failed and are left out: replicate 3: it broke."]
    assert said[-7].startswith("Not in money: skills as such")


def test_costs_per_effect_that_are_shown_are_said_to_be_too_low() -> None:
    said = [line.replace("\n  ", " ") for line in appraisal_sentences(compared())]
    (told,) = [line for line in said if "tends to be too low" in line]
    assert "8 worlds show it in 16 % of cases, at a median of 47 % of the true cost" in told
    unclear = {name: [-1.0, 1.0, 2.0, -2.0] for name in VALUES if name.endswith(("_years", "_months"))}
    none = compared(values={arm: {**VALUES, **unclear} for arm in ("one", "two")})
    assert not [line for line in appraisal_sentences(none) if "too low" in line]


def test_those_figures_come_from_a_simulation() -> None:
    """Effects of 0.4 standard deviations: what is shown is the cost over the mean effect, if t says it is above 0."""
    draw, t = np.random.default_rng(1), {8: t_quantile(7), 20: t_quantile(19)}
    for worlds, share, ratio in ((8, 0.16, 0.47), (20, 0.40, 0.68)):
        effects = draw.normal(0.4, 1.0, (40_000, worlds))
        mean, error = effects.mean(axis=1), effects.std(axis=1, ddof=1) / math.sqrt(worlds)
        shown = mean > t[worlds] * error
        assert shown.mean() == pytest.approx(share, abs=0.01)
        assert np.median(0.4 / mean[shown]) == pytest.approx(ratio, abs=0.015)


def test_a_minus_of_print_is_a_hyphen_in_the_terminal() -> None:
    rows = appraisal_tables(compared())[0][1]
    cells = {row[0]: row[1] for row in rows}
    assert cells["Membership of people without support, member-months"].startswith("-2 (-3.3")
