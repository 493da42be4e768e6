"""Who answers, what they answer, and that a survey changes nothing."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.survey import fit, survey, survey_world
from coworksim.evidence.survey.questionnaire import (
    ITEMS,
    MEMBER,
    SCALES,
    Answering,
    answers,
    members,
    true_part,
    truths,
)
from coworksim.evidence.survey.respondents import flags_by
from coworksim.evidence.survey.trial import simulated
from coworksim.files.columns import note
from coworksim.files.load import load_scenario
from coworksim.model.state.rng import run_key
from coworksim.runs.simulation import Result, simulate
from coworksim.statistics.lots import order_by_lot
from tests.evidence.survey.test_regression import LEAST, MOST, SURVEYS
from tests.evidence.survey.worlds import CODES, NARROW, WIDE, surveyed

NAMES = [item.name for item in ITEMS]


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(surveyed())


@pytest.fixture(scope="module")
def table(result: Result) -> pd.DataFrame:
    return survey(result, 7)


def with_values(result: Result, **values: float) -> pd.DataFrame:
    """Return the survey of the same world under other rules of answering."""
    world, scenario = result.model.world, result.scenario
    named = {name.replace("__", "."): value for name, value in values.items()}
    world.scenario = scenario.model_copy(update={"values": {**scenario.values, **named}})
    try:
        return survey_world(world, 7)
    finally:
        world.scenario = scenario


def test_the_table_is_tidy_and_says_what_its_columns_mean(table: pd.DataFrame) -> None:
    assert table["respondent"].tolist() == list(range(1, len(table) + 1))
    for name in ("role", "region", "flag", "flag_narrow", "flag_wide", "status", "occupation", "career_stage"):
        assert isinstance(table[name].dtype, pd.CategoricalDtype), name
    assert all(note(str(column)) for column in table.columns)
    people, managers = table[table["role"] == "member"], table[table["role"] == "manager"]
    assert people[NAMES].isin([1, 2, 3, 4, 5]).all(axis=None)
    asked = SCALES["resource"]
    assert managers[list(asked)].isin([1, 2, 3, 4, 5]).all(axis=None)
    assert managers[[n for n in NAMES if n not in asked]].isna().all(axis=None)
    assert people.groupby(["region", "space"], observed=True).size().max() <= 6
    assert managers.groupby(["region", "space"], observed=True).size().max() == 1


def test_a_survey_has_a_seed_and_changes_nothing(result: Result, table: pd.DataFrame) -> None:
    before = result.digest
    pd.testing.assert_frame_equal(survey(result, 7), table)
    assert not survey(result, 8)[NAMES].equals(table[NAMES])
    vars(result).pop("digest", None)
    assert result.digest == before


def test_both_rules_of_the_flag_stand_in_the_table(table: pd.DataFrame) -> None:
    wide = load_scenario("uk-74-regions", {"frame.left_behind": "wide"})
    assert flags_by(load_scenario("uk-74-regions"), "wide") == [region.flag for region in wide.regions]
    for rule, count in (("narrow", NARROW), ("wide", WIDE)):
        by_region = table.groupby("region", observed=True)[f"flag_{rule}"].first()
        assert (by_region == "left-behind").sum() == count
    assert len(table["region"].cat.categories) == len(CODES)


def test_answers_follow_the_truth_where_nothing_errs(result: Result) -> None:
    clear = {"survey__reliability": 1.0, "survey__common_method": 0.0, "survey__members": 1000}
    said = with_values(result, **clear, survey__space_response=1.0)
    said = said[said["role"] == "member"]
    world = result.model.world
    rows = members(world)
    assert len(said) == len(rows)
    order = np.lexsort((np.arange(len(rows)), world.workers.member_of[rows]))
    true = truths(world, rows[order])["social"]
    assert (said["networking"] == said["community"]).all()
    by_answer = [true[(said["networking"] == k).to_numpy()] for k in (2, 3, 4, 5)]
    assert all(low.max() <= high.min() for low, high in itertools.pairwise(by_answer))


def test_reliability_and_common_method_are_as_declared() -> None:
    """20,000 people: the mean of a scale goes with the truth as sqrt(R), unrelated answers with each other as m.

    Cutting to five answers takes up to a seventh of each.
    """
    keys = np.arange(1, 20_001, dtype=np.uint32)
    z = np.array([((k * 2654435761) % 2**32) / 2**32 for k in keys.tolist()])
    z = (z - z.mean()) / z.std()
    still = {name: np.zeros(len(keys)) for name in (*SCALES, "equipment", "training")}
    said = answers(run_key(1), keys, MEMBER, still | {"td_space": z}, Answering(0.6, 0.0, 0.9, 0.4))
    mean = np.mean([said[name] for name in SCALES["td_space"]], axis=0)
    assert 0.9 * 0.6**0.5 < np.corrcoef(mean, z)[0, 1] < 0.6**0.5 + 0.01
    coloured = answers(run_key(2), keys, MEMBER, still, Answering(0.6, 0.4, 0.9, 0.4))
    sizes = [0.4 + 0.6 * (1.0 - true_part(0.6, len(SCALES[scale]))) for scale in ("social", "sc_space")]
    uncut = 0.4 / math.sqrt(sizes[0] * sizes[1])
    found = float(np.corrcoef(coloured["networking"], coloured["learnt_collaboration"])[0, 1])
    assert 0.85 * uncut < found < uncut
    plain = answers(run_key(2), keys, MEMBER, still, Answering(0.6, 0.0, 0.9, 0.4))
    assert abs(np.corrcoef(plain["networking"], plain["learnt_collaboration"])[0, 1]) < 0.03


def test_those_who_gained_more_answer_sooner_where_it_is_so(result: Result) -> None:
    def gained(selection: float) -> float:
        said = with_values(result, survey__member_selection=selection, survey__members=2, survey__reliability=1.0)
        return float(np.nanmean(said[list(SCALES["td_space"])].to_numpy(np.float64)))

    assert gained(5.0) > gained(0.0) > gained(-5.0)


def test_spaces_and_managers_that_do_not_answer(result: Result, table: pd.DataFrame) -> None:
    def spaces(answered: pd.DataFrame) -> int:
        return answered.groupby(["region", "space"], observed=True).ngroups

    everybody = with_values(result, survey__space_response=1.0, survey__manager_response=1.0)
    assert (everybody["role"] == "manager").sum() == spaces(everybody) == 2 * len(CODES)
    few = with_values(result, survey__space_response=0.3, survey__manager_response=0.0)
    assert 0 < spaces(few) < 12
    assert (few["role"] == "manager").sum() == 0
    assert spaces(table) <= spaces(everybody)


def test_every_form_can_be_fitted_to_a_survey(table: pd.DataFrame) -> None:
    for form in ("direct", "total", "moderated", "by_managers"):
        for rule in ("flag_narrow", "flag_wide"):
            found = fit(table, "td_space", rule=rule, form=form, permutations=99)
            assert all(np.isfinite([term.estimate, term.error, term.p]).all() for term in found.terms)


@pytest.mark.slow
def test_under_the_placebo_the_checks_of_e3_are_at_their_level() -> None:
    """200 surveys: 50 of each of four thinned worlds of one environment, the flag dealt to regions anew for each.

    Both E3 checks, by t of CR2 and by permutation, find something in at most 20 (binomial bound at 5 %).
    """
    thin = {"environment.catchment": 100, "space.desks": 8, "burn_in_weeks": 26, "market": "new", "weeks": 52}
    scenario = load_scenario("placebo", thin | {"frame.left_behind": "wide"})
    found = dict.fromkeys(("E3a t", "E3a exact", "E3b t", "E3b exact"), 0)
    for replicate in range(4):
        world, _ = simulated(scenario, 1, replicate, trial=False)
        for k in range(SURVEYS // 4):
            number = 100 * replicate + k
            answered = survey_world(world, number)
            dealt = _dealt(answered, number)
            for name, outcome, term in (("E3a", "td_space", "resource"), ("E3b", "sc_space", "social")):
                checked = fit(dealt, outcome, permutations=199)[f"{term}:left_behind"]
                found[f"{name} t"] += checked.p < 0.05
                found[f"{name} exact"] += checked.p_permutation <= 0.05
    assert all(LEAST <= count <= MOST for count in found.values()), found


def _dealt(answered: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the answers with as many flags, dealt to regions by lot."""
    regions = answered.groupby("region", observed=True)["flag"].first()
    order = order_by_lot(len(regions), 12345, number)
    flags = pd.Series(regions.to_numpy()[order], index=regions.index.astype(str))
    return answered.assign(flag=pd.Categorical(answered["region"].astype(str).map(flags)))


