"""Studies as read: what varies, the runs that follow, and one run of them."""

from __future__ import annotations

import json
import math
import pickle
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from coworksim import load_scenario, simulate
from coworksim.files.built_in import built_in_studies
from coworksim.files.errors import InputWarning
from coworksim.model.parameters import PARAMETERS, Role
from coworksim.runs.outcomes import OUTCOMES, _loaded, measure, scenario_of, study_work
from coworksim.runs.study import Plan, StudyDesign
from coworksim.runs.study_reader import StudyError, load_study
from coworksim.runs.worker import one_run
from coworksim.statistics.factors import is_swept
from tests.worlds import busy

from .files import HEAD, REST, load, planned


def names(study: StudyDesign) -> list[str]:
    return [factor.name for factor in study.factors]


@pytest.mark.slow
def test_every_built_in_study_loads_and_its_first_line_is_a_question() -> None:
    assert [one.name for one in built_in_studies()] == [
        "factorial-policies",
        "one-at-a-time",
        "replicates",
        "screening",
        "sobol-membership",
        "sobol-policy",
    ]
    for one in built_in_studies():
        study = load_study(one.name)
        assert (study.name, study.title, study.question) == (one.name, one.title, one.question)
        assert one.question.endswith("?")
        assert load_study(one.path).digest == study.digest
        assert study.design().feasible.all()


def test_the_membership_study_is_as_large_as_it_says() -> None:
    study = load_study("sobol-membership")
    assert (len(names(study)), names(study)[-1], study.size, study.replicates) == (9, "dummy", 512, 4)
    assert len(Plan(study, "code", study.size, study.replicates)) == 512 * (9 + 2) * 4
    scenario = load_scenario(study.scenario, study.settings)
    assert scenario.weeks == 104
    assert (
        sum(simulate(scenario.model_copy(update={"weeks": 1, "burn_in_weeks": 0})).recorder.counts[0, 0, :, 0]) == 1000
    )


def test_all_swept_is_all_that_has_a_range_and_all_rival_forms() -> None:
    study = load_study("screening")
    assert names(study) == [*(q.name for q in PARAMETERS.values() if is_swept(q)), "dummy"]
    assert "frame.left_behind" not in names(study)
    assert not [name for name in names(study) if name.startswith("appraisal.")]  # no number of a run reads these
    assert PARAMETERS["appraisal.time_value"].sampled
    assert "membership.money" in names(study)


def test_what_is_named_counts_more_than_what_a_group_brings(tmp_path: Path) -> None:
    text = REST.replace("[membership.churn, space.desks]", "\n  - role: lever\n  - space.price: 120..130 GBP/month")
    study = load(tmp_path, HEAD + text + "set: {space.desks: 30}\n")
    chosen = {factor.name: factor for factor in study.factors}
    assert (chosen["space.price"].low, chosen["space.price"].high) == (120, 130)
    settled = {"space.desks", "space.size_sd", "space.size_by_place"}  # the last two are 0 in tiny: no multiple of it
    levers = {q.name for q in PARAMETERS.values() if is_swept(q) and q.role is Role.LEVER}
    assert set(chosen) == {*(levers - settled), "dummy"}
    assert settled < levers
    assert study.settings == {"space.desks": 30}


def test_runs_are_plain_data_in_a_fixed_order(tmp_path: Path) -> None:
    study = load(tmp_path, HEAD + REST + "replicates: 3\nset: {weeks: 8, starts: 2023-01-02}\n")
    cells = planned(study)
    runs: list[Any] = [cell.run.payload for cell in cells]
    assert json.loads(json.dumps(runs)) == runs == [cell.run.payload for cell in planned(study)]
    numbers = [cell.run.number for cell in cells]
    assert numbers == sorted(set(numbers))
    assert [(cell.point, cell.replicate) for cell in cells] == [(point, k) for point in range(8) for k in range(3)]
    assert [run["replicate"] for run in runs[:4]] == [0, 1, 2, 0]
    assert set(runs[0]["overrides"]) == {"weeks", "starts", "membership.churn", "space.desks"}
    assert isinstance(runs[0]["overrides"]["space.desks"], int)
    assert planned(study, size=4)[: len(cells)] == cells
    assert max(Counter((run["seed"], run["replicate"]) for run in runs).values()) < 4  # the dummy moves once
    assert study.digest == load_study(tmp_path / "case.yaml").digest


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (("size: 2", "size: 4"), True),
        (("A test", "Another title"), True),
        (("space.desks]", "space.price]"), False),
        (("scenario: tiny", "scenario: uk-core"), False),
        (("morris", "sobol"), False),
    ],
)
def test_the_digest_covers_what_decides_a_run(tmp_path: Path, change: tuple[str, str], same: bool) -> None:
    one, other = load(tmp_path, HEAD + REST), load(tmp_path, (HEAD + REST).replace(*change))
    assert (one.digest == other.digest) is same


