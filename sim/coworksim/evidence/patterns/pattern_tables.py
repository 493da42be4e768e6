"""Tables of runs: how many show a pattern, what decides it, E3 taken apart by field, and mechanisms switched off.

PAWN (Pianosi and Wagener 2018) says how far the distribution of a contrast with an input held lies from that with all
free; the noise floor is what an input that nothing reads came to, at most, over permutations of the outputs. One such
input was permuted 49 times, so of 100 inputs without effect about two are expected above the floor by chance. The
direction is Spearman's rank correlation of the input with the value, signs turned so that above 0 means *more of the
pattern*.

A coalition is a set of groups of fields in which left-behind regions stay as they are; in all other fields they are
moved to the mean of the others (``environment.alike``). Every coalition is run, with the same chance, so a group's
Shapley value is exact for each replicate: the mean, over all orders in which groups could join, of what it adds to the
contrast. The values add up to the contrast of the world less that of the world in which no field differs (Shapley
1953).
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.patterns.declaration import DECLARED, MEASURES, PATTERNS, SHUFFLED, key
from coworksim.evidence.patterns.untuned import GROUPS
from coworksim.statistics.design import Design
from coworksim.statistics.factors import DUMMY
from coworksim.statistics.indices import LEAST_BLOCKS, indices
from coworksim.statistics.intervals import Share, interval, share_ratio, wilson
from coworksim.statistics.nonparametric import rank_correlation

type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]

#: Inputs of a measure that a table keeps, the greatest first.
MOST_NAMED: Final = 8
#: The contrasts that are taken apart.
CONTRASTS: Final = tuple(one for one in MEASURES if PATTERNS[one[0]].versus == "regions")
#: Fields of the surface, and ratios of left-behind over other regions at which it is run.
FIELDS_OF_SURFACE: Final = ("public_provision", "catchment")
STEPS: Final = (0.5, 0.7071, 1.0, 1.4142, 2.0)


def shown(rows: pd.DataFrame, pattern: str, place: str, what: str = "value") -> Flags:
    """Return which rows show a pattern: the value has the sign. Where it is undefined it is not shown."""
    return PATTERNS[pattern].sign * _column(rows, key(pattern, place, what)) > 0


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return rows[name].to_numpy(np.float64) if name in rows else np.full(len(rows), math.nan)


def clearly(rows: pd.DataFrame, pattern: str, place: str) -> Flags:
    """Return which rows show it clear of 0 at the 5 % level."""
    return shown(rows, pattern, place) & (_column(rows, key(pattern, place, "clear")) > 0)


def _all_shown(rows: pd.DataFrame) -> Flags:
    """Return which rows show E1 to E5 in the space and E6 together."""
    return np.all([shown(rows, pattern, place) for pattern, place in MEASURES if place == "space"], axis=0)


def share_rows(arms: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, Any]]:
    """Go through pattern, place and form: how many runs show it, clearly, and as a ratio to the world as declared.

    ``arms`` has the runs by form, ``DECLARED`` among them; the shuffled flag is taken from its runs.
    """
    declared = arms[DECLARED.name]
    for pattern, place in (*MEASURES, ("all", "space")):
        whole = pattern == "all"
        which = {arm: _all_shown(rows) if whole else shown(rows, pattern, place) for arm, rows in arms.items()}
        clear = {} if whole else {arm: _share(clearly(rows, pattern, place)).share for arm, rows in arms.items()}
        if not whole and PATTERNS[pattern].versus == "regions":
            which[SHUFFLED] = shown(declared, pattern, place, "shuffled")
        base = _share(which[DECLARED.name])
        for arm, found in which.items():
            by = share_ratio(_share(found), base)
            row = {"pattern": pattern, "place": place, "form": arm} | _cells(_share(found))
            row |= {"ratio": by.ratio, "ratio_low": by.low, "ratio_high": by.high}
            yield row | {"clear_share": clear.get(arm, math.nan)}


def _share(which: Flags) -> Share:
    return wilson(int(which.sum()), len(which))


def _cells(found: Share) -> dict[str, Any]:
    share = {"n": found.n, "shown": found.yes, "share": found.share, "low": found.low, "high": found.high}
    return share | {"half_width": found.half_width}


def tidy(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a table whose text columns are categories, in the order in which words first stand there.

    >>> tidy([{"form": "b", "n": 2}, {"form": "a", "n": 3}])["form"].cat.categories.tolist()
    ['b', 'a']
    """
    table = pd.DataFrame([dict(row) for row in rows])
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            words = list(dict.fromkeys(table[name]))
            table[name] = pd.Categorical(table[name], categories=words)
    return table


