"""What spaces came to in the last weeks of a run, each figure with the spread between units of analysis."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from colearn.observe.calibration.measured import Measured, around, batches, measured_share, unmeasured
from colearn.observe.calibration.spells import Spell, churn
from colearn.observe.results import Result
from colearn.quantities.skills import ENCOUNTER_KINDS
from colearn.world.meetings import EVENT, INSIDE_KINDS
from colearn.world.population import GENERATION_BITS

__all__ = ["fortunes", "in_spaces", "last_weeks", "member_sides"]

#: Spaces from which on they are the unit of analysis.
ENOUGH_SPACES: Final = 5
#: Profit or loss under this share of turnover is breaking even.
BREAK_EVEN: Final = 0.05
_YEAR: Final = 52
_SIDE: Final = ("week", "space", "number")


def last_weeks(spaces: pd.DataFrame, window: int, count: int) -> pd.DataFrame:
    """Return open spaces in the last weeks, with their row and the unit of analysis: space, or block of weeks."""
    table = spaces.assign(row=np.arange(len(spaces)) % max(count, 1))
    last = int(table["week"].max()) if len(table) else -1
    first = last - window + 1
    table = table[table["open"] & (table["week"] >= first)].copy()
    if table["row"].nunique() >= ENOUGH_SPACES:
        table["unit"] = table["row"]
    else:
        table["unit"] = np.array(batches(window), np.int64)[table["week"].to_numpy(np.int64) - first]
    table["desk_days_offered"] = 5.0 * table["desks"]
    table["desk_days"] = table["occupancy"] * table["desk_days_offered"]
    return table


def in_spaces(
    result: Result, year: pd.DataFrame, told: Sequence[Spell], window: int
) -> tuple[tuple[str, Measured], ...]:
    """Measure every target that is about spaces; ``year`` has the open spaces of the last weeks."""
    ledger = result.ledger
    profit, loss = fortunes(ledger[ledger["week"] >= result.scenario.weeks - window])
    gone = _with_count(year, "ended", _ends(told))
    met = _with_count(year, "met", _met(result, told, window))
    return (
        ("price", _price(year)),
        ("members per space", replace(_pooled(year, "members", None), note=_by_space(year))),
        ("churn", _pooled(gone, "ended", "members", churn(1, 1))),
        ("contacts", replace(_pooled(met, "met", "desk_days"), note=_at_events(result, window))),
        ("events", _pooled(year, "events", None, _YEAR / 12)),
        ("profitable spaces", profit),
        ("loss-making spaces", loss),
        ("occupancy", _pooled(year, "desk_days", "desk_days_offered")),
    )


def _basis(year: pd.DataFrame) -> str:
    spaces = year["row"].nunique()
    return f"{spaces} spaces" if spaces >= ENOUGH_SPACES else "13-week blocks"


def _pooled(year: pd.DataFrame, amount: str, per: str | None, factor: float = 1.0) -> Measured:
    """Return the sum of a column over the sum of another (None: over space-weeks), with the spread over units."""
    table = year.assign(weeks=1.0)
    below_line = "weeks" if per is None else per
    if table[below_line].sum() <= 0:
        return unmeasured("no open space")
    value = factor * float(table[amount].sum() / table[below_line].sum())
    by_unit = table[table["unit"] >= 0].groupby("unit")[[amount, below_line]].sum()
    by_unit = by_unit[by_unit[below_line] > 0]
    units = (factor * by_unit[amount] / by_unit[below_line]).tolist()
    return Measured(value, around(value, units), _basis(year))


def _price(year: pd.DataFrame) -> Measured:
    """Return the median price of a hot desk over open spaces and weeks."""
    if not len(year):
        return unmeasured("no open space")
    value = float(year["price_gbp_month"].median())
    units = year[year["unit"] >= 0].groupby("unit")["price_gbp_month"].median().tolist()
    return Measured(value, around(value, units), _basis(year))


def _by_space(year: pd.DataFrame) -> str:
    """Return the mean members of each space, where there are few and more than one."""
    means = year.groupby("row")["members"].mean().tolist()
    if not 1 < len(means) < ENOUGH_SPACES:
        return ""
    return f"the mean is over weeks of open spaces; by space it is {', '.join(f'{mean:.0f}' for mean in means)}"


def _at_events(result: Result, window: int) -> str:
    """Return which part of encounters in spaces happened at events."""
    log = _log(result)
    log = log[(log["week"] >= result.scenario.weeks - window) & log["event"].isin(ENCOUNTER_KINDS[:INSIDE_KINDS])]
    total = int(log["number"].sum())
    at_events = int(log.loc[log["event"] == ENCOUNTER_KINDS[EVENT], "number"].sum())
    return f"{100 * at_events / total:.0f} % of encounters happened at events" if total else ""


def _with_count(year: pd.DataFrame, name: str, told: pd.DataFrame) -> pd.DataFrame:
    """Add a column that sums ``number`` of a table by week and space."""
    summed = told.groupby(["week", "space"])["number"].sum().rename(name).rename_axis(["week", "row"]).reset_index()
    table = year.merge(summed, on=["week", "row"], how="left")
    return table.assign(**{name: table[name].fillna(0).astype(np.int64)})


def _ends(told: Sequence[Spell]) -> pd.DataFrame:
    """List the ends of spells: week, space, and 1 as their number."""
    ends = [(spell.end, spell.space, 1) for spell in told if spell.end is not None]
    return pd.DataFrame(ends, columns=["week", "space", "number"]).astype(np.int64)


def _met(result: Result, told: Sequence[Spell], window: int) -> pd.DataFrame:
    """List members' sides of encounters in spaces in the last weeks."""
    weeks = result.scenario.weeks
    return member_sides(_log(result), told, weeks - window, weeks)


