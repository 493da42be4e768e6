"""What a career so far has left: the skills with which people stand at the start of burn-in.

Everybody enters with the skills of a newcomer. Each year of the career since then adds what the laws of learning give
for one's own work, for hours outside and from an employer, and for contacts outside, and takes off what decays and,
of technical-digital skills, what the drift of the frontier devalues:
``x += 52*(own + hours)*phi(x) - (delta + g)*x``. Skills then do not drift for decades until ages and skills fit each
other; burn-in only adds what these steps of a year leave out (ties, gaps between people, firms).

The frontier: the best possible skill of each occupation, in shares of what it is when spaces open.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coworksim.model.kernels import Floats, rule
from coworksim.model.parameters.skills import (
    CREATIVE,
    ENCOUNTER_KINDS,
    ENCOUNTER_WEIGHTS,
    OCCUPATIONS,
    SKILLS,
    TD,
    WEIGHTS,
)
from coworksim.model.scenario import Scenario
from coworksim.model.state.arithmetic import disposable, law, law_scale

WEEKS = 52.0


class Career(NamedTuple):
    """Rates of a career, per week; 0 for what is switched off."""

    own_sc: float
    own_td: float
    td_rate: float
    contacts: float  # meetings a week in a region of the UK's density of firms, both sides
    freshness: float
    pipeline_half: float
    partner_gain: float
    outside_cost: float
    disposable_floor: float
    decay: float  # per year
    theta_sc: float
    theta_td: float
    scale_sc: float
    scale_td: float
    drift: tuple[float, float, float, float, float]  # per year, by occupation
    meeting: tuple[float, float, float, float]  # how a contact outside spreads over SC skills


def td_spread() -> Floats:
    """Return how hours of each occupation spread over the four TD skills (mean 1)."""
    return np.array([[w / (sum(row[4:]) / 4.0) for w in row[4:]] for row in WEIGHTS])


def spread_of(curriculum: tuple[str, ...]) -> Floats:
    """Return how a taught hour spreads over the TD skills by occupation (mean 1): evenly over those of a curriculum.

    >>> spread_of(("generative_ai",))[0].tolist()
    [0.0, 0.0, 0.0, 4.0]
    """
    if not curriculum:
        return td_spread()
    taught = [4.0 / len(curriculum) if name in curriculum else 0.0 for name in SKILLS[TD]]
    return np.array([taught] * len(OCCUPATIONS))


def career_of(scenario: Scenario) -> Career:
    """Read the rates; what is switched off in the week taught nobody before it either."""
    on = scenario.mechanisms

    def number(name: str, mechanism: str) -> float:
        return float(scenario[name]) if on[mechanism] else 0.0

    theta_sc, theta_td = float(scenario["social_learning.theta_sc"]), float(scenario["resource_learning.theta_td"])
    drift = {
        creative: number(name, "frontier")
        for creative, name in ((True, "frontier.drift_creative"), (False, "frontier.drift"))
    }
    meets = on["encounters"] and on["social_learning"]
    return Career(
        own_sc=number("resource_learning.own_sc", "resource_learning"),
        own_td=number("resource_learning.own_td", "resource_learning"),
        td_rate=number("resource_learning.td_rate", "resource_learning"),
        contacts=2.0 * float(scenario["encounters.outside"]) if meets else 0.0,
        freshness=float(scenario["encounters.freshness"]),
        pipeline_half=float(scenario["social_learning.pipeline_half"]),
        partner_gain=float(scenario["social_learning.partner_gain"]),
        outside_cost=float(scenario["resource_learning.outside_cost"]),
        disposable_floor=float(scenario["membership.disposable_floor"]),
        decay=number("decay.skill", "decay"),
        theta_sc=theta_sc,
        theta_td=theta_td,
        scale_sc=law_scale(theta_sc),
        scale_td=law_scale(theta_td),
        drift=tuple(drift[CREATIVE[o]] for o in range(len(OCCUPATIONS))),  # type: ignore[arg-type]  # five occupations
        meeting=ENCOUNTER_WEIGHTS[ENCOUNTER_KINDS.index("outside")],
    )


@rule
def pay_for_learning(left: float, budget: float, cost: float) -> float:
    """Return the share of wanted learning outside that a person can pay for."""
    return left / (left + cost * budget)


@rule
def hours_of_a_week(
    budget: float, employer: float, access: float, income: float, living_cost: float, c: Career
) -> float:
    """Return the hours a week that a person without a space learns in."""
    left = disposable(income, living_cost, c.disposable_floor)
    return budget * access * pay_for_learning(left, budget, c.outside_cost) + employer


@rule
def skill_after(
    x: float, years: float, skill: int, occupation: int, hours: float, spread: float, density: float, c: Career
) -> float:
    """Return skill ``x`` (share of the frontier) after so many years of a career, in steps of a year."""
    if skill < 4:
        met = c.contacts * density
        fresh = c.freshness * met
        pipelines = fresh / (fresh + c.pipeline_half) if c.pipeline_half > 0.0 else 1.0
        gain = c.own_sc + met * pipelines * c.partner_gain * c.meeting[skill]
        loss, theta, scale = c.decay, c.theta_sc, c.scale_sc
    else:
        gain = c.own_td + c.td_rate * spread * hours
        loss, theta, scale = c.decay + c.drift[occupation], c.theta_td, c.scale_td
    left = years
    while left > 0.0:
        span = min(1.0, left)
        x += span * (WEEKS * gain * law(x, 1.0, theta, scale) - loss * x)
        x = min(max(x, 0.0), 1.0)
        left -= span
    return x


def frontier_rule(scenario: Scenario) -> Callable[[int], Floats]:
    """Return the rule of a scenario: from weeks after the opening (negative before it) to the frontier.

    The frontier is by occupation and skill. SC skills stay at 1. TD skills follow ``exp(since * ln(1 + g/52))`` with
    the yearly growth ``g`` of the occupation's group. From ``ai_week`` on a jump multiplies generative AI by
    ``1 + jump`` and the other TD skills by ``1 + spill*jump``. With the mechanism off the frontier is 1 for ever.
    """
    on, first = scenario.mechanisms["frontier"], scenario["frontier.ai_week"]
    after = 1.0 + scenario["frontier.ai_jump"], 1.0 + scenario["frontier.ai_spill"] * scenario["frontier.ai_jump"]
    rate = [math.log(1.0 + scenario[f"frontier.{name}"] / 52.0) for name in ("drift", "drift_creative")]

    def at(since: int) -> Floats:
        if not on:
            return np.ones((len(OCCUPATIONS), len(SKILLS)))
        jump, spill = after if 0 <= first <= since else (1.0, 1.0)
        growth = [math.exp(since * of_group) for of_group in rate]
        rows = [[1.0] * 4 + [growth[creative] * spill] * 3 + [growth[creative] * jump] for creative in CREATIVE]
        return np.array(rows)

    return at
