"""``colearn trace`` and ``colearn scan``: one person week by week, and one quantity at a time."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from colearn.cli.failures import debug_option
from colearn.cli.run import load, settings_option
from colearn.cli.terminal import say, say_json

if TYPE_CHECKING:
    from colearn.observe.scan import Effect
    from colearn.observe.trace import Alternative, Week
    from colearn.scenario import Scenario

__all__ = ["scan", "trace"]


def _span(_: click.Context, __: click.Parameter, given: str) -> tuple[int, int]:
    """``A:B``, weeks since the opening, both included."""
    match = re.fullmatch(r"(-?\d+):(-?\d+)", given.strip())
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f"{given!r} is no span of weeks; write first:last, for example 0:7")
    return int(match[1]), int(match[2])


@click.command()
@click.argument("scenario")
@click.option("--worker", "key", type=click.IntRange(0), help="Entity key, as in the table of workers.")
@click.option(
    "--weeks", default="0:7", callback=_span, show_default=True, help="First and last week since the opening."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@debug_option
def trace(
    scenario: str, key: int | None, weeks: tuple[int, int], seed: int | None, settings: dict[str, str], as_json: bool
) -> None:
    """Follow one person of SCENARIO: what was weighed, what chance said, who was met, what was learnt."""
    loaded = load(scenario, settings)
    from colearn.observe import trace as observed

    if key is None:
        raise click.UsageError(f"give --worker KEY; for example {_examples(loaded, seed)}")
    try:
        seen = list(observed.trace(loaded, key, *weeks, seed=seed))
    except observed.TraceError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        say_json([dataclasses.asdict(week) for week in seen])
    else:
        say("\n".join(line for week in seen for line in _week_lines(week)))


def _examples(scenario: Scenario, seed: int | None) -> str:
    """Name a few people who become members."""
    from colearn.observe.results import simulate

    workers = simulate(scenario, seed).workers
    keys = workers.loc[workers["member"] & (workers["entered_week"] < 0), "key"].tolist()[:3]
    return ", ".join(map(str, keys or workers["key"].tolist()[:3]))


def _week_lines(week: Week) -> Iterator[str]:
    plan = f"member, {week.plan} plan, {week.days} days here" if week.plan else "no member"
    yield f"Week {week.week}: {week.status}, income {week.income:.0f} GBP/week, workload {week.work:.2f}; {plan}"
    if week.alternatives:
        yield from _choice_lines(week)
    for meeting in week.encounters:
        yield f"    {meeting.kind:<13} with {meeting.partner:<11} {meeting.times} times, tie {meeting.tie:.2f} before"
    spent = ", ".join(f"{name} {hours:.2f} h" for name, hours in week.hours.items() if hours)
    if spent:
        yield f"    time: {spent}"
    if week.gains:
        yield "    learnt, points: " + ", ".join(f"{name} {points:+.3f}" for name, points in week.gains.items())


def _choice_lines(week: Week) -> Iterator[str]:
    """The table of alternatives: terms of utility, the week's chance, and which score is best."""
    chance = week.outside_chance or 0.0
    best = max([chance, *(alternative.score for alternative in week.alternatives)])
    yield f"    reviews membership: staying outside scores {chance:.2f}{' <- best' if best == chance else ''}"
    for a in week.alternatives:
        yield f"      {_alternative(a)}{' <- best' if best == a.score else ''}"


def _alternative(a: Alternative) -> str:
    terms = " ".join(f"{name} {value:+.2f}" for name, value in a.terms.items() if abs(value) >= 0.005)
    return f"{a.space} {a.plan}: {terms} = {a.value:.2f}, chance {a.chance:+.2f}, score {a.score:.2f}"


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@debug_option
def scan(scenario: str, settings: dict[str, str], as_json: bool) -> None:
    """Set each swept quantity of SCENARIO to both ends of its range, one at a time, and list what moves most."""
    loaded = load(scenario, settings)
    from colearn.observe import scan as observed

    effects = observed.scan(loaded, lambda name, value: load(scenario, {**settings, name: value}))
    if as_json:
        say_json([_plain(effect) for effect in effects])
        return
    say(f"{'quantity':<38}{'range':<20}{'moves most':<20}{'at low':>12}{'as is':>12}{'at high':>12}")
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
    """Leave out what JSON cannot hold: the outcomes of a quantity that moves nothing are not numbers."""
    return {
        name: value for name, value in effect._asdict().items() if not (isinstance(value, float) and math.isnan(value))
    }
