"""Where a batch stands, told on a terminal in one line that is written over, and elsewhere in plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

from colearn.experiments.runs import Progress

__all__ = ["duration", "line", "reporter"]

#: Seconds between plain lines.
_EVERY: Final = 15.0


def duration(seconds: float) -> str:
    """A time span in the two units that matter.

    >>> duration(4.2), duration(75), duration(7_260), duration(180_000)
    ('4 s', '1 min 15 s', '2 h 1 min', '2 d 2 h')
    """
    whole = round(seconds)
    for large, small, unit, next_unit in ((86_400, 3_600, "d", "h"), (3_600, 60, "h", "min"), (60, 1, "min", "s")):
        if whole >= large:
            return f"{whole // large} {unit} {whole % large // small} {next_unit}"
    return f"{whole} s"


def line(at: Progress) -> str:
    """One line about a batch.

    >>> line(Progress(done=40, failed=1, skipped=10, total=100, rate=2.0, workers=2))
    '51 of 100 runs, 2.0 a second, 24 s left, 2 workers, 1 failed'
    >>> line(Progress(done=3, rate=0.05, workers=1, stopping=True))
    '3 runs, 3.0 a minute, 1 worker, stopping'
    """
    ended = at.finished + at.skipped
    parts = [f"{ended:,} of {at.total:,} runs" if at.total is not None else f"{ended:,} runs"]
    if at.rate:
        parts.append(f"{at.rate:.1f} a second" if at.rate >= 1 else f"{60 * at.rate:.1f} a minute")
    if at.left is not None and not at.stopping:
        parts.append(f"{duration(at.left)} left")
    parts.append(f"{at.workers} worker{'' if at.workers == 1 else 's'}")
    counts = {"failed": at.failed, "invalid": at.invalid, "restarts of the workers": at.restarts}
    parts += [f"{count:,} {what}" for what, count in counts.items() if count]
    return ", ".join(parts) + (", stopping" if at.stopping else "")


def reporter(stream: TextIO | None = None, every: float = _EVERY) -> Callable[[Progress], None]:
    """Give a function that tells where a batch stands, on standard error if nothing else is given."""
    out = stream if stream is not None else sys.stderr
    terminal = out.isatty()
    last: list[float] = []

    def show(at: Progress) -> None:
        ended = at.total is not None and at.finished + at.skipped >= at.total
        if terminal:
            out.write(f"\r\x1b[K{line(at)}" + ("\n" if ended else ""))
        elif ended or not last or time.monotonic() - last[0] >= every:
            last[:] = [time.monotonic()]
            out.write(line(at) + "\n")
        out.flush()

    return show
