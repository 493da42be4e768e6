"""A report of a real comparison: whole, closed to the outside, in its order; and what it says of gaps."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from coworksim.appraisal.appraisal_folder import Change, Equalised
from coworksim.appraisal.comparison import compare, with_network
from coworksim.appraisal.result import Appraisal
from coworksim.cli import commands
from coworksim.files.manifest import MANIFEST
from coworksim.files.result_folder import published, write_json
from coworksim.files.table_files import write_tables
from coworksim.model.parameters import PARAMETERS
from coworksim.report.assumption_log import assumptions
from coworksim.report.html import parts, report, tables
from coworksim.report.html.grounds import assumption_log, downloads
from coworksim.report.html.studies_beside import own_patterns, read_pilot, read_study
from coworksim.report.sentences.estimates_in_words import texts
from tests.appraisal.worlds import easy, scheme
from tests.folders import folder_of
from tests.report.html.made import made
from tests.report.html.walk import breaches, walked

ORDER = [
    "answer",
    "frame",
    "appraisal",
    "gains",
    "doubts",
    "caveats",
    "assumptions",
    "mechanism",
    "patterns",
    "provenance",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison of two arms in three worlds, one of which has a name to be wary of."""
    found = compare(easy(), {"half <b>": [scheme()], "nothing": [scheme(share=0.0)]}, replicates=3, workers=1)
    place = tmp_path_factory.mktemp("results") / "there"
    return with_network(found).save(place, command=["coworksim", "compare", "busy"], charts=False)


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return Appraisal.load(folder).report()


@pytest.mark.slow
def test_a_real_comparison_keeps_the_rules_of_wording(text: str) -> None:
    assert breaches(text) == []


def test_every_section_is_there_in_its_order(text: str) -> None:
    assert walked(text).sections == ORDER


def test_nothing_is_asked_of_a_network(text: str) -> None:
    walk = walked(text)
    assert walk.addresses
    assert all(address.startswith("data:") for address in walk.addresses)
    assert not walk.tags & {"script", "link", "iframe", "object", "embed", "form"}
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text


def test_it_fits_into_a_letter(text: str) -> None:
    assert len(text.encode()) < 2_000_000


@pytest.mark.slow
def test_every_chart_that_the_data_allow_is_drawn_and_said_in_words(folder: Path, text: str) -> None:
    pictures = parts(Appraisal.load(folder), own_patterns())["pictures"]
    assert set(pictures) == {"fan", "forest", "plane", "groups", "levels", "channels", "network", "patterns"}
    walk = walked(text)
    assert len(walk.alts) == len(pictures)
    assert "data:image/svg+xml" in text


def test_the_data_are_inside(folder: Path, text: str) -> None:
    source = Appraisal.load(folder)
    names = {file.name: file.uri for file in downloads(source, 2_000_000)}
    assert {
        "numbers.csv",
        "scenario.yaml",
        "weekly.csv",
        "take-up.csv",
        "funnel.csv",
        "replicates.csv",
        "levels.csv",
        "policy-1.yaml",
        "policy-2.yaml",
    } == set(names)
    assert all(uri and uri in text for uri in names.values())


def test_what_does_not_fit_is_named(folder: Path) -> None:
    files = downloads(Appraisal.load(folder), 60_000)
    assert sum(len(file.uri or "") for file in files) < 60_000
    assert {bool(file.uri) for file in files} == {True, False}
    assert len(files) == 9


def test_the_numbers_of_the_folder_are_those_of_the_report(folder: Path, text: str) -> None:
    table = pd.read_parquet(folder / "numbers.parquet")
    rows = table[(table["arm"] == "half <b>") & (table["term"] == "additional_member_months")]
    shown = Appraisal.load(folder).estimate("half <b>", "additional_member_months")
    assert shown is not None
    assert (shown.value, shown.low, shown.high) == tuple(rows.iloc[0][["value", "low", "high"]])
    assert texts(shown)[0] in text


def test_replicates_and_levels_agree_with_the_numbers(folder: Path) -> None:
    source = Appraisal.load(folder)
    values = source.by_replicate("half <b>", "additional_member_months")
    found = source.estimate("half <b>", "additional_member_months")
    assert found is not None
    assert sum(values) / len(values) == pytest.approx(found.value)
    levels = source.tables["levels"]
    members = levels[levels["measure"] == "members"].pivot(index="week", columns="arm", values="mean")
    weekly = source.by_week("half <b>", "members").set_index("week")["mean"]
    assert (members["half <b>"] - members["without"]).tolist() == pytest.approx(weekly.tolist())


