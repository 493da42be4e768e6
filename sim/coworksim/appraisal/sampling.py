"""Draws of what nobody knows: parameters over their declared ranges, and the laws of learning from a grid.

Every parameter of behaviour and of the environment that has a range (or rival forms) is drawn, whatever the files of
the scenario say; values of overrides (``--set``) are held. The points are those of a scrambled Sobol' sequence. The
laws of learning are structure, not numbers: their exponents come from a grid, of which every cell has the same number
of draws (but for a rest), in an order by lot, so that no cell goes with a place of the sequence.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coworksim.files.errors import InputError, Problem
from coworksim.model.parameters import PARAMETERS, Role
from coworksim.model.scenario import PARTS, Scenario
from coworksim.statistics.design import draw, run_seed
from coworksim.statistics.factors import Factor, Value, factor_of, is_swept
from coworksim.statistics.nonparametric import order_by_lot

#: The laws of learning: exponents 0 (limited by input) to 1 (closes a gap).
GRID: Final = {
    "social_learning.theta_sc": (0.0, 0.5, 1.0),
    "resource_learning.theta_td": (0.0, 1.0),
}
#: Fewer draws would leave cells of the grid empty.
LEAST_DRAWS: Final = 6
MOST_DRAWS: Final = 4096
_ROLES: Final = (Role.BEHAVIOUR, Role.ENVIRONMENT)
#: Groups that are not drawn: which regions there are is the question of a scenario, not a belief about people.
_NOT_DRAWN: Final = ("frame",)


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: the values that it sets by name, and the seed of its worlds."""

    number: int
    values: Mapping[str, Value]
    seed: int


@dataclass(frozen=True, slots=True)
class Sample:
    """All draws; the inputs with their ranges; names that overrides hold; points left aside as impossible."""

    draws: tuple[Draw, ...]
    factors: tuple[Factor, ...]
    held: tuple[str, ...]
    impossible: int


def sample(scenario: Scenario, number: int, seed: int) -> Sample:
    """Return so many draws; those of a smaller number are the first of a larger one, but for the grid's last round.

    Points at which shares add up to more than one are left aside, and the next ones taken. Raises InputError where
    nothing is left to draw.
    """
    swept = [q for q in PARAMETERS.values() if is_swept(q) and q.role in _ROLES and q.group not in _NOT_DRAWN]
    held = tuple(q.name for q in swept if scenario.origins[q.name] == "override")
    factors = tuple(factor_of(q) for q in swept if q.name not in held and q.name not in GRID)
    if len(factors) < 2:
        raise InputError([Problem("--draws", 0, 0, "nothing is left to draw; set fewer parameters")])
    base = {name: float(scenario[name]) for names in PARTS for name in names}
    cells = _cells(scenario, number, seed)
    least = 1 << (number - 1).bit_length()
    for size in (least, 2 * least, 4 * least, 8 * least):
        design = draw("pawn", factors, size, seed, base=base, parts=PARTS)  # a plain sample: no analysis by PAWN
        places = [at for at in range(size) if not design.infeasible[at]][:number]
        if len(places) == number:
            break
    else:
        said = "shares of the population that are set leave no room for those that are drawn; set all of them, or fewer"
        raise InputError([Problem("--draws", 0, 0, said)])
    draws = tuple(Draw(k, {**design.overrides(at), **cells[k]}, run_seed(seed, at)) for k, at in enumerate(places))
    return Sample(draws, factors, held, places[-1] + 1 - number)


def _cells(scenario: Scenario, number: int, seed: int) -> list[dict[str, Value]]:
    """Return a cell of the grid for each draw: every cell once in each round, in an order by lot."""
    levels = [(float(scenario[name]),) if scenario.origins[name] == "override" else grid for name, grid in GRID.items()]
    cells = [dict(zip(GRID, values, strict=True)) for values in itertools.product(*levels)]
    rounds = range(-(-number // len(cells)))
    return [dict(cells[k]) for which in rounds for k in order_by_lot(len(cells), seed, which).tolist()][:number]


def drawn(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """Return the scenario with other values, checked as any scenario is."""
    plain = scenario.model_copy(update={"policies": ()}).model_dump(mode="json")
    return Scenario.model_validate({**plain, "values": {**plain["values"], **values}})


def cell_of(values: Mapping[str, object]) -> str:
    """Return the name of a draw's cell.

    >>> cell_of({"social_learning.theta_sc": 0.5, "resource_learning.theta_td": 1.0})
    'theta_sc 0.5, theta_td 1'
    """
    return ", ".join(f"{name.partition('.')[2]} {values[name]:g}" for name in GRID)
