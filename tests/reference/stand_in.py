"""A small scenario built from the declared defaults, for trials that need no scenario file."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS
from coworksim.model.parameters.environment import INDICATORS

if TYPE_CHECKING:
    from coworksim.model.policy import Policy
    from coworksim.model.scenario import Scenario, Space

__all__ = ["stand_in_scenario"]


class _StandIn(SimpleNamespace):
    """What a scenario says, without its checks."""

    values: dict[str, float | int | str]

    def __getitem__(self, name: str) -> float | int | str:
        return self.values[name]


def stand_in_scenario(
    *,
    people: int = 400,
    burn_in_weeks: int = 12,
    weeks: int = 26,
    market: str = "new",
    spin_up_weeks: int = 0,
    seed: int = 7,
    spaces: int | tuple[int, int] = 1,
    listed: tuple[Space, ...] = (),
    off: tuple[str, ...] = (),
    policies: tuple[Policy, ...] = (),
    **quantities: float | str,
) -> Scenario:
    """Two regions of ``spaces`` spaces each, their indicators apart; ``membership__appeal=3`` sets a quantity.

    ``listed`` is the list of spaces of the first region. The market is new unless it is said to be mature or growing.
    """
    values: dict[str, float | int | str] = {name: quantity.default for name, quantity in PARAMETERS.items()}
    for name, value in quantities.items():
        dotted = name.replace("__", ".")
        if dotted not in values:
            raise ValueError(f"{dotted} is no declared quantity")
        values[dotted] = value
    first, second = (spaces, spaces) if isinstance(spaces, int) else spaces
    regions = tuple(
        SimpleNamespace(
            name=name,
            code=None,
            flag=flag,
            spaces=len(own) or number,
            people=people,
            indicators=dict.fromkeys(INDICATORS, indicator),
            environment={},
            gaps={},
            own_spaces=own,
        )
        for name, flag, indicator, number, own in (
            ("Northby", "left-behind", 0.9, first, listed),
            ("Southam", "other", 1.1, second, ()),
        )
    )
    scenario = _StandIn(
        name="stand-in",
        title="Stand-in",
        question="Does the plain twin run?",
        starts=date(2022, 1, 3),
        burn_in_weeks=burn_in_weeks,
        market=market,
        spin_up_weeks=spin_up_weeks,
        start_week=burn_in_weeks + (0 if market == "new" else spin_up_weeks),
        weeks=weeks,
        seed=seed,
        regions=regions,
        reference=dict.fromkeys(INDICATORS, 1.0),
        mechanisms={name: name not in off and name not in OFF for name in MECHANISMS},
        values=values,
        policies=policies,
    )
    return cast("Scenario", scenario)
