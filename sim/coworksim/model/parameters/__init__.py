"""Everything that a scenario may name, declared once.

Validation, ``coworksim describe``, sweeps and documents all read :data:`QUANTITIES` and :data:`MECHANISMS`.

>>> QUANTITIES["space.price"].unit
'GBP/month'
>>> list(MECHANISMS)[0]
'turnover'
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from coworksim.model.parameters import (
    environment,
    livelihoods,
    measurement,
    opening,
    policy_kinds,
    week,
)
from coworksim.model.parameters.parameter import Evidence, Kind, Quantity, Role

__all__ = ["MECHANISMS", "PARAMETER_SET", "QUANTITIES", "Evidence", "Kind", "Quantity", "Role"]

#: The version of all defaults: it counts up when one of them changes its value or its meaning, for digests of scenarios
#: cover only what differs from them. What is new, and does nothing at its default, leaves it as it is.
PARAMETER_SET: Final = 1

#: Mechanisms in the order of the week, each of which a scenario may switch off.
MECHANISMS: Final = MappingProxyType(
    {
        "turnover": "careers end and begin, people change status",
        "frontier": "the best possible skill moves on",
        "adoption": "who takes up new tools",
        "policies": "public money changes spaces and regions, and sets what people can apply for",
        "income": "projects, fees and wages",
        "awareness": "who has heard of which space and scheme",
        "schemes": "who applies for support, and who gets it",
        "membership": "who joins, stays in or leaves a coworking space, and pays",
        "attendance": "who comes on which day, and who finds a desk",
        "encounters": "who meets whom, inside and outside",
        "social_learning": "what people learn from those they meet",
        "resource_pool": "who gets equipment hours and training places",
        "resource_learning": "what people learn from hours and from their own work",
        "decay": "skills depreciate, ties fade",
        "management": "managers set prices, invest, close and open spaces",
    }
)


def _declare(*blocks: tuple[Quantity, ...]) -> MappingProxyType[str, Quantity]:
    declared: dict[str, Quantity] = {}
    for quantity in (quantity for block in blocks for quantity in block):
        if quantity.name in declared:
            raise ValueError(f"quantity {quantity.name} is declared twice")
        if problem := quantity.problem(quantity.default):
            raise ValueError(f"default of {quantity.name} {problem}")
        declared[quantity.name] = quantity
    return MappingProxyType(declared)


QUANTITIES: Final = _declare(
    opening.QUANTITIES,
    environment.QUANTITIES,
    opening.QUANTITIES,
    opening.QUANTITIES,
    livelihoods.QUANTITIES,
    week.QUANTITIES,
    policy_kinds.QUANTITIES,
    measurement.QUANTITIES,
    measurement.QUANTITIES,
)
