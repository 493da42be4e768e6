"""A small scenario built from the declared defaults, for trials that need no scenario file."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.parameters.environment import INDICATORS

if TYPE_CHECKING:
    from coworksim.model.policy import Policy
    from coworksim.model.scenario import Scenario

__all__ = ["stand_in_scenario"]


class _StandIn(SimpleNamespace):
    """What the twin asks of a scenario."""

    def __getitem__(self, name: str) -> float | int | str:
        return self.values[name]  # type: ignore[no-any-return]  # a namespace does not say what it holds


def stand_in_scenario(
    *,
    people: int = 400,
    burn_in_weeks: int = 12,
    weeks: int = 26,
    seed: int = 7,
    spaces: int = 1,
    off: tuple[str, ...] = (),
    policies: tuple[Policy, ...] = (),
    **quantities: float | str,
) -> Scenario:
    """Two regions of ``spaces`` spaces each, their indicators apart; ``membership__appeal=3`` sets a quantity."""
    values: dict[str, float | int | str] = {name: quantity.default for name, quantity in PARAMETERS.items()}
    for name, value in quantities.items():
        dotted = name.replace("__", ".")
        if dotted not in values:
            raise ValueError(f"{dotted} is no declared quantity")
        values[dotted] = value
    regions = tuple(
        SimpleNamespace(
            name=name,
            code=None,
            flag=flag,
            spaces=spaces,
            people=people,
            indicators=dict.fromkeys(INDICATORS, indicator),
            environment={},
            own_spaces=(),
        )
        for name, flag, indicator in (("Northby", "left-behind", 1.0), ("Southam", "other", 2.0))
    )
    scenario = _StandIn(
        name="stand-in",
        title="Stand-in",
        question="Does the plain twin run?",
        starts=date(2022, 1, 3),
        burn_in_weeks=burn_in_weeks,
        weeks=weeks,
        seed=seed,
        regions=regions,
        reference={name: (0.35 if i.scale == "ln" else 1.5, 0.35) for name, i in INDICATORS.items()},
        mechanisms={name: name not in off and name not in OFF for name in MECHANISMS},
        values=values,
        policies=policies,
    )
    return cast("Scenario", scenario)
