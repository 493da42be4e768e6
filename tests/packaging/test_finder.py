"""scripts/find_python executes its candidates and takes the first that works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FINDER = Path(__file__).resolve().parents[2] / "scripts" / "find_python"
TOO_OLD = "exit 1"
BROKEN = "echo 'version 3.12 is not installed' >&2; exit 127"
SILENT = "exit 0"
GOOD = f"exec '{sys.executable}' \"$@\""


def find(folder: Path, interpreters: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the finder where `interpreters` (name -> body of a shell script) are the only commands."""
    folder.mkdir()
    for name, body in interpreters.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        script.chmod(0o755)
    environment = {**os.environ, "PATH": str(folder)}
    return subprocess.run([FINDER], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"python3.12": BROKEN},
        {"python3.12": SILENT, "python3": TOO_OLD},
        {"python3.12": BROKEN, "python3": TOO_OLD, "python3.13": SILENT},
    ],
    ids=["alone", "broken", "silent, too old", "all three"],
)
def test_takes_the_first_that_works(tmp_path: Path, others: dict[str, str]) -> None:
    found = find(tmp_path / "a path with spaces", {**others, "python3.14": GOOD})
    assert (found.returncode, found.stdout.strip()) == (0, sys.executable)


def test_prefers_python312_then_python3(tmp_path: Path) -> None:
    def named(name: str) -> str:
        return f"echo /{name}"

    names = ["python3.14", "python3.13", "python3", "python3.12"]
    every = {name: named(name) for name in names}
    assert find(tmp_path / "all", every).stdout.strip() == "/python3.12"
    del every["python3.12"]
    assert find(tmp_path / "three", every).stdout.strip() == "/python3"


@pytest.mark.parametrize(("version", "works"), [((3, 11), False), ((3, 12), True), ((3, 15), True)], ids=str)
def test_version_decides(tmp_path: Path, version: tuple[int, int], works: bool) -> None:
    """The interpreter that runs this test, made to call itself another version."""
    (tmp_path / "pose.py").write_text(
        f"import sys\nsys.version_info = {version}\nexec(sys.argv[1], {{}})\n", encoding="utf-8"
    )
    pose = f"shift; exec '{sys.executable}' '{tmp_path}/pose.py' \"$@\""
    assert (find(tmp_path / "bin", {"python3": pose}).returncode == 0) is works


def test_a_python_without_ensurepip_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError\n", encoding="utf-8")
    stripped = f"PYTHONPATH='{tmp_path}' exec '{sys.executable}' \"$@\""
    assert find(tmp_path / "bin", {"python3.12": stripped}).returncode != 0


@pytest.mark.parametrize(
    "interpreters",
    [{}, {"python3.12": BROKEN, "python3": TOO_OLD, "python3.13": SILENT}],
    ids=["none", "none that works"],
)
def test_none_that_works_is_one_sentence(tmp_path: Path, interpreters: dict[str, str]) -> None:
    found = find(tmp_path / "bin", interpreters)
    assert found.returncode != 0
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1
    assert "Python 3.12 or newer" in found.stderr
    assert "install" in found.stderr
