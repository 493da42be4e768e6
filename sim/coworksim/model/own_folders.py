"""Folders in which this user keeps what can be made anew, safe from everybody else, and small numbers kept there.

Every level of the way must belong to this user or to the system, our own levels to this user alone.
"""

import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

#: The setting that names the folder above our own; processes that this one starts inherit it.
SETTING: Final = "COWORKSIM_CACHE"
_PRIVATE: Final = 0o700
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def roots() -> Iterator[Path]:
    """Folders in which this user keeps what can be made anew, the best first."""
    for setting in (SETTING, "XDG_CACHE_HOME"):
        if os.environ.get(setting):
            yield Path(os.environ[setting])
    with suppress(RuntimeError):  # a user without HOME whom the system does not know
        yield Path.home() / ".cache"


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


def read_json(file: Path) -> Any:
    """Return what a file holds; None where there is none, or it is damaged."""
    with suppress(OSError, ValueError, RecursionError):
        return json.loads(file.read_bytes())
    return None


def write_json(file: Path, content: Any) -> None:
    """Write a file whole, where that can be done: a full disk stops no run."""
    with suppress(OSError), tempfile.TemporaryDirectory(dir=file.parent, ignore_cleanup_errors=True) as unfinished:
        part = Path(unfinished, file.name)
        part.write_text(json.dumps(content, allow_nan=False), encoding="utf-8")
        part.replace(file)


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
