"""Who gets what: groups fixed in the world without the policies, as people stood at the opening or on coming later.

Income is smoothed income from work before tax: the model has neither taxes nor households, so that nothing is
equivalised. Fifths are cut at the opening over everybody. Sex, ethnicity and disability are not in the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.measure_registry import TAB
from coworksim.appraisal.measures import YEAR, Flags, Pair
from coworksim.model.parameters.skills import FIFTHS, FLAGS, GROUPS

type Integers = NDArray[np.int64]


def gini(values: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of values that are not negative; 0 where they add up to nothing.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    ordered, n, total = np.sort(values), len(values), float(values.sum())
    if total <= 0.0:
        return 0.0
    rank = np.arange(1, n + 1)
    return float(2.0 * (rank * ordered).sum() / (n * total) - (n + 1.0) / n)


def weights(medians: NDArray[np.float64], median: float, elasticity: float) -> NDArray[np.float64]:
    """Return the weight of each group, ``(median of all / median of the group)**elasticity``.

    >>> weights(np.array([50.0, 100.0]), 100.0, 1.0)
    array([2., 1.])
    """
    found: NDArray[np.float64] = (median / np.maximum(medians, 1e-9)) ** elasticity
    return found


def groups(pair: Pair) -> dict[str, tuple[tuple[str, ...], Integers]]:
    """Return, by dimension, the names of groups and the group of each person by row and generation."""
    first = {name: pair.widened(fact) for name, fact in pair.here.first.items()}
    opening = first["income"][:, 0]
    cuts = np.quantile(opening, (0.2, 0.4, 0.6, 0.8))
    behind = np.array([FLAGS.index(region.flag) for region in pair.scenario.regions])[pair.here.region]
    places: dict[str, Integers] = {
        "income fifth": np.searchsorted(cuts, first["income"], side="right").astype(np.int64),
        "region": np.broadcast_to(behind[:, None], first["income"].shape),
        "status": first["status"].astype(np.int64),
        "occupation": first["occupation"].astype(np.int64),
        "career": np.searchsorted((5.0, 15.0), first["career"], side="right").astype(np.int64),
    }
    return {dimension: (GROUPS[dimension], place) for dimension, place in places.items()}


def _lives(pair: Pair) -> Flags:
    """Return, by row and generation, who lives in both worlds for some time."""
    there, here = pair.sums("weeks")
    both: Flags = (there > 0) & (here > 0)
    return both


def distribution(pair: Pair) -> dict[str, float]:
    """Return people, money and gains by group; gaps and Gini with and without; output with distributional weights."""
    lives = _lives(pair)
    shape = lives.shape
    support = np.bincount(pair.person.ravel(), pair.there.support.ravel(), lives.size).reshape(shape) / 100.0
    measures = {
        "people": lives.astype(np.float64),
        "recipients": pair.recipient.reshape(shape).astype(np.float64),
        "support_gbp": support,
        "td_point_years": 100.0 * pair.gained("td") / YEAR,
        "sc_point_years": 100.0 * pair.gained("sc") / YEAR,
        "earned_gbp": pair.gained("earned") / 100.0,
    }
    found = {}
    for dimension, (names, group) in groups(pair).items():
        for measure, amount in measures.items():
            sums = np.bincount(group[lives], amount[lives], len(names))
            for name, value in zip(names, sums.tolist(), strict=True):
                found[TAB.join(("group", dimension, name, measure))] = value
    return found | _weighted(pair, lives) | _gaps(pair)


def _weighted(pair: Pair, lives: Flags) -> dict[str, float]:
    """Return the present value of output gains, each fifth's multiplied by its weight in the world without."""
    _, fifth = groups(pair)["income fifth"]
    opening = pair.here.first["income"][:, 0]
    median = float(np.median(opening))
    at_opening = fifth[:, 0]
    medians = np.array(
        [float(np.median(opening[at_opening == k])) if (at_opening == k).any() else median for k in range(5)]
    )
    weight = weights(medians, median, float(pair.scenario["appraisal.welfare_elasticity"]))
    gained = pair.gained("earned_now") / 100.0
    total = float((gained * weight[fifth])[lives].sum()) + float(gained[~lives].sum())
    named = {TAB.join(("weight", name)): w for name, w in zip(FIFTHS, weight.tolist(), strict=True)}
    return named | {"weighted_output_gain_gbp": total}


def _gaps(pair: Pair) -> dict[str, float]:
    """Return inequality at the horizon, with, without and the difference; the gap between kinds of regions."""
    found = {}
    behind = np.array([region.flag == "left-behind" for region in pair.scenario.regions])[pair.here.region]
    for name, unit in {"td": 100.0, "sc": 100.0, "income": 1.0}.items():
        worlds = pair.there.last[name], pair.here.last[name]
        values = {f"gini_{name}": [gini(world) for world in worlds]}
        if 0 < behind.sum() < len(behind):
            gaps = [unit * (float(world[behind].mean()) - float(world[~behind].mean())) for world in worlds]
            values[f"regional_gap_{name}"] = gaps
        for key, (with_it, without) in values.items():
            found[f"{key}_with"], found[f"{key}_without"] = with_it, without
            found[f"{key}_change"] = with_it - without
    return found
