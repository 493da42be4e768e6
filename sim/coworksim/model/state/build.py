"""The world of a scenario in week 0: regions and their spaces, people, and who knows whom."""

from __future__ import annotations

import math

import numpy as np

from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, WEIGHTS
from coworksim.model.scenario import Scenario
from coworksim.model.state import rng
from coworksim.model.state.acquaintances import acquaint
from coworksim.model.state.behaviours import Behaviours
from coworksim.model.state.ledger import Ledger
from coworksim.model.state.meetings import Meetings
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers, Schemes
from coworksim.model.state.regions import Regions
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.synthesis import populate
from coworksim.model.state.ties import Ties
from coworksim.model.state.world import World


def new_world(scenario: Scenario, seed: int, replicate: int = 0) -> World:
    """Make the world of a scenario in week 0."""
    rng.forget_draws()
    run = rng.run_key(seed, replicate)
    regions = Regions.of(scenario)
    spaces = Spaces.of(scenario, regions, run)
    workers = Population.empty(int(regions.first_row[-1]))
    world = World(
        scenario=scenario,
        run=run,
        week=0,
        opening=scenario.burn_in_weeks,
        regions=regions,
        workers=workers,
        spaces=spaces,
        schemes=Schemes.of(scenario, len(workers), len(spaces)),
        levers=Levers.none(len(regions.names), len(spaces)),
        ties=Ties.none(len(workers)),
        meetings=Meetings.none(),
        ledger=Ledger(),
        behaviours=Behaviours(len(workers)),
        managers=[],
        frontier=np.ones((len(OCCUPATIONS), len(SKILLS))),  # set by populate
        weights=np.array(WEIGHTS),
        unmet=np.zeros(len(regions.names), np.int64),
        log_rho=math.log(1.0 - 1.0 / float(scenario["decay.tie_weeks"])) if scenario.mechanisms["decay"] else 0.0,
    )

    populate(world)
    acquaint(world)
    return world
