"""One run of a batch, what came of it, and where a batch stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from coworksim.files.provenance import model_version

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "STATUSES",
    "Found",
    "Outcome",
    "Progress",
    "Run",
    "Series",
    "Sink",
    "Status",
    "Summary",
    "Work",
    "version_of",
]

type Series = pa.Table | pd.DataFrame
type Status = Literal["done", "failed", "invalid", "infeasible"]

#: What a work function gives back: outcomes by name, with or without a table of series.
type Found = Mapping[str, float] | tuple[Mapping[str, float], Series | None]

#: A function of a module, so that a worker finds it by its name. It gets the payload of the run.
type Work = Callable[[Mapping[str, object]], Found]


def version_of(work: Work) -> str:
    """Return the version of all that decides what a run by ``work`` gives: of the model, and of the measure."""
    return model_version(getattr(work, "__module__", type(work).__module__))


STATUSES: Final[tuple[Status, ...]] = ("done", "failed", "invalid", "infeasible")


@dataclass(frozen=True, slots=True)
class Run:
    """One run to do.

    ``run_id`` says what is computed: two runs with equal ids are one run. ``number`` is its place in the design, from
    0, and gives the order of rows. ``payload`` holds plain values (numbers, text, lists, mappings).
    """

    run_id: str
    number: int
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run.

    ``done``: all values are finite. ``invalid``: some are not, and ``error`` names them; nobody should average these.
    ``failed``: it raised, overran its deadline, took too much memory or ended its process, each time it was tried;
    ``error`` is the kind and the message of the last. ``infeasible``: its values exclude each other; it was never run.
    """

    run_id: str
    status: Status
    values: Mapping[str, float] = field(default_factory=dict)
    series: Any = None  # pa.Table | pd.DataFrame | None: neither is imported for a batch without series
    error: str = ""
    seconds: float = 0.0


class Sink(Protocol):
    """Where outcomes go. A Store is one."""

    def holds(self, run_id: str) -> bool:
        """Whether there is an outcome of this run already."""
        ...

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome; it may still wait to be saved."""
        ...

    def tick(self) -> None:
        """Save what waits when it is time to."""
        ...

    def flush(self) -> None:
        """Save what waits."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a batch stands. ``total`` and ``left`` (seconds) are None where nobody knows how many runs there are.

    ``rate`` is in runs a second since the first run ended: the start of the workers does not count.
    """

    done: int = 0
    failed: int = 0
    invalid: int = 0
    skipped: int = 0  # held by the store, or the same as another run
    total: int | None = None
    seconds: float = 0.0
    rate: float = 0.0
    workers: int = 0
    restarts: int = 0  # times that the pool of workers was made anew
    stopping: bool = False

    @property
    def finished(self) -> int:
        """Runs of this batch that came to an end, whatever the end.

        >>> Progress(done=7, failed=1, invalid=2, skipped=5).finished
        10
        """
        return self.done + self.failed + self.invalid

    @property
    def left(self) -> float | None:
        """Seconds to the end at this rate.

        >>> Progress(done=10, skipped=5, total=35, rate=2.0).left
        10.0
        """
        if self.total is None or not self.rate:
            return None
        return max(self.total - self.skipped - self.finished, 0) / self.rate


@dataclass(frozen=True, slots=True)
class Summary:
    """How a batch ended; ``stopped``: by a stop or Ctrl-C, with what was in flight finished and saved."""

    done: int
    failed: int
    invalid: int
    skipped: int
    total: int | None
    seconds: float
    restarts: int
    stopped: bool
