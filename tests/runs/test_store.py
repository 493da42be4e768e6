"""The folder of a study: what goes in comes out, whole or not at all, and nothing else does."""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coworksim.files.errors import RunnerError, StoreError
from coworksim.runs import parts
from coworksim.runs.batch import RunCache
from coworksim.runs.engines import Inline
from coworksim.runs.run import Outcome, Run, Status
from coworksim.runs.store import RunStore
from coworksim.runs.stored_runs import StoredRuns
from tests.runs.work import having, run_all, runs, task

STUDY = "5" * 64
BATCH = having(having(runs(40, weeks=3), 7, do="raise"), 8, do="nan", value=math.nan)


def open_store(folder: Path, **options: object) -> RunStore:
    settings: dict[str, object] = {"study": STUDY, "code": "c" * 64, "part_runs": 10, **options}
    return RunStore(folder, **settings)  # type: ignore[arg-type]  # options by name


def filled(folder: Path, batch: list[Run] = BATCH) -> StoredRuns:
    with open_store(folder) as store:
        run_all(batch, task, store=store, executor=Inline)
    return StoredRuns(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path / "study").folder


def manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_every_run_is_a_row(folder: Path) -> None:
    table = StoredRuns(folder).runs().to_pandas().set_index("number")
    assert list(table.index) == list(range(40))
    assert table["status"].value_counts().to_dict() == {"done": 38, "failed": 1, "invalid": 1}
    assert table.loc[7, "error"] == "ValueError: no desks left"
    assert table.loc[8, "error"] == "half is nan"
    assert json.loads(table.loc[9, "payload"]) == BATCH[9].payload


def test_outcomes_and_series_are_those_of_runs_that_are_done(folder: Path) -> None:
    outcomes = StoredRuns(folder).outcomes().to_pandas()
    assert set(outcomes["number"]) == set(range(40)) - {7, 8}
    wide = outcomes.pivot_table(index="number", columns="outcome", values="value")
    assert (wide["square"] == wide.index**2).all()
    assert (wide["half"] == wide.index / 2).all()
    series = StoredRuns(folder).series(["week", "skill"]).to_pandas()
    assert list(series.columns) == ["number", "week", "skill"]
    assert len(series) == 3 * 38
    assert (series["skill"] == series["number"] + series["week"] / 7).all()
    assert set(StoredRuns(folder).series().column_names) == {"run_id", "number", "week", "skill"}


def test_an_unknown_column_is_refused_with_the_nearest(folder: Path) -> None:
    with pytest.raises(StoreError, match="have no column 'skil'; did you mean 'skill'"):
        StoredRuns(folder).series(["skil"])


def test_the_tables_are_plain_folders_of_parquet(folder: Path) -> None:
    assert len(pd.read_parquet(folder / "runs")) == 40
    assert len(pd.read_parquet(folder / "outcomes")) == 2 * 38


def test_a_batch_without_series_has_none(tmp_path: Path) -> None:
    found = filled(tmp_path / "study", runs(5))
    assert found.series().num_rows == 0
    assert list((tmp_path / "study" / "series").iterdir()) == []


def test_an_empty_study_can_be_read(tmp_path: Path) -> None:
    found = filled(tmp_path / "study", [])
    assert (found.runs().num_rows, found.outcomes().num_rows, found.series().num_rows) == (0, 0, 0)


def test_series_that_gain_a_column_are_read_with_gaps(tmp_path: Path) -> None:
    with open_store(tmp_path / "study", part_runs=1) as store:
        store.add(Run("a", 0, {}), Outcome("a", "done", {}, pa.table({"week": [0]})))
        store.add(Run("b", 1, {}), Outcome("b", "done", {}, pd.DataFrame({"week": [0], "kind": ["x"]})))
    assert store.stored().series(["kind"]).to_pydict() == {"number": [0, 1], "kind": [None, "x"]}


def test_series_must_leave_our_columns_free(tmp_path: Path) -> None:
    with pytest.raises(RunnerError, match="must not have a column 'number'"), open_store(tmp_path / "s") as store:
        store.add(Run("a", 0, {}), Outcome("a", "done", {}, pa.table({"number": [0]})))


