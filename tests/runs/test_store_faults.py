"""Disks that fail, and folders that are not what they should be. Each test first shows that the fault struck."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coworksim.files.errors import FolderError, StoreError
from coworksim.files.result_folder import check_folder
from coworksim.runs import parts
from coworksim.runs.engines import Inline
from coworksim.runs.run import Run
from coworksim.runs.stored_runs import StoredRuns
from tests.runs.test_store import BATCH, filled, manifest, open_store
from tests.runs.work import run_all, runs, task


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path / "study").folder


def _tear(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


FAULTS: dict[str, Callable[[Path], None]] = {
    "torn": _tear,
    "one bit flipped": _flip,
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("table", [*parts.TABLES, parts.PARTS])
@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_part_that_has_changed_is_set_aside_and_its_runs_are_repeated(fault: str, table: str, folder: Path) -> None:
    whole = StoredRuns(folder).digest()
    lost = set(pd.read_parquet(folder / "runs" / "000001.parquet")["number"])
    path = sorted((folder / table).iterdir())[1]
    before = path.read_bytes()
    FAULTS[fault](path)
    assert not path.exists() or path.read_bytes() != before
    reader = StoredRuns(folder)
    assert set(reader.runs()["number"].to_pylist()) == set(range(40)) - lost
    assert set(reader.outcomes()["number"].to_pylist()) == set(range(40)) - lost - {7, 8}
    silent = (fault, table) == ("gone", parts.PARTS)  # as if it had never been finished
    assert [note.startswith(f"part 1 of {folder} is left out: ") for note in reader.notes] == [True] * (not silent)
    with open_store(folder) as again:
        assert [note.startswith(f"part 1 of {folder} is set aside: ") for note in again.notes] == [True] * (not silent)
        assert len(manifest(folder)["damaged"]) == (not silent)  # type: ignore[arg-type]  # a list
        summary = run_all(BATCH, task, store=again, executor=Inline)
    assert (summary.skipped, summary.total) == (30, 40)
    assert (folder / parts.ASIDE).exists() is not silent
    assert StoredRuns(folder).notes == []
    assert StoredRuns(folder).digest() == whole


@pytest.mark.parametrize("written", range(4))
def test_a_part_counts_when_all_of_it_is_written(written: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends after so many of the four files of a part."""
    whole, real, calls = StoredRuns(folder).digest(), parts.write_whole, list[Path]()

    def ending(path: Path, content: bytes) -> None:
        if len(calls) == written:
            raise SystemExit
        calls.append(path)
        real(path, content)

    monkeypatch.setattr(parts, "write_whole", ending)
    with pytest.raises(SystemExit), open_store(folder) as store:
        run_all([Run(f"more-{k}", 100 + k, {"x": k, "weeks": 2}) for k in range(5)], task, store=store, executor=Inline)
    assert len(calls) == written
    assert (StoredRuns(folder).digest(), StoredRuns(folder).notes) == (whole, [])


def test_a_file_is_never_there_in_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "file", list[bool]()
    parts.write_whole(path, b"old")

    def failing(handle: int) -> None:
        seen.append(path.read_bytes() == b"old")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match="cannot be written: Input/output error"):
        parts.write_whole(path, b"new")
    assert seen == [True]
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("file", b"old")]


def test_what_was_never_finished_is_ignored_and_removed(folder: Path) -> None:
    whole = StoredRuns(folder).digest()
    left = [folder / "runs" / "000004.parquet", folder / "series" / "000004.parquet.tmp", folder / "manifest.json.tmp"]
    for path in left:
        path.write_bytes(b"half a file")
    assert StoredRuns(folder).digest() == whole
    with open_store(folder) as again:
        assert again.notes == []
        assert not left[0].exists()
        assert not left[1].exists()
        run_all(runs(3), task, store=again)
    assert not left[2].exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("mounting a small disk takes the rights of root, on Linux")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_ends_the_batch_and_keeps_what_was_saved(small_disk: Path) -> None:
    folder = small_disk / "study"
    full = r"cannot be written: No space left on device; .* runs are not saved"
    with pytest.raises(StoreError, match=full), open_store(folder, part_runs=5) as store:
        run_all(runs(2000, weeks=20), task, store=store, executor=Inline)
    assert not list(folder.rglob("*.tmp"))
    saved = StoredRuns(folder)
    assert saved.notes == []
    held = saved.runs().num_rows
    assert 0 < held < 2000
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    with open_store(folder, part_runs=200) as mended:
        assert mended.notes == []
        summary = run_all(runs(500, weeks=20), task, store=mended)
    assert (summary.skipped, summary.done) == (held, 500 - held)


def test_runs_that_could_not_be_saved_are_counted_and_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def full(folder: Path, number: int, tables: object) -> None:
        tries.append(number)
        raise StoreError("the folder cannot be written")

    store = open_store(tmp_path / "study", part_runs=5000)
    monkeypatch.setattr("coworksim.runs.store.write_part", full)
    monkeypatch.setattr("coworksim.runs.store.tables_of", lambda batch, inputs: batch)
    waiting: Any = [object()] * 1234
    store._waiting += waiting
    with pytest.raises(StoreError, match="cannot be written; 1,234 runs are not saved, all before are: make room"):
        store.flush()
    store.flush()
    assert tries == [0]


