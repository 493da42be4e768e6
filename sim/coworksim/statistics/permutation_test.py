"""The exact test of what a flag of clusters goes with: the flag permuted over clusters.

If the flag means nothing, every way of giving as many flags to these clusters is as likely as the true one. The share
of permutations whose t is at least as far from 0, the true one counted, then is a p-value whatever the errors are like.
What is compared is the coefficient over its error (robust to clusters) and not the coefficient: where flagged clusters
have fewer rows, their coefficients spread more than those of flags dealt to any clusters, and would be called far from
0 too often (Janssen 1997, on studentised permutation tests).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from coworksim.statistics.cluster_robust import ClusteredDesign
from coworksim.statistics.resampling import orders_by_lot

type Floats = NDArray[np.float64]
#: No variance is smaller than this.
_LEAST: Final = 1e-300


def shares_beyond(d: ClusteredDesign, permutations: int, seed: int = 1) -> Floats:
    """Return the p-values of the flag and of its products with what has a slope of its own, in this order.

    Columns without the flag are taken out of the others once for each permutation, through sums of products by cluster,
    so that a permutation costs matrices of a few rows.
    """
    z = d.sloped
    plain = [k for k, term in enumerate(d.terms) if term not in d.flagged]
    q = np.column_stack([d.x[:, :z], d.x[:, plain], d.y])
    sums = np.add.reduceat(q[:, :, None] * q[:, None, :], d.first_cluster)
    base = d.x[:, plain]
    inverse, target = np.linalg.inv(base.T @ base), base.T @ d.y
    orders = orders_by_lot(len(d.flag), permutations, seed)
    flags = np.concatenate([d.flag[None, :], d.flag[orders]]).astype(np.float64)
    found = (flags @ sums[:, :z].reshape(len(d.flag), -1)).reshape(len(flags), z, -1)
    own, cross, right = found[:, :, :z], found[:, :, z:-1], found[:, :, -1]
    taken = cross @ inverse
    # few clusters with few rows may not tell slopes apart: the shortest of the solutions then
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
    """Return the variance of each flagged coefficient in each permutation, robust to clusters (no correction)."""
    flagged, rest = slice(0, z), slice(z, -1)

    def left(rows: slice) -> Floats:
        """Return sums of products of columns with residuals, by permutation and cluster."""
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
