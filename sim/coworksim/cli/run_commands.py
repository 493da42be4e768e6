"""``coworksim run``, ``trace``, ``scan``: one scenario, one person of it week by week, and one parameter at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.options import (
    PATH,
    announcer,
    force_option,
    json_option,
    load,
    seed_option,
    settings_option,
    with_seed,
)
from coworksim.cli.terminal import columns, interruptible, progress, say, say_json, tell, typed

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario
    from coworksim.runs.simulation import Result


def simulated(
    scenario: Scenario, *, quiet: bool, events: bool = False, earlier: Sequence[int] = (), threads: int | None = None
) -> Result:
    """Run ``scenario`` under a progress bar; an interruption ends it after the week."""
    from coworksim.runs.simulation import simulate

    with progress(scenario.name, quiet=quiet) as show, interruptible() as check:

        def week_done(done: int, total: int) -> None:
            check()
            if show is not None:
                show(done, total)

        return simulate(scenario, progress=week_done, events=events, earlier=earlier, threads=threads)


@click.command()
@click.argument("scenario")
@seed_option
@click.option("--weeks", type=click.IntRange(1, 5200), help="Weeks from the start: after burn-in and spin-up.")
@settings_option
@click.option("--region", metavar="CODE", help="Run one ITL-3 region alone, such as TLC12.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME_OR_FILE",
    help="Add policies: ready-made ones (see coworksim scenario policies), or a file. Repeatable.",
)
@click.option("--out", type=PATH, help="Folder of the results [results/NAME-SETTINGS-seedN].")
@force_option
@click.option("--charts", is_flag=True, help="Draw the charts too.")
@click.option("--events", is_flag=True, help="Save a table of events too: who met, joined, left, was awarded.")
@click.option("--graph", is_flag=True, help="Save the social graph of the last week too (ties.graphml).")
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    help="Threads that take regions through the weeks side by side [one per processor].",
)
@json_option
@click.option("--quiet", is_flag=True, help="Print neither progress nor summary.")
def run(
    scenario: str, settings: dict[str, str], out: Path | None, force: bool, as_json: bool, quiet: bool, **also: Any
) -> None:
    """Run SCENARIO, a built-in name or a file, and save its tables."""
    given = with_seed(settings, seed=also["seed"], weeks=also["weeks"])
    loaded = load(scenario, given, also["region"], also["policies"])
    folder = out or Path("results", f"{loaded.name}-{loaded.digest[:8]}-seed{loaded.seed}")

    from coworksim.files.result_folder import check_folder
    from coworksim.report.sentences.run_text import summary, summary_text

    check_folder(folder, force=force)
    result = simulated(loaded, quiet=quiet, events=also["events"], threads=also["threads"])
    result.save(folder, force=force, command=typed(), graph=also["graph"], charts=also["charts"])
    found = summary(result)
    text = f"{summary_text(found)}\n\nResults: {folder}\nDigest: {result.digest}"
    tell({**found, "folder": str(folder)}, text, as_json=as_json, quiet=quiet)


def _span(_: click.Context, __: click.Parameter, given: str) -> tuple[int, int]:
    """``A:B``, weeks since the start, both included."""
    match = re.fullmatch(r"([+-]?[0-9]{1,5}):([+-]?[0-9]{1,5})", given.strip())
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f"{given!r} is not a span of weeks; write first:last, for example 0:7")
    return int(match[1]), int(match[2])


@click.command()
@click.argument("scenario")
@click.option("--worker", "key", type=click.IntRange(0, 2**32 - 1), help="Entity key, as in the table of workers.")
@click.option("--weeks", default="0:7", callback=_span, metavar="FIRST:LAST", help="Weeks since the start.")
@seed_option
@settings_option
@json_option
def trace(
    scenario: str, key: int | None, weeks: tuple[int, int], seed: int | None, settings: dict[str, str], as_json: bool
) -> None:
    """Follow one person of SCENARIO: what was weighed, what chance said, who was met, what was learnt.

    Without --worker, some people are named whom you could follow.
    """
    loaded = load(scenario, settings)
    (first, last), (begins, ends) = weeks, (-loaded.start_week, loaded.weeks - 1)
    if first < begins or last > ends:
        outside = f"{first}:{last} is not inside the weeks of {loaded.name}, which are {begins} to {ends}"
        raise click.BadParameter(outside, param_hint="--weeks")
    from coworksim.report.sentences.run_text import weeks_text
    from coworksim.runs import trace as observed

    if key is None:
        found = observed.people(loaded, last, seed, 8)
        rows = [tuple(name.replace("_", " ") for name in found[0]), *(tuple(one.values()) for one in found)]
        lines = (
            f"Some people in week {last} of {loaded.name}; the table of workers of a run lists all.\n\n{columns(rows)}"
        )
        tell(found, f"Whom to follow? {lines}\n\nThen: the same command with --worker KEY", as_json=as_json)
        return
    try:
        seen = list(observed.trace(loaded, key, first, last, seed=seed))
    except observed.TraceError as error:
        write = f"{error}, and coworksim trace {scenario} without --worker names some"
        raise click.BadParameter(write, param_hint="--worker") from None
    tell([observed.plain(week) for week in seen], weeks_text(seen), as_json=as_json)


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--workers", type=click.IntRange(1, 1024), default=2, help="Runs at a time.")
@json_option
def scan(scenario: str, settings: dict[str, str], workers: int, as_json: bool) -> None:
    """Set each swept parameter of SCENARIO to both ends of its range, one at a time, and list what moves most."""
    loaded = load(scenario, settings)
    from coworksim.runs import scan as observed
    from coworksim.runs.progress import reporter

    effects = observed.scan(
        loaded,
        lambda name, value: load(scenario, {**settings, name: value}, quiet=True),
        workers=workers,
        progress=reporter(),
        announce=announcer(quiet=as_json),
    )
    if as_json:  # the outcomes of a parameter that moves nothing are not numbers, which JSON cannot hold
        records = [effect._asdict().items() for effect in effects]
        say_json([{k: v for k, v in one if not (isinstance(v, float) and math.isnan(v))} for one in records])
        return
    say(f"{'parameter':<38}{'range':<20}{'moves most':<20}{'at low':>12}{'as is':>12}{'at high':>12}")
    for effect in effects:
        low, high = (end if isinstance(end, str) else f"{end:g}" for end in (effect.low, effect.high))
        head = f"{effect.quantity:<38}{f'{low} to {high}':<20}"
        cells = "".join(f"{value:>12.4g}" for value in (effect.at_low, effect.as_is, effect.at_high))
        say(f"{head}{effect.outcome:<20}{cells}" if effect.moves else f"{head}nothing")
