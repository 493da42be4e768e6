"""A floor to measure against: the same week as bare compiled loops over arrays, without model, objects or dispatch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba

__all__ = ["loop"]


def loop[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop as the product's are, anew in each process: their cache knows the product's sources only."""
    return cast(F, numba.njit(error_model="numpy", fastmath=False, boundscheck=False)(function))
