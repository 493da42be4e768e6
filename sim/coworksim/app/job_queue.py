"""Comparisons that were asked for: one runs, the last few are kept; and the process that does the work."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coworksim.app.question import FormError, Question, Trouble
from coworksim.runs.progress import duration

#: Comparisons that are kept with their files.
KEPT: Final = 8
#: The process that simulates.
PROGRAM: Final = (sys.executable, "-m", "coworksim.app.page_worker")
_WATCH: Final = 120.0  # seconds that a single run may take
_BARREN: Final = 3  # processes that may end one after the other before they are ready


class WatchError(Exception):
    """A single run could not be shown; the text says why."""


@dataclass
class Job:
    """One comparison and where it stands: waiting, running, stopping, done, cancelled or failed."""

    name: str
    key: str
    question: Question
    folder: Path
    address: str
    state: str = "waiting"
    done: int = 0
    left: float | None = None
    answer: Mapping[str, Any] | None = None
    charts: str = ""
    error: str = ""
    version: int = 0
    behind: Job | None = None  # the comparison that comes before it
    waiting: set[asyncio.Event] = field(default_factory=set)

    @property
    def total(self) -> int:
        """Replicates that were asked for."""
        return self.question.replicates

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "cancelled", "failed")

    @property
    def waits(self) -> bool:
        """Whether another comparison comes before it."""
        return self.state == "waiting" and self.behind is not None and not self.behind.ended

    def changed(self) -> None:
        """Tell everybody who waits."""
        self.version += 1
        for event in self.waiting:
            event.set()

    def note(self, message: Mapping[str, Any]) -> None:
        """Take what a message of the process says."""
        if "done" in message:
            self.done, self.left = int(message["done"]), message["left"]
            if self.state == "waiting":
                self.state = "running"
        if "answer" in message:
            self.answer = message["answer"]
            self.charts = message["charts"] or self.charts
        if "end" in message:
            self.state, self.error = message["end"], message["error"]
            if self.answer is not None:
                self.done = int(self.answer["replicates"])
        self.changed()

    def sentence(self, ready: bool) -> str:
        """Say where it stands."""
        if self.state == "failed":
            return f"The comparison ended with a fault in coworksim: {self.error}"
        if self.state == "done":
            return f"Done: {self.done} replicates."
        if self.state == "cancelled":
            kept = f"; the answer below is that of the {self.done} that were finished" if self.answer else ""
            return f"Cancelled after {self.done} of {self.total} replicates{kept}."
        if self.state == "stopping":
            return "Cancelling: what is not done in a second is given up."
        if not ready:
            return "The model is being loaded: a few seconds after a start, up to a minute after a change of version."
        if self.waits:
            return "A comparison of another tab is under way; this one begins when that has ended."
        if not self.done:
            return f"Replicate 1 of {self.total}."
        if self.done >= self.total:
            return f"All {self.total} replicates are done; tables and charts are being written."
        left = f", about {duration(max(1.0, self.left))} left" if self.left is not None else ""
        return f"Replicate {self.done + 1} of {self.total}{left}."


class Desk:
    """Takes questions to the process that simulates, and keeps what comes back."""

    def __init__(self, folder: Path, program: Sequence[str] = PROGRAM) -> None:
        self._folder, self._program = folder, program
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._jobs: dict[str, Job] = {}
        self._watching: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._starting = asyncio.Lock()
        self._closing = False
        self._barren = 0
        self.ready = False

    async def start(self) -> None:
        """Start the process that simulates, unless it is there; it loads the model while the page already answers."""
        async with self._starting:
            if self._closing or (self._process is not None and self._process.returncode is None):
                return
            self.ready = False
            self._process = await asyncio.create_subprocess_exec(
                *self._program,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=64 * 2**20,  # bytes of a line
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,  # Ctrl-C is for the page, which then ends the worker
            )
            self._reading = asyncio.create_task(self._read(self._process))

    async def close(self) -> None:
        """End the process that simulates."""
        async with self._starting:
            self._closing = True
            process = self._process
        if process is None or self._reading is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 3.0)
        except TimeoutError:
            process.kill()
        await self._reading

    def of(self, key: str) -> Job | None:
        """Return the newest comparison of a question."""
        return next((job for job in reversed(self._jobs.values()) if job.key == key), None)

    def job(self, name: str) -> Job | None:
        """Return a comparison by its name."""
        return self._jobs.get(name)

    async def ask(self, question: Question, address: str, instead: str = "") -> Job:
        """Begin a comparison, behind those of other tabs; one that runs or is done is not begun again.

        ``address`` is the question as the address of the page has it. ``instead`` names the comparison that stood on
        the page that asks: it is stopped, unless another tab watches it too. Raises FormError where too many wait.
        """
        known = self.of(question.key)
        if known is not None and known.state in ("waiting", "running", "done"):
            return known
        if (other := self._jobs.get(instead)) is not None and len(other.waiting) <= 1:
            await self.stop(other)
        before = [job for job in self._jobs.values() if not job.ended]
        if len(before) >= KEPT:
            text = f"{len(before)} comparisons of other tabs are under way; wait for one to end, or cancel it there"
            raise FormError([Trouble("replicates", text)])
        name = f"{next(self._numbers)}"
        self._jobs[name] = job = Job(name, question.key, question, self._folder / f"job-{name}", address)
        job.behind = before[-1] if before else None
        job.folder.mkdir()
        ended = [old for old in self._jobs.values() if old.ended]
        for old in ended[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[old.name]
            shutil.rmtree(old.folder, ignore_errors=True)
        await self._send(job=job.name, folder=str(job.folder), question=question.plain)
        return job

    async def stop(self, job: Job) -> None:
        """Cancel a comparison; what has been found is kept."""
        if not job.ended and job.state != "stopping":
            job.state = "cancelled" if job.waits else "stopping"
            job.changed()
            await self._send(stop=job.name)

    async def watch(self, question: Question, arm: str) -> Mapping[str, Any]:
        """Return a single run, week by week. Raises WatchError."""
        if self._watching:
            raise WatchError("Another single run is being made; try again in a few seconds.")
        name, plain = f"watch-{next(self._numbers)}", question.plain
        given = {"scenario": plain["scenario"], "policies": plain["arms"][arm], "seed": plain["seed"]}
        future: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._watching[name] = future
        try:
            await self._send(watch=name, given=given)
            return await asyncio.wait_for(future, _WATCH)
        except TimeoutError:
            raise WatchError("The single run took too long and was given up.") from None
        finally:
            self._watching.pop(name, None)

    async def _send(self, **message: Any) -> None:
        await self.start()
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(ConnectionError):  # it has ended meanwhile: whoever reads from it says so
                process.stdin.write(json.dumps(message).encode() + b"\n")
                await process.stdin.drain()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Take messages until the process ends; should it end by itself, start another."""
        while process.stdout is not None and (line := await process.stdout.readline()):
            self._take(json.loads(line))
        await process.wait()
        if self._closing:
            return
        self._barren = 0 if self.ready else self._barren + 1
        self.ready = False
        gone = "the process that simulates ended; another one has been started, so compare again"
        for job in (job for job in self._jobs.values() if not job.ended):
            job.state, job.error = "failed", gone
            job.changed()
        for future in self._watching.values():
            if not future.done():
                future.set_exception(WatchError(gone))
        if self._barren < _BARREN:
            await self.start()

    def _take(self, message: Mapping[str, Any]) -> None:
        if "ready" in message:
            self.ready = True
            for job in self._jobs.values():
                job.changed()
        elif "watch" in message:
            future = self._watching.get(str(message["watch"]))
            if future is None or future.done():
                return
            if "frames" in message:
                future.set_result(message["frames"])
            else:
                future.set_exception(WatchError(f"The single run failed: {message['error']}"))
        elif (known := self._jobs.get(str(message.get("job")))) is not None:
            known.note(message)
            for job in (job for job in self._jobs.values() if known.ended and job.behind is known):
                job.changed()
