"""Run a scenario and look at the result as tidy tables whose column names carry the unit; save it, and load it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from coworksim.files.checked_folder import ALTERED
from coworksim.files.result_folder import published
from coworksim.model.recorder import EventLog, Recorder
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import Population
from coworksim.model.weeks import Engine
from coworksim.runs.opening import burnt_in, forked
from coworksim.runs.run_folder import read_run, write_run
from coworksim.runs.run_tables import RunTables
from coworksim.runs.threads import threads_of_a_run

_COUNTERS: Final = (
    "earned",
    "days_total",
    "member_weeks",
    "training_hours_total",
    "outside_hours_total",
    "lessons_total",
)


@dataclass(frozen=True)
class Earlier:
    """How people stood some weeks before the end of a run, to tell what they have done since."""

    key: NDArray[np.uint32]
    status: NDArray[np.int8]
    counters: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, w: Population) -> Self:
        """Copy what is needed of a population."""
        return cls(w.key.copy(), w.status.copy(), {name: getattr(w, name).copy() for name in _COUNTERS})

    def there(self, w: Population) -> NDArray[np.bool_]:
        """Return whose place is still held by the same person."""
        return np.asarray(w.key == self.key, np.bool_)

    def since(self, w: Population, name: str) -> NDArray[Any]:
        """Return what a counter has grown by, from 0 for people who have come since."""
        now: NDArray[Any] = getattr(w, name)
        return now - np.where(self.there(w), self.counters[name], 0)


@dataclass(frozen=True, repr=False)
class Result(RunTables):
    """One finished run: its tables, and (of a run of this process) the model in its last week.

    A result that was loaded, or came from another process, has its tables, its digest and ``awarded``, and no model.
    """

    earlier: Mapping[int, Earlier] = field(default_factory=dict)  # by weeks before the end

    def save(
        self,
        folder: Path,
        *,
        force: bool = False,
        command: Sequence[str] = (),
        graph: bool = False,
        charts: bool = False,
    ) -> Path:
        """Write tables, scenario and manifest, whole or not at all.

        Args:
            folder: Where to; it must be new, empty, or hold nothing but earlier results.
            force: Whether to write beside what is there.
            command: What the user typed, for the manifest.
            graph: Whether to write the social graph of the last week too.
            charts: Whether to draw the charts too.

        Returns:
            The folder.

        Raises:
            FolderError: The folder holds other files, and ``force`` is not set.
        """
        with published(folder, force=force) as staging:
            self.write(staging, command=command, graph=graph)
            if charts:
                self.report(staging)
        return folder

    @classmethod
    def load(cls, folder: Path, *, altered: bool = False) -> Self:
        """Read a result that was saved.

        Args:
            folder: Where it was saved.
            altered: Whether to read it although a file has changed since it was written.

        Returns:
            The result: its tables and its digest, without the model.

        Raises:
            InputError: The folder holds none, or not what was written.
        """
        plain, made = read_run(folder, altered=altered)
        found = cls(*plain, altered=made.pop("altered"))
        found.__dict__.update(made)
        return found

    def write(self, folder: Path, *, command: Sequence[str] = (), graph: bool = False) -> None:
        """Write the files of ``save`` into a folder that exists: a part of a larger folder of results.

        Args:
            folder: A folder that exists.
            command: What the user typed, for the manifest.
            graph: Whether to write the social graph of the last week too.
        """
        write_run(self, folder, command=command, graph=graph)

    def report(self, folder: Path | None = None, *, png: bool = False) -> str:
        """Tell what the run came to.

        Args:
            folder: Where to draw the charts; None draws none.
            png: Whether to write charts as PNG too.

        Returns:
            A few lines.
        """
        told: str = import_module("coworksim.report").report_run(self, folder, png=png)
        return told

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process gets: tables and plain facts in place of the model."""
        made = {**self.tables, "events": self.events, "digest": self.digest, "awarded": self.awarded}
        kept = {name: value for name, value in vars(self).items() if name != "model"}
        return {**kept, **made, "live": None, "log": None}

    def __repr__(self) -> str:
        """Return in a line what was run, and how many are members at the end."""
        last = self.series[self.series["week"] == self.series["week"].max()]
        return (
            f"<Result of {self.scenario.name}: seed {self.seed}, replicate {self.replicate}, {self.scenario.weeks} "
            f"weeks, {last['members'].sum()} of {last['people'].sum()} people members at the end"
            f"{f', {ALTERED}' if self.altered else ''}>"
        )

    def _repr_html_(self) -> str:
        """Return the same for a notebook, with the last week by region."""
        last = self.series[self.series["week"] == self.series["week"].max()]
        shown = last.groupby("region", observed=True)[["people", "members", "tool_users"]].sum()
        return f"<p>{escape(repr(self))}</p>{shown.to_html()}"


