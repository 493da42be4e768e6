"""The season: how many people come, and look at membership, in a week over a usual one.

A week is of Christmas where its first day is one of the fortnight from 20 December to 2 January, and of August where
its first day is in August. There ``season`` is ``christmas`` and ``august``; in all other weeks it is ``(52 -
2*christmas - 4*august)/46``, so that the mean over 52 weeks is 1, whatever the calendar.
"""

import datetime
from typing import Final

from coworksim.model.scenario import Scenario

#: Days after which the calendar repeats, weekdays too: 400 years.
_CYCLE: Final = 146_097


def usual(christmas: float, august: float) -> float:
    """Return the season of the weeks that are neither of Christmas nor of August.

    >>> usual(1.0, 1.0), round((2 * 0.5 + 4 * 0.85 + 46 * usual(0.5, 0.85)) / 52, 12)
    (1.0, 1.0)
    """
    return (52.0 - 2.0 * christmas - 4.0 * august) / 46.0


def season(scenario: Scenario, week: int) -> float:
    """Return the season of a week, counted from the scenario's start; weeks before it are negative."""
    christmas, august = float(scenario["attendance.christmas"]), float(scenario["attendance.august"])
    first = datetime.date.fromordinal((scenario.starts.toordinal() + 7 * week - 1) % _CYCLE + 1)
    if (first.month == 12 and first.day >= 20) or (first.month == 1 and first.day <= 2):
        return christmas
    return august if first.month == 8 else usual(christmas, august)
