"""What a survey asks about, as it truly was: of each member at the end of a run, and on the scale on which it is felt.

An amount x is felt as ``ln(1 + x/m)``, m the median of those who have any, or as it is; then standardised over all
members. The constants come from one world and can be applied to another, so that both are on one scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel
from colearn.world.population import DECAY, SPACE_RESOURCE, SPACE_SOCIAL
from colearn.world.world import World

__all__ = ["CONSTRUCTS", "Scale", "members", "scales_of", "scores", "truths"]

type Floats = NDArray[np.float64]
_WEEKS_A_MONTH = 52.0 / 12.0

#: What is asked about, and its unit.
CONSTRUCTS: dict[str, str] = {
    "sc_space": "points: SC skill gained in the space",
    "td_space": "points: TD skill gained in the space",
    "sc_total": "points: SC skill gained from all sources, forgetting left aside",
    "td_total": "points: TD skill gained from all sources, forgetting left aside",
    "social": "encounters a week of membership, in spaces",
    "equipment": "h a week of membership on shared equipment",
    "training": "h a week of membership in training places",
    "partners_new": "people a month of membership met for the first time in a space",
    "partners_outside": "fresh outside contacts of one's ties, mean",
    "workload": "ratio to normal",
    "outside_learning": "h a week learnt outside spaces",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How an amount is felt: ``(ln(1 + x/half) - mean) / sd``, without the logarithm where ``half`` is 0."""

    half: float
    mean: float
    sd: float

    def of(self, amount: Floats) -> Floats:
        """Return amounts as they are felt; 0 for all where members do not differ."""
        if self.sd == 0.0:
            return np.zeros(len(amount))
        felt = _logarithms(amount, self.half) if self.half else amount
        return (felt - self.mean) / self.sd


@kernel
def _logarithms(amount: Floats, half: float) -> Floats:
    """Return ``ln(1 + amount/half)``."""
    found = np.empty(len(amount))
    for i in range(len(amount)):
        found[i] = math.log(1.0 + max(0.0, amount[i]) / half)
    return found


def members(world: World) -> NDArray[np.int64]:
    """Return the rows of those who may be asked: members who have been in a space."""
    w = world.workers
    return np.flatnonzero((w.member_of >= 0) & (w.days_total > 0))


def truths(world: World, rows: NDArray[np.int64]) -> dict[str, Floats]:
    """Return the amounts of CONSTRUCTS for people by row."""
    w, ties = world.workers, world.ties
    one, other = ties.source[: len(ties)], ties.target[: len(ties)]
    ends = np.concatenate([one, other])
    degree = np.bincount(ends, minlength=len(w))
    fresh = np.bincount(ends, np.concatenate([w.outside_contacts[other], w.outside_contacts[one]]), len(w))
    weeks = np.maximum(w.member_weeks, 1)
    there = np.maximum(world.week - np.maximum(w.entered, world.opening), 1)
    inside = 100.0 * (w.gain[:, :, SPACE_SOCIAL] + w.gain[:, :, SPACE_RESOURCE])
    total = 100.0 * (w.gain.sum(axis=2) - w.gain[:, :, DECAY])
    found = {
        "sc_space": inside[:, 0],
        "td_space": inside[:, 1],
        "sc_total": total[:, 0],
        "td_total": total[:, 1],
        "social": w.encounters / weeks,
        "equipment": w.inside_hours_total / weeks,
        "training": w.training_hours_total / weeks,
        "partners_new": w.partners_new / weeks * _WEEKS_A_MONTH,
        "partners_outside": fresh / np.maximum(degree, 1),
        "workload": w.work,
        "outside_learning": w.outside_hours_total / there,
    }
    return {name: column[rows].astype(np.float64) for name, column in found.items()}


def scales_of(amounts: Mapping[str, Floats], *, logarithmic: bool) -> dict[str, Scale]:
    """Return the scale of each amount over the people given."""
    return {name: _scale(amount, logarithmic) for name, amount in amounts.items()}


def _scale(amount: Floats, logarithmic: bool) -> Scale:
    some = amount[amount > 0.0]
    if not len(some):
        return Scale(0.0, 0.0, 0.0)
    half = float(np.median(some)) if logarithmic else 0.0
    felt = _logarithms(amount, half) if logarithmic else amount
    sd = float(felt.std())
    return Scale(half, float(felt.mean()), sd if sd > 1e-12 else 0.0)


def scores(amounts: Mapping[str, Floats], scales: Mapping[str, Scale]) -> dict[str, Floats]:
    """Return amounts as they are felt, and ``resource``, the mean of equipment and training, in the same way."""
    found = {name: scales[name].of(amount) for name, amount in amounts.items()}
    return found | {"resource": (found["equipment"] + found["training"]) / 2.0}