LIMITED = """
import resource, sys
from pathlib import Path
from coworksim.files.errors import StoreError
from tests.runs.test_store import filled
from tests.runs.work import runs
resource.setrlimit(resource.RLIMIT_FSIZE, (1800, 1800))
try:
    filled(Path(sys.argv[1]), runs(100, weeks=100))
except StoreError as error:
    sys.exit(str(error))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_file_that_may_not_grow_is_a_sentence(tmp_path: Path) -> None:
    import coworksim

    paths = [str(Path(coworksim.__file__).parents[1]), str(Path(__file__).parents[2])]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "study")],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written: File too large; 10 runs are not saved, all before are" in done.stderr


def test_a_place_where_nothing_can_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="is a file; give a folder for the study"):
        open_store(tmp_path / "file")
    with pytest.raises(StoreError, match=r"cannot be made .*; give another folder"):
        open_store(tmp_path / "file" / "study")


def test_a_folder_that_may_only_be_read_is_refused_and_can_be_read(folder: Path, tmp_path: Path) -> None:
    folder.chmod(0o555)
    try:
        (folder / "probe").touch()
    except PermissionError:
        struck = True
    else:  # root ignores modes; a mount that may only be read stops it too
        (folder / "probe").unlink()
        bind = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
        if bind.returncode != 0:
            pytest.skip("root ignores modes, and mounting is not allowed")
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        struck = False
    try:
        with pytest.raises(OSError, match=r"Permission denied|Read-only file system"):
            (folder / "probe").touch()
        with pytest.raises(StoreError, match=r"cannot be written .*; give another folder"):
            open_store(folder)
        assert StoredRuns(folder).runs().num_rows == 40
    finally:
        if not struck:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a reader may not have let go yet
        folder.chmod(0o755)


def test_a_folder_of_another_study_is_refused_unless_forced(folder: Path) -> None:
    before = manifest(folder)
    with pytest.raises(StoreError, match=r"holds another study \(study 555555555555, not 666666666666\); give another"):
        open_store(folder, study="6" * 64)
    assert manifest(folder) == before
    with open_store(folder, study="6" * 64, force=True):
        pass
    mixed = manifest(folder)["mixed"]
    assert isinstance(mixed, list)
    assert [(note["study"], note["differs_from"]) for note in mixed] == [("6" * 64, "5" * 64)]


def test_runs_of_another_model_are_not_mixed_unless_forced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=r"of another model \(model_version cccccccccccc, not dddddddddddd\)"):
        open_store(folder, code="d" * 64)
    monkeypatch.setattr("coworksim.runs.store.model_version", lambda: "e" * 64)
    with pytest.raises(StoreError, match="not eeeeeeeeeeee"):  # the version of the model unless told otherwise
        open_store(folder, code=None)
    for _ in range(2):
        with open_store(folder, code="d" * 64, force=True):
            pass
    mixed = manifest(folder)["mixed"]
    assert isinstance(mixed, list)
    assert [note["model_version"] for note in mixed] == ["d" * 64]  # told once
    assert manifest(folder)["model_version"] == "c" * 64


def test_a_folder_that_holds_anything_else_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match=r"holds other files \(thesis.txt\) and no study"):
        open_store(tmp_path / "mine")
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["thesis.txt"]
    with pytest.raises(FolderError, match="holds files that coworksim did not write"):
        check_folder(folder)  # a single run does not go into the folder of a study


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("{", "is damaged; put back"), ("[]", "holds other results"), ('{"made_by": "coworksim"}', "holds other results")],
)
def test_a_manifest_that_is_not_ours_is_refused(content: str, sentence: str, folder: Path) -> None:
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    for opened in (open_store, StoredRuns):
        with pytest.raises(StoreError, match=sentence):
            opened(folder)


def test_a_folder_without_a_study_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"holds no study: there is no manifest\.json in it"):
        StoredRuns(tmp_path)


def test_a_file_of_another_size_is_told_with_both(tmp_path: Path) -> None:
    (tmp_path / "runs.parquet").write_bytes(b"x" * 1234)
    part = parts.Part(1, tmp_path / "1.json", {"runs.parquet": (2345, "")})
    assert parts._fault_of(tmp_path, part) == "runs.parquet has 1,234 bytes of 2,345"
    gone = parts.Part(1, tmp_path / "1.json", {"none.parquet": (2345, "")})
    assert parts._fault_of(tmp_path, gone) == "none.parquet cannot be read (No such file or directory)"
    same = parts.Part(1, tmp_path / "1.json", {"runs.parquet": (1234, sha256(b"x" * 1234).hexdigest())})
    assert parts._fault_of(tmp_path, same) is None
    other = parts.Part(1, tmp_path / "1.json", {"runs.parquet": (1234, sha256(b"y").hexdigest())})
    assert parts._fault_of(tmp_path, other) == "runs.parquet is not as it was written"
