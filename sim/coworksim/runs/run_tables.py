"""The tables of a run, made from the model in its last week.

``regions`` and ``space_list`` say once what is true of a region or a space for the whole run. The others name both by
code and by key, so that they can be joined with these and with tables of other sources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from coworksim.files.columns import content, frame, text
from coworksim.files.table_files import PART
from coworksim.model.hashed import DIGEST_COLUMNS, HASHED_TYPES
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.recorder import COUNTS, MEASURES, SPACE_COLUMNS, EventLog, Recorder
from coworksim.model.scenario import Region, Scenario
from coworksim.model.state.rng import space_key
from coworksim.model.state.spaces import account_of
from coworksim.runs.table_parts import TableParts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coworksim.model.model import CoworkingModel
    from coworksim.model.state.world import World
    from coworksim.model.weeks import Engine


#: The tables of a result, which are also the names of the files.
TABLES: Final = ("regions", "space_list", "series", "spaces", "workers", "ledger", "ties")


def _category(names: Sequence[str], codes: NDArray[np.int32]) -> Any:
    """Return names by their codes as a column of pandas, with those that occur in their order; no text is copied."""
    import pandas as pd

    used = sorted(np.unique(codes).tolist(), key=names.__getitem__)
    place = np.zeros(max(1, len(names)), np.int32)
    place[used] = np.arange(len(used))
    return pd.Categorical.from_codes(place[codes], pd.Index([names[code] for code in used]))


def _away(scenario: Scenario, region: Region) -> int:
    """Return how many spaces of a region's list open after week 0, or have closed by then."""
    start = scenario.start_week
    later = [one.opened is not None and scenario.week_of(one.opened) > start for one in region.own_spaces]
    before = [one.closed is not None and scenario.week_of(one.closed) <= start for one in region.own_spaces]
    return sum(map(max, later, before))


def _gone() -> NoReturn:
    """Refuse to give the model of a run of another process."""
    raise LookupError("a result that was loaded, or came from another process, has tables and no model: run it again")


def _as_hashed(name: str, values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return a column of the state in the type in which it goes into digests."""
    return values.astype(HASHED_TYPES.get(name, values.dtype), copy=False)


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

    @cached_property
    def regions(self) -> pd.DataFrame:
        """One row a region, in the order of the scenario, with its indicators."""
        regions, first = self.scenario.regions, self.world.regions.first_row
        at = np.arange(len(regions))
        return frame(
            {
                **self._parts.region(at),
                "flag": self._parts.flag(at),
                "people": np.diff(first),
                "spaces": [place.spaces - _away(self.scenario, place) for place in regions],
                **{name: [float(place.indicators[name]) for place in regions] for name in INDICATORS},
            }
        )

    @cached_property
    def space_list(self) -> pd.DataFrame:
        """One row a space that was there after the start: its key, region, name, and how it begins."""
        world, regions, found = self.world, self.scenario.regions, self._parts.register
        region = world.spaces.region[found.row]
        own = list(zip(region.tolist(), found.first["ordinal"].tolist(), strict=True))
        names = [regions[r].own_spaces[k].name if k < len(regions[r].own_spaces) else None for r, k in own]
        return frame(
            {
                "space_key": np.array([space_key(*one) for one in own], np.int64),
                **self._parts.region(region),
                "space": found.first["ordinal"],
                "space_name": text(names, np.arange(len(names))),
                "account": [account_of(world.regions, *one) for one in own],
                "from_start": (found.first["opened"] <= world.start) & found.first["open"].astype(bool),
                "opened_week": found.first["opened"] - world.start,
                "desks": found.first["desks"],
                "price_gbp_month": found.first["list_price"] / 100,
            }
        ).astype({"account": "category"})

    @property
    def _parts(self) -> TableParts:
        """The tables of which any rows can be had without the others."""
        return TableParts(self.scenario, self.world, self.record, lambda: self.space_list)

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a week, region, status and occupation group: means per person, gains since the start."""
        return self._parts.whole("series")

    @cached_property
    def spaces(self) -> pd.DataFrame:
        """One row a week and space from the start on; a space that has closed stays until another takes its row."""
        return self._parts.whole("spaces")

    @cached_property
    def workers(self) -> pd.DataFrame:
        """One row a person at the end of the run, in the order of entity keys."""
        return self._parts.whole("workers")

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Every posting of the books, in order; region and space of the account that has them, a space's first."""
        world, listed = self.world, self.space_list
        weeks, sides, pence, names = world.ledger.postings.columns()
        numbers = {name: at for at, name in enumerate(world.regions.names)}
        space_of = {account: row for row, account in enumerate(listed["account"])}
        region_of = {name: numbers[name[6:].rpartition("/")[0]] for name in names if name.startswith("space:")}
        region_of |= {f"workers:{name}": at for name, at in numbers.items()}

        def found(of: dict[str, int]) -> NDArray[np.int64]:
            at = np.array([of.get(name, -1) for name in names], np.int64)
            payer, payee = at[sides[:, 0]], at[sides[:, 1]]
            return np.where(payer < 0, payee, payer)

        named = {side: _category(names, sides[:, at]) for at, side in enumerate(("payer", "payee", "purpose"))}
        space, region = found(space_of), found(region_of)
        return frame(
            {
                "week": weeks - world.start,
                **named,
                "amount_gbp": pence / 100,
                **self._parts.region(region),
                "space_key": np.append(listed["space_key"].to_numpy(np.int64), -1)[space],
            }
        )

    @cached_property
    def events(self) -> pd.DataFrame | None:
        """The event log in order of weeks, None when the run kept none."""
        return None if self.log is None else self.log.table(self.world)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """The social graph at the end: pairs of worker keys and the weight of their tie, in meetings."""
        return self._parts.whole("ties")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of series, final table, ties and ledger in the order of entity keys (``coworksim.model.hashed``)."""
        block = hashlib.sha256()
        record, world, ties = self.recorder, self.world, self.world.ties
        for name, there in (("counts", COUNTS), ("sums", MEASURES), ("spaces", SPACE_COLUMNS)):
            at = [there.index(column) for column in DIGEST_COLUMNS[name].values()]
            block.update(content(getattr(record, name)[: record.weeks, ..., at]))
        block.update(content(record.hours[: record.weeks]))
        for name, column in DIGEST_COLUMNS["people"].items():
            block.update(content(_as_hashed(name, getattr(world.workers, column))))
        edges = {name: getattr(ties, column)[: len(ties)] for name, column in DIGEST_COLUMNS["ties"].items()}
        by_pair = np.lexsort((world.workers.key[edges["other"]], world.workers.key[edges["one"]]))
        for name, values in edges.items():
            block.update(content(_as_hashed(name, values[by_pair])))
        for posting in world.ledger.postings:
            block.update(repr(tuple(posting)).encode())
        return block.hexdigest()

    @property
    def table_names(self) -> tuple[str, ...]:
        """The names of all tables: the event log only where one was kept."""
        return TABLES if self.events is None else (*TABLES, "events")

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file."""
        return {name: getattr(self, name) for name in self.table_names}

    def parts_of(self, name: str) -> Iterator[pd.DataFrame]:
        """Yield a table some rows at a time, at least one part; what nobody has looked at is not made as a whole."""
        made = None if name in vars(self) or name not in TableParts.LONG else self._parts
        table = getattr(self, name) if made is None else frame({})
        rows = len(table) if made is None else made.rows(name)
        for first in range(0, max(rows, 1), PART):
            last = min(first + PART, rows)
            yield table.iloc[first:last] if made is None else made.part(name, first, last)
