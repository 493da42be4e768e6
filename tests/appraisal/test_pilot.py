"""A pilot: what is asked and seen, the arithmetic of its tests, and designs that must find what is there or is not."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from coworksim.appraisal.pilot import Pilot, pilot
from coworksim.appraisal.pilot_power import Survey, needed, noise, power_table, survey_error
from coworksim.appraisal.pilot_run import OUTCOMES, weeks_of
from coworksim.cli import commands
from coworksim.files.errors import InputError
from coworksim.files.load import load_scenario
from coworksim.model.policy import Policy
from coworksim.model.state.rng import run_key
from tests.appraisal.worlds import easy, scheme


def made(effect: float, people: int = 400, replicates: int = 6, spread: float = 10.0) -> pd.DataFrame:
    """Return people of whom half gain ``effect`` points of each skill, and nobody is a member."""
    blocks = []
    for replicate in range(replicates):
        luck = noise(run_key(99, replicate), np.arange(people), 1, 0)
        base = 50.0 + spread * luck.td
        treated = np.arange(people) % 2 == 0
        block: dict[str, Any] = {
            "replicate": replicate,
            "month": 6,
            "key": np.arange(people),
            "treated": treated,
            "region": np.arange(people) % 10,
        }
        for outcome in OUTCOMES:
            skill = base if outcome != "member" else np.zeros(people)
            block[outcome] = skill + (effect * treated if outcome != "member" else 0.0)
            block[f"{outcome}_without"] = block[f"{outcome}_start"] = skill
        blocks.append(pd.DataFrame(block))
    return pd.concat(blocks, ignore_index=True)


ALL_ANSWER = Survey(response=1.0, reliability=1.0, at_start=False, by_region=False, draws=5)


def row(table: pd.DataFrame, outcome: str, people: int) -> Any:
    return table[(table["outcome"] == outcome) & (table["people"] == people)].iloc[0]


@pytest.mark.slow
def test_a_large_effect_is_found_and_none_is_found_as_often_as_the_test_says() -> None:
    table = power_table(made(effect=12.0), 1, (40, 200), ALL_ANSWER)
    assert row(table, "td", 200)["power"] == 1.0
    assert row(table, "td", 200)["estimate"] == pytest.approx(12.0, abs=1.5)
    assert row(table, "td", 200)["bias"] == pytest.approx(0.0, abs=1e-9)  # the same lot and answers in both worlds
    assert row(table, "td", 200)["true_effect"] == pytest.approx(12.0)
    assert row(table, "td", 200)["false_positives"] <= 0.2
    assert row(table, "member", 200)["power"] == 0.0  # nobody is a member
    assert row(table, "member", 200)["estimate"] == 0.0


@pytest.mark.slow
def test_false_positives_are_five_in_a_hundred() -> None:
    """400 independent halves of 40 among people without any effect: 5 % and four standard deviations of 1.1 %."""
    table = power_table(made(effect=0.0, people=40, replicates=400), 1, (40,), ALL_ANSWER._replace(draws=1))
    assert row(table, "td", 40)["false_positives"] == pytest.approx(0.05, abs=0.044)
    assert row(table, "td", 40)["power"] == row(table, "td", 40)["false_positives"]


@pytest.mark.slow
def test_power_is_that_of_the_textbook() -> None:
    """An effect of 4 with a spread of 10 among 200 people: 4/sqrt(4*100/200) = 2.83 standard errors, power 80 %."""
    table = power_table(made(effect=4.0, people=200, replicates=400), 1, (200,), ALL_ANSWER._replace(draws=1))
    assert row(table, "td", 200)["power"] == pytest.approx(0.80, abs=0.08)  # four standard deviations
    assert row(table, "td", 200)["estimate_sd"] == pytest.approx(math.sqrt(2.0), rel=0.15)


def test_silence_and_noise_cost_power_and_bias_nothing() -> None:
    worse = ALL_ANSWER._replace(response=0.5, reliability=0.4, draws=20)
    clear = row(power_table(made(effect=4.0), 1, (200,), ALL_ANSWER._replace(draws=20)), "td", 200)
    noisy = row(power_table(made(effect=4.0), 1, (200,), worse), "td", 200)
    assert noisy["power"] < clear["power"] - 0.2
    assert noisy["estimate_sd"] > 1.5 * clear["estimate_sd"]
    assert noisy["estimate"] == pytest.approx(4.0, abs=1.0)


def test_reliability_is_the_share_of_variance_that_is_no_noise() -> None:
    luck = noise(run_key(1, 0), np.arange(20_000), 6, 0)
    told = 3.0 * luck.td + survey_error(9.0, 0.6) * luck.sc
    assert 9.0 / told.var() == pytest.approx(0.6, abs=0.02)
    assert np.mean(luck.answers < 0.3) == pytest.approx(0.3, abs=0.015)
    other = noise(run_key(1, 0), np.arange(20_000), 6, 1)
    assert abs(np.corrcoef(luck.td, other.td)[0, 1]) < 0.03


def test_a_survey_at_the_start_takes_away_what_people_differ_in() -> None:
    before = ALL_ANSWER._replace(at_start=True)
    noisy = power_table(made(effect=2.0), 1, (200,), before._replace(reliability=0.95))
    assert (
        row(noisy, "td", 200)["power"] > row(power_table(made(effect=2.0), 1, (200,), ALL_ANSWER), "td", 200)["power"]
    )


def test_regions_are_the_units_of_a_phased_roll_out() -> None:
    people = made(effect=5.0)
    people["treated"] = people["region"] < 5
    for outcome in ("td", "sc"):
        people[outcome] = people[f"{outcome}_without"] + 5.0 * people["treated"]
    table = power_table(people, 1, (200,), ALL_ANSWER._replace(by_region=True))
    assert row(table, "td", 200)["power"] > 0.5
    assert row(table, "td", 200)["true_effect"] == pytest.approx(5.0)


def test_people_needed_are_read_off_where_tried_and_else_follow_the_root() -> None:
    rows = [
        {
            "outcome": "td",
            "month": 6,
            "people": n,
            "power": p,
            "estimate": 1.0,
            "estimate_sd": 2.0,
            "true_effect": 1.0,
            "true_contrast": 1.0,
            "true_contrast_half_width": 0.1,
        }
        for n, p in ((20, 0.1), (40, 0.85), (80, 0.7), (160, 0.9))
    ]
    found = needed(pd.DataFrame(rows)).iloc[0]
    assert (found["people"], found["how"]) == (160, "simulated")  # at 80 it had not been enough
    found = needed(pd.DataFrame(rows[:3])).iloc[0]
    assert found["how"] == "extrapolated"
    assert found["people"] == np.ceil(80 * 2.8016 * 2.8016 * 4)
    rows[2]["true_contrast_half_width"] = 1.1
    found = needed(pd.DataFrame(rows[:3])).iloc[0]
    assert found["how"] == "not found"
    assert np.isnan(found["people"])


#: People look often, and follow the price.
EAGER = {"membership.review_weeks": 4, "membership.appeal": 4.5, "membership.elasticity": -1.5}


@pytest.fixture(scope="session")
def small() -> Pilot:
    """Return a lottery of free membership, in which everybody asked answers and tells the truth."""
    return pilot(
        easy(**{"mechanisms.turnover": False, **EAGER}),
        (scheme(share=1.0, start=1),),
        months=(3,),
        response=1.0,
        reliability=1.0,
        replicates=3,
        surveys=3,
        workers=1,
    )


def test_half_of_those_who_apply_are_offered_it(small: Pilot) -> None:
    assert (small.books["offered"] == small.books["taking_part"] // 2).all()
    assert (small.books["redeemed"] <= small.books["offered"]).all()
    assert (small.books["used_day_30"] <= small.books["offered"]).all()
    assert (small.books["redeemed"] > 0).all()
    assert (small.books["public_paid_gbp"] > 0).all()
    counts = small.people.groupby("replicate", observed=True)["treated"].sum()
    assert counts.tolist() == small.books["offered"].tolist()


def test_the_estimate_of_all_is_the_difference_of_means_and_the_truth_is_paired(small: Pilot) -> None:
    """With everybody asked and answering, a lottery differs from the truth by the luck of the lot alone."""
    table = small.power
    largest = small.sizes[-1]
    found = row(table, "member", largest)
    gain = small.people["member"] - small.people["member_without"]
    true = gain[small.people["treated"]].groupby(small.people["replicate"], observed=True).mean().mean()
    assert found["true_effect"] == pytest.approx(true)
    assert found["true_effect"] > 0.1


def test_what_reaches_the_others_too_biases_the_estimate() -> None:
    """Of a gain of 5 points of those offered and 2 of the others, a lottery sees 3: a bias of minus 2."""
    people = made(effect=5.0)
    for outcome in ("td", "sc"):
        people[outcome] += 2.0 * ~people["treated"]
    found = row(power_table(people, 1, (400,), ALL_ANSWER), "td", 400)
    assert found["bias"] == pytest.approx(-2.0)
    assert found["true_effect"] == pytest.approx(5.0)
    assert found["effect_on_others"] == pytest.approx(2.0)
    assert found["true_contrast"] == pytest.approx(3.0)


def test_the_same_seed_gives_the_same_pilot(small: Pilot) -> None:
    again = pilot(
        easy(**{"mechanisms.turnover": False, **EAGER}),
        (scheme(share=1.0, start=1),),
        months=(3,),
        response=1.0,
        reliability=1.0,
        replicates=3,
        surveys=3,
        workers=1,
    )
    pd.testing.assert_frame_equal(again.power, small.power)


REGIONS = """# Would it be found?
title: six regions
extends: uk-core
market: new
burn_in_weeks: 8
weeks: 30
regions: [%s]
parameters:
  {membership.appeal: 3, schemes.hassle: 0, awareness.unprompted: 0.5, awareness.at_opening: 0.9, space.desks: 20}
