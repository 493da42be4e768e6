"""The season of a week in the plain twin: fewer come in August and around Christmas, a few more at other times."""

from __future__ import annotations

from datetime import date
from typing import Final

__all__ = ["season_of"]

#: The calendar repeats after so many days.
_CALENDAR: Final = 400 * 365 + 97


def season_of(starts: date, since: int, *, christmas: float, august: float) -> float:
    """Factor on coming in the week that begins ``since`` weeks after a day; its mean over a year is 1.

    >>> [season_of(date(2024, 8, 5), since, christmas=0.5, august=0.85) for since in (0, 3, 20)]
    [0.85, 0.85, 0.5]
    """
    day = date.fromordinal((starts.toordinal() - 1 + 7 * since) % _CALENDAR + 1)
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 2):
        return christmas
    if day.month == 8:
        return august
    return (52 - 2 * christmas - 4 * august) / 46
