"""What is kept between questions: whole or not at all, within its limit, for one user, whoever else is at it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from coworksim.runs import world_cache
from coworksim.runs.world_cache import clear, fetched, keep, usage
from tests.runs.kept import keep_in

ARRAYS = {
    "rows": np.arange(7, dtype=np.int32),
    "truths": np.array([[True, False], [False, True]]),
    "none": np.zeros((0, 3)),
    "reals": np.array([0.1, -0.0, np.inf, np.nan, 5e-324]),
}
FACTS = {"name": "Leeds, ünïcode", "numbers": [1, 2.5, None]}
#: Keeps and reads one thing again and again; ends at once where it is not what was kept.
BUSY = """
import sys, numpy as np
from coworksim.runs.world_cache import fetched, keep
for turn in range(60):
    keep("world", {"n": turn % 3}, {"a": np.full(2000, turn % 3)}, {"n": turn % 3})
    found = fetched("world", {"n": (turn + 1) % 3})
    if found is not None:
        assert (found[0]["a"] == found[1]["n"]).all() and found[1]["n"] == (turn + 1) % 3
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return keep_in(tmp_path, monkeypatch)


def test_what_is_kept_comes_back_to_the_bit_and_can_be_written_to(folder: Path) -> None:
    keep("world", {"seed": 1}, ARRAYS, FACTS)
    found = fetched("world", {"seed": 1})
    assert found is not None
    arrays, facts = found
    assert facts == FACTS
    for name, values in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (values.dtype, values.shape)
        assert arrays[name].tobytes() == values.tobytes()
        assert (arrays[name].flags.writeable, arrays[name].flags.aligned) == (True, True)
    assert fetched("world", {"seed": 2}) is fetched("baseline", {"seed": 1}) is None
    assert [path.suffix for path in folder.iterdir()] == [".kept"]


def test_only_numbers_are_kept(folder: Path) -> None:
    with pytest.raises(TypeError, match="odd"):
        keep("world", {}, {"odd": np.array([object()])}, {})
    assert usage().files == 0


@pytest.mark.parametrize("place", [0, 31, 32, 40, 60, -1])
def test_one_damaged_byte_is_noticed_and_the_file_goes(folder: Path, place: int) -> None:
    keep("world", {}, ARRAYS, FACTS)
    (file,) = folder.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert fetched("world", {}) is None
    assert not file.exists()


@pytest.mark.parametrize("size", [0, 5, 32, 45, 100])
def test_a_torn_file_is_noticed(folder: Path, size: int) -> None:
    keep("world", {}, ARRAYS, FACTS)
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:size])
    assert fetched("world", {}) is None


def test_above_the_limit_what_was_used_longest_ago_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(number: int) -> None:
        keep("world", {"n": number}, {"a": np.random.default_rng(number).random(1000)}, {})

    def used(number: int) -> bool:
        found = fetched("world", {"n": number}) is not None
        time.sleep(0.02)  # clocks of some file systems are coarse
        return found

    for number in range(3):
        kept(number)
        time.sleep(0.02)
    assert used(0)  # so that 1 is the one that nobody has asked for
    each = usage().size / 3
    monkeypatch.setenv("COWORKSIM_KEEP_GB", f"{3.5 * each / 1e9:.12f}")
    kept(3)
    assert [used(number) for number in range(4)] == [True, False, True, True]


def test_what_is_larger_than_the_limit_or_fills_the_disk_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COWORKSIM_KEEP_GB", "0.0000001")
    keep("world", {}, ARRAYS, FACTS)
    monkeypatch.setenv("COWORKSIM_KEEP_GB", "1")
    monkeypatch.setattr(world_cache, "_SPARE", 1e18)
    keep("world", {}, ARRAYS, FACTS)
    assert list(folder.iterdir()) == []


def test_with_a_limit_of_nothing_nothing_is_kept_or_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("world", {}, ARRAYS, FACTS)
    monkeypatch.setenv("COWORKSIM_KEEP_GB", "0")
    assert fetched("world", {}) is None
    keep("world", {"another": 1}, ARRAYS, FACTS)
    assert usage().files == 1


@pytest.mark.parametrize("said", ["much", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("COWORKSIM_KEEP_GB", said)
    with pytest.raises(ValueError, match=r"COWORKSIM_KEEP_GB is .*; write a number of GB"):
        fetched("world", {})


def test_a_folder_that_others_can_write_is_left_alone(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    (tmp_path / "file").touch()
    keep("world", {}, ARRAYS, FACTS)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert fetched("world", {}) is None
    keep("world", {"another": 1}, ARRAYS, FACTS)
    folder.chmod(0o700)
    assert usage().files == 1


def test_a_disk_that_refuses_stops_no_run_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    keep("world", {"before": 1}, ARRAYS, FACTS)
    monkeypatch.setattr(os, "fsync", full)
    keep("world", {}, ARRAYS, FACTS)
    assert usage().files == len(list(folder.iterdir())) == 1


def test_what_nobody_finished_goes_after_an_hour(folder: Path) -> None:
    keep("world", {}, ARRAYS, FACTS)
    for name, age in (("old.part", 7200), ("new.part", 60)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age, time.time() - age))
    keep("world", {}, ARRAYS, FACTS)
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".part") == ["new.part"]


def test_everything_is_counted_and_cleared(folder: Path) -> None:
    keep("world", {"n": 1}, ARRAYS, FACTS)
    keep("world", {"n": 2}, ARRAYS, FACTS)
    keep("baseline", {}, ARRAYS, FACTS)
    found = usage()
    assert {kind: number for kind, (number, _) in found.kinds.items()} == {"world": 2, "baseline": 1}
    assert found.size == sum(path.stat().st_size for path in folder.iterdir())
    assert (found.folder, found.limit) == (folder, 10**9)
    assert clear() == found
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_processes_that_write_and_read_the_same_files_at_once_agree(folder: Path) -> None:
    many = [subprocess.Popen([sys.executable, "-c", BUSY], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=300)[1] for process in many]
    assert [process.returncode for process in many] == [0] * 4, said
    assert usage().files == 3


def test_a_change_of_the_code_the_packages_or_the_machine_is_another_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world_cache.made_by("runs/opening.py")
    assert before == world_cache.made_by("runs/opening.py") != world_cache.made_by()
    monkeypatch.setattr(np, "__version__", "0")
    assert world_cache.made_by("runs/opening.py") != before
