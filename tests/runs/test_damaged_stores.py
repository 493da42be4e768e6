"""A folder of runs whose manifest is not as it was written is refused in a sentence, whoever reads it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim import run_study
from coworksim.cli import commands
from coworksim.evidence.patterns.pattern_runs import PatternStudy
from coworksim.evidence.patterns.patterns import Patterns
from coworksim.evidence.survey import surveys
from coworksim.evidence.survey.surveys import Survey
from coworksim.files.errors import FolderError, InputError, RunnerError, StoreError
from coworksim.files.load import load_scenario
from coworksim.files.manifest import MANIFEST, seal_of
from coworksim.model.scenario import Scenario
from coworksim.report.html.studies_beside import read_study
from coworksim.runs.engines import Inline
from coworksim.runs.run import Outcome, Run, version_of
from coworksim.runs.store import RunStore
from coworksim.runs.study_run import Study
from tests.evidence.survey.worlds import surveyed
from tests.folders import JSON, manifest_of, places, resealed, with_numbers
from tests.runs.functions import ishigami, study

LOADED: list[tuple[str, Callable[..., Any]]] = [
    ("study", Study.load),
    ("survey", Survey.load),
    ("patterns", Patterns.load),
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that is done, and a survey and patterns of which nothing is done yet."""
    place = tmp_path_factory.mktemp("kept")
    (place / "study.yaml").write_text(study("morris", 2), encoding="utf-8")
    run_study(place / "study.yaml", place / "study", executor=Inline, measure=ishigami)
    _begun(place / "survey", surveys.work, _survey(surveyed()))
    scenario = load_scenario("tiny")
    asked = {"draws": 1, "replicates": 2, "decompose": 0}
    patterns = PatternStudy("tiny", scenario, {}, Patterns.purpose, 1, {}, asked)
    _begun(place / "patterns", surveys.work, patterns.manifest)
    return place


def _survey(scenario: Scenario) -> dict[str, Any]:
    world = scenario.model_dump(mode="json")
    return {"purpose": "survey", "world": world, "seed": 1, "trial": False, "replicates": 2}


def _begun(folder: Path, measure: Any, about: Mapping[str, Any]) -> None:
    with RunStore(folder, study="0", code=version_of(measure)) as store:
        store.expect(2, **about)


def _said(load: Callable[[Path], Any], folder: Path) -> str | None:
    """Return why a folder is refused; None where it is taken, and told. Whatever else is raised is a fault."""
    try:
        found = load(folder)
        assert found.report()
        assert repr(found)
        assert found._repr_html_()
    except (FolderError, InputError, RunnerError) as error:
        return str(error)
    return None


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a size of its own": lambda folder: with_numbers(folder, lambda it: it["plan"].update(size=4)),
    "replicates below 0": lambda folder: with_numbers(folder, lambda it: it["plan"].update(replicates=-4)),
    "another scenario": lambda folder: with_numbers(folder, lambda it: it["design"].update(scenario="small-town")),
    "fewer runs": lambda folder: with_numbers(folder, lambda it: it["runs"].update(done=1, total=1)),
    "another model": lambda folder: with_numbers(folder, lambda it: it.update(model_version="0" * 64)),
    "no seal": lambda folder: with_numbers(folder, lambda it: it.pop("seal")),
    "no list of what was mixed": lambda folder: resealed(folder, lambda it: it.pop("mixed")),
    "more replicates than can be": lambda folder: resealed(folder, lambda it: it["plan"].update(replicates=10**9)),
    "a design in words": lambda folder: resealed(folder, lambda it: it.update(design="morris")),
    "nested too deep": lambda folder: (folder / MANIFEST).write_text("[" * 100_000, encoding="utf-8"),
    "another kind": lambda folder: resealed(folder, lambda it: it.update(kind="run")),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", DAMAGE)
def test_a_changed_manifest_is_refused_by_loaders_and_commands(kept: Path, tmp_path: Path, what: str) -> None:
    folder = Path(shutil.copytree(kept / "study", tmp_path / "study"))
    assert _said(Study.load, folder) is None
    DAMAGE[what](folder)
    said = str(_said(Study.load, folder))
    assert "give another folder" in said
    assert str(folder) in said
    if what != "a design in words":  # which commands take from the study's file
        for command in (["analyse"], ["status"], ["export", "--to", str(tmp_path / "table.csv")], ["run"]):
            more = [*command[:1], str(kept / "study.yaml"), *command[1:], "--out", str(folder)]
            done = CliRunner().invoke(commands, ["experiment", *more])
            assert done.exit_code == 2, done.output
            assert done.stderr.count("\n") == 1


