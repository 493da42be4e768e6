"""The file of the baseline, and what differs from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.baseline.values import digest

__all__ = ["FILE", "changes", "digests", "recorded"]

FILE = Path(__file__).with_name("digests.json")


def recorded() -> dict[str, dict[str, str]]:
    """Return digests by entry and part, as the file has them."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return found


def digests(parts: Mapping[str, Any]) -> dict[str, str]:
    """Return the digest of each part of an entry."""
    return {name: digest(value) for name, value in parts.items()}


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say what became of each part that is not as it was.

    >>> changes({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "4", "d": "5"})
    ['b moved', 'c gone', 'd new']
    """
    moved = [f"{part} moved" for part in before if part in now and before[part] != now[part]]
    gone = [f"{part} gone" for part in before if part not in now]
    return [*moved, *gone, *(f"{part} new" for part in now if part not in before)]
