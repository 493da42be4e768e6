"""A comparison that was saved says what it said when it was made, wherever it is told."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coworksim.app.answer import answer
from coworksim.appraisal.appraisal_folder import Change, Equalised
from coworksim.appraisal.result import Appraisal
from coworksim.files.errors import InputError
from coworksim.report import html
from coworksim.report.html.studies_beside import own_patterns
from coworksim.report.sentences.appraisal_text import appraisal_sentences, appraisal_tables
from coworksim.report.sentences.ranking_text import equalised_sentences, ranking_sentences, ranking_tables
from coworksim.report.sentences.rival_text import rival_lines, rival_tables
from tests.appraisal.made import VALUES
from tests.appraisal.worlds import scheme
from tests.folders import resealed
from tests.report.test_ranking_text import appraisal, drawn
from tests.report.test_rival_text import told as remaining

TOLD = (
    equalised_sentences,
    appraisal_tables,
    ranking_tables,
    ranking_sentences,
    appraisal_sentences,
    rival_tables,
    rival_lines,
)


@pytest.fixture(scope="module")
def found() -> Appraisal:
    """Two arms over draws, at equal cost, with a network: everything that a comparison may hold."""
    change = Change("half", "budget", "GBP", 1000.0, 2345.0)
    equal = Equalised("one", (scheme(),), (change,), 20_000.0, 9_000.0, 19_900.0, "met")
    ties: dict[str, Any] = {"opening": [], "without": [[0, 1, 0.5]], "with": [[0, 1, 0.75]]}
    person = {"member_without": True, "member_with": True, "supported": False}
    network = {"arm": "one", "replicate": 0, "seed": 1, "week": 3, "people": [person, person], "ties": ties}
    whole = replace(appraisal(drawn()), equalised={"one": equal}, network=network, tolerance={"public_cost_gbp": 9.0})
    whole = replace(whole, failed=["replicate 7: it broke"], flags=["one: one space gets much"])
    beside = remaining(-10.0, -16.0, -4.0, arm="one")
    return replace(whole, tables={**whole.tables, "remains": beside.tables["remains"]}, rival=beside.rival)


@pytest.fixture(scope="module")
def loaded(found: Appraisal, tmp_path_factory: pytest.TempPathFactory) -> Appraisal:
    place = tmp_path_factory.mktemp("saved") / "there"
    return Appraisal.load(found.save(place, command=["coworksim", "compare", "tiny"], charts=False))


def same(one: Appraisal, other: Appraisal) -> None:
    pd.testing.assert_frame_equal(one.numbers, other.numbers)
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], check_categorical=False, check_dtype=False)
    assert repr(one) == repr(other)
    assert one._repr_html_() == other._repr_html_()
    for tell in TOLD:
        assert tell(one) == tell(other)
    assert answer(one, {}) == answer(other, {})


def test_terminal_and_page_say_the_same_of_one_that_was_loaded(found: Appraisal, loaded: Appraisal) -> None:
    same(found, loaded)
    assert loaded.equalised == {"one": replace(found.equalised["one"], policies=tuple(found.arms["one"]))}
    assert (loaded.network, loaded.drawing, loaded.tolerance) == (found.network, found.drawing, found.tolerance)
    assert loaded.paired("one", "public_cost_gbp") == [VALUES["public_cost_gbp"]]


@pytest.mark.usefixtures("undrawn")
def test_the_report_says_the_same_of_one_that_was_loaded(found: Appraisal, loaded: Appraisal) -> None:
    made = replace(found, origin=loaded.origin)
    parts = [html.parts(one, own_patterns()) for one in (made, loaded)]
    for one in parts:
        one["pictures"] = {name: (picture.alt, picture.caption) for name, picture in one["pictures"].items()}
    for name, part in parts[0].items():
        assert repr(part) == repr(parts[1][name]), name  # a limit that is not known equals nothing, itself included


def test_it_is_saved_again_as_it_was(found: Appraisal, loaded: Appraisal, tmp_path: Path) -> None:
    command = ["coworksim", "compare", "tiny"]
    first = found.save(tmp_path / "first", command=command, charts=False)
    again = loaded.save(tmp_path / "again", charts=False)
    names = {path.name for path in first.iterdir()}
    assert names == {path.name for path in again.iterdir()}
    for name in names - {"manifest.json", "scenario.yaml"}:
        if not name.endswith("parquet"):
            assert (first / name).read_bytes() == (again / name).read_bytes(), name
    assert json.loads((again / "appraisal.json").read_text(encoding="utf-8"))["command"] == command


def test_an_appraisal_can_be_pickled(found: Appraisal) -> None:
    same(found, pickle.loads(pickle.dumps(found)))  # noqa: S301 - our own bytes


def test_arms_that_are_no_policies_are_refused(found: Appraisal, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "there", charts=False)
    broken: list[Any] = [{"one": [{"name": "x"}]}, {"one": 3}, [1], {}]
    for arms in broken:
        resealed(folder, partial(dict.update, arms=arms))
        with pytest.raises(InputError, match=r"its manifest\.json does not fit: it.* 'arms"):
            Appraisal.load(folder)
