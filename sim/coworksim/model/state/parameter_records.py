"""A mechanism's numbers, read once from the scenario into its frozen record, which kernels take as one argument."""

from __future__ import annotations

from typing import Any

from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.parameter import GROUPS
from coworksim.model.scenario import Scenario


def read[T: tuple[Any, ...]](scenario: Scenario, record: type[T]) -> T:
    """Return a record of coworksim.model.parameters filled from a scenario.

    Fields with a plain default are constants that the mechanism derives itself.
    """
    filled = GROUPS[record].fields.items()
    return record(**{field: PARAMETERS[name].held(scenario[name]) for field, name in filled})
