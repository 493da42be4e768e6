"""The methods of a study, and the inputs that it varies: drawn from the unit interval, turned into values.

A uniform number u in [0, 1] becomes

- a real value ``low + u*(high - low)``, or evenly in logarithms ``low * (high/low)**u`` where the parameter says so;
- a whole number, and a choice, by equal cells: of n values the k-th (from 0) has [k/n, (k+1)/n), the last one 1 too.

So every whole number and every choice is as likely as any other, and the ends 0 and 1 are the ends of the range. Where
a scenario sets another value than the default, what was drawn is carried over to it (``coworksim.statistics.around``).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from coworksim.model.parameters import PARAMETERS, Kind, Parameter, Role
from coworksim.statistics.around import around, stays


@dataclass(frozen=True, slots=True)
class Method:
    """One method. ``size`` (default, least, most) counts ``counts``; None where a study has no size.

    ``dummy``: takes an input that nothing reads, for the noise floor. ``groups``: gives indices of groups of inputs.
    ``doubles``: the points of a size are the first points of twice that size. ``replicates`` is the default.
    """

    name: str
    meaning: str
    source: str
    counts: str
    size: tuple[int, int, int] | None
    dummy: bool = True
    groups: bool = False
    doubles: bool = False
    replicates: int = 1


_ALL: Final = (
    Method("morris", "screening by elementary effects: mean size (mu*) and spread (sigma)",
           "Campolongo, Cariboni and Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004",
           "trajectories", (16, 2, 4096), groups=True, doubles=True),
    Method("sobol", "shares of variance: alone (S1) and with all interactions (ST)",
           "Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018",
           "base points, a power of two", (512, 2, 2**15), groups=True, doubles=True, replicates=4),
    Method("rbd_fast", "shares of variance alone (S1), from any sample",
           "Tissot and Prieur 2012, doi:10.1016/j.ress.2012.06.010",
           "points, a power of two", (512, 64, 2**17), doubles=True),
    Method("efast", "shares of variance by a search curve for each input (S1, ST), without intervals",
           "Saltelli, Tarantola and Chan 1999, doi:10.1080/00401706.1999.10485594",
           "points on the curve of each input", (257, 65, 2**15)),
    Method("pawn", "distances between distributions, with an input held and free",
           "Pianosi and Wagener 2018, doi:10.1016/j.envsoft.2018.07.019",
           "points, a power of two", (512, 64, 2**17), doubles=True),
    Method("delta", "distance between densities, with an input held and free (slow to analyse)",
           "Borgonovo 2007, doi:10.1016/j.ress.2006.04.015", "points, a power of two", (512, 128, 2**17), doubles=True),
    Method("one_at_a_time", "each input over its range, the others as the scenario has them", "paired differences",
           "levels of each input", (2, 2, 101), dummy=False, replicates=8),
    Method("factorial", "every combination of levels", "means by level",
           "levels of each input", (2, 2, 101), dummy=False, replicates=4),
    Method("replicates", "the scenario itself again and again: how many runs an outcome needs", "Student 1908",
           "", None, dummy=False, replicates=64),
)  # fmt: skip  # a table: a line is a row

#: Every method that a study may name.
METHODS: Final[Mapping[str, Method]] = MappingProxyType({method.name: method for method in _ALL})
#: Methods whose size must be a power of two.
POWERS: Final = ("sobol", "rbd_fast", "pawn", "delta")


type Value = float | int | str

#: Name of the input that nothing reads: what an index of it comes to is the noise floor.
DUMMY: Final = "dummy"


@dataclass(frozen=True, slots=True)
class Factor:
    """One input of a study. ``group`` is what it is counted to where a study asks for groups.

    ``low`` to ``high`` is the range as declared, or as the user wrote it. ``own`` is the scenario's own value, where
    the range is carried over to it.

    >>> Factor("space.desks", Kind.INTEGER, 22, 24).value(0.5)
    23
    >>> round(Factor("income.projects", Kind.REAL, 0.25, 1.0, log=True).value(0.5), 9)
    0.5
    """

    name: str
    kind: Kind = Kind.REAL
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    choices: tuple[str, ...] = ()
    own: float | None = None

    @property
    def group(self) -> str:
        """The mechanism or part of the world that reads it."""
        return self.name.partition(".")[0]

    @property
    def ends(self) -> tuple[float, float]:
        """The values that runs have at the two ends of the range; 0 and 1 for a choice."""
        return (self.low, self.high) if self.choices else (float(self.value(0.0)), float(self.value(1.0)))

    @property
    def content(self) -> list[Any]:
        """All that decides its values, as JSON has it, for digests."""
        said = [self.name, str(self.kind), self.low, self.high, self.log, list(self.choices)]
        return said if self.own is None else [*said, self.own]

    def value(self, u: float) -> Value:
        """Return the value at ``u`` in [0, 1]; ValueError outside."""
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"{u} does not lie in [0, 1]")
        if self.kind is Kind.CHOICE:
            return self.choices[_cell(u, len(self.choices))]
        drawn = self._drawn(u)
        return drawn if self.own is None else around(PARAMETERS[self.name], self.own, drawn)

    def _drawn(self, u: float) -> float | int:
        if self.kind is Kind.INTEGER:
            return int(self.low) + _cell(u, int(self.high) - int(self.low) + 1)
        if u == 1.0:
            return self.high
        even = self.low * math.pow(self.high / self.low, u) if self.log else self.low + u * (self.high - self.low)
        return min(max(even, self.low), self.high)

    def cells(self) -> int | None:
        """Count the values that it can take; None for a real one."""
        if self.kind is Kind.CHOICE:
            return len(self.choices)
        return int(self.high) - int(self.low) + 1 if self.kind is Kind.INTEGER else None


#: The units of levels that are 1 where a place is like the UK, or like its nation.
_RELATIVE: Final = ("relative to UK", "relative to nation")


def _cell(u: float, number: int) -> int:
    return min(int(u * number), number - 1)


def is_swept(parameter: Parameter) -> bool:
    """Say whether sweeps draw it: it has a range to sample, or is a rival form that is no constant.

    What only measures, or values what a run has come to (``appraisal.*``), moves no run, and is left out. So is a level
    relative to the UK or a nation: it is 1 by definition, and multiplies what is drawn by itself (the level of incomes:
    fees and wages). Its range is that of sliders, and of contrasts between regions.
    """
    if parameter.role is Role.MEASUREMENT or (parameter.kind is Kind.CHOICE and parameter.role is Role.CONSTANT):
        return False
    if parameter.unit in _RELATIVE:
        return False
    return parameter.kind is Kind.CHOICE or parameter.sampled is not None


def factor_of(parameter: Parameter, limits: tuple[float, float] | None = None, own: Value | None = None) -> Factor:
    """Return the factor of a parameter: over ``limits`` as they stand, or over its sampled range around ``own``.

    Raises ValueError where there is no range.

    >>> factor_of(PARAMETERS["membership.money"]).value(0.7)
    'logarithmic'
    >>> [round(end) for end in factor_of(PARAMETERS["space.price"], own=314.0).ends]
    [220, 500]
    """
    if parameter.kind is Kind.CHOICE:
        return Factor(parameter.name, Kind.CHOICE, choices=parameter.choices)
    chosen = limits or parameter.sampled
    if chosen is None:
        raise ValueError(f"{parameter.name} has no range to sample")
    moved = None if limits or own is None or own == parameter.default else float(own)
    return Factor(parameter.name, parameter.kind, float(chosen[0]), float(chosen[1]), parameter.log, own=moved)


def factors_around(parameters: Iterable[Parameter], own: Mapping[str, Value]) -> tuple[Factor, ...]:
    """Return the factors of those parameters that sweeps draw, around the values that a scenario has.

    What the scenario has decided is left out.
    """
    drawn = (one for one in parameters if is_swept(one) and not stays(one, own.get(one.name, one.default)))
    return tuple(factor_of(one, own=own.get(one.name)) for one in drawn)
