"""What a career so far has left: the skills with which people stand at the start of burn-in.

Everybody enters with the skills of a newcomer. Each year of the career since then adds what the laws of learning give
for one's own work, for hours outside and of courses, and for contacts outside, and takes off what decays and,
of technical-digital skills, what the drift of the frontier devalues:
``x += 52*(own + hours)*phi(x) - (delta + g)*x``. Skills then do not drift for decades until ages and skills fit each
other; burn-in only adds what these steps of a year leave out (ties, gaps between people, firms).

The frontier: the best possible skill of each occupation, in shares of what it is when spaces open.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from coworksim.model.kernels import Floats, rule
from coworksim.model.parameters.parameter import borrowed, group
from coworksim.model.parameters.skills import CREATIVE, ENCOUNTER_WEIGHTS, OCCUPATIONS, SKILLS, TD, WEIGHTS
from coworksim.model.scenario import Scenario, read
from coworksim.model.state.arithmetic import law, law_scale
from coworksim.model.state.ties import OUTSIDE

WEEKS = 52.0


@group("career", 0)
class Career(NamedTuple):
    """Rates of a career, per week; 0 for what is switched off."""

    own_sc: float = borrowed("resource_learning.own_sc")
    own_td: float = borrowed("resource_learning.own_td")
    td_rate: float = borrowed("resource_learning.td_rate")
    training_ratio: float = borrowed("resource_learning.training_ratio")
    freshness: float = borrowed("encounters.freshness")
    pipeline_half: float = borrowed("social_learning.pipeline_half")
    partner_gain: float = borrowed("social_learning.partner_gain")
    decay: float = borrowed("decay.skill")  # per year
    theta_sc: float = borrowed("social_learning.theta_sc")
    theta_td: float = borrowed("resource_learning.theta_td")
    scale_sc: float = 0.0
    scale_td: float = 0.0
    contacts: float = 0.0  # meetings a week in a region of the UK's density of firms, both sides
    drift: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)  # per year, by occupation
    meeting: tuple[float, float, float, float] = ENCOUNTER_WEIGHTS[OUTSIDE]  # how a contact spreads over SC skills


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
    on, c = scenario.mechanisms, read(scenario, Career)
    growth = [float(scenario[f"frontier.{name}"]) if on["frontier"] else 0.0 for name in ("drift", "drift_creative")]
    drift: Any = tuple(growth[creative] for creative in CREATIVE)
    met = 2.0 * float(scenario["encounters.outside"]) if on["encounters"] and on["social_learning"] else 0.0
    c = c._replace(scale_sc=law_scale(c.theta_sc), scale_td=law_scale(c.theta_td), contacts=met, drift=drift)
    if not on["resource_learning"]:
        c = c._replace(own_sc=0.0, own_td=0.0, td_rate=0.0)
    return c if on["decay"] else c._replace(decay=0.0)


@rule
def skill_after(
    x: float, years: float, skill: int, occupation: int, hours: float, spread: float, density: float, c: Career
) -> float:
    """Return skill ``x`` (share of the frontier) after so many years of a career, in steps of a year.

    ``density`` is that of creative firms, times reach: so many contacts outside there were.
    """
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
    """Return the rule of a scenario: from weeks since the start (negative before it) to the frontier.

    The frontier is by occupation and skill, as :mod:`coworksim.model.mechanisms.frontier` says; with that mechanism
    off it is 1 for ever.
    """
    on, first = scenario.mechanisms["frontier"], scenario["frontier.ai_week"]
    after = 1.0 + scenario["frontier.ai_jump"]
    rate = [math.log(1.0 + scenario[f"frontier.{name}"] / 52.0) for name in ("drift", "drift_creative")]

    def at(since: int) -> Floats:
        if not on:
            return np.ones((len(OCCUPATIONS), len(SKILLS)))
        jump = after if 0 <= first <= since else 1.0
        growth = [math.exp(since * of_group) for of_group in rate]
        return np.array([[1.0] * 4 + [growth[own]] * 3 + [growth[own] * jump] for own in CREATIVE])

    return at
