"""Product and twin agree on every worker, tie and penny, in every week and after every phase."""

from __future__ import annotations

import pytest

from coworksim.model.model import CoworkingModel
from coworksim.model.parameters import MECHANISMS, OFF
from tests.docking.harness import DockingError, dock, pair, people_of
from tests.reference.model import PlainModel, lacking
from tests.reference.plain_draws import KeyedSource
from tests.reference.population import population_at_start
from tests.worlds import busy, schemes, town, unequal

WEEKS = 12 + 26

VARIANTS: dict[str, dict[str, object]] = {
    "as declared": {},
    "another seed": {"seed": 7},
    "logarithm": {"membership.money": "logarithmic"},
    "lasting tastes": {"membership.persistence": "taste"},
    "plans ahead": {"schemes.wish": "expected"},
    "strangers at the start": {"graph.degree": 0},
    "all know each other at the start": {"graph.degree": 40, "graph.strength": 30.0},
    "a ring of lasting ties": {"graph.degree": 9, "graph.clustering": 0.75, "graph.strength": 5.0},
    "ties at the start that fade at once": {"graph.clustering": 0.0, "graph.strength": 0.0},
    "cognitive distance": {"social_learning.cognitive_distance": "inverted_u"},
    "training places": {"space.training_places": 0.1},
    "both laws closing gaps": {"social_learning.theta_sc": 1.0, "resource_learning.theta_td": 1.0},
    "both laws limited by input": {"social_learning.theta_sc": 0.0, "resource_learning.theta_td": 0.0},
    "laws between": {"social_learning.theta_sc": 0.5, "resource_learning.theta_td": 0.3},
    "skills at the frontier": {
        "population.entry_skill": 0.97,
        "resource_learning.theta_td": 0.0,
        "resource_learning.td_rate": 0.02,
        "resource_learning.own_sc": 0.02,
    },
    "ties that fade fast": {"decay.tie_weeks": 3.0, "decay.tie_floor": 0.9, "decay.skill": 0.3},
    "no pipelines needed": {"social_learning.pipeline_half": 0.0},
    "skill pays": {"income.skill_return": 3.0, "income.own_expansion": 0.0, "environment.demand_trend": 0.2},
    "skills in tandem": {"income.complementarity": -0.5},
    "skills multiply": {"income.complementarity": 0.0},
    "skills add up": {"income.complementarity": 1.0},
    "a jump in artificial intelligence": {"frontier.ai_week": 5, "adoption.imitation": 0.1},
    "people come and go": {"turnover.exit": 0.9, "turnover.to_employee": 0.9, "turnover.to_freelancer": 0.9},
    "many nomads": {"population.nomad_share": 0.4, "turnover.nomad_stay": 6.0},
    "sociable": {"encounters.closure": 2.0},
    "events": {"space.events": 4.0, "encounters.visitors": 100.0},
    "large teams": {
        "teams.size": 8.0,
        "teams.table": 0.7,
        "population.sponsored_share": 0.9,
        "population.owner_share": 0.3,
        "encounters.visits": 3.0,
    },
    "alone and at one table": {"teams.size": 1.0, "encounters.visits": 0.0, "population.sociability_sd": 0.0},
    "groups": {"groups.founding": 10.0, "encounters.event_share": 3.0, "space.events": 3.0, "turnover.exit": 0.5},
    "seasons": {"attendance.august": 0.05, "attendance.christmas": 0.01, "membership.review_weeks": 2.0},
    "many courses": {
        "training.employees": 0.8,
        "training.ratio": 0.9,
        "training.lost": 1.0,
        "training.hours": 60.0,
        "training.clumping": 0.9,
    },
    "plenty of desks": {"space.desks": 70, "resource_pool.equipment_hours": 5.0},
    "dear spaces that close": {"management.rent": 300.0, "management.capital": 100.0},
    "full spaces that multiply": {"membership.appeal": 5.0, "space.desks": 5, "management.founders": 400.0},
    "nobody independent": {
        "population.freelancer_share": 0.0,
        "population.owner_share": 0.0,
        "population.nomad_share": 0.0,
        "turnover.to_freelancer": 0.0,
    },
    **{f"{name} off": {f"mechanisms.{name}": False} for name in MECHANISMS if name not in OFF},
    **{f"{name} on": {f"mechanisms.{name}": True} for name in sorted(OFF) if name not in lacking()},
}


