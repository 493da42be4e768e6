"""What the days on which listed spaces open and close come to in a scenario, where that is hardly meant."""

import datetime
from collections.abc import Iterator

from coworksim.model.scenario import Scenario


def of_dates(scenario: Scenario) -> Iterator[str]:
    """Say which spaces of a list are never there for the days on which they open and close, and why."""
    first, end = scenario.market_week, scenario.start_week + scenario.weeks
    spaces = [space for region in scenario.regions for space in region.own_spaces]
    opens = [scenario.week_of(space.opened) for space in spaces if space.opened is not None]
    closes = [scenario.week_of(space.closed) for space in spaces if space.closed is not None]
    begins = scenario.starts + datetime.timedelta(weeks=first - scenario.start_week)
    late, gone = sum(week >= end for week in opens), sum(week <= first for week in closes)
    if late:
        yield f"{_left_out(late, 'open')} after the {scenario.weeks} weeks that are run"
    if gone:
        yield f"{_left_out(gone, 'close')} before the simulated market begins on {begins}"
    acting = sum(week > first for week in opens) - late + sum(first < week < end for week in closes)
    if acting and not scenario.mechanisms["management"]:
        yield "spaces open and close by date only where the mechanism management is on, and it is off"


def _left_out(count: int, verb: str) -> str:
    return f"1 space is left out: it {verb}s" if count == 1 else f"{count} spaces are left out: they {verb}"
