"""What a survey of a pilot gets to see: some answer, and what they say of their skills is partly noise.

A person asked answers with chance ``response``. Whether one is a member is told as it is; a skill is told with an error
whose variance is such that the share ``reliability`` of the variance of answers is that of skills.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel
from colearn.quantities.quantity import Quantity, Role, real
from colearn.world.draws import PILOT, RunKey, normal, uniform, word

__all__ = ["INPUTS", "Noise", "errors_of", "noise", "region_lots", "survey_error"]

#: What a pilot assumes of its survey.
INPUTS: Final[dict[str, Quantity]] = {
    "response": real(
        "pilot.response", "share", 0.6, (0.01, 1.0), "people asked who answer the survey", Role.MEASUREMENT,
        "guess", "G", (0.3, 0.9),
    ),
    "reliability": real(
        "pilot.reliability", "share", 0.6, (0.05, 1.0), "share of the variance of answers on skills that is no noise",
        Role.MEASUREMENT, "guess: short self-assessments", "G", (0.4, 0.9),
    ),
}  # fmt: skip

type Floats = NDArray[np.float64]


class Noise(NamedTuple):
    """Chance of one survey: a lot and a number to answer by for each person, and standard errors of two skills."""

    lot: Floats
    answers: Floats
    td: Floats
    sc: Floats


@kernel
def _fill(run: RunKey, key: NDArray[np.uint64], month: int, draw: int, found: Floats) -> None:
    """Fill ``found[:, 0:4]``: lot, number to answer by, errors of TD and SC."""
    for i in range(len(key)):
        found[i, 0] = uniform(word(run, key[i], PILOT, month, 4 * draw + 3))
        found[i, 1] = uniform(word(run, key[i], PILOT, month, 4 * draw))
        found[i, 2] = normal(uniform(word(run, key[i], PILOT, month, 4 * draw + 1)))
        found[i, 3] = normal(uniform(word(run, key[i], PILOT, month, 4 * draw + 2)))


@kernel
def _lots(run: RunKey, region: NDArray[np.int64], lot: Floats) -> None:
    for k in range(len(region)):
        lot[k] = uniform(word(run, np.uint64(region[k]), PILOT, 0, 0))


def noise(run: RunKey, key: NDArray[np.int64], month: int, draw: int) -> Noise:
    """Draw the chance of the ``draw``-th survey in a month (from 1), for people of these keys."""
    found = np.empty((len(key), 4))
    _fill(run, key.astype(np.uint64), month, draw, found)
    return Noise(found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy(), found[:, 3].copy())


def region_lots(run: RunKey, region: NDArray[np.int64]) -> Floats:
    """Draw the place of each region in the lots of a phased roll-out."""
    lot = np.empty(len(region))
    _lots(run, region, lot)
    return lot


def survey_error(variance: float, reliability: float) -> float:
    """Return the standard error of an answer.

    >>> survey_error(9.0, 0.5), survey_error(9.0, 1.0)
    (3.0, 0.0)
    """
    return math.sqrt(variance * (1.0 - reliability) / reliability)


def errors_of(found: Noise, outcome: str) -> Floats | None:
    """Return the standard errors of an outcome; None of what is told as it is."""
    return {"td": found.td, "sc": found.sc}.get(outcome)
