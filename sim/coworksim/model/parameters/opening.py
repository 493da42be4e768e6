"""Parameters of what a run starts from: the sample of spaces, people, spaces and who knows whom.

The frame says how the UK's coworking spaces are allocated to its regions, and sampled; and which rule flags a region as
left behind, for the analysis and for the eligibility of policies.
"""

from __future__ import annotations

from typing import NamedTuple

from coworksim.model.parameters.parameter import Role, borrowed, choice, group, integer, real

_C, _E, _L, _M = Role.CONSTANT, Role.ENVIRONMENT, Role.LEVER, Role.MEASUREMENT
_WEIGHT = "no count of spaces by ITL-3 region exists; weight = population**a * jobs**b * creative share**c"


# A declaration is read as the row of a table.
# fmt: off
@group("frame", 1)
class FrameParameters(NamedTuple):
    """How many spaces there are, and which of them are in the sample."""

    spaces: int = integer("spaces", 1534, (1, 10_000), None, "coworking spaces in the UK",
        "Ehrhardt, Institute for Mathematical Innovation, Bath: Nov 2022", "M", role=_M)
    london_share: float = real("share", 0.28, (0, 1), None, "of them in London",
        "CoworkingCafe 2024 (of the wider listings of flexible offices)", "M", role=_M)
    population_exponent: float = real("exponent", 0.0, (-3, 3), (-0.5, 0.5), "how spaces follow population (a)",
        _WEIGHT, role=_E)
    jobs_exponent: float = real("exponent", 1.0, (-3, 3), (0.5, 1.5), "how spaces follow jobs (b)", _WEIGHT, role=_E)
    creative_exponent: float = real("exponent", 0.5, (-3, 3), (0.0, 1.0), "how spaces follow the creative share (c)",
        _WEIGHT, role=_E)
    responding: int = integer("spaces", 161, (1, 10_000), None, "spaces in the sample",
        "Wang et al. 2026: 161 responding spaces", "M", role=_M)
    regions: int = integer("regions", 74, (1, 1024), None, "regions in the sample",
        "Wang et al. 2026: 74 ITL-3 regions", "M", role=_M)
    left_behind: int = choice("narrow", ("narrow", "wide"),
        "rule of the flag: poor for 11 years, and jobs and people grow slowly (wide: one of the two will do)",
        "rule of this project; 28 or 64 of 179 regions", role=_M)


