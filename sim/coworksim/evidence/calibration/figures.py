"""What people and spaces came to in the last weeks of a run; intervals are of 95 %, for chance within the run."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import stdev
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.model.parameters.skills import CREATIVE, ENCOUNTER_KINDS, INDEPENDENT
from coworksim.model.state.people import DAY, FREELANCER, GENERATION_BITS, Population
from coworksim.model.state.ties import EVENT, INSIDE_KINDS
from coworksim.runs.simulation import Earlier, Result
from coworksim.statistics.intervals import Z95, share_ratio, wilson

type Interval = tuple[float, float]
type Flags = NDArray[np.bool_]

#: Spaces from which on they are the unit of analysis.
ENOUGH_SPACES: Final = 5
#: Profit or loss under this share of turnover is breaking even: a month's. So much hangs on which side of New Year a
#: quarter's rent or an invoice falls, and Deskmag lets owners choose between profit, neither, and loss.
BREAK_EVEN: Final = 1.0 / 12.0
#: Share of working days from which somebody comes every working day: 19 of 20.
EVERY_DAY = 0.95
#: Hours on training places of a space in a year from which somebody has had training: one working day.
TRAINED_HOURS = 7.0
LITTLE = 25000.0


@dataclass(frozen=True)
class Measured:
    """A value (None: not measured, and ``note`` says why), its 95 % interval and the unit of analysis behind that."""

    value: float | None
    interval: Interval | None
    basis: str
    note: str = ""


def unmeasured(reason: str) -> Measured:
    """Return a figure that could not be measured."""
    return Measured(None, None, "", reason)


def measured_share(hits: int, number: int, basis: str, note: str = "") -> Measured:
    """Return a share of ``number``, at least one, with Wilson's interval."""
    found = wilson(hits, number)
    return Measured(found.share, (found.low, found.high), basis, note)


def around(value: float, units: Sequence[float]) -> Interval | None:
    """Return ``value`` +- 1.96 standard errors, as units of analysis spread; None of fewer than two units.

    What is measured here is never negative, so the lower end is not either.

    >>> [round(end, 3) for end in around(2.0, [1.0, 2.0, 3.0])]
    [0.868, 3.132]
    """
    if len(units) < 2:
        return None
    half = Z95 * stdev(units) / math.sqrt(len(units))
    return max(0.0, value - half), value + half


