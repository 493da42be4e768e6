"""A whole world at the start of a week."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from colearn.kernels import kernel
from colearn.quantities.skills import OCCUPATIONS, SKILLS, WEIGHTS
from colearn.scenario import Scenario
from colearn.world import draws
from colearn.world.behaviours import Behaviours
from colearn.world.ledger import Ledger
from colearn.world.meetings import Meetings
from colearn.world.population import Population
from colearn.world.regions import Regions
from colearn.world.roster import Roster
from colearn.world.social_graph import Ties
from colearn.world.spaces import Spaces
from colearn.world.synthesis import populate

__all__ = ["MEMORY_WEEKS", "SNAPSHOT_WEEKS", "World"]

SNAPSHOT_WEEKS = 4
MEMORY_WEEKS = 13


@kernel
def _remember(week_gain: NDArray[np.float64], recent_gain: NDArray[np.float64]) -> None:
    """Blend the week's gain in the space (points, mean over skills) into the memory of a quarter, and reset it."""
    for i in range(len(week_gain)):
        recent_gain[i] = recent_gain[i] * (1.0 - 1.0 / MEMORY_WEEKS) + 100.0 * week_gain[i] / 8.0
        week_gain[i] = 0.0


@dataclass(slots=True)
class World:
    """The state that the week's mechanisms read and change."""

    scenario: Scenario
    run: draws.RunKey
    week: int  # since the start of burn-in
    opening: int  # week in which spaces open
    regions: Regions
    workers: Population
    spaces: Spaces
    ties: Ties
    roster: Roster
    meetings: Meetings
    ledger: Ledger
    behaviours: Behaviours
    frontier: NDArray[np.float64]  # (occupations, skills)
    weights: NDArray[np.float64]  # (occupations, skills)
    log_rho: float  # ln(1 - 1/tau) of ties; 0 when they do not fade

    @classmethod
    def of(cls, scenario: Scenario, seed: int, replicate: int = 0) -> World:
        """Make the world of a scenario in week 0."""
        draws.forget_draws()
        run = draws.run_key(seed, replicate)
        regions = Regions.of(scenario)
        workers = populate(scenario, regions, run)
        spaces = Spaces.of(scenario, regions)
        return cls(
            scenario=scenario,
            run=run,
            week=0,
            opening=scenario.burn_in_weeks,
            regions=regions,
            workers=workers,
            spaces=spaces,
            ties=Ties.none(len(workers)),
            roster=Roster.none(len(spaces), len(workers)),
            meetings=Meetings.none(),
            ledger=Ledger(),
            behaviours=Behaviours(len(workers)),
            frontier=np.ones((len(OCCUPATIONS), len(SKILLS))),
            weights=np.array(WEIGHTS),
            log_rho=math.log(1.0 - 1.0 / float(scenario["decay.tie_weeks"])) if scenario.mechanisms["decay"] else 0.0,
        )

    @property
    def open(self) -> bool:
        """Whether coworking spaces exist this week."""
        return self.week >= self.opening

    def begin_week(self) -> None:
        """Start counting what is gained when spaces open."""
        if self.week == self.opening:
            self.workers.skill_at_opening[:] = self.workers.skill
            self.workers.gain[:] = 0.0

    def end_week(self) -> None:
        """Remember the week: what was learnt in the space and, every four weeks, who knows whom."""
        _remember(self.workers.week_gain, self.workers.recent_gain)
        if (self.week + 1) % SNAPSHOT_WEEKS == 0:
            self.ties.refresh()
        self.week += 1

    def local_space(self) -> NDArray[np.int32]:
        """Return the row of each region's space, -1 where it has none (one space a region in the thin week)."""
        found = np.full(len(self.regions.names), -1, np.int32)
        for s in range(len(self.spaces) - 1, -1, -1):
            found[self.spaces.region[s]] = s
        return found
