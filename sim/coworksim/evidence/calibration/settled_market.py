"""Whether a mature market of spaces has settled by the start: its last two years before week 0 side by side."""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from coworksim.model.recorder import COUNTS, SPACE_COLUMNS, Recorder
from coworksim.model.scenario import Scenario

#: Change from one year to the next under which a market has settled.
SETTLED_MARKET = 0.05
_YEAR = 52


@dataclass(frozen=True)
class MarketDrift:
    """Relative change from the last year but one before the start to the last; None where there is nothing to see.

    Prices and ages are means over open spaces and weeks. Ages leave out spaces of a list of the user's own, which stay
    until the start whatever happens.
    """

    members: float | None
    spaces: float | None
    price: float | None
    age: float | None

    @property
    def settled(self) -> bool:
        """Whether nothing has moved much."""
        return all(one is None or abs(one) < SETTLED_MARKET for one in astuple(self))


def market_drift(scenario: Scenario, record: Recorder, region: NDArray[np.int32]) -> MarketDrift | None:
    """Measure it; None where the market has not had accounts for two years before the start.

    ``record`` has the weeks of a run from the first of burn-in on; ``region`` is that of each of its rows of spaces.
    """
    first = scenario.start_week - 2 * _YEAR
    if scenario.market == "new" or first < max(scenario.market_week, record.first_week):
        return None
    listed = np.array([bool(one.own_spaces) for one in scenario.regions])[region]
    years = [_year(record, listed, week) for week in (first, first + _YEAR)]
    return MarketDrift(*(_change(*pair) for pair in zip(*years, strict=True)))


def _year(record: Recorder, listed: NDArray[np.bool_], first: int) -> tuple[float, float, float, float]:
    """Return members and open spaces, week by week, and the mean price and the mean age of open spaces, in a year."""
    at = slice(first - record.first_week, first - record.first_week + _YEAR)
    columns = dict(zip(SPACE_COLUMNS, np.moveaxis(record.spaces[at], 2, 0), strict=True))
    is_open = columns["open"] > 0
    age = np.arange(first, first + _YEAR)[:, np.newaxis] - columns["opened"]
    members = record.counts[at, :, :, COUNTS.index("members")]
    prices, ages = columns["price"][is_open], age[is_open & ~listed]
    return float(members.sum()), float(is_open.sum()), _mean(prices), _mean(ages)


def _mean(values: NDArray[np.int64]) -> float:
    return float(values.mean()) if values.size else 0.0


def _change(before: float, after: float) -> float | None:
    return after / before - 1.0 if before > 0.0 else None
