"""``coworksim trace`` and ``coworksim scan``: one person week by week, and one parameter at a time."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.run_commands import load, settings_option
from coworksim.cli.terminal import columns, debug_option, say, say_json

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario
    from coworksim.runs.scan import Effect


_SUGGESTED = 8


def _span(_: click.Context, __: click.Parameter, given: str) -> tuple[int, int]:
    """``A:B``, weeks since the opening, both included."""
    match = re.fullmatch(r"([+-]?[0-9]{1,5}):([+-]?[0-9]{1,5})", given.strip())
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f"{given!r} is no span of weeks; write first:last, for example 0:7")
    return int(match[1]), int(match[2])


@click.command()
@click.argument("scenario")
@click.option("--worker", "key", type=click.IntRange(0, 2**32 - 1), help="Entity key, as in the table of workers.")
@click.option(
    "--weeks", default="0:7", callback=_span, metavar="FIRST:LAST", show_default=True, help="Weeks since the opening."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def trace(
    scenario: str, key: int | None, weeks: tuple[int, int], seed: int | None, settings: dict[str, str], as_json: bool
) -> None:
    """Follow one person of SCENARIO: what was weighed, what chance said, who was met, what was learnt.

    Without --worker, some people are named whom you could follow.
    """
    loaded = load(scenario, settings)
    _check_weeks(loaded, *weeks)
    if key is None:
        _suggest(loaded, weeks[1], seed, as_json=as_json)
        return
    from coworksim.report.sentences.run_text import weeks_text
    from coworksim.runs import trace as observed

    try:
        seen = list(observed.trace(loaded, key, *weeks, seed=seed))
    except observed.TraceError as error:
        raise click.BadParameter(
            f"{error}, and coworksim trace {scenario} without --worker names some", param_hint="--worker"
        ) from None
    if as_json:
        say_json([observed.plain(week) for week in seen])
    else:
        say(weeks_text(seen))


def _check_weeks(scenario: Scenario, first: int, last: int) -> None:
    begins, ends = -scenario.burn_in_weeks, scenario.weeks - 1
    if first < begins or last > ends:
        raise click.BadParameter(
            f"{first}:{last} is not inside the weeks of {scenario.name}, which are {begins} to {ends}",
            param_hint="--weeks",
        )


def _suggest(scenario: Scenario, last: int, seed: int | None, *, as_json: bool) -> None:
    """Name members of week ``last``, and others where there are few."""
    from coworksim.runs.trace import people

    found = people(scenario, last, seed, _SUGGESTED)
    if as_json:
        say_json(found)
        return
    rows = [tuple(str(value) for value in person.values()) for person in found]
    say(f"Whom to follow? Some people in week {last} of {scenario.name}; the table of workers of a run lists all.\n")
    say(columns([tuple(name.replace("_", " ") for name in found[0]), *rows]))
    say("\nThen: the same command with --worker KEY")


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--workers", type=click.IntRange(1, 1024), default=2, show_default=True, help="Runs at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@debug_option
def scan(scenario: str, settings: dict[str, str], workers: int, as_json: bool) -> None:
    """Set each swept parameter of SCENARIO to both ends of its range, one at a time, and list what moves most."""
    loaded = load(scenario, settings)
    from coworksim.runs import scan as observed
    from coworksim.runs.progress import reporter

    effects = observed.scan(
        loaded, lambda name, value: load(scenario, {**settings, name: value}), workers=workers, progress=reporter()
    )
    if as_json:
        say_json([_plain(effect) for effect in effects])
        return
    say(f"{'parameter':<38}{'range':<20}{'moves most':<20}{'at low':>12}{'as is':>12}{'at high':>12}")
    for effect in effects:
        span = f"{_short(effect.low)} to {_short(effect.high)}"
        cells = "".join(f"{value:>12.4g}" for value in (effect.at_low, effect.as_is, effect.at_high))
        say(
            f"{effect.quantity:<38}{span:<20}{effect.outcome:<20}{cells}"
            if effect.moves
            else f"{effect.quantity:<38}{span:<20}nothing"
        )


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _plain(effect: Effect) -> dict[str, Any]:
    """Leave out what JSON cannot hold: the outcomes of a parameter that moves nothing are not numbers."""
    return {
        name: value for name, value in effect._asdict().items() if not (isinstance(value, float) and math.isnan(value))
    }
