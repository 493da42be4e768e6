"""Quantities of the synthetic frame: how the UK's coworking spaces are allocated to its regions, and sampled.

Also which rule flags a region as left behind, for the analysis and for the eligibility of policies.

Quantities of the social graph that the first week finds: who knows whom before anybody has met.

Quantities of the people and of the coworking spaces at the start.
"""

from __future__ import annotations

from typing import Final

from coworksim.model.parameters.parameter import Quantity, Role, choice, integer, real

__all__ = ["FRAME", "GRAPH", "START"]


_E, _M = Role.ENVIRONMENT, Role.MEASUREMENT
_WEIGHT = "no count of spaces by ITL-3 region exists; weight = population**a * jobs**b * creative share**c"

FRAME: Final[tuple[Quantity, ...]] = (
    integer("frame.spaces", "spaces", 1534, (1, 10_000), "coworking spaces in the UK",
            _M, "Ehrhardt, Institute for Mathematical Innovation, Bath: Nov 2022", "M"),
    real("frame.london_share", "share", 0.28, (0, 1), "of them in London",
         _M, "CoworkingCafe 2024 (of the wider listings of flexible offices)", "M"),
    real("frame.population_exponent", "exponent", 0.0, (-3, 3), "how spaces follow population (a)",
         _E, _WEIGHT, "G", (-0.5, 0.5)),
    real("frame.jobs_exponent", "exponent", 1.0, (-3, 3), "how spaces follow jobs (b)",
         _E, _WEIGHT, "G", (0.5, 1.5)),
    real("frame.creative_exponent", "exponent", 0.5, (-3, 3), "how spaces follow the creative share (c)",
         _E, _WEIGHT, "G", (0.0, 1.0)),
    integer("frame.responding", "spaces", 161, (1, 10_000), "spaces in the sample",
            _M, "Wang et al. 2026: 161 responding spaces", "M"),
    integer("frame.regions", "regions", 74, (1, 1024), "regions in the sample",
            _M, "Wang et al. 2026: 74 ITL-3 regions", "M"),
    choice("frame.left_behind", "narrow", ("narrow", "wide"),
           "rule of the flag: poor for 11 years, and jobs and people grow slowly (wide: one of the two will do)",
           "rule of this project; 28 or 64 of 179 regions", _M),
)  # fmt: skip


_C: Final = Role.CONSTANT

GRAPH: Final[tuple[Quantity, ...]] = (
    integer("graph.degree", "ties/person", 4, (0, 40),
            "mean ties at the start of burn-in; an odd number counts as the even one below",
            _C, "guess; burn-in replaces it", "G", (0, 8)),
    real("graph.clustering", "share", 0.2, (0, 0.75),
         "of the pairs of people whom one knows, those who know each other, at the start of burn-in",
         _C, "guess; burn-in replaces it", "G", (0.0, 0.4)),
    real("graph.strength", "meetings", 1.0, (0, 100), "strength of each tie at the start of burn-in",
         _C, "guess; burn-in replaces it", "G"),
)  # fmt: skip


_B, _L, _C = Role.BEHAVIOUR, Role.LEVER, Role.CONSTANT

