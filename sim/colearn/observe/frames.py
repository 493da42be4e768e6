"""Tables of millions of rows without needless copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["content", "own_table", "text"]


def text(words: Sequence[str], codes: NDArray[np.integer[Any]]) -> pd.Categorical[str]:
    """Return the column ``words[codes]``, of which each word is kept once; words may occur twice.

    >>> list(text(["a", "b", "a"], np.array([2, 1, 0])))
    ['a', 'b', 'a']
    """
    known = {word: code for code, word in enumerate(dict.fromkeys(words))}
    small = np.int16 if len(known) < 2**15 else np.int32
    column: NDArray[np.integer[Any]] = np.array([known[word] for word in words], small)[codes]
    return pd.Categorical.from_codes(column, pd.Index(list(known)))


def own_table(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return arrays that are nobody else's as a table that takes them as they are.

    Pandas would copy all of them at once, which doubles the peak of memory. A column of the world must be copied by
    the caller, or a change of the table would change the world.
    """
    return pd.DataFrame(dict(columns), copy=False)


def content(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the bytes of an array in C order, without a copy where it stands so in memory.

    >>> content(np.array([[1, 2]], np.uint8)).tolist()
    [1, 2]
    """
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)
