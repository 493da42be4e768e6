"""How rules are compiled, and where the compiled code is kept.

Every rule and kernel of colearn passes through :func:`rule` or :func:`kernel`: no fast-math and no parallel sums,
so that a run gives the same bits each time. Compiled code is cached in a folder that is named after a hash of *all*
kernel sources, because the compiler's own cache keeps a caller's old result after a callee in another file was
edited.

In checked mode (``COLEARN_CHECKED=1``) nothing is compiled: the same bodies run as plain Python, slowly, and
:mod:`colearn.world.draws` refuses a second draw with one key.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

CHECKED: Final = os.environ.get("COLEARN_CHECKED") == "1"
if CHECKED:
    os.environ["NUMBA_DISABLE_JIT"] = "1"

import llvmlite  # noqa: E402 - the environment must be set before numba is imported
import numba  # noqa: E402 - as above

__all__ = ["CHECKED", "cache_folder", "fingerprint", "kernel", "rule", "sources"]


def sources() -> list[Path]:
    """Return every source file whose text may end up in compiled code, in a fixed order."""
    package = Path(__file__).parent
    folders = (package / "quantities", package / "world", package / "mechanisms", package / "policies")
    return [Path(__file__), *sorted(path for folder in folders for path in folder.rglob("*.py"))]


@cache
def fingerprint() -> str:
    """Return a hash of all kernel sources and of the compiler: two runs with the same one compile the same code."""
    digest = hashlib.sha256(f"{numba.__version__}|{llvmlite.__version__}".encode())
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder of the compiled code of exactly these sources (COLEARN_CACHE or the user's cache folder)."""
    home = os.environ.get("COLEARN_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(home) if home else Path.home() / ".cache"
    return root / "colearn" / "kernels" / fingerprint()


def _use_cache_folder() -> None:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        folder = (
            Path(tempfile.gettempdir()) / f"colearn-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}" / folder.name
        )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    vars(numba.config)["CACHE_DIR"] = str(folder)


_use_cache_folder()


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop over columns: arrays in, arrays out or updated in place as its docstring says."""
    return cast(F, numba.njit(cache=True, error_model="numpy", fastmath=False, boundscheck=False)(function))


def rule[F: Callable[..., Any]](function: F) -> F:
    """Compile a rule: a function of one person's numbers, called by the kernel and by the agent's method alike."""
    return cast(F, numba.njit(cache=True, error_model="numpy", fastmath=False, boundscheck=False)(function))