def test_channels_add_up_to_what_skills_gain(folder: Path) -> None:
    source = Appraisal.load(folder)
    for family in ("td", "sc"):
        for side in ("with", "without"):
            terms = [t for t in source.terms(f"channel | {family} | ") if t.endswith(f" {side}")]
            assert len(terms) == 7
        for term in [t for t in source.terms(f"channel | {family} | ") if t.endswith("with")]:
            sides = [source.estimate("half <b>", term[:-4] + side) for side in ("with", "without", "change")]
            there, here, change = (one.value for one in sides if one is not None)
            assert change == pytest.approx(there - here)
            still = ("firm | with", "employer | with", "sc | own | with")  # the last grows by time alone
            assert term.endswith(still) or (there, here) == (0.0, 0.0) or change != 0.0
        changes = [
            source.estimate("nothing", t) for t in source.terms(f"channel | {family} | ") if t.endswith("change")
        ]
        assert all(one is not None and one.value == 0.0 for one in changes)


def test_the_network_shows_the_same_people_in_both_worlds(folder: Path) -> None:
    about = Appraisal.load(folder).network
    assert about is not None
    people = len(about["people"])
    assert 2 <= people <= 48
    assert any(one["supported"] for one in about["people"])
    for ties in about["ties"].values():
        assert all(0 <= one < people and 0 <= other < people and strength > 0 for one, other, strength in ties)
    assert about["ties"]["with"] != about["ties"]["without"]


def test_what_is_missing_is_said_and_never_made_up(undrawn: None) -> None:
    text = report(made(tables=False))
    for said in (
        "is not in this result: run coworksim compare again",
        "Parameters were not varied",
        "no network.json",
        "coworksim experiment run screening",
    ):
        assert said in text
    assert breaches(text) == []


def _ranked(arm: str, criterion: str, positive: int) -> dict[str, object]:
    return {
        "criterion": criterion,
        "sd_year_value_gbp": 2000.0,
        "declared": True,
        "arm": arm,
        "draws": 40,
        "probability_best": positive / 40,
        "best_low": 0.1,
        "best_high": 0.9,
        "positive_draws": positive,
        "positive_share": positive / 40,
        "positive_low": 0.1,
        "positive_high": 0.9,
        "net_benefit_gbp": 10.0,
        "net_benefit_low": -5.0,
        "net_benefit_high": 25.0,
        "expected_regret_gbp": 3.0,
        "regret_low": 1.0,
        "regret_high": 5.0,
    }


def test_draws_of_the_parameters_are_shown_where_there_are_any(undrawn: None) -> None:
    rows = [_ranked("half", "td", 31), _ranked("half", "sc", 12)]
    law = {
        "cell": "theta_sc 0.5, theta_td 1",
        "arm": "half",
        "term": "td_total_sd_years",
        "unit": "sd-years",
        "value": 1.0,
        "low": 0.5,
        "high": 1.5,
        "draws": 7,
    }
    switch = {
        "criterion": "td",
        "arm": "half",
        "what": "price",
        "unit": "1",
        "kind": "drawn",
        "value": None,
        "low": None,
        "high": None,
        "rank_correlation": 0.1,
        "sentence": "none in the range does",
    }
    text = report(made(about={"ranking": rows, "laws": [law], "switching": [switch]}))
    assert 'net benefit in TD skill above zero in <span class="fact">31</span> of' in text
    assert "does not turn within the range drawn" in text
    assert "SC theta 0.5, TD theta 1" in text
    assert "Parameters were not varied" not in text
    assert breaches(text) == []


def test_a_value_at_which_an_arm_turns_is_shown_with_its_interval(undrawn: None) -> None:
    turn = {
        "criterion": "td",
        "arm": "half",
        "what": "price response",
        "unit": "ratio",
        "kind": "drawn",
        "value": 0.41,
        "low": 0.32,
        "high": 0.55,
        "rank_correlation": -0.6,
        "sentence": "at 0.41",
    }
    open_ended = turn | {"what": "displacement", "kind": "seen", "value": 0.2, "low": None, "high": None}
    text = report(made(about={"ranking": [_ranked("half", "td", 31)], "switching": [turn, open_ended]}))
    row = next(line for line in text.split("<tr>") if "price response" in line)
    assert "<b>0.41</b>" in row
    assert "(0.32 to 0.55)" in row
    assert "set by the draws" in row
    assert not any("<b>0.2</b>" in line for line in text.split("<tr>") if "displacement" in line)
    assert breaches(text) == []


