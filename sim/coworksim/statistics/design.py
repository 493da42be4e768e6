"""The points of a study: for each, where its inputs lie in the unit interval, its block, and whose chance it shares.

SALib draws them (module ``sample``), always in the unit cube; ``Factor.value`` turns that into values. Every point
has

- a *block*: the points that an analysis needs together (the rows of a Saltelli base point, a trajectory, the curve of
  an input); when one of them fails, the block is left out;
- a *stream*: points of one stream are run with the same seeds (common random numbers). A base point shares one over
  its rows, a trajectory over its steps, and one-at-a-time, factorial and replicates over everything; points of a
  plain sample have one each, and so have points of a search curve, where shared chance would look like a signal.

The dummy stands for chance. An input that nothing reads would, with common random numbers, change not one number, and
its index would be 0 however noisy the model is. So the points of a block at which the dummy has moved take the second
stream of the block: the dummy's index is what an input comes to that does nothing but deal the cards anew, and that is
the noise floor for inputs that set off other chains of chance.
"""

import hashlib
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.hashed import STUDY_SALT
from coworksim.statistics.factors import DUMMY, POWERS, Factor, Value

#: Levels of the grid of a Morris trajectory.
LEVELS: Final = 4
#: Points that a design may have.
MOST_POINTS: Final = 2_000_000

type _Ints = NDArray[np.int64]
type _Unit = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """The points of a study: ``unit`` has a row a point and a column an input (the dummy is the last one).

    A NaN in ``unit`` leaves the input as the scenario has it. ``parts`` are names of inputs that are parts of one
    whole: ``base`` gives those that do not vary, and points at which they add up to more than 1 are infeasible.
    """

    method: str
    factors: tuple[Factor, ...]
    size: int
    seed: int
    unit: _Unit
    block: _Ints
    stream: _Ints
    groups: bool = False
    base: Mapping[str, float] | None = None
    parts: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def names(self) -> list[str]:
        """The inputs, or the groups of inputs where the study asks for groups, each once and in order."""
        return list(dict.fromkeys(factor.group if self.groups else factor.name for factor in self.factors))

    def overrides(self, point: int) -> dict[str, Value]:
        """Return the values of a point by name; the dummy, which nothing reads, is left out."""
        row = self.unit[point]
        return {
            factor.name: factor.value(float(u))
            for factor, u in zip(self.factors, row, strict=True)
            if factor.name != DUMMY and not math.isnan(u)
        }

    @cached_property
    def infeasible(self) -> NDArray[np.bool_]:
        """Which points set parts of one whole that add up to more than it."""
        found = np.zeros(len(self), np.bool_)
        varied = {factor.name for factor in self.factors}
        base = self.base or {}
        for names in self.parts:
            if varied.isdisjoint(names):
                continue
            for point in range(len(self)):
                values = {**base, **self.overrides(point)}
                found[point] |= math.fsum(float(values[name]) for name in names) > 1 + 1e-9
        return found

    @cached_property
    def feasible(self) -> NDArray[np.bool_]:
        """Which points are worth running: no point of their block is infeasible (of one block, each for itself)."""
        if self.method in ("one_at_a_time", "factorial", "replicates"):
            return ~self.infeasible
        return ~np.isin(self.block, np.unique(self.block[self.infeasible]))


def run_seed(seed: int, stream: int) -> int:
    """Return the seed that the runs of a stream share; replicates are told apart by their number.

    >>> run_seed(1, 0) == run_seed(1, 0), run_seed(1, 0) == run_seed(1, 1)
    (True, False)
    """
    block = hashlib.sha256(f"{STUDY_SALT}|{seed}|{stream}".encode()).digest()
    return int.from_bytes(block[:8], "big") >> 1


def salib_problem(factors: Sequence[Factor], *, groups: bool = False) -> dict[str, Any]:
    """Describe the inputs as SALib wants them, in the unit cube.

    Names are numbers, because SALib refuses some endings of a name.
    """
    n = len(factors)
    problem: dict[str, Any] = {"num_vars": n, "names": [f"x{k}" for k in range(n)], "bounds": [[0.0, 1.0]] * n}
    return problem | ({"groups": [factor.group for factor in factors]} if groups else {})


def draw(
    method: str,
    factors: Sequence[Factor],
    size: int,
    seed: int,
    *,
    groups: bool = False,
    base: Mapping[str, float] | None = None,
    parts: tuple[tuple[str, ...], ...] = (),
) -> Design:
    """Return the design of a method over ``factors`` (to which a dummy belongs already, where one is wanted).

    Raises ValueError for a size that the method cannot have, for groups of which there is but one, and for more than
    ``MOST_POINTS`` points.

    >>> two = (Factor("a"), Factor("b"))
    >>> small, large = (draw("sobol", two, size, seed=1) for size in (4, 8))
    >>> len(small), len(large), bool((large.unit[: len(small)] == small.unit).all())
    (16, 32, True)
    """
    if groups and len({factor.group for factor in factors}) < 2:
        raise ValueError("groups need inputs of more than one group")  # SALib would take them apart without a word
    if method in POWERS and (size < 1 or size & (size - 1)):
        raise ValueError(f"size {size} is no power of two")
    if points(method, factors, size, groups=groups) > MOST_POINTS:
        raise ValueError(f"the design has more than {MOST_POINTS} points")
    unit, block, shared = _DRAWERS[method](tuple(factors), size, seed, groups)
    stream = 2 * block + _moved(unit, block, factors) if shared else np.arange(len(unit))
    return Design(method, tuple(factors), size, seed, unit, block, stream, groups, base, parts)