@pytest.mark.slow
@pytest.mark.parametrize("variant", list(VARIANTS))
def test_docking_of_sixty_workers(variant: str) -> None:
    settings = dict(VARIANTS[variant])
    seed = settings.pop("seed", 1)
    assert isinstance(seed, int)
    model, twin = pair(busy(**{"burn_in_weeks": 26, **settings}), seed)
    dock(model, twin, 26 + 26)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 4))])
def test_docking_of_schemes(seed: int) -> None:
    model, twin = pair(schemes(), seed)
    dock(model, twin, WEEKS)
    assert (model.world.schemes.spent > 0).all()


@pytest.mark.slow
def test_docking_of_spaces_that_differ_in_desks_and_price() -> None:
    model, twin = pair(unequal(), seed=3)
    level = float(model.world.regions.price_level[0])
    default = int(157.0 * level * 100 + 0.5)
    assert model.world.spaces.desks.tolist()[:3] == [4, 30, 8]
    assert model.world.spaces.list_price.tolist()[:3] == [4000, default, 31050]
    dock(model, twin, WEEKS)
    assert set(model.world.workers.member_of.tolist()) >= {0, 1}


@pytest.mark.slow
@pytest.mark.parametrize("replicate", range(3))
def test_docking_of_five_hundred_workers(replicate: int) -> None:
    model, twin = pair(town(500, **{"membership.appeal": 4.5}), seed=11, replicate=replicate)
    dock(model, twin, WEEKS)
    assert model.world.workers.encounters.sum() > 1000


@pytest.mark.slow
def test_the_populations_of_week_0_agree() -> None:
    scenario = town(500)
    model, _ = pair(scenario, seed=4, replicate=2)
    plain = population_at_start(scenario, KeyedSource(4, 2))
    for mine, other in zip(people_of(model.world), plain, strict=True):
        for name in mine.__dataclass_fields__:
            a, b = getattr(mine, name), getattr(other, name)
            assert a == (b if isinstance(b, str) else pytest.approx(b, rel=1e-12)), (mine.key, name)


TWIN_FAULTS = {
    "exit": "turnover",
    "imitation": "adoption",
    "projects": "income",
    "by_ties": "awareness",
    "constant": "membership",
    "outside": "encounters",
    "partner_gain": "social_learning",
    "inclination": "resource_pool",
    "td_rate": "resource_learning",
    "skill_loss_year": "decay",
    "rent": "management",
}


def soon() -> tuple[CoworkingModel, PlainModel]:
    """Make a busy pair whose spaces open in week 2, so that every phase has something to do in the weeks after."""
    return pair(busy(burn_in_weeks=2))


@pytest.mark.slow
def test_a_fault_in_the_twin_alone_is_named(subtests: pytest.Subtests) -> None:
    """One number three times too large: docking names week, phase, agent and quantity."""
    for quantity, phase in TWIN_FAULTS.items():
        model, twin = soon()
        object.__setattr__(twin.rules, quantity, getattr(twin.rules, quantity) * 3.0)
        named = rf"week \d+, after {phase}, \w+ .*, .*: .* in the product"
        with subtests.test(quantity), pytest.raises(DockingError, match=named):
            dock(model, twin, WEEKS)


PRODUCT_FAULTS = {
    "turnover": ("_p", "exit"),
    "adoption": ("_p", "innovation"),
    "income": ("_p", "smoothing"),
    "awareness": ("_p", "at_opening"),
    "membership": ("parameters", "constant"),
    "attendance": ("_p", "smoothing"),
    "encounters": ("parameters", "habit"),
    "social_learning": ("parameters", "novelty_scale"),
    "resource_pool": ("_p", "inclination"),
    "resource_learning": ("_p", "own_td"),
    "decay": ("_p", "skill"),
    "management": ("parameters", "rent"),
}


@pytest.mark.slow
def test_a_fault_in_the_product_alone_is_named(subtests: pytest.Subtests) -> None:
    for phase, (record, field) in PRODUCT_FAULTS.items():
        model, twin = soon()
        faulty = next(p for p in model.phases if p.name == phase)
        parameters = getattr(faulty, record)
        setattr(faulty, record, parameters._replace(**{field: getattr(parameters, field) * 3.0}))
        with subtests.test(phase), pytest.raises(DockingError, match=rf"week \d+, after {phase}, "):
            dock(model, twin, WEEKS)