#: A new market on both frames: a spin-up would take most of the time and belongs to neither of them.
NEW = {"market": "new", "frame.left_behind": "wide"}


@pytest.mark.slow
def test_a_thinned_frame_shows_the_same_main_slopes() -> None:
    """One world of the full frame and three of the thinned one, four surveys of each: the main slopes agree within 0.1.

    One survey's slope has a standard error of about 0.03. Contrasts of kinds of regions are left out: one world's
    error of these is about 0.1, so that so few worlds cannot tell.
    """
    full, thinned = (_slopes(name, worlds) for name, worlds in (("uk-74-regions", 1), ("uk-74-thinned", 3)))
    assert thinned == pytest.approx(full, abs=0.1), (thinned, full)


def _slopes(name: str, worlds: int) -> dict[str, float]:
    """Return the mean slopes of the two families on social interaction and resource use."""
    scenario = load_scenario(name, dict(NEW))
    fitted: dict[str, list[float]] = {}
    for replicate in range(worlds):
        world, _ = simulated(scenario, 1, replicate, trial=False)
        for seed in range(4):
            answered = survey_world(world, 100 * replicate + seed)
            for outcome in ("sc_space", "td_space"):
                coefficients = fit(answered, outcome, permutations=9)
                for term in ("social", "resource"):
                    fitted.setdefault(f"{outcome} on {term}", []).append(coefficients[term].estimate)
    return {name: sum(values) / len(values) for name, values in fitted.items()}
