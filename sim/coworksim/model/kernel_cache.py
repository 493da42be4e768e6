"""Where compiled code is kept: in a folder that nobody else can write, one sealed file per function and signature.

What is read from there is unpickled and then run as machine code. So every level of the way must belong to this user or
to the system, our own levels to this user alone; else the next place is tried, at last a new folder that vanishes with
the process. A file whose seal is broken (a disk that filled up, a machine that lost power) is compiled anew.
"""

import atexit
import os
import pickle  # noqa: TID251  # compiled code can be kept in no other form
import shutil
import stat
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

from coworksim.model.hashed import PACKAGE, tree_hash
from coworksim.model.linking import libraries_of

#: The setting that names the folder above our own; processes that this one starts inherit it.
SETTING: Final = "COWORKSIM_CACHE"
_PRIVATE: Final = 0o700
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
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


def roots() -> Iterator[Path]:
    """Folders in which this user keeps what can be made anew, the best first."""
    for setting in (SETTING, "XDG_CACHE_HOME"):
        if os.environ.get(setting):
            yield Path(os.environ[setting])
    with suppress(RuntimeError):  # a user without HOME whom the system does not know
        yield Path.home() / ".cache"


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


def opened(root: Path, levels: tuple[str, ...]) -> Path:
    """Return ``levels`` below ``root``, each made or found to be this user's alone. Raises OSError, saying why not."""
    if not root.is_absolute():
        raise OSError(0, f"{root} is not an absolute path")
    root = root.resolve()
    _check_above(next(place for place in (root, *root.parents) if place.exists()))
    root.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
    folder = root
    for level in levels:
        folder /= level
        with suppress(FileExistsError):
            folder.mkdir(mode=_PRIVATE)
        _check_own(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(0, f"{folder} cannot be written")
    return folder


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _check_own(folder: Path) -> None:
    """Refuse a level of ours that is a link, or that others own or could have written to; close one they could read."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise OSError(0, f"{folder} is not a folder")
    if not hasattr(os, "getuid"):
        return
    if found.st_uid != os.getuid():
        raise OSError(0, f"{folder} belongs to another user")
    if found.st_mode & _OTHERS_WRITE:
        raise OSError(0, f"others can write to {folder}")
    if stat.S_IMODE(found.st_mode) != _PRIVATE:
        folder.chmod(_PRIVATE)


def _check_above(place: Path) -> None:
    """Refuse a folder that others could exchange, by its own name or that of one above."""
    if not hasattr(os, "getuid"):
        return
    trusted = {0, os.getuid(), Path("/").stat().st_uid}
    for level in reversed((place, *place.parents)):
        found = level.stat()
        if found.st_uid not in trusted:
            raise OSError(0, f"{level} belongs to another user")
        if found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) & ~_PRIVATE == 0:
            return  # nobody else gets any further
        others = found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX
        if others and (found.st_mode & stat.S_IWOTH or not _only_us(found.st_gid)):
            raise OSError(0, f"others can write to {level}")


def _only_us(group: int) -> bool:
    """Whether a group is the private one of this user, which many systems let write to what its user makes."""
    import grp
    import pwd

    try:
        name, members = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(group)
    except KeyError:
        return False
    return members.gr_name == name and set(members.gr_mem) <= {name}


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
