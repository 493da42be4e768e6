"""Spells of membership, read off the event log."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from colearn.world.population import GENERATION_BITS

__all__ = ["Spell", "churn", "spells"]

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
