"""Strict YAML 1.2: the bytes of a file to a tree that knows the place of every key and value.

What YAML allows and a data file does not need is refused: anchors, aliases, tags, directives, several documents, equal
keys, lists or mappings as keys, deep nesting, large files, and encodings other than UTF-8.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coworksim.files.errors import Mark, Problems, echo, printable


def inside(folder: Path, value: str) -> bool:
    """Say whether a path, as a scenario file writes it, stays in or below the folder of that file."""
    try:
        stays = (folder / value).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
    return stays and not Path(value).is_absolute() and "\\" not in value


def read_bytes(path: Path, shown: str, asked: Mark, most: int, problems: Problems) -> bytes | None:
    """Read a file, one byte more than ``most`` where it has them; else note at ``asked`` why it cannot be read."""
    found, write = f"there is no file {echo(shown, 200)}", "write the path of a file"
    try:
        if path.is_file():
            with path.open("rb") as stream:
                return stream.read(most + 1)
        if path.exists():
            found = f"{echo(shown, 200)} is not a file"
    except (OSError, ValueError) as error:
        reason = printable(getattr(error, "strerror", None) or "its name is not one a file can have")
        found, write = f"{echo(shown, 200)} cannot be read ({reason})", "check name and permissions"
    problems.add(asked, found, write)
    return None


MOST_BYTES: Final = 1_000_000
MOST_DEPTH: Final = 10
MOST_NODES: Final = 50_000
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; ``plain`` is False for quoted and block text."""

    mark: Mark
    text: str
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    mark: Mark
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: value`` of a mapping."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with distinct keys, in the order of the file."""

    mark: Mark
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands for a value that was refused already, so that it is told once."""

    mark: Mark


type Node = Scalar | Listing | Table | Broken


def decode(data: bytes, file: str, problems: Problems, most: int = MOST_BYTES) -> str | None:
    """Turn the bytes of a file into text, or note why not and return None."""
    if len(data) > most:
        problems.add(Mark(file, 1, 1), f"the file is larger than {most // 1_000_000} MB", "write a smaller file")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        found = f"byte 0x{error.object[error.start]:02x} is not UTF-8 text"
        problems.add(_mark(file, before), found, "save the file as UTF-8")
        return None
    refused = list(_UNSEEN.finditer(text))
    for match in refused:
        found = f"invisible character U+{ord(match.group()):04X}"
        problems.add(_mark(file, text[: match.start()]), found, "delete it")
        if problems.full:
            break
    return None if refused else text


def _mark(file: str, before: str) -> Mark:
    """Place of the character that follows ``before``, the text up to it."""
    return Mark(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def first_comment(text: str) -> str | None:
    """Return the comment in the first line, or None where there is none."""
    first = text.partition("\n")[0].strip()
    return (first.lstrip("#").strip() or None) if first.startswith("#") else None


def parse(text: str, file: str, problems: Problems) -> Node | None:
    """Turn text into a tree; None when it is empty or not YAML at all (which is then among the problems).

    >>> tree = parse("weeks: 26", "f.yaml", Problems())
    >>> tree.entries[0].value
    Scalar(mark=Mark(file='f.yaml', line=1, column=8), text='26', plain=True)
    """
    from ruamel.yaml import YAML

    builder = _Builder(YAML(typ="safe", pure=True).parse(io.StringIO(text)), file, problems)
    try:
        return builder.document()
    except _StopReadingError:
        return None
    except Exception as error:  # the parser is not ours, and fails on odd text in more than one way
        found, mark = builder.explain(error)
        problems.add(mark, found, "check indentation, quotes and brackets here and in the line before")
        return None


class _StopReadingError(Exception):
    """What follows cannot be read sensibly; the reason is among the problems."""


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, events: Iterator[Any], file: str, problems: Problems) -> None:
        self.events = events
        self.file = file
        self.problems = problems
        self.last = Mark(file, 1, 1)
        self.nodes = 0

    def place(self, mark: Any) -> Mark:
        return Mark(self.file, mark.line + 1, mark.column + 1)

    def next(self) -> tuple[Any, str]:
        """Return the next event and its kind."""
        event = next(self.events)
        self.last = self.place(event.start_mark)
        return event, type(event).__name__.removesuffix("Event")

    def explain(self, error: Exception) -> tuple[str, Mark]:
        """Say what the parser stumbled over, and where."""
        mark = getattr(error, "problem_mark", None)
        place = self.place(mark) if mark is not None else self.last
        parts = (getattr(error, "context", None), getattr(error, "problem", None))
        told = ", ".join(" ".join(str(part).split()) for part in parts if part)
        return (f"this is not YAML ({told})" if told.isprintable() and told else "this is not YAML"), place

    def document(self) -> Node | None:
        """Read the one document of the stream."""
        self.next()
        start, kind = self.next()
        if kind == "StreamEnd":
            return None
        if start.version or start.tags:
            self.problems.add(Mark(self.file, 1, 1), "a directive (a line that starts with %)", "delete it")
        root = self.node(*self.next(), 1)
        self.next()
        if self.next()[1] != "StreamEnd":
            self.problems.add(self.last, "a second document begins", "keep one document in a file")
        return root

    def node(self, event: Any, kind: str, depth: int) -> Node:
        """Read the value that begins with ``event``, at ``depth`` levels of nesting."""
        mark = self.place(event.start_mark)
        self.nodes += 1
        if depth > MOST_DEPTH or self.nodes > MOST_NODES:
            most = f"{MOST_DEPTH} levels of nesting" if depth > MOST_DEPTH else f"{MOST_NODES} keys and values"
            self.problems.add(mark, f"more than {most}", "write a simpler file")
            raise _StopReadingError
        if self.problems.full:
            raise _StopReadingError
        if kind == "Alias":
            self.problems.add(mark, f"alias *{_short(event.anchor)}", "write the value itself")
            return Broken(mark)
        if event.anchor:
            self.problems.add(mark, f"anchor &{_short(event.anchor)}", "write the value without it")
        if event.tag:
            self.problems.add(mark, f"tag {echo(str(event.tag))}", "write the value without it")
        if kind == "Scalar":
            return Broken(mark) if event.tag else Scalar(mark, event.value, not event.style)
        nodes = []
        while (inner := self.next())[1] not in ("SequenceEnd", "MappingEnd"):
            nodes.append(self.node(*inner, depth + 1))
        return Listing(mark, tuple(nodes)) if kind == "SequenceStart" else Table(mark, self.entries(nodes))

    def entries(self, nodes: list[Node]) -> tuple[Entry, ...]:
        """Pair the keys and values of a mapping, and refuse what cannot be a key."""
        first: dict[str, Entry] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                if not isinstance(key, Broken):
                    self.problems.add(key.mark, "a list or mapping as a key", "write a name as the key")
            elif key.text in first:
                line = first[key.text].key.mark.line
                found = f"key {echo(key.text)} a second time (first in line {line})"
                self.problems.add(key.mark, found, "keep one of the two")
            else:
                first[key.text] = Entry(key, value)
        return tuple(first.values())


def _short(name: object) -> str:
    return echo(str(name), 30).strip("'")
