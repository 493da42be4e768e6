"""Results on disk: whole or not at all, readable by anybody, and traceable to what made them."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from coworksim.files import manifest, table_files
from coworksim.files.columns import note
from coworksim.files.errors import FolderError
from coworksim.files.load import load_scenario
from coworksim.files.result_folder import check_folder
from coworksim.files.table_files import read_table
from coworksim.runs import run_folder
from coworksim.runs.run_folder import write_graph
from coworksim.runs.run_tables import TABLES
from coworksim.runs.simulation import Result, simulate
from tests.report.standin import standin


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(load_scenario("tiny", {"weeks": 8, "membership.appeal": 3.0}), seed=5)


@pytest.fixture
def folder(result: Result, tmp_path: Path) -> Path:
    return result.save(tmp_path / "deep" / "run", command=["coworksim", "run", "tiny"])


def _manifest(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_table_comes_back_from_parquet_and_csv(result: Result, folder: Path) -> None:
    for name in TABLES:
        table = getattr(result, name)
        pd.testing.assert_frame_equal(read_table(folder / f"{name}.parquet"), table, check_categorical=False)
        words = {c: object for c, dtype in table.dtypes.items() if dtype in ("category", "datetime64[ms]")}
        plain = table.assign(**{c: table[c].astype(str) for c in table if table[c].dtype.kind == "M"}).astype(words)
        pd.testing.assert_frame_equal(pd.read_csv(folder / f"{name}.csv"), plain, check_dtype=False)


@pytest.mark.slow
def test_a_table_in_parts_is_the_whole_table(result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result.save(tmp_path / "whole")
    monkeypatch.setattr(table_files, "PART", 7)
    result.save(tmp_path / "parts")
    for name in TABLES:
        whole, parts = (read_table(tmp_path / one / f"{name}.parquet") for one in ("whole", "parts"))
        pd.testing.assert_frame_equal(whole, parts)
        assert len({(tmp_path / one / f"{name}.csv").read_bytes() for one in ("whole", "parts")}) == 1


def test_nobody_without_a_plan_is_read_as_missing(result: Result, folder: Path) -> None:
    plans = pd.read_csv(folder / "workers.csv")["plan"]
    assert plans.notna().all()
    assert set(plans) == set(result.workers["plan"]) > {"none"}


def test_events_and_graph_are_saved_on_request_only(result: Result, folder: Path, tmp_path: Path) -> None:
    assert not {"events.csv", "events.parquet", "ties.graphml"} & set(_tree(folder))
    logged = simulate(result.scenario, seed=5, events=True)
    (tmp_path / "more").mkdir()
    logged.write(tmp_path / "more", graph=True)
    assert logged.events is not None
    pd.testing.assert_frame_equal(read_table(tmp_path / "more" / "events.parquet"), logged.events)
    plain = logged.events.astype({"event": "str"})
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "more" / "events.csv"), plain)
    assert set(_manifest(tmp_path / "more")["columns"]["events"]) == set(logged.events.columns)
    assert _manifest(tmp_path / "more")["result_digest"] == result.digest


def test_a_saved_graph_holds_everybody_and_every_tie(result: Result, tmp_path: Path) -> None:
    write_graph(result.workers, result.ties, tmp_path / "ties.graphml")
    graph = nx.read_graphml(tmp_path / "ties.graphml", node_type=int)
    people, ties = result.workers.set_index("key"), result.ties
    assert sorted(graph.nodes) == sorted(people.index)
    assert {frozenset(edge) for edge in graph.edges} == set(
        map(frozenset, zip(ties["key_a"], ties["key_b"], strict=True))
    )
    assert sum(float(data["weight"]) for *_, data in graph.edges(data=True)) == pytest.approx(ties["weight"].sum())
    for key, about in graph.nodes(data=True):
        assert about.pop("label") == f"worker {key}"
        assert about == {name: people.loc[key, name] for name in about}
        assert set(about) == {"region", "flag", "status", "occupation", "member", "space_key", "income_gbp_week"}


def test_a_saved_graph_is_well_formed_whatever_the_names(result: Result, tmp_path: Path) -> None:
    write_graph(result.workers.assign(region="R&D <\x00\x1b>"), result.ties, tmp_path / "ties.graphml")
    graph = nx.read_graphml(tmp_path / "ties.graphml", node_type=int)
    assert {str(data["region"]) for _, data in graph.nodes(data=True)} == {"R&D <\\x00\\x1b>"}


def test_every_column_is_explained_with_its_unit(result: Result, folder: Path) -> None:
    columns = _manifest(folder)["columns"]
    assert {name: list(getattr(result, name).columns) for name in TABLES} == {n: list(columns[n]) for n in TABLES}
    assert all(": " in text for table in columns.values() for text in table.values())
    with pytest.raises(KeyError):
        note("undeclared")


def test_manifest_names_what_made_the_result(result: Result, folder: Path) -> None:
    manifest = _manifest(folder)
    assert manifest["command"] == ["coworksim", "run", "tiny"]
    assert (manifest["seed"], manifest["replicate"], manifest["result_digest"]) == (5, 0, result.digest)
    assert manifest["environment"]["packages"]["numba"][0].isdigit()
    assert [len(manifest["environment"][name]) for name in ("model_version", "code_version")] == [64, 64]
    assert manifest["complete"] is True
    assert str(folder.parent) not in json.dumps(manifest)
    for name, about in manifest["files"].items():
        assert about["sha256"] == sha256((folder / name).read_bytes()).hexdigest()
    assert set(manifest["files"]) == set(_tree(folder)) - {"manifest.json"}


def test_the_saved_scenario_repeats_the_run(result: Result, folder: Path) -> None:
    again = load_scenario(folder / "scenario.yaml")
    assert again.digest == _manifest(folder)["scenario"]["digest"]
    assert simulate(again).digest == result.digest


def test_the_same_result_gives_the_same_tables(result: Result, folder: Path, tmp_path: Path) -> None:
    other = result.save(tmp_path / "other")
    first, second = _tree(folder), _tree(other)
    assert {n: b for n, b in first.items() if n != "manifest.json"} == {
        n: b for n, b in second.items() if n != "manifest.json"
    }


def test_names_cannot_become_formulas_of_a_spreadsheet(tmp_path: Path) -> None:
    shown = {
        "=HYPERLINK(1)": "'=HYPERLINK(1)",
        "+1": "'+1",
        "-1": "'-1",
        "@SUM(A1)": "'@SUM(A1)",
        " =1": "' =1",
        "\t=1": "\\t=1",
        "a\r\nb": "a\\r\\nb",
        "Leeds, West": "Leeds, West",
    }
    standin(dict.fromkeys(shown, "other"), weeks=2).save(tmp_path / "run")
    with (tmp_path / "run" / "workers.csv").open(newline="", encoding="utf-8") as file:
        assert list(dict.fromkeys(row["region"] for row in csv.DictReader(file))) == list(shown.values())
    assert list(dict.fromkeys(pd.read_parquet(tmp_path / "run" / "workers.parquet")["region"])) == list(shown)
    with (tmp_path / "run" / "series.csv").open(newline="", encoding="utf-8") as file:
        assert not next(csv.DictReader(file))["gain_sc_decay_points"].startswith("'")  # numbers stay numbers


def test_a_failure_leaves_no_trace_of_a_new_folder(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_folder, "write_parts", full)
    with pytest.raises(FolderError, match="No space"):
        result.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_earlier_results_as_they_were(
    result: Result, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _tree(folder)
    monkeypatch.setattr(run_folder, "write_parts", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        result.save(folder)
    assert _tree(folder) == before


def test_earlier_results_are_replaced_and_nothing_of_them_stays(folder: Path) -> None:
    other = standin(weeks=3)
    extra = folder / "old-chart.svg"
    extra.write_text("old", encoding="utf-8")
    manifest = _manifest(folder)
    manifest["files"]["old-chart.svg"] = {}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    other.save(folder)
    assert _manifest(folder)["result_digest"] == other.digest
    assert not extra.exists()
    assert not list(folder.rglob(".*"))


def test_a_replacement_cut_short_says_so_and_can_be_repeated(
    result: Result, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, moved = Path.replace, []

    def third_fails(self: Path, target: Path) -> Path:
        moved.append(target)
        if len(moved) == 3:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", third_fails)
        with pytest.raises(KeyboardInterrupt):
            result.save(folder)
    assert _manifest(folder)["complete"] is False
    result.save(folder)
    assert _manifest(folder)["complete"] is True


def test_a_folder_with_files_of_others_is_refused_and_kept(result: Result, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match=r"thesis\.txt.*--force"):
        result.save(tmp_path)
    assert _tree(tmp_path) == {"thesis.txt": b"mine"}
    result.save(tmp_path, force=True)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "series.csv").exists()


def test_a_note_beside_our_files_is_not_ours(result: Result, folder: Path) -> None:
    (folder / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match=r"notes\.md"):
        result.save(folder)


@pytest.mark.parametrize("content", ["{}", "[]", "not json", '{"made_by": "other", "files": {"x": 1}}'])
def test_a_manifest_of_another_program_gives_no_right(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(FolderError, match=r"manifest\.json"):
        check_folder(tmp_path)


def test_a_manifest_cannot_name_files_elsewhere(result: Result, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    inside = tmp_path / "run"
    inside.mkdir()
    (inside / "manifest.json").write_text('{"made_by": "coworksim", "files": ["../outside.txt"]}', encoding="utf-8")
    result.save(inside)
    assert outside.read_text(encoding="utf-8") == "mine"


def test_a_file_and_a_link_are_no_place_for_results(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="is a file"):
        check_folder(file)
    with pytest.raises(FolderError, match="cannot be written"):
        check_folder(file / "below")


def test_an_empty_folder_is_used_as_it_is(result: Result, tmp_path: Path) -> None:
    inode = tmp_path.stat().st_ino
    result.save(tmp_path)
    assert tmp_path.stat().st_ino == inode
    assert manifest.MANIFEST in _tree(tmp_path)
