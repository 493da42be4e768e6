"""Whether a linear rule can tell two worlds apart by what a survey would show, and what each question adds.

The rule is Fisher's, on standardised statistics, with the covariance drawn towards independence by ``SHRINKAGE``; it is
made on four fifths of the draws and judged on the fifth that it has not seen, both worlds of a draw on the same side.
The area under the curve (AUC) is the chance that it ranks a survey of the one world above a survey of the other: .5 is
a coin, 1 is certainty. Its standard error is that of Hanley and McNeil (1982).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colearn.experiments.patterns.asked import ASKED, MODERATORS, block_of
from colearn.experiments.patterns.tables import tidy

__all__ = ["FOLDS", "OFTEN", "SHRINKAGE", "Told", "area", "auc_error", "questions", "told_apart"]

FOLDS: Final = 5
SHRINKAGE: Final = 0.3
#: Share of draws in which a statistic must be there.
OFTEN: Final = 0.85

type Numbers = NDArray[np.float64]


class Told(NamedTuple):
    """How well a set of questions tells two worlds apart."""

    questions: str
    statistics: int
    n: int  # surveys of each world
    auc: float
    error: float


def told_apart(one: pd.DataFrame, other: pd.DataFrame) -> list[Told]:
    """Return the area for what the survey asked, with each further question, and with all of them.

    The tables have a row a draw, matched by ``point``. Statistics that too many draws lack (``OFTEN`` is what is
    asked for) are left out, and then draws that lack any of the others in one of the worlds.
    """
    both = sorted(set(one["point"]) & set(other["point"]))
    a, b = (table.set_index("point").loc[both] for table in (one, other))
    names = [name for name in a.columns if name.startswith("ask.") and name in b.columns]
    a, b = a[names].astype(np.float64), b[names].astype(np.float64)
    names = [name for name in names if min(a[name].notna().mean(), b[name].notna().mean()) >= OFTEN]
    whole = a[names].notna().all(axis=1) & b[names].notna().all(axis=1)
    a, b = a[whole], b[whole]
    sets = {"as asked": [ASKED]}
    sets |= {f"+ {question}": [ASKED, question] for question in MODERATORS}
    sets |= {"+ all four": [ASKED, *MODERATORS]}
    found = []
    for label, blocks in sets.items():
        chosen = [name for name in names if block_of(name) in blocks]
        value = area(a[chosen].to_numpy(), b[chosen].to_numpy()) if chosen and len(a) >= 2 * FOLDS else math.nan
        found.append(Told(label, len(chosen), len(a), value, auc_error(value, len(a), len(b))))
    return found


def area(one: Numbers, other: Numbers) -> float:
    """Return the cross-validated area; rows of the two are pairs, and stay on one side of every fold."""
    n = len(one)
    folds = np.arange(n) % FOLDS
    areas = []
    for fold in range(FOLDS):
        out = folds == fold
        weights = _rule(one[~out], other[~out])
        areas.append(_ranked((other[out] * weights).sum(axis=1), (one[out] * weights).sum(axis=1)))
    return float(np.average(areas, weights=[int((folds == fold).sum()) for fold in range(FOLDS)]))


def _rule(one: Numbers, other: Numbers) -> Numbers:
    """Return the weights of the statistics in the score by which ``one`` is told from ``other``."""
    spread = np.concatenate([one - one.mean(axis=0), other - other.mean(axis=0)])
    sd = spread.std(axis=0)
    sd[sd == 0.0] = 1.0
    z = spread / sd
    pooled = np.einsum("ni,nj->ij", z, z) / len(z)
    drawn = (1.0 - SHRINKAGE) * pooled + SHRINKAGE * np.eye(len(sd))
    weights: Numbers = np.linalg.solve(drawn, (one.mean(axis=0) - other.mean(axis=0)) / sd) / sd
    return weights


def _ranked(low: Numbers, high: Numbers) -> float:
    """Return how often a score of ``high`` lies above one of ``low``, ties counted as halves."""
    above = (high[:, None] > low[None, :]).mean() + 0.5 * (high[:, None] == low[None, :]).mean()
    return float(above)


def auc_error(auc: float, ones: int, others: int) -> float:
    """Return the standard error of an area.

    >>> round(auc_error(0.8, 50, 50), 3)
    0.045
    """
    if not (ones and others and math.isfinite(auc)):
        return math.nan
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (ones - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)
    return math.sqrt(max(0.0, variance) / (ones * others))


def questions(told: Sequence[Told]) -> pd.DataFrame:
    """Return the areas as a table, with what each question adds to what was asked."""
    table = tidy(one._asdict() for one in told)
    table["added"] = table["auc"] - table["auc"].iloc[0]
    return table
