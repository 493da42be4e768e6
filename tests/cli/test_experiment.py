"""Studies on the command line: run, status, resume, analyse, export, sweep."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import coworksim.cli
from coworksim.cli import commands
from coworksim.runs.engines import Inline

SOURCES = Path(coworksim.cli.__file__).resolve().parents[2]
STUDY = """# What does the price of a desk do?
title: Price
scenario: tiny
set: {weeks: 6, awareness.at_opening: 0.9}
vary: [space.price: 50..250, membership.churn]
method: morris
size: 2
replicates: 2
outcomes: [members_at_end, gain_sc_in_space]
"""

type Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command in a folder with a study, runs in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coworksim.runs.runner._Coordinator._made", lambda coordinator: Inline())
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(commands, [str(argument) for argument in arguments])


@pytest.mark.slow
def test_a_study_is_run_told_and_left_as_files(call: Call, tmp_path: Path) -> None:
    done = call("experiment", "run", "study.yaml", "--out", "runs")
    assert done.exit_code == 0, done.output
    assert "16 of 16 runs are done." in done.stdout
    assert "members_at_end" in done.stdout
    assert done.stderr.splitlines()[-1].startswith("16 of 16 runs")
    analysis = tmp_path / "runs" / "analysis"
    charts = {f"sensitivity{name}.{kind}" for name in ("", "-members-at-end") for kind in ("svg", "png")}
    tables = {f"{name}.{kind}" for name in ("indices", "outcomes") for kind in ("csv", "parquet")}
    assert {*charts, *tables, "findings.txt", "manifest.json"} <= {path.name for path in analysis.iterdir()}
    digest = json.loads((analysis / "manifest.json").read_text(encoding="utf-8"))["digest"]
    page = (analysis / "findings.txt").read_text(encoding="utf-8")
    for said in ("What does the price of a desk do?", "16 of 16 runs are done, of a design with 8 points", digest):
        assert said in page
    manifest = json.loads((tmp_path / "runs" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == ["coworksim", "experiment", "run", "study.yaml", "--out", "runs"]
    assert manifest["study_file"] == STUDY
    assert (manifest["runs"]["done"], manifest["runs"]["total"]) == (16, 16)
    again = call("experiment", "resume", "study.yaml", "--out", "runs")
    assert digest in again.stdout


@pytest.mark.slow
def test_status_analyse_and_export_run_nothing(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("experiment", "run", "study.yaml", "--quiet").output == ""
    monkeypatch.setattr("coworksim.runs.batch.run_all", None)
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("study-")
    told = call("experiment", "status", "study.yaml").stdout
    assert told == f"16 of 16 runs are done; size 2, 2 replicates, in results/{folder.name}.\n"
    assert json.loads(call("experiment", "status", "study.yaml", "--json").stdout)["runs"] == {"done": 16}
    assert "16 of 16 runs are done." in call("experiment", "analyse", "study.yaml").stdout
    for name in ("a.csv", "a.parquet"):
        assert call("experiment", "export", "study.yaml", "--to", name).stdout == f"16 runs: {name}\n"
    table, same = pd.read_csv(tmp_path / "a.csv"), pd.read_parquet(tmp_path / "a.parquet")
    assert table["members_at_end"].tolist() == same["members_at_end"].tolist()
    assert {"point", "replicate", "status", "space.price", "gain_sc_in_space"} <= set(table.columns)
    refused = call("experiment", "export", "study.yaml", "--to", "a.csv")
    assert (refused.exit_code, "exists" in refused.stderr) == (2, True)
    assert call("experiment", "export", "study.yaml", "--to", "a.xlsx").exit_code == 2
    assert call("experiment", "export", "study.yaml", "--to", "a.csv", "--force").exit_code == 0


@pytest.mark.slow
def test_an_analysis_leaves_files_of_others_alone(call: Call, tmp_path: Path) -> None:
    assert call("experiment", "run", "study.yaml", "--out", "runs", "--quiet").exit_code == 0
    (tmp_path / "runs" / "analysis" / "thesis.txt").write_text("mine", encoding="utf-8")
    refused = call("experiment", "analyse", "study.yaml", "--out", "runs")
    assert (refused.exit_code, "thesis.txt" in refused.stderr) == (2, True)


REFUSED = {
    ("run", "nope"): "nope: no study is called 'nope'",
    ("run", "bad.yaml"): "bad.yaml:5:8: no parameter is called 'space.prize'; write space.price",
    ("resume", "study.yaml"): "holds no study",
    ("status", "study.yaml"): "holds no study",
    ("analyse", "study.yaml"): "holds no study",
    ("run", "study.yaml", "--executor", "ray://a:1"): "the engine 'ray://a:1' is not known; write dask://host:port",
    ("run", "factorial.yaml", "--narrow", "0.1"): "narrow is 0.1, and the method of the study factorial; give",
    ("run", "study.yaml", "--workers", "0"): "0 is not in the range",
}


def test_what_cannot_be_done_ends_with_2_and_a_sentence(call: Call, tmp_path: Path, subtests: pytest.Subtests) -> None:
    (tmp_path / "bad.yaml").write_text(STUDY.replace("space.price", "space.prize"), encoding="utf-8")
    (tmp_path / "factorial.yaml").write_text(STUDY.replace("morris", "factorial"), encoding="utf-8")
    for arguments, said in REFUSED.items():
        with subtests.test(" ".join(arguments)):
            done = call("experiment", *arguments)
            assert (done.exit_code, done.stdout) == (2, "")
            assert said in done.stderr
            assert "Traceback" not in done.stderr
            assert not (tmp_path / "results").exists()


def test_studies_are_listed(call: Call) -> None:
    found = json.loads(call("experiment", "list", "--json").stdout)
    assert {"screening", "sobol-membership"} <= {one["name"] for one in found}
    assert all(one["question"].endswith("?") for one in found)
    assert "screening" in call("experiment", "list").stdout


@pytest.mark.slow
def test_a_sweep_needs_no_file(call: Call, tmp_path: Path) -> None:
    arguments = ("--vary", "space.price=50:250", "--vary", "membership.churn", "--points", 2, "--replicates", 2)
    done = call("sweep", "tiny", *arguments, "--outcomes", "members_at_end, price", "--out", "runs")
    assert done.exit_code == 0, done.output
    assert "10 of 10 runs are done." in done.stdout
    table = pd.read_csv(tmp_path / "runs" / "analysis" / "effects.csv")
    assert set(table["input"]) == {"space.price", "membership.churn"}
    assert set(table["outcome"]) == {"members_at_end", "price"}
    text = json.loads((tmp_path / "runs" / "manifest.json").read_text(encoding="utf-8"))["study_file"]
    (tmp_path / "sweep-tiny.yaml").write_text(text, encoding="utf-8")
    again = call("experiment", "status", "sweep-tiny.yaml", "--out", "runs")
    assert again.stdout.startswith("10 of 10 runs are done")


def test_a_bad_sweep_names_the_option(call: Call) -> None:
    done = call("sweep", "tiny", "--vary", "space.prize=1:2", "--vary", "space.price=9", "--outcomes", "member")
    assert done.exit_code == 2
    assert sorted(line.partition(": ")[0] for line in done.stderr.splitlines()) == [
        "--outcomes member",
        "--vary space.price=9",
        "--vary space.prize=1:2",
    ]
    other = call("sweep", "tinny", "--vary", "space.price")
    assert (other.exit_code, "tiny" in other.stderr) == (2, True)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_saves_says_how_to_go_on_and_ends_with_130(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text(STUDY.replace("size: 2", "size: 64"), encoding="utf-8")
    command = [sys.executable, "-c", "from coworksim.cli import main; main()", "experiment", "run", "long.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if not line.startswith(("0 of", "To do: ")):
                break
        os.killpg(process.pid, signal.SIGINT)  # all of them, as a terminal does
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert errors.splitlines()[-1] == "Go on with: coworksim experiment run long.yaml"
    done, _, total = errors.splitlines()[-2].removeprefix("Stopped. ").partition(" runs")[0].partition(" of ")
    assert 0 < int(done) < int(total) == 512
    told = subprocess.run(
        [*command[:-2], "status", "long.yaml", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["runs"] == {"done": int(done), "missing": 512 - int(done)}


def test_the_number_of_rows_that_are_exported_has_its_thousands_apart(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coworksim.runs.study_run.Study.load", lambda *_, **__: SimpleNamespace(altered=()))
    monkeypatch.setattr("coworksim.report.study_files.export_runs", lambda *_: 12_345)
    assert call("experiment", "export", "study.yaml", "--to", "a.csv").stdout == "12,345 runs: a.csv\n"


def test_how_runs_are_to_be_done_reaches_the_engine(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def caught(study: str, **given: Any) -> None:
        asked.append(given)
        raise KeyboardInterrupt

    monkeypatch.setattr("coworksim.appraisal.paired_study.run_study", caught)
    limits = ["--workers", 3, "--deadline", 7, "--memory", 500, "--retry", "--force", "--out", "there"]
    for command in ("run", "resume"):
        if command == "resume":
            monkeypatch.setattr("coworksim.runs.stored_runs.read_manifest", lambda folder: {"plan": {"series": 4}})
        call("experiment", command, "study.yaml", *limits)
        call("experiment", command, "study.yaml", "--out", "there")
    names = ("workers", "deadline_seconds", "memory_limit_mb", "retry", "force", "folder")
    told = [[given[name] for name in names] for given in asked]
    assert told == 2 * [[3, 7.0, 500.0, True, True, Path("there")], [2, None, None, False, False, Path("there")]]
    assert [given["series"] for given in asked] == [None, None, 4, 4]
