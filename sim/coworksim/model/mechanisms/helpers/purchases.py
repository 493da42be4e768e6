"""What awards buy beside fees: taught hours outside, from trainers, and loans of equipment, from suppliers.

It is paid in each week of an award's term, used or not, from the week in which the lag is over. While a loan lasts, the
person's outside access is at least what it gives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.fees import usable
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import IN_USE, Schemes
from coworksim.model.state.world import World


@kernel
def _serve(week: int, w: Population, schemes: Schemes, paid: NDArray[np.int64]) -> None:
    """Bring what awards buy this week to those who have one; ``paid[scheme]`` receives the pence."""
    paid[:] = 0
    w.loan_access[:] = 0.0
    w.taught[:] = 0.0
    for i in range(len(schemes.state)):
        for k in range(len(schemes.flat)):
            if schemes.flat[k] > 0 and usable(
                schemes.state[i, k], schemes.award_week[i, k], schemes.lag[k], schemes.term[k], week
            ):
                schemes.state[i, k] = IN_USE
                schemes.used[i, k] += schemes.flat[k]
                schemes.spent[k] += schemes.flat[k]
                paid[k] += schemes.flat[k]
                w.loan_access[i] = max(w.loan_access[i], schemes.access[k])
                for t in range(4):
                    w.taught[i, t] += schemes.hours[k] * schemes.spread[k, w.occupation[i], t]


class Bought:
    """What awards buy this week."""

    def __init__(self, world: World) -> None:
        """Make room for what is paid."""
        self._paid = np.zeros(len(world.schemes), np.int64)

    def bring(self, world: World) -> None:
        """Pay for what awards buy beside fees, and let people have it."""
        schemes = world.schemes
        if not schemes.flat.any():
            return
        _serve(world.week, world.workers, schemes, self._paid)
        for k, policy in enumerate(world.scenario.policies):
            payee = "trainers" if schemes.hours[k] > 0.0 else "suppliers"
            world.ledger.post(world.week, "treasury", payee, f"policy:{policy.name}", int(self._paid[k]))
