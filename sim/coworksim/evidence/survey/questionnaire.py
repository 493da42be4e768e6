"""The questions of the survey, and how an answer from 1 to 5 follows from what happened.

Before it is cut, an answer is ``sqrt(1 - m)*(sqrt(r)*z + sqrt(1 - r)*e) + sqrt(m)*c``: z what happened, as it is felt,
e an error of the question, c the person's way of answering, the same for all questions (the common-method factor, m of
the variance). ``r`` follows from the reliability R of a scale of k questions (Spearman and Brown 1910):
``r = R/(k - (k - 1)*R)``. Four cuts, ``step`` apart and moved down by ``lift`` from the middle, give five answers.

What a survey asks about, as it truly was: of each member at the end of a run, and on the scale on which it is felt.

An amount x is felt as ``ln(1 + x/m)``, m the median of those who have any, or as it is; then standardised over all
members. The constants come from one world and can be applied to another, so that both are on one scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.parameters.skills import SC, SKILLS, TD
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import DECAY, SPACE_RESOURCE, SPACE_SOCIAL
from coworksim.model.state.rng import SURVEY, RunKey, normal, uniform, word
from coworksim.model.state.world import World

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


ITEMS: Final = (
    *(Item(f"learnt_{name}", "sc_space", "sc_space") for name in SKILLS[SC]),
    *(Item(f"learnt_{name}", "td_space", "td_space") for name in SKILLS[TD]),
    *(Item(f"learnt_anywhere_{name}", "sc_total", "sc_total", False) for name in SKILLS[SC]),
    *(Item(f"learnt_anywhere_{name}", "td_total", "td_total", False) for name in SKILLS[TD]),
    Item("networking", "social", "social"),
    Item("community", "social", "social"),
    Item("infrastructure", "equipment", "resource"),
    Item("targeted_training", "training", "resource"),
    Item("partners_new_felt", "partners_new", "partners_new", False),
    Item("partners_outside_felt", "partners_outside", "partners_outside", False),
    Item("workload_felt", "workload", "workload", False),
    Item("outside_learning_felt", "outside_learning", "outside_learning", False),
)
#: Scale -> its columns.
SCALES: Final = {one.scale: tuple(item.name for item in ITEMS if item.scale == one.scale) for one in ITEMS}


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
def uniforms(run: RunKey, keys: NDArray[np.uint32], whose: int, index: int) -> Floats:
    """Return a uniform number for each key."""
    found = np.empty(len(keys))
    for i in range(len(keys)):
        found[i] = uniform(word(run, np.uint64(keys[i]), SURVEY, whose, index))
    return found


@kernel
def _normals(run: RunKey, keys: NDArray[np.uint32], whose: int, index: int) -> Floats:
    """Return a standard normal number for each key."""
    found = uniforms(run, keys, whose, index)
    for i in range(len(found)):
        found[i] = normal(found[i])
    return found


def answers(
    run: RunKey, keys: NDArray[np.uint32], whose: int, felt: dict[str, Floats], p: Answering
) -> dict[str, NDArray[np.int8]]:
    """Return the answers of people or managers by key: column -> 1 to 5. ``felt`` is by construct, standardised.

    Managers are asked about resources, all that is felt of them.
    """
    way = _normals(run, keys, whose, WAY)
    common, own = math.sqrt(p.common_method), math.sqrt(1.0 - p.common_method)
    found = {}
    for k, item in enumerate(ITEMS):
        if item.construct in felt:
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


def standardised(values: Floats) -> Floats:
    """Return values about their mean, in standard deviations; 0 for all where they do not differ."""
    spread = float(values.std()) if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))


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
    """Return the amounts that the survey asks about, for people by row; gains in points, forgetting left aside."""
    w, ties = world.workers, world.ties
    one, other = ties.source[: len(ties)], ties.target[: len(ties)]
    ends = np.concatenate([one, other])
    degree = np.bincount(ends, minlength=len(w))
    fresh = np.bincount(ends, np.concatenate([w.outside_contacts[other], w.outside_contacts[one]]), len(w))
    weeks = np.maximum(w.member_weeks, 1)
    there = np.maximum(world.week - np.maximum(w.entered, world.start), 1)
    inside = 100.0 * (w.gain[:, :, SPACE_SOCIAL] + w.gain[:, :, SPACE_RESOURCE])
    total = 100.0 * (w.gain.sum(axis=2) - w.gain[:, :, DECAY])
    found = {
        "sc_space": inside[:, 0],
        "td_space": inside[:, 1],
        "sc_total": total[:, 0],
        "td_total": total[:, 1],
        "social": w.encounters / weeks,  # a week of membership
        "equipment": w.inside_hours_total / weeks,  # h a week of membership
        "training": w.training_hours_total / weeks,
        "partners_new": w.partners_new / weeks * (52.0 / 12.0),  # a month of membership
        "partners_outside": fresh / np.maximum(degree, 1),  # fresh outside contacts of one's ties, mean
        "workload": w.work,  # ratio to normal
        "outside_learning": w.outside_hours_total / there,  # h a week
    }
    return {name: column[rows].astype(np.float64) for name, column in found.items()}


def scales_of(amounts: Mapping[str, Floats], *, logarithmic: bool) -> dict[str, Scale]:
    """Return the scale of each amount over the people given."""
    found = {}
    for name, amount in amounts.items():
        some = amount[amount > 0.0]
        half = float(np.median(some)) if logarithmic and len(some) else 0.0
        felt = _logarithms(amount, half) if half else amount
        mean, sd = (float(felt.mean()), float(felt.std())) if len(some) else (0.0, 0.0)
        found[name] = Scale(half, mean, sd if sd > 1e-12 else 0.0)
    return found


def scores(amounts: Mapping[str, Floats], scales: Mapping[str, Scale]) -> dict[str, Floats]:
    """Return amounts as they are felt, and ``resource``, the mean of equipment and training, in the same way."""
    found = {name: scales[name].of(amount) for name, amount in amounts.items()}
    return found | {"resource": (found["equipment"] + found["training"]) / 2.0}
