"""Assumptions of structure: what the model takes for granted beyond the values of single quantities."""

from __future__ import annotations

from typing import Final, NamedTuple

from colearn.quantities import Evidence

__all__ = ["DECLARED", "Declared"]

_D, _G = Evidence.DERIVED, Evidence.GUESS


class Declared(NamedTuple):
    """An assumption of structure, and the quantities through which a study sees what it may change."""

    name: str
    assumed: str
    why: str
    evidence: Evidence
    quantities: tuple[str, ...] = ()


DECLARED: Final = (
    Declared("regions differ in environment only", "no coefficient of learning differs by region or type of worker",
             "findings about regions must emerge; any difference could be typed in otherwise", _G,
             ("environment.outside_access", "environment.firm_density", "environment.catchment")),
    Declared("TD learning closes a gap", "TD skill is anchored to a frontier that equipment and trainers carry along",
             "skill in tools is codified; the rival law is a quantity away", _G, ("resource_learning.theta_td",)),
    Declared("SC learning is limited by input", "SC skill grows with novelty and contacts of partners, not with a gap",
             "gap-closing laws favour the isolated; the rival law is a quantity away", _G,
             ("social_learning.theta_sc",)),
    Declared("time is a budget", "an hour of learning inside a space is not spent outside",
             "people's time is short; without it spaces would add learning for nothing", _G,
             ("population.learning_hours", "resource_pool.inclination")),
    Declared("peers drag nobody down", "only the lead of a partner counts, and the partner loses nothing but time",
             "a simplification; the contrary would need data on who holds back whom", _G,
             ("social_learning.peer_gain", "social_learning.peer_gain_td")),
    Declared("useful distance", "partners at middling distance of TD profiles teach best",
             "cognitive distance in the literature on firms; a study of a left-behind town finds no such effect", _G,
             ("social_learning.cognitive_distance",)),
    Declared("learning needs use", "what is learnt from others sticks as far as there is work to use it in",
             "transfer depends on the chance to apply (Blume et al. 2010)", _D, ("social_learning.application",)),
    Declared("membership is a logit choice", "taste, habit, ties, expected gain, price, crowding and distance add up",
             "standard in discrete choice; habit and taste are fitted to churn and spells together", _D,
             ("membership.habit", "membership.taste_sd", "membership.price_weight", "membership.affordability")),
    Declared("review every eight weeks", "nobody joins or leaves between reviews but when support begins to pay",
             "monthly contracts and inertia; the interval is not swept", _G),
    Declared("tables", "who sits together on a day is chance; people choose neighbours by distance, tie and occupation",
             "cheap and mean-preserving; contact falls off by about 8 m (Allen 1977)", _D,
             ("encounters.distance", "encounters.homophily", "encounters.habit")),
    Declared("projects are partly taken from others", "a share of what skill earns is another freelancer's loss",
             "regional demand is limited; no figure exists", _G, ("income.own_expansion", "income.skill_return")),
    Declared("nobody moves between regions", "a home lasts as long as a career; nomads come and go",
             "migration is left out for want of data at this level", _G),
    Declared("no inflation", "prices, wages and costs are those of the year of the opening, but for managers' prices",
             "effects are differences between worlds in the same year", _G),
    Declared("firms are scenery", "employers train, sponsor and bring colleagues together, and decide nothing",
             "the question is about people without an employer", _G, ("encounters.colleagues",
                                                                      "population.employer_training")),
    Declared("managers follow rules of thumb", "price by occupancy in steps, investment of a surplus, closure if broke",
             "no data on pricing by spaces; the rules are written out in colearn.agents.Manager", _G,
             ("management.raise_above", "management.cut_below", "management.price_step")),
    Declared("one desk count for all spaces", "spaces open alike unless the scenario lists its own",
             "sizes by region are not published", _G, ("space.desks",)),
    Declared("spaces follow a rule of allocation", "where the UK's spaces are is computed from people, jobs and firms",
             "no count by ITL-3 region exists", _G,
             ("frame.population_exponent", "frame.jobs_exponent", "frame.creative_exponent")),
    Declared("outside access is a guess by region", "how much of it can be used follows digital skills",
             "no regional figure of access to courses, labs and machines exists", _G,
             ("environment.outside_access", "environment.outside_access_elasticity")),
    Declared("starting skills follow the laws", "a career so far has added what the laws of learning give",
             "avoids decades of burn-in; the burn-in adds the rest", _D, ("population.entry_skill",)),
    Declared("hassle is lasting", "how hard applying is to a person is drawn once, heavier early in a career",
             "redrawing would bring everybody in sooner or later", _G, ("schemes.hassle", "schemes.early_hassle")),
    Declared("awards are used as meant", "no fraud, no resale; support pays a fee that the person would owe",
             "administration and error are a declared share of cost", _G, ("appraisal.administration",)),
    Declared("what is not in the model", "sex, ethnicity, disability, household, health and taxes have no part",
             "no data in the survey to hold them against; distributional results say so", _G),
)  # fmt: skip
