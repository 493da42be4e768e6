"""Follows ``extends``: a file, the file that it extends, and so on; each fills in what those before it leave out.

Title, starts, weeks, seed, regions and policies are taken whole from the first file that has them; mechanisms and
parameters are taken one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from coworksim.files import built_in
from coworksim.files.errors import Mark, Problems, echo, printable
from coworksim.files.region_reader import Tables
from coworksim.files.scenario_reader import Said, SaidFile, read_file
from coworksim.files.yaml_reader import MOST_BYTES, inside, read_bytes

MOST_FILES: Final = 10
_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Chain:
    """What a file and all files that it extends say together."""

    name: str
    file: str
    question: str
    said: dict[str, Said]


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to be read: where it is, how messages call it, and which place asked for it."""

    path: Path
    shown: str
    asked: Mark


def read_chain(name_or_path: str | Path, problems: Problems) -> Chain | None:
    """Read a scenario and what it extends. None when the scenario itself could not be read."""
    source = _start(name_or_path, problems)
    if source is None or (first := _read(source, problems)) is None:
        return None
    said = dict(first.said)
    seen, current = {source.path.resolve()}, first
    while current.extends is not None:
        found = _follow(source, current.extends, problems)
        if found is None:
            break
        if found.path.resolve() in seen or len(seen) >= MOST_FILES:
            what = "comes back to a file of the same chain" if found.path.resolve() in seen else "goes too deep"
            problems.add(found.asked, f"extends {echo(current.extends.value)} {what}", "extend another file")
            break
        seen.add(found.path.resolve())
        source, parent = found, _read(found, problems)
        if parent is None:
            break
        said, current = parent.said | said, parent
    return Chain(printable(_stem(name_or_path)), _shown(name_or_path), first.question or "", said)


def _stem(name_or_path: str | Path) -> str:
    return Path(name_or_path).stem if is_path(name_or_path) else str(name_or_path)


def _shown(name_or_path: str | Path) -> str:
    """How messages call the file: as the user gave it, made printable."""
    text = printable(str(name_or_path))
    return text if is_path(name_or_path) else f"{text}.yaml"


def is_path(name_or_path: str | Path) -> bool:
    """Say whether this is the path of a file, rather than the name of one that comes with the package."""
    text = str(name_or_path)
    return isinstance(name_or_path, Path) or text.endswith(_SUFFIXES) or "/" in text or "\\" in text


def _start(name_or_path: str | Path, problems: Problems) -> _Source | None:
    mark = Mark(printable(str(name_or_path)))
    if is_path(name_or_path):
        return _Source(Path(name_or_path), _shown(name_or_path), mark)
    path = built_in.find(str(name_or_path), mark, problems)
    return _Source(path, _shown(name_or_path), mark) if path else None


def _follow(source: _Source, extends: Said, problems: Problems) -> _Source | None:
    """Find what ``extends`` names: a file in or below the folder of the one that says so, or a built-in."""
    value: str = extends.value
    if not is_path(value):
        path = built_in.find(value, extends.mark, problems)
        return _Source(path, f"{value}.yaml", extends.mark) if path else None
    folder = source.path.parent
    if not inside(folder, value):
        write = "write a path that stays in the folder of this file, or the name of a built-in scenario"
        problems.add(extends.mark, f"extends {echo(value)} leaves the folder of this file", write)
        return None
    return _Source(folder / value, printable(str(Path(source.shown).parent / value)), extends.mark)


def _read(source: _Source, problems: Problems) -> SaidFile | None:
    """Read a file, at most as much of it as a scenario may hold; tables that it names lie in its folder."""
    data = read_bytes(source.path, source.shown, source.asked, MOST_BYTES, problems)
    found = read_file(data, source.shown, problems) if data is not None else None
    if found is not None and "regions" in found.said:
        regions = found.said["regions"]
        if isinstance(regions.value, Tables):
            placed = replace(regions.value, folder=source.path.parent, folder_shown=Path(source.shown).parent)
            found.said["regions"] = Said(placed, regions.mark)
    return found
