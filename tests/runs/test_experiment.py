"""A study from file to findings: the same however it is done, nothing twice, and what cannot be is said."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import coworksim.runs.study_run as whole
from coworksim import Study, load_study, run_study
from coworksim.files.errors import RefusedError, StoreError
from coworksim.runs.engines import Inline
from coworksim.runs.progress import Forecast
from coworksim.runs.run import Progress
from coworksim.runs.sensitivity import widest
from coworksim.runs.stored_runs import StoredRuns
from coworksim.runs.study import Plan
from coworksim.runs.study_run import study_of
from tests.runs.functions import CALLS, MENDED, ailing, faulty, ishigami, noisy, study

REAL = """# Is a study the same however it is done?
title: Small
scenario: tiny
set: {weeks: 13, awareness.at_opening: 0.9}
vary: [space.price: 50..250, membership.money]
method: sobol
size: 2
replicates: 2
outcomes: [members_at_end, gain_sc_in_space, gain_sc_per_member_year]
"""

type Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a study file."""

    def write(text: str) -> Path:
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        return tmp_path / "study.yaml"

    return write


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.slow
def test_serial_parallel_killed_and_resumed_give_the_same_digest(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, struck, seen, stop = written(REAL), list[int](), list[Progress](), threading.Event()

    def kill(at: Progress) -> None:
        seen.append(at)
        if at.done and not struck:
            victim = workers()[0]
            struck.append(victim.pid)
            victim.kill()

    def halt(at: Progress) -> None:
        if at.done:
            stop.set()

    monkeypatch.setattr("coworksim.runs.runner._SHOW", 0.0)  # it is told of the first run that ends
    serial = run_study(path, tmp_path / "serial", executor=Inline)
    parallel = run_study(path, tmp_path / "parallel", progress=kill)
    assert struck
    assert not psutil.pid_exists(struck[0])
    assert seen[-1].restarts == 1
    first = run_study(path, tmp_path / "resumed", progress=halt, stop=stop, workers=1)
    assert first.stopped
    assert 0 < first.counts["done"] < serial.counts["done"]
    assert first.digest != serial.digest
    second = run_study(path, tmp_path / "resumed", progress=seen.append)
    assert seen[-1].done == serial.counts["done"] - first.counts["done"]  # nothing twice
    for found in (serial, parallel, second, Study.load(tmp_path / "parallel", path)):
        assert found.complete
        assert found.counts == serial.counts
        assert found.digest == serial.digest
        assert found.analyses["scenario"].table.equals(serial.analyses["scenario"].table)
    other = run_study(replace(load_study(path), seed=2), tmp_path / "other", executor=Inline)
    assert other.digest != serial.digest


@pytest.mark.slow
def test_points_that_are_one_run_are_run_once(written: Written, tmp_path: Path) -> None:
    found = run_study(written(REAL.replace("size: 2", "size: 4")), tmp_path / "runs", executor=Inline)
    assert len(found.plan) == len(found.runs) == 40
    assert sum(found.counts.values()) == found.runs["run_id"].nunique() < 40  # a choice that did not change
    assert found.runs["members_at_end"].notna().all()
    told = found.manifest["runs"]
    assert told["done"] == told["total"] == found.counts["done"]


def test_an_undefined_outcome_leaves_the_others(written: Written, tmp_path: Path) -> None:
    nobody = REAL.replace("weeks: 13, awareness.at_opening: 0.9", "weeks: 4, membership.appeal: -16")
    found = run_study(written(nobody), tmp_path / "runs", executor=Inline)
    assert set(found.runs["status"]) == {"done"}
    assert (found.runs["members_at_end"] == 0).all()
    assert found.runs["gain_sc_per_member_year"].isna().all()
    assert found.analyses["scenario"].outcomes.set_index("outcome").loc["gain_sc_per_member_year", "undefined"] == 10


def test_no_number_where_there_must_be_one_is_invalid(written: Written, tmp_path: Path) -> None:
    found = run_study(written(study(size=8)), tmp_path / "runs", measure=faulty, executor=Inline)
    assert found.counts["invalid"] > 0
    assert (found.runs["status"] == "invalid").equals(found.runs["membership.churn"] > 0.06)
    assert set(found.runs.loc[found.runs["status"] == "invalid", "error"]) == {"members_at_end is nan"}


def test_failed_and_invalid_runs_are_done_again_when_asked(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = written(study(size=16, inputs=1)), tmp_path / "runs"
    first = run_study(path, folder, measure=ailing, executor=Inline)
    assert first.counts["failed"] > 1
    assert first.counts["invalid"] > 1
    CALLS.clear()
    again = run_study(path, folder, measure=ailing, executor=Inline)
    assert (CALLS, again.counts) == ([], first.counts)
    monkeypatch.setattr("tests.runs.functions.MENDED", [True])
    assert not MENDED
    mended = run_study(path, folder, measure=ailing, executor=Inline, retry=True)
    assert len(CALLS) == first.counts["failed"] + first.counts["invalid"]
    assert mended.counts == {"done": sum(first.counts.values())}
    fresh = run_study(path, tmp_path / "fresh", measure=ailing, executor=Inline)
    assert mended.digest == fresh.digest == StoredRuns(folder).digest() != first.digest
    told = StoredRuns(folder).manifest
    assert (told["runs"]["done"], told["runs"]["failed"], told["runs"]["invalid"]) == (mended.counts["done"], 0, 0)
    assert [note["runs"] for note in told["retried"]] == [len(CALLS) - fresh.counts["done"]]
    CALLS.clear()
    assert run_study(path, folder, measure=ailing, executor=Inline, retry=True).digest == mended.digest
    assert CALLS == []


@pytest.mark.slow
def test_a_run_without_a_number_where_there_must_be_one_is_invalid_too(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coworksim.runs.outcomes.measure", lambda result, names: dict.fromkeys(names, math.nan))
    found = run_study(written(REAL), tmp_path / "runs", executor=Inline)
    assert set(found.counts) == {"invalid"}
    assert set(found.runs["error"]) == {"members_at_end is nan, gain_sc_in_space is nan"}
    assert found.analyses == {}


def test_points_that_cannot_be_are_rows_that_are_never_run(written: Written, tmp_path: Path) -> None:
    vary = "[population.freelancer_share: 0.1..0.6, population.owner_share: 0.1..0.6]"
    text = REAL.replace("[space.price: 50..250, membership.money]", vary)
    text = text.replace("sobol", "factorial")
    found = run_study(written(text), tmp_path / "runs", executor=Inline)
    assert found.counts == {"done": 6, "infeasible": 2}
    assert found.complete
    assert StoredRuns(tmp_path / "runs").manifest["runs"]["infeasible"] == 2
    assert found.runs.loc[found.runs["status"] == "infeasible", "seconds"].tolist() == [0, 0]


@pytest.mark.slow
def test_size_doubles_until_indices_are_sure_enough_and_nothing_is_run_twice(written: Written, tmp_path: Path) -> None:
    path = written(study(size=16))
    CALLS.clear()
    found = run_study(path, tmp_path / "runs", measure=ishigami, executor=Inline, narrow=0.15)
    assert found.plan.size > 64
    assert len(CALLS) == len(set(CALLS)) == found.counts["done"]
    table = found.analyses["scenario"].table
    assert ((table["high"] - table["low"]) / 2).max() <= 0.15
    begun = replace(load_study(path), size=found.plan.size)
    fresh = run_study(begun, tmp_path / "fresh", measure=ishigami, executor=Inline)
    assert (fresh.digest, fresh.plan.size) == (found.digest, found.plan.size)
    half = study_of(replace(found.plan, size=found.plan.size // 2), StoredRuns(found.folder)).runs
    assert half["run_id"].tolist() == found.runs["run_id"].tolist()[: len(half)]


@pytest.mark.slow
def test_replicates_grow_until_the_tolerance_is_met(written: Written, tmp_path: Path) -> None:
    text = study("factorial", 2, 3).replace("replicates: 1", "tolerance: {members_at_end: 0.05}")
    CALLS.clear()
    found = run_study(written(text), tmp_path / "runs", measure=noisy, executor=Inline)
    assert found.plan.replicates > 8
    assert widest(found.analyses["scenario"], "members_at_end") <= 0.05
    assert len(CALLS) == len(set(CALLS)) == found.counts["done"]
    begun = replace(load_study(tmp_path / "study.yaml"), replicates=found.plan.replicates)
    assert run_study(begun, tmp_path / "fresh", measure=noisy, executor=Inline).digest == found.digest


def test_trajectories_double_until_the_tolerance_is_met(written: Written, tmp_path: Path) -> None:
    text = study("morris", 4, 3).replace("replicates: 1", "tolerance: {members_at_end: 0.08}")
    CALLS.clear()
    found = run_study(written(text), tmp_path / "runs", measure=noisy, executor=Inline)
    assert found.plan.size > 4
    assert widest(found.analyses["scenario"], "members_at_end") <= 0.08
    assert len(CALLS) == len(set(CALLS)) == found.counts["done"]


def test_what_a_run_computes_is_in_its_id(written: Written) -> None:
    read = load_study(written(REAL))
    plan = Plan(read, "code", 2, 2)
    ids = {cell.run.run_id for cell in plan}
    for other in (
        replace(plan, code="other"),
        replace(plan, series=4),
        replace(plan, measure="a.b"),
        replace(plan, study=replace(read, outcomes=read.outcomes[:2])),
        replace(plan, study=replace(read, seed=2)),
        replace(plan, study=replace(read, scenario_digest="0" * 64)),
    ):
        assert ids.isdisjoint(cell.run.run_id for cell in other)
    larger = {cell.run.run_id: cell.run.number for cell in replace(plan, size=4, replicates=3)}
    assert all(larger[cell.run.run_id] == cell.run.number for cell in plan if cell.run.run_id in larger)
    assert ids <= set(larger)


def test_a_folder_of_another_model_is_refused_unless_forced(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(study(size=2))
    first = run_study(path, tmp_path / "runs", measure=ishigami, executor=Inline)
    monkeypatch.setattr(whole, "version_of", lambda work: "0" * 64)
    with pytest.raises(StoreError, match="runs of another model"):
        run_study(path, tmp_path / "runs", measure=ishigami, executor=Inline)
    CALLS.clear()
    forced = run_study(path, tmp_path / "runs", measure=ishigami, executor=Inline, force=True)
    assert (len(CALLS), forced.digest) == (0, first.digest)
    with pytest.raises(StoreError, match="another study"):
        Study.load(tmp_path / "runs", replace(load_study(path), seed=2))


def test_a_folder_that_holds_more_gives_the_digest_of_what_is_asked(written: Written, tmp_path: Path) -> None:
    read = load_study(written(study(size=4)))
    run_study(replace(read, size=8, replicates=2), tmp_path / "runs", measure=ishigami, executor=Inline)
    CALLS.clear()
    less = run_study(read, tmp_path / "runs", measure=ishigami, executor=Inline)
    assert CALLS == []
    assert less.digest == run_study(read, tmp_path / "fresh", measure=ishigami, executor=Inline).digest


@pytest.mark.slow
def test_series_come_along_thinned(written: Written, tmp_path: Path) -> None:
    found = run_study(written(REAL), tmp_path / "runs", executor=Inline, series=6)
    table = StoredRuns(tmp_path / "runs").series()
    assert set(table["week"].to_pylist()) == {0, 6, 12}
    assert table.num_rows == 3 * 2 * found.counts["done"]
    assert Study.load(tmp_path / "runs", tmp_path / "study.yaml").digest == found.digest


def test_a_forecast_is_told_once_and_only_before_a_long_study(written: Written, tmp_path: Path) -> None:
    told: list[Forecast] = []
    path = written(study(size=32))
    run_study(path, tmp_path / "long", measure=ishigami, executor=Inline, forecast=told.append)
    run_study(path, tmp_path / "long", measure=ishigami, executor=Inline, forecast=told.append)
    run_study(
        replace(load_study(path), size=8), tmp_path / "short", measure=ishigami, executor=Inline, forecast=told.append
    )
    (forecast,) = told
    assert (forecast.runs, forecast.workers, forecast.timed) == (32 * 7, 2, 12)
    on_disk = sum(file.stat().st_size for file in (tmp_path / "long").glob("*/*.parquet"))
    assert forecast.runs * forecast.bytes_each == pytest.approx(on_disk, rel=0.6)


@pytest.mark.parametrize(
    ("method", "narrow", "series"), [("morris", 0.1, None), ("sobol", 0.0, None), ("sobol", None, 0)]
)
def test_what_cannot_be_done_is_refused_before_anything_is_written(
    method: str, narrow: float | None, series: int | None, written: Written, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match=r"narrow is|series is"):
        run_study(written(study(method, 4)), tmp_path / "runs", measure=ishigami, narrow=narrow, series=series)
    assert not (tmp_path / "runs").exists()
