"""Tidy tables of what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

__all__ = ["tidy"]


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
