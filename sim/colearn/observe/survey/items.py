"""The questions of the survey, and how an answer from 1 to 5 follows from what happened.

Before it is cut, an answer is ``sqrt(1 - m)*(sqrt(r)*z + sqrt(1 - r)*e) + sqrt(m)*c``: z what happened, as it is felt,
e an error of the question, c the person's way of answering, the same for all questions (the common-method factor, m of
the variance). ``r`` follows from the reliability R of a scale of k questions (Spearman and Brown 1910):
``r = R/(k - (k - 1)*R)``. Four cuts, ``step`` apart and moved down by ``lift`` from the middle, give five answers.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel
from colearn.quantities.skills import SC, SKILLS, TD
from colearn.scenario import Scenario
from colearn.world.draws import SURVEY, RunKey, normal, uniform, word

__all__ = ["ITEMS", "MANAGER_ITEMS", "SCALES", "Answering", "Item", "answers", "true_part"]

type Floats = NDArray[np.float64]
#: Addresses of draws: what the word of an index decides, and whose it is (in the place of the week).
WHETHER, WAY, TRIAL, FIRST_ITEM = 0, 1, 2, 8
MEMBER, SPACE, MANAGER = 0, 1, 2


class Item(NamedTuple):
    """A question: the column of its answers, what it is about, and the scale that it belongs to."""

    name: str
    construct: str
    scale: str
    original: bool = True  # asked by the original survey, as far as its report says


def _by_skill(prefix: str, part: slice, scale: str, original: bool) -> tuple[Item, ...]:
    return tuple(Item(f"{prefix}_{name}", scale, scale, original) for name in SKILLS[part])


ITEMS: Final = (
    *_by_skill("learnt", SC, "sc_space", True),
    *_by_skill("learnt", TD, "td_space", True),
    *_by_skill("learnt_anywhere", SC, "sc_total", False),
    *_by_skill("learnt_anywhere", TD, "td_total", False),
    Item("networking", "social", "social"),
    Item("community", "social", "social"),
    Item("infrastructure", "equipment", "resource"),
    Item("targeted_training", "training", "resource"),
    Item("partners_new_felt", "partners_new", "partners_new", False),
    Item("partners_outside_felt", "partners_outside", "partners_outside", False),
    Item("workload_felt", "workload", "workload", False),
    Item("outside_learning_felt", "outside_learning", "outside_learning", False),
)
#: What managers answer about their space.
MANAGER_ITEMS: Final = tuple(item.name for item in ITEMS if item.scale == "resource")
#: Scale -> its columns.
SCALES: Final = {
    scale: tuple(item.name for item in ITEMS if item.scale == scale) for scale in dict.fromkeys(i.scale for i in ITEMS)
}


class Answering(NamedTuple):
    """Quantities of ``survey.*`` that turn what happened into answers."""

    reliability: float
    common_method: float
    threshold_step: float
    threshold_lift: float

    @classmethod
    def of(cls, scenario: Scenario) -> Answering:
        """Read them from a scenario."""
        return cls(*(float(scenario[f"survey.{name}"]) for name in cls._fields))


def true_part(reliability: float, items: int) -> float:
    """Return which part of one question is true where the mean of so many has this reliability.

    >>> true_part(0.6, 1), round(true_part(0.6, 4), 3)
    (0.6, 0.273)
    """
    return reliability / (items - (items - 1) * reliability)


@kernel
def _normals(run: RunKey, keys: NDArray[np.uint32], whose: int, index: int) -> Floats:
    """Return a standard normal number for each key."""
    found = np.empty(len(keys))
    for i in range(len(keys)):
        found[i] = normal(uniform(word(run, np.uint64(keys[i]), SURVEY, whose, index)))
    return found


@kernel
def uniforms(run: RunKey, keys: NDArray[np.uint32], whose: int, index: int) -> Floats:
    """Return a uniform number for each key."""
    found = np.empty(len(keys))
    for i in range(len(keys)):
        found[i] = uniform(word(run, np.uint64(keys[i]), SURVEY, whose, index))
    return found


def answers(
    run: RunKey,
    keys: NDArray[np.uint32],
    whose: int,
    felt: dict[str, Floats],
    p: Answering,
    asked: tuple[str, ...] | None = None,
) -> dict[str, NDArray[np.int8]]:
    """Return the answers of people or managers by key: column -> 1 to 5. ``felt`` is by construct, standardised."""
    way = _normals(run, keys, whose, WAY)
    common, own = math.sqrt(p.common_method), math.sqrt(1.0 - p.common_method)
    found = {}
    for k, item in enumerate(ITEMS):
        if asked is None or item.name in asked:
            part = true_part(p.reliability, len(SCALES[item.scale]))
            error = _normals(run, keys, whose, FIRST_ITEM + k)
            about = math.sqrt(part) * felt[item.construct] + math.sqrt(1.0 - part) * error
            found[item.name] = _cut(own * about + common * way, p.threshold_step, p.threshold_lift)
    return found


def _cut(latent: Floats, step: float, lift: float) -> NDArray[np.int8]:
    """Return 1 to 5: one more than the number of cuts below.

    >>> _cut(np.array([-9.0, -1.0, 0.0, 1.0, 9.0]), 1.0, 0.0).tolist()
    [1, 2, 3, 4, 5]
    """
    found = np.ones(len(latent), np.int8)
    for cut in (-1.5, -0.5, 0.5, 1.5):
        found += latent > cut * step - lift
    return found