ARMS = """arms:
  - {name: nothing, policies: []}
  - name: half
    policies:
      - {name: Half, kind: membership_subsidy, share: 0.5, months: 6, budget: 9000 GBP,
         eligible: {regions: [left-behind]}}
  - half-more.yaml
"""
FILE = "name: more\npolicies:\n  - {name: All, kind: membership_subsidy, share: 1, months: 6, budget: 9000 GBP}\n"


def test_arms_share_the_chance_of_a_point(tmp_path: Path) -> None:
    (tmp_path / "half-more.yaml").write_text(FILE)
    study = load(tmp_path, HEAD + REST + ARMS + "set: {weeks: 12}\n")
    cells = planned(study)
    assert [cell.arm for cell in cells[:4]] == ["nothing", "half", "more", "nothing"]
    assert len({(cell.point, cell.run.payload["seed"]) for cell in cells}) == 8
    payload: Any = cells[1].run.payload
    assert json.loads(json.dumps(payload))["policies"][0]["end"] == 12
    assert payload["policies"][0]["end"] == 12
    (policy,) = load_scenario("uk-voucher").policies
    assert set(payload["policies"][0]) == set(policy.model_dump())


def test_a_scenario_beside_the_study(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("# q?\ntitle: Own\nextends: tiny\nweeks: 9\n")
    study = load(tmp_path, HEAD + REST.replace("scenario: tiny", "scenario: own.yaml"))
    assert load_scenario(study.scenario).weeks == 9
    assert study.scenario_digest == load_scenario(tmp_path / "own.yaml").digest


def test_work_gives_what_the_scenario_run_by_hand_gives(tmp_path: Path) -> None:
    study = load(tmp_path, HEAD + REST.replace("[members_at_end]", "all") + "set: {weeks: 6, burn_in_weeks: 4}\n")
    run: Any = planned(study)[5].run.payload
    by_hand = simulate(load_scenario("tiny", run["overrides"]), run["seed"], run["replicate"])
    wanted = measure(by_hand, study.outcomes)
    assert list(wanted) == list(study.outcomes) == list(OUTCOMES)
    assert study_work(run) == {name: value for name, value in wanted.items() if not math.isnan(value)}


def test_work_runs_the_policies_of_the_arm(tmp_path: Path) -> None:
    (tmp_path / "half-more.yaml").write_text(FILE)
    study = load(tmp_path, HEAD + REST + ARMS)
    seen = [_policies(study, number) for number in range(3)]
    assert seen == [(), ("Half",), ("All",)]
    found: Any = study_work(planned(study)[1].run.payload)
    assert found["members_at_end"] >= 0


def _policies(study: StudyDesign, number: int) -> tuple[str, ...]:
    payload: Any = planned(study)[number].run.payload
    return tuple(p.name for p in scenario_of(payload["scenario"], payload["overrides"], payload["policies"]).policies)


def test_a_run_past_its_deadline_ends_after_a_week(tmp_path: Path) -> None:
    study = load(tmp_path, HEAD + REST)
    run = planned(study)[0].run
    one_run(study_work, run, 1e6)  # compiled code is loaded before the clocks start
    late, timely = one_run(study_work, run, 0.0), one_run(study_work, run, 1e6)
    assert (late.status, late.error) == ("failed", "DeadlineError: not finished after 0 s")
    assert late.seconds < timely.seconds
    assert timely.status == "done"


@pytest.mark.slow
def test_loading_costs_nothing_for_a_replicate() -> None:
    payload: Any = next(iter(Plan(load_study("screening"), "code", 4, 1))).run.payload
    _loaded.cache_clear()
    for _ in range(3):
        _loaded(payload["scenario"], tuple(payload["overrides"].items()))
    assert _loaded.cache_info().misses == 1


def test_outcomes_agree_with_the_tables_of_the_run() -> None:
    result = simulate(busy(**{"encounters.visitors": 0.0}))  # they meet members, and are none: no mean has them
    got, workers = measure(result, OUTCOMES), result.workers
    inside = [name for name in workers if str(name).startswith("gain_sc_space")]
    behind = workers["flag"] == "left-behind"
    gain = workers[inside].sum(axis=1)
    since = result.series[result.series["week"] >= 0]
    weeks = since["members"].sum()
    last = result.spaces[(result.spaces["week"] >= 13) & result.spaces["open"]]
    assert got["members_at_end"] == workers["member"].sum() > 0
    assert got["gain_sc_in_space"] == pytest.approx(gain.mean())
    assert got["gain_sc_in_space_difference"] == pytest.approx(gain[behind].mean() - gain[~behind].mean())
    assert got["gain_sc_per_member_year"] == pytest.approx(52 * gain.sum() / workers["member_weeks"].sum())
    total = workers[[name for name in workers if str(name).startswith("gain_td_")]].sum(axis=1)
    assert got["gain_td_total"] == pytest.approx(total.mean())
    assert got["member_weeks_per_person"] == pytest.approx(26 * weeks / since["people"].sum())
    met = (since["encounters_per_member"] * since["members"]).sum()
    assert got["encounters_per_member_week"] == pytest.approx(met / weeks)
    used = (last["occupancy"] * last["desks"]).sum() / last["desks"].sum()
    assert got["occupancy"] == pytest.approx(used)
    final = result.spaces[(result.spaces["week"] == 25) & result.spaces["open"]]
    assert got["price"] == pytest.approx(final["price_gbp_month"].mean())
    assert got["spaces_open"] == len(final)
    assert got["income_median"] == pytest.approx(workers["income_gbp_week"].median())


def test_outcomes_are_undefined_only_where_they_say_so() -> None:
    nobody = measure(simulate(load_scenario("tiny", {"membership.appeal": -16.0, "weeks": 4})), OUTCOMES)
    missing = {name for name, value in nobody.items() if math.isnan(value)}
    assert missing == {name for name, outcome in OUTCOMES.items() if "nobody was a member" in outcome.undefined}
    closed = measure(simulate(load_scenario("tiny", {"management.capital": 0, "weeks": 40})), OUTCOMES)
    missing = {name for name, value in closed.items() if math.isnan(value)}
    assert {name for name, outcome in OUTCOMES.items() if outcome.undefined} >= missing
    assert all(outcome.unit and outcome.meaning for outcome in OUTCOMES.values())


def test_a_study_error_goes_between_processes() -> None:
    with pytest.raises(StudyError) as refused:
        load_study("screning")
    again = pickle.loads(pickle.dumps(refused.value))  # noqa: S301  # our own bytes, as a pool of processes does it
    assert str(again) == str(refused.value)
    assert "did you mean screening?" in str(again)


def test_a_varied_price_that_the_list_of_spaces_fixes_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "spaces.csv").write_text("region,price_gbp_month\nTLC13,150\nTLC13,120\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text("# Q?\ntitle: T\nextends: tiny\nregions: {spaces: spaces.csv}\n", encoding="utf-8")
    study = "# Q?\ntitle: T\nscenario: s.yaml\nmethod: one_at_a_time\nreplicates: 2\noutcomes: [member_share]\n"
    (tmp_path / "fixed.yaml").write_text(study + "vary: [space.price: 110..250]\n", encoding="utf-8")
    with pytest.warns(InputWarning, match=r"space\.price is varied, and nothing reads it: the list of spaces gives"):
        load_study(tmp_path / "fixed.yaml")
    (tmp_path / "free.yaml").write_text(study + "vary: [space.events: 0..1]\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", InputWarning)
        load_study(tmp_path / "free.yaml")
