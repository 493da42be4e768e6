"""Spaces of a user's own list that open and close by date.

What opened before the market's accounts begin is there from the opening of the market, with its age; the others open in
the week of their day, with the capital of a new space. A space whose closing is known stays until then.
"""

from collections import defaultdict

import numpy as np

from coworksim.model.state.spaces import dates_of
from coworksim.model.state.world import World


class ListedDates:
    """What opens and closes in which week, as pairs of region and ordinal."""

    def __init__(self, world: World) -> None:
        self._prospects = world.prospects()
        self._opening: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._closing: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._closes: dict[tuple[int, int], int] = {}
        market = world.scenario.market_week
        for r, region in enumerate(world.scenario.regions):
            for k in range(len(region.own_spaces)):
                opens, closes = dates_of(world.scenario, r, k)
                if closes is not None and closes > market:
                    self._closing[closes].append((r, k))
                    self._closes[r, k] = closes
                if opens is not None and opens > market and (closes is None or closes > opens):
                    self._opening[opens].append((r, k))

    def stays(self, world: World, s: int) -> bool:
        """Return whether the space in a row is there until its day, whatever its books say."""
        closes = self._closes.get((int(world.spaces.region[s]), int(world.spaces.ordinal[s])))
        return bool(closes is not None and world.week < closes)

    def turn(self, world: World) -> None:
        """Close what closes in this week, and open what is there from the next one on."""
        spaces = world.spaces
        for region, ordinal in self._closing.get(world.week, ()):
            rows = np.flatnonzero(spaces.open & (spaces.region == region) & (spaces.ordinal == ordinal))
            for s in rows.tolist():
                world.close_space(s)
        for region, ordinal in self._opening.get(world.week + 1, ()):
            new, (first, _) = self._prospects.of(region, ordinal), spaces.rows_of(region)
            account = world.open_space(first + ordinal, new, world.week + 1)
            spaces.listed[first + ordinal] = True
            world.ledger.post(world.week, "investors", account, "capital", new.capital)
