"""A region as the plain twin sees it: an environment, and those who live and run spaces there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agents import Employee, Freelancer, Worker
    from .environment import Environment
    from .space import Manager

__all__ = ["Area"]


@dataclass(slots=True)
class Area:
    """One region of the scenario."""

    index: int
    name: str
    environment: Environment
    managers: list[Manager] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    freelancers: list[Freelancer] = field(default_factory=list)
    employees: list[Employee] = field(default_factory=list)
