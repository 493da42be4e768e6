"""The exact test of what the flag goes with: the flag permuted over regions.

If the flag means nothing, every way of giving as many flags to these regions is as likely as the true one. The share of
permutations whose t is at least as far from 0, the true one counted, then is a p-value whatever the errors are like.
What is compared is the coefficient over its error (robust to regions) and not the coefficient: left-behind regions have
fewer respondents, so that their coefficients spread more than those of flags dealt to any regions, and would be called
far from 0 too often (Janssen 1997, on studentised permutation tests).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel
from colearn.observe.survey.design import Design
from colearn.world.draws import PERMUTATION, RunKey, run_key, word

__all__ = ["permuted", "shares_beyond"]

type Floats = NDArray[np.float64]
#: No variance is smaller than this.
_LEAST: Final = 1e-300


@kernel
def _lots(run: RunKey, number: int, permutations: int) -> NDArray[np.uint64]:
    found = np.empty((permutations, number), np.uint64)
    for k in range(permutations):
        for i in range(number):
            found[k, i] = word(run, np.uint64(i), PERMUTATION, 0, k)
    return found


@lru_cache(maxsize=64)
def permuted(number: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Return permutations of so many things, one a row: the same as ``contrasts.order_by_lot``."""
    found = np.argsort(_lots(run_key(seed), number, permutations), axis=1, kind="stable").astype(np.int64)
    found.setflags(write=False)
    return found


def shares_beyond(d: Design, permutations: int, seed: int = 1) -> Floats:
    """Return the p-values of the flag and of its products with what has a slope of its own, in this order.

    Columns without the flag are taken out of the others once for each permutation, through sums of products by region,
    so that a permutation costs matrices of a few rows.
    """
    z = d.sloped
    plain = [k for k, term in enumerate(d.terms) if not term.endswith("left_behind")]
    q = np.column_stack([d.x[:, :z], d.x[:, plain], d.y])
    sums = np.add.reduceat(q[:, :, None] * q[:, None, :], d.first_region)
    base = d.x[:, plain]
    inverse, target = np.linalg.inv(base.T @ base), base.T @ d.y
    orders = permuted(len(d.flag), permutations, seed)
    flags = np.concatenate([d.flag[None, :], d.flag[orders]]).astype(np.float64)
    found = (flags @ sums[:, :z].reshape(len(d.flag), -1)).reshape(len(flags), z, -1)
    own, cross, right = found[:, :, :z], found[:, :, z:-1], found[:, :, -1]
    taken = cross @ inverse
    # few regions with few respondents may not tell slopes apart: the shortest of the solutions then
    solved = np.linalg.pinv(own - taken @ np.swapaxes(cross, 1, 2), rcond=1e-9, hermitian=True)
    slopes = (solved @ (right - taken @ target)[:, :, None])[:, :, 0]
    others = (target - (np.swapaxes(cross, 1, 2) @ slopes[:, :, None])[:, :, 0]) @ inverse
    error = np.sqrt(np.maximum(_variances(sums, z, flags, slopes, others, taken, solved), _LEAST))
    sizes = np.abs(slopes) / error
    beyond: Floats = (sizes[1:] >= sizes[0] * (1.0 - 1e-9)).sum(axis=0)
    return (beyond + 1.0) / (permutations + 1.0)


def _variances(
    sums: Floats, z: int, flags: Floats, slopes: Floats, others: Floats, taken: Floats, solved: Floats
) -> Floats:
    """Return the variance of each flagged coefficient in each permutation, robust to regions (no correction)."""
    flagged, rest = slice(0, z), slice(z, -1)

    def left(rows: slice) -> Floats:
        """Return sums of products of columns with residuals, by permutation and region."""
        by_flag = _times(sums[:, rows, flagged], slopes)
        fitted: Floats = _times(sums[:, rows, rest], others) + flags[:, :, None] * by_flag
        return sums[None, :, rows, -1] - fitted

    scores = (flags[:, :, None] * left(flagged) - left(rest) @ np.swapaxes(taken, 1, 2)) @ solved
    found: Floats = (scores * scores).sum(axis=1)
    return found


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """Return every matrix times every vector: by vector, then by matrix."""
    groups, rows, columns = matrices.shape
    return (vectors @ matrices.transpose(2, 0, 1).reshape(columns, -1)).reshape(len(vectors), groups, rows)
