"""What the process that simulates makes of a comparison: growing answers, words, and files."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import threading
import zipfile
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from click.testing import CliRunner

from coworksim.app.answer import ROWS, SAMPLE, answer, frames, unstyled, write_files
from coworksim.app.form import ARCHIVE, CHARTS, OFFERED, REPORT
from coworksim.app.page_worker import Worker, steps
from coworksim.appraisal.comparison import compare, growing
from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.pooled import Pooled
from coworksim.cli import commands
from coworksim.files.policy_reader import read_arms
from coworksim.model.scenario import Scenario
from coworksim.report.sentences.estimates_in_words import figure, texts
from coworksim.runs.engines import Inline
from tests.appraisal.worlds import easy, scheme

pytestmark = pytest.mark.slow  # worlds that several tests share take a while to simulate


HOSTILE = '=1+1"><script>alert(1)</script>'


@pytest.fixture(scope="session")
def world() -> Scenario:
    return easy(weeks=26, burn_in_weeks=4)


@pytest.fixture(scope="session")
def grown(world: Scenario) -> list[Pooled]:
    arms = {HOSTILE: (scheme(),), "nothing": ()}
    return list(growing(world, arms, [2, 3], seed=4, executor=Inline))


def test_growing_answers_end_where_the_comparison_does(world: Scenario, grown: list[Pooled]) -> None:
    assert [found.replicates for found in grown] == [2, 3]
    whole = compare(world, grown[0].arms, seed=4, replicates=3, workers=1)
    assert grown[-1].values == whole.values
    assert all(table.equals(whole.tables[name]) for name, table in grown[-1].appraisal.tables.items())
    for arm in whole.arms:
        name = "additional_member_months"
        assert grown[0].values[arm][name] == whole.values[arm][name][:2], "what was run is kept, not run again"


def test_a_stop_ends_with_what_there_is(world: Scenario) -> None:
    stop = threading.Event()

    def after_two(at: Any) -> None:
        if at.finished >= 2:
            stop.set()

    found = list(growing(world, {"a": (scheme(),)}, [2, 50], executor=Inline, stop=stop, progress=after_two))
    assert [one.replicates for one in found] == [2]
    assert list(growing(world, {"a": (scheme(),)}, [2], executor=Inline, stop=stop)) == []


@pytest.mark.parametrize("replicates", [1, 2, 3, 7, 20, 100, 200])
def test_answers_come_soon_and_rise_to_the_last_replicate(replicates: int) -> None:
    told = list(steps(replicates))
    assert told[-1] == replicates
    assert told[0] <= 2
    assert told == sorted(set(told))


def test_nothing_done_is_no_difference_and_money_paid_is_told(grown: list[Pooled]) -> None:
    told = answer(grown[-1].appraisal, {})
    json.dumps(told, allow_nan=False)
    assert told["arms"] == [HOSTILE, "nothing"]
    pays, idle = told["verdicts"]
    assert [line["word"] for line in idle["lines"][1:]] == ["No difference at all"] * 2
    rows = {row["term"]: [cell["mean"] for cell in row["cells"]] for row in told["rows"]}
    assert list(rows) == list(ROWS)
    assert float(rows["support_gbp"][0].replace(",", "")) > 0
    assert idle["lead"] == "There is no difference at all."
    assert "of the fee" in pays["what"]
    assert idle["what"] == "Nothing is done."
    assert rows["support_gbp"][1] == "0"
    reached = pays["lines"][0]
    assert reached["word"] == f"{rows['recipients'][0]} of {rows['eligible_people'][0]} people a world"
    assert idle["lines"][0]["word"] == "Nobody applies for it"


def test_numbers_of_the_page_are_those_of_the_appraisal(grown: list[Pooled]) -> None:
    found = grown[-1].appraisal
    row = found.number(HOSTILE, "public_cost_gbp")
    (told,) = [one for one in answer(found, {})["rows"] if one["term"] == "public_cost_gbp"]
    cell = told["cells"][0]
    assert (cell["mean"], cell["interval"]) == texts(Estimate(row["value"], row["low"], row["high"], "", 3))
    (turned,) = [one for one in answer(found, {})["rows"] if one["term"] == "-displaced_net_member_months"]
    lost = found.number(HOSTILE, "displaced_net_member_months")
    assert turned["cells"][0]["mean"] == figure(-lost["value"], max(abs(lost["low"]), abs(lost["high"])))


def test_a_policy_that_hardly_anybody_uses_says_so(grown: list[Pooled], monkeypatch: pytest.MonkeyPatch) -> None:
    reached = float(grown[-1].appraisal.number(HOSTILE, "recipients")["value"])
    for few, warned in ((reached + 1.0, True), (reached, False)):
        monkeypatch.setattr("coworksim.report.sentences.value_for_money.FEW", few)
        told = answer(grown[-1].appraisal, {})
        assert any("hangs on a few people" in text for text in told["sentences"]) is warned
        assert told["verdicts"][0]["lead"].startswith("Hardly anybody uses it.") is warned
        assert told["verdicts"][0]["lines"][0]["word"].startswith("Hardly anybody: ") is warned


def test_a_mean_that_hangs_on_a_few_worlds_says_so(grown: list[Pooled]) -> None:
    found = grown[-1].appraisal
    for values, warned in (([0.0, 0.0, 3.0], True), ([0.0, 1.0, 3.0], False), ([0.0, 0.0, 0.0], False)):
        arm = {**found.values[HOSTILE], "additional_member_months": values}
        told = answer(replace(found, values={**found.values, HOSTILE: arm}), {})["sentences"]
        assert any("a change in membership in 1 of 3 worlds only" in text for text in told) is warned


def test_training_reaches_those_who_are_awarded_it(world: Scenario) -> None:
    course = scheme(kind="training_voucher", share=None, hours=2.0, hour_price=3000)
    (found,) = growing(world, {"course": (course,)}, [2], executor=Inline)
    told = answer(found.appraisal, {})
    rows = {row["term"]: row["cells"][0]["mean"] for row in told["rows"]}
    assert rows["recipients"] == "0" != rows["awarded_people"]
    assert told["verdicts"][0]["lines"][0]["word"].startswith(f"{rows['awarded_people']} of ")


def test_a_reason_stands_where_a_number_cannot(grown: list[Pooled]) -> None:
    told = answer(grown[-1].appraisal, {})
    (row,) = [one for one in told["rows"] if one["term"] == "public_cost_per_additional_member_months"]
    assert row["cells"][1]["mean"] == "none"
    assert row["cells"][1]["reason"] == "there is none of it"


@pytest.fixture(scope="session")
def written(grown: list[Pooled], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write_files(grown[-1].appraisal, folder / "files")
    return folder


def test_files_hold_everything_and_a_hostile_name_is_text_in_each(grown: list[Pooled], written: Path) -> None:
    for name in OFFERED:
        assert (written / name if name == ARCHIVE else written / "files" / name).is_file()
    text = (written / "files" / REPORT).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert" in text
    assert "simulation, not a forecast" in text
    assert not re.search(r'(src|href)="(?!data:|#)', text), "the report loads nothing"
    with (written / "files" / "numbers.csv").open(encoding="utf-8", newline="") as file:
        arms = {row["arm"] for row in csv.DictReader(file)}
    assert not any(arm.startswith("=") for arm in arms), "no spreadsheet takes a name for a formula"
    for name in CHARTS:
        assert "<script" not in (written / "files" / f"{name}.svg").read_text(encoding="utf-8")
    with zipfile.ZipFile(written / ARCHIVE) as packed:
        names = packed.namelist()
    assert {
        "coworksim-answer/appraisal.json",
        "coworksim-answer/manifest.json",
        "coworksim-answer/scenario.yaml",
    } <= set(names)
    again = read_arms([str(written / "files" / "policy-1.yaml")], grown[-1].scenario)
    assert again == {"policy-1": tuple(grown[-1].arms[HOSTILE])}, "what was compared can be compared again by command"
    manifest = json.loads((written / "files" / "manifest.json").read_text(encoding="utf-8"))
    assert REPORT in manifest["files"]


def test_a_report_of_four_policies_with_long_names_is_written(grown: list[Pooled], tmp_path: Path) -> None:
    found = grown[-1]
    names = [f"{at}. {'a policy with a long name, ' * 2}" for at in range(4)]
    many = replace(
        found,
        arms=dict.fromkeys(names, (scheme(),)),
        values=dict.fromkeys(names, found.values[HOSTILE]),
        series=pd.concat([found.series[found.series["arm"] == 0].assign(arm=at) for at in range(4)]),
    )
    write_files(many.appraisal, tmp_path / "files")
    text = (tmp_path / "files" / REPORT).read_text(encoding="utf-8")
    assert "3. a policy with a long name" in text


def test_the_command_of_a_report_makes_the_same_numbers_again(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = json.loads((written / "files" / "appraisal.json").read_text(encoding="utf-8"))
    assert escape(shlex.join(first["command"])) in (written / "files" / REPORT).read_text(encoding="utf-8")
    monkeypatch.chdir(written / "files")
    done = CliRunner().invoke(commands, [*first["command"][1:], "--quiet", "--out", str(tmp_path / "again")])
    assert done.exit_code == 0, done.output
    again = json.loads((tmp_path / "again" / "appraisal.json").read_text(encoding="utf-8"))
    names = dict(zip(first["arms"], again["arms"], strict=True))
    told = [{key: one[key] for key in ("arm", "term", "value", "low", "high")} for one in first["numbers"]]
    for one in told:
        one["arm"] = names[one["arm"]]
    assert told == [{key: one[key] for key in told[0]} for one in again["numbers"]]


def test_charts_of_the_page_hold_no_style_and_can_be_read(written: Path) -> None:
    for name in CHARTS:
        drawn = (written / "files" / f"{name}.svg").read_text(encoding="utf-8")
        text = unstyled(drawn)
        assert "style" in drawn
        assert "style" not in text
        assert len(list(ElementTree.fromstring(text).iter())) == drawn.count("</") + drawn.count("/>") - 1


def test_a_single_run_counts_everybody_and_draws_a_sample(world: Scenario) -> None:
    given = {
        "scenario": world.model_copy(update={"policies": ()}).model_dump(mode="json"),
        "policies": [scheme().model_dump(mode="json")],
        "seed": 4,
    }
    run = frames(given)
    assert len(run["weeks"]) == world.weeks
    assert run["sample"] == run["people"] <= SAMPLE
    for week in run["weeks"]:
        assert len(week["where"]) == len(week["paid"]) == run["sample"]
        assert sum(sign != "." for sign in week["where"]) == week["members"], "everybody is drawn here"
        assert week["paid"].count("1") == week["paid_people"] <= week["members"]
        assert set(week["where"]) - {"."} <= set(run["spaces"])
    assert any(week["paid_people"] for week in run["weeks"])


def test_what_prints_by_chance_does_not_come_between_messages(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+", encoding="utf-8") as out:
        worker = Worker(out, 1)
        worker.tell(job="1", done=3, left=None)
        worker.tell(ready=True)
        out.seek(0)
        assert [json.loads(line) for line in out] == [{"job": "1", "done": 3, "left": None}, {"ready": True}]


def test_a_fault_names_no_place_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Worker, job: str, message: object) -> tuple[str, str]:
        raise OSError(f"{tmp_path}/job-1/title is too long")

    monkeypatch.setattr(Worker, "_answer", broken)
    out = io.StringIO()
    worker = Worker(out, 1)
    worker._asked.put({"job": "1", "folder": str(tmp_path / "job-1")})
    worker._asked.put(None)
    worker.work()
    (told,) = [json.loads(line) for line in out.getvalue().splitlines()]
    assert told["error"] == "OSError: .../title is too long"


def test_money_that_is_gone_early_and_costs_that_are_far_apart_are_told(world: Scenario) -> None:
    course = scheme(kind="voucher", share=None, amount=2000, months=1, budget=3_696, end=26, lag=0)
    (found,) = growing(world, {"course": (course,), "half": (scheme(budget=2_000_000),)}, [2], executor=Inline)
    told = " ".join(answer(found.appraisal, {})["sentences"])
    last = found.appraisal.number("course", "last_paid_week")["value"]
    assert f"The money of course is spent after {figure(last)} weeks" in told
    assert "The money of half is spent" not in told
    assert "They cost different sums: look at the cost" in told
