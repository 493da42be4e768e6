"""Values as plain data, and their digests: numbers and sentences count, files, paths, versions and names do not."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Exact", "digest", "near", "plain", "sections"]

#: Digits to which numbers above the runs are compared; the runs themselves are compared to the bit.
DIGITS = 10
_PROGRAM = re.compile("coworksim|coworksim", re.IGNORECASE)
_HASH = re.compile(r"\b[0-9a-f]{12,64}\b")
_UNREAD = ("run_id", "seconds")


class Exact(str):
    """A digest that stands for itself."""

    __slots__ = ()


def digest(value: Any) -> str:
    """Return the digest of a value, to 16 digits."""
    if isinstance(value, Exact):
        return value[:16]
    return sha256(json.dumps(plain(value), ensure_ascii=True).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """Return a value as JSON has it: columns of a table in their order, numbers to ten digits as text."""
    if isinstance(value, pd.DataFrame):
        table = value.drop(columns=[name for name in _UNREAD if name in value]).astype(object)
        return [list(map(str, table.columns)), *([plain(cell) for cell in row] for row in table.to_numpy().tolist())]
    if isinstance(value, str):
        return value if isinstance(value, Exact) else _HASH.sub("HASH", _PROGRAM.sub("PROGRAM", value))
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return f"{value + 0.0:.{DIGITS}g}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is None or isinstance(value, int):
        return str(value)
    raise TypeError(f"a {type(value).__name__} is no plain value; turn it into numbers and sentences first")


def near(one: Any, other: Any) -> bool:
    """Whether plain values are the same, numbers to eight digits.

    >>> near(["a", "1.000000001"], ["a", "1"]), near("1.0001", "1"), near({"a": "x"}, {"a": "y"}), near(["1"], [])
    (True, False, False, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(near(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(near, one, other))
    try:
        return bool(one == other or math.isclose(float(one), float(other), rel_tol=1e-8, abs_tol=1e-10))
    except (TypeError, ValueError):
        return False


class _Reader(HTMLParser):
    """Keeps the text of a page by section: not its style, and not the command and the versions that made it."""

    LEFT_OUT = ("style", "pre", "dl")

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"head": []}
        self._section, self._left_out = "head", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._section = str(given["id"])
            self.found[self._section] = []
        self._left_out += tag in self.LEFT_OUT
        if given.get("alt"):
            self.found[self._section].append(str(given["alt"]))

    def handle_endtag(self, tag: str) -> None:
        self._left_out -= tag in self.LEFT_OUT

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._left_out:
            self.found[self._section].append(" ".join(data.split()))


def sections(page: str) -> dict[str, list[str]]:
    """Return the text of an HTML page by section."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
