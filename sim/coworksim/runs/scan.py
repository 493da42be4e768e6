"""One quantity at a time: set each swept quantity to the ends of its range, and see what moves.

A quantity that moves nothing is dead: it should be mended or taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.parameters import PARAMETERS, Kind, Parameter
from coworksim.model.scenario import Scenario
from coworksim.runs.simulation import Result, simulate

__all__ = ["OUTCOMES", "Effect", "ends", "scan"]


def _mean(column: str) -> Callable[[Result], float]:
    return lambda result: float(result.workers[column].mean())


#: What a scan looks at: sums and means over everybody at the end of a run.
OUTCOMES: Final[dict[str, Callable[[Result], float]]] = {
    "member_share": _mean("member"),
    "member_weeks": _mean("member_weeks"),
    "days_in_space": _mean("days_in_space"),
    "encounters": _mean("encounters"),
    "encounters_outside": _mean("encounters_outside"),
    "ties": _mean("ties"),
    "income_gbp_week": _mean("income_gbp_week"),
    "fees_gbp": _mean("fees_gbp"),
    "supported_gbp": _mean("supported_gbp"),
    "equipment_hours": _mean("equipment_hours"),
    "training_hours": _mean("training_hours"),
    "outside_hours": _mean("outside_hours"),
    "tool_users": _mean("uses_tools"),
    "sc_points": lambda result: float(100 * result.model.world.workers.skill[:, :4].mean()),
    "td_points": lambda result: float(100 * result.model.world.workers.skill[:, 4:].mean()),
    "cash_gbp": lambda result: float(result.model.world.spaces.cash.sum() / 100),
    "newcomers": lambda result: float((result.workers["key"] % 64 > 0).mean()),
}


class Effect(NamedTuple):
    """What one quantity moves: outcomes at the low and the high end of its range, and the outcome that moved most."""

    quantity: str
    low: float | str
    high: float | str
    outcome: str
    at_low: float
    at_high: float
    as_is: float

    @property
    def moves(self) -> bool:
        """Whether anything moved at all."""
        return self.outcome != ""


def ends(quantity: Parameter) -> tuple[float | str, float | str] | None:
    """Return the ends of a quantity's range, or two rival forms; None where it is not swept."""
    if quantity.kind is Kind.CHOICE:
        return quantity.choices[0], quantity.choices[-1]
    return quantity.sampled


def scan(
    scenario: Scenario, vary: Callable[[str, float | str], Scenario], names: Iterable[str] = tuple(PARAMETERS)
) -> Iterator[Effect]:
    """Yield the effect of every swept quantity among ``names``; ``vary(name, value)`` changes one value."""
    base = _outcomes(scenario)
    for quantity in (PARAMETERS[name] for name in names):
        found = ends(quantity)
        if found is not None:
            low, high = (_outcomes(vary(quantity.name, value)) for value in found)
            change = np.array(
                [max(abs(low[n] - base[n]), abs(high[n] - base[n])) / (abs(base[n]) or 1.0) for n in base]
            )
            name = list(base)[int(change.argmax())] if change.any() else ""
            yield Effect(
                quantity.name, *found, name, low.get(name, np.nan), high.get(name, np.nan), base.get(name, np.nan)
            )


def _outcomes(scenario: Scenario) -> dict[str, float]:
    result = simulate(scenario)
    return {name: measure(result) for name, measure in OUTCOMES.items()}
