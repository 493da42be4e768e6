"""Run a scenario and look at the result as tidy tables whose column names carry the unit; save it, and load it again.

How people stood some weeks before the end of a run, to tell what they have done since.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.files.columns import content, own_table, text
from coworksim.files.provenance import environment
from coworksim.files.result_folder import published
from coworksim.model.hashed import DIGEST_COLUMNS
from coworksim.model.model import CoworkingModel
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES
from coworksim.model.recorder import COUNTS, GROUPS, MEASURES, SPACE_COLUMNS, EventLog, Recorder
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS, FAMILIES, PLANS, Population
from coworksim.model.state.ties import strengths
from coworksim.runs.saved_run import TABLES, read_run, write_run

_COUNTERS: Final = ("earned", "days_total", "member_weeks", "training_hours_total", "outside_hours_total")


def _gone() -> NoReturn:
    """Refuse to give the model of a run of another process."""
    raise LookupError("a result that was loaded, or came from another process, has tables and no model: run it again")


@dataclass(frozen=True)
class Earlier:
    """Who was there, and the counters as they stood."""

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


GAINS = tuple((f, family, c, channel) for f, family in enumerate(FAMILIES) for c, channel in enumerate(CHANNELS))


@dataclass(frozen=True, repr=False)
class Result:
    """One finished run: its tables, and (of a run of this process) the model in its last week.

    A result that was loaded, or came from another process, has its tables, its digest and ``awarded``, and no model.
    """

    scenario: Scenario
    seed: int
    replicate: int
    seconds: float
    live: CoworkingModel | None = None
    record: Recorder | None = None
    log: EventLog | None = None
    earlier: Mapping[int, Earlier] = field(default_factory=dict)  # by weeks before the end

    @property
    def model(self) -> CoworkingModel:
        """The model in its last week. Raises LookupError where the run was not of this process."""
        return _gone() if self.live is None else self.live

    @property
    def recorder(self) -> Recorder:
        """The weekly series as whole numbers. Raises LookupError where the result was loaded from a folder."""
        return _gone() if self.record is None else self.record

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a result that was saved.

        Args:
            folder: Where it was saved.

        Returns:
            The result: its tables and its digest, without the model.

        Raises:
            InputError: The folder holds none.
        """
        about, scenario, tables = read_run(folder)
        named = scenario.model_copy(update={"name": about["scenario"]["name"]})
        found = cls(named, int(about["seed"]), int(about["replicate"]), float(about["seconds"]))
        awarded = about.get("awarded")
        found.__dict__.update(
            {"events": None, **tables, "digest": str(about["result_digest"])},
            awarded=None if awarded is None else tuple(map(int, awarded)),
        )
        return found

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

    def write(self, folder: Path, *, command: Sequence[str] = (), graph: bool = False) -> None:
        """Write the same files into a folder that exists: a part of a larger folder of results.

        Args:
            folder: A folder that exists.
            command: What the user typed, for the manifest.
            graph: Whether to write the social graph of the last week too.
        """
        scenario = self.scenario.model_copy(update={"seed": self.seed})  # so that the saved file repeats the run
        about = {
            "command": list(command),
            "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
            "seed": self.seed,
            "replicate": self.replicate,
            "result_digest": self.digest,
            "awarded": self.awarded,
            "started": (datetime.now(UTC) - timedelta(seconds=self.seconds)).isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 3),
            "environment": environment(),
            "about": "One run of a simulation, not a forecast. Same scenario, seed and code give the same "
            "result_digest.",
        }
        write_run(self.tables, scenario, about, folder, graph=graph)

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

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file: the event log only where one was kept."""
        found = {name: getattr(self, name) for name in TABLES}
        return found if self.events is None else {**found, "events": self.events}

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process gets: tables and plain facts in place of the model."""
        made = {**self.tables, "events": self.events, "digest": self.digest, "awarded": self.awarded}
        return {**vars(self), **made, "live": None, "log": None}

    def __repr__(self) -> str:
        """Return in a line what was run, and how many are members at the end."""
        last = self.series[self.series["week"] == self.series["week"].max()]
        return (
            f"<Result of {self.scenario.name}: seed {self.seed}, replicate {self.replicate}, {self.scenario.weeks} "
            f"weeks, {last['members'].sum()} of {last['people'].sum()} people members at the end>"
        )

    def _repr_html_(self) -> str:
        """Return the same for a notebook, with the last week by region."""
        last = self.series[self.series["week"] == self.series["week"].max()]
        shown = last.groupby("region", observed=True)[["people", "members", "tool_users"]].sum()
        return f"<p>{escape(repr(self))}</p>{shown.to_html()}"

    @cached_property
    def awarded(self) -> tuple[int, ...] | None:
        """How many were awarded each policy of the scenario; None where an old folder does not say."""
        return tuple(self.model.world.schemes.awarded.tolist())

    def _dates(self) -> tuple[list[int], list[str]]:
        """Return weeks (0 = the week of opening) and their dates."""
        first, opening = self.recorder.first_week, self.model.world.opening
        weeks = [first + k - opening for k in range(self.recorder.weeks)]
        return weeks, [(self.scenario.starts + timedelta(weeks=week)).isoformat() for week in weeks]

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a week, region, status and occupation group: means per person, gains since opening."""
        record, regions = self.recorder, self.scenario.regions
        weeks, dates = self._dates()
        shape = (len(weeks), len(regions), len(GROUPS))
        week, region, group = (index.ravel() for index in np.indices(shape))
        counts = record.counts[: record.weeks].reshape(-1, record.counts.shape[-1])
        means = record.means().reshape(-1, len(MEASURES))
        members = np.where(counts[:, 1] > 0, counts[:, 1], np.nan)
        return pd.DataFrame(
            {
                "week": np.array(weeks)[week],
                "date": text(dates, week),
                "region": text([place.name for place in regions], region),
                "flag": text([place.flag for place in regions], region),
                "status": text([status for status, _ in GROUPS], group),
                "occupation_group": text([kind for _, kind in GROUPS], group),
                "people": counts[:, 0],
                "members": counts[:, 1],
                "sc_points": 100 * means[:, 0],
                "td_points": 100 * means[:, 1],
                **{f"{name}_points": 100 * means[:, 2 + at] for at, name in enumerate(MEASURES[2:-1])},
                "income_gbp_week": means[:, -1],
                "days_per_member": counts[:, 2] / members,
                "encounters_per_member": counts[:, 3] / members,
                "contacts_outside_per_person": counts[:, 4] / np.where(counts[:, 0] > 0, counts[:, 0], np.nan),
                "tool_users": counts[:, 5],
            }
        )

    @cached_property
    def spaces(self) -> pd.DataFrame:
        """One row a week and space from the opening, spare spaces included."""
        world, record = self.model.world, self.recorder
        weeks, dates = self._dates()
        week, space = (index.ravel() for index in np.indices((len(weeks), len(world.spaces))))
        columns = record.spaces[: record.weeks].reshape(-1, record.spaces.shape[-1])
        seen = {name: columns[:, at] for at, name in enumerate(SPACE_COLUMNS)}
        hours = record.hours[: record.weeks].reshape(-1, 2)
        table = pd.DataFrame(
            {
                "week": np.array(weeks)[week],
                "date": text(dates, week),
                "region": text(world.regions.names, world.spaces.region[space]),
                "space": world.spaces.ordinal[space],
                "open": seen["open"].astype(bool),
                "members": seen["members"],
                "desks": seen["desks"],
                "occupancy": seen["desk_days"] / (5.0 * seen["desks"]),
                "desk_days_turned_away": seen["turned_away"],
                "price_gbp_month": seen["price"] / 100,
                "fees_gbp": seen["fees"] / 100,
                "cash_gbp": seen["cash"] / 100,
                "equipment_hours_used": hours[:, 0],
                "equipment_hours_offered": hours[:, 1],
                "training_places_used": seen["training_used"],
                "training_places_offered": seen["training_places"],
                "training_places_turned_away": seen["training_turned_away"],
                "events": seen["events_held"],
                "encounters": seen["meetings"],
            }
        )
        return table[table["week"] >= 0].reset_index(drop=True)

    @cached_property
    def workers(self) -> pd.DataFrame:
        """One row a person at the end of the run, in the order of entity keys."""
        world, regions = self.model.world, self.scenario.regions
        w, ties = world.workers, world.ties
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        degree = np.bincount(np.concatenate([one, other]), minlength=len(w))
        fresh = np.bincount(
            np.concatenate([one, other]), np.concatenate([w.outside_contacts[other], w.outside_contacts[one]]), len(w)
        )
        months = np.maximum(world.week - np.maximum(w.entered, world.opening), 1) * 12 / 52
        return own_table(
            {
                "key": w.key.copy(),
                "region": text(world.regions.names, w.region),
                "flag": text([place.flag for place in regions], w.region),
                "status": text(STATUSES, w.status),
                "occupation": text(OCCUPATIONS, w.occupation),
                "career_years": w.career_start + (world.week - w.entered) / 52,
                "entered_week": w.entered - world.opening,
                "uses_tools": w.tools.copy(),
                "member": w.member_of >= 0,
                "plan": text(["none", *PLANS], w.plan + 1),
                "tenure_weeks": w.tenure.copy(),
                "member_weeks": w.member_weeks.copy(),
                "days_in_space": w.days_total.copy(),
                **{f"{name}_points": 100 * w.skill[:, k] for k, name in enumerate(SKILLS)},
                **{f"gain_{family}_{channel}_points": 100 * w.gain[:, f, c] for f, family, c, channel in GAINS},
                "income_gbp_week": w.income.copy(),
                "earned_gbp": w.earned / 100,
                "fees_gbp": w.fees / 100,
                "supported_gbp": w.supported / 100,
                "equipment_hours": w.inside_hours_total.copy(),
                "training_hours": w.training_hours_total.copy(),
                "outside_hours": w.outside_hours_total.copy(),
                "encounters": w.encounters.copy(),
                "encounters_outside": w.outside_met.copy(),
                "partners_new": w.partners_new.copy(),
                "partners_new_per_month": w.partners_new / months,
                "outside_contacts": w.outside_contacts.copy(),
                "partners_outside_contacts": fresh / np.where(degree > 0, degree, np.nan),
                "workload": w.work.copy(),
                "ties": degree,
            }
        )

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Every posting of the books, in order."""
        postings = self.model.world.ledger.postings
        table = pd.DataFrame(postings, columns=["week", "payer", "payee", "purpose", "pence"])
        table["week"] -= self.model.world.opening
        table["amount_gbp"] = table.pop("pence") / 100
        return table

    @cached_property
    def events(self) -> pd.DataFrame | None:
        """The event log in order of weeks, None when the run kept none."""
        return None if self.log is None else self.log.table(self.model.world)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """The social graph at the end: pairs of worker keys and the strength of their tie, in meetings."""
        world = self.model.world
        ties, keys = world.ties, world.workers.key
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        faded = strengths(ties.weight[: len(ties)], ties.last[: len(ties)], world.week, world.log_rho)
        return own_table({"key_a": keys[one], "key_b": keys[other], "strength": faded})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of series, final table, ties and ledger in the order of entity keys (``coworksim.model.hashed``)."""
        block = hashlib.sha256()
        record, world, ties = self.recorder, self.model.world, self.model.world.ties
        for name, there in (("counts", COUNTS), ("sums", MEASURES), ("spaces", SPACE_COLUMNS)):
            at = [there.index(column) for column in DIGEST_COLUMNS[name].values()]
            block.update(content(getattr(record, name)[: record.weeks, ..., at]))
        block.update(content(record.hours[: record.weeks]))
        for column in DIGEST_COLUMNS["people"].values():
            block.update(content(getattr(world.workers, column)))
        edges = {name: getattr(ties, column)[: len(ties)] for name, column in DIGEST_COLUMNS["ties"].items()}
        by_pair = np.lexsort((world.workers.key[edges["other"]], world.workers.key[edges["one"]]))
        for values in edges.values():
            block.update(content(values[by_pair]))
        for posting in world.ledger.postings:
            block.update(repr(tuple(posting)).encode())
        return block.hexdigest()


def simulate(
    scenario: Scenario,
    seed: int | None = None,
    replicate: int = 0,
    progress: Callable[[int, int], None] | None = None,
    *,
    events: bool = False,
    earlier: Sequence[int] = (),
) -> Result:
    """Run a scenario from the start of burn-in to its last week.

    Args:
        scenario: What to simulate.
        seed: Seed from 0 to 2**63 - 1; None takes that of the scenario.
        replicate: Number of the run under this seed, from 0.
        progress: Called after each week with weeks done and weeks in all.
        events: Whether to keep a log of every event.
        earlier: Weeks before the end at which to keep how people stood (at the opening, where the run is shorter).

    Returns:
        The model in its last week, and tables of the run. The same arguments give the same ``digest``.

    >>> from coworksim.files.load import load_scenario
    >>> result = simulate(load_scenario("tiny"))
    >>> result.digest == simulate(load_scenario("tiny")).digest
    True
    """
    begun = time.perf_counter()
    model = CoworkingModel(scenario, seed, replicate)
    total = scenario.burn_in_weeks + scenario.weeks
    recorder = Recorder(model.world, total)
    log = EventLog(model.world) if events else None
    kept: dict[int, Earlier] = {}
    for week in range(total):
        due = [weeks for weeks in earlier if min(weeks, scenario.weeks) == total - week]
        kept |= {weeks: Earlier.of(model.world.workers) for weeks in due}
        model.step()
        recorder.record(model.world)
        if log is not None:
            log.record(model.world)
        if progress is not None:
            progress(week + 1, total)
    return Result(model.setup, model.seed, replicate, time.perf_counter() - begun, model, recorder, log, kept)
