"""How members follow a price that stays, in the reference region: by income, after one year and after three."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Floats
from coworksim.model.mechanisms.helpers.membership_chain import Chances, Constants
from coworksim.model.mechanisms.helpers.reference_region import (
    behaviour,
    people_and_incomes,
    solved,
)
from coworksim.model.parameters.week import MembershipParameters

FIFTHS = 5


class Elasticities(NamedTuple):
    """Arc elasticities of a price 25 % higher, in the first year and in the third, of people of some incomes."""

    lowest: float  # GBP a week
    highest: float
    first_year: float
    third_year: float


@lru_cache(maxsize=16)
def by_income(p: MembershipParameters) -> tuple[Elasticities, ...]:
    """Work out how much the people of the reference region follow a price.

    Args:
        p: Tastes, with elasticity, members of a space and churn.

    Returns:
        Everybody, then the fifths by income, the lowest first.

    Raises:
        ValueError: No constants bring the inputs about.
    """
    tastes = solved(p)
    constants = Constants(tastes.price_weight, tastes.constant, tastes.habit, tastes.taste_scale)
    people, income = people_and_incomes(tastes)
    order = np.argsort(income, kind="stable")
    return tuple(_of(rows, income, tastes, constants, people) for rows in (order, *np.array_split(order, FIFTHS)))


def _of(
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    income: Floats,
    tastes: MembershipParameters,
    constants: Constants,
    people: Chances,
) -> Elasticities:
    some = Chances(*(column[rows] for column in people))
    first, third = (behaviour(tastes, constants, some, year)[0] for year in (1, 3))
    return Elasticities(float(income[rows[0]]), float(income[rows[-1]]), first, third)