def simulate(
    scenario: Scenario,
    seed: int | None = None,
    replicate: int = 0,
    progress: Callable[[int, int], None] | None = None,
    *,
    events: bool = False,
    earlier: Sequence[int] = (),
    threads: int | None = None,
) -> Result:
    """Run a scenario from the first week of burn-in to its last week.

    Args:
        scenario: What to simulate.
        seed: Seed from 0 to 2**63 - 1; None takes that of the scenario.
        replicate: Number of the run under this seed, from 0.
        progress: Called after each week with weeks done and weeks in all.
        events: Whether to keep a log of every event.
        earlier: Weeks before the end at which to keep how people stood (at the start, where the run is shorter).
        threads: Threads that take regions through the week side by side; None takes one per processor, or what
            ``COWORKSIM_THREADS`` says, and one in a batch of runs. They move no number.

    Returns:
        The model in its last week, and tables of the run. The same arguments give the same ``digest``.

    Raises:
        ValueError: ``threads`` is not a whole number from 1.
        RefusedError: ``COWORKSIM_THREADS`` is not.

    >>> from coworksim.files.load import load_scenario
    >>> result = simulate(load_scenario("tiny"))
    >>> result.digest == simulate(load_scenario("tiny")).digest
    True
    """
    begun = time.perf_counter()
    model = Engine(scenario, seed, replicate)
    log = EventLog(model.world) if events else None
    weeks = scenario.start_week + scenario.weeks
    return _lived(model, replicate, weeks, begun, progress, log=log, earlier=earlier, threads=threads)


def since_opening(
    scenario: Scenario, seed: int, replicate: int = 0, progress: Callable[[int, int], None] | None = None
) -> Result:
    """Run a scenario from a world at the start that is kept, or made and kept: the series begin there.

    All else is as :func:`simulate` gives it, to the bit, and so are the arguments.
    """
    begun = time.perf_counter()
    model = forked(burnt_in(scenario, seed, replicate), scenario.policies)
    return _lived(model, replicate, scenario.weeks, begun, progress)


def _lived(
    model: Engine,
    replicate: int,
    weeks: int,
    begun: float,
    progress: Callable[[int, int], None] | None,
    *,
    log: EventLog | None = None,
    earlier: Sequence[int] = (),
    threads: int | None = None,
) -> Result:
    """Simulate the last ``weeks`` weeks of a model's scenario, and record them."""
    scenario, recorder = model.setup, Recorder(model.world, weeks)
    kept: dict[int, Earlier] = {}
    with model.side_by_side(threads_of_a_run(threads)):
        for week in range(weeks):
            due = [back for back in earlier if min(back, scenario.weeks) == weeks - week]
            kept |= {back: Earlier.of(model.world.workers) for back in due}
            model.step()
            recorder.record(model.world)
            if log is not None:
                log.record(model.world)
            if progress is not None:
                progress(week + 1, weeks)
    return Result(scenario, model.seed, replicate, time.perf_counter() - begun, model, recorder, log, earlier=kept)