def _indices(folder: Path) -> None:
    rows = [
        {
            "arm": "as-declared",
            "outcome": outcome,
            "input": name,
            "measure": "ST",
            "value": value,
            "low": value - 0.1,
            "high": value + 0.1,
            "floor": 0.05,
            "above": value > 0.3,
        }
        for outcome in ("members_at_end", "gain")
        for name, value in (("space.price", 0.6), ("b.c", 0.2), ("dummy", 0.9))
    ]
    with published(folder) as staging:
        write_tables({"indices": pd.DataFrame(rows)}, staging)
        (staging / "sensitivity.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
        write_json(staging / MANIFEST, {})


def test_a_study_of_sensitivity_is_shown_where_there_is_one(undrawn: None, tmp_path: Path) -> None:
    _indices(tmp_path)
    text = report(made(), None, read_study(tmp_path))
    assert text.count('<b>0.6</b> <span class="ci">(0.5 to 0.7)</span>') == 2
    assert text.count("not zero, but not larger than chance alone") == 2  # b.c, of two outcomes
    assert "coworksim experiment run screening" not in text
    assert breaches(text) == []


def _pilot(folder: Path, **changes: object) -> None:
    power = {
        "outcome": "td",
        "month": 6,
        "people": 40,
        "power": 0.25,
        "power_half_width": 0.5,
        "true_effect": 0.9,
        "true_effect_half_width": 0.2,
    }
    needed = {"outcome": "td", "month": 6, "people": 1234.0, "how": "extrapolated"}
    about = {
        "design": {"meaning": "by lot"},
        "policies": [{"name": "<b>"}],
        "replicates": 4,
        "scenario": {"name": "tiny", "digest": "0" * 64},
        "surveys_of_each": 5,
    }
    folder_of(folder, {"power": pd.DataFrame([power]), "needed": pd.DataFrame([needed])}, {**about, **changes})


def test_a_pilot_is_shown_where_there_is_one(undrawn: None, tmp_path: Path) -> None:
    _pilot(tmp_path)
    text = report(made(), pilot=read_pilot(tmp_path))
    assert '<b>25 %</b> <span class="ci">(0 to 75)</span>' in text
    assert "<b>0.9 points</b>" in text
    assert '<span class="fact">1,200</span> (extrapolated)' in text
    assert breaches(text) == []
    assert "Which pilot would tell" not in report(made())


def test_arms_of_equal_cost_say_what_was_scaled(undrawn: None) -> None:
    change = Change("Half", "hours", "h/week", 15.0, 16.7084)
    one = Equalised("half", (), (change,), 20000.0, 9000.0, 18000.0, "short")
    text = report(made(about={"equalised": {"half": one}}))
    assert "not met: it cannot spend as much at any size" in text
    assert "16.7 h/week" in text
    assert breaches(text) == []


def test_an_arm_that_does_nothing_is_no_column(undrawn: None) -> None:
    source = made(("half", "idle"))
    idle = replace(source, arms={**source.arms, "idle": ()})
    heads = [head.plain() for head in tables.appraisal_table(idle).heads]
    assert heads == ["Term", "half"]
    assert "Nothing is done in" in report(idle)


def test_the_log_has_every_assumption_and_what_the_scenario_changes(undrawn: None) -> None:
    source = made()
    log = assumption_log(source)
    assert sorted(row.it.name for row in log) == sorted(one.name for one in assumptions())
    assert log[0].it.pressing
    changed = [name for name, one in PARAMETERS.items() if source.scenario[name] != one.default]
    assert changed
    assert sorted(row.it.name for row in log if row.here) == sorted(changed)


def test_the_command_writes_one_file_beside_the_folder(undrawn: None, folder: Path) -> None:
    done = CliRunner().invoke(commands, ["report", str(folder)])
    assert done.exit_code == 0, done.output
    target = folder.parent / "there.html"
    assert re.fullmatch(rf"Report: {re.escape(str(target))} \(\d\.\d MB\)\n", done.stdout)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "there is no manifest.json in it; give the folder that coworksim compare created"),
        (("RESULT", "--out", "there.pdf"), "does not end in .html"),
        (("RESULT", "--study", "nowhere"), "no indices.parquet in it; write the folder of a study with indices"),
        (("RESULT", "--pilot", "nowhere"), "no manifest.json in it; give the folder that coworksim pilot created"),
        (
            ("RESULT", "--patterns", "nowhere"),
            "no shares.parquet in it; write the folder that coworksim patterns named",
        ),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_write(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(commands, ["report", *(str(folder) if a == "RESULT" else a for a in arguments)])
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert done.stdout == ""


def test_a_pdf_names_the_extra_where_it_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = CliRunner().invoke(commands, ["report", str(folder), "--pdf"])
    assert done.exit_code == 2
    assert f"--require-hashes -r {shlex.quote(str(Path(__file__).parents[3] / 'requirements-pdf.lock'))}" in done.stderr


@pytest.mark.parametrize("content", ["not json", "[]", '{"arms": {}}'])
def test_a_broken_folder_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    done = CliRunner().invoke(commands, ["report", str(tmp_path)])
    assert done.exit_code == 2, done.output
    assert "manifest.json" in done.stderr
    assert "compare" in done.stderr
