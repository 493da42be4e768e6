"""``coworksim app``: the page on this machine. ``coworksim demo``: two regions, with tables, charts and findings.

``coworksim doctor``: is this machine fit to run coworksim, and if not, what is wrong? ``coworksim warm`` compiles.
"""

import errno
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from coworksim.cli.options import PATH, force_option, json_option, load, seed_option
from coworksim.cli.run_commands import simulated
from coworksim.cli.terminal import MACHINE, columns, say, tell, typed


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, help="Port of the page; 0: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
def app(port: int, no_browser: bool) -> None:
    """Open a page on this machine: choose a policy, and see who gains at which cost while it is worked out."""
    from coworksim.app.server import listening, serve

    def tell(address: str) -> None:
        say(f"The page is at {address}")
        say("Only this machine can open it, and only with this address. Ctrl-C ends it.")

    try:
        made = listening(port)
    except OSError as error:
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise click.UsageError(f"port {port} {why}; give another one with --port, or --port 0 for any") from None
    serve(made, tell, browser=not no_browser)
    say("The page has ended; what was downloaded stays.")


@click.command(hidden=True)
def warm() -> None:
    """Compile every kernel once, by a run with policies, so that no later run waits for the compiler."""
    click.echo("compiling kernels (once) ... ", nl=False)
    started = time.perf_counter()
    from coworksim.files.load import load_scenario
    from coworksim.runs.simulation import simulate

    policies = ("programme-linked-membership", "training-vouchers", "college-places")
    simulate(load_scenario("tiny", policies=policies, quiet=True))
    click.echo(f"done in {time.perf_counter() - started:.0f} s")


_GB: Final = 1024**3
#: What was found, and a sentence on what is wrong (empty when nothing is).
type _Found = tuple[str, str]


@click.command()
@click.option("--results", type=PATH, default=Path("results"), help="Folder that results would go to.")
@json_option
@click.pass_context
def doctor(context: click.Context, results: Path, as_json: bool) -> None:
    """Check Python, packages, compiled kernels, memory, disk and the folder of results."""
    from coworksim.files.provenance import version_line

    place = next(place for place in (results.absolute(), *results.absolute().parents) if place.exists())
    fit = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    looks: dict[str, Callable[[], _Found]] = {
        "python": _python,
        "coworksim": lambda: (version_line(), ""),
        "packages": _packages,
        "kernels": _kernels,
        "scenarios": _scenarios,
        "cores": lambda: (str(cores), ""),
        "memory": _memory,
        "disk": lambda: _disk(place),
        "results": lambda: (str(results), "" if fit else f"{place} cannot be written; give another folder with --out."),
    }
    checks = []
    for name, look in looks.items():
        try:
            found, wrong = look()
        except Exception as error:  # a check that fails is itself a finding
            found, wrong = "failed", f"The check of {name} failed ({type(error).__name__}: {error})."
        checks.append({"name": name, "found": found, "wrong": wrong})
    amiss = [check["wrong"] for check in checks if check["wrong"]]
    table = columns([(check["name"], check["found"]) for check in checks])
    text = "\n\n".join([table, "\n".join(amiss) or "Nothing is wrong."])
    tell({"fit": not amiss, "checks": checks}, text, as_json=as_json)
    if amiss:
        context.exit(MACHINE)


def _python() -> _Found:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return found, "Python is too old; install Python 3.12 or newer." if sys.version_info[:2] < (3, 12) else ""


def _packages() -> _Found:
    from coworksim.files.provenance import package_versions

    versions = package_versions()
    missing = [name for name, version in versions.items() if version == "missing"]
    found = ", ".join(f"{name} {version}" for name, version in versions.items())
    return found, f"Not installed: {', '.join(missing)}; run make setup, or install coworksim again." if missing else ""


def _kernels() -> _Found:
    from coworksim.model.kernels import CHECKED, PLACE

    if CHECKED:
        return "not compiled (checked mode: COWORKSIM_CHECKED=1)", ""
    count = len(list(PLACE.folder.rglob("*.nbc"))) if PLACE.folder else 0
    state = f"warm, {count} compiled" if count else "cold: the first run compiles for some seconds"
    wrong = f"The kernel cache lies elsewhere than it should: {'; '.join(PLACE.refused)}." if PLACE.refused else ""
    return f"{state}; in {PLACE.folder or 'no folder: every run compiles'}", wrong


def _scenarios() -> _Found:
    from coworksim.files.built_in import built_ins

    names = [load(one.name, {}).name for one in built_ins()]
    return ", ".join(names), "" if names else "No built-in scenario was found; install coworksim again."


def _memory() -> _Found:
    import psutil

    memory = psutil.virtual_memory()
    total, free = memory.total / _GB, memory.available / _GB
    return f"{total:.1f} GB, {free:.1f} GB of it free", f"{total:.1f} GB of memory is too little." if total < 1 else ""


def _disk(place: Path) -> _Found:
    free = shutil.disk_usage(place).free / _GB
    wrong = f"The disk at {place} is almost full; free some space."
    return f"{free:.1f} GB free at {place}", wrong if free < 0.5 else ""


_FEW_SPACES: Final = (
    "Beside what is known of coworking spaces in the UK. Values were set on 161 spaces in 74 regions: what counts is",
    "coworksim calibration uk-74-regions. One region with four spaces, below, may well lie elsewhere.",
)


@click.command()
@click.option("--out", type=PATH, default=Path("results", "demo"), help="Folder of the results.")
@seed_option
@force_option
@click.option("--quiet", is_flag=True, help="Print neither progress nor findings.")
def demo(out: Path, seed: int | None, force: bool, quiet: bool) -> None:
    """Run a left-behind and a core region for three years and draw what happens."""
    from coworksim.evidence.calibration import EARLIER, calibrate
    from coworksim.files.manifest import MANIFEST
    from coworksim.files.result_folder import check_folder, published, write_json
    from coworksim.report.charts.run_charts import write_charts
    from coworksim.report.sentences.calibration_text import calibration_text
    from coworksim.report.sentences.run_text import CAVEATS, findings

    check_folder(out, force=force)
    if not quiet:
        say("To do: 2 runs.", err=True)
    left, core = (load(name, {} if seed is None else {"seed": seed}) for name in ("uk-left-behind", "uk-core"))
    known = simulated(left, quiet=quiet, events=True, earlier=EARLIER)  # with what calibration reads
    results = [replace(known, log=None), simulated(core, quiet=quiet)]
    with published(out, force=force) as staging:
        for result in results:
            (staging / result.scenario.name).mkdir()
            result.write(staging / result.scenario.name, command=typed())
        write_charts(results, staging, png=True)
        digests = {result.scenario.name: result.digest for result in results}
        write_json(staging / MANIFEST, {"command": typed(), "result_digests": digests})
    if not quiet:
        say("\n".join([*_FEW_SPACES, "", calibration_text(calibrate(known)), ""]))
        say("\n".join([columns(findings(results)), "", *CAVEATS]))
        say("\nNext, a question of your own on a page: coworksim app (in this folder: .venv/bin/coworksim app)")
        say(f"Tables and two charts: {out}")
