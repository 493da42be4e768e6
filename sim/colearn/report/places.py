"""What charts and summaries compare: single regions, or the two kinds of regions where there are too many to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from colearn.observe.columns import CHANNELS, SPACE_CHANNELS
from colearn.quantities.skills import INDEPENDENT, STATUSES
from colearn.report.text import shortened

if TYPE_CHECKING:
    import pandas as pd

    from colearn.observe.results import Result

__all__ = ["LIVELIHOODS", "MOST_PLACES", "Place", "gains", "living_as", "places", "run_line", "span"]

#: More regions than this are drawn as two groups.
MOST_PLACES: Final = 4

#: Statuses as two groups that everybody understands: those without an employer, and those with one.
LIVELIHOODS: Final = {
    "independent": tuple(status for status, free in zip(STATUSES, INDEPENDENT, strict=True) if free),
    "employed": tuple(status for status, free in zip(STATUSES, INDEPENDENT, strict=True) if not free),
}

_GROUPS: Final = {"left-behind": "left-behind", "other": "core"}


@dataclass(frozen=True, slots=True)
class Place:
    """One region of a result, or all its regions of one kind: the rows of the tables that belong to it."""

    name: str
    flag: str
    series: pd.DataFrame
    spaces: pd.DataFrame
    workers: pd.DataFrame

    @property
    def members(self) -> pd.DataFrame:
        """Those who are members at the end."""
        return self.workers[self.workers["member"].astype(bool)]

    def gained_in_space(self, family: str) -> pd.Series[Any]:
        """Points of one family gained in the space since the opening, mean of all potential users, by week."""
        columns = [f"gain_{family}_{channel}_points" for channel in SPACE_CHANNELS]
        points = self.series[columns].sum(axis=1) * self.series["people"]
        people = self.series.groupby("week")["people"].sum()
        return _from_opening(points.groupby(self.series["week"]).sum() / people)

    def member_share(self) -> pd.Series[Any]:
        """Members as a share of potential users, by week since the opening."""
        sums = self.series.groupby("week")[["members", "people"]].sum()
        return _from_opening(sums["members"] / sums["people"])

    def occupancy(self, weeks: int = 13) -> float:
        """Desk-days used of those offered, over the last ``weeks`` weeks."""
        last = self.spaces[self.spaces["week"] > self.spaces["week"].max() - weeks]
        desks = float(last["desks"].sum())
        return float((last["occupancy"] * last["desks"]).sum()) / desks if desks else 0.0


def places(results: Sequence[Result]) -> list[Place]:
    """Every region of every result, or (more than MOST_PLACES of them) one place per result and kind of region."""
    names = [(result, str(name)) for result in results for name in result.workers["region"].unique()]
    if len(names) <= MOST_PLACES:
        return [_place(result, "region", name, shortened(name, 32)) for result, name in names]
    kinds = [(result, str(flag)) for result in results for flag in sorted(result.workers["flag"].unique())]
    return [_place(result, "flag", flag, f"{_GROUPS.get(flag, flag)} regions") for result, flag in kinds]


def gains(workers: pd.DataFrame, family: str) -> dict[str, float]:
    """Mean points gained since the opening by each channel; zeros for nobody."""
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
    return f"{each}, {seed}; a simulation, not a forecast. Source: colearn, scenario {names}; result {digests}."


def span(weeks: int) -> str:
    """Weeks in words, as years where they are whole.

    >>> span(156), span(20)
    ('three years', '20 weeks')
    """
    words = {1: "year", 2: "two years", 3: "three years", 4: "four years", 5: "five years"}
    return words.get(weeks // 52, f"{weeks // 52} years") if weeks % 52 == 0 and weeks else f"{weeks} weeks"


def _place(result: Result, column: str, value: str, name: str) -> Place:
    regions = result.workers.loc[result.workers[column] == value, "region"].unique()
    tables = [table[table["region"].isin(regions)] for table in (result.series, result.spaces, result.workers)]
    tables[1] = tables[1][tables[1]["open"].astype(bool)]  # a closed space offers nothing
    return Place(name, str(tables[2]["flag"].iloc[0]), *tables)


def _from_opening(column: pd.Series[Any]) -> pd.Series[Any]:
    return column[column.index >= 0]
