"""What a space is when it opens: its size, price, place, owner and luck, drawn for who founds it.

``ordinal`` says which space of its region it is: ``0, 1, 2, ...`` for those of the scenario, and
``4096 + 128*week + f`` for one that founder ``f`` has in mind in a week since the first of burn-in; the last 64 of a
week are for policies that open spaces. All draws about a space are keyed by it: so whatever is founded in two arms of a
comparison is the same space, whichever row it takes.

Desks are ``d*(people/6400)**b * exp(s*z - s*s/2)``, from a ninth of ``d`` to three times ``d``, with ``d`` desks on
average in a place of 6,400 potential users; the list price is ``p*level*exp(s_p*z)``. A user's own list of spaces
replaces both. It lies anywhere in its region, in a microcluster or not.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from coworksim.model.parameters.around_the_week import SpaceParameters
from coworksim.model.parameters.week import ManagementParameters
from coworksim.model.scenario import Scenario, read
from coworksim.model.state.rng import SPACE, RunKey, exponential, normal, pence, remembered, space_key, uniform

#: Ordinals of spaces that are founded begin here; so many to a week, of which so many are for founders.
FOUNDED: Final = 4096
OF_A_WEEK: Final = 128
FOUNDERS: Final = 64
#: Potential users of a place in which a space has the desks of ``space.desks``, on average.
USUAL_PEOPLE: Final = 6400.0
#: A drawn size is from this part of ``space.desks`` (a whole number of them) to so many times it.
LEAST_PART, MOST_TIMES = 9, 3
#: Weeks of age, at most, of a space that is there when a mature or growing market opens: so that ages stay as they
#: are.
OLDEST: Final = 832
#: Indices of the draws of a space.
SIZE, PRICE, PATIENCE, HOST, AGE, CASH, LUCK, OPTIMISM, CLUSTER = range(2, 11)


class Prospect(NamedTuple):
    """A space that somebody has in mind."""

    region: int
    ordinal: int
    desks: int
    price: int  # list price, pence a month
    home: tuple[float, float]  # km
    cluster: bool  # lies in a microcluster
    patience: float  # weeks of cost that the owner lends
    hosted: bool
    luck: float
    capital: int  # pence


def called(ordinal: int) -> str:
    """Return what a space is called in its region: its number, or the week and the number of its founder.

    >>> called(3), called(4096 + 128 * 130 + 2)
    ('3', '130.2')
    """
    week, number = divmod(ordinal - FOUNDED, OF_A_WEEK)
    return str(ordinal) if ordinal < FOUNDED else f"{week}.{number}"


class Prospects:
    """The spaces that could be, by region and ordinal."""

    def __init__(
        self, scenario: Scenario, level: Sequence[float], people: Sequence[int], side: Sequence[float], run: RunKey
    ) -> None:
        """Read what they depend on: by region, ``level`` of prices, ``people``, and ``side`` in km."""
        self._s, self._m = read(scenario, SpaceParameters), read(scenario, ManagementParameters)
        self._level, self._people, self._side, self._run = level, people, side, run
        self._listed = [region.own_spaces for region in scenario.regions]
        self._spun_up, self._clusters = scenario.is_spun_up, float(scenario["clusters.spaces"])

    def draw(self, region: int, ordinal: int, index: int) -> float:
        """Return a uniform number about a space."""
        return uniform(np.uint64(remembered(self._run, np.uint64(space_key(region, ordinal)), SPACE, 0, index)))

    def of(self, region: int, ordinal: int) -> Prospect:
        """Return a space as it would open."""
        own = self._listed[region][ordinal] if ordinal < len(self._listed[region]) else None
        desks = self._desks(region, ordinal) if own is None or own.desks is None else own.desks
        price = self._price(region, ordinal) if own is None or own.price is None else pence(own.price)
        east, north = (self._side[region] * self.draw(region, ordinal, axis) for axis in range(2))
        return Prospect(
            region,
            ordinal,
            desks,
            price,
            (east, north),
            cluster=self._clustered(region, ordinal) if own is None or own.cluster is None else own.cluster,
            patience=self._m.patience * exponential(self.draw(region, ordinal, PATIENCE)),
            hosted=self.draw(region, ordinal, HOST) < self._m.hosted,
            luck=normal(self.draw(region, ordinal, LUCK)),
            capital=pence(self._m.capital * desks),
        )

    def by_policy(self, region: int, week: int, rank: int) -> Prospect:
        """Return the space that a policy would open in a week; ``rank``: the place of its name among all policies."""
        return self.of(region, FOUNDED + OF_A_WEEK * week + OF_A_WEEK - 1 - rank)

    def age(self, new: Prospect) -> int:
        """Return how many weeks old a space of the scenario is when the market opens."""
        return int(OLDEST * self.draw(new.region, new.ordinal, AGE)) if self._spun_up else 0

    def cash(self, region: int, ordinal: int, capital: int) -> int:
        """Return what a space of the scenario has when the market opens, pence."""
        return int(self.draw(region, ordinal, CASH) * capital) if self._spun_up else capital

    def _clustered(self, region: int, ordinal: int) -> bool:
        return self.draw(region, ordinal, CLUSTER) < self._clusters

    def _desks(self, region: int, ordinal: int) -> int:
        s = self._s
        if s.size_sd == 0.0 and s.size_by_place == 0.0:
            return s.desks
        z, place = normal(self.draw(region, ordinal, SIZE)), self._people[region] / USUAL_PEOPLE
        drawn = s.desks * math.pow(place, s.size_by_place) * math.exp(s.size_sd * z - s.size_sd * s.size_sd / 2.0)
        return min(MOST_TIMES * s.desks, max(1, s.desks // LEAST_PART, int(drawn + 0.5)))

    def _price(self, region: int, ordinal: int) -> int:
        usual = self._s.price * self._level[region]
        spread = self._s.price_sd
        return pence(usual * math.exp(spread * normal(self.draw(region, ordinal, PRICE))) if spread else usual)
