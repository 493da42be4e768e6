"""``coworksim cache``: what is kept, and its end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.runs.world_cache import keep
from tests.runs.kept import keep_in


def said(*words: str) -> str:
    done = CliRunner().invoke(commands, ["cache", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_kept_is_told_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keep_in(tmp_path, monkeypatch)
    for number in range(3):
        keep("world", {"n": number}, {"a": np.zeros(9)}, {})
    size = sum(path.stat().st_size for path in folder.iterdir())
    found = json.loads(said("--json"))
    assert found == {
        "folder": str(folder),
        "limit_bytes": 10**9,
        "kept": {"world": {"files": 3, "bytes": size}, "baseline": {"files": 0, "bytes": 0}},
        "removed": False,
    }
    assert "worlds at the start  3, 0.0 MB" in said()
    assert "1 GB (COWORKSIM_KEEP_GB)" in said()
    assert said("--clear").startswith("Removed 3 files of 0.0 MB in ")
    assert list(folder.iterdir()) == []


def test_nothing_is_kept_where_nobody_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_in(tmp_path, monkeypatch, "0")
    assert "Nothing is kept and nothing is read." in said()


def test_where_no_folder_is_safe_nothing_is_said_to_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coworksim.runs.world_cache.place", lambda: None)
    assert said("--clear") == "Nothing is kept: no folder is safe to use.\n"
    assert "none is safe to use: nothing is kept" in said()


@pytest.mark.parametrize("command", [("cache",), ("compare", "tiny", "--policy", "subsidy-50")])
def test_a_limit_that_is_no_number_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    keep_in(tmp_path, monkeypatch, "much")
    done = CliRunner().invoke(commands, command)
    assert done.exit_code == 2
    assert "COWORKSIM_KEEP_GB is 'much'; write a number of GB from 0" in done.output
