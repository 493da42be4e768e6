"""What a batch found is one object: it goes between processes, to a folder and back, and says in a line what it is."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest

from coworksim import Patterns, Study, Survey, run_patterns, run_study, survey_many
from coworksim.evidence.patterns.hypotheses import Contrast, run_contrast
from coworksim.evidence.patterns.patterns import Ablation, run_ablation
from coworksim.files.errors import StoreError
from tests.evidence.patterns.test_commands import WORLD
from tests.evidence.survey.worlds import surveyed
from tests.runs.files import load
from tests.runs.functions import ishigami, study

type Made = Callable[[Path], Any]
#: Every draw has constants of utility then.
SOLVABLE: Final[dict[str, Any]] = {"membership.persistence": "habit"}


def _world(folder: Path) -> str:
    (folder / "four.yaml").write_text(WORLD)
    return str(folder / "four.yaml")


def _study(folder: Path) -> Study:
    design = load(folder, study(size=8, replicates=2))
    return run_study(design, folder / "runs", measure=ishigami, workers=1)


def _survey(folder: Path) -> Survey:
    return survey_many(surveyed(), trial=False, folder=folder / "runs", workers=1)


def _patterns(folder: Path) -> Patterns:
    return run_patterns(_world(folder), SOLVABLE, draws=1, replicates=2, decompose=0, folder=folder / "runs", workers=1)


def _ablation(folder: Path) -> Ablation:
    return run_ablation(_world(folder), {}, replicates=1, folder=folder / "runs", workers=1)


def _contrast(folder: Path) -> Contrast:
    names = ("gap-closing", "partner-anchored")
    return run_contrast(names, _world(folder), {}, draws=20, folder=folder / "runs", workers=1)


MADE: dict[str, tuple[Made, str]] = {
    "study": (_study, "<Study case of tiny: sobol, size 8, 2 replicates, 112 of 112 runs done>"),
    "survey": (_survey, "<Survey of surveyed: 1 worlds, 89 answers, seed 1>"),
    "patterns": (_patterns, "<Patterns of four: 1 draws, 2 replicates, 0 decompose, seed 1, 12 of 12 runs done>"),
    "ablation": (_ablation, "<Ablation of four: 1 replicates, seed 1, "),
    "contrast": (_contrast, "<Contrast of four: 20 draws, seed 1, "),
}


def _tables(found: Any) -> dict[str, pd.DataFrame]:
    return {name: table for name, table in vars(found).items() if isinstance(table, pd.DataFrame)}


@pytest.mark.parametrize(
    "kind", ["study", "survey", *(pytest.param(k, marks=pytest.mark.slow) for k in list(MADE)[2:])]
)
def test_an_object_goes_between_processes_and_to_a_folder_and_back(kind: str, tmp_path: Path) -> None:
    make, line = MADE[kind]
    found = make(tmp_path)
    assert repr(found).startswith(line)
    assert len(repr(found)) < 120
    assert found._repr_html_().startswith("<p>&lt;")
    batch: Any = getattr(found, "batch", found)  # a study is its batch
    sent = pickle.loads(pickle.dumps(found))  # noqa: S301  # our own bytes, as a pool of processes does it
    place = found.save(tmp_path / "copy" / "runs")
    with pytest.raises(StoreError, match="is there already; give another folder"):
        found.save(place)
    for again in (sent, type(found).load(batch.folder), type(found).load(place)):
        assert (repr(again), getattr(again, "batch", again).digest) == (repr(found), batch.digest)
        tables = _tables(found)
        assert tables
        for name, table in tables.items():
            pd.testing.assert_frame_equal(table, _tables(again)[name])
    told = found.report(tmp_path / "report")
    assert told == sent.report()
    assert len(told) > 100
    assert {"manifest.json"} < {path.name for path in (tmp_path / "report").iterdir()}
    other = Study if kind != "study" else Survey
    with pytest.raises(StoreError, match=r"holds runs for \w+, not for \w+"):
        other.load(place)


def test_a_folder_of_another_layout_is_refused_in_one_sentence(tmp_path: Path) -> None:
    found = _study(tmp_path)
    manifest = found.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"layout": 2', '"layout": 1'))
    opens: list[Callable[[], object]] = [lambda: Study.load(found.folder), lambda: _study(tmp_path)]
    for opened in opens:
        with pytest.raises(StoreError, match="in the layout of another version of coworksim; give another folder"):
            opened()
