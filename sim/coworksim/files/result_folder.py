"""Folders of results: written whole or not at all, and never over anything that is not ours.

A new folder is written beside its final place and renamed. Into an existing one the files are moved one by one, each
atomically and the manifest last; until then its manifest says ``"complete": false``. The manifest lists every file of
the folder, so that a file of yours is known by its absence from that list.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = "manifest.json"
_MADE_BY: Final = "coworksim"
#: Kind of a folder in which runs are kept, in its manifest.
OF_RUNS: Final = "study"
_STAGING: Final = ".coworksim-"


class FolderError(Exception):
    """A folder cannot take results; the text says why, and what to do."""


def write_json(path: Path, content: object) -> None:
    """Write readable JSON with NaN refused."""
    path.write_text(
        json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
        encoding="utf-8",
        errors="backslashreplace",  # an argument that is no text, which JSON escapes in the same way
        newline="\n",
    )


def _listed(folder: Path) -> set[str] | None:
    """The files that the manifest of ``folder`` lists, itself included; None when it is no manifest of ours."""
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_by"] != _MADE_BY:
            return None
        return {MANIFEST, *(str(name) for name in manifest["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _files(folder: Path) -> set[str]:
    """Relative names of all files under ``folder``; symbolic links are not followed.

    Our own staging is left out, and so are folders of runs inside, which look after themselves.
    """
    found: set[str] = set()
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(_STAGING) and not _of_runs(Path(place, name))]
        links = [name for name in folders if Path(place, name).is_symlink()]
        ours = (name for name in (*names, *links) if not name.startswith(_STAGING))
        found.update(Path(place, name).relative_to(folder).as_posix() for name in ours)
    return found


def _of_runs(folder: Path) -> bool:
    """Whether a folder is one in which runs are kept."""
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return (manifest["made_by"], manifest["kind"]) == (_MADE_BY, OF_RUNS)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Refuse a place that is a file, cannot be written, or (without ``force``) holds anything that we did not write."""
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file; give a folder for the results")
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
        raise FolderError(f"{existing} cannot be written; give another folder with --out")
    if force or not folder.is_dir():
        return
    foreign = sorted(_files(folder) - (_listed(folder) or set()))
    if foreign:
        raise FolderError(
            f"{folder} holds files that coworksim did not write ({foreign[0]}{', ...' if foreign[1:] else ''}); "
            "give another folder, or --force to write the results beside them"
        )


@contextmanager
def published(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a staging folder to write to; on success it becomes ``folder``, on failure it vanishes without a trace."""
    check_folder(folder, force=force)
    folder = folder.resolve()
    fresh = not folder.exists()
    home = folder.parent if fresh else folder
    home.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f"{_STAGING}{folder.name}-", dir=home))
    staging.chmod(0o777 & ~_umask())
    try:
        yield staging
        _finish_manifest(staging)
        _flush(staging)
        if fresh:
            staging.rename(folder)
            flush_folder(folder.parent)
        else:
            _move_into(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _umask() -> int:
    """Return the process's file mode mask (a temporary folder is private; a result is as open as any other folder)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _finish_manifest(staging: Path) -> None:
    """Add to the manifest who wrote it, and the size and SHA-256 of every file; first in the folders inside."""
    for inner in sorted(path.parent for path in staging.glob(f"*/{MANIFEST}")):
        _finish_manifest(inner)
    manifest = json.loads((staging / MANIFEST).read_text(encoding="utf-8"))
    files = {
        name: {
            "bytes": (staging / name).stat().st_size,
            "sha256": sha256((staging / name).read_bytes()).hexdigest(),
        }
        for name in sorted(_files(staging) - {MANIFEST})
    }
    write_json(staging / MANIFEST, {**manifest, "made_by": _MADE_BY, "complete": True, "files": files})


def _move_into(staging: Path, folder: Path) -> None:
    """Replace file by file; before the first, the manifest in ``folder`` is marked incomplete and lists old and new."""
    new = _files(staging)
    old = (_listed(folder) or set()) & _files(folder)
    marker = staging.with_name(staging.name + "-marker")
    write_json(marker, {"made_by": _MADE_BY, "complete": False, "files": sorted((new | old) - {MANIFEST})})
    marker.replace(folder / MANIFEST)
    for name in sorted(new - {MANIFEST}):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(folder / name)
    for name in old - new:
        (folder / name).unlink(missing_ok=True)
    (staging / MANIFEST).replace(folder / MANIFEST)
    flush_folder(folder)


def _flush(folder: Path) -> None:
    """Have the system put every file on the disk."""
    for name in _files(folder):
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
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
