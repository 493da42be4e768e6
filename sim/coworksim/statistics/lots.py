"""Orders by lot, from the one source of chance. A file of its own: what is told of results needs no compiler."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.state.rng import PERMUTATION, RunKey, run_key, word


@kernel
def _lots(run: RunKey, number: int, first: int, end: int) -> NDArray[np.uint64]:
    found = np.empty((end - first, number), np.uint64)
    for k in range(first, end):
        for i in range(number):
            found[k - first, i] = word(run, np.uint64(i), PERMUTATION, 0, k)
    return found


def order_by_lot(number: int, seed: int, which: int) -> NDArray[np.int64]:
    """Return permutation ``which`` of so many things."""
    lots = _lots(run_key(seed), number, which, which + 1)[0]
    return np.argsort(lots, kind="stable").astype(np.int64)


@lru_cache(maxsize=64)
def orders_by_lot(number: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Return the first permutations of so many things, one a row; the array cannot be written to."""
    lots = _lots(run_key(seed), number, 0, permutations)
    found = np.argsort(lots, axis=1, kind="stable").astype(np.int64)
    found.setflags(write=False)
    return found
