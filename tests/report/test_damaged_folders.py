"""A folder of results is used as it was written, or refused in a sentence; an altered one is marked wherever seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coworksim.appraisal.result import Appraisal
from coworksim.cli import commands
from coworksim.files.errors import InputError
from coworksim.files.manifest import MANIFEST, seal_of
from coworksim.files.table_files import write_table
from coworksim.runs.simulation import Result
from tests.folders import JSON, manifest_of, places, resealed, with_numbers
from tests.report.standin import standin
from tests.report.test_ranking_text import appraisal, drawn

UNHURRIED = settings(deadline=None)
LOADED: list[tuple[str, Any]] = [("run", Result.load), ("compare", Appraisal.load)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept")
    standin(weeks=4).save(place / "run")
    appraisal(drawn()).save(place / "compare", charts=False)
    return place


@pytest.fixture
def run(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept / "run", tmp_path / "run"))


@pytest.fixture
def compared(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept / "compare", tmp_path / "compare"))


def _report(folder: Path, *more: str) -> Any:
    return CliRunner().invoke(commands, ["report", str(folder), "--out", str(folder.parent / "page.html"), *more])


def _more(folder: Path) -> None:
    """Add a million to every number, in every table and in the JSON."""
    for file in folder.glob("*.parquet"):
        table = pd.read_parquet(file)
        numbers = table.select_dtypes("number").columns
        table[numbers] = (table[numbers] + 1_000_000).astype(table[numbers].dtypes.to_dict())
        write_table(table, {"parquet": file})
    text = json.loads((folder / "appraisal.json").read_text(encoding="utf-8"))
    for row in text["numbers"]:
        row["value"] = (row["value"] or 0) + 1_000_000
    (folder / "appraisal.json").write_text(json.dumps(text), encoding="utf-8")


def _another_scenario(folder: Path) -> None:
    file = folder / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("weeks: ", "weeks: 1"), encoding="utf-8")


def _changed(**more: Any) -> Callable[[Path], None]:
    return lambda folder: with_numbers(folder, lambda manifest: manifest.update(more))


def _swap(folder: Path) -> None:
    (folder / "weekly.parquet").write_bytes((folder / "numbers.parquet").read_bytes())


def _fewer_rows(folder: Path) -> None:
    table = pd.read_parquet(folder / "numbers.parquet")
    write_table(table.head(1), {"parquet": folder / "numbers.parquet"})


def _as_text(folder: Path) -> None:
    table = pd.read_parquet(folder / "numbers.parquet")
    write_table(table.assign(value=table["value"].astype(str)), {"parquet": folder / "numbers.parquet"})


#: What is done to a folder, and what is said of it; all but the first two are refused whatever is allowed.
DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a million more": (_more, "is not as it was written"),
    "a chart edited": (
        lambda folder: (folder / "numbers.csv").write_text("x", encoding="utf-8"),
        "'numbers.csv' is not",
    ),
    "a digest zeroed": (
        lambda folder: with_numbers(folder, lambda it: it["scenario"].update(digest="0" * 64)),
        "manifest.json is not as it was written",
    ),
    "incomplete": (_changed(complete=False), "it was not written to its end"),
    "complete in words": (_changed(complete="yes"), "it was not written to its end"),
    "another scenario": (_another_scenario, "scenario.yaml"),
    "replicates below 0": (_changed(replicates=-4), "its 'replicates' is '-4'"),
    "replicates in words": (_changed(replicates="20"), "its 'replicates' is"),
    "a seed of its own": (_changed(seed=99), "manifest.json is not as it was written"),
    "a hash mended": (
        lambda folder: with_numbers(folder, lambda it: it["files"]["numbers.parquet"].update(sha256="f" * 64)),
        "manifest.json is not as it was written",
    ),
    "a file gone": (lambda folder: (folder / "numbers.parquet").unlink(), "'numbers.parquet' is missing in it"),
    "a file turned folder": (
        lambda folder: (folder / "weekly.csv").rename(folder / "aside").parent.joinpath("weekly.csv").mkdir(),
        "'weekly.csv' is missing in it",
    ),
    "no manifest": (lambda folder: (folder / MANIFEST).unlink(), "there is no manifest.json in it"),
    "of another program": (_changed(made_by="other"), "is not that of results of coworksim"),
    "of an older version": (lambda folder: with_numbers(folder, lambda it: it.pop("seal")), "an older version"),
    "a path outside": (
        lambda folder: resealed(folder, lambda it: it["files"].update({"../page.html": it["files"]["numbers.csv"]})),
        "'../page.html' is missing in it",
    ),
    "nested too deep": (
        lambda folder: (folder / MANIFEST).write_text("[" * 100_000, encoding="utf-8"),
        "cannot be read",
    ),
    "not UTF-8": (lambda folder: (folder / MANIFEST).write_bytes(b'{"made_by": "\xff"}'), "cannot be read"),
    "a number too long": (
        lambda folder: (folder / MANIFEST).write_text("9" * 9999, encoding="utf-8"),
        "cannot be read",
    ),
    "rows lost": (_fewer_rows, "numbers.parquet has not the columns and rows that were written"),
    "a type changed": (_as_text, "numbers.parquet has not the columns and rows that were written"),
    "a table for another": (_swap, "weekly.parquet has not the columns and rows that were written"),
    "no table": (lambda folder: (folder / "weekly.parquet").write_bytes(b"PAR1"), "'weekly.parquet' cannot be read"),
}
_ALLOWED = ("a million more", "a chart edited")
_BY_HASH = ("another scenario", "rows lost", "a type changed", "a table for another", "no table")


@pytest.mark.slow
@pytest.mark.parametrize("what", DAMAGE)
def test_a_report_refuses_what_is_not_as_it_was_written(compared: Path, what: str) -> None:
    damage, said = DAMAGE[what]
    damage(compared)
    done = _report(compared)
    assert done.exit_code == 2, done.output
    assert (said if what not in _BY_HASH else "is not as it was written") in done.stderr
    assert done.stderr.count("\n") == 1
    allowed = _report(compared, "--altered")
    assert allowed.exit_code == (0 if what in _ALLOWED else 2), allowed.output
    assert what in _ALLOWED or said in allowed.stderr


@pytest.mark.slow
def test_a_sound_folder_is_reported_and_says_nothing_of_it(compared: Path) -> None:
    assert _report(compared).exit_code == 0
    assert _report(compared, "--altered").exit_code == 0
    assert "altered since written" not in (compared.parent / "page.html").read_text(encoding="utf-8")
    assert "altered" not in repr(Appraisal.load(compared))


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_an_altered_folder_is_marked_in_its_first_line_on_every_page_and_when_saved_again(
    compared: Path, tmp_path: Path
) -> None:
    _more(compared)
    found = Appraisal.load(compared, altered=True)
    page = found.report()
    first = page.partition('<div class="status">')[2]
    assert first.lstrip().startswith("<p>These results were altered since written: appraisal.json, draw-inputs.parquet")
    assert '@page { @top-center { content: "altered since written"' in page
    assert "<title>altered since written: " in page
    assert repr(found).endswith("altered since written>")
    again = Appraisal.load(found.save(tmp_path / "again", charts=False))
    assert again.altered == found.altered
    assert "altered since written" in again.report()


def test_a_run_is_refused_and_marked_alike(run: Path, tmp_path: Path) -> None:
    table = pd.read_parquet(run / "ties.parquet")
    write_table(table.assign(weight=9e9), {"parquet": run / "ties.parquet"})
    with pytest.raises(InputError, match=r"'ties\.parquet' is not as it was written.*altered=True"):
        Result.load(run)
    found = Result.load(run, altered=True)
    assert found.report().startswith("These results were altered since written: ties.parquet.\n")
    assert "altered since written" in repr(found)
    assert manifest_of(found.save(tmp_path / "again"))["altered"] == ["ties.parquet"]


@pytest.mark.parametrize(
    "change",
    [
        {"result_digest": "0" * 64},
        {"replicate": -1},
        {"seconds": float("nan")},
        {"awarded": [-1]},
        {"seed": 2**63},
        {"scenario": {"name": "tiny"}},
    ],
)
def test_a_run_with_another_manifest_is_refused(run: Path, change: dict[str, Any]) -> None:
    with_numbers(run, lambda manifest: manifest.update(change)) if "seconds" not in change else (
        (run / MANIFEST).write_text(json.dumps(manifest_of(run) | change), encoding="utf-8")
    )
    with pytest.raises(InputError, match=r"manifest\.json"):
        Result.load(run, altered=True)


def test_a_folder_of_another_command_is_refused(run: Path, compared: Path) -> None:
    assert "give the folder that coworksim compare created" in _report(run).stderr
    with pytest.raises(InputError, match="give the folder that coworksim run created"):
        Result.load(compared)


def _refused(load: Any, folder: Path, *, altered: bool) -> str | None:
    """Return why a folder is refused; None where it is taken. Whatever else is raised is a fault."""
    try:
        assert repr(load(folder, altered=altered))
    except InputError as error:
        return str(error)
    return None


def _damaged(file: Path, content: bytes, load: Any, *, altered: bool) -> str | None:
    """Return what is said where a file holds something else for a while."""
    before = file.read_bytes()
    try:
        file.write_bytes(content)
        return _refused(load, file.parent, altered=altered)
    finally:
        file.write_bytes(before)


@pytest.mark.slow
@UNHURRIED
@given(st.data())
def test_whatever_a_manifest_says_ends_in_a_result_or_a_sentence(kept: Path, data: st.DataObject) -> None:
    """Any place of it becomes anything, under its old seal or a new one."""
    kind, load = data.draw(st.sampled_from(LOADED))
    manifest = manifest_of(kept / kind)
    place = data.draw(st.sampled_from(places(manifest)))
    holder = manifest
    for key in place[:-1]:
        holder = holder[key]
    before, holder[place[-1]] = holder[place[-1]], data.draw(JSON)
    sealed_anew = data.draw(st.booleans())
    if sealed_anew:
        manifest["seal"] = seal_of(manifest)
    content = json.dumps(manifest).encode()
    said = _damaged(kept / kind / MANIFEST, content, load, altered=data.draw(st.booleans()))
    assert said is None or "; " in said  # what was found, and what to do
    changed = json.dumps(before) != json.dumps(holder[place[-1]])
    assert said is not None or sealed_anew or not changed


def _told(folder: Path, *, altered: bool) -> Any:
    """Load and tell."""
    loaded = dict(LOADED)[folder.name](folder, altered=altered)
    return loaded.report()


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_forged_manifest_says_is_told_or_refused(kept: Path, data: st.DataObject) -> None:
    """Under a new seal any place of it becomes anything: a page is made of it, or a sentence."""
    kind, _ = data.draw(st.sampled_from(LOADED))
    manifest = manifest_of(kept / kind)
    place = data.draw(st.sampled_from([one for one in places(manifest) if one[0] != "files"]))
    holder = manifest
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = data.draw(JSON)
    manifest["seal"] = seal_of(manifest)
    content = json.dumps(manifest).encode()
    said = _damaged(kept / kind / MANIFEST, content, _told, altered=False)
    assert said is None or "; " in said


@pytest.mark.slow
@UNHURRIED
@given(st.data())
def test_whatever_bytes_a_file_holds_ends_in_a_result_or_a_sentence(kept: Path, data: st.DataObject) -> None:
    kind, load = data.draw(st.sampled_from(LOADED))
    file = kept / kind / data.draw(st.sampled_from(sorted(manifest_of(kept / kind)["files"])))
    before = file.read_bytes()
    if data.draw(st.booleans()):
        after = data.draw(st.binary(max_size=40))
    else:
        at, some = data.draw(st.integers(0, max(len(before) - 1, 0))), data.draw(st.binary(max_size=3))
        after = before[:at] + some + before[at + len(some) :]
    said = _damaged(file, after, load, altered=False)
    assert said is None if after == before else "is not as it was written" in str(said)
    said = _damaged(file, after, load, altered=True)
    assert said is None or "; " in said
