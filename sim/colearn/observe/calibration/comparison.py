"""A finished run against the figures that it should come near to, with intervals of chance within the run.

Everything is measured over the last 52 weeks (all weeks after the opening, where there are fewer). Intervals are of
95 %: Wilson's for shares of people and of spaces; for means, the spread between spaces or, with fewer than five,
between blocks of 13 weeks.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from colearn.model import CoworkingModel
from colearn.observe.calibration.below import Below, below
from colearn.observe.calibration.intervals import around, batches, wilson
from colearn.observe.calibration.measured import Measured, unmeasured
from colearn.observe.calibration.people import Before, attendance, independents, poor_freelancers, training_gap
from colearn.observe.calibration.spells import Spell, churn, spells
from colearn.observe.calibration.targets import MOVED, TARGETS, Moved, Target
from colearn.observe.results import Result
from colearn.quantities import QUANTITIES
from colearn.quantities.skills import ENCOUNTER_KINDS
from colearn.world.meetings import EVENT, INSIDE_KINDS
from colearn.world.population import GENERATION_BITS

__all__ = ["Calibration", "Row", "calibrate", "fortunes"]

YEAR = 52
#: Weeks from which attendance is read: few, since plans change at reviews.
LATELY = 4
#: Spaces from which on they are the unit of analysis.
ENOUGH_SPACES = 5
#: Profit or loss under this share of turnover is breaking even.
BREAK_EVEN = 0.05


@dataclass(frozen=True)
class Row:
    """One target and what the run came to."""

    target: Target
    measured: Measured

    @property
    def within(self) -> bool | None:
        """Whether the target is met, None when nothing could be measured."""
        return None if self.measured.value is None else self.target.meets(self.measured.value)


@dataclass(frozen=True)
class Calibration:
    """Every target, what stands below the table, which defaults were moved, and which the scenario moves further."""

    title: str
    name: str
    seed: int
    weeks: int
    rows: tuple[Row, ...]
    below: Below
    moved: tuple[Moved, ...]
    here: tuple[tuple[str, float | int | str, float | int | str], ...]  # quantity, default, value in the scenario


def calibrate(result: Result, week_done: Callable[[], None] = lambda: None) -> Calibration:
    """Measure a run that kept its events; ``week_done`` is called now and then.

    What people had earned, learnt and attended a year before the end is no part of a result, so the run is repeated
    up to that week, which gives the same world: a run follows from its scenario, seed and replicate.
    """
    if result.events is None:
        raise ValueError("calibration reads the event log: simulate(scenario, events=True)")
    window = min(YEAR, result.scenario.weeks)
    before, lately = _befores(result, (window, min(LATELY, window)), week_done)
    year = _year(result.spaces, window, len(result.model.world.spaces))
    told = spells(result.events)
    found = (
        *_of_spaces(result, year, told, window),
        *_of_people(result, before, lately, window),
    )
    by_name = dict(found)
    return Calibration(
        result.scenario.title,
        result.scenario.name,
        result.seed,
        window,
        tuple(Row(target, by_name[target.name]) for target in TARGETS),
        below(result, year, told),
        MOVED,
        tuple(
            (q.name, q.default, value) for q in QUANTITIES.values() if (value := result.scenario[q.name]) != q.default
        ),
    )


def _befores(result: Result, windows: tuple[int, int], week_done: Callable[[], None]) -> list[Before]:
    """Repeat the run; copy people as they stood so many weeks before its end, most weeks first."""
    model = CoworkingModel(result.scenario, result.seed, result.replicate)
    found, done = [], 0
    for window in windows:
        weeks = result.recorder.weeks - window
        for _ in range(weeks - done):
            model.step()
            week_done()
        done = weeks
        members = int((model.world.workers.member_of >= 0).sum())
        if weeks > 0 and members != int(result.recorder.counts[weeks - 1, :, :, 1].sum()):
            raise ValueError("scenario and seed do not repeat this run, so its last year cannot be measured")
        found.append(Before.of(model.world.workers))
    return found


def _year(spaces: pd.DataFrame, window: int, count: int) -> pd.DataFrame:
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


def _of_spaces(result: Result, year: pd.DataFrame, told: list[Spell], window: int) -> tuple[tuple[str, Measured], ...]:
    ledger = result.ledger
    profit, loss = fortunes(ledger[ledger["week"] >= result.scenario.weeks - window])
    gone = _with_count(year, "ended", [(spell.end, spell.space, 1) for spell in told if spell.end is not None])
    met = _with_count(year, "met", _sides(result, told, result.scenario.weeks - window))
    return (
        ("price", _price(year)),
        ("members per space", replace(_pooled(year, "members", None), note=_by_space(year))),
        ("churn", _pooled(gone, "ended", "members", churn(1, 1))),
        ("contacts", replace(_pooled(met, "met", "desk_days"), note=_at_events(result, window))),
        ("events", _pooled(year, "events", None, YEAR / 12)),
        ("profitable spaces", profit),
        ("loss-making spaces", loss),
        ("occupancy", _pooled(year, "desk_days", "desk_days_offered")),
    )


def _of_people(result: Result, before: Before, lately: Before, window: int) -> tuple[tuple[str, Measured], ...]:
    w = result.model.world.workers
    return (
        ("attendance", attendance(w, lately, min(LATELY, window))),
        ("independents", independents(w)),
        ("training gap", training_gap(w, before, window)),
        ("freelancers under 25,000", poor_freelancers(w, before, window)),
    )


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
    log = result.events
    if log is None:
        return ""
    log = log[(log["week"] >= result.scenario.weeks - window) & log["event"].isin(ENCOUNTER_KINDS[:INSIDE_KINDS])]
    total = int(log["number"].sum())
    at_events = int(log.loc[log["event"] == ENCOUNTER_KINDS[EVENT], "number"].sum())
    return f"{100 * at_events / total:.0f} % of encounters happened at events" if total else ""


def _with_count(year: pd.DataFrame, name: str, told: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Add a column that sums (week, row of the space, number) by week and space."""
    found = pd.DataFrame(told, columns=["week", "row", name]).astype(np.int64)
    summed = found.groupby(["week", "row"], as_index=False)[name].sum()
    table = year.merge(summed, on=["week", "row"], how="left")
    return table.assign(**{name: table[name].fillna(0).astype(np.int64)})


def _sides(result: Result, told: list[Spell], first: int) -> list[tuple[int, int, int]]:
    """List (week, space, times) for each side of an encounter in a space that is a member: visitors do not count."""
    log = result.events
    if log is None:
        return []
    log = log[(log["week"] >= first) & log["event"].isin(ENCOUNTER_KINDS[:INSIDE_KINDS])]
    end = result.scenario.weeks
    member_weeks = {
        (spell.place, week)
        for spell in told
        for week in range(max(spell.start, first), end if spell.end is None else spell.end)
    }
    columns = (log[name].tolist() for name in ("week", "space", "number", "key", "other"))
    return [
        (week, space, number)
        for week, space, number, key, other in zip(*columns, strict=True)
        for who in (key, other)
        if (who >> GENERATION_BITS, week) in member_weeks
    ]


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
        Measured(gains / len(names), wilson(gains, len(names)), basis, note),
        Measured(losses / len(names), wilson(losses, len(names)), basis, note),
    )


def _margin(turnover: float, cost: float) -> float:
    return (turnover - cost) / turnover if turnover > 0 else -1.0
