"""What differs between two scenarios, entry by entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from coworksim.files.policy_reader import MONEY
from coworksim.files.scenario_reader import WHOLE
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.policy import LIMITS, Eligibility, Policy, keys_of
from coworksim.model.scenario import Region, Scenario

type Value = float | int | str | bool | datetime.date | None


class Difference(NamedTuple):
    """An entry that two scenarios hold differently; None stands for one that a scenario does not have."""

    name: str
    first: Value
    second: Value
    unit: str


def diff(first: Scenario, second: Scenario) -> list[Difference]:
    """List all entries that differ, in the order of a scenario file; names, questions and origins do not count.

    >>> from coworksim.files.load import load_scenario
    >>> diff(load_scenario("tiny"), load_scenario("tiny", {"space.price": 160}))
    [Difference(name='space.price', first=157.0, second=160.0, unit='GBP/month')]
    """
    left, right = ({name: (value, unit) for name, value, unit in _entries(one)} for one in (first, second))
    none = (None, "")
    return [
        Difference(name, left.get(name, none)[0], right.get(name, none)[0], unit)
        for name, (_, unit) in sorted({**left, **right}.items(), key=lambda entry: _section(entry[0]))
        if left.get(name, none)[0] != right.get(name, none)[0]
    ]


def _section(name: str) -> int:
    """Return the place of the part of a scenario file to which an entry belongs."""
    parts, part = ("title", "starts", *WHOLE, "regions", "policies"), name.partition(".")[0]
    return parts.index(part) if part in parts else len(parts)


def _entries(scenario: Scenario) -> Iterator[tuple[str, Value, str]]:
    """Go through a scenario: (name, value, unit)."""
    for key in ("title", "starts", *WHOLE):
        yield key, getattr(scenario, key), WHOLE[key][3] if key in WHOLE else ""
    for region in scenario.regions:
        yield from _region(region, f"regions.{region.name}")
    yield "policies", _joined(tuple(policy.name for policy in scenario.policies)), ""
    for policy in scenario.policies:
        yield from _policy(policy, f"policies.{policy.name}")
    yield from ((f"mechanisms.{name}", on, "") for name, on in scenario.mechanisms.items())
    yield from ((name, value, PARAMETERS[name].unit) for name, value in scenario.values.items())


def _region(region: Region, prefix: str) -> Iterator[tuple[str, Value, str]]:
    for key in ("code", "flag", "spaces", "people"):
        yield f"{prefix}.{key}", getattr(region, key), ""
    yield f"{prefix}.uk_values", _joined(region.uk_values), ""
    for at, space in enumerate(region.own_spaces):
        for key, unit in (("name", ""), ("desks", "desks"), ("price", "GBP/month")):
            yield f"{prefix}.spaces.{at}.{key}", getattr(space, key), unit
    for name, value in region.indicators.items():
        yield f"{prefix}.indicators.{name}", value, INDICATORS[name].unit
    for name, value in region.environment.items():
        yield f"{prefix}.environment.{name}", value, PARAMETERS[f"environment.{name}"].unit


def _policy(policy: Policy, prefix: str) -> Iterator[tuple[str, Value, str]]:
    """Go through a policy; money is in pounds, as in a file."""
    mine = [key for key in Policy.model_fields if key in keys_of(policy.kind)]
    of_part = ((policy, prefix, mine), (policy.eligible, f"{prefix}.eligible", list(Eligibility.model_fields)))
    for part, dots, keys in of_part:
        for key in keys:
            value = getattr(part, key)
            if key in MONEY and value is not None:
                value = value / 100
            if isinstance(value, tuple):
                value = _joined(value)
            if key != "name" and not isinstance(value, Eligibility):
                yield f"{dots}.{key}", value, LIMITS[key][2] if key in LIMITS else ""


def _joined(names: tuple[str, ...]) -> str | None:
    return ", ".join(names) or None
