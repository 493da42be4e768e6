"""A mechanism's numbers, read once from the scenario into a frozen record that kernels take as one argument."""

from __future__ import annotations

from typing import Any

from coworksim.model.parameters import QUANTITIES, Kind
from coworksim.model.scenario import Scenario

__all__ = ["read"]


def read[T: tuple[Any, ...]](scenario: Scenario, group: str, record: type[T], **elsewhere: str) -> T:
    """Fill a NamedTuple from the quantities of ``group``; ``elsewhere`` names those of other groups.

    Fields with a default are constants that the mechanism derives itself.

    A rival form becomes its place in the declared choices, so that a kernel can tell forms apart by a number.
    """
    values: dict[str, float | int] = {}
    fields = record._fields  # type: ignore[attr-defined]  # every NamedTuple class has it; typing cannot say so
    derived = record._field_defaults  # type: ignore[attr-defined]  # as above
    for field in (name for name in fields if name not in derived):
        quantity = QUANTITIES[elsewhere.get(field, f"{group}.{field}")]
        value = scenario[quantity.name]
        if quantity.kind is Kind.CHOICE:
            values[field] = quantity.choices.index(str(value))
        elif quantity.kind is Kind.INTEGER:
            values[field] = int(value)
        else:
            values[field] = float(value)
    return record(**values)
