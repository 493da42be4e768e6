"""Parameters of what a run starts from: the sample of spaces, people, spaces and who knows whom.

The frame says how the UK's coworking spaces are allocated to its regions, and sampled; and which rule flags a region as
left behind, for the analysis and for the eligibility of policies.
"""

from typing import NamedTuple

from coworksim.model.parameters.parameter import Role, borrowed, choice, group, integer, real

_C, _E, _L, _M = Role.CONSTANT, Role.ENVIRONMENT, Role.LEVER, Role.MEASUREMENT
_SURVEY = "prior range of the design; the survey's own figure is not public"
_WEIGHT = "fitted to counts of nations and cities (uk_spaces.csv); weight = population**a * jobs**b * creative share**c"


# A declaration is read as the row of a table.
# fmt: off
@group("frame", 1, _M)
class FrameParameters(NamedTuple):
    """How many spaces there are, and which of them are in the sample."""

    definition: int = choice("narrow-2022", ("narrow-2022", "broad-2024", "broad-2025"),
        "what counts as a space, and when: fills frame.spaces and frame.london_share where they are not set",
        "published counts: uk_spaces.csv; broad ones include serviced offices", role=_M)
    spaces: int = integer("spaces", 1534, (1, 10_000), None, "coworking spaces in the UK",
        "Ehrhardt, Institute for Mathematical Innovation, Bath: Nov 2022", "M")
    london_share: float = real("share", 0.28, (0, 1), None, "of them in London",
        "CoworkingCafe 2024 (of the wider listings of flexible offices)", "M")
    population_exponent: float = real("exponent", 0.0, (-3, 3), None, "how spaces follow population (a)",
        _WEIGHT, role=_E)
    jobs_exponent: float = real("exponent", 0.8, (-3, 3), None, "how spaces follow jobs (b)", _WEIGHT, role=_E)
    creative_exponent: float = real("exponent", 1.0, (-3, 3), None, "how spaces follow the creative share (c)",
        _WEIGHT, role=_E)
    responding: int = integer("spaces", 161, (1, 10_000), None, "spaces in the sample",
        "Wang et al. 2026: 161 responding spaces", "M")
    regions: int = integer("regions", 74, (1, 1024), None, "regions in the sample",
        "Wang et al. 2026: 74 ITL-3 regions", "M")
    left_behind: int = choice("narrow", ("narrow", "wide"),
        "rule of the flag: poor for 11 years, and jobs and people grow slowly (wide: one of the two will do)",
        "rule of this project; 28 or 64 of 179 regions")


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
    sociability_sd: float = real("ln", 0.9, (0, 2), (0.6, 1.2), "spread of sociability (lognormal, mean 1)",
        "guess: a few know everybody; it moves whom one meets, by the tables that one visits")
    learning_hours: float = real("h/week", 3.0, (0, 40), (1.5, 5.0), "median weekly budget of learning time")
    learning_hours_sd: float = real("ln", 0.5, (0, 2), None, "its spread (lognormal)")
    full_time_share: float = real("share", 0.42, (0, 1), None, "would come every working day",
        "Deskmag 2015-17: 40-44 %", "M")
    frequent_share: float = real("share", 0.30, (0, 1), None, "would come 3 or 4 days a week; the rest 1 or 2",
        "Deskmag 2015-17", "M")
    earning_sd: float = real("ln", 0.55, (0, 2), (0.4, 0.7), "spread of earning power (lognormal, median 1)",
        "set to the spread of creative freelancers' incomes")
    sponsored_share: float = real("share", 0.25, (0, 1), (0.0, 0.5),
        "employees whose employer pays a part of a membership")
    sponsorship: float = real("share", 0.7, (0, 1), None, "the part that such an employer pays")
    region_side: float = real("km", 20.0, (0.1, 500), None,
        "side of the square in which a region's people live, where reach is 1",
        "order of magnitude of an ITL-3 region's built-up area", role=_C)
    taste_sd: float = borrowed("membership.taste_sd")
    projects: float = borrowed("income.projects")
    fee: float = borrowed("income.fee")
    fee_spread: float = borrowed("income.fee_spread")
    owner_factor: float = borrowed("income.owner_factor")
    wage: float = borrowed("income.wage")
    everyone_aware: int = 0  # 1: everybody has heard of everything (the mechanism awareness is off)


@group("space", 4, _L)
class SpaceParameters(NamedTuple):
    """The coworking spaces at the start."""

    price: float = real("GBP/month", 157, (0, 5000), (110, 250),
        "price of a hot-desk membership before the regional price level", "CoworkingCafe 2024-25: UK median 155-160",
        "M")
    desks: int = integer("desks", 52, (1, 5000), (22, 120),
        "mean desks of a space in a place of 6,400 potential users",
        "Deskmag: 1.43 members to a desk (129 to 90), for 74 members; 22 in small towns", "D")
    size_sd: float = real("ln", 0.8, (0, 2), (0.5, 1.1), "spread of desks over spaces of one place (lognormal)",
        "from the published tail shares of members per space", "D")
    size_by_place: float = real("exponent", 0.35, (0, 1), (0.2, 0.5),
        "how desks follow the potential users of a place", "guess: spaces in small towns are a third as large")
    price_sd: float = real("ln", 0.15, (0, 1), None, "spread of list prices over spaces of one place (lognormal)",
        role=_C)
    day_ratio: float = real("share of a month", 0.139, (0, 2), None, "price of a day over that of a hot-desk month",
        "takepayments: mean day desk 21.79 GBP", "D")
    dedicated_ratio: float = real("ratio", 1.36, (0.1, 10), None, "price of a dedicated desk over that of a hot desk",
        "CoworkingCafe 2024-25: 210-215 against 155-160", "D")
    training_places: float = real("places/desk/week", 0.06, (0, 10), (0.0, 0.2), "training places a space offers")
    events: float = real("events/week", 0.5, (0, 7), (0.0, 1.2), "community events of a space at its opening",
        "Deskmag: mode 2 a month, mean 4.5", "D")
    floor_per_desk: float = real("m2", 5.0, (1, 50), None, "floor area per desk", role=_C)


