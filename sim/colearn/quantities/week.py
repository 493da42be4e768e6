"""Quantities of the week: one block per mechanism, in the order of the week."""

from __future__ import annotations

from typing import Final

from colearn.quantities.quantity import Quantity, Role, choice, real

__all__ = ["QUANTITIES"]

_B, _L, _C = Role.BEHAVIOUR, Role.LEVER, Role.CONSTANT
_MODEL = "prior range of the design"

_INCOME = (
    real("income.projects", "projects/week", 0.5, (0.01, 20), "projects of a freelancer of middling skill",
         _B, _MODEL, "G", (0.25, 1.0), log=True),
    real("income.fee", "GBP/project", 620, (1, 1e6), "median fee", _B,
         "set so that incomes of creative freelancers meet ACE/Essex 2024", "G", (400, 900)),
    real("income.fee_spread", "ln", 0.6, (0, 3), "spread of fees (lognormal)", _B, _MODEL, "G", (0.3, 0.9)),
    real("income.skill_return", "1/skill", 1.0, (0, 10), "how projects follow skill (eps); 0 means not at all",
         _B, _MODEL, "G", (0.0, 2.0)),
    real("income.own_expansion", "share", 0.5, (0, 1), "share of projects that skill adds rather than takes (kappa)",
         _B, _MODEL, "G", (0.0, 1.0)),
    real("income.wage", "GBP/week", 560, (0, 1e5), "median wage of employees", _B,
         "order of magnitude of UK median earnings", "G", (450, 700)),
    real("income.wage_return", "1/skill", 0.5, (0, 10), "how wages follow skill", _B, _MODEL, "G", (0.0, 1.0)),
    real("income.smoothing", "1/week", 0.08, (0.001, 1), "weight of the newest week in smoothed income and workload",
         _C, _MODEL, "G"),
)  # fmt: skip

_MEMBERSHIP = (
    real("membership.constant", "utility", -3.6, (-20, 20), "taste for a space of a person with no other reason (b0)",
         _B, "fitted to members per space", "G", (-4.4, -2.8)),
    real("membership.learning_weight", "utility per skill point a quarter", 1.0, (0, 20),
         "pull of what members one knows have learnt (bL)", _B, _MODEL, "G", (0.0, 2.0)),
    real("membership.ties_weight", "utility", 0.35, (0, 10), "pull of ties to members (bN)", _B, _MODEL, "G", (0.0,
         0.7)),
    real("membership.habit", "utility", 2.6, (0, 20), "pull of being a member (bH)", _B, _MODEL, "G", (1.5, 3.5)),
    real("membership.price_weight", "utility", 1.5, (0, 20), "push of the price as a share of disposable income (bP)",
         _B, _MODEL, "G", (0.5, 2.5)),
    real("membership.crowding_weight", "utility", 0.5, (0, 20), "push of a full space", _B, _MODEL, "G", (0.0, 1.0)),
    real("membership.taste_sd", "utility", 1.0, (0, 10), "spread of lasting taste for coworking", _B, _MODEL, "G",
         (0.5, 1.5)),
    real("membership.disposable_floor", "share", 0.1, (0.001, 1), "least share of income that counts as disposable",
         _C, _MODEL, "G"),
    choice("membership.affordability", "smooth", ("smooth", "ceiling"),
           "price as a smooth penalty, or as a ceiling on the share of disposable income", "rival forms of the design"),
    real("membership.ceiling", "share", 0.35, (0, 10), "the ceiling (omega), read by the form ceiling only",
         _B, _MODEL, "G", (0.2, 0.5)),
)  # fmt: skip

_ATTENDANCE = (
    real("attendance.smoothing", "1/week", 0.25, (0.001, 1),
         "weight of the newest week in a space's smoothed occupancy",
         _C, _MODEL, "G"),
)  # fmt: skip

_ENCOUNTERS = (
    real("encounters.rate", "encounters/day", 1.6, (0, 50),
         "work-related conversations of a member in a large space (c)",
         _B, "Deskmag: 5.2 people spoken to a day, .3 of them about work", "D", (0.6, 3.0)),
    real("encounters.half_crowd", "people", 8, (0.1, 500), "people present at which half of that rate is met (n_half)",
         _B, _MODEL, "G", (2, 20)),
    real("encounters.distance", "m", 8, (0.5, 200), "distance at which meetings fall to 1/e (ell)",
         _B, "Allen 1977", "M", (5, 20)),
    real("encounters.homophily", "ratio", 1.0, (0, 10), "extra rate of meetings within an occupation", _B, _MODEL, "G",
         (0.0, 2.0)),
    real("encounters.habit", "ratio per meeting", 1.0, (0, 10), "extra rate of meetings per unit of tie, up to 3",
         _B, _MODEL, "G", (0.0, 2.0)),
    real("encounters.usual_tie", "meetings", 1.0, (0, 3),
         "tie of a usual encounter: the rate is normalised there, so that habit moves whom one meets", _C,
         "order of magnitude of runs", "G"),
    real("encounters.outside", "contacts/week", 0.6, (0, 20), "contacts outside, at the UK density of creative firms",
         _B, _MODEL, "G", (0.2, 1.2)),
    real("encounters.freshness", "weeks", 26, (1, 520), "how long an outside contact stays fresh", _B, _MODEL, "G"),
)  # fmt: skip

