"""Work for the runner that does what its payload says, and leaves traces by which a test knows that it did."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from coworksim.runs import runner
from coworksim.runs.run import Found, Limits, Measure, Progress, Run, Sink
from coworksim.runs.worker import check_deadline


def run_all(
    batch: Iterable[Run], measure: Measure, *, store: Sink | None = None, total: int | None = None, **limits: Any
) -> Progress:
    """Do runs under these limits."""
    return runner.run_all(batch, measure, Limits(**limits), store=store, total=total)


def runs(count: int, **payload: object) -> list[Run]:
    return [Run(f"run-{number:06}", number, {"x": number, **payload}) for number in range(count)]


def having(batch: list[Run], number: int, **payload: object) -> list[Run]:
    """The batch in which one run is told something more."""
    return [Run(r.run_id, r.number, {**r.payload, **payload}) if r.number == number else r for r in batch]


def task(payload: Mapping[str, object]) -> Found:
    """Do what the payload says; the outcome depends on ``x`` alone."""
    told: Mapping[str, Any] = payload
    if "trace" in told:
        with Path(told["trace"]).open("a", encoding="utf-8") as file:
            file.write(f"{told['x']} {os.getpid()} {told.get('do', '')}\n")
    time.sleep(told.get("sleep", 0.0))
    if "place" in told:
        _wait_for_a_file(Path(told["place"]))
    _misbehave(told)
    values = {"square": float(told["x"]) ** 2, "half": told["x"] / 2}
    if told.get("do") == "nan":
        values["half"] = float(told["value"])
    if "weeks" not in told:
        return values
    weeks = range(told["weeks"])
    return values, pa.table({"week": list(weeks), "skill": [told["x"] + week / 7 for week in weeks]})


def _wait_for_a_file(place: Path) -> None:
    for _ in range(1200):
        if any(place.iterdir()):
            return
        time.sleep(0.05)
    raise TimeoutError(f"a minute has gone, and {place} is empty")


def _misbehave(told: Mapping[str, Any]) -> None:
    match told.get("do"):
        case "raise":
            raise ValueError("no desks left")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die once" if not Path(told["mark"]).exists():
            Path(told["mark"]).write_text("died", encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(3)
        case "hang":
            time.sleep(600)
        case "overrun":
            while True:
                time.sleep(0.01)
                check_deadline()
        case "eat":
            held = []
            for _ in range(100):  # two gigabytes, if nobody stops it
                held.append(bytearray(b"x") * 20_000_000)
                time.sleep(0.02)


def traces(file: Path) -> list[list[str]]:
    """The lines that runs left: number, process, what it was told to do."""
    return [line.split(" ", 2) for line in file.read_text(encoding="utf-8").splitlines()]


def loaded(names: Sequence[str]) -> list[str]:
    """Tell which of some modules this process has loaded."""
    return [name for name in names if name in sys.modules]
