"""Blocks of encounters between which nobody is shared, so that each can be worked on by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel

__all__ = ["blocks_of"]


@kernel
def blocks_of(
    one: NDArray[np.int32], other: NDArray[np.int32], people: int, least: int
) -> tuple[NDArray[np.int64], int]:
    """Return blocks of records between which nobody is shared, and how many rows the widest spans.

    A block is its first record, the record after the last, the low row, the high row. It is closed as soon as it spans
    ``least`` rows and no later record reaches back into it. Where people meet within their region only, no block is
    much larger than a region, whatever the size of the world.
    """
    blocks = np.empty((people // least + 1, 4), np.int64)
    count, begin, high, widest = 0, 0, 0, 0
    for e in range(len(one) + 1):
        last = e == len(one)
        if e > begin and (last or (one[e] >= high and high - one[begin] >= least)):
            blocks[count, 0], blocks[count, 1], blocks[count, 2], blocks[count, 3] = begin, e, one[begin], high
            widest = max(widest, high - one[begin])
            count, begin = count + 1, e
        if not last:
            high = max(high, other[e] + 1)
    return blocks[:count], widest