def batches(weeks: int, length: int = 13) -> list[int]:
    """Return the number of the block of each week, whole blocks only: weeks before the first whole block are -1.

    >>> batches(5, 2)
    [-1, 0, 0, 1, 1]
    """
    rest = weeks % length
    return [-1] * rest + [at // length for at in range(weeks - rest)]


class Spell(NamedTuple):
    """One person's time in one space: weeks ``start`` to before ``end``, None while it lasts.

    ``place`` is the person's key without its generation: of all who held a place, one is there at a time.
    """

    place: int
    space: int
    start: int
    end: int | None

    def weeks(self, now: int) -> int:
        """Return how long it took, or has taken when week ``now`` begins."""
        return (now if self.end is None else self.end) - self.start


def spells(events: pd.DataFrame) -> list[Spell]:
    """Return every spell, ended ones first.

    A spell ends when a person leaves, goes to another space (not: changes plan), or leaves the region for good, which
    the log tells by the newcomer who takes the place.
    """
    told = events[events["event"].isin(("arrives", "joins", "leaves", "moves"))]
    lasting: dict[int, Spell] = {}
    ended: list[Spell] = []
    columns = (told[name].tolist() for name in ("week", "event", "key", "space_key"))
    for week, event, key, space in zip(*columns, strict=True):
        place = key >> GENERATION_BITS
        before = lasting.pop(place, None)
        if before is not None and event == "moves" and before.space == space:
            lasting[place] = before
            continue
        if before is not None:
            ended.append(before._replace(end=week))
        if event in ("joins", "moves"):
            lasting[place] = Spell(place, space, week, None)
    return [*ended, *lasting.values()]


def churn(ends: float, member_weeks: float) -> float:
    """Return spells that ended per member and month.

    >>> round(churn(6, 520), 9)
    0.05
    """
    return ends / member_weeks * 52 / 12


def _share(hits: Flags, among: Flags, people: str, note: str = "") -> Measured:
    number = int(among.sum())
    if number == 0:
        return unmeasured(f"no {people}")
    return measured_share(int((hits & among).sum()), number, f"{number} {people}", note)


def attendance(w: Population, lately: Earlier, weeks: int) -> Measured:
    """Return the share of members who came every working day of the last weeks: on 19 of 20 days, or more.

    Among people who were members in each of these weeks; ``lately`` is how people stood before them. Somebody who
    found no desk did not come.
    """
    members = (w.member_of >= 0) & (lately.since(w, "member_weeks") == weeks)
    often = lately.since(w, "days_total") >= EVERY_DAY * 5 * weeks
    by_day = 100 * float((w.plan[members] == DAY).mean()) if members.any() else 0.0
    return _share(often, members, "members", f"in the last {weeks} weeks; {by_day:.0f} % of members have a day plan")


def independents(w: Population) -> Measured:
    """Return the share of freelancers, owners and nomads among members in the last week."""
    members = w.member_of >= 0
    alone = float((w.status[members] == FREELANCER).mean()) if members.any() else 0.0
    return _share(np.array(INDEPENDENT)[w.status], members, "members", f"freelancers alone {100 * alone:.0f} %")


def training_gap(w: Population, before: Earlier, window: int) -> Measured:
    """Return independents' share of people with training in a year over that of employees (remote ones too).

    Training: a course, or at least 7 hours in a year (one working day) on a space's training places, among people who
    were there all year and independent, or employed, at its start and end. Learning elsewhere is left out: those hours
    are practice and reading alike, and nearly everybody has some.
    """
    own, there = np.array(INDEPENDENT), before.there(w)
    free, employed = there & own[w.status] & own[before.status], there & ~own[w.status] & ~own[before.status]
    taught = before.since(w, "training_hours_total")
    trained = (taught * 52 / window >= TRAINED_HOURS) | (before.since(w, "lessons_total") > 0.0)
    hits, others, number, of_others = (int(x.sum()) for x in (trained & free, trained & employed, free, employed))
    if not (number and of_others and others):
        return unmeasured("too few people with training")
    elsewhere = trained | ((taught + before.since(w, "outside_hours_total")) * 52 / window >= TRAINED_HOURS)
    shares = (hits / number, others / of_others, *(float(elsewhere[group].mean()) for group in (free, employed)))
    own_share, their_share, all_own, all_theirs = (f"{100 * share:.0f} %" for share in shares)
    note = (
        f"{own_share} against {their_share} had a course, or {TRAINED_HOURS:.0f} h in a space; with learning elsewhere "
    )
    note += f"elsewhere {all_own} against {all_theirs}"
    found = share_ratio(wilson(hits, number), wilson(others, of_others))
    return Measured(found.ratio, (found.low, found.high) if hits else None, f"{number} + {of_others} people", note)


def poor_freelancers(w: Population, before: Earlier, window: int) -> Measured:
    """Return the share of creative freelancers who earned under 25,000 GBP in the last year.

    Among those who were freelancers at its start and end; a shorter window is scaled to a year.
    """
    among = before.there(w) & np.array(CREATIVE)[w.occupation]
    among &= (w.status == FREELANCER) & (before.status == FREELANCER)
    yearly = before.since(w, "earned") / 100 * 52 / window
    return _share(yearly < LITTLE, among, "creative freelancers")


def last_weeks(spaces: pd.DataFrame, window: int) -> pd.DataFrame:
    """Return open spaces in the last weeks, with the unit of analysis: space, or block of weeks."""
    first = (int(spaces["week"].max()) if len(spaces) else -1) - window + 1
    table = spaces[spaces["open"] & (spaces["week"] >= first)].copy()
    if table["space_key"].nunique() >= ENOUGH_SPACES:
        table["unit"] = table["space_key"]
    else:
        table["unit"] = np.array(batches(window), np.int64)[table["week"].to_numpy(np.int64) - first]
    table["desk_days_offered"] = 5.0 * table["desks"]
    table["desk_days"] = table["occupancy"] * table["desk_days_offered"]
    return table


def in_spaces(
    result: Result, log: pd.DataFrame, year: pd.DataFrame, told: Sequence[Spell], window: int
) -> dict[str, Measured]:
    """Measure every target that is about spaces; ``year`` has the open spaces of the last weeks."""
    ledger, end = result.ledger, result.scenario.weeks
    profit, loss = fortunes(ledger[ledger["week"] >= end - window], _there_all_along(result, year, window))
    ends = [(spell.end, spell.space, 1) for spell in told if spell.end is not None]
    gone = _with_count(year, "ended", pd.DataFrame(ends, columns=["week", "space_key", "number"]).astype(np.int64))
    met = _with_count(year, "met", member_sides(log, told, end - window, end))
    return {
        "price": _price(year),
        "members per space": replace(_pooled(year, "members", None), note=_by_space(year)),
        "churn": _pooled(gone, "ended", "members", churn(1, 1)),
        "contacts": replace(_pooled(met, "met", "desk_days"), note=_at_events(log, end - window)),
        "events": _pooled(year, "events", None, 52 / 12),
        "profitable spaces": profit,
        "loss-making spaces": loss,
        "occupancy": _pooled(year, "desk_days", "desk_days_offered"),
    }


def _there_all_along(result: Result, year: pd.DataFrame, window: int) -> list[str]:
    """Return the accounts of spaces that were open in each week of the window."""
    weeks = year.groupby("space_key").size()
    listed = result.space_list
    return listed.loc[listed["space_key"].isin(weeks.index[weeks == window]), "account"].astype(str).tolist()


def _basis(year: pd.DataFrame) -> str:
    spaces = year["space_key"].nunique()
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
    means = [f"{mean:.0f}" for mean in year.groupby("space_key")["members"].mean()]
    told = f"the mean is over weeks of open spaces; by space it is {', '.join(means)}"
    return told if 1 < len(means) < ENOUGH_SPACES else ""


def _at_events(log: pd.DataFrame, first: int) -> str:
    """Return which part of encounters in spaces, from a week on, happened at events."""
    log = log[(log["week"] >= first) & log["event"].isin(ENCOUNTER_KINDS[:INSIDE_KINDS])]
    total, at_events = (int(rows["number"].sum()) for rows in (log, log[log["event"] == ENCOUNTER_KINDS[EVENT]]))
    return f"{100 * at_events / total:.0f} % of encounters happened at events" if total else ""


def _with_count(year: pd.DataFrame, name: str, told: pd.DataFrame) -> pd.DataFrame:
    """Add a column that sums ``number`` of a table by week and space."""
    summed = told.groupby(["week", "space_key"])["number"].sum().rename(name).reset_index()
    table = year.merge(summed, on=["week", "space_key"], how="left")
    return table.assign(**{name: table[name].fillna(0).astype(np.int64)})


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
        sides.append(log.loc[np.isin(there, present), ["week", "space_key", "number"]])
    return pd.concat(sides, ignore_index=True)


def fortunes(ledger: pd.DataFrame, accounts: Sequence[str]) -> tuple[Measured, Measured]:
    """Return the shares of these spaces that made a profit and a loss.

    Capital, investment and what owners take out are no part of it. Within a month's turnover either way, a space breaks
    even; one without turnover makes a loss.
    """
    taken = ledger[ledger["payee"].isin(accounts) & (ledger["purpose"] != "capital")]
    spent = ledger[ledger["payer"].isin(accounts) & ~ledger["purpose"].isin(("investment", "payout"))]
    turnover = taken.groupby("payee", observed=True)["amount_gbp"].sum()
    cost = spent.groupby("payer", observed=True)["amount_gbp"].sum()
    names = sorted({*turnover.index, *cost.index})
    if not names:
        return unmeasured("no space traded"), unmeasured("no space traded")
    sums = [(float(turnover.get(name, 0.0)), float(cost.get(name, 0.0))) for name in names]
    margins = [(earned - lost) / earned if earned > 0 else -1.0 for earned, lost in sums]
    note = f"median margin {100 * statistics.median(margins):+.0f} % of turnover"
    basis = f"{len(names)} space{'s' if len(names) > 1 else ''}"
    gains, losses = sum(m > BREAK_EVEN for m in margins), sum(m < -BREAK_EVEN for m in margins)
    return measured_share(gains, len(names), basis, note), measured_share(losses, len(names), basis, note)
