"""How rules are compiled, and where the compiled code is kept.

Every rule and kernel of coworksim passes through :func:`rule` or :func:`kernel`: no fast-math and no parallel sums,
so that a run gives the same bits each time. Compiled code is cached in a folder that is named after a hash of what
*all* kernel sources do (:mod:`coworksim.model.sources`), because the compiler's own cache keeps a caller's old result
after a
callee in another file was edited. Inside it, code is found by module and name and not by line, so that neither an
edited docstring nor another place of the package makes anything be compiled anew.

In checked mode (``COWORKSIM_CHECKED=1``) nothing is compiled: the same bodies run as plain Python, slowly, and
:mod:`coworksim.model.state.rng` refuses a second draw with one key.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

CHECKED: Final = os.environ.get("COWORKSIM_CHECKED") == "1"
if CHECKED:
    os.environ["NUMBA_DISABLE_JIT"] = "1"

import llvmlite  # noqa: E402 - the environment must be set before numba is imported
import numba  # noqa: E402 - as above
from numba.core import caching  # noqa: E402 - as above

from coworksim.model.sources import PACKAGE, tree_hash, trees_hash  # noqa: E402 - as above


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


def cache_folder() -> Path:
    """Return the folder of the compiled code of exactly these sources (COWORKSIM_CACHE or the user's cache folder)."""
    home = os.environ.get("COWORKSIM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(home) if home else Path.home() / ".cache"
    return root / "coworksim" / "kernels" / fingerprint()


def _use_cache_folder() -> None:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        folder = (
            Path(tempfile.gettempdir())
            / f"coworksim-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}"
            / folder.name
        )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    vars(numba.config)["CACHE_DIR"] = str(folder)


_use_cache_folder()


class _Place(caching._CacheLocator):
    """Where the compiled code of a function of this package lies: by module and name, of which there is one each."""

    def __init__(self, path: Path) -> None:
        self._py_file = path

    @classmethod
    def from_function(cls, py_func: object, py_file: str) -> _Place | None:
        """Return the place of a function, or None of one that lies elsewhere: numba then has places of its own."""
        path = Path(py_file).resolve()
        return cls(path) if path.is_relative_to(PACKAGE) else None

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(Path(vars(numba.config)["CACHE_DIR"], self._py_file.parent.relative_to(PACKAGE)))

    def get_source_stamp(self) -> str:
        """Return what is the same as long as the code is fresh."""
        return tree_hash(self._py_file)

    def get_disambiguator(self) -> str:
        """Return what tells apart functions of one name in a file, of which there are none."""
        return "kernel"


class _CacheImpl(caching.CompileResultCacheImpl):
    """Numba's way of keeping compiled functions, in places of our own."""


_CacheImpl._locator_classes = [cast(Any, _Place), *caching.CompileResultCacheImpl._locator_classes]


class _Cache(caching.FunctionCache):
    _impl_class = _CacheImpl


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop over columns: arrays in, arrays out or updated in place as its docstring says.

    A number written in a call is a value like any other: numba would compile the callee once more for each.
    """
    compiled: Any = numba.njit(error_model="numpy", fastmath=False, boundscheck=False)(function)
    if not CHECKED:
        compiled._cache = _Cache(function)
        template = compiled.get_call_template
        compiled.get_call_template = lambda args, kws: template([numba.types.unliteral(arg) for arg in args], kws)
    return cast(F, compiled)


def rule[F: Callable[..., Any]](function: F) -> F:
    """Compile a rule: a function of one person's numbers, called by the kernel and by the agent's method alike."""
    return kernel(function)