def _log(result: Result) -> pd.DataFrame:
    if result.events is None:
        raise ValueError("the run kept no event log: simulate(scenario, events=True)")
    return result.events


def member_sides(log: pd.DataFrame, told: Sequence[Spell], first: int, end: int) -> pd.DataFrame:
    """List week, space and times of each side of an encounter in a space that is a member: visitors do not count.

    Weeks ``first`` to before ``end``. A person is a member in the weeks of his or her spells.
    """
    log = log[(log["week"] >= first) & log["event"].isin(ENCOUNTER_KINDS[:INSIDE_KINDS])]
    spans = np.array([(s.place, s.start, end if s.end is None else s.end) for s in told], np.int64).reshape(-1, 3)
    start, stop = np.maximum(spans[:, 1], first), spans[:, 2]
    lengths = np.maximum(stop - start, 0)
    span = np.repeat(np.arange(len(spans)), lengths)
    nth = np.arange(len(span)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    # A place and a week as one number, with room for every week of the window.
    present = spans[span, 0] * (end - first) + start[span] + nth - first
    sides = []
    for who in ("key", "other"):
        place = log[who].to_numpy(np.int64) >> GENERATION_BITS
        there = place * (end - first) + log["week"].to_numpy(np.int64) - first
        sides.append(log.loc[np.isin(there, present), list(_SIDE)])
    return pd.concat(sides, ignore_index=True)


def fortunes(ledger: pd.DataFrame) -> tuple[Measured, Measured]:
    """Return the shares of spaces that made a profit and a loss, capital and investment left out.

    Within 5 % of turnover either way, a space breaks even; one without turnover makes a loss.
    """
    taken = ledger[ledger["payee"].str.startswith("space:") & (ledger["purpose"] != "capital")]
    spent = ledger[ledger["payer"].str.startswith("space:") & (ledger["purpose"] != "investment")]
    turnover = taken.groupby("payee")["amount_gbp"].sum()
    cost = spent.groupby("payer")["amount_gbp"].sum()
    names = sorted({*turnover.index, *cost.index})
    if not names:
        none = unmeasured("no space traded")
        return none, none
    margins = [_margin(float(turnover.get(name, 0.0)), float(cost.get(name, 0.0))) for name in names]
    note = f"median margin {100 * statistics.median(margins):+.0f} % of turnover"
    basis = f"{len(names)} space{'s' if len(names) > 1 else ''}"
    gains, losses = sum(m > BREAK_EVEN for m in margins), sum(m < -BREAK_EVEN for m in margins)
    return (
        measured_share(gains, len(names), basis, note),
        measured_share(losses, len(names), basis, note),
    )


def _margin(turnover: float, cost: float) -> float:
    return (turnover - cost) / turnover if turnover > 0 else -1.0
