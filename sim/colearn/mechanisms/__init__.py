"""The week, written once: every mechanism in order.

Synchronous inside a phase: all read the state at its start, changes are committed at its end.

>>> [phase.name for phase in WEEK][:3]
['turnover', 'frontier', 'adoption']
"""

from __future__ import annotations

from typing import Final, Protocol

from colearn.mechanisms.adoption import Adoption
from colearn.mechanisms.attendance import Attendance
from colearn.mechanisms.awareness import Awareness
from colearn.mechanisms.decay import Decay
from colearn.mechanisms.encounters import Encounters
from colearn.mechanisms.frontier import Frontier
from colearn.mechanisms.income import Income
from colearn.mechanisms.management import Management
from colearn.mechanisms.membership import Membership
from colearn.mechanisms.resource_learning import ResourceLearning
from colearn.mechanisms.resource_pool import ResourcePool
from colearn.mechanisms.schemes import Schemes
from colearn.mechanisms.social_learning import SocialLearning
from colearn.mechanisms.turnover import Turnover
from colearn.policies import Policies
from colearn.world.world import World

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
