"""Skills at week 0: what the laws of learning, taken a year at a time, make of a newcomer's over the career so far."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from coworksim.model.parameters.skills import CREATIVE, ENCOUNTER_KINDS, ENCOUNTER_WEIGHTS, SC

from .laws import Law, logistic
from .rules import TD_WEIGHTS, Rules

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario

    from .environment import Environment

__all__ = ["CareerSoFar"]

type Year = tuple[float, float, Law]  # gain and loss a year, and how far a gain carries

_OUTSIDE = ENCOUNTER_WEIGHTS[ENCOUNTER_KINDS.index("outside")]


@dataclass(frozen=True, slots=True)
class CareerSoFar:
    """One occupation's years in one region; mechanisms that are off taught nothing and took nothing."""

    scenario: Scenario
    environment: Environment
    occupation: int
    rules: Rules

    @staticmethod
    def of(scenario: Scenario, environment: Environment, occupation: int) -> CareerSoFar:
        """Careers of this occupation in this region."""
        return CareerSoFar(scenario, environment, occupation, Rules.of(scenario))

    def hours(self, budget: float, offers: float, cost: float) -> float:
        """Hours a week outside, as far as there is access, and in courses at such a cost of an hour to oneself.

        ``offers`` is the person's own factor times the region's.
        """
        rules = self.rules
        alone = budget * self.environment.outside_access
        if not self.scenario.mechanisms["training"]:
            return alone
        taken = rules.offer_rate / 52 * offers * logistic((rules.hour_value - cost) / rules.value_spread)
        return alone + rules.training_ratio * taken * rules.course_hours * exp(rules.course_hours_sd**2 / 2)

    def after(self, k: int, x: float, years: float, hours: float) -> float:
        """Skill k as a share of the frontier: whole years, then what is left of one."""
        yearly, loss, phi = self._sc(k) if k < SC.stop else self._td(k, hours)
        whole = int(years)
        for span in [1.0] * whole + [years - whole]:
            x = min(max(x + span * (yearly * phi(x, 1.0) - loss * x), 0.0), 1.0)
        return x

    def _loss(self) -> float:
        return self.rules.skill_loss_year if self.scenario.mechanisms["decay"] else 0.0

    def _sc(self, k: int) -> Year:
        on, rules = self.scenario.mechanisms, self.rules
        gain = rules.own_sc if on["resource_learning"] else 0.0
        if on["encounters"] and on["social_learning"]:
            met = 2 * rules.outside * self.environment.contacts
            fresh = met / (1 - rules.contacts_kept)
            gain += met * _OUTSIDE[k] * rules.partner_gain * (fresh / (fresh + rules.pipeline_half) if fresh else 0.0)
        return 52 * gain, self._loss(), rules.phi_sc

    def _td(self, k: int, hours: float) -> Year:
        on, rules = self.scenario.mechanisms, self.rules
        gain = 0.0
        if on["resource_learning"]:
            gain = rules.own_td + rules.td_rate * TD_WEIGHTS[self.occupation][k - SC.stop] * hours
        drift = rules.drift_creative if CREATIVE[self.occupation] else rules.drift
        return 52 * gain, self._loss() + (drift if on["frontier"] else 0.0), rules.phi_td
