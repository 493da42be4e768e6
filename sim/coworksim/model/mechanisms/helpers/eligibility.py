"""Who may apply for what: career, income, occupation, status, region, and whether a member of a space."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Flags, Floats, kernel, rule
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.state.people import Population
from coworksim.model.state.world import World


class Conditions(NamedTuple):
    """Who may apply for one scheme."""

    career_from: float
    career_below: float
    income_below: float
    outside_weeks: int  # since the last week as a member; -1 for members too
    occupations: Flags
    statuses: Flags
    regions: Flags


@rule
def career(start: float, entered: int, week: int) -> float:
    """Return the years of a career in ``week``: ``start + (week - entered)/52``.

    >>> career(3.0, 10, 62)
    4.0
    """
    return start + (week - entered) / 52.0


@rule
def mean_skill(skill: Floats, frontier: Floats) -> float:
    """Return the mean of the eight skills over the frontier."""
    total = 0.0
    for k in range(8):
        total += skill[k] / frontier[k]
    return total / 8.0


@rule
def eligible(
    region: int, occupation: int, status: int, years: float, income: float, away: int, conditions: Conditions
) -> bool:
    """Return whether a person meets every condition of a scheme.

    ``career_from <= years < career_below``, ``income < income_below``, occupation, status and region among those named;
    where it is for non-members, ``away`` weeks since the last one as a member are more than those that it asks for.
    """
    return (
        conditions.career_from <= years < conditions.career_below
        and income < conditions.income_below
        and away > conditions.outside_weeks
        and conditions.occupations[occupation]
        and conditions.statuses[status]
        and conditions.regions[region]
    )


@kernel
def may_apply(i: int, week: int, w: Population, who: Conditions) -> bool:
    """Return whether person i meets every condition this week."""
    away = 0 if w.member_of[i] >= 0 else week - w.last_member[i]
    years = career(w.career_start[i], w.entered[i], week)
    return eligible(w.region[i], w.occupation[i], w.status[i], years, w.income[i], away, who)


def _among(names: Sequence[str], known: Sequence[str]) -> Flags:
    """Return which of the known names are named; all when none is."""
    return np.array([not names or name in names for name in known])


def conditions_of(world: World) -> list[Conditions]:
    """Return who may apply for each scheme."""
    return [
        Conditions(
            career_from=-math.inf if who.career_from is None else float(who.career_from),
            career_below=math.inf if who.career_below is None else float(who.career_below),
            income_below=math.inf if who.income_below is None else float(who.income_below),
            outside_weeks=int(who.away_months * 52 / 12 + 0.5) if who.non_members else -1,
            occupations=_among(who.occupations, OCCUPATIONS),
            statuses=_among(who.statuses, STATUSES),
            regions=np.array([who.includes(region.name, region.flag) for region in world.scenario.regions]),
        )
        for who in (policy.eligible for policy in world.scenario.policies)
    ]
