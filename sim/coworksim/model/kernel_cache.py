"""Where compiled code is kept: in a folder that nobody else can write, one sealed file per function and signature.

What is read from there is unpickled and then run as machine code. So every level of the way must belong to this user or
to the system, our own levels to this user alone; else the next place is tried, at last a new folder that vanishes with
the process. A file whose seal is broken (a disk that filled up, a machine that lost power) is compiled anew.
"""

import atexit
import os
import pickle  # noqa: TID251  # compiled code can be kept in no other form
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from numba.core import caching, serialize
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult

from coworksim.model.linking import libraries_of
from coworksim.model.own_folders import SETTING, opened, roots
from coworksim.model.sources import PACKAGE, tree_hash

_SEAL: Final = sha256().digest_size
_Result: Final[Any] = CompileResult
_dumps: Final[Any] = serialize.dumps


class Place(NamedTuple):
    """A folder for compiled code (None: it is not kept), and why each better one was left."""

    folder: Path | None
    refused: tuple[str, ...] = ()


def chosen(name: str) -> Place:
    """Return the first folder called ``name`` that is safe and can be written. It is made where there is none."""
    refused: list[str] = []
    for root, levels in _candidates(name):
        try:
            return Place(opened(root, levels), tuple(refused))
        except OSError as error:
            refused.append(error.strerror or str(error))
    return Place(_passing(name), tuple(refused))


def _candidates(name: str) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Folders of the system or the user, and the levels below that are ours."""
    yield from ((root, ("coworksim", "kernels", name)) for root in roots())
    with suppress(OSError):  # no folder for temporary files
        yield Path(tempfile.gettempdir()), (f"coworksim-kernels-{_user()}", name)


def _passing(name: str) -> Path | None:
    """Make a folder for this process and those that it starts. None where there is no safe one."""
    try:
        root = Path(tempfile.mkdtemp(prefix="coworksim-kernels-"))
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        folder = opened(root, ("coworksim", "kernels", name))
    except OSError:
        return None
    os.environ[SETTING] = str(root)
    return folder


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


class KernelCache(caching._Cache):
    """The compiled code of one function, as numba asks for it.

    Numba's own keeps an index of signatures per function, which first runs that come at the same time tear.
    """

    def __init__(self, function: Any, folder: Path, library: type) -> None:
        path, self._library = _source(function), library
        self._folder = folder / path.parent.relative_to(PACKAGE)
        self._name = f"{path.stem}.{function.__qualname__}"
        self._made_of = (sys.implementation.cache_tag, tree_hash(path), library.__name__)

    @property
    def cache_path(self) -> str:
        """The folder."""
        return str(self._folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return compiled code for a signature. None where there is none, or its seal is broken."""
        target_context.refresh()
        with suppress(OSError):
            sealed = self._file(sig, target_context).read_bytes()
            if sha256(sealed[_SEAL:]).digest() == sealed[:_SEAL]:
                found, code = pickle.loads(sealed[_SEAL:])  # noqa: S301  # the folder is this user's alone
                with libraries_of(target_context.codegen(), self._library):
                    return _Result._rebuild(target_context, *code) if found == sig else None
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep compiled code where that can be done: a full disk stops no run."""
        if data.lifted or data.library.has_dynamic_globals:
            return  # such code holds for this process alone
        content: bytes = _dumps((sig, data._reduce()))
        file = self._file(sig, data.target_context)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as unfinished:
                part = Path(unfinished, file.name)
                part.write_bytes(sha256(content).digest() + content)
                part.replace(file)

    def _file(self, sig: Any, target_context: Any) -> Path:
        about = repr((*self._made_of, target_context.codegen().magic_tuple(), sig))
        return self._folder / f"{self._name}.{sha256(about.encode()).hexdigest()[:16]}.nbc"

    def enable(self) -> None:
        """Do nothing: it is always in use."""

    disable = flush = enable


def _source(function: Any) -> Path:
    return Path(function.__code__.co_filename).resolve()


def cache_of(function: Any, folder: Path | None, library: type = JITCodeLibrary) -> caching._Cache:
    """Return where the compiled code of a function is kept: nowhere if it lies outside this package.

    What a function elsewhere depends on is not known, so that its old code could come back after an edit.
    """
    if folder is None or not _source(function).is_relative_to(PACKAGE):
        return caching.NullCache()
    return KernelCache(function, folder, library)
