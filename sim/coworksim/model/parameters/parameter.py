"""What a parameter is, and how a record declares its own.

A record is a NamedTuple whose defaults are declarations: unit, default, limits, the range that sweeps draw from,
meaning, source and how well it is known. Filled from a scenario (coworksim.model.scenario), the same
record is what kernels take. ``@group`` and ``@mechanism`` name it and give it its place; lying in this folder is
enough to be found.

>>> class Rain(NamedTuple):
...     hours: float = real("h/week", 2, (0, 168), (1, 4), "hours of rain")
...     price: float = borrowed("space.price")
...     total: float = 0.0  # what the mechanism works out itself
>>> declared = declare("rain", 1, Rain)
>>> declared.parameters[0].name, dict(declared.fields)
('rain.hours', {'hours': 'rain.hours', 'price': 'space.price'})
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class UnsolvableError(ValueError):
    """Nothing brings about what parameters ask for together; the text says what to write instead."""


class Role(StrEnum):
    """What a parameter is to a study (uncertainty, lever, constant or measurement)."""

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
    """Which values a parameter takes."""

    REAL = "real"
    INTEGER = "integer"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, environment field or rival form, declared once.

    ``name`` is ``group.field``; the group is the mechanism or part of the world that reads it. ``limits`` are hard
    (a value outside is refused); ``sampled`` is the range that sweeps draw from (None: the parameter is not swept),
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
        """Say in a clause what is wrong with ``value`` as a value of this parameter, or None.

        >>> price = real("GBP/month", 157, (0, 5000), None, "price of a hot desk")
        >>> price.problem(-1)
        'must lie between 0 and 5000 GBP/month'
        >>> price.problem(True)
        'must be a number, not true or false'
        >>> price.problem(160.0) is None
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

    def held(self, value: float | int | str) -> float | int:
        """Return a value as records hold it: a rival form is its place among the choices, as kernels tell numbers."""
        if self.kind is Kind.CHOICE:
            return self.choices.index(str(value))
        return int(value) if self.kind is Kind.INTEGER else float(value)


type Range = tuple[float, float]


# Declarations say that they return Any, for they stand where a record will hold a number.
def real(
    unit: str,
    default: float,
    limits: Range,
    sampled: Range | None,
    meaning: str,
    source: str = "guess",
    evidence: str = "G",
    *,
    role: Role = Role.BEHAVIOUR,
    log: bool = False,
) -> Any:
    """Declare a real parameter; what names no source is a guess."""
    known = Evidence(evidence)
    return Parameter("", Kind.REAL, unit, float(default), meaning, role, source, known, limits, sampled, log)


def integer(unit: str, default: int, limits: Range, *said: Any, role: Role = Role.BEHAVIOUR) -> Any:
    """Declare a whole-number parameter, with what :func:`real` takes after its limits."""
    return replace(real(unit, default, limits, *said, role=role), kind=Kind.INTEGER, default=int(default))


def choice(default: str, choices: tuple[str, ...], meaning: str, source: str, *, role: Role = Role.BEHAVIOUR) -> Any:
    """Declare a rival form that a scenario may choose by name."""
    return Parameter("", Kind.CHOICE, "form", default, meaning, role, source, Evidence.GUESS, choices=choices)


class _Borrowed(NamedTuple):
    name: str


def borrowed(name: str) -> Any:
    """Let a record hold a parameter that another one declares."""
    return _Borrowed(name)


@dataclass(frozen=True, slots=True)
class Group:
    """A record under its name. ``place`` is where its parameters stand in tables; 0 for ``week``: no mechanism."""

    name: str
    place: int
    parameters: tuple[Parameter, ...]
    fields: Mapping[str, str]  # field -> name of the parameter that fills it
    meaning: str = ""
    week: int = 0  # place among the mechanisms of the week
    on: bool = True  # unless a scenario says otherwise


#: Every group that has been declared, by its record.
GROUPS: Final[dict[type, Group]] = {}


def declare(
    name: str, place: int, record: type, meaning: str = "", role: Role = Role.BEHAVIOUR, week: int = 0, on: bool = True
) -> Group:
    """Return the group of a record. ValueError where a default is not a value of its own parameter."""
    own, fields = [], {}
    for field, said in record._field_defaults.items():  # type: ignore[attr-defined]  # every NamedTuple class has it
        if isinstance(said, Parameter):
            parameter = replace(said, name=f"{name}.{field}", role=role if said.role is Role.BEHAVIOUR else said.role)
            if problem := parameter.problem(parameter.default):
                raise ValueError(f"default of {parameter.name} {problem}")
            own.append(parameter)
            fields[field] = parameter.name
        elif isinstance(said, _Borrowed):
            fields[field] = said.name
    return Group(name, place, tuple(own), MappingProxyType(fields), meaning, week, on)


def group[R: type](name: str, place: int, role: Role = Role.BEHAVIOUR) -> Callable[[R], R]:
    """Name the record of a part of the world, say where it stands in tables, and what its parameters are to a study."""
    return _registered(name, place, "", role)


def mechanism[R: type](name: str, place: int, meaning: str, *, on: bool = True, table: int = 0) -> Callable[[R], R]:
    """Name the record of a mechanism, and say where it stands in the week and, if elsewhere, in tables.

    A mechanism that is not ``on`` runs only in scenarios that switch it on.
    """
    return _registered(name, table or place, meaning, Role.BEHAVIOUR, place, on)


def _registered[R: type](name: str, place: int, *said: Any) -> Callable[[R], R]:
    def take(record: R) -> R:
        GROUPS[record] = declare(name, place, record, *said)
        return record

    return take
