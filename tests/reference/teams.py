"""Teams in the plain twin: owners, and employees whose employers pay for a desk, who come together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .statuses import Owner

if TYPE_CHECKING:
    from .agents import Worker
    from .region import Area

__all__ = ["form_teams", "is_of_one_team"]


def form_teams(area: Area) -> None:
    """Let those who can be in a team follow the nearest before them who starts one; others lead themselves."""
    lead: Worker | None = None
    for worker in area.workers:
        worker.lead = worker
        if isinstance(worker, Owner) or (not worker.independent and worker.sponsor > 0):
            if lead is None or worker.starts_team:
                lead = worker
            worker.lead = lead


def is_of_one_team(one: Worker, other: Worker) -> bool:
    """Whether two people have the same lead."""
    return one.lead is other.lead