@group("population", 3)
class PopulationParameters(NamedTuple):
    """The people at the start."""

    freelancer_share: float = real("share", 0.30, (0, 1), (0.20, 0.40), "freelancers among potential users",
        "DCMS 2024: 28.9 % of creative-industry jobs are self-employed", "D")
    owner_share: float = real("share", 0.05, (0, 1), (0.02, 0.10), "owners of a firm with staff among potential users")
    nomad_share: float = real("share", 0.03, (0, 1), (0.0, 0.08), "digital nomads among potential users")
    remote_share: float = real("share", 0.22, (0, 1), (0.10, 0.35),
        "employees who may work where they like, among potential users; the rest are employees on site",
        "about a third of workers do some work from home (APS 2018-2020)", "D")
    designer_share: float = real("share", 0.15, (0, 1), None, "designers among potential users")
    content_creator_share: float = real("share", 0.15, (0, 1), None, "digital content creators")
    film_maker_share: float = real("share", 0.08, (0, 1), None, "film-makers")
    game_developer_share: float = real("share", 0.12, (0, 1), None, "game developers; the rest are other occupations")
    career_years: float = real("years", 40, (1, 60), None,
        "mean length of a career; a person's own lies within a quarter of it", role=_C)
    entry_skill: float = real("share of frontier", 0.30, (0, 1), (0.2, 0.4), "mean skill of those who begin a career",
        "guess; the career so far adds what the laws of learning give", role=_C)
    entry_skill_sd: float = real("share of frontier", 0.12, (0, 0.5), None, "its standard deviation", role=_C)
    sociability_sd: float = real("ln", 0.5, (0, 2), (0.2, 0.8), "spread of sociability (lognormal, mean 1)")
    learning_hours: float = real("h/week", 3.0, (0, 40), (1.5, 5.0), "median weekly budget of learning time")
    learning_hours_sd: float = real("ln", 0.5, (0, 2), None, "its spread (lognormal)")
    full_time_share: float = real("share", 0.42, (0, 1), (0.40, 0.44), "would come every working day",
        "Deskmag 2015-17: 40-44 %", "M")
    frequent_share: float = real("share", 0.30, (0, 1), None, "would come 3 or 4 days a week; the rest 1 or 2",
        "Deskmag 2015-17", "M")
    earning_sd: float = real("ln", 0.55, (0, 2), (0.4, 0.7), "spread of earning power (lognormal, median 1)",
        "set to the spread of creative freelancers' incomes")
    sponsored_share: float = real("share", 0.25, (0, 1), (0.0, 0.5),
        "employees whose employer pays a part of a membership")
    sponsorship: float = real("share", 0.7, (0, 1), None, "the part that such an employer pays")
    region_side: float = real("km", 20.0, (0.1, 500), None, "side of the square in which a region's people live",
        "order of magnitude of an ITL-3 region's built-up area", role=_C)
    employer_training: float = real("h/week", 0.8, (0, 20), (0.2, 1.5), "mean employer training of an employee",
        "half of creative workers' training gap")
    taste_sd: float = borrowed("membership.taste_sd")
    projects: float = borrowed("income.projects")
    fee: float = borrowed("income.fee")
    fee_spread: float = borrowed("income.fee_spread")
    owner_factor: float = borrowed("income.owner_factor")
    wage: float = borrowed("income.wage")
    everyone_aware: int = 0  # 1: everybody has heard of everything (the mechanism awareness is off)


@group("space", 4)
class SpaceParameters(NamedTuple):
    """The coworking spaces at the start."""

    price: float = real("GBP/month", 157, (0, 5000), (110, 250),
        "price of a hot-desk membership before the regional price level", "CoworkingCafe 2024-25: UK median 155-160",
        "M", role=_L)
    desks: int = integer("desks", 64, (1, 5000), (22, 120), "desks of a space at its opening",
        "Deskmag 2025: mean 90, 22 in small towns", "D", role=_L)
    day_ratio: float = real("share of a month", 0.139, (0, 2), None, "price of a day over that of a hot-desk month",
        "takepayments: mean day desk 21.79 GBP", "D", role=_L)
    dedicated_ratio: float = real("ratio", 1.36, (0.1, 10), None, "price of a dedicated desk over that of a hot desk",
        "CoworkingCafe 2024-25: 210-215 against 155-160", "D", role=_L)
    training_places: float = real("places/desk/week", 0.06, (0, 10), (0.0, 0.2), "training places a space offers",
        role=_L)
    events: float = real("events/week", 0.5, (0, 7), (0.0, 1.2), "community events of a space at its opening",
        "Deskmag: mode 2 a month, mean 4.5", "D", role=_L)
    introductions: float = real("pairs/week", 2.0, (0, 100), (0.0, 6.0), "pairs of strangers that a manager introduces",
        role=_L)
    floor_per_desk: float = real("m2", 5.0, (1, 50), None, "floor area per desk", role=_C)


@group("graph", 5)
class GraphParameters(NamedTuple):
    """Who knows whom before anybody has met."""

    degree: int = integer("ties/person", 4, (0, 40), (0, 8),
        "mean ties at the start of burn-in; an odd number counts as the even one below", "guess; burn-in replaces it",
        role=_C)
    clustering: float = real("share", 0.2, (0, 0.75), (0.0, 0.4),
        "of the pairs of people whom one knows, those who know each other, at the start of burn-in",
        "guess; burn-in replaces it", role=_C)
    strength: float = real("meetings", 1.0, (0, 100), None, "strength of each tie at the start of burn-in",
        "guess; burn-in replaces it", role=_C)
