"""What happens to a run inside a worker.

The work function may call ``check_deadline()`` each week. A worker notes on its board (a file of sixteen bytes) which
run it has in hand, so that the coordinator knows whom to stop, and whom to blame when a worker has ended.
"""

from __future__ import annotations

import math
import os
import shutil
import signal
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.runs.run import Found, Measure, Outcome, Run
from coworksim.runs.threads import in_batch

if TYPE_CHECKING:
    import pyarrow as pa


#: The number on the board of a worker that has no run in hand.
IDLE: Final = -1

#: Signals that a terminal sends to all processes at once, which the coordinator answers for its workers.
LEFT_ALONE: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name))

_RECORD: Final = struct.Struct("<qq")  # how many runs it began, the number of the run in hand
_CHUNK_SECONDS: Final = 0.5
_LONGEST: Final = 1000  # characters of a message that are kept

_until: ContextVar[tuple[float, float] | None] = ContextVar("_until", default=None)


class DeadlineError(Exception):
    """A run took longer than it may."""


def check_deadline() -> None:
    """Raise DeadlineError when the run in hand has had its time; do nothing outside a batch."""
    limit = _until.get()
    if limit is not None and time.monotonic() > limit[0]:
        raise DeadlineError(f"not finished after {limit[1]:g} s")


class _Board:
    """Where a worker notes the run it has in hand."""

    file: FileIO | None = None
    begun: int = 0

    @classmethod
    def note(cls, number: int) -> None:
        if cls.file is None:
            return
        cls.begun += number != IDLE
        cls.file.seek(0)
        cls.file.write(_RECORD.pack(cls.begun, number))


def board_of(folder: Path, pid: int) -> tuple[int, int]:
    """How many runs the worker ``pid`` began, and the number of the one in hand (IDLE: none)."""
    try:
        content = (folder / str(pid)).read_bytes()
    except OSError:
        return 0, IDLE
    begun, number = _RECORD.unpack(content) if len(content) == _RECORD.size else (0, IDLE)
    return int(begun), int(number)


def begin_worker(folder: str) -> None:
    """Make a fresh process a worker: it has a board, leaves Ctrl-C to the coordinator, and never outlives that."""
    for number in LEFT_ALONE:
        signal.signal(number, signal.SIG_IGN)
    _Board.file = FileIO(str(Path(folder, str(os.getpid()))), "w")
    _Board.note(IDLE)
    threading.Thread(target=_end_with_parent, args=(folder,), name="end-with-parent", daemon=True).start()


def _end_with_parent(folder: str) -> None:
    """End this process when its parent has ended, which the queue of tasks would never tell, and leave no boards."""
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def carry_out(measure: Measure, chunk: Sequence[Run], deadline_seconds: float | None) -> list[Outcome]:
    """Do runs one after the other; what a run raises is its outcome.

    When they take longer than short runs should, the rest of the chunk is left, so that no stop waits for it.
    """
    until = time.monotonic() + _CHUNK_SECONDS
    outcomes = []
    for run in chunk:
        outcomes.append(one_run(measure, run, deadline_seconds))
        if time.monotonic() > until:
            break
    return outcomes


def one_run(measure: Measure, run: Run, deadline_seconds: float | None) -> Outcome:
    """Do one run."""
    begun = time.monotonic()
    batch = in_batch.set(True)
    token = _until.set(None if deadline_seconds is None else (begun + deadline_seconds, deadline_seconds))
    _Board.note(run.number)
    try:
        values, series = _parted(measure(run.payload))
    except (Exception, SystemExit) as error:
        return Outcome(run.run_id, "failed", error=described(error), seconds=time.monotonic() - begun)
    finally:
        _Board.note(IDLE)
        _until.reset(token)
        in_batch.reset(batch)
    seconds = time.monotonic() - begun
    odd = [f"{name} is {value}" for name, value in values.items() if not math.isfinite(value)]
    if odd:
        return Outcome(run.run_id, "invalid", values, None, ", ".join(odd)[:_LONGEST], seconds)
    return Outcome(run.run_id, "done", values, series, "", seconds)


def described(error: BaseException) -> str:
    """The kind of an error and its message.

    >>> described(ValueError("no desks"))
    'ValueError: no desks'
    """
    return f"{type(error).__name__}: {error}".removesuffix(": ")[:_LONGEST]


def _parted(found: Found) -> tuple[dict[str, float], Any]:
    """Outcomes as plain numbers, and the series as an Arrow table, which is cheap to send."""
    values, series = found if isinstance(found, tuple) else (found, None)
    if not isinstance(values, Mapping):
        raise TypeError(f"a run gives outcomes by name, not {type(values).__name__}")
    return {str(name): float(value) for name, value in values.items()}, arrow(series)


def arrow(series: Any) -> pa.Table | None:
    """Return a table of series as Arrow keeps it, without what pandas notes about its index."""
    if series is None:
        return None
    import pyarrow as pa

    table = series if isinstance(series, pa.Table) else pa.Table.from_pandas(series, preserve_index=False)
    return table.replace_schema_metadata(None)
