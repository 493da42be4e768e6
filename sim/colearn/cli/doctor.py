"""``colearn doctor``: is this machine fit to run colearn, and if not, what is wrong?"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import click

from colearn.cli.failures import INTERNAL, debug_option
from colearn.cli.terminal import columns, say, say_json

__all__ = ["Check", "doctor"]

_GB: Final = 1024**3
_LEAST_MEMORY_GB: Final = 1.0
_LEAST_DISK_GB: Final = 0.5


class Check(NamedTuple):
    """One thing looked at: what was found, and a sentence on what is wrong (empty when nothing is)."""

    name: str
    found: str
    wrong: str = ""


@click.command()
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Folder that results would go to.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
@click.pass_context
def doctor(context: click.Context, results: Path, as_json: bool) -> None:
    """Check Python, packages, compiled kernels, memory, disk and the folder of results."""
    checks = [_tried(name, look) for name, look in _looks(results)]
    wrong = [check for check in checks if check.wrong]
    if as_json:
        say_json({"fit": not wrong, "checks": [check._asdict() for check in checks]})
    else:
        say(columns([(check.name, check.found) for check in checks]))
        say("\n" + ("\n".join(check.wrong for check in wrong) or "Nothing is wrong."))
    if wrong:
        context.exit(INTERNAL)


def _looks(results: Path) -> list[tuple[str, Callable[[], tuple[str, str]]]]:
    return [
        ("python", _python),
        ("colearn", _colearn),
        ("packages", _packages),
        ("kernels", _kernels),
        ("scenarios", _scenarios),
        ("cores", lambda: (f"{_cores()}", "")),
        ("memory", _memory),
        ("disk", lambda: _disk(results)),
        ("results", lambda: _results(results)),
    ]


def _tried(name: str, look: Callable[[], tuple[str, str]]) -> Check:
    """A check that fails is itself a finding."""
    try:
        return Check(name, *look())
    except Exception as error:
        return Check(name, "failed", f"The check of {name} failed ({type(error).__name__}: {error}).")


def _python() -> tuple[str, str]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    old = sys.version_info[:2] < (3, 12)
    return found, "Python is too old; install Python 3.12 or newer." if old else ""


def _colearn() -> tuple[str, str]:
    from colearn.observe.provenance import code_version, own_version

    return f"{own_version()} (code {code_version()[:12]})", ""


def _packages() -> tuple[str, str]:
    from colearn.observe.provenance import package_versions

    versions = package_versions()
    missing = [name for name, version in versions.items() if version == "missing"]
    found = ", ".join(f"{name} {version}" for name, version in versions.items())
    return found, f"Not installed: {', '.join(missing)}; run make setup, or install colearn again." if missing else ""


def _kernels() -> tuple[str, str]:
    import numba

    from colearn import kernels

    if kernels.CHECKED:
        return "not compiled (checked mode: COLEARN_CHECKED=1)", ""
    folder = Path(vars(numba.config)["CACHE_DIR"])
    count = len(list(folder.rglob("*.nbi"))) if folder.is_dir() else 0
    state = f"warm, {count} compiled" if count else "cold: the first run compiles for some seconds"
    wrong = (
        "" if os.access(folder, os.W_OK) else f"The kernel cache {folder} cannot be written; every run will compile."
    )
    return f"{state}; in {folder}", wrong


def _scenarios() -> tuple[str, str]:
    from colearn.scenario import built_ins, load_scenario

    names = [one.name for one in built_ins()]
    for name in names:
        load_scenario(name)
    return ", ".join(names), "" if names else "No built-in scenario was found; install colearn again."


def _cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> tuple[str, str]:
    """Memory as the system tells it; nothing where it does not."""
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total, free = (os.sysconf(name) * page / _GB for name in ("SC_PHYS_PAGES", "SC_AVPHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return "unknown", ""
    low = total < _LEAST_MEMORY_GB
    return f"{total:.1f} GB, {free:.1f} GB of it free", f"{total:.1f} GB of memory is too little." if low else ""


def _disk(results: Path) -> tuple[str, str]:
    place = _existing(results)
    free = shutil.disk_usage(place).free / _GB
    low = free < _LEAST_DISK_GB
    return f"{free:.1f} GB free at {place}", f"The disk at {place} is almost full; free some space." if low else ""


def _results(results: Path) -> tuple[str, str]:
    place = _existing(results)
    fit = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return str(results), "" if fit else f"{place} cannot be written; give another folder with --out."


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