@pytest.mark.slow
@settings(deadline=None)
@given(st.data())
def test_whatever_a_manifest_of_runs_says_ends_in_a_result_or_a_sentence(kept: Path, data: st.DataObject) -> None:
    kind, load = data.draw(st.sampled_from(LOADED))
    file = kept / kind / MANIFEST
    before, manifest = file.read_bytes(), manifest_of(kept / kind)
    place = data.draw(st.sampled_from(places(manifest)))
    holder = manifest
    for key in place[:-1]:
        holder = holder[key]
    was, holder[place[-1]] = holder[place[-1]], data.draw(JSON)
    sealed_anew = data.draw(st.booleans())
    if sealed_anew:
        manifest["seal"] = seal_of(manifest)
    try:
        file.write_text(json.dumps(manifest), encoding="utf-8")
        said = _said(load, kept / kind)
    finally:
        file.write_bytes(before)
    assert said is None or len(said) > 20
    assert said is not None or sealed_anew or json.dumps(was) == json.dumps(holder[place[-1]])


def _other(file: Path, change: Callable[[Any], Any]) -> None:
    """Replace the outcomes in a file."""
    table = pq.read_table(file)
    values = pa.array([change(value) for value in table["value"].to_pylist()])
    pq.write_table(table.set_column(table.column_names.index("value"), "value", values), file)


#: What is done to a file of runs, and whether it may be used where that is allowed.
ALTERED: dict[str, tuple[Callable[[Path], object], bool]] = {
    "a million more": (lambda file: _other(file, lambda value: value + 1e6), True),
    "text for numbers": (lambda file: _other(file, str), False),
    "no table": (lambda file: file.write_bytes(b"PAR1"), False),
    "gone": (lambda file: file.unlink(), False),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", ALTERED)
def test_altered_runs_are_refused_or_marked_wherever_they_are_told(kept: Path, tmp_path: Path, what: str) -> None:
    """As of a folder of results: only where nothing but a file's content differs they may be used, and then say so."""
    damage, allowed = ALTERED[what]
    folder = Path(shutil.copytree(kept / "study", tmp_path / "study"))
    damage(folder / "outcomes" / "000000.parquet")
    words = [str(kept / "study.yaml"), "--out", str(folder)]
    table = tmp_path / "table.csv"
    for command in (["analyse", *words], ["export", *words, "--to", str(table)]):
        refused = CliRunner().invoke(commands, ["experiment", *command])
        assert refused.exit_code == 2
        assert refused.stderr.count("\n") == 1
        assert "outcomes/000000.parquet" in refused.stderr
        assert "run the study again to repeat what is missing, or add --altered" in refused.stderr
        done = CliRunner().invoke(commands, ["experiment", *command, "--altered"])
        assert done.exit_code == (0 if allowed else 2), done.output
        assert ("altered since written: outcomes/000000.parquet." in done.stdout) is allowed
    if not allowed:
        with pytest.raises(StoreError):
            Study.load(folder, altered=True)
        return
    found = Study.load(folder, altered=True)
    assert repr(found).endswith("altered since written>")
    assert found.report().startswith("These results were altered since written: ")
    page = (folder / "analysis" / "findings.txt").read_text(encoding="utf-8")
    assert page.startswith("These results were altered since written: ")
    assert read_study(folder).altered == ("outcomes/000000.parquet",)


@pytest.mark.slow
def test_altered_runs_of_patterns_and_surveys_are_refused_alike(kept: Path, tmp_path: Path) -> None:
    for kind, load in LOADED[1:]:
        folder = Path(shutil.copytree(kept / kind, tmp_path / kind))
        with RunStore(folder, study="0", code=version_of(surveys.work)) as store:
            store.add(Run("a", 0, {}), Outcome("a", "failed", error="it broke"))
        assert "it broke" not in str(_said(load, folder))
        file = folder / "runs" / "000000.parquet"
        pq.write_table(pq.read_table(file).append_column("note", pa.array(["x"])), file)
        assert "is not as it was written" in str(_said(load, folder))
        found = load(folder, altered=True)
        assert found.batch.altered == ("runs/000000.parquet",)
        assert found.report(tmp_path / f"{kind}-told").startswith("These results were altered since written: ")
        if kind == "patterns":  # of a survey of which nothing is done there is nothing to write
            assert manifest_of(tmp_path / f"{kind}-told")["altered"] == ["runs/000000.parquet"]
