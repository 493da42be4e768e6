"""What commands show on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

__all__ = ["columns", "progress", "say", "say_json"]


def say(text: str = "") -> None:
    """Print lines on standard output, each made printable."""
    from colearn.scenario.problems import printable

    click.echo("\n".join(printable(line) for line in text.split("\n")))


def say_json(content: object) -> None:
    """Print JSON on standard output; control characters leave it escaped."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=True, allow_nan=False))


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function of (weeks done, weeks in all) that draws a bar with the time left on standard error.

    None when nobody would see it: ``quiet``, or standard error is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from colearn.scenario.problems import printable

    with click.progressbar(length=1, label=printable(label), file=sys.stderr, show_eta=True) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def columns(rows: Sequence[Sequence[Any]], gap: str = "  ") -> str:
    """Rows of cells as text in columns, the last of which is not padded.

    >>> print(columns([("a", 1, "x"), ("bbb", 22, "yy")]))
    a    1   x
    bbb  22  yy
    """
    if not rows:
        return ""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]) - 1)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=False)] + [row[-1]] for row in texts)
    return "\n".join(gap.join(row).rstrip() for row in padded)
