"""A whole world at the start of a week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.scenario import Scenario
from coworksim.model.state import rng
from coworksim.model.state.behaviours import Behaviours, Decides
from coworksim.model.state.ledger import Ledger
from coworksim.model.state.meetings import Meetings
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers, Schemes
from coworksim.model.state.regions import Regions
from coworksim.model.state.spaces import Spaces
from coworksim.model.state.ties import Ties

SNAPSHOT_WEEKS = 4
MEMORY_WEEKS = 13


@kernel
def _remember(w: Population) -> None:
    """Blend the week's gain in the space (points, mean over skills) into the memory of a quarter, and reset it."""
    for i in range(len(w.week_gain)):
        w.recent_gain[i] = w.recent_gain[i] * (1.0 - 1.0 / MEMORY_WEEKS) + 100.0 * w.week_gain[i] / 8.0
        w.week_gain[i] = 0.0


@dataclass(slots=True)
class World:
    """The state that the week's mechanisms read and change."""

    scenario: Scenario
    run: rng.RunKey
    week: int  # since the start of burn-in
    opening: int  # week in which spaces open
    regions: Regions
    workers: Population
    spaces: Spaces
    schemes: Schemes
    levers: Levers
    ties: Ties
    meetings: Meetings
    ledger: Ledger
    behaviours: Behaviours
    managers: list[Decides]  # one per space, set by the model
    frontier: NDArray[np.float64]  # (occupations, skills)
    weights: NDArray[np.float64]  # (occupations, skills)
    unmet: NDArray[np.int64]  # by region: decisions in a row with unmet demand
    log_rho: float  # ln(1 - 1/tau) of ties; 0 when they do not fade

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
        _remember(self.workers)
        if (self.week + 1) % SNAPSHOT_WEEKS == 0:
            self.ties.refresh()
        self.week += 1
