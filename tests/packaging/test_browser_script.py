"""The script that finds Chromium: it prints a path, or one line that says what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "browser"


def found(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script for somebody who is not root and has nothing but what lies in ``folder``."""
    program(folder / "id", "echo 1000")
    return subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": str(folder), **environment}, capture_output=True, text=True, check=False
    )


def program(path: Path, text: str = "true") -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_browser_of_the_system_is_found(tmp_path: Path) -> None:
    path = program(tmp_path / "chromium")
    done = found(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{path}\n", "")


def test_one_that_is_named_comes_first(tmp_path: Path) -> None:
    program(tmp_path / "chromium")
    own = program(tmp_path / "my own browser")
    assert found(tmp_path, COWORKSIM_CHROMIUM=str(own)).stdout == f"{own}\n"


def test_without_one_a_line_says_what_to_do(tmp_path: Path) -> None:
    done = found(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "apt install chromium" in done.stderr