START: Final[tuple[Quantity, ...]] = (
    real("population.freelancer_share", "share", 0.30, (0, 1), "freelancers among potential users",
         _B, "DCMS 2024: 28.9 % of creative-industry jobs are self-employed", "D", (0.20, 0.40)),
    real("population.owner_share", "share", 0.05, (0, 1), "owners of a firm with staff among potential users",
         _B, "guess", "G", (0.02, 0.10)),
    real("population.nomad_share", "share", 0.03, (0, 1), "digital nomads among potential users",
         _B, "guess", "G", (0.0, 0.08)),
    real("population.remote_share", "share", 0.22, (0, 1),
         "employees who may work where they like, among potential users; the rest are employees on site",
         _B, "about a third of workers do some work from home (APS 2018-2020)", "D", (0.10, 0.35)),
    real("population.designer_share", "share", 0.15, (0, 1), "designers among potential users", _B, "guess", "G"),
    real("population.content_creator_share", "share", 0.15, (0, 1), "digital content creators", _B, "guess", "G"),
    real("population.film_maker_share", "share", 0.08, (0, 1), "film-makers", _B, "guess", "G"),
    real("population.game_developer_share", "share", 0.12, (0, 1), "game developers; the rest are other occupations",
         _B, "guess", "G"),
    real("population.career_years", "years", 40, (1, 60),
         "mean length of a career; a person's own lies within a quarter of it",
         _C, "guess", "G"),
    real("population.entry_skill", "share of frontier", 0.30, (0, 1), "mean skill of those who begin a career",
         _C, "guess; the career so far adds what the laws of learning give", "G", (0.2, 0.4)),
    real("population.entry_skill_sd", "share of frontier", 0.12, (0, 0.5), "its standard deviation", _C, "guess", "G"),
    real("population.sociability_sd", "ln", 0.5, (0, 2), "spread of sociability (lognormal, mean 1)", _B, "guess", "G",
         (0.2, 0.8)),
    real("population.learning_hours", "h/week", 3.0, (0, 40), "median weekly budget of learning time",
         _B, "guess", "G", (1.5, 5.0)),
    real("population.learning_hours_sd", "ln", 0.5, (0, 2), "its spread (lognormal)", _B, "guess", "G"),
    real("population.full_time_share", "share", 0.42, (0, 1), "would come every working day",
         _B, "Deskmag 2015-17: 40-44 %", "M", (0.40, 0.44)),
    real("population.frequent_share", "share", 0.30, (0, 1), "would come 3 or 4 days a week; the rest 1 or 2",
         _B, "Deskmag 2015-17", "M"),
    real("population.earning_sd", "ln", 0.55, (0, 2), "spread of earning power (lognormal, median 1)",
         _B, "set to the spread of creative freelancers' incomes", "G", (0.4, 0.7)),
    real("population.sponsored_share", "share", 0.25, (0, 1), "employees whose employer pays a part of a membership",
         _B, "guess", "G", (0.0, 0.5)),
    real("population.sponsorship", "share", 0.7, (0, 1), "the part that such an employer pays", _B, "guess", "G"),
    real("population.region_side", "km", 20.0, (0.1, 500), "side of the square in which a region's people live",
         _C, "order of magnitude of an ITL-3 region's built-up area", "G"),
    real("population.employer_training", "h/week", 0.8, (0, 20), "mean employer training of an employee",
         _B, "half of creative workers' training gap", "G", (0.2, 1.5)),
    real("space.price", "GBP/month", 157, (0, 5000), "price of a hot-desk membership before the regional price level",
         _L, "CoworkingCafe 2024-25: UK median 155-160", "M", (110, 250)),
    integer("space.desks", "desks", 64, (1, 5000), "desks of a space at its opening",
            _L, "Deskmag 2025: mean 90, 22 in small towns", "D", (22, 120)),
    real("space.day_ratio", "share of a month", 0.139, (0, 2), "price of a day over that of a hot-desk month",
         _L, "takepayments: mean day desk 21.79 GBP", "D"),
    real("space.dedicated_ratio", "ratio", 1.36, (0.1, 10), "price of a dedicated desk over that of a hot desk",
         _L, "CoworkingCafe 2024-25: 210-215 against 155-160", "D"),
    real("space.training_places", "places/desk/week", 0.06, (0, 10), "training places a space offers",
         _L, "guess", "G", (0.0, 0.2)),
    real("space.events", "events/week", 0.5, (0, 7), "community events of a space at its opening",
         _L, "Deskmag: mode 2 a month, mean 4.5", "D", (0.0, 1.2)),
    real("space.introductions", "pairs/week", 2.0, (0, 100), "pairs of strangers that a manager introduces",
         _L, "guess", "G", (0.0, 6.0)),
    real("space.floor_per_desk", "m2", 5.0, (1, 50), "floor area per desk", _C, "guess", "G"),
)  # fmt: skip
