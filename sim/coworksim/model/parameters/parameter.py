"""One declared quantity: what it means, in which unit, how large it may be, and how well it is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Evidence", "Kind", "Quantity", "Role", "choice", "integer", "real"]


class Role(StrEnum):
    """What a quantity is to a study (uncertainty, lever, constant or measurement)."""

    ENVIRONMENT = "environment"
    BEHAVIOUR = "behaviour"
    LEVER = "lever"
    MEASUREMENT = "measurement"
    CONSTANT = "constant"


class Evidence(StrEnum):
    """How well a default is known."""

    MEASURED = "M"
    DERIVED = "D"
    GUESS = "G"


class Kind(StrEnum):
    """Which values a quantity takes."""

    REAL = "real"
    INTEGER = "integer"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parameter, environment field or rival form, declared once.

    ``name`` is ``group.field``; the group is the mechanism or part of the world that reads it. ``limits`` are hard
    (a value outside is refused); ``sampled`` is the range that sweeps draw from (None: the quantity is not swept),
    ``log`` says that it is drawn evenly in logarithms.
    """

    name: str
    kind: Kind
    unit: str
    default: float | int | str
    meaning: str
    role: Role
    source: str
    evidence: Evidence
    limits: tuple[float, float] = (float("-inf"), float("inf"))
    sampled: tuple[float, float] | None = None
    log: bool = False
    choices: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The mechanism or part of the world that reads it."""
        return self.name.partition(".")[0]

    @property
    def field(self) -> str:
        """The name inside the group."""
        return self.name.partition(".")[2]

    def problem(self, value: object) -> str | None:
        """Say in a clause what is wrong with ``value`` as a value of this quantity, or None.

        >>> q = real("space.price", "GBP/month", 157, (0, 5000), "price of a hot desk", Role.LEVER, "listing", "M")
        >>> q.problem(-1)
        'must lie between 0 and 5000 GBP/month'
        >>> q.problem(True)
        'must be a number, not true or false'
        >>> q.problem(160.0) is None
        True
        """
        if self.kind is Kind.CHOICE:
            return None if value in self.choices else f"must be one of {', '.join(self.choices)}"
        if isinstance(value, bool):
            return "must be a number, not true or false"
        if not isinstance(value, int | float):
            return "must be a number"
        low, high = self.limits
        if not low <= value <= high:
            return f"must lie between {low:g} and {high:g} {self.unit}"
        if self.kind is Kind.INTEGER and value != int(value):
            return "must be a whole number"
        return None


def real(
    name: str,
    unit: str,
    default: float,
    limits: tuple[float, float],
    meaning: str,
    role: Role,
    source: str,
    evidence: str,
    sampled: tuple[float, float] | None = None,
    *,
    log: bool = False,
) -> Quantity:
    """Declare a real quantity."""
    return Quantity(
        name, Kind.REAL, unit, float(default), meaning, role, source, Evidence(evidence), limits, sampled, log
    )


def integer(
    name: str,
    unit: str,
    default: int,
    limits: tuple[float, float],
    meaning: str,
    role: Role,
    source: str,
    evidence: str,
    sampled: tuple[float, float] | None = None,
) -> Quantity:
    """Declare a whole-number quantity."""
    return Quantity(name, Kind.INTEGER, unit, int(default), meaning, role, source, Evidence(evidence), limits, sampled)


def choice(
    name: str, default: str, choices: tuple[str, ...], meaning: str, source: str, role: Role = Role.BEHAVIOUR
) -> Quantity:
    """Declare a rival form that a scenario may choose by name."""
    return Quantity(name, Kind.CHOICE, "form", default, meaning, role, source, Evidence.GUESS, choices=choices)
