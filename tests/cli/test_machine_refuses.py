"""What the machine refuses is told first, in one sentence, with an exit code of its own."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result

from coworksim.cli import commands
from coworksim.cli.terminal import BAD_INPUT, IN_USE, INTERNAL, LEAST_MEMORY_MB, MACHINE
from coworksim.files.errors import BusyError, FolderError, StoreError
from coworksim.files.result_folder import check_folder, published
from coworksim.model.parameters.parameter import UnsolvableError
from coworksim.runs.coordination import Lock

type Call = Callable[..., Result]

#: A command of each kind that simulates and writes.
WRITING = (
    "run tiny",
    "demo",
    "compare uk-voucher --replicates 2",
    "pilot uk-voucher --policy training-vouchers --replicates 2",
    "survey patterns",
    "patterns patterns",
    "ablate patterns",
    "contrast partner-anchored gap-closing",
    "sweep tiny --vary space.price",
    "experiment run replicates",
)
STUDY = "experiment run replicates"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in an empty folder of a machine that cannot simulate."""

    def simulated(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("it was simulated")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coworksim.model.weeks.Engine.__init__", simulated)
    monkeypatch.setattr("coworksim.runs.engines.WatchedPool.__init__", simulated)
    return lambda line, *more: CliRunner().invoke(commands, [*line.split(), *map(str, more)])


def _refusal(done: Result) -> list[str]:
    """Return what is said beside what will be run."""
    return [line for line in done.stderr.splitlines() if not line.startswith(("To do: ", "Draws are around "))]


@pytest.mark.parametrize("line", WRITING)
def test_a_folder_that_cannot_be_made_is_told_before_anything_is_simulated(call: Call, line: str) -> None:
    assert "it was simulated" in call(line, "--out", "there").stderr
    Path("file").touch()
    for place in ("file/below", "file", "caf\udce9/there", "n" * 300):
        done = call(line, "--out", place)
        assert (done.exit_code, done.stdout, len(_refusal(done))) == (BAD_INPUT, "", 1), done.stderr
        assert "simulated" not in done.stderr


@pytest.mark.parametrize("line", WRITING)
def test_a_folder_that_the_machine_does_not_let_us_write_is_told_first(
    call: Call, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *_: Any, **__: Any) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    done = call(line, "--out", "there")
    assert (done.exit_code, done.stdout, len(_refusal(done))) == (MACHINE, "", 1), done.stderr
    assert "there" in done.stderr
    assert "Permission denied" in done.stderr


def test_a_name_that_is_not_text_is_shown_escaped(call: Call) -> None:
    done = call("run tiny", "--out", "caf\udce9/there")
    assert "caf\\udce9/there is not UTF-8; give a folder with another name" in done.stderr


def test_a_working_folder_whose_name_is_not_text_is_told_first(call: Call, tmp_path: Path) -> None:
    odd = tmp_path / "caf\udce9"
    odd.mkdir()
    os.chdir(odd)
    done = call("run tiny", "--out", "there")
    assert (done.exit_code, done.stderr.count("is not UTF-8")) == (BAD_INPUT, 1)


def test_results_whose_name_is_not_text_are_bad_input(call: Call, tmp_path: Path) -> None:
    odd = tmp_path / "caf\udce9"
    odd.mkdir()
    done = call("report", odd)
    assert (done.exit_code, done.stderr.count("\n")) == (BAD_INPUT, 1), done.stderr
    assert "fault" not in done.stderr


def test_looking_whether_a_folder_can_be_written_leaves_nothing(tmp_path: Path) -> None:
    check_folder(tmp_path / "one" / "two")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "one").mkdir()
    check_folder(tmp_path / "one" / "two" / "three")
    check_folder(tmp_path / "one")
    assert list(tmp_path.rglob("*")) == [tmp_path / "one"]


def test_a_name_as_long_as_the_system_lets_it_be_is_a_name(tmp_path: Path) -> None:
    folder = tmp_path / ("n" * 255)
    check_folder(folder)
    with published(folder) as staging:
        (staging / "manifest.json").write_text("{}", encoding="utf-8")
    assert (folder / "manifest.json").exists()


def test_files_deep_in_a_folder_are_published_too_and_replaced(tmp_path: Path) -> None:
    for text in ("first", "second"):
        with published(tmp_path / "there", force=True) as staging:
            (staging / "one" / "two").mkdir(parents=True)
            (staging / "one" / "two" / "deep.txt").write_text(text, encoding="utf-8")
            (staging / "manifest.json").write_text("{}", encoding="utf-8")
        assert (tmp_path / "there" / "one" / "two" / "deep.txt").read_text(encoding="utf-8") == text
        if text == "first":  # a folder is there already, and does not hold those
            shutil.rmtree(tmp_path / "there" / "one")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_disk_that_takes_no_more_is_told_in_a_sentence(tmp_path: Path, number: int) -> None:
    def write() -> None:
        with published(tmp_path / "there"):
            raise OSError(number, "Error writing bytes to file. Detail: [errno 28]")

    with pytest.raises(FolderError, match=r"there cannot be written \(.*\); free some space") as found:
        write()
    assert "Detail" not in str(found.value)
    assert list(tmp_path.iterdir()) == []


def _denied() -> StoreError:
    error = StoreError("there cannot be written")
    error.__cause__ = PermissionError(errno.EACCES, "Permission denied")
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), MACHINE),
        (PermissionError(errno.EACCES, "Permission denied", "there"), MACHINE),
        (MemoryError(), MACHINE),
        (_denied(), MACHINE),
        (FolderError("there is a file"), BAD_INPUT),
        (StoreError("there holds another study"), BAD_INPUT),
        (BusyError("there is in use"), IN_USE),
        (UnsolvableError("no tastes give that; write others"), BAD_INPUT),
        (RuntimeError("odd"), INTERNAL),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    monkeypatch.setattr("coworksim.files.result_folder.check_folder", fail)
    done = call("run tiny")
    assert (done.exit_code, done.stderr.count("\n")) == (code, 1)
    assert ("This is a fault in coworksim" in done.stderr) is (code == INTERNAL)


def test_a_folder_that_another_process_holds_has_its_exit_code(call: Call, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    lock = Lock(tmp_path / "there")
    done = call(STUDY, "--out", "there")
    lock.release()
    assert (done.exit_code, done.stderr.count("\n")) == (IN_USE, 1), done.stderr


def test_help_names_the_exit_codes(call: Call) -> None:
    said = " ".join(call("--help").stdout.split())
    assert "1 a fault, or runs that failed; 2 bad input; 3 full disk" in said
    assert "4 folder in use by another process; 130 interrupted" in said
    assert (INTERNAL, BAD_INPUT, MACHINE, IN_USE) == (1, 2, 3, 4)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not keep to the limit")
@pytest.mark.parametrize("kind", ["RLIMIT_AS", "RLIMIT_DATA"])
@pytest.mark.parametrize("line", ["run tiny", "compare uk-voucher", "experiment run replicates", "report there"])
def test_too_little_memory_is_told_first(line: str, kind: str, tmp_path: Path) -> None:
    limits = f"import resource; resource.setrlimit(resource.{kind}, (3 * 10**8, 3 * 10**8))"
    code = f"{limits}\nfrom coworksim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *line.split()], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    least = f"{LEAST_MEMORY_MB:,.0f} MB"
    said = f"this process may use 286 MB of memory, which is too little; raise the limit (ulimit -v) to {least} or more"
    assert (done.returncode, done.stdout, done.stderr) == (MACHINE, "", f"{said}\n")
