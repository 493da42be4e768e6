"""One run of a batch: what is computed, under which id, what came of it, how runs are done, where a batch stands."""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypedDict

from coworksim.files.provenance import model_version
from coworksim.model.parameters import Kind

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


type Series = pa.Table | pd.DataFrame
type Status = Literal["done", "failed", "invalid", "infeasible"]

#: What a measure gives back: outcomes by name, with or without a table of series.
type Found = Mapping[str, float] | tuple[Mapping[str, float], Series | None]

#: What does a run: a function of a module, so that a worker finds it by its name, from plain data to plain data.
type Measure = Callable[[Mapping[str, object]], Found]

STATUSES: Final[tuple[Status, ...]] = ("done", "failed", "invalid", "infeasible")
#: Counts up when rows of the same run come to mean something else.
_SCHEMA: Final = 2


def sha(content: object) -> str:
    """Return the SHA-256 of plain data.

    >>> sha([1, {"b": 2.0, "a": 1}]) == sha([1, {"a": 1, "b": 2.0}])
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False, default=dict)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def version_of(measure: Measure) -> str:
    """Return the version of all that decides what a run gives: of the model, and of the measure."""
    return model_version(getattr(measure, "__module__", type(measure).__module__))


def name_of(measure: Measure) -> str:
    """Return where a measure is found."""
    kind = type(measure)
    return f"{getattr(measure, '__module__', kind.__module__)}.{getattr(measure, '__qualname__', kind.__qualname__)}"


def run_id(payload: Mapping[str, object], measure: str, version: str) -> str:
    """Return the id of a run: a hash of all that decides its numbers, in every command that keeps runs.

    ``measure`` is where the measure is found, ``version`` that of model and measure. With the ``digest`` of a scenario
    in the payload, the ``scenario`` itself (a name, a path, or all of it) does not count.

    >>> one = {"scenario": "tiny", "digest": "d", "seed": 1}
    >>> run_id(one, "m", "v") == run_id({**one, "scenario": "copy of tiny"}, "m", "v") != run_id(one, "m", "w")
    True
    """
    decides = {name: value for name, value in payload.items() if name != "scenario" or "digest" not in payload}
    return sha([_SCHEMA, measure, version, decides])


@dataclass(frozen=True, slots=True)
class Run:
    """One run to do.

    ``run_id`` says what is computed: two runs with equal ids are one run. ``number`` is its place in the design, from
    0, and gives the order of rows. ``payload`` holds plain values (numbers, text, lists, mappings).
    """

    run_id: str
    number: int
    payload: Mapping[str, object]


class Input(NamedTuple):
    """What varies over the runs of a study, and its value where a run leaves it alone."""

    kind: Kind
    base: float | int | str | None

    def of(self, name: str, payload: Mapping[str, Any]) -> float | int | str | None:
        """Return the value of a run."""
        value: float | int | str | None = payload.get("overrides", {}).get(name, self.base)
        return value


def run_of(measure: Measure, number: int, payload: Mapping[str, object], version: str | None = None) -> Run:
    """Return a run by a version of a measure, the present one unless another is given."""
    return Run(run_id(payload, name_of(measure), version or version_of(measure)), number, payload)


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
    """Where outcomes go. ``RunStore`` and ``RunCache`` are such."""

    def holds(self, run_id: str) -> bool:
        """Whether there is an outcome of this run already."""

    def add(self, run: Run, outcome: Outcome) -> None:
        """Take an outcome; it may still wait to be saved."""

    def tick(self) -> None:
        """Save what waits when it is time to."""

    def flush(self) -> None:
        """Save what waits."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a batch stands. ``total`` and ``left`` (seconds) are None where nobody knows how many runs there are.

    ``rate`` is in runs per second since the first run ended: the start of the workers does not count.
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


type Show = Callable[[Progress], None] | None


class Options(TypedDict, total=False):
    """The fields of :class:`Limits`, as keywords of the functions that do runs."""

    workers: int
    executor: Callable[[], Executor] | None
    in_flight: int | None
    deadline_seconds: float | None
    memory_limit_mb: float | None
    progress: Show
    forecast: Callable[[Any], None] | None
    announce: Callable[[str], None] | None
    stop: threading.Event | None
    force: bool
    retry: bool
    command: Sequence[str]


@dataclass(frozen=True)
class Limits:
    """How runs are done, whatever they are.

    workers: runs at a time; one of them without deadline and limit of memory is this process, unless there is an
        executor.
    executor: makes the engine, again each time that it broke; by default a pool of ``workers`` spawned processes. It
        must do a task each time that it is given: of Dask that is ``client.get_executor(pure=False)``.
    in_flight: chunks of runs in flight, by default twice ``workers``.
    deadline_seconds: time of one run; ``check_deadline`` ends it in good order, and a second and a tenth later its
        worker is ended.
    memory_limit_mb: memory of a worker with a run in hand; above it the worker is ended.
    progress: called about four times a second with where the batch stands.
    announce: called before the first run with a sentence on what will be run.
    forecast: called once, after a few runs of a long batch.
    stop: when it is set (Ctrl-C and other signals do so too), what is in flight is finished and saved.
    force: add to a folder of another study or other code all the same; its manifest then says so.
    retry: do failed and invalid runs again; what comes of them now counts.
    command: what the user typed, for the manifest.
    """

    workers: int = 2
    executor: Callable[[], Executor] | None = None
    in_flight: int | None = None
    deadline_seconds: float | None = None
    memory_limit_mb: float | None = None
    progress: Show = None
    forecast: Callable[[Any], None] | None = None
    announce: Callable[[str], None] | None = None
    stop: threading.Event | None = None
    force: bool = False
    retry: bool = False
    command: Sequence[str] = ()
