"""A run is written a part of each table at a time: the same tables, of which none is ever there as a whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coworksim import simulate
from coworksim.model.model import CoworkingModel
from coworksim.runs import run_tables
from coworksim.runs.simulation import Result
from coworksim.runs.table_parts import TableParts
from tests.worlds import busy


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(busy(), events=True)


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("size", [23, 10_000])
@pytest.mark.parametrize("name", TableParts.LONG)
def test_parts_of_any_size_make_the_table(
    result: Result, monkeypatch: pytest.MonkeyPatch, name: str, size: int
) -> None:
    monkeypatch.setattr(run_tables, "PART", size)
    fresh = Result(result.scenario, result.seed, 0, 0.0, result.live, result.record, result.log)
    parts = list(fresh.parts_of(name))
    assert {len(part) for part in parts[:-1]} <= {size}
    assert joined(parts).equals(getattr(result, name))
    assert name not in vars(fresh)


def test_a_saved_run_has_made_no_long_table_and_holds_them_all(result: Result, tmp_path: Path) -> None:
    fresh = Result(result.scenario, result.seed, 0, 0.0, result.live, result.record, result.log)
    fresh.save(tmp_path / "run")
    assert not vars(fresh).keys() & {*TableParts.LONG}
    loaded = Result.load(tmp_path / "run")
    for name, table in result.tables.items():
        assert getattr(loaded, name).equals(table) or name in {"regions", "space_list"}, name
    assert loaded.digest == result.digest


def test_a_table_without_rows_has_one_part(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TableParts, "rows", lambda *_: 0)
    (part,) = Result(result.scenario, 1, 0, 0.0, result.live, result.record).parts_of("workers")
    assert (len(part), list(part.columns)) == (0, list(result.workers.columns))


def test_whom_people_know_is_counted_in_the_order_in_which_it_always_was(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of real numbers hang on their order: first all ties in which a person stands first, then the others."""
    monkeypatch.setattr("coworksim.runs.table_parts._TIES", 5)
    world = result.model.world
    ties, fresh = world.ties, world.workers.outside_contacts
    one, other = ties.source[: len(ties)], ties.target[: len(ties)]
    ends, far = np.concatenate([one, other]), np.concatenate([fresh[other], fresh[one]])
    found = Result(result.scenario, 1, 0, 0.0, result.live, result.record).workers
    degree = np.bincount(ends, minlength=len(fresh))
    mean = np.bincount(ends, far, len(fresh)) / np.where(degree > 0, degree, np.nan)
    assert found["ties"].tolist() == degree.tolist()
    assert found["partners_outside_contacts"].to_numpy().tobytes() == mean.tobytes()


def test_tables_are_copies_of_the_world(result: Result) -> None:
    model = CoworkingModel.fork(result.model)
    fresh = Result(result.scenario, 1, 0, 0.0, model, result.record)
    before = fresh.workers.copy()
    for name in model.world.workers.__slots__:
        getattr(model.world.workers, name)[:] = 1
    assert fresh.workers.equals(before)
