"""What awards buy beside fees: taught hours outside, from trainers, and loans of equipment, from suppliers.

It is paid in each week of an award's term, used or not, from the week in which the lag is over. While a loan lasts, the
person's outside access is at least what it gives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.fees import usable
from coworksim.model.state.policy_state import IN_USE
from coworksim.model.state.world import World

__all__ = ["Bought"]


@kernel
def _serve(
    week: int,
    occupation: NDArray[np.int8],
    term: NDArray[np.int64],
    lag: NDArray[np.int64],
    flat: NDArray[np.int64],
    hours: NDArray[np.float64],
    spread: NDArray[np.float64],
    access: NDArray[np.float64],
    award_week: NDArray[np.int32],
    state: NDArray[np.int8],
    used: NDArray[np.int64],
    spent: NDArray[np.int64],
    loan_access: NDArray[np.float64],
    taught: NDArray[np.float64],
    paid: NDArray[np.int64],
) -> None:
    """Bring what awards buy this week to those who have one; ``paid[scheme]`` receives the pence."""
    paid[:] = 0
    loan_access[:] = 0.0
    taught[:] = 0.0
    for i in range(len(state)):
        for k in range(len(flat)):
            if flat[k] > 0 and usable(state[i, k], award_week[i, k], lag[k], term[k], week):
                state[i, k] = IN_USE
                used[i, k] += flat[k]
                spent[k] += flat[k]
                paid[k] += flat[k]
                loan_access[i] = max(loan_access[i], access[k])
                for t in range(4):
                    taught[i, t] += hours[k] * spread[k, occupation[i], t]


class Bought:
    """What awards buy this week."""

    def __init__(self, world: World) -> None:
        """Make room for what is paid."""
        self._paid = np.zeros(len(world.schemes), np.int64)

    def bring(self, world: World) -> None:
        """Pay for what awards buy beside fees, and let people have it."""
        w, schemes = world.workers, world.schemes
        if not schemes.flat.any():
            return
        _serve(
            world.week,
            w.occupation,
            schemes.term,
            schemes.lag,
            schemes.flat,
            schemes.hours,
            schemes.spread,
            schemes.access,
            schemes.award_week,
            schemes.state,
            schemes.used,
            schemes.spent,
            w.loan_access,
            w.taught,
            self._paid,
        )
        for k, policy in enumerate(world.scenario.policies):
            payee = "trainers" if schemes.hours[k] > 0.0 else "suppliers"
            world.ledger.post(world.week, "treasury", payee, f"policy:{policy.name}", int(self._paid[k]))
