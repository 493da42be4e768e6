"""The week: every mechanism in the order that its record declares, one file each.

Synchronous inside a phase: all read the state at its start, changes are committed at its end. ``coworksim describe
--week`` prints the whole list.

>>> [phase.name for phase in WEEK][:3]
['turnover', 'frontier', 'adoption']
"""

from importlib import import_module
from typing import Final, Protocol

from coworksim.model.parameters import MECHANISMS
from coworksim.model.state.world import World

__all__ = ["WEEK", "Phase"]


class Phase(Protocol):
    """One mechanism: made from a world, then stepped once a week.

    It may say how far it looks: ``scope = "region"`` never past the border of a region, and then parts of the world
    step by themselves, side by side; ``scope = "world"`` at what regions share, people and spaces, but neither at ties
    nor at encounters. A world with a mechanism that does not say is never cut into parts.
    """

    name: str

    def __init__(self, world: World) -> None:
        """Read the mechanism's parameters from the world's scenario."""

    def step(self, world: World) -> None:
        """Change the world by one week of this mechanism."""


def _phase(name: str) -> type[Phase]:
    """Return the class of a mechanism, out of the file of its name."""
    module = import_module(f"{__name__}.{name}")
    for found in vars(module).values():
        if isinstance(found, type) and found.__module__ == module.__name__ and vars(found).get("name") == name:
            return found
    raise LookupError(f"{module.__name__} has no class with name = {name!r}")


WEEK: Final[tuple[type[Phase], ...]] = tuple(map(_phase, MECHANISMS))
