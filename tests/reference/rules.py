"""Constants of the rules, read from a scenario once, before the first week."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import exp, log
from typing import TYPE_CHECKING, Any, Final

from coworksim.model.mechanisms.helpers.reference_region import solved
from coworksim.model.parameters.skills import CREATIVE, TD, WEIGHTS
from coworksim.model.parameters.week import MembershipParameters
from coworksim.model.scenario import read as filled

from .courses import HOURS, Inputs, solved_for
from .laws import Law, Pair, law, logistic, tandem

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario

__all__ = ["PROBLEM_SOLVING", "TD_WEIGHTS", "TOOLS", "WEIGHT_SUMS", "Rules"]

_ROWS: Final[tuple[tuple[float, ...], ...]] = WEIGHTS
#: Sum of the eight weights of each occupation, and its TD weights over their mean.
WEIGHT_SUMS: Final = tuple(sum(row) for row in _ROWS)
TD_WEIGHTS: Final = tuple(tuple(weight / (sum(row[TD]) / 4) for weight in row[TD]) for row in _ROWS)
#: The two skills that work wants in tandem; the second needs new tools.
PROBLEM_SOLVING: Final = 3
TOOLS: Final = 7


def _read(quantity: str) -> Any:
    """A field that holds a quantity of the scenario."""
    return field(metadata={"quantity": quantity})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Every constant of the week."""

    # who knows whom at the start
    graph_degree: float = _read("graph.degree")
    graph_clustering: float = _read("graph.clustering")
    graph_strength: float = _read("graph.strength")
    # turnover
    exit: float = _read("turnover.exit")
    nomad_stay: float = _read("turnover.nomad_stay")
    to_employee: float = _read("turnover.to_employee")
    to_freelancer: float = _read("turnover.to_freelancer")
    sponsorship: float = _read("population.sponsorship")
    sponsored_share: float = _read("population.sponsored_share")
    # frontier and adoption
    drift: float = _read("frontier.drift")
    drift_creative: float = _read("frontier.drift_creative")
    ai_week: float = _read("frontier.ai_week")
    ai_jump: float = _read("frontier.ai_jump")
    innovation: float = _read("adoption.innovation")
    imitation: float = _read("adoption.imitation")
    creative_factor: float = _read("adoption.creative_factor")
    # courses
    course_fee: float = _read("training.fee")
    hours_lost: float = _read("training.lost")
    value_spread: float = _read("training.value_spread")
    course_hours: float = _read("training.hours")
    course_hours_sd: float = _read("training.hours_sd")
    clumping: float = _read("training.clumping")
    # income
    projects: float = _read("income.projects")
    fee: float = _read("income.fee")
    fee_spread: float = _read("income.fee_spread")
    owner_factor: float = _read("income.owner_factor")
    skill_return: float = _read("income.skill_return")
    own_expansion: float = _read("income.own_expansion")
    wage: float = _read("income.wage")
    wage_return: float = _read("income.wage_return")
    income_smoothing: float = _read("income.smoothing")
    # awareness and schemes
    unprompted: float = _read("awareness.unprompted")
    by_ties: float = _read("awareness.by_ties")
    aware_at_opening: float = _read("awareness.at_opening")
    hassle: float = _read("schemes.hassle")
    early_hassle: float = _read("schemes.early_hassle")
    # membership
    review_weeks: float = _read("membership.review_weeks")
    intent_weeks: float = _read("schemes.intent_weeks")
    early_habit: float = _read("membership.early_habit")
    income_elasticity: float = _read("membership.income_elasticity")
    appeal: float = _read("membership.appeal")
    learning_weight: float = _read("membership.learning_weight")
    ties_weight: float = _read("membership.ties_weight")
    crowding_weight: float = _read("membership.crowding_weight")
    day_constant: float = _read("membership.day_constant")
    dedicated_constant: float = _read("membership.dedicated_constant")
    dissimilarity: float = _read("membership.dissimilarity")
    distance_weight: float = _read("membership.distance_weight")
    office: float = _read("membership.office")
    # attendance and encounters
    occupancy_smoothing: float = _read("attendance.smoothing")
    august: float = _read("attendance.august")
    christmas: float = _read("attendance.christmas")
    team_size: float = _read("teams.size")
    team_table: float = _read("teams.table")
    rate: float = _read("encounters.rate")
    half_crowd: float = _read("encounters.half_crowd")
    distance: float = _read("encounters.distance")
    meeting_habit: float = _read("encounters.habit")
    closure: float = _read("encounters.closure")
    minutes: float = _read("encounters.minutes")
    project_share: float = _read("encounters.project_share")
    visits: float = _read("encounters.visits")
    event_share: float = _read("encounters.event_share")
    founding: float = _read("groups.founding")
    visitors: float = _read("encounters.visitors")
    milieu: float = _read("encounters.milieu")
    outside_tie: float = _read("encounters.outside_tie")
    colleagues: float = _read("encounters.colleagues")
    outside: float = _read("encounters.outside")
    # social learning
    partner_gain: float = _read("social_learning.partner_gain")
    peer_gain: float = _read("social_learning.peer_gain")
    peer_gain_td: float = _read("social_learning.peer_gain_td")
    novelty_scale: float = _read("social_learning.novelty_scale")
    pipeline_half: float = _read("social_learning.pipeline_half")
    # resource pool and resource learning
    equipment_hours: float = _read("resource_pool.equipment_hours")
    training_hours: float = _read("resource_pool.training_hours")
    inclination: float = _read("resource_pool.inclination")
    td_rate: float = _read("resource_learning.td_rate")
    training_ratio: float = _read("resource_learning.training_ratio")
    own_td: float = _read("resource_learning.own_td")
    own_sc: float = _read("resource_learning.own_sc")
    # decay
    skill_loss_year: float = _read("decay.skill")
    tie_floor: float = _read("decay.tie_floor")
    # management
    rent: float = _read("management.rent")
    staff: float = _read("management.staff")
    event_cost: float = _read("management.event_cost")
    capital: float = _read("management.capital")
    staff_scale: float = _read("management.staff_scale")
    other_revenue: float = _read("management.other_revenue")
    other_spread: float = _read("management.other_spread")
    patience: float = _read("management.patience")
    hosted: float = _read("management.hosted")
    closing: float = _read("management.exit")
    founders: float = _read("management.founders")
    growth: float = _read("management.growth")
    optimism: float = _read("management.optimism")
    price_step: float = _read("management.price_step")
    desk_cost: float = _read("management.desk_cost")
    equipment_cost: float = _read("management.equipment_cost")
    training_cost: float = _read("management.training_cost")
    clustered: float = _read("clusters.firms")
    clustered_spaces: float = _read("clusters.spaces")
    pull: float = _read("clusters.pull")
    usual_events: float = _read("space.events")
    # what follows from quantities
    on_site_share: float
    remote_share: float
    money_is_logarithmic: bool
    tastes_last: bool
    plans_ahead: bool
    constant: float
    membership_habit: float
    price_weight: float
    taste_scale: float
    hour_value: float
    offer_rate: float
    interest: float
    usual_habit: float
    usual_closure: float
    contacts_kept: float
    inverted_u: bool
    log_rho: float
    phi_sc: Law
    phi_td: Law
    pair: Pair

    @staticmethod
    def of(scenario: Scenario) -> Rules:
        """Read them all."""
        values = scenario.values

        def number(name: str) -> float:
            return float(values[name])

        read: dict[str, Any] = {
            constant.name: number(constant.metadata["quantity"])
            for constant in fields(Rules)
            if "quantity" in constant.metadata
        }
        tastes = solved(filled(scenario, MembershipParameters))
        hour_value, offer_rate = solved_for(Inputs.of(values))
        shares = {name: number(f"population.{name}_share") for name in ("freelancer", "owner", "nomad", "remote")}
        return Rules(
            on_site_share=max(0.0, 1 - sum(shares.values())),
            remote_share=shares["remote"],
            money_is_logarithmic=values["membership.money"] == "logarithmic",
            tastes_last=values["membership.persistence"] == "taste",
            plans_ahead=values["schemes.wish"] == "expected",
            # What the inputs imply is solved for by the product; test_plain_reference_region.py works it out again.
            constant=float(tastes.constant),
            membership_habit=float(tastes.habit),
            price_weight=float(tastes.price_weight),
            taste_scale=float(tastes.taste_scale),
            hour_value=hour_value,
            offer_rate=offer_rate,
            interest=logistic(hour_value / number("training.value_spread")),
            usual_habit=1 + number("encounters.habit") * number("encounters.usual_tie"),
            usual_closure=1 + number("encounters.closure") * number("encounters.usual_shared"),
            contacts_kept=1 - 1 / number("encounters.freshness"),
            inverted_u=values["social_learning.cognitive_distance"] == "inverted_u",
            log_rho=log(1 - 1 / number("decay.tie_weeks")) if scenario.mechanisms["decay"] else 0.0,
            phi_sc=law(number("social_learning.theta_sc")),
            phi_td=law(number("resource_learning.theta_td")),
            pair=tandem(number("income.complementarity")),
            **read,
        )

    def hour_cost(self, income: float) -> float:
        """GBP that an hour of a course costs the independent: its fee, and work that is not done."""
        return self.course_fee + self.hours_lost * income / HOURS

    def hour_worth(self, u: float) -> float:
        """GBP that an hour of a course is worth: a logistic number."""
        return self.hour_value + self.value_spread * log(u / (1 - u))

    def frontier(self, occupation: int, since: int) -> list[float]:
        """The best possible skills of an occupation, ``since`` weeks after the start (before it: negative).

        SC: 1. TD: (1 + g/52)^since; from the week of the jump in generative AI on, that skill stands 1 + jump
        times higher, and the other TD skills 1 + spill*jump times.
        """
        yearly = self.drift_creative if CREATIVE[occupation] else self.drift
        level = exp(since * log(1 + yearly / 52))
        if self.ai_week < 0 or since < self.ai_week:
            return [1.0] * 4 + [level] * 4
        return [1.0] * 4 + [level] * 3 + [level * (1 + self.ai_jump)]
