"""One measured figure, and its interval of 95 % for chance within one run.

Spells of membership, read off the event log.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import NamedTuple

import pandas as pd

from coworksim.model.state.people import GENERATION_BITS
from coworksim.statistics.intervals import Z95, wilson

type Interval = tuple[float, float]


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
    count = len(units)
    if count < 2:
        return None
    half = Z95 * stdev(units) / math.sqrt(count)
    return max(0.0, value - half), value + half


def batches(weeks: int, length: int = 13) -> list[int]:
    """Return the number of the block of each week, whole blocks only: weeks before the first whole block are -1.

    >>> batches(5, 2)
    [-1, 0, 0, 1, 1]
    """
    rest = weeks % length
    return [-1] * rest + [at // length for at in range(weeks - rest)]


_TELLING = ("arrives", "joins", "leaves", "moves")


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
    told = events[events["event"].isin(_TELLING)]
    lasting: dict[int, Spell] = {}
    ended: list[Spell] = []
    for week, event, key, space in zip(
        told["week"].tolist(), told["event"].tolist(), told["key"].tolist(), told["space"].tolist(), strict=True
    ):
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
