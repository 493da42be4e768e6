"""``coworksim app``: the page on this machine.

``coworksim doctor``: is this machine fit to run coworksim, and if not, what is wrong?

``coworksim demo``: a left-behind and a core region over the same years, with tables, two charts and the findings.
"""

from __future__ import annotations

import errno
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from coworksim.cli.run_commands import load, simulated
from coworksim.cli.terminal import INTERNAL, columns, debug_option, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.runs.simulation import Result


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port of the page; 0: any free one."
)
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
@debug_option
def app(port: int, no_browser: bool) -> None:
    """Open a page on this machine: choose a policy, and see who gains at which cost while it is worked out."""
    from coworksim.app.server import listening, serve

    try:
        made = listening(port)
    except OSError as error:
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise click.UsageError(f"port {port} {why}; give another one with --port, or --port 0 for any") from None
    serve(made, _tell, browser=not no_browser)
    say("The page has ended; what was downloaded stays.")


def _tell(address: str) -> None:
    say(f"The page is at {address}")
    say("Only this machine can open it, and only with this address. Ctrl-C ends it.")


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
        ("coworksim", _coworksim),
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


def _coworksim() -> tuple[str, str]:
    from coworksim.files.provenance import code_version, own_version

    return f"{own_version()} (code {code_version()[:12]})", ""


def _packages() -> tuple[str, str]:
    from coworksim.files.provenance import package_versions

    versions = package_versions()
    missing = [name for name, version in versions.items() if version == "missing"]
    found = ", ".join(f"{name} {version}" for name, version in versions.items())
    return found, f"Not installed: {', '.join(missing)}; run make setup, or install coworksim again." if missing else ""


def _kernels() -> tuple[str, str]:
    from coworksim.model.kernels import CHECKED, PLACE

    if CHECKED:
        return "not compiled (checked mode: COWORKSIM_CHECKED=1)", ""
    count = len(list(PLACE.folder.rglob("*.nbc"))) if PLACE.folder else 0
    state = f"warm, {count} compiled" if count else "cold: the first run compiles for some seconds"
    wrong = f"The kernel cache lies elsewhere than it should: {'; '.join(PLACE.refused)}." if PLACE.refused else ""
    return f"{state}; in {PLACE.folder or 'no folder: every run compiles'}", wrong


def _scenarios() -> tuple[str, str]:
    from coworksim.files.built_in import built_ins
    from coworksim.files.load import load_scenario

    names = [one.name for one in built_ins()]
    for name in names:
        load_scenario(name)
    return ", ".join(names), "" if names else "No built-in scenario was found; install coworksim again."


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


_SCENARIOS: Final = ("uk-left-behind", "uk-core")
_CALIBRATED: Final = _SCENARIOS[0]
_FEW_SPACES: Final = (
    "Beside what is known of coworking spaces in the UK. Values were set on 161 spaces in 74 regions: what counts is",
    "coworksim calibration uk-74-regions. One region with four spaces, below, may well lie elsewhere.",
)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("results", "demo"),
    show_default=True,
    help="Folder of the results.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files; these stay.")
@click.option("--quiet", is_flag=True, help="Print neither progress nor findings.")
@debug_option
def demo(out: Path, seed: int | None, force: bool, quiet: bool) -> None:
    """Run a left-behind and a core region for three years and draw what happens."""
    from coworksim.files.result_folder import check_folder, published
    from coworksim.report.sentences.run_text import CAVEATS, findings

    check_folder(out, force=force)
    results = [_lived(name, seed, quiet=quiet) for name in _SCENARIOS]
    with published(out, force=force) as staging:
        _write([replace(result, log=None) for result in results], staging, typed())
    if not quiet:
        say("\n".join([*_calibration(results), columns(findings(results)), "", *CAVEATS]))
        say("\nNext, a question of your own on a page: coworksim app (in this folder: .venv/bin/coworksim app)")
        say(f"Tables and two charts: {out}")


def _lived(name: str, seed: int | None, *, quiet: bool) -> Result:
    """Run a scenario, with what calibration reads where that is wanted."""
    from coworksim.evidence.calibration import EARLIER

    scenario = load(name, {} if seed is None else {"seed": seed})
    if name != _CALIBRATED:
        return simulated(scenario, quiet=quiet)
    return simulated(scenario, quiet=quiet, events=True, earlier=EARLIER)


def _calibration(results: Sequence[Result]) -> list[str]:
    """Say how near the first region comes to what is known of coworking spaces."""
    from coworksim.evidence.calibration import calibrate
    from coworksim.report.sentences.calibration_text import calibration_text

    tables = [calibration_text(calibrate(result)) for result in results if result.log is not None]
    return [*_FEW_SPACES, *(text for table in tables for text in ("", table)), ""]


def _write(results: Sequence[Result], folder: Path, command: list[str]) -> None:
    from coworksim.files.result_folder import MANIFEST, write_json
    from coworksim.report.charts.run_charts import write_charts

    for result in results:
        inner = folder / result.scenario.name
        inner.mkdir()
        result.write(inner, command=command)
    write_charts(results, folder, png=True)
    about = {result.scenario.name: result.digest for result in results}
    write_json(folder / MANIFEST, {"command": command, "result_digests": about})
