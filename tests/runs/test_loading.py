"""A result that was saved, or came from another process: the same tables and sentences, and no model."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from coworksim.files.errors import InputError
from coworksim.files.load import load_scenario
from coworksim.runs.simulation import Result, simulate
from tests.folders import resealed
from tests.worlds import KINDS, with_policies

NAMES = ("series", "spaces", "workers", "ledger", "ties", "events")


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(with_policies([KINDS["voucher"], KINDS["community_grant"]]), seed=5, events=True)


def same(one: Result, other: Result) -> None:
    for name in NAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_dtype=False)
    facts = ("seed", "replicate", "digest", "awarded")
    assert [getattr(one, fact) for fact in facts] == [getattr(other, fact) for fact in facts]
    assert one.scenario.name == other.scenario.name
    lines = [found.report().splitlines()[1:] for found in (one, other)]  # the first has seconds, which are rounded
    assert lines[0] == lines[1]
    assert repr(one) == repr(other)
    with pytest.raises(LookupError, match="has tables and no model: run it again"):
        _ = other.model


def test_a_saved_result_is_loaded_and_saved_again(result: Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run")
    found = Result.load(folder)
    same(result, found)
    assert found.scenario.digest == result.scenario.model_copy(update={"seed": 5}).digest
    again = found.save(tmp_path / "again", graph=True)
    for name in NAMES:
        assert (again / f"{name}.csv").read_bytes() == (folder / f"{name}.csv").read_bytes()
    assert (again / "ties.graphml").is_file()
    with pytest.raises(LookupError):
        _ = found.recorder


def test_a_result_without_events_has_none_when_loaded(tmp_path: Path) -> None:
    result = simulate(load_scenario("tiny", {"weeks": 2, "burn_in_weeks": 2}))
    found = Result.load(result.save(tmp_path / "run"))
    assert found.events is None
    assert found.tables.keys() == result.tables.keys()


def test_a_result_can_be_pickled(result: Result) -> None:
    found = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes
    same(result, found)
    assert found.recorder.weeks == result.recorder.weeks


@pytest.mark.slow
def test_a_pool_of_processes_can_return_results(result: Result) -> None:
    with ProcessPoolExecutor(1) as pool:
        found = pool.submit(simulate, result.scenario, 5, events=True).result()
    same(result, found)


def test_a_report_draws_charts_where_they_are_wanted(result: Result, tmp_path: Path) -> None:
    told = result.report(tmp_path / "charts")
    assert told.startswith(result.scenario.title)
    assert "awarded" in told
    assert list((tmp_path / "charts").glob("*.svg"))


def test_what_a_notebook_shows_is_short_and_escaped(result: Result) -> None:
    assert repr(result).startswith("<Result of")
    shown = result._repr_html_()
    assert "&lt;Result of" in shown
    assert "<td>" in shown


def test_a_folder_that_holds_no_run_is_refused(result: Result, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"there is no manifest\.json in it; give the folder that coworksim run created"
    ):
        Result.load(tmp_path)
    folder = result.save(tmp_path / "run")
    (folder / "ties.parquet").unlink()
    with pytest.raises(InputError, match=r"'ties\.parquet' is missing in it; run coworksim run again"):
        Result.load(folder)
    resealed(folder, lambda manifest: manifest.pop("replicate"))
    with pytest.raises(InputError, match=r"its manifest\.json does not fit: it has no 'replicate'"):
        Result.load(folder)
    (folder / "manifest.json").write_text("not json", encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json cannot be read \(JSONDecodeError\)"):
        Result.load(folder)