_SOCIAL_LEARNING = (
    real("social_learning.partner_gain", "skill/encounter", 0.002, (0, 0.2), "SC learning from meeting anyone (gamma)",
         _B, _MODEL, "G", (0.0005, 0.004)),
    real("social_learning.peer_gain", "1/encounter", 0.004, (0, 0.2),
         "SC learning per unit of the partner's lead (beta)",
         _B, _MODEL, "G", (0.0, 0.012)),
    real("social_learning.peer_gain_td", "1/encounter", 0.002, (0, 0.2), "TD learning per unit of the partner's lead",
         _B, _MODEL, "G", (0.0, 0.006)),
    real("social_learning.novelty_scale", "meetings", 4.0, (0.1, 1000),
         "meetings after which a partner is 1/e as new (f0)",
         _B, _MODEL, "G", (1.5, 10.0)),
    real("social_learning.pipeline_half", "contacts", 15, (0, 1000),
         "outside contacts at which a partner is half as useful as could be (b_half)", _B, _MODEL, "G", (5, 60)),
    real("social_learning.application", "share", 0.5, (0, 1), "how far learning needs a chance to use it (chi)",
         _B, _MODEL, "G", (0.0, 0.9)),
    real("social_learning.theta_sc", "exponent", 0.0, (0, 1), "SC law: 0 limited by input, 1 closes one's own gap",
         _B, _MODEL, "G", (0.0, 1.0)),
    choice("social_learning.cognitive_distance", "inverted_u", ("inverted_u", "none"),
           "whether partners at middling distance of skills teach best", "rival forms of the design"),
)  # fmt: skip

_RESOURCES = (
    real("resource_pool.equipment_hours", "h/desk/week", 1.1, (0, 100), "equipment hours a space offers",
         _L, _MODEL, "G", (0.4, 2.5)),
    real("resource_pool.inclination", "share", 0.5, (0, 10),
         "inclination to learn inside rather than outside (psi), set against outside access", _B, _MODEL, "G",
         (0.2, 1.0)),
    real("resource_learning.td_rate", "1/h", 0.0015, (0, 0.1), "TD learning per hour (k_td)", _B, _MODEL, "G",
         (0.0005, 0.003), log=True),
    real("resource_learning.own_td", "1/week", 0.0006, (0, 0.1), "TD learning by one's own work (k_own)", _B,
         _MODEL, "G",
         (0.0002, 0.0012), log=True),
    real("resource_learning.own_sc", "1/week", 0.0012, (0, 0.1), "SC learning by one's own work (k_own)", _B,
         _MODEL, "G",
         (0.0004, 0.0024), log=True),
    real("resource_learning.theta_td", "exponent", 1.0, (0, 1), "TD law: 1 closes the gap to the frontier, 0 does not",
         _B, _MODEL, "G", (0.0, 1.0)),
    real("resource_learning.outside_cost", "GBP/h", 4.0, (0, 1000), "cost of an hour of learning outside",
         _B, _MODEL, "G", (1.0, 8.0)),
)  # fmt: skip

_DECAY = (
    real("decay.skill", "1/year", 0.015, (0, 1), "depreciation of skills (delta)",
         _B, "Arrazola and de Hevia 2004: 1-1.5 % a year; 1-6 % across sectors", "M", (0.005, 0.05)),
    real("decay.tie_weeks", "weeks", 26, (1.01, 5200), "fading time of a tie (tau)", _B, _MODEL, "G", (8, 52)),
    real("decay.tie_floor", "meetings", 0.3, (0, 100), "strength under which a tie is gone (f_min)", _B, _MODEL, "G",
         (0.1, 1.0)),
)  # fmt: skip

QUANTITIES: Final[tuple[Quantity, ...]] = (
    *_INCOME,
    *_MEMBERSHIP,
    *_ATTENDANCE,
    *_ENCOUNTERS,
    *_SOCIAL_LEARNING,
    *_RESOURCES,
    *_DECAY,
)