"""


@pytest.fixture
def six(tmp_path: Path) -> Path:
    path = tmp_path / "six.yaml"
    path.write_text(REGIONS % ", ".join(f"{{name: r{k}, like: other, people: 30, spaces: 1}}" for k in range(6)))
    return path


@pytest.mark.slow
def test_a_phased_roll_out_divides_regions_by_lot_and_pays_in_the_first_half_only(six: Path) -> None:
    subsidy = scheme(share=1.0, start=2, end=20, budget=10**8)
    found = pilot(load_scenario(six), (subsidy,), "phased", months=(6,), replicates=4, surveys=2, workers=1)
    assert found.survey.at_start
    assert found.survey.by_region
    halves = found.people.groupby(["replicate", "region"], observed=True)["treated"].agg(["min", "max"])
    assert (halves["min"] == halves["max"]).all()  # whole regions
    assert (halves["max"].groupby("replicate").sum() == 3).all()
    early = {tuple(block["max"].tolist()) for _, block in halves.groupby("replicate")}
    assert len(early) > 1  # other lots, other regions
    late = found.people[~found.people["treated"]]
    assert (late["member"] == late["member_without"]).all()  # regions share nothing here
    assert row(found.power, "member", found.sizes[-1])["true_effect"] > 0.05


GRANT = Policy(name="g", kind="community_grant", hours=5, hour_price=1000, end=20, budget=10**6)


@pytest.mark.parametrize(
    ("policies", "design", "changes", "said"),
    [
        ((GRANT,), "lottery", {}, "nobody applies for a community_grant"),
        ((scheme(), scheme(name="b")), "lottery", {}, "a lottery of 2 policies"),
        ((), "lottery", {}, "no policy to pilot"),
        ((scheme(),), "phased", {}, "needs at least 4"),
        ((scheme(),), "lotery", {}, "write lottery or phased"),
        ((scheme(),), "lottery", {"months": (6,)}, "beyond the 26 weeks"),
        ((scheme(),), "lottery", {"months": (0,)}, "months from 1"),
        ((scheme(),), "lottery", {"months": (1,), "people": (2,)}, "at least 4"),
        ((scheme(),), "lottery", {"months": (1,), "response": 1.5}, "must lie between 0.01 and 1 share"),
        ((scheme(),), "lottery", {"months": (1,), "reliability": 0.0}, "must lie between 0.05 and 1 share"),
    ],
)
def test_what_nobody_could_pilot_is_refused_before_anything_is_run(
    policies: tuple[Policy, ...], design: str, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as refused:
        pilot(easy(), policies, design, **{"months": (1,), **changes})
    assert said in str(refused.value)


def test_months_are_weeks() -> None:
    assert [weeks_of(month) for month in (1, 3, 6, 24)] == [4, 13, 26, 104]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(commands, [str(argument) for argument in arguments])


EASY = (
    "--set",
    "membership.appeal=3.2",
    "--set",
    "awareness.unprompted=0.5",
    "--set",
    "schemes.hassle=0",
    "--replicates",
    2,
    "--surveys",
    2,
    "--months",
    "2",
    "--workers",
    1,
)


@pytest.mark.slow
def test_the_command_prints_a_table_and_leaves_a_folder(call: Callable[..., Result], tmp_path: Path) -> None:
    done = call("pilot", "tiny", "--policy", "subsidy-50", *EASY, "--out", "there", "--png")
    assert done.exit_code == 0, done.output
    for words in ("false positives", "True effect: ", "Seen in the books: ", "Results: there"):
        assert words in done.stdout
    files = set(json.loads((tmp_path / "there" / "manifest.json").read_text(encoding="utf-8"))["files"])
    tables = {f"{name}.{kind}" for name in ("power", "needed", "books") for kind in ("csv", "parquet")}
    assert files == tables | {"pilot.json", "scenario.yaml", "power.svg", "power.png"}
    found = json.loads((tmp_path / "there" / "pilot.json").read_text(encoding="utf-8"))
    assert found["assumed"]["response"]["class"] == "G"
    assert found["design"]["months"] == [2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--people", "20,many"), "not a list of whole numbers"),
        (("--people", "20000"), "can be asked"),
        (("--design", "lotery"), "lottery"),
        (("--policy", "subsidy-5"), "subsidy-50"),
    ],
)
def test_bad_input_ends_with_2(call: Callable[..., Result], arguments: tuple[str, ...], said: str) -> None:
    policy = () if "--policy" in arguments else ("--policy", "subsidy-50")
    done = call("pilot", "tiny", *policy, *EASY, *arguments)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert not list(Path().glob("results/*/manifest.json"))
