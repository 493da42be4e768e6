"""What can be wrong with an input file (where, what was found, what to write instead), a folder, or a batch of runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

#: Problems reported of one reading; a file with more is of another kind, and the first hundred say so.
MOST = 100


def printable(text: str) -> str:
    r"""Escape what a terminal would obey or not show.

    >>> printable("tiny\x1b[2J\n")
    'tiny\\x1b[2J\\n'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def echo(text: str, longest: int = 60) -> str:
    """Quote a value from a file, cut to ``longest``, so that it can stand in a message."""
    shown = printable(text[:longest])
    return f"'{shown}...'" if len(text) > longest else f"'{shown}'"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Name the known word that looks most like ``word``, if any comes close."""
    close = difflib.get_close_matches(word[:80], list(known), n=1, cutoff=0.6)
    return close[0] if close else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, counted from 1; at line 0 a value came from no file, and ``file`` says whence."""

    file: str
    line: int = 0
    column: int = 0

    @property
    def origin(self) -> str:
        """Where a value comes from, without the column."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One refusal: ``message`` says what was found and, after a semicolon, what to write."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class Problems:
    """Collects the problems of a reading, so that all are told in one go."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._count = 0

    def add(self, mark: Mark, found: str, write: str) -> None:
        """Note that at ``mark`` there is ``found`` (a clause); ``write`` says what to write instead."""
        self._count += 1
        if not self.full:
            self._found[Problem(mark.file, mark.line, mark.column, f"{found}; {write}")] = None

    @property
    def full(self) -> bool:
        """Whether further problems would no longer be told."""
        return len(self._found) >= MOST

    def __len__(self) -> int:
        """Count all that were noted, also those that are no longer told: more than before means a new one."""
        return self._count

    def listed(self) -> list[Problem]:
        """All problems in the order of file, line and column."""
        return sorted(self._found)


class InputError(ValueError):
    """An input was refused; ``problems`` holds every reason, the text of the error one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        return type(self), (self.problems,)


class FolderError(Exception):
    """A folder cannot take results; the text says why, and what to do."""


class RunnerError(Exception):
    """A batch cannot go on; the text says why, and what to do."""


class RefusedError(RunnerError):
    """What was asked for cannot be done; the text says what can."""


class StoreError(FolderError):
    """A folder cannot hold the runs of a study, or what it holds cannot be read; the text says why, and what to do."""
