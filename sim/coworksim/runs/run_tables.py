"""The tables of a run, made from the model in its last week.

``regions`` and ``space_list`` say once what is true of a region or a space for the whole run. The others name both by
code and by key, so that they can be joined with these and with tables of other sources.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from coworksim.files.columns import content, frame, own_table, text
from coworksim.model.hashed import DIGEST_COLUMNS
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES
from coworksim.model.recorder import COUNTS, GROUPS, MEASURES, SPACE_COLUMNS, EventLog, Recorder
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS, FAMILIES, PLANS
from coworksim.model.state.ties import strengths
from coworksim.model.state.world import World
from coworksim.model.weeks import Engine

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coworksim.model.model import CoworkingModel


#: The tables of a result, which are also the names of the files.
TABLES: Final = ("regions", "space_list", "series", "spaces", "workers", "ledger", "ties")

_OF_SPACE: Final = ("space_key", "region", "region_code", "space", "space_name")
GAINS = tuple((f, family, c, channel) for f, family in enumerate(FAMILIES) for c, channel in enumerate(CHANNELS))


def _gone() -> NoReturn:
    """Refuse to give the model of a run of another process."""
    raise LookupError("a result that was loaded, or came from another process, has tables and no model: run it again")


@dataclass(frozen=True, repr=False)
class RunTables:
    """A finished run as tables; ``live``, ``record`` and ``log`` are there in the process that did it."""

    scenario: Scenario
    seed: int
    replicate: int
    seconds: float
    live: Engine | None = None
    record: Recorder | None = None
    log: EventLog | None = None
    altered: tuple[str, ...] = ()  # files of the folder that are not as they were written

    @property
    def world(self) -> World:
        """The world after its last week. Raises LookupError where the run was not of this process."""
        return _gone() if self.live is None else self.live.world

    @cached_property
    def model(self) -> CoworkingModel:
        """The model in its last week. Raises LookupError where the run was not of this process."""
        from coworksim.model.model import CoworkingModel

        if self.live is None:
            _gone()
        return CoworkingModel(self.live.setup, self.live.seed, world=self.live.world, collect=False)

    @property
    def recorder(self) -> Recorder:
        """The weekly series as whole numbers. Raises LookupError where the result was loaded from a folder."""
        return _gone() if self.record is None else self.record

    @cached_property
    def awarded(self) -> tuple[int, ...] | None:
        """How many were awarded each policy of the scenario; None where an old folder does not say."""
        return tuple(self.world.schemes.awarded.tolist())

    def _dates(self) -> tuple[NDArray[np.int64], NDArray[np.datetime64]]:
        """Return weeks (0 = the week of opening) and their dates."""
        first, opening = self.recorder.first_week, self.world.opening
        weeks = np.arange(first - opening, first - opening + self.recorder.weeks, dtype=np.int64)
        return weeks, (np.datetime64(self.scenario.starts, "D") + 7 * weeks).astype("datetime64[ms]")

    def _region(self, of: NDArray[Any]) -> dict[str, Any]:
        """Return name and code of a region for each of these places in the scenario, -1 for none."""
        regions = self.scenario.regions
        return {
            "region": text([*(place.name for place in regions), None], of),
            "region_code": text([*(place.code for place in regions), None], of),
        }

    def _flag(self, of: NDArray[Any]) -> Any:
        return text([place.flag for place in self.scenario.regions], of)

    @cached_property
    def regions(self) -> pd.DataFrame:
        """One row a region, in the order of the scenario, with its indicators."""
        regions, first = self.scenario.regions, self.world.regions.first_row
        at = np.arange(len(regions))
        return frame(
            {
                **self._region(at),
                "flag": self._flag(at),
                "people": np.diff(first),
                "spaces": [place.spaces for place in regions],
                **{name: [float(place.indicators[name]) for place in regions] for name in INDICATORS},
            }
        )

    @cached_property
    def space_list(self) -> pd.DataFrame:
        """One row a space, spare ones included: its key, region, name, and how it begins."""
        world = self.world
        spaces, regions = world.spaces, self.scenario.regions
        own = list(zip(spaces.region.tolist(), spaces.ordinal.tolist(), strict=True))
        names = [regions[r].own_spaces[k].name if k < len(regions[r].own_spaces) else None for r, k in own]
        return frame(
            {
                "space_key": spaces.key.astype(np.int64),
                **self._region(spaces.region),
                "space": spaces.ordinal.copy(),
                "space_name": text(names, np.arange(len(names))),
                "account": [spaces.name(row, world.regions) for row in range(len(names))],
                "from_start": [k < regions[r].spaces for r, k in own],
                "desks": self.recorder.spaces[0, :, SPACE_COLUMNS.index("desks")],
                "price_gbp_month": spaces.list_price / 100,
            }
        ).astype({"account": "category"})

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
        return frame(
            {
                "week": weeks[week],
                "date": dates[week],
                **self._region(region),
                "flag": self._flag(region),
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
        world, record, listed = self.world, self.recorder, self.space_list
        weeks, dates = self._dates()
        week, space = (index.ravel() for index in np.indices((len(weeks), len(world.spaces))))
        columns = record.spaces[: record.weeks].reshape(-1, record.spaces.shape[-1])
        seen = {name: columns[:, at] for at, name in enumerate(SPACE_COLUMNS)}
        hours = record.hours[: record.weeks].reshape(-1, 2)
        table = frame(
            {
                "week": weeks[week],
                "date": dates[week],
                **{name: listed[name].array[space] for name in _OF_SPACE},
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
        world = self.world
        w, ties = world.workers, world.ties
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        degree = np.bincount(np.concatenate([one, other]), minlength=len(w))
        fresh = np.bincount(
            np.concatenate([one, other]), np.concatenate([w.outside_contacts[other], w.outside_contacts[one]]), len(w)
        )
        months = np.maximum(world.week - np.maximum(w.entered, world.opening), 1) * 12 / 52
        return own_table(
            {
                "key": w.key.astype(np.int64),
                **self._region(w.region),
                "flag": self._flag(w.region),
                "status": text(STATUSES, w.status),
                "occupation": text(OCCUPATIONS, w.occupation),
                "career_years": w.career_start + (world.week - w.entered) / 52,
                "entered_week": (w.entered - world.opening).astype(np.int64),
                "uses_tools": w.tools.copy(),
                "member": w.member_of >= 0,
                "space_key": np.append(world.spaces.key.astype(np.int64), -1)[w.member_of],
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
        """Every posting of the books, in order; region and space of the account that has them, a space's first."""
        world, listed = self.world, self.space_list
        table = frame(world.ledger.postings, columns=["week", "payer", "payee", "purpose", "pence"])
        space_of = {account: row for row, account in enumerate(listed["account"])}
        region_of = {f"workers:{name}": at for at, name in enumerate(world.regions.names)}
        region_of |= {account: int(world.spaces.region[row]) for account, row in space_of.items()}

        def found(of: dict[str, int]) -> NDArray[np.int64]:
            payer, payee = (table[side].map(of).fillna(-1).to_numpy(np.int64) for side in ("payer", "payee"))
            return np.where(payer < 0, payee, payer)

        space, region = found(space_of), found(region_of)
        at = np.where(space < 0, region, np.append(world.spaces.region, -1)[space])
        return frame(
            {
                "week": table["week"] - world.opening,
                **{side: table[side].astype("category") for side in ("payer", "payee", "purpose")},
                "amount_gbp": table["pence"] / 100,
                **self._region(at),
                "space_key": np.append(world.spaces.key.astype(np.int64), -1)[space],
            }
        )

    @cached_property
    def events(self) -> pd.DataFrame | None:
        """The event log in order of weeks, None when the run kept none."""
        return None if self.log is None else self.log.table(self.world)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """The social graph at the end: pairs of worker keys and the weight of their tie, in meetings."""
        world = self.world
        ties, keys = world.ties, world.workers.key
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        faded = strengths(ties.weight[: len(ties)], ties.last[: len(ties)], world.week, world.log_rho)
        return own_table({"key_a": keys[one].astype(np.int64), "key_b": keys[other].astype(np.int64), "weight": faded})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of series, final table, ties and ledger in the order of entity keys (``coworksim.model.hashed``)."""
        block = hashlib.sha256()
        record, world, ties = self.recorder, self.world, self.world.ties
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

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file: the event log only where one was kept."""
        found = {name: getattr(self, name) for name in TABLES}
        return found if self.events is None else {**found, "events": self.events}