def deciding_rows(design: Design, runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through pattern, place and the inputs with the greatest index: index, floor, whether above, direction, n."""
    places = {factor.name: k for k, factor in enumerate(design.factors)}
    for pattern, place in MEASURES:
        values = np.full(len(design), np.nan)
        signed = PATTERNS[pattern].sign * _column(runs, key(pattern, place, "value"))
        values[runs["point"].to_numpy(np.int64)] = signed
        kept = np.isfinite(values)
        if kept.sum() < LEAST_BLOCKS["pawn"] or np.ptp(values[kept]) == 0.0:
            continue
        found = {one.input: one for one in indices(design, values, kept, design.seed)}
        floor = found.pop(DUMMY).high
        for one in sorted(found.values(), key=lambda one: -one.value)[:MOST_NAMED]:
            yield {
                "pattern": pattern,
                "place": place,
                "input": one.input,
                "pawn": one.value,
                "floor": floor,
                "above": one.value > floor,
                "inputs_above": sum(other.value > floor for other in found.values()),
                "inputs": len(found),
                "direction": rank_correlation(design.unit[kept, places[one.input]], values[kept]),
                "n": int(kept.sum()),
            }


def halves_rows(ratios: Mapping[int, Mapping[str, float]], runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through contrast, place and field: its share in draws in which left-behind regions have less, and more, of it.

    ``ratios`` are ln of left-behind over other by draw and field.
    """
    for pattern, place in CONTRASTS:
        yes = shown(runs, pattern, place)
        for field in next(iter(ratios.values()), {}):
            less = np.array([ratios[int(point)][field] < 0.0 for point in runs["point"]], np.bool_)
            for side, which in (("less", less), ("more", ~less)):
                cells = _cells(_share(yes[which]))
                del cells["half_width"]
                yield {"pattern": pattern, "place": place, "field": field, "left_behind_has": side, **cells}


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
        terms = []
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for chosen in itertools.combinations([other for other in groups if other != name], size):
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
    for pattern, place in CONTRASTS:
        name = key(pattern, place, "value")
        if name not in runs:
            continue
        wide = runs.pivot(index="replicate", columns="point", values=name).reindex(columns=range(len(sets)))
        found: dict[str, list[float]] = {group: [] for group in ("all", *GROUPS, "none")}
        for row in wide.dropna().to_numpy(np.float64):
            worth = dict(zip(sets, row.tolist(), strict=True))
            ends = {"none": worth[sets[0]], "all": worth[sets[-1]] - worth[sets[0]]}
            for group, value in (shapley(worth.__getitem__, tuple(GROUPS)) | ends).items():
                found[group].append(value)
        for group, values in found.items():
            yield {"pattern": pattern, "place": place, "group": group} | _mean(values)


def surface_rows(runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through contrast, place and the two ratios of the surface: mean and 95 % interval over replicates.

    The point of a run is ``len(STEPS)*i + j`` for step i of the first field and j of the second.
    """
    for pattern, place in CONTRASTS:
        values = pd.Series(_column(runs, key(pattern, place, "value"))).groupby(runs["point"].to_numpy())
        by_point: dict[Any, list[float]] = {point: block.dropna().tolist() for point, block in values}
        for number, steps in enumerate(itertools.product(STEPS, STEPS)):
            ratios = dict(zip(FIELDS_OF_SURFACE, steps, strict=True))
            yield {"pattern": pattern, "place": place, **ratios} | _mean(by_point.get(number, []))


def _mean(values: list[float]) -> dict[str, Any]:
    mean, low, high = interval(values)
    return {"n": len(values), "value": mean, "low": low, "high": high, "half_width": (high - low) / 2}


def ablation_rows(arms: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, Any]]:
    """Go through pattern, place and what is off: how many runs show it, its value, and its paired change."""
    for pattern, place in MEASURES:
        base = _signed(arms[DECLARED.name], pattern, place)
        whole = fmean(base.values()) if base else math.nan
        for arm, rows in arms.items():
            own = _signed(rows, pattern, place)
            change, low, high = interval([own[k] - base[k] for k in own if k in base])
            mean = fmean(own.values()) if own else math.nan
            about = {"pattern": pattern, "place": place, "off": arm}
            yield (
                about
                | _cells(_share(shown(rows, pattern, place)))
                | {
                    "clear_share": _share(clearly(rows, pattern, place)).share,
                    "defined": len(own),
                    "value": mean,
                    "unit": PATTERNS[pattern].unit,
                    "change": change,
                    "change_low": low,
                    "change_high": high,
                    "of_declared": mean / whole if whole else math.nan,
                }
            )


def _signed(rows: pd.DataFrame, pattern: str, place: str) -> dict[int, float]:
    """Return the values of a measure by replicate, where they are defined; above 0 is the pattern."""
    values = PATTERNS[pattern].sign * _column(rows, key(pattern, place, "value"))
    pairs = zip(rows["replicate"].tolist(), values.tolist(), strict=True)
    return {int(k): value for k, value in pairs if math.isfinite(value)}
