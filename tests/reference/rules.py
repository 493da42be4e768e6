"""Constants of the rules, read from a scenario once, before the first week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import TYPE_CHECKING, Final

from colearn.quantities.skills import ENCOUNTER_WEIGHTS, OCCUPATIONS, TD, WEIGHTS

if TYPE_CHECKING:
    from colearn.scenario import Scenario

__all__ = [
    "CHAT",
    "FRONTIER",
    "TD_WEIGHTS",
    "WEIGHT_SUMS",
    "Rules",
    "disposable",
    "fixed",
    "law",
    "pence",
    "proximity_mean",
    "unfixed",
]

FRONTIER: Final = 1.0
CHAT: Final = ENCOUNTER_WEIGHTS["chat"]
_ROWS: Final[tuple[tuple[float, ...], ...]] = WEIGHTS
#: Sum of the eight weights of each occupation, and its TD weights over their mean.
WEIGHT_SUMS: Final = tuple(sum(row) for row in _ROWS)
TD_WEIGHTS: Final = tuple(tuple(weight / (sum(row[TD]) / 4) for weight in row[TD]) for row in _ROWS)
_FIXED: Final = 4294967296.0


def pence(gbp: float) -> int:
    """Pounds to whole pence, rounded half up.

    >>> pence(1.005), pence(0.125)
    (100, 13)
    """
    return floor(gbp * 100 + 0.5)


def fixed(x: float) -> int:
    """x in units of 2^-32, so that sums do not depend on their order."""
    return floor(x * _FIXED + 0.5)


def unfixed(total: int) -> float:
    """Back from units of 2^-32."""
    return total / _FIXED


def disposable(income: float, living_cost: float, floor_share: float) -> float:
    """GBP a week left after the cost of living: max(income - cost, floor * income, 1)."""
    return max(income - living_cost, floor_share * income, 1.0)


def law(theta: float) -> Callable[[float], float]:
    """phi(s) = F * 0.5^(1-theta) * ((F-s)/F)^theta, how much a unit of input moves a skill at level s.

    >>> law(0.0)(0.9), law(1.0)(0.75)
    (0.5, 0.25)
    """
    scale = FRONTIER * exp((1 - theta) * log(0.5))
    if theta == 0:
        return lambda s: scale
    if theta == 1:
        return lambda s: scale * max(0.0, (FRONTIER - s) / FRONTIER)

    def power(s: float) -> float:
        gap = (FRONTIER - s) / FRONTIER
        return scale * exp(theta * log(gap)) if gap > 0 else 0.0

    return power


def proximity_mean(side: float, distance: float) -> float:
    """Mean of exp(-d/distance) over pairs of points in a square of that side: midpoint rule, 64 x 64.

    The differences a, b of two even coordinates of the unit square have the density 4 (1-a) (1-b).
    """
    n = 64
    total = 0.0
    for i in range(n):
        a = (i + 0.5) / n
        for j in range(n):
            b = (j + 0.5) / n
            total += 4 * (1 - a) * (1 - b) * exp(-side * sqrt(a * a + b * b) / distance)
    return total / (n * n)


@dataclass(frozen=True, slots=True)
class Rules:
    """Every constant of the week, named as in the scenario where it is one of its quantities."""

    # income
    projects: float
    fee: float
    fee_spread: float
    skill_return: float
    own_expansion: float
    wage: float
    wage_return: float
    income_smoothing: float
    # membership
    constant: float
    learning_weight: float
    ties_weight: float
    membership_habit: float
    price_weight: float
    crowding_weight: float
    disposable_floor: float
    has_ceiling: bool
    ceiling: float
    # attendance and encounters
    occupancy_smoothing: float
    rate: float
    half_crowd: float
    distance: float
    meeting_habit: float
    usual_habit: float
    same_occupation: float
    other_occupation: float
    outside: float
    contacts_kept: float
    # social learning
    partner_gain: float
    peer_gain: float
    peer_gain_td: float
    novelty_scale: float
    pipeline_half: float
    application: float
    inverted_u: bool
    phi_sc: Callable[[float], float]
    # resource pool and resource learning
    equipment_hours: float
    inclination: float
    td_rate: float
    own_td: float
    own_sc: float
    phi_td: Callable[[float], float]
    outside_cost: float
    # decay
    skill_loss_year: float
    log_rho: float
    tie_floor: float

    @staticmethod
    def of(scenario: Scenario) -> Rules:
        """Read them all."""
        values = scenario.values

        def number(name: str) -> float:
            return float(values[name])

        homophily = number("encounters.homophily")
        middling = 1 + homophily * _chance_of_same_occupation(scenario)
        return Rules(
            projects=number("income.projects"),
            fee=number("income.fee"),
            fee_spread=number("income.fee_spread"),
            skill_return=number("income.skill_return"),
            own_expansion=number("income.own_expansion"),
            wage=number("income.wage"),
            wage_return=number("income.wage_return"),
            income_smoothing=number("income.smoothing"),
            constant=number("membership.constant"),
            learning_weight=number("membership.learning_weight"),
            ties_weight=number("membership.ties_weight"),
            membership_habit=number("membership.habit"),
            price_weight=number("membership.price_weight"),
            crowding_weight=number("membership.crowding_weight"),
            disposable_floor=number("membership.disposable_floor"),
            has_ceiling=values["membership.affordability"] == "ceiling",
            ceiling=number("membership.ceiling"),
            occupancy_smoothing=number("attendance.smoothing"),
            rate=number("encounters.rate"),
            half_crowd=number("encounters.half_crowd"),
            distance=number("encounters.distance"),
            meeting_habit=number("encounters.habit"),
            usual_habit=1 + number("encounters.habit") * number("encounters.usual_tie"),
            same_occupation=(1 + homophily) / middling,
            other_occupation=1 / middling,
            outside=number("encounters.outside"),
            contacts_kept=1 - 1 / number("encounters.freshness"),
            partner_gain=number("social_learning.partner_gain"),
            peer_gain=number("social_learning.peer_gain"),
            peer_gain_td=number("social_learning.peer_gain_td"),
            novelty_scale=number("social_learning.novelty_scale"),
            pipeline_half=number("social_learning.pipeline_half"),
            application=number("social_learning.application"),
            inverted_u=values["social_learning.cognitive_distance"] == "inverted_u",
            phi_sc=law(number("social_learning.theta_sc")),
            equipment_hours=number("resource_pool.equipment_hours"),
            inclination=number("resource_pool.inclination"),
            td_rate=number("resource_learning.td_rate"),
            own_td=number("resource_learning.own_td"),
            own_sc=number("resource_learning.own_sc"),
            phi_td=law(number("resource_learning.theta_td")),
            outside_cost=number("resource_learning.outside_cost"),
            skill_loss_year=number("decay.skill"),
            log_rho=log(1 - 1 / number("decay.tie_weeks")) if scenario.mechanisms["decay"] else 0.0,
            tie_floor=number("decay.tie_floor"),
        )


def _chance_of_same_occupation(scenario: Scenario) -> float:
    """Sum of the squared declared shares of the occupations, the last of which takes the rest."""
    shares = [float(scenario.values[f"population.{name}_share"]) for name in OCCUPATIONS[:-1]]
    shares.append(1 - sum(shares))
    return sum(share * share for share in shares)