@pytest.mark.slow
def test_serial_parallel_fresh_and_resumed_give_the_same_digest(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "parallel", part_runs=3) as store:
        run_all(reversed(BATCH), task, store=store)
    with open_store(tmp_path / "resumed") as store:
        run_all(BATCH[5:20], task, store=store, executor=Inline)
    with open_store(tmp_path / "resumed") as store:
        missing = [run for run in BATCH if not store.holds(run.run_id)]
        assert missing == BATCH[:5] + BATCH[20:]
        assert run_all(BATCH, task, store=store).skipped == 15
    digests = {StoredRuns(place).digest() for place in (folder, tmp_path / "parallel", tmp_path / "resumed")}
    assert digests == {StoredRuns(folder).digest()}


@pytest.mark.parametrize("change", ["value", "week", "status", "number", "name", "column"])
def test_the_digest_sees_every_change(change: str, tmp_path: Path) -> None:
    def digest(
        place: str, *, value: float = 1.0, week: int = 3, number: int = 0, name: str = "a", column: str = "week"
    ) -> str:
        with open_store(tmp_path / place) as store:
            status: Status = "failed" if place == "status" else "done"
            store.add(Run("a", number, {}), Outcome("a", status, {name: value}, pa.table({column: [week]})))
            store.add(Run("b", 1, {}), Outcome("b", "done", {}))
        return store.stored().digest()

    changes: dict[str, dict[str, object]] = {
        "value": {"value": 1.0 + 2**-52},
        "week": {"week": 4},
        "status": {},
        "number": {"number": 2},
        "name": {"name": "b"},
        "column": {"column": "day"},
    }
    assert digest("plain") == digest("again") != digest(change, **changes[change])  # type: ignore[arg-type]  # by name


def test_ids_of_runs_and_new_names_of_outcomes_move_no_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def digest(place: str, run_id: str, name: str) -> str:
        with open_store(tmp_path / place) as store:
            values = {name: 1.0, f"1 {name}": 1.5, "b": 2.0}
            store.add(Run(run_id, 0, {}), Outcome(run_id, "done", values, pa.table({name: [3]})))
        return store.stored().digest()

    plain = digest("plain", "x", "a")
    assert digest("other id", "y", "a") == plain
    monkeypatch.setattr(parts, "HASHED_NAMES", {"renamed": "a"})
    assert digest("renamed", "x", "renamed") == plain != digest("another", "x", "other")


def test_the_manifest_says_where_the_runs_came_from(tmp_path: Path) -> None:
    with open_store(tmp_path / "study", about={"command": ["coworksim", "x"], "seeds": [3]}, total=40) as store:
        run_all(BATCH, task, store=store, executor=Inline)
    found = manifest(tmp_path / "study")
    assert found["runs"] == {"total": 40, "done": 38, "failed": 1, "invalid": 1, "infeasible": 0}
    assert (found["study"], found["model_version"]) == (STUDY, "c" * 64)
    assert (found["command"], found["seeds"], found["mixed"]) == (["coworksim", "x"], [3], [])
    assert {"environment", "machine", "started", "updated"} <= set(found)


def test_a_part_is_written_when_it_is_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "study", part_seconds=30) as store:
        store.add(Run("a", 0, {}), Outcome("a", "done", {"x": 1.0}))
        store.tick()
        assert store.stored().runs().num_rows == 0
        later = time.monotonic() + 31
        monkeypatch.setattr(time, "monotonic", lambda: later)
        store.tick()
        assert store.stored().runs().num_rows == 1


def test_jumps_of_the_clock_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, real = list[float](), time.time

    def jumping() -> float:
        asked.append(real() + 1e7 * len(asked))
        return asked[-1]

    monkeypatch.setattr(time, "time", jumping)
    assert -time.time() + time.time() > 5e6  # the clock goes on by four months at each look
    filled(tmp_path / "jumping")
    monkeypatch.undo()
    assert StoredRuns(tmp_path / "jumping").digest() == filled(tmp_path / "steady").digest()
    assert len(list((tmp_path / "jumping" / "parts").iterdir())) == 4


