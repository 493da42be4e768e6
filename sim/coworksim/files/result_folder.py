"""Folders of results: written whole or not at all, and never over anything that is not ours.

A new folder is written beside its final place and renamed. Into an existing one the files are moved one by one, each
atomically and the manifest last; until then its manifest says ``"complete": false``. The manifest lists every file of
the folder, so that a file of yours is known by its absence from that list.

The manifest has size and SHA-256 of each file, columns and rows of each table, and a seal over itself, by which the
folder is checked before it is read (``checked_folder``).
"""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from coworksim.files.errors import FolderError, InputError, Problem, printable
from coworksim.files.manifest import MADE_BY, MANIFEST, OF_RUNS, sealed

if TYPE_CHECKING:
    import pandas as pd


_STAGING: Final = ".coworksim-"
#: What a disk says that takes no more.
_DISK: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


def write_json(path: Path, content: object) -> None:
    """Write readable JSON with NaN refused."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # An argument that is no text is escaped, in the same way as by JSON.
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; an empty one where it is none of ours."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return found if found["made_by"] == MADE_BY else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _listed(folder: Path) -> set[str]:
    """Return the files that the manifest of ``folder`` lists, itself included."""
    files = _manifest(folder).get("files")
    return {MANIFEST, *map(str, files)} if isinstance(files, list | dict) else set()


def _files(folder: Path) -> set[str]:
    """Relative names of all files under ``folder``; symbolic links are not followed.

    Our own staging is left out, and so are folders of runs inside, which look after themselves.
    """

    def mine(place: Path) -> bool:
        return not place.name.startswith(_STAGING) and _manifest(place).get("kind") != OF_RUNS

    found: set[str] = set()
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if mine(Path(place, name))]
        links = [name for name in folders if Path(place, name).is_symlink()]
        ours = (name for name in (*names, *links) if not name.startswith(_STAGING))
        found.update(Path(place, name).relative_to(folder).as_posix() for name in ours)
    return found


def check_name(folder: Path) -> None:
    """Refuse a folder whose name, or one above it, is not text: tables cannot be written there."""
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        shown = printable(str(folder.absolute()))
        raise FolderError(f"the name {shown} is not UTF-8; give a folder with another name") from None


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Refuse a place that is a file, cannot be written, or (without ``force``) holds anything that we did not write."""
    check_name(folder)
    try:
        if folder.exists() and not folder.is_dir():
            raise FolderError(f"{folder} is a file; give a folder for the results")
        foreign = sorted(_files(folder) - _listed(folder))
        if foreign and not force:
            raise FolderError(
                f"{folder} holds files that coworksim did not write ({foreign[0]}{', ...' if foreign[1:] else ''}); "
                "give another folder, or --force to write the results beside them"
            )
        _try_writing(folder.resolve())
    except OSError as error:
        raise FolderError(f"{folder} cannot be written ({error.strerror}); give another folder with --out") from error


def _try_writing(folder: Path) -> None:
    """Do what results will do in ``folder``, and leave nothing behind. Raises OSError."""
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for place in {folder, folder.parent} if made else {folder}:
            with tempfile.TemporaryDirectory(prefix=_STAGING, dir=place) as unfinished:
                Path(unfinished, MANIFEST).write_bytes(bytes(4096))
    finally:
        for place in made:
            with suppress(OSError):
                place.rmdir()


@contextmanager
def published(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a staging folder to write to; on success it becomes ``folder``, on failure it vanishes without a trace."""
    check_folder(folder, force=force)
    folder = folder.resolve()
    fresh = not folder.exists()
    home = folder.parent if fresh else folder
    home.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=home))
    mask = os.umask(0)
    os.umask(mask)
    staging.chmod(0o777 & ~mask)  # a temporary folder is private; a result is as open as any other folder
    try:
        yield staging
        _finish_manifest(staging)
        for name in _files(staging):
            with (staging / name).open("rb+") as file:
                os.fsync(file.fileno())
        flush_folder(staging)
        if fresh:
            staging.rename(folder)
            flush_folder(folder.parent)
        else:
            _move_into(staging, folder)
    except OSError as error:
        if error.errno in _DISK:
            why = os.strerror(error.errno or 0)
            raise FolderError(f"{folder} cannot be written ({why}); free some space, or give another folder") from error
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _finish_manifest(staging: Path) -> None:
    """Add to the manifest who wrote it, and what every file is; first in the folders inside."""
    for inner in sorted(path.parent for path in staging.glob(f"*/{MANIFEST}")):
        _finish_manifest(inner)
    manifest = json.loads((staging / MANIFEST).read_text(encoding="utf-8"))
    files = {name: _told(staging / name) for name in sorted(_files(staging) - {MANIFEST})}
    write_json(staging / MANIFEST, sealed({**manifest, "made_by": MADE_BY, "complete": True, "files": files}))


def _told(file: Path) -> dict[str, Any]:
    """Return what the manifest says of a file: size and hash, of a table its columns and rows."""
    with file.open("rb") as content:
        found = {"bytes": file.stat().st_size, "sha256": file_digest(content, "sha256").hexdigest()}
    if file.suffix != ".parquet":
        return found
    from coworksim.files.table_files import table_facts

    columns, rows = table_facts(file)
    return {**found, "rows": rows, "columns": columns}


def _move_into(staging: Path, folder: Path) -> None:
    """Replace file by file; before the first, the manifest in ``folder`` is marked incomplete and lists old and new."""
    new = _files(staging)
    old = _listed(folder) & _files(folder)
    marker = staging.with_name(staging.name + "-marker")
    write_json(marker, {"made_by": MADE_BY, "complete": False, "files": sorted((new | old) - {MANIFEST})})
    marker.replace(folder / MANIFEST)
    for name in sorted(new - {MANIFEST}):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(folder / name)
    for name in old - new:
        (folder / name).unlink(missing_ok=True)
    (staging / MANIFEST).replace(folder / MANIFEST)
    flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """Have the system put the names in ``folder`` on the disk, where it can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse(folder: Path, what: str, write: str) -> NoReturn:
    """Refuse a folder: say what is wrong with it, and what to write or run instead."""
    raise InputError([Problem(printable(str(folder)), 0, 0, f"{what}; {write}")])


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them: null for what is not defined."""

    def plain(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return [{str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")]
