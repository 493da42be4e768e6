"""How much memory a person takes, what the small types hold, and that what is freed goes back to the system."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from coworksim.files.scenario_reader import WHOLE
from coworksim.model.parameters import PARAMETERS
from coworksim.model.state.memory import LARGE, give_back
from coworksim.model.state.people import Population
from coworksim.model.state.ties import MOST_WEEKS, Ties
from coworksim.model.state.world import World

#: Weeks of the longest scenario.
LONGEST = sum(WHOLE[name][2] for name in ("burn_in_weeks", "spin_up_weeks", "weeks"))


def bytes_of(record: Any) -> dict[str, int]:
    columns = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    return {name: column[:1].nbytes for name, column in columns.items() if isinstance(column, np.ndarray)}


def test_a_person_and_a_tie_take_no_more_than_they_need() -> None:
    assert sum(bytes_of(Population.empty(1)).values()) <= 669
    assert sum(bytes_of(Ties.none(1))[name] for name in ("target", "weight", "last")) == 14


def test_the_longest_scenario_fits_into_the_week_of_a_tie() -> None:
    assert Ties.none(1).last.dtype == np.int16
    assert LONGEST <= MOST_WEEKS == np.iinfo(np.int16).max


def test_no_counter_of_a_person_overflows_in_the_longest_scenario() -> None:
    """Even of somebody twenty times as sociable as the mean, at the limits of all rates."""
    names = ("rate", "outside", "colleagues")
    most = {name: PARAMETERS[f"encounters.{name}"].limits[1] for name in names}
    at_tables = 5 * most["rate"] * 20 * 4  # days, and habit and closure over those of a usual pair
    at_events = 10 * most["rate"] / 3 * 3 * 20  # events, the meeting of a group, a founding
    outside = 2 * 50 * most["outside"] + 2 * most["colleagues"]  # by either, at fifty times the density of the UK
    counters = ("tenure", "member_weeks", "days_total", "encounters", "outside_met", "partners_new", "waiting")
    room = min(np.iinfo(getattr(Population.empty(1), name).dtype).max for name in counters)
    assert LONGEST * max(5, at_tables + at_events, outside) <= room


def test_no_world_goes_on_beyond_the_weeks_that_ties_can_hold() -> None:
    class Late:
        week, opening = MOST_WEEKS + 1, 0

    with pytest.raises(OverflowError, match=f"{MOST_WEEKS} weeks at most"):
        World.begin_week(Late())  # type: ignore[arg-type]  # nothing else of a world is read


_GIVES_BACK = f"""
import numpy as np
from coworksim.model.state.memory import give_back, give_back_holes

def held():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon")) * 1024

told = {{told}}
if told:
    assert give_back()
np.ones(4 * {LARGE}).sum()  # freed at once: from now on glibc would keep what is smaller
before = held()
large = [np.ones({LARGE} // 4) for _ in range(40)]
large[::2] = [None] * 20
small = [np.ones({LARGE} // 64) for _ in range(400)]
small[::2] = [None] * 200
after_large = held() - before
if told:
    give_back_holes()
print((held() - before) / {LARGE})
"""


@pytest.mark.skipif(not give_back(), reason="only glibc can be told to give memory back")
def test_memory_that_is_freed_between_arrays_that_stay_goes_back() -> None:
    """Twenty arrays of two units stay, and two hundred of an eighth: 65 units."""

    def held(told: bool) -> float:
        script = _GIVES_BACK.format(told=told)
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        return float(done.stdout)

    assert held(told=True) < 70
    assert held(told=False) > 85
