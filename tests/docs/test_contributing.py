"""The changes that CONTRIBUTING shows work: each is applied to a copy of the package and its commands are run there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/contributing").glob("*.md"))


class PatchError(ValueError):
    """A diff does not fit the code any more."""


def patched(text: str, hunk: str) -> str:
    """Apply one hunk where its old lines stand, which must be one place."""
    lines = hunk.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in (" ", "-", ""))
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in (" ", "+", ""))
    if text.count(old) != 1:
        raise PatchError(f"these lines stand there {text.count(old)} times:\n{old}")
    return text.replace(old, new)


def diffs_of(page: Path) -> list[str]:
    """Return the diffs that a page shows."""
    return re.findall(r"```diff\n(.*?)```", page.read_text(), re.DOTALL)


def parts_of(page: Path, folder: str) -> str:
    """Return what the diffs of a page change below a folder."""
    parts = re.findall(r"^diff --git .*\n(?:(?!diff --git).*\n)*", "".join(diffs_of(page)), re.MULTILINE)
    return "".join(part for part in parts if f"\n+++ b/{folder}/" in part)


def apply(diff: str, folder: Path) -> None:
    """Apply a diff as ``git diff`` writes it. Numbers of lines are not looked at: they shift with every edit above."""
    for part in re.split(r"^diff --git .*\n", diff, flags=re.MULTILINE)[1:]:
        head, *hunks = re.split(r"^@@ .*\n", part, flags=re.MULTILINE)
        path = folder / re.findall(r"^\+\+\+ b/(\S+)$", head, re.MULTILINE)[0]
        if "--- /dev/null" in head:
            assert not path.exists(), path
            path.write_text("".join(f"{line[1:]}\n" for line in hunks[0].splitlines()))
        else:
            for hunk in hunks:
                path.write_text(patched(path.read_text(), hunk))


def copied(folder: Path) -> Path:
    """Copy what a change may touch."""
    for name in ("sim", "scenarios", "experiments", "tools", "docs", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a page, each with the lines that its output must hold."""
    (block,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    parts = [part.splitlines() for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, expected) for command, *expected in parts]


def run(command: str, folder: Path, *, checked: bool) -> str:
    """Run a command of a page in the copy; return what it prints. ``checked``: as plain Python, without compiling."""
    word, *rest = shlex.split(command)
    module = {"coworksim": ["-m", "coworksim"], "python": [], "make": ["-m", f"tools.{rest[0]}"]}[word]
    settings = {**os.environ, "PYTHONPATH": f"{folder / 'sim'}{os.pathsep}{folder}"}
    settings |= {"COWORKSIM_CHECKED": "1"} if checked else {}
    done = subprocess.run(
        [sys.executable, *module, *(rest if word != "make" else [])],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    text, folder = page.read_text(), copied(tmp_path)
    diffs = diffs_of(page)
    for diff in diffs:
        apply(diff, folder)
    for command, expected in commands(text):
        said = run(command, folder, checked=any("+++ b/sim/coworksim/model/" in diff for diff in diffs))
        assert [line for line in expected if line not in said] == [], f"{command}\n{said}"


def test_every_page_is_in_the_table() -> None:
    links = re.findall(r"\]\(docs/contributing/([\w-]+)\.md\)", (ROOT / "CONTRIBUTING.md").read_text())
    assert sorted(links) == [page.stem for page in PAGES]


def test_a_diff_that_no_longer_fits_is_seen() -> None:
    with pytest.raises(PatchError, match="0 times"):
        patched("one\ntwo\n", " one\n-three\n+two\n")
    assert patched("one\ntwo\n", " one\n-two\n+three\n") == "one\nthree\n"
