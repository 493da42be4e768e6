"""Untuned draws: every swept parameter over its declared range, and left-behind regions above or below the others.

What sets the kinds of regions apart is drawn by field: ``ln(left-behind / other)`` is even over [-s, s], where s is
half of ``ln(high / low)`` of the declared range of the field (of the trend of demand: the difference, half of the
range). So each field of left-behind regions lies above or below that of the others equally often, whatever the
findings; the range includes 0, and both signs. Left-behind regions are moved up by half of it and the others down by
half, so that neither is the norm. Elasticities on indicators are 0 in the draws, as these ratios stand in their place;
regional noise is drawn.

Parameters that a scenario scales with the size of its worlds keep their ranges relative to the default. What the user
sets is not drawn, nor is what no run without a policy reads. Draws are points of a scrambled Sobol' sequence: those of
a number are the first of any larger number. Each has chance of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from coworksim.evidence.patterns.region_contrast import ALIKE, SPANS
from coworksim.model.parameters import PARAMETERS, Kind, Parameter
from coworksim.model.scenario import PARTS, Scenario
from coworksim.statistics.design import Design, draw, run_seed
from coworksim.statistics.factors import DUMMY, Factor, factor_of, is_swept

#: Draws below which nothing can be said of what decides a pattern, and the most that may be asked for.
LEAST: Final = 64
MOST: Final = 2**17
#: Names of the ratios between kinds of regions among the inputs.
RATIO: Final = "ratio."
_SIZES: Final = ("environment.catchment", "space.desks", "management.staff", "management.capital")
_UNREAD_GROUPS: Final = ("frame", "appraisal", "policies", "schemes")
_UNREAD: Final = ("frontier.ai_jump", "frontier.ai_spill")
_STILL: Final = tuple(name for name in ALIKE if name != "environment.noise")


class Point(NamedTuple):
    """One draw: values by name, ratios by field, its seed, and whether its shares add up to no more than 1."""

    number: int
    overrides: dict[str, Any]
    ratios: dict[str, float]
    seed: int
    feasible: bool


def ranges(scenario: Scenario, settled: Iterable[str] = ()) -> tuple[Factor, ...]:
    """Return what is drawn, and over which range; the last one is an input that nothing reads."""
    drawn = [_scaled(factor_of(parameter), scenario) for parameter in _drawn({*settled})]
    ratios = [Factor(f"{RATIO}{field}", Kind.REAL, -span, span) for field, span in SPANS.items()]
    return (*drawn, *ratios, Factor(DUMMY))


def _drawn(settled: set[str]) -> list[Parameter]:
    """Return the parameters that are drawn, in their order."""
    left_out = {*settled, *_UNREAD, *_STILL}
    swept = (one for name, one in PARAMETERS.items() if is_swept(one) and name not in left_out)
    return [one for one in swept if one.group not in _UNREAD_GROUPS]


def added_since(inputs: Iterable[str]) -> list[str]:
    """Name the parameters that are drawn now, and were not among the inputs of an earlier measurement.

    >>> added_since(one.name for one in _drawn(set()) if one.group != "decay")
    ['decay.skill', 'decay.tie_weeks', 'decay.tie_floor']
    """
    known = set(inputs)
    return [one.name for one in _drawn(set()) if one.name not in known]


def _scaled(factor: Factor, scenario: Scenario) -> Factor:
    """Scale the range of a size as the scenario scales its default."""
    if factor.name not in _SIZES:
        return factor
    scale = float(scenario[factor.name]) / float(PARAMETERS[factor.name].default)
    low, high = factor.low * scale, factor.high * scale
    if factor.kind is Kind.INTEGER:
        low, high = float(max(1, round(low))), float(max(1, round(high)))
    return replace(factor, low=low, high=high)


def ranges_hash(factors: Iterable[Factor]) -> str:
    """Return the SHA-256 of the ranges: names, limits, whether even in logarithms, choices."""
    content = [[f.name, str(f.kind), f.low, f.high, f.log, list(f.choices)] for f in factors]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, allow_nan=False).encode("ascii")).hexdigest()


def design(factors: tuple[Factor, ...], number: int, seed: int, scenario: Scenario) -> Design:
    """Return the design that has the draws as its first points; its size is the next power of two."""
    size = 1 << max(number - 1, 1).bit_length()
    base = {name: float(scenario[name]) for names in PARTS for name in names}
    return draw("pawn", factors, size, seed, base=base, parts=PARTS)


def points(of: Design, number: int) -> Iterator[Point]:
    """Go through the first draws of a design."""
    for at in range(number):
        drawn: Mapping[str, Any] = of.overrides(at)
        ratios = {name.removeprefix(RATIO): float(value) for name, value in drawn.items() if name.startswith(RATIO)}
        values = {name: value for name, value in drawn.items() if not name.startswith(RATIO)}
        feasible = not bool(of.infeasible[at])
        yield Point(at, {**dict.fromkeys(_STILL, 0.0), **values}, ratios, run_seed(of.seed, at), feasible)
