"""The week, written once: every mechanism in order.

Synchronous inside a phase: all read the state at its start, changes are committed at its end.

>>> [phase.name for phase in WEEK][:3]
['turnover', 'frontier', 'adoption']
"""

from __future__ import annotations

from typing import Final, Protocol

from coworksim.model.mechanisms.adoption import Adoption
from coworksim.model.mechanisms.attendance import Attendance
from coworksim.model.mechanisms.awareness import Awareness
from coworksim.model.mechanisms.decay import Decay
from coworksim.model.mechanisms.encounters import Encounters
from coworksim.model.mechanisms.frontier import Frontier
from coworksim.model.mechanisms.income import Income
from coworksim.model.mechanisms.management import Management
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.resource_learning import ResourceLearning
from coworksim.model.mechanisms.resource_pool import ResourcePool
from coworksim.model.mechanisms.schemes import Schemes
from coworksim.model.mechanisms.social_learning import SocialLearning
from coworksim.model.mechanisms.turnover import Turnover
from coworksim.model.state.world import World

__all__ = ["WEEK", "Phase"]


class Phase(Protocol):
    """One mechanism: made from a world, then stepped once a week."""

    name: str

    def __init__(self, world: World) -> None:
        """Read the mechanism's parameters from the world's scenario."""

    def step(self, world: World) -> None:
        """Change the world by one week of this mechanism."""


WEEK: Final[tuple[type[Phase], ...]] = (
    Turnover,
    Frontier,
    Adoption,
    Policies,
    Income,
    Awareness,
    Schemes,
    Membership,
    Attendance,
    Encounters,
    SocialLearning,
    ResourcePool,
    ResourceLearning,
    Decay,
    Management,
)
