"""How rules are compiled, and where the compiled code is kept.

Every rule and kernel of coworksim passes through :func:`rule` or :func:`kernel`: no fast-math and no parallel sums,
so that a run gives the same bits each time. Compiled code is cached in a folder that is named after a hash of what
*all* kernel sources do (:mod:`coworksim.model.sources`), because the compiler's own cache keeps a caller's old result
after a callee in another file was edited. :mod:`coworksim.model.kernel_cache` says where the folder may lie.

In checked mode (``COWORKSIM_CHECKED=1``, or ``NUMBA_DISABLE_JIT=1``) nothing is compiled: the same bodies run as plain
Python, slowly, and :mod:`coworksim.model.state.rng` refuses a second draw with one key.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

if os.environ.get("COWORKSIM_CHECKED") == "1":
    os.environ["NUMBA_DISABLE_JIT"] = "1"

import llvmlite  # the environment must be set before numba is imported
import numba

from coworksim.model.kernel_cache import Place, cache_of, chosen
from coworksim.model.sources import PACKAGE, trees_hash

#: Whether bodies run as plain Python.
CHECKED: Final = bool(vars(numba.config)["DISABLE_JIT"])


def sources() -> list[Path]:
    """Return every source file of which something may end up in compiled code."""
    model = PACKAGE / "model"
    folders = (model / name for name in ("parameters", "state", "mechanisms", "policies"))
    return [model / "kernels.py", *(path for folder in folders for path in folder.rglob("*.py"))]


@cache
def fingerprint() -> str:
    """Return a hash of all kernel sources and of the compiler: two runs with the same one compile the same code."""
    text = f"{numba.__version__}|{llvmlite.__version__}|{trees_hash(sources())}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


#: Where compiled code lies, and why better places were left.
PLACE: Final = Place(None) if CHECKED else chosen(fingerprint())


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop over columns: arrays in, arrays out or updated in place as its docstring says.

    A number written in a call is a value like any other: numba would compile the callee once more for each.
    """
    compiled: Any = numba.njit(error_model="numpy", fastmath=False, boundscheck=False)(function)
    if not CHECKED:
        compiled._cache = cache_of(function, PLACE.folder)
        template = compiled.get_call_template
        compiled.get_call_template = lambda args, kws: template([numba.types.unliteral(arg) for arg in args], kws)
    return cast(F, compiled)


def rule[F: Callable[..., Any]](function: F) -> F:
    """Compile a rule: a function of one person's numbers, called by the kernel and by the agent's method alike."""
    return kernel(function)
