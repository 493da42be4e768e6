"""``coworksim compare``: what it prints, what it leaves, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from coworksim.cli import commands
from coworksim.runs.batch import RunCache
from coworksim.runs.run import Outcome, Run

type Call = Callable[..., Result]

SCENARIO = """# Who gains?
title: a small world
extends: tiny
weeks: 30
policies:
  - {name: half, kind: membership_subsidy, share: 0.5, months: 3, lag: 1, end: 8, budget: 2000 GBP}
mechanisms: {awareness: off}
parameters: {membership.appeal: 3.2, schemes.hassle: 0}
"""


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SCENARIO)
    return lambda *arguments: CliRunner().invoke(commands, [str(argument) for argument in arguments])


SHORT = ("--replicates", 3, "--workers", 1)


@pytest.mark.slow
def test_a_table_is_printed_and_everything_is_saved(call: Call, tmp_path: Path) -> None:
    done = call("compare", "small.yaml", "--policy", "half", *SHORT, "--out", "there", "--png")
    assert done.exit_code == 0, done.output
    for word in (
        "share of support",
        "Desks used, without it",
        "Price elasticity of membership",
        "3 replicates",
        "Parameters were not varied: all intervals here cover chance alone",
        "Not in money: ",
        "Results: there",
    ):
        assert word in done.stdout
    assert "3 of 3 runs" in done.stderr
    files = set(json.loads((tmp_path / "there" / "manifest.json").read_text(encoding="utf-8"))["files"])
    charts = {f"{name}.{kind}" for name in ("difference", "forest", "cost-plane") for kind in ("svg", "png")}
    tables = {f"{name}.{kind}" for name in ("numbers", "weekly", "take-up", "funnel") for kind in ("csv", "parquet")}
    pictures = {f"{name}.{kind}" for name in ("replicates", "levels") for kind in ("csv", "parquet")}
    assert files == charts | tables | pictures | {"appraisal.json", "scenario.yaml", "network.json"}
    found = json.loads((tmp_path / "there" / "appraisal.json").read_text(encoding="utf-8"))
    assert all({"unit", "low", "high", "n"} <= set(number) for number in found["numbers"])
    assert (found["replicates"], found["price_year"]) == (3, 2022)
    assert any("sex, ethnicity" in line for line in found["read_this"])
    table = pd.read_parquet(tmp_path / "there" / "numbers.parquet")
    assert len(table) == len(found["numbers"]) > 200


@pytest.mark.slow
def test_no_name_of_a_table_is_printed_and_lines_fit(call: Call) -> None:
    done = call("compare", "small.yaml", "--policy", "half", "--policy", "subsidy-80", "--policy", "voucher", *SHORT)
    assert "_gbp" not in done.stdout
    assert "sd_years" not in done.stdout
    assert "arms 1 to 2 of 3" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 130


@pytest.mark.slow
def test_what_remains_is_told_by_both_accounts_unless_told_not_to(call: Call, tmp_path: Path) -> None:
    longer = (*SHORT, "--policy", "half", "--set", "weeks=54", "--out", "there")
    done = call("compare", "small.yaml", *longer)
    assert done.exit_code == 0, done.output
    assert "What remains of half after the last payment" in done.stdout
    assert "because they have got used to it" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 130
    found = json.loads((tmp_path / "there" / "appraisal.json").read_text(encoding="utf-8"))
    assert {row["persistence"] for row in found["remains"]} == {"habit", "taste", "difference"}
    assert (tmp_path / "there" / "remains.csv").exists()
    plain = call("compare", "small.yaml", *longer, "--no-rival", "--force")
    assert "What remains of" not in plain.stdout
    assert json.loads((tmp_path / "there" / "appraisal.json").read_text(encoding="utf-8"))["rival"] is None


@pytest.mark.slow
def test_draws_rank_the_arms_and_leave_their_tables(call: Call, tmp_path: Path) -> None:
    options = ("--replicates", 2, "--workers", 1, "--draws", 6, "--out", "there", "--set", "schemes.hassle=250")
    solvable = ("--set", "membership.elasticity=-0.6")  # beside any members and churn
    done = call("compare", "small.yaml", *options, *solvable)
    assert done.exit_code == 0, done.output
    for word in ("do nothing", "of 6 draws", "6 of 6 draws count", "Held as set", "By law of learning", "regret"):
        assert word in done.stdout
    assert "No ranking" not in done.stdout
    found = json.loads((tmp_path / "there" / "appraisal.json").read_text(encoding="utf-8"))
    assert found["drawing"]["counted"] == 6
    assert {row["arm"] for row in found["ranking"]} == {"do nothing", "as-declared"}
    for name in ("draws", "draw-inputs", "ranking", "laws", "switching"):
        table = pd.read_csv(tmp_path / "there" / f"{name}.csv")
        assert len(table) == len(found[name]) > 0
    assert "Without policies, over the draws: desks in use" in done.stdout
    assert (tmp_path / "there" / "acceptability.svg").exists()


@pytest.mark.slow
def test_arms_are_brought_to_a_cost_and_the_sentence_says_how(call: Call, tmp_path: Path) -> None:
    options = ("--budget", 250, "--equalise-cost", "--out", "there")
    done = call("compare", "small.yaml", "--policy", "half", "--policy", "do-nothing", *SHORT, *options)
    assert done.exit_code == 0, done.output
    assert "half costs " in done.stdout
    assert "half: budget from 2,000 to " in " ".join(done.stdout.split())
    assert "do-nothing has no policies" in done.stdout
    found = json.loads((tmp_path / "there" / "appraisal.json").read_text(encoding="utf-8"))
    assert [one["verdict"] for one in found["equalised"]] == [found["equalised"][0]["verdict"], "nothing"]
    assert abs(found["equalised"][0]["cost_in_pilots_gbp"] - 250) < 60  # in a world this small an award is a step


@pytest.mark.slow
def test_numbers_are_printed_as_json_for_programs(call: Call) -> None:
    done = call("compare", "small.yaml", *SHORT, "--json", "--quiet")
    found = json.loads(done.stdout)
    assert done.stderr == ""
    assert list(found["arms"]) == ["as-declared"]
    assert found["folder"] == "results/small-compare-seed1"


def test_bad_input_ends_with_2_and_says_what_to_write(call: Call, subtests: pytest.Subtests) -> None:
    cases = (
        (("compare", "small.yaml", "--policy", "hlaf"), "write half"),
        (("compare", "tiny"), "has no policies"),
        (("compare", "small.yaml", "--policy", "none.yaml"), "none.yaml"),
        (("compare", "small.yaml", "--tolerance", "support_gbp"), "write TERM=HALFWIDTH"),
        (("compare", "small.yaml", "--tolerance", "support_gpb=3"), "write support_gbp"),
        (("compare", "small.yaml", "--replicates", "0"), "--replicates"),
        (("compare", "small.yaml", "--draws", "5"), "--draws"),
        (("compare", "small.yaml", "--equalise-cost"), "write --budget 250000 --equalise-cost"),
        (("compare", "small.yaml", "--budget", "1000"), "write --budget 250000 --equalise-cost"),
        (("compare", "small.yaml", "--budget", "-1", "--equalise-cost"), "--budget"),
        (("compare", "small.yaml", "--set", "appraisal.vat=0.2"), "appraisal.vat_rate"),
    )
    for arguments, said in cases:
        with subtests.test(" ".join(arguments)):
            done = call(*arguments)
            assert done.exit_code == 2, done.output
            assert said in done.stderr
            assert "Traceback" not in done.output
            assert done.stdout == ""


def test_an_interruption_leaves_what_was_run(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("coworksim.appraisal.comparison._run", stopped)
    done = call("compare", "small.yaml", *SHORT)
    assert done.exit_code == 130
    assert "what was not finished is not written" in done.stderr
    assert "is saved in results/small-compare-seed1/runs." in done.stderr
    assert [path.name for path in (tmp_path / "results" / "small-compare-seed1").iterdir()] == ["runs"]


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


class _KilledError(BaseException):
    """Nothing that a command catches."""


@pytest.mark.slow
def test_a_comparison_that_ended_in_the_middle_goes_on_and_finds_the_same(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two of three replicates, and again after two of six draws: the same command does only what is missing."""
    arguments = ("compare", "small.yaml", "--policy", "half", *SHORT, "--draws", 6, "--quiet")
    assert call(*arguments, "--out", "whole").exit_code == 0
    added: list[int] = []
    plain = RunCache.add

    def ends(self: RunCache, run: Run, outcome: Outcome) -> None:
        plain(self, run, outcome)
        added.append(run.number)
        if len(added) in (2, 5):
            raise _KilledError

    monkeypatch.setattr(RunCache, "add", ends)
    words = [str(word) for word in (*arguments, "--out", "ended")]
    for _ in range(2):
        with pytest.raises(_KilledError):
            CliRunner().invoke(commands, words, catch_exceptions=False)
        assert not (tmp_path / "ended" / "manifest.json").exists()
    assert call(*words).exit_code == 0
    assert sorted(added) == [0, 0, 1, 1, 2, 2, 3, 4, 5]  # three replicates and six draws, each once
    one, other = _tables(tmp_path / "whole"), _tables(tmp_path / "ended")
    assert one.keys() == other.keys() > {"numbers", "weekly", "draws"}
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, other[name])


@pytest.mark.slow
def test_more_replicates_are_added_to_those_that_are_there(call: Call, tmp_path: Path) -> None:
    base = ("compare", "small.yaml", "--policy", "half", "--workers", 1, "--quiet")
    for number in (2, 3):
        assert call(*base, "--replicates", number, "--out", "grown").exit_code == 0
    assert call(*base, "--replicates", 3, "--out", "at once").exit_code == 0
    runs = pq.read_table(tmp_path / "grown" / "runs" / "runs")
    assert sorted(runs["number"].to_pylist()) == [0, 1, 2]
    for name, table in _tables(tmp_path / "at once").items():
        pd.testing.assert_frame_equal(table, _tables(tmp_path / "grown")[name])


def test_as_many_draws_are_compared_as_are_asked_for_and_none_where_none_are(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def compared(*_: object, draws: int, **__: object) -> None:
        asked.append(draws)
        raise KeyboardInterrupt

    monkeypatch.setattr("coworksim.appraisal.comparison.compare", compared)
    for draws in ((), ("--draws", 24)):
        assert call("compare", "small.yaml", *SHORT, *draws).exit_code == 130
    assert asked == [0, 24]