def test_a_long_scenario_is_kept_once_as_its_hash(tmp_path: Path) -> None:
    found = filled(tmp_path / "study", runs(3, scenario="x" * 100_000))
    assert json.loads(found.runs()["payload"][0].as_py())["scenario"].startswith("sha256:")


def test_one_series_is_read_without_the_others(tmp_path: Path) -> None:
    weeks, held = 12, 10
    with open_store(tmp_path / "study"):
        pass
    for number in range(4):
        index = pa.array([held * number + run for run in range(held) for _ in range(weeks)], pa.int64())
        ids = pa.array([f"{run:064}" for run in range(held) for _ in range(weeks)])
        week = pa.array(list(range(weeks)) * held, pa.int64())
        columns = {f"v{k}": pa.array([math.sin(k + i) for i in range(held * weeks)]) for k in range(4)}
        table = pa.table({"run_id": ids, "number": index, "week": week, **columns})
        parts.write_part(tmp_path / "study", number, {"series": table})
    found = StoredRuns(tmp_path / "study").series(["week", "v1"])
    assert (found.num_rows, found.column_names) == (4 * held * weeks, ["number", "week", "v1"])
    assert pq.read_schema(tmp_path / "study" / "series" / "000000.parquet").names[:3] == ["run_id", "number", "week"]
    assert os.listdir(tmp_path / "study" / "parts")


def test_a_cache_keeps_what_succeeded_and_tries_again_what_did_not(tmp_path: Path) -> None:
    done, lost = (Run(name, number, {}) for number, name in enumerate(("done", "lost")))
    with RunCache(tmp_path / "notes") as first:
        first.add(done, Outcome("done", "done", {"x": 1.5}))
        first.add(lost, Outcome("lost", "failed", error="it broke"))
    with RunCache(tmp_path / "notes", ["another", "command"]) as again:
        assert again.known["done"].values == {"x": 1.5}
        assert set(again.known) == {"done"}
        again.add(lost, Outcome("lost", "done", {"x": 2.5}))
    with RunCache(tmp_path / "notes") as last:
        assert {name: dict(one.values) for name, one in last.known.items()} == {"done": {"x": 1.5}, "lost": {"x": 2.5}}


def _own(folder: Path, *columns: list[object]) -> StoredRuns:
    """Keep runs, each in a part of its own, whose series have one column without a declared type."""
    with open_store(folder, part_runs=1, own=True) as store:
        for at, values in enumerate(columns):
            store.add(Run(str(at), at, {}), Outcome(str(at), "done", {}, pd.DataFrame({"queue": values})))
    return store.stored()


def test_a_column_of_somebodys_own_has_one_type_in_every_part(tmp_path: Path) -> None:
    """Whole numbers in one run, fractions in another, nothing in a third: also where the command goes on later."""
    found = _own(tmp_path / "study", [1, 2], [0.5, None], [None, None], [np.int8(3)])
    files = sorted((tmp_path / "study" / "series").glob("*.parquet"))
    assert [str(pq.read_schema(file).field("queue").type) for file in files] == ["double"] * 4
    assert found.series(["queue"])["queue"].to_pylist() == [1.0, 2.0, 0.5, None, None, None, 3.0]
    assert pl.read_parquet(files)["queue"].sum() == 6.5


def test_a_column_of_another_kind_of_values_makes_a_run_invalid_and_is_told(tmp_path: Path) -> None:
    found = _own(tmp_path / "study", [1], ["long"], [2**60], [True], [0.5])
    told = found.runs().select(["status", "error"]).to_pylist()
    assert [row["status"] for row in told] == ["done", "invalid", "invalid", "invalid", "done"]
    assert told[1]["error"] == "column 'queue' of its series holds string, and double in other runs; give one of these"
    assert "give fractions or text" in told[2]["error"]
    assert found.series(["queue"])["queue"].to_pylist() == [1.0, 0.5]
    with open_store(tmp_path / "study", own=True) as store:  # the kind is that of the folder
        store.add(Run("9", 9, {}), Outcome("9", "done", {}, pd.DataFrame({"queue": ["long"]})))
    assert store.stored().runs()["status"].to_pylist()[-1] == "invalid"
