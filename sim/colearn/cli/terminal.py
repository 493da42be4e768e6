"""What commands show on the terminal."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

__all__ = ["columns", "interruptible", "progress", "say", "say_json"]


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


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt when there has been an interruption (Ctrl-C) since.

    Compiled code must not be interrupted just anywhere: within a callback of the compiler the interruption would be
    lost, or end the process. So the first one waits until it is asked for; a second one comes at once.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if came:
            signal.default_int_handler(number, frame)
        came.append(number)

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield check
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
