"""What can be wrong with an input file (where, what was found, what to write instead), a folder, or a batch of runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Problems reported of one reading; a file with more is of another kind, and the first hundred say so.
MOST = 100
#: So many warnings are told of one reading.
_TOLD = 20


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
    """Name the one known word that ``word`` surely is: a slip or two away, with every other known word further off.

    Hyphens, blanks and capitals do not count; the last part of a dotted name, or its beginning up to the end of a word,
    will do where no other has the same (nor, of beginnings, is a slip away).

    >>> names = ["membership.taste_sd", "space.price", "space.desks"]
    >>> nearest("membership.taste_ds", names), nearest("desks", names), nearest("space.prices.", names)
    ('membership.taste_sd', 'space.desks', 'space.price')
    >>> nearest("TLC14", ["TLC12", "TLC13"]) is nearest("prize", ["price", "prime"]) is None
    True
    """
    said = _folded(word[:80])
    names = {name: _folded(name) for name in known}
    parts = [name for name, folded in names.items() if folded.rpartition(".")[2] == said]
    if said and len(parts) == 1:
        return parts[0]
    begun = [name for name, folded in names.items() if said and folded.startswith((said + "_", said + "."))]
    allowed = min(2, len(said) // 3)
    slips = {name: _slips(said, folded) for name, folded in names.items() if abs(len(folded) - len(said)) <= allowed}
    best = min(slips.values(), default=allowed + 1)
    found = {name for name, count in slips.items() if count == best <= allowed}
    if len(begun) == 1:
        found.update(begun)
    return found.pop() if len(found) == 1 else None


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _slips(one: str, other: str) -> int:
    """Count the letters to put in, leave out, change, or swap with their neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            count = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                count = min(count, rows[-2][j - 2] + 1)
            row.append(count)
        rows.append(row)
    return rows[-1][-1]


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
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return f"{place}: {self.message}"


class Problems:
    """Collects the problems of a reading, so that all are told in one go."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._count = 0
        #: What is allowed and hardly meant, and what is done without asking: sentences with their place.
        self.warnings: list[str] = []
        self.notes: list[str] = []

    def add(self, mark: Mark, found: str, write: str) -> None:
        """Note that at ``mark`` there is ``found`` (a clause); ``write`` says what to write instead."""
        self._count += 1
        if not self.full:
            self._found[Problem(mark.file, mark.line, mark.column, f"{found}; {write}")] = None

    def warn(self, mark: Mark, found: str) -> None:
        """Note that at ``mark`` something is allowed and hardly meant."""
        self.warnings.append(str(Problem(mark.file, mark.line, mark.column, found)))

    def note(self, mark: Mark, done: str) -> None:
        """Note what is done with what stands at ``mark``."""
        self.notes.append(str(Problem(mark.file, mark.line, mark.column, done)))

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


class InputWarning(UserWarning):
    """What is allowed in an input and hardly meant, a sentence a line; ``--strict`` makes it an error."""


class InputNote(UserWarning):
    """What is done with an input that does not say it, a sentence a line."""


def first_of(sentences: Sequence[str]) -> list[str]:
    """Return as many sentences as anybody reads, and how many more there are."""
    more = len(sentences) - _TOLD
    return [*sentences[:_TOLD], *([f"and {more} more"] if more > 0 else [])]


def tell(found: Sequence[str], notes: Sequence[str] = ()) -> None:
    """Warn of what is hardly meant, and say what is done without asking."""
    for sentences, kind in ((notes, InputNote), (found, InputWarning)):
        if sentences:
            warnings.warn("\n".join(first_of(sentences)), kind, stacklevel=3)


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


class BusyError(StoreError):
    """Another process holds the folder; the text says which, and what to do."""
