"""Indices of one outcome by SALib (module ``analyze``), behind guards: what goes in is finite and not constant.

SALib, left alone, makes every index 0 where one output is NaN, draws anew each time with seed 0, changes how warnings
are shown, and turns failures into notes. So seeds are offset by one, what it changes is put back, and an index that is
not a finite number stays NaN.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.statistics.design import LEVELS, Design, salib_problem
from coworksim.statistics.factors import DUMMY
from coworksim.statistics.intervals import t_quantile

#: Blocks without which a method says nothing: base points, trajectories, points.
LEAST_BLOCKS: Final = {"sobol": 4, "morris": 2, "rbd_fast": 42, "efast": 1, "pawn": 40, "delta": 60}
#: Permutations from which the noise floor of PAWN comes.
PERMUTATIONS: Final = 49
#: Seeds over which delta is averaged.
DELTA_SEEDS: Final = 10
#: The index by which inputs are ranked and set against the noise floor.
MAIN: Final = {"sobol": "ST", "morris": "mu_star", "rbd_fast": "S1", "efast": "ST", "pawn": "median", "delta": "delta"}

type _Values = NDArray[np.float64]
type _Kept = NDArray[np.bool_]

#: Indices that are 0, within their interval, of an input that changes nothing (distances are never 0).
_ZERO: Final = ("ST", "S1", "mu_star")


def not_zero(measure: str, low: float) -> bool:
    """Say whether an index is clear of zero: the input changes something, and be it that it deals the cards anew.

    Whether it does more than that is another question: whether the index is larger than that of the dummy.
    """
    return measure in _ZERO and low > 0.0


class Index(NamedTuple):
    """One index of one input; the 95 % interval is NaN where the method has none."""

    input: str
    measure: str
    value: float
    low: float = math.nan
    high: float = math.nan


def indices(design: Design, outputs: _Values, kept: _Kept, seed: int) -> list[Index]:
    """Return all indices of an outcome.

    ``outputs`` has a value a point, finite at points of ``kept``, whole blocks of it. Raises ValueError for outputs
    that are not finite, or constant, and for too few blocks.
    """
    values = outputs[kept]
    if not np.isfinite(values).all():
        raise ValueError("an output is not finite")
    if len(np.unique(design.block[kept])) < LEAST_BLOCKS[design.method]:
        raise ValueError("too few points")
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        raise ValueError("the outcome is constant")
    with _undisturbed():
        return list(_ANALYSERS[design.method](design, values, kept, seed + 1))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put back how warnings are shown; what SALib warns of is known here (see the module's docstring)."""
    shown = warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # some calls of SALib undo this, so that what is shown is recorded too
            yield
    finally:
        warnings.formatwarning = shown


def _around(names: Sequence[str], measure: str, values: Any, half: Any = None) -> Iterator[Index]:
    """Go through an index of all inputs, with half-widths where there are any."""
    for k, name in enumerate(names):
        value = float(values[k])
        width = math.nan if half is None else float(half[k])
        yield Index(name, measure, value, value - width, value + width)


def _sobol(design: Design, values: _Values, kept: _Kept, seed: int) -> Iterator[Index]:
    """S1 and ST. The dummy, which deals the cards anew, comes in both to the share of variance that is chance."""
    from SALib.analyze import sobol

    problem = salib_problem(design.factors, groups=design.groups)
    found = sobol.analyze(problem, values, calc_second_order=False, num_resamples=400, seed=seed)
    for index in ("S1", "ST"):
        yield from _around(design.names, index, found[index], found[f"{index}_conf"])


