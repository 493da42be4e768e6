"""Each policy beside the same simulation without it: effects, money, ranking."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coworksim.appraisal.comparison import compare
    from coworksim.appraisal.result import Appraisal

__all__ = ["Appraisal", "compare"]

_HOMES = {"Appraisal": "coworksim.appraisal.result", "compare": "coworksim.appraisal.comparison"}


def __getattr__(name: str) -> Any:
    """Import what is asked for, and not the whole model for a report that reads a folder."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
