"""Plant a fault in a copy of the package, and see which tests fail.

The nearest tests and docking run as plain Python (``NUMBA_DISABLE_JIT``): the bodies of the rules are the same, and
compiling them anew for every fault would take longer than the tests. What both let live is looked at once more with
all tests of rules, compiled into a cache of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.faults.catalogue import PACKAGE, ROOT, Fault
from tests.faults.plain import run_plainly
from tests.faults.suites import WHOLE, docking, nearest

__all__ = ["Finding", "control", "look_again", "try_fault"]

#: Seconds after which a run of tests counts as failed: a fault may make a loop endless.
QUICK_TIMEOUT: Final = 240.0
WHOLE_TIMEOUT: Final = 900.0
COPIED: Final = (PACKAGE, Path("scenarios"), Path("tests"))
FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


class BrokenRunError(RuntimeError):
    """The tests could not be run, so that nothing is known about the fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a fault: the first test that failed ("" for none)."""

    digest: str
    without_docking: str  # of the nearest
    docking: str  # looked for only when the nearest let the fault live
    whole: str | None = None  # of all tests of rules, compiled; None when nobody has looked
    seconds: float = 0.0

    @property
    def seen(self) -> str:
        """Return a test that fails, "" when none is known."""
        return self.without_docking or self.docking or self.whole or ""


@contextmanager
def copy_of_the_package() -> Iterator[Path]:
    """Copy what the tests need to a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="coworksim-fault-") as folder:
        root = Path(folder)
        for part in COPIED:
            shutil.copytree(ROOT / part, root / part)
        shutil.copy2(ROOT / "pyproject.toml", root / "pyproject.toml")
        yield root


def first_failure(root: Path, tests: Sequence[str], timeout: float) -> str:
    """Run tests in a copy as plain Python and return the first that fails, "" when all pass."""
    code, failed = run_plainly(root, tests, timeout)
    if code is None:
        return f"no end within {timeout:.0f} s"
    if code > 1 or bool(code) != bool(failed):
        raise BrokenRunError(f"pytest ended with {code}:\n{(root / 'output.txt').read_text(encoding='utf-8')[-4000:]}")
    return failed


def first_failure_compiled(root: Path) -> str:
    """Run all tests of rules in a copy, compiled, and return the first that fails, "" when all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=no"]
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
    environment |= {"PYTHONPATH": str(root / PACKAGE.parent), "COWORKSIM_CACHE": str(root / "cache")}
    try:
        done = subprocess.run(
            [*command, "-m", "not slow", "--doctest-modules", *WHOLE],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=WHOLE_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end within {WHOLE_TIMEOUT:.0f} s"
    if done.returncode == 0:
        return ""
    found = FAILED.search(done.stdout)
    if done.returncode != 1 or found is None:
        raise BrokenRunError(f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found[1]


def control(phases: Sequence[str]) -> None:
    """Run the tests of all phases without a fault: each must pass."""
    with copy_of_the_package() as root:
        tests = dict.fromkeys(test for phase in phases for test in (*nearest(phase), *docking(phase)))
        failed = first_failure(root, list(tests), WHOLE_TIMEOUT)
    if failed:
        raise BrokenRunError(f"{failed} fails without any fault")


@contextmanager
def copy_with(fault: Fault) -> Iterator[Path]:
    """Copy the package and plant a fault in the copy."""
    with copy_of_the_package() as root:
        file = root / PACKAGE / fault.file
        file.write_text(fault.planted(root), encoding="utf-8")
        for stale in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
            stale.unlink()
        yield root


def try_fault(fault: Fault) -> Finding:
    """Plant a fault, and run the tests nearest to it and, when these let it live, docking."""
    began = time.monotonic()
    # Doctests come last: pytest would import their file a second time if no test had imported it before.
    tests = [*nearest(fault.phase), (PACKAGE / fault.file).as_posix()]
    with copy_with(fault) as root:
        alone = first_failure(root, tests, QUICK_TIMEOUT)
        docked = "" if alone else first_failure(root, docking(fault.phase), QUICK_TIMEOUT)
    return Finding(fault.digest, alone, docked, seconds=round(time.monotonic() - began, 1))


def look_again(fault: Fault, found: Finding) -> Finding:
    """Run all tests of rules on a fault that the nearest ones and docking have missed."""
    began = time.monotonic()
    with copy_with(fault) as root:
        whole = first_failure_compiled(root)
    return replace(found, whole=whole, seconds=round(found.seconds + time.monotonic() - began, 1))
