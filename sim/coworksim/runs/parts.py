"""Parts: some hundred runs at a time, on the disk for good or not there at all.

A part is a Parquet file in each of the folders ``runs``, ``outcomes`` and ``series``, and a record in ``parts`` that is
written last and holds the size and the SHA-256 of each; the name of the record holds its own. So files without a record
were never finished, and a part of which one byte has changed is known.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.files.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "ASIDE",
    "PARTS",
    "TABLES",
    "Part",
    "fault_of",
    "listed",
    "parquet",
    "set_aside",
    "sweep",
    "write_part",
    "write_whole",
]

#: The tables of a store, which are also the names of the folders.
TABLES: Final = ("runs", "outcomes", "series")
PARTS: Final = "parts"
ASIDE: Final = "aside"

_RECORD: Final = re.compile(r"(\d{6,})-([0-9a-f]{16})\.json")
_FILE: Final = re.compile(r"(\d{6,})\.parquet")
_UNFINISHED: Final = ".tmp"


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has a record: the size and the SHA-256 of each file by its name relative to the folder."""

    number: int
    record: Path
    files: Mapping[str, tuple[int, str]]

    def file(self, folder: Path, table: str) -> Path | None:
        """The file of a table; None when the part has none (no series were kept)."""
        name = f"{table}/{self.number:06}.parquet"
        return folder / name if name in self.files else None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there with all its content or not at all, even after a power cut."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error


def _flush_folder(folder: Path) -> None:
    """Have the system put the names in ``folder`` on the disk, where it can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def parquet(table: pa.Table) -> bytes:
    """A table as the content of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    text = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    pq.write_table(table, out, compression="zstd", use_dictionary=text)
    content: bytes = out.getvalue().to_pybytes()
    return content


def write_part(folder: Path, number: int, tables: Mapping[str, pa.Table]) -> Part:
    """Write the tables of a part, and then its record."""
    files: dict[str, tuple[int, str]] = {}
    for name, table in tables.items():
        content = parquet(table)
        files[f"{name}/{number:06}.parquet"] = len(content), sha256(content).hexdigest()
        write_whole(folder / name / f"{number:06}.parquet", content)
    content = json.dumps({"part": number, "files": files}, indent=1).encode()
    record = folder / PARTS / f"{number:06}-{sha256(content).hexdigest()[:16]}.json"
    write_whole(record, content)
    return Part(number, record, files)


def listed(folder: Path) -> tuple[list[Part], dict[int, str]]:
    """The parts with a record in order, and by number what is wrong with records that cannot be believed."""
    parts, odd = [], {}
    for record in sorted((folder / PARTS).glob("*.json")):
        if not (match := _RECORD.fullmatch(record.name)):
            continue
        number = int(match[1])
        try:
            content = record.read_bytes()
        except OSError as error:
            odd[number] = f"{PARTS}/{record.name} cannot be read ({error.strerror})"
            continue
        if sha256(content).hexdigest()[:16] != match[2]:
            odd[number] = f"{PARTS}/{record.name} is not as it was written"
            continue
        files: dict[str, Any] = json.loads(content)["files"]
        parts.append(Part(number, record, {name: (size, digest) for name, (size, digest) in files.items()}))
    return parts, odd


def fault_of(folder: Path, part: Part) -> str | None:
    """What is wrong with the files of a part, if anything."""
    for name, (size, digest) in part.files.items():
        try:
            with (folder / name).open("rb") as file:
                if os.fstat(file.fileno()).st_size != size:
                    return f"{name} has {os.fstat(file.fileno()).st_size:,} bytes of {size:,}"
                if file_digest(file, "sha256").hexdigest() != digest:
                    return f"{name} is not as it was written"
        except OSError as error:
            return f"{name} cannot be read ({error.strerror})"
    return None


def set_aside(folder: Path, number: int) -> None:
    """Move the files of a part to the folder ``aside``, so that its runs are missing and nothing is lost."""
    try:
        (folder / ASIDE).mkdir(exist_ok=True)
        for path in _files_of(folder, number):
            path.replace(folder / ASIDE / f"{path.parent.name}-{path.name}")
            _flush_folder(path.parent)
    except OSError as error:
        raise StoreError(f"a damaged part of {folder} cannot be moved to {ASIDE}/ ({error.strerror})") from error


def _files_of(folder: Path, number: int) -> list[Path]:
    """The record first: without it the rest counts as unfinished."""
    records = (folder / PARTS).glob(f"{number:06}-*.json")
    return [*records, *(path for name in TABLES if (path := folder / name / f"{number:06}.parquet").exists())]


def sweep(folder: Path, known: set[int]) -> int:
    """Remove what was never finished, and give the number of the next part. Only for who holds the lock."""
    numbers = set(known)
    try:
        for path in folder.glob(f"*/*{_UNFINISHED}"):
            if path.parent.name in (*TABLES, PARTS):
                path.unlink()
        for path in (path for name in TABLES for path in (folder / name).glob("*.parquet")):
            if (match := _FILE.fullmatch(path.name)) and int(match[1]) not in known:
                path.unlink()
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror}); give another folder") from error
    for path in (folder / ASIDE).glob("*"):
        numbers.update(int(found) for found in re.findall(r"\d{6,}", path.name)[:1])
    return max(numbers, default=-1) + 1
