"""What was worked out before and is asked for again, kept on disk: worlds at the start, and baselines.

A file is named after a hash of all that its content depends on (code, machine, scenario, seed). It holds numbers and
JSON, is written whole or not at all, and carries a seal: one that is damaged counts as absent, and is made anew. The
folder is this user's alone. No reader or writer waits for another. Above the limit, what was used longest ago goes.

``COWORKSIM_KEEP_GB`` says how much may be kept; with 0 nothing is kept and nothing is read.
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numba.core.registry import cpu_target

from coworksim.files.kept_limit import most_kept
from coworksim.model.kernels import CHECKED, fingerprint
from coworksim.model.own_folders import opened, roots
from coworksim.model.sources import PACKAGE, trees_hash
from coworksim.model.state.snapshot import Arrays, Facts

#: Room that is left on the disk for everything else.
_SPARE: Final = 1e9
_SUFFIX: Final = ".kept"
_SEAL: Final = sha256().digest_size
_LENGTHS: Final = 16  # bytes: of the head, and of the arrays
_ALIGNED: Final = 64
_ABANDONED: Final = 3600.0  # seconds after which an unfinished file belongs to nobody

type What = Mapping[str, Any]


class Usage(NamedTuple):
    """What is kept: number of files and bytes by kind, where, and how many bytes may be kept."""

    folder: Path | None
    limit: int
    kinds: dict[str, tuple[int, int]]

    @property
    def files(self) -> int:
        """How many files there are."""
        return sum(number for number, _ in self.kinds.values())

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return sum(size for _, size in self.kinds.values())


def place() -> Path | None:
    """Return the first folder that is safe and can be written. None where there is none, or no code is compiled."""
    for root in () if CHECKED else roots():
        with suppress(OSError):
            return opened(root, ("coworksim", "worlds"))
    return None


def fetched(kind: str, what: What) -> tuple[Arrays, Facts] | None:
    """Return what was kept of a kind under the same description. None where nothing whole is there."""
    folder = place() if most_kept() else None
    if folder is None:
        return None
    file = _file(folder, kind, what)
    try:
        content = file.read_bytes()
        os.utime(file)  # it has been used
    except OSError:
        return None
    found = _unpacked(content)
    if found is None:
        with suppress(OSError):
            file.unlink()
    return found


def keep(kind: str, what: What, arrays: Arrays, facts: Facts) -> None:
    """Keep something under its description, where that can be done: a full disk stops no run."""
    most = most_kept()
    folder = place() if most else None
    if folder is None:
        return
    content = _packed(arrays, facts)
    with suppress(OSError):
        if len(content) > most or shutil.disk_usage(folder).free < len(content) + _SPARE:
            return
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(_file(folder, kind, what))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _trim(folder, most)


def usage() -> Usage:
    """Return what is kept now."""
    folder, kinds = place(), dict[str, tuple[int, int]]()
    for entry, about in _kept(folder):
        number, size = kinds.get(kind := entry.name.partition("-")[0], (0, 0))
        kinds[kind] = (number + 1, size + about.st_size)
    return Usage(folder, most_kept(), kinds)


def clear() -> Usage:
    """Remove all that is kept, and return what it was."""
    before = usage()
    for entry, _ in _kept(before.folder, unfinished=True):
        Path(entry).unlink(missing_ok=True)
    return before


def made_by(*sources: str) -> dict[str, Any]:
    """Return what results of the model depend on beside its input: this code, these packages, this machine.

    ``sources`` are files outside the model, as paths in the package, that decide too.
    """
    return {"code": _code(sources), "compiler": fingerprint(), "numpy": np.__version__, "machine": _machine()}


@cache
def _code(sources: tuple[str, ...]) -> str:
    return trees_hash([*(PACKAGE / "model").rglob("*.py"), *(PACKAGE / name for name in sources)])


@cache
def _machine() -> list[str]:
    processor: Any = cpu_target.target_context.codegen().magic_tuple()
    return [platform.system(), platform.machine(), *platform.libc_ver(), *map(str, processor)]


def _file(folder: Path, kind: str, what: What) -> Path:
    text = json.dumps(what, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return folder / f"{kind}-{sha256(text.encode()).hexdigest()}{_SUFFIX}"


def _kept(folder: Path | None, *, unfinished: bool = False) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    """Yield every file with its size and times; with ``unfinished`` also those that are being written."""
    suffixes = (_SUFFIX, ".part") if unfinished else (_SUFFIX,)
    with suppress(OSError):
        for entry in os.scandir(folder) if folder else ():
            with suppress(OSError):  # it has just gone
                if entry.name.endswith(suffixes):
                    yield entry, entry.stat(follow_symlinks=False)


def _trim(folder: Path, most: int) -> None:
    """Remove what was used longest ago, until the rest is within the limit; and what was never finished."""
    files = sorted(_kept(folder, unfinished=True), key=lambda one: (one[1].st_mtime_ns, one[0].name))
    size, long_ago = sum(about.st_size for _, about in files), time.time() - _ABANDONED
    for entry, about in files:
        unfinished = not entry.name.endswith(_SUFFIX)
        if (size > most and not unfinished) or (unfinished and about.st_mtime < long_ago):
            with suppress(OSError):
                Path(entry).unlink()
            size -= about.st_size


def _packed(arrays: Arrays, facts: Facts) -> bytes:
    """Return a seal, two lengths, a head of JSON and the arrays, both compressed together."""
    import pyarrow as pa

    whole = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    if odd := [name for name, values in whole.items() if values.dtype.kind not in "biuf"]:
        raise TypeError(f"only arrays of numbers are kept, not {', '.join(odd)}")
    shapes = [[name, values.dtype.str, list(values.shape)] for name, values in whole.items()]
    head = json.dumps({"arrays": shapes, "facts": facts}, allow_nan=False).encode()
    body = bytearray()
    for values in whole.values():
        body += values.tobytes()
        body += bytes(-len(body) % _ALIGNED)
    codec: Any = pa.Codec("zstd", compression_level=1)
    lengths = len(head).to_bytes(8, "little") + len(body).to_bytes(8, "little")
    content: bytes = lengths + head + codec.compress(body, asbytes=True)
    return sha256(content).digest() + content


def _unpacked(content: bytes) -> tuple[Arrays, Facts] | None:
    """Return what was packed; None where the seal does not fit, so that all that follows is as it was written."""
    import pyarrow as pa

    sealed = memoryview(content)[_SEAL:]
    if sha256(sealed).digest() != content[:_SEAL]:
        return None
    long, size = (int.from_bytes(sealed[at : at + 8], "little") for at in (0, 8))
    head = json.loads(bytes(sealed[_LENGTHS : _LENGTHS + long]))
    codec: Any = pa.Codec("zstd")
    body = codec.decompress(pa.py_buffer(sealed[_LENGTHS + long :]), size)
    arrays: Arrays = {}
    at = 0
    for name, kind, shape in head["arrays"]:
        values = np.frombuffer(body, np.dtype(kind), math.prod(shape), at)
        arrays[name] = values.reshape(shape)
        at += values.nbytes + -values.nbytes % _ALIGNED
    return arrays, head["facts"]
