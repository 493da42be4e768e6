"""What stands beside every headline: how full spaces are, and how the demand for membership answers to its price.

The elasticity is the arc elasticity of the chance to be a member after a review, when everything on offer is dearer by
a tenth, over at most 150 people spread evenly by row: in the world without the policies, at the horizon, with the
habits that people have by then.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from colearn.appraisal.pairs import Record
from colearn.mechanisms.membership import Membership
from colearn.model import CoworkingModel
from colearn.observe.calibration.below import arc_elasticity, evenly, response

__all__ = ["MOST_ASKED", "context", "occupancy", "price_elasticity"]

#: People who are asked what they would do at a higher price.
MOST_ASKED: Final = 150


def occupancy(record: Record) -> float | None:
    """Return desk-days used of those that open spaces offer, over all weeks; None where none is ever open."""
    offered = 5.0 * float((record.desks * record.open).sum())
    return float(record.desk_days.sum()) / offered if offered else None


def price_elasticity(model: CoworkingModel) -> float | None:
    """Return the arc price elasticity of membership, were people to review now; None where nobody would be a member."""
    try:
        membership = model.phase(Membership)
    except LookupError:
        return None
    world, before, after = model.world, 0.0, 0.0
    for row in evenly(len(world.workers), MOST_ASKED):
        offers = [offer for _, _, offer in membership.offers(world, row)]
        now, dearer = response(offers, partial(membership.value, world, row))
        before, after = before + now, after + dearer
    return arc_elasticity(before, after)


def context(there: Record, here: Record, elasticity: float | None) -> dict[str, float]:
    """Return what stands beside the headlines of an arm; what cannot be measured is left out."""
    found = {"occupancy_with": occupancy(there), "occupancy_without": occupancy(here), "price_elasticity": elasticity}
    return {name: value for name, value in found.items() if value is not None}