def _moved(unit: _Unit, block: _Ints, factors: Sequence[Factor]) -> _Ints:
    """Return 1 where the dummy is not where it was at the first point of its block, else 0."""
    column = next((k for k, factor in enumerate(factors) if factor.name == DUMMY), None)
    if column is None:
        return np.zeros(len(unit), np.int64)
    _, first = np.unique(block, return_index=True)
    moved: _Ints = (unit[:, column] != unit[first[block], column]).astype(np.int64)
    return moved


def points(method: str, factors: Sequence[Factor], size: int, *, groups: bool = False) -> int:
    """Return how many points a design has at most (one-at-a-time leaves out what stands there twice)."""
    number = len({factor.group for factor in factors}) if groups else len(factors)
    if method == "factorial":
        return math.prod(len(_levels(factor, size)) for factor in factors)
    each = {"morris": number + 1, "sobol": number + 2, "efast": number}
    if method == "one_at_a_time":
        return 1 + sum(len(_levels(factor, size)) for factor in factors)
    return 1 if method == "replicates" else size * each.get(method, 1)


type _Drawn = tuple[_Unit, _Ints, bool]  # unit, block, whether a block shares its chance


def _sobol(factors: tuple[Factor, ...], size: int, seed: int, groups: bool) -> _Drawn:
    """Saltelli's rows of each base point: A, A with one input (or group) of B at a time, B."""
    from SALib.sample import sobol

    problem = salib_problem(factors, groups=groups)
    unit = sobol.sample(problem, size, calc_second_order=False, seed=seed + 1)
    return unit, np.repeat(np.arange(size), len(unit) // size), True


def _morris(factors: tuple[Factor, ...], size: int, seed: int, groups: bool) -> _Drawn:
    """Trajectories over a grid of four levels, a step for each input (or group)."""
    from SALib.sample import morris

    problem = salib_problem(factors, groups=groups)
    unit = morris.sample(problem, size, num_levels=LEVELS, seed=seed + 1)
    unit = np.clip(unit, 0.0, 1.0)  # steps of 2/3 leave the interval by a rounding error
    return unit, np.repeat(np.arange(size), len(unit) // size), True


def _sample(factors: tuple[Factor, ...], size: int, seed: int, groups: bool) -> _Drawn:
    """Points of a scrambled Sobol' sequence: those of a size are the first of twice that size.

    SALib gives Saltelli's rows of each base point, of which the first is the plain point; two groups keep them few.
    """
    from SALib.sample import sobol

    problem = salib_problem(factors) | {"groups": ["first", *["others"] * (len(factors) - 1)]}
    rows = sobol.sample(problem, size, calc_second_order=False, seed=seed + 1)
    return rows[:: len(rows) // size].copy(), np.arange(size), False


def _efast(factors: tuple[Factor, ...], size: int, seed: int, groups: bool) -> _Drawn:
    """Return a search curve for each input, with a random phase."""
    from SALib.sample import fast_sampler

    unit = np.clip(fast_sampler.sample(salib_problem(factors), size, seed=seed + 1), 0.0, 1.0)
    return unit, np.repeat(np.arange(len(factors)), size), False


def _levels(factor: Factor, size: int) -> list[float]:
    """Return up to ``size`` places from one end of the range to the other, every value of few values once."""
    cells = factor.cells()
    number = size if cells is None else min(size, cells)
    if factor.choices:
        return [(k + 0.5) / len(factor.choices) for k in range(len(factor.choices))]
    return [k / (number - 1) for k in range(number)] if number > 1 else [0.5]


def _together(unit: _Unit) -> _Drawn:
    return unit, np.zeros(len(unit), np.int64), True


def _one_at_a_time(factors: tuple[Factor, ...], size: int, seed: int, groups: bool) -> _Drawn:
    """The scenario itself, then each input at each of its levels."""
    places = [(k, u) for k, factor in enumerate(factors) for u in _levels(factor, size)]
    unit = np.full((1 + len(places), len(factors)), math.nan)
    for row, (k, u) in enumerate(places, 1):
        unit[row, k] = u
    return _together(unit)


def _factorial(factors: tuple[Factor, ...], size: int, seed: int, groups: bool) -> _Drawn:
    rows = list(itertools.product(*(_levels(factor, size) for factor in factors)))
    return _together(np.array(rows, np.float64).reshape(len(rows), len(factors)))


_DRAWERS: Final[dict[str, Callable[[tuple[Factor, ...], int, int, bool], _Drawn]]] = {
    "sobol": _sobol,
    "morris": _morris,
    "rbd_fast": _sample,
    "efast": _efast,
    "pawn": _sample,
    "delta": _sample,
    "one_at_a_time": _one_at_a_time,
    "factorial": _factorial,
    "replicates": lambda *_: _together(np.zeros((1, 0))),
}
