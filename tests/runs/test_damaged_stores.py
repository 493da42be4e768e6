"""A folder of runs whose manifest is not as it was written is refused in a sentence, whoever reads it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

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
from coworksim.files.errors import FolderError, InputError, RunnerError
from coworksim.files.load import load_scenario
from coworksim.files.manifest import MANIFEST, seal_of
from coworksim.model.scenario import Scenario
from coworksim.runs.engines import Inline
from coworksim.runs.run import version_of
from coworksim.runs.store import RunStore
from coworksim.runs.study_run import Study
from tests.folders import JSON, manifest_of, places, resealed, with_numbers
from tests.runs.functions import ishigami, study

LOADED: list[tuple[str, Callable[[Path], Any]]] = [
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
    scenario = load_scenario("tiny")
    _begun(place / "survey", surveys.work, _survey(scenario))
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
    """Return why a folder is refused; None where it is taken. Whatever else is raised is a fault."""
    try:
        load(folder)
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
