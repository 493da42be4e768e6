"""What charts and summaries compare: single regions, or the two kinds of regions where there are too many to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from coworksim.files.columns import CHANNELS, SPACE_CHANNELS
from coworksim.model.parameters.skills import INDEPENDENT, STATUSES
from coworksim.report.sentences.text import NO_FORECAST, shortened
from coworksim.runs.simulation import Result

#: More regions than this are drawn as two groups.
MOST_PLACES: Final = 4
#: Weeks over which the use of desks is told.
QUARTER: Final = 13

#: Statuses as two groups that everybody understands: those without an employer, and those with one.
LIVELIHOODS: Final = {
    "independent": tuple(status for status, free in zip(STATUSES, INDEPENDENT, strict=True) if free),
    "employed": tuple(status for status, free in zip(STATUSES, INDEPENDENT, strict=True) if not free),
}

_GROUPS: Final = {"left-behind": "left-behind", "other": "core"}
#: Regions that are the median of a group are called by its name.
_LABELS: Final = {"left-behind": "Left-behind region", "core": "Core region", "other": "Core region"}


@dataclass(frozen=True, slots=True)
class Place:
    """One region of a result, or all its regions of one kind: the rows of the tables that belong to it.

    ``name`` and ``code`` are as in the tables (regions of one kind have no code), ``label`` is for people. ``spaces``
    and ``ledger`` (payments to spaces) hold spaces that are closed too; what is said of spaces is said of those open.
    """

    name: str
    code: str | None
    label: str
    flag: str
    weeks: int
    series: pd.DataFrame
    spaces: pd.DataFrame
    workers: pd.DataFrame
    ledger: pd.DataFrame

    @property
    def members(self) -> pd.DataFrame:
        """Those who are members at the end."""
        return self.workers[self.workers["member"].astype(bool)]

    @property
    def open(self) -> pd.DataFrame:
        """One row a week and space that is open: a closed space offers nothing."""
        return self.spaces[self.spaces["open"].astype(bool)]

    @property
    def open_at_end(self) -> pd.DataFrame:
        """One row for each space that is open in the last week."""
        return self.open[self.open["week"] == self.weeks - 1]

    @property
    def closed_by_end(self) -> int:
        """How many spaces were open and are no more; rows in which none has opened do not count."""
        return len(self.open[["region", "space"]].drop_duplicates()) - len(self.open_at_end)

    def gained_in_space(self, family: str) -> pd.Series[Any]:
        """Points of one family gained in the space since the start, mean of all potential users, by week."""
        columns = [f"gain_{family}_{channel}_points" for channel in SPACE_CHANNELS]
        points = self.series[columns].sum(axis=1) * self.series["people"]
        people = self.series.groupby("week")["people"].sum()
        return _from_start(points.groupby(self.series["week"]).sum() / people)

    def member_share(self) -> pd.Series[Any]:
        """Members as a share of potential users, by week since the start."""
        sums = self.series.groupby("week")[["members", "people"]].sum()
        return _from_start(sums["members"] / sums["people"])

    def occupancy(self) -> float | None:
        """Desk-days used of those that open spaces offered in the last quarter; None when none was open."""
        last = self.open[self.open["week"] >= self.weeks - QUARTER]
        desks = float(last["desks"].sum())
        return float((last["occupancy"] * last["desks"]).sum()) / desks if desks else None

    def changes(self) -> dict[int, int]:
        """Weeks after the first in which spaces open (above 0) or close (below 0)."""
        count = self.open["week"].value_counts()
        by_week = [int(count.get(week, 0)) for week in range(self.weeks)]
        steps = ((week, by_week[week] - by_week[week - 1]) for week in range(1, self.weeks))
        return {week: step for week, step in steps if step}

    def desks_line(self) -> str:
        """What came of the spaces, in words."""
        closed = f" ({self.closed_by_end} closed)" if self.closed_by_end else ""
        count, used = len(self.open_at_end), self.occupancy()
        if not count or used is None:
            return f"no space open{closed}"
        return f"{count} space{'s' if count > 1 else ''} open{closed}, {100 * used:.0f} % of desks used"


def places(results: Sequence[Result]) -> list[Place]:
    """Every region of every result, or (more than MOST_PLACES of them) one place per result and kind of region."""
    names = [(result, str(name)) for result in results for name in result.workers["region"].unique()]
    if len(names) <= MOST_PLACES:
        return [_place(result, "region", name, shortened(name, 32)) for result, name in names]
    kinds = [(result, str(flag)) for result in results for flag in sorted(result.workers["flag"].unique())]
    return [_place(result, "flag", flag, f"{_GROUPS.get(flag, flag)} regions") for result, flag in kinds]


def gains(workers: pd.DataFrame, family: str) -> dict[str, float]:
    """Mean points gained since the start by each channel; zeros for nobody."""
    columns = {channel: workers[f"gain_{family}_{channel}_points"] for channel in CHANNELS}
    return {channel: float(column.mean()) if len(column) else 0.0 for channel, column in columns.items()}


def living_as(workers: pd.DataFrame, livelihood: str) -> pd.DataFrame:
    """The independent (freelancers, owners with staff, nomads), or the employed."""
    return workers[workers["status"].isin(LIVELIHOODS[livelihood])]


def run_line(results: Sequence[Result]) -> str:
    """What every chart must say about where it comes from."""
    seeds = sorted({result.seed for result in results})
    names = ", ".join(shortened(result.scenario.name, 40) for result in results)
    digests = ", ".join(result.digest[:12] for result in results)
    each = "One run" if len(results) == 1 else "One run each"
    seed = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(map(str, seeds))}"
    return f"{each}, {seed}; {NO_FORECAST}. Source: coworksim, scenario {names}; result {digests}."


def span(weeks: int) -> str:
    """Weeks in words, as years where they are whole.

    >>> span(156), span(20)
    ('three years', '20 weeks')
    """
    words = {1: "year", 2: "two years", 3: "three years", 4: "four years", 5: "five years"}
    return words.get(weeks // 52, f"{weeks // 52} years") if weeks % 52 == 0 and weeks else f"{weeks} weeks"


def _place(result: Result, column: str, value: str, name: str) -> Place:
    regions = result.workers.loc[result.workers[column] == value, "region"].unique()
    series, spaces, workers = (
        table[table["region"].isin(regions)] for table in (result.series, result.spaces, result.workers)
    )
    code, label = None, name.capitalize()
    if column == "region":
        codes, label, name = workers["region_code"].dropna(), _LABELS.get(name, name), value
        code = str(codes.iloc[0]) if len(codes) else None
    home = result.ledger["payee"].str.removeprefix("space:").str.rsplit("/", n=1).str[0]
    to_spaces = result.ledger["payee"].str.startswith("space:") & home.isin(regions)
    flag, weeks = str(workers["flag"].iloc[0]), int(result.scenario.weeks)
    paid = result.ledger[to_spaces]
    return Place(name, code, label, flag, weeks, series, spaces, workers, paid)


def _from_start(column: pd.Series[Any]) -> pd.Series[Any]:
    return column[column.index >= 0]