@group("graph", 5, _C)
class GraphParameters(NamedTuple):
    """Who knows whom before anybody has met."""

    degree: int = integer("ties/person", 4, (0, 40), None,
        "mean ties at the start of burn-in; an odd number counts as the even one below", "guess; burn-in replaces it")
    clustering: float = real("share", 0.2, (0, 0.75), None,
        "of the pairs of people whom one knows, those who know each other, at the start of burn-in",
        "guess; burn-in replaces it")
    strength: float = real("meetings", 1.0, (0, 100), None, "strength of each tie at the start of burn-in",
        "guess; burn-in replaces it")


@group("appraisal", 170, _M)
class AppraisalParameters(NamedTuple):
    """Rules of the public purse and of economic appraisal."""

    vat_rate: float = real("share", 0.20, (0, 1), None, "VAT in prices and purchases, on top of the price without it",
        "UK standard rate since 2011; check the newest rule", "M")
    discount_rate: float = real("1/year", 0.035, (0, 1), None, "rate by which later weeks are discounted",
        "HM Treasury, Green Book: social time preference rate; check the newest edition", "M")
    welfare_elasticity: float = real("exponent", 1.3, (0, 5), None, "elasticity of the marginal utility of income",
        "HM Treasury, Green Book; check the newest edition", "M")
    administration: float = real("share", 0.05, (0, 5), (0.0, 0.15),
        "administration and error over what is paid out, beside what the books show")
    time_value: float = real("GBP/h", 8.0, (0, 500), (0.0, 20.0), "value of an hour of work that encounters take")
    sd_year_value: float = real("GBP", 2000.0, (0, 1e6), (0.0, 20_000.0),
        "what a standard deviation of a skill, held for a year, is held to be worth in the net benefit",
        "guess; the acceptability curve shows all others")
    subsidy_threshold: float = real("GBP", 315_000, (0, 1e9), None,
        "support of one enterprise over three financial years above which subsidy control must be looked at",
        "Subsidy Control Act 2022, Minimal Financial Assistance; check the newest rule", "M")


@group("survey", 180, _M)
class SurveyParameters(NamedTuple):
    """Who answers, and how answers follow from what happened."""

    space_response: float = real("share", 0.9, (0.01, 1), (0.5, 1.0),
        "spaces of the scenario that answer, where they are as full as the mean one",
        "guess; a scenario's spaces stand for those that were ready to answer")
    space_selection: float = real("ln odds per sd", 0.5, (-5, 5), (-1.0, 1.0),
        "how much sooner spaces with more members answer", "guess; the range includes the wrong sign")
    manager_response: float = real("share", 0.8, (0, 1), (0.5, 1.0),
        "managers of answering spaces who answer themselves")
    members: int = integer("people/space", 6, (1, 1000), (3, 12), "members of an answering space who answer, at most",
        "guess; the survey's number of respondents is not public")
    member_selection: float = real("ln weight per sd", 0.5, (-5, 5), (-1.0, 1.0),
        "how much sooner members answer who have gained more in the space", "guess; the range includes the wrong sign")
    reliability: float = real("share", 0.6, (0.01, 1), (0.4, 0.8),
        "part of a scale (the mean of its items before they are cut, without the common factor) that is true", _SURVEY)
    common_method: float = real("share", 0.2, (0, 0.95), (0.0, 0.5),
        "part of each answer that a person's way of answering makes up, the same for all items", _SURVEY)
    threshold_step: float = real("sd", 0.9, (0.05, 5), (0.6, 1.2), "distance of the cuts between the five answers")
    threshold_lift: float = real("sd", 0.4, (-3, 3), (0.0, 0.8),
        "how far answers lie above the middle: more is a lower ceiling",
        "guess; answers about oneself lie above the middle")
    felt: int = choice("logarithmic", ("logarithmic", "linear"),
        "how an amount is felt: ln(1 + amount/median of users), or as it is",
        "rival forms: a difference of slopes can depend on the scale")
    trial_weeks: int = integer("weeks", 52, (1, 5200), None, "last weeks of a run in which the randomised trials act",
        "arbitrary: a year")
    trial_gatherings: float = real("gatherings/space/week", 2.0, (0, 8), None,
        "what the trial of gatherings adds in every space, to found a group, for members present, drawn by lot",
        "arbitrary: small beside what happens anyway")
    trial_hours: float = real("h/week", 0.5, (0, 100), None,
        "what the trial of machine hours adds for half of all people, drawn by lot, in weeks in which they come",
        "arbitrary: small beside what happens anyway")
