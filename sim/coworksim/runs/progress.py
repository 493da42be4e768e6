"""Where a batch stands, in a line that a terminal writes over; and how long it will take, told from its first runs."""

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Final, TextIO

from coworksim.runs.parts import Row, parquet, row_of, tables_of
from coworksim.runs.run import Outcome, Progress, Run

#: Runs of one worker that are timed; the first one of each also loads compiled code, and a median passes that over.
EACH: Final = 6
#: Missing runs above which a forecast is worth a line.
LONG: Final = 100
_PART: Final = 200
_OVERHEAD: Final = 0.005  # seconds of a run that are not its own


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a study has before it: ``runs`` of ``seconds_each`` by ``workers``, and ``bytes_each`` on the disk."""

    runs: int
    workers: int
    timed: int
    seconds_each: float
    bytes_each: float

    @property
    def seconds(self) -> float:
        """Seconds to the end.

        >>> Forecast(runs=2000, workers=2, timed=12, seconds_each=0.195, bytes_each=400.0).seconds
        200.0
        """
        return self.runs * (self.seconds_each + _OVERHEAD) / self.workers

    def __str__(self) -> str:
        """Say it in a sentence.

        >>> print(Forecast(runs=2000, workers=2, timed=12, seconds_each=0.195, bytes_each=400.0))
        2,000 runs of about 0.2 s by 2 workers: about 3 min 20 s and 0.8 MB on the disk (from 12 timed runs).
        """
        return (
            f"{self.runs:,} runs of about {self.seconds_each:.2g} s by {_workers(self.workers)}: about "
            f"{duration(self.seconds)} and {self.runs * self.bytes_each / 1e6:.1f} MB on the disk "
            f"(from {self.timed} timed runs)."
        )


def forecaster(
    missing: int, workers: int, tell: Callable[[Forecast], None] | None
) -> Callable[[Run, Outcome], None] | None:
    """Return what is shown the first runs of a long batch, and tells a forecast; None where nobody asks for one."""
    if tell is None or missing <= LONG:
        return None
    seen: list[Row] = []

    def look(run: Run, outcome: Outcome) -> None:
        if len(seen) < EACH * workers:
            seen.append(row_of(run, outcome))
            if len(seen) == EACH * workers:
                tell(_forecast(seen, missing, workers))

    return look


def _forecast(seen: list[Row], missing: int, workers: int) -> Forecast:
    one, all_of = (sum(len(parquet(table)) for table in tables_of(rows).values()) for rows in (seen[:1], seen))
    each = max(all_of - one, 0) / (len(seen) - 1) if len(seen) > 1 else float(one)
    parts = math.ceil(missing / _PART) * one / missing
    seconds = median(outcome.seconds for _, outcome, *_ in seen)
    return Forecast(missing, workers, len(seen), seconds, each + parts)


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


def _workers(number: int) -> str:
    return f"{number} worker{'' if number == 1 else 's'}"


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
    parts.append(_workers(at.workers))
    counts = {"failed": at.failed, "invalid": at.invalid, "restarts of the workers": at.restarts}
    parts += [f"{count:,} {what}" for what, count in counts.items() if count]
    return ", ".join(parts) + (", stopping" if at.stopping else "")


def reporter(stream: TextIO | None = None, every: float = 15.0) -> Callable[[Progress], None]:
    """Give a function that tells where a batch stands, on standard error if nothing else is given.

    Elsewhere than on a terminal it writes a line each ``every`` seconds.
    """
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
