"""Strict tables of comma-separated values: text to cells that know their line and column. Knows no regions.

The first line names the columns, in any order. Cells may stand in quotation marks, those inside doubled; a cell does
not go on in the next line. Empty lines are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from coworksim.files.errors import Mark, Problems, echo, nearest
from coworksim.files.yaml_reader import Scalar, decode

MOST_BYTES: Final = 5_000_000
_CELL: Final = re.compile(r'[ \t]*"(?P<quoted>(?:[^"]|"")*)"[ \t]*(?P<a>,|$)|(?P<bare>[^,"]*)(?P<b>,|$)')


class _Line(NamedTuple):
    """The cells of one line, and the place behind the last."""

    cells: tuple[Scalar, ...]
    end: Mark


def read_cells(
    data: bytes, file: str, needed: Sequence[str], optional: Sequence[str], problems: Problems
) -> list[Mapping[str, Scalar]]:
    r"""Read the rows of a table: column -> cell, without the optional columns that the table leaves out.

    A row that was refused is missing; the problems say why.

    >>> (row,) = read_cells(b'b,a\n"x, y",2\n', "f.csv", ("a", "b"), ("c",), Problems())
    >>> row["b"].text, row["a"].mark.column
    ('x, y', 8)
    """
    text = decode(data, file, problems, MOST_BYTES)
    lines = _lines(text, file, problems) if text is not None else iter(())
    header = next(lines, None)
    if header is None:
        if text is not None and not text.strip():
            problems.add(Mark(file, 1, 1), "the file is empty", f"write in its first line {', '.join(needed)}")
        return []
    before = len(problems)
    _check_header(header, needed, optional, problems)
    if len(problems) > before:
        return []
    names = [cell.text for cell in header.cells]
    return [dict(zip(names, line.cells, strict=True)) for line in lines if _complete(line, len(names), problems)]


def _lines(text: str, file: str, problems: Problems) -> Iterator[_Line]:
    for number, line in enumerate(text.split("\n"), 1):
        content = line.removesuffix("\r")
        if content.strip() and not problems.full:
            cells = _cells(content, file, number, problems)
            if cells:
                yield _Line(cells, Mark(file, number, len(content) + 1))
            elif number == 1:
                return  # without the names of the columns nothing can be said of the rows


def _cells(line: str, file: str, number: int, problems: Problems) -> tuple[Scalar, ...]:
    """Take a line apart; empty when it cannot be read."""
    found: list[Scalar] = []
    at = 0
    while match := _CELL.match(line, at):
        quoted, bare = match["quoted"], match["bare"]
        text = bare.strip() if quoted is None else quoted.replace('""', '"')
        blanks = len(match[0]) - len(match[0].lstrip()) if text else 0
        found.append(Scalar(Mark(file, number, at + blanks + 1), text))
        at = match.end()
        if not (match["a"] or match["b"]):
            return tuple(found)
    write = "put the whole cell between quotation marks in one line, and double those inside it"
    problems.add(Mark(file, number, at + 1), "a quotation mark opens or ends inside a cell", write)
    return ()


def _check_header(header: _Line, needed: Sequence[str], optional: Sequence[str], problems: Problems) -> None:
    """Refuse columns that are unknown, missing, or there twice; a misspelt one is not told as missing, too."""
    known = (*needed, *optional)
    seen: set[str] = set()
    if len(header.cells) == 1 and ";" in header.cells[0].text:
        problems.add(header.cells[0].mark, "cells are separated by semicolons", "separate them by commas")
        return
    for cell in header.cells:
        if cell.text in seen and cell.text in known:
            problems.add(cell.mark, f"a second column {cell.text}", "keep one")
        elif cell.text in known:
            seen.add(cell.text)
        else:
            seen |= _refuse_column(cell, known, problems)
    if missing := [name for name in needed if name not in seen]:
        problems.add(header.end, f"the table lacks {', '.join(missing)}", f"write the columns {', '.join(needed)}")


def _refuse_column(cell: Scalar, known: Collection[str], problems: Problems) -> set[str]:
    """Refuse an unknown column, and return the one that was probably meant."""
    close = nearest(cell.text, known)
    write = f"write {close}" if close else f"write any of {', '.join(known)}"
    problems.add(cell.mark, f"unknown column {echo(cell.text)}", write)
    return {close} if close else set()


def _complete(line: _Line, wanted: int, problems: Problems) -> bool:
    """Refuse a line with more or fewer cells than there are columns."""
    count = len(line.cells)
    if count != wanted:
        mark = line.cells[wanted].mark if count > wanted else line.end
        write = f"write {wanted}, those with a comma inside between quotation marks"
        problems.add(mark, f"{count} cell{'s' if count > 1 else ''} for {wanted} columns", write)
    return count == wanted
