"""What decides a pattern over the draws: the distance of distributions (PAWN), and the direction by ranks.

PAWN (Pianosi and Wagener 2018) says how far the distribution of a contrast with an input held lies from that with all
free; the noise floor is what an input that nothing reads came to, at most, over permutations of the outputs. One such
input was permuted 49 times, so of 100 inputs without effect about two are expected above the floor by chance. The
direction is Spearman's rank correlation of the input with the value, signs turned so that above 0 means *more of the
pattern*.

E3 taken apart by field of the environment: Shapley values, and a surface over two fields.

A coalition is a set of groups of fields in which left-behind regions stay as they are; in all other fields they are
moved to the mean of the others (``environment.alike``). Every coalition is run, with the same chance, so a group's
Shapley value is exact for each replicate: the mean, over all orders in which groups could join, of what it adds to the
contrast. The values add up to the contrast of the world less that of the world in which no field differs (Shapley
1953).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from coworksim.evidence.patterns.declaration import MEASURES, PATTERNS, key
from coworksim.evidence.patterns.region_contrast import GROUPS
from coworksim.evidence.patterns.shares import shown
from coworksim.statistics.design import Design
from coworksim.statistics.factors import DUMMY
from coworksim.statistics.indices import LEAST_BLOCKS, indices
from coworksim.statistics.intervals import interval, wilson
from coworksim.statistics.nonparametric import rank_correlation

#: Inputs of a measure that a table keeps, the greatest first.
MOST_NAMED: Final = 8


def deciding_rows(design: Design, runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through pattern, place and the inputs with the greatest index: index, floor, whether above, direction, n."""
    for pattern, place in MEASURES:
        name = key(pattern, place, "value")
        if name not in runs:
            continue
        values = np.full(len(design), np.nan)
        values[runs["point"].to_numpy(np.int64)] = PATTERNS[pattern].sign * runs[name].to_numpy(np.float64)
        kept = np.isfinite(values)
        if kept.sum() < LEAST_BLOCKS["pawn"] or np.ptp(values[kept]) == 0.0:
            continue
        found = {one.input: one for one in indices(design, values, kept, design.seed)}
        floor = found.pop(DUMMY)
        at = {factor.name: k for k, factor in enumerate(design.factors)}
        greatest = sorted(found.values(), key=lambda one: -one.value)[:MOST_NAMED]
        for one in greatest:
            yield {
                "pattern": pattern,
                "place": place,
                "input": one.input,
                "pawn": one.value,
                "floor": floor.high,
                "above": one.value > floor.high,
                "inputs_above": sum(o.value > floor.high for o in found.values()),
                "inputs": len(found),
                "direction": rank_correlation(design.unit[kept, at[one.input]], values[kept]),
                "n": int(kept.sum()),
            }


def halves_rows(ratios: Mapping[int, Mapping[str, float]], runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through contrast, place and field: its share in draws in which left-behind regions have less, and more, of it.

    ``ratios`` are ln of left-behind over other by draw and field.
    """
    for pattern, place in MEASURES:
        if PATTERNS[pattern].versus != "regions":
            continue
        yes = shown(runs, pattern, place)
        for field in next(iter(ratios.values()), {}):
            less = np.array([ratios[int(point)][field] < 0.0 for point in runs["point"]], np.bool_)
            for side, which in (("less", less), ("more", ~less)):
                found = wilson(int(yes[which].sum()), int(which.sum()))
                yield {
                    "pattern": pattern,
                    "place": place,
                    "field": field,
                    "left_behind_has": side,
                    "n": found.n,
                    "shown": found.yes,
                    "share": found.share,
                    "low": found.low,
                    "high": found.high,
                }


#: The contrasts that are taken apart.
CONTRASTS: Final = tuple(name for name, pattern in PATTERNS.items() if pattern.versus == "regions")
#: Fields of the surface, and ratios of left-behind over other regions at which it is run.
FIELDS_OF_SURFACE: Final = ("outside_access", "catchment")
STEPS: Final = (0.5, 0.7071, 1.0, 1.4142, 2.0)


def coalitions(groups: Sequence[str] = tuple(GROUPS)) -> tuple[frozenset[str], ...]:
    """Return every set of groups, by number: bit k of a number is the k-th group.

    >>> [sorted(one) for one in coalitions(("a", "b"))]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    return tuple(
        frozenset(name for k, name in enumerate(groups) if number >> k & 1) for number in range(1 << len(groups))
    )


def shapley(worth: Callable[[frozenset[str]], float], groups: Sequence[str]) -> dict[str, float]:
    """Return the Shapley value of each group; they add up to ``worth(all) - worth(none)``.

    >>> shapley(lambda one: float(len(one)), ("a", "b"))
    {'a': 1.0, 'b': 1.0}
    """
    n, found = len(groups), {}
    for name in groups:
        others = [other for other in groups if other != name]
        terms = []
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for chosen in itertools.combinations(others, size):
                without = frozenset(chosen)
                terms.append(weight * (worth(without | {name}) - worth(without)))
        found[name] = math.fsum(terms)
    return found


def shapley_rows(runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through contrast, place and group: value and 95 % interval over replicates.

    ``runs`` has a row a coalition (its number as ``point``) and replicate; a replicate counts where all are defined.
    The group ``all`` is the whole difference, ``none`` the contrast of the world in which no field differs.
    """
    sets = coalitions()
    for pattern in CONTRASTS:
        for place in PATTERNS[pattern].places:
            name = key(pattern, place, "value")
            if name not in runs:
                continue
            wide = runs.pivot(index="replicate", columns="point", values=name).reindex(columns=range(len(sets)))
            whole = wide.dropna().to_numpy(np.float64)
            found: dict[str, list[float]] = {group: [] for group in ("all", *GROUPS, "none")}
            for row in whole:
                worth = dict(zip(sets, row.tolist(), strict=True))
                for group, value in shapley(worth.__getitem__, tuple(GROUPS)).items():
                    found[group].append(value)
                found["none"].append(worth[sets[0]])
                found["all"].append(worth[sets[-1]] - worth[sets[0]])
            for group, values in found.items():
                yield _row({"pattern": pattern, "place": place, "group": group}, values)


def surface_rows(runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through contrast, place and the two ratios of the surface: mean and 95 % interval over replicates.

    The point of a run is ``len(STEPS)*i + j`` for step i of the first field and j of the second.
    """
    for pattern in CONTRASTS:
        for place in PATTERNS[pattern].places:
            name = key(pattern, place, "value")
            for number in range(len(STEPS) * len(STEPS)):
                rows = runs[runs["point"] == number]
                values = rows[name].dropna().tolist() if name in rows else []
                one, other = divmod(number, len(STEPS))
                place_of: Mapping[str, Any] = {
                    "pattern": pattern,
                    "place": place,
                    FIELDS_OF_SURFACE[0]: STEPS[one],
                    FIELDS_OF_SURFACE[1]: STEPS[other],
                }
                yield _row(place_of, values)


def _row(about: Mapping[str, Any], values: list[float]) -> dict[str, Any]:
    mean, low, high = interval(values)
    return {**about, "n": len(values), "value": mean, "low": low, "high": high, "half_width": (high - low) / 2}
