"""What differs between two scenarios, entry by entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from colearn.quantities import QUANTITIES
from colearn.quantities.regions import INDICATORS
from colearn.scenario.reader import WHOLE
from colearn.scenario.scenario import Scenario

__all__ = ["Difference", "Value", "diff"]

type Value = float | int | str | bool | datetime.date | None


class Difference(NamedTuple):
    """An entry that two scenarios hold differently; None stands for one that a scenario does not have."""

    name: str
    first: Value
    second: Value
    unit: str


def diff(first: Scenario, second: Scenario) -> list[Difference]:
    """List all entries that differ, in the order of a scenario file; names, questions and origins do not count.

    >>> from colearn.scenario import load_scenario
    >>> diff(load_scenario("tiny"), load_scenario("tiny", {"space.price": 160}))
    [Difference(name='space.price', first=157.0, second=160.0, unit='GBP/month')]
    """
    left, right = dict(_entries(first)), dict(_entries(second))
    return [
        Difference(name, left.get(name), right.get(name), _unit(name))
        for name in {**left, **right}
        if left.get(name) != right.get(name)
    ]


def _entries(scenario: Scenario) -> Iterator[tuple[str, Value]]:
    for key in ("title", "starts", *WHOLE):
        yield key, getattr(scenario, key)
    for region in scenario.regions:
        prefix = f"regions.{region.name}"
        for key in ("code", "flag", "spaces", "people"):
            yield f"{prefix}.{key}", getattr(region, key)
        yield from ((f"{prefix}.indicators.{name}", value) for name, value in region.indicators.items())
        yield from ((f"{prefix}.environment.{name}", value) for name, value in region.environment.items())
    yield from ((f"mechanisms.{name}", on) for name, on in scenario.mechanisms.items())
    yield from scenario.values.items()


def _unit(name: str) -> str:
    """Return the unit of an entry, or nothing where it has none."""
    last = name.rpartition(".")[2]
    if ".indicators." in name:
        return INDICATORS[last].unit
    if ".environment." in name:
        return QUANTITIES[f"environment.{last}"].unit
    return QUANTITIES[name].unit if name in QUANTITIES else WHOLE[name][3] if name in WHOLE else ""
