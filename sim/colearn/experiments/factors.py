"""What a study varies: inputs, each drawn from the unit interval and turned into a value of its quantity.

A uniform number u in [0, 1] becomes

- a real value ``low + u*(high - low)``, or evenly in logarithms ``low * (high/low)**u`` where the quantity says so;
- a whole number, and a choice, by equal cells: of n values the k-th (from 0) has [k/n, (k+1)/n), the last one 1 too.

So every whole number and every choice is as likely as any other, and the ends 0 and 1 are the ends of the range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from colearn.quantities import Kind, Quantity, Role

__all__ = ["DUMMY", "Factor", "Value", "factor_of", "is_swept"]

type Value = float | int | str

#: Name of the input that nothing reads: what an index of it comes to is the noise floor.
DUMMY: Final = "dummy"


@dataclass(frozen=True, slots=True)
class Factor:
    """One input of a study. ``group`` is what it is counted to where a study asks for groups.

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

    @property
    def group(self) -> str:
        """The mechanism or part of the world that reads it."""
        return self.name.partition(".")[0]

    def value(self, u: float) -> Value:
        """Return the value at ``u`` in [0, 1]; ValueError outside."""
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"{u} does not lie in [0, 1]")
        if self.kind is Kind.CHOICE:
            return self.choices[_cell(u, len(self.choices))]
        if self.kind is Kind.INTEGER:
            return int(self.low) + _cell(u, int(self.high) - int(self.low) + 1)
        even = self.low * math.pow(self.high / self.low, u) if self.log else self.low + u * (self.high - self.low)
        return min(max(even, self.low), self.high)

    def cells(self) -> int | None:
        """Count the values that it can take; None for a real one."""
        if self.kind is Kind.CHOICE:
            return len(self.choices)
        return int(self.high) - int(self.low) + 1 if self.kind is Kind.INTEGER else None


def _cell(u: float, number: int) -> int:
    return min(int(u * number), number - 1)


def is_swept(quantity: Quantity) -> bool:
    """Say whether sweeps draw it: it has a range to sample, or is a rival form.

    What only measures, or values what a run has come to (``appraisal.*``), moves no run, and is left out.
    """
    if quantity.role is Role.MEASUREMENT:
        return False
    return quantity.kind is Kind.CHOICE or quantity.sampled is not None


def factor_of(quantity: Quantity, limits: tuple[float, float] | None = None) -> Factor:
    """Return the factor of a quantity, over its sampled range or over ``limits``.

    Raises ValueError where there is neither.

    >>> from colearn.quantities import QUANTITIES
    >>> factor_of(QUANTITIES["membership.affordability"]).value(0.7)
    'ceiling'
    """
    if quantity.kind is Kind.CHOICE:
        return Factor(quantity.name, Kind.CHOICE, choices=quantity.choices)
    chosen = limits or quantity.sampled
    if chosen is None:
        raise ValueError(f"{quantity.name} has no range to sample")
    return Factor(quantity.name, quantity.kind, float(chosen[0]), float(chosen[1]), quantity.log)