def _morris(design: Design, values: _Values, kept: _Kept, seed: int) -> Iterator[Index]:
    """Elementary effects, by the whole range of an input; sigma is not defined for groups."""
    from SALib.analyze import morris

    problem = salib_problem(design.factors, groups=design.groups)
    if not design.groups:
        problem["groups"] = None
    unit = design.unit[kept]
    found = morris.analyze(problem, unit, values, num_resamples=400, num_levels=LEVELS, seed=seed)
    yield from _around(design.names, "mu_star", found["mu_star"], found["mu_star_conf"])
    if not design.groups:
        yield from _around(design.names, "mu", found["mu"])
        yield from _around(design.names, "sigma", found["sigma"])


def _rbd_fast(design: Design, values: _Values, kept: _Kept, seed: int) -> Iterator[Index]:
    from SALib.analyze import rbd_fast

    found = rbd_fast.analyze(salib_problem(design.factors), design.unit[kept], values, seed=seed)
    yield from _around(design.names, "S1", found["S1"], found["S1_conf"])


def _efast(design: Design, values: _Values, kept: _Kept, seed: int) -> Iterator[Index]:
    """By the search curves that are whole; SALib's intervals are unreliable here, by its own word, and left out."""
    from SALib.analyze import fast

    whole = np.unique(design.block[kept]).tolist()
    found = fast.analyze(salib_problem([design.factors[k] for k in whole]), values, num_resamples=2, seed=seed)
    names = [design.factors[k].name for k in whole]
    for index in ("S1", "ST"):
        yield from _around(names, index, found[index])


def _pawn(design: Design, values: _Values, kept: _Kept, seed: int) -> Iterator[Index]:
    """Kolmogorov-Smirnov distances over ten slices of an input: their median.

    It has no interval and is never 0. So the upper end for the dummy is the greatest index that it came to when the
    outputs were permuted, PERMUTATIONS times.
    """
    from SALib.analyze import pawn

    unit = design.unit[kept]
    found = pawn.analyze(salib_problem(design.factors), unit, values, S=10, seed=seed)
    for k, index in enumerate(_around(design.names, "median", found["median"])):
        if index.input != DUMMY:
            yield index
            continue
        alone, column = salib_problem(design.factors[k : k + 1]), unit[:, k : k + 1]
        from coworksim.statistics.lots import order_by_lot  # needs the compiler, which a report does not

        orders = (order_by_lot(len(values), seed, which) for which in range(PERMUTATIONS))
        chance = [pawn.analyze(alone, column, values[order], S=10, seed=seed)["median"][0] for order in orders]
        yield index._replace(high=max(index.value, *map(float, chance)))


def _delta(design: Design, values: _Values, kept: _Kept, seed: int) -> Iterator[Index]:
    """Means over DELTA_SEEDS seeds, the error of the mean added to the interval; no S1, which rbd_fast has.

    SALib takes the index of one resample of the rows for that of the rows, so that it moves with the seed by twice what
    its interval holds. The mean over S seeds of R resamples errs by ``sqrt((4 + 1/R) / S)`` of the standard deviation
    between resamples: by .67 of it with 10 seeds of 2, which make the interval a fifth wider (20 seeds: a tenth, in
    twice the time).
    """
    from SALib.analyze import delta

    problem, unit = salib_problem(design.factors), design.unit[kept]
    seeds = range(seed, seed + DELTA_SEEDS)
    found = [delta.analyze(problem, unit, values, num_resamples=2, method="delta", seed=one) for one in seeds]
    value, half = (np.array([one[name] for one in found]) for name in ("delta_raw", "delta_raw_conf"))
    moves = t_quantile(DELTA_SEEDS - 1) * value.std(axis=0, ddof=1) / math.sqrt(DELTA_SEEDS)
    yield from _around(design.names, "delta", value.mean(axis=0), np.sqrt((half * half).mean(axis=0) + moves * moves))


_ANALYSERS: Final[dict[str, Callable[[Design, _Values, _Kept, int], Iterator[Index]]]] = {
    "sobol": _sobol,
    "morris": _morris,
    "rbd_fast": _rbd_fast,
    "efast": _efast,
    "pawn": _pawn,
    "delta": _delta,
}
