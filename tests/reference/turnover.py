"""Turnover in the plain twin: careers end, newcomers take the places, people change status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .population import newcomer
from .statuses import STATUS_CLASSES, Nomad, become, leaves, next_status

if TYPE_CHECKING:
    from .agents import Worker
    from .model import PlainModel
    from .population import PersonAtStart
    from .region import Area

__all__ = ["settle", "turn_over"]


def turn_over(model: PlainModel) -> None:
    """See who leaves and who changes status, all on the state as it stands; then let it happen."""
    week = model.week
    for area in model.areas:
        leavers: list[Worker] = []
        changes: list[tuple[Worker, type[Worker]]] = []
        for worker in area.workers:
            if leaves(worker, week):
                leavers.append(worker)
            elif (status := next_status(worker, week)) is not None:
                changes.append((worker, status))
        if not (leavers or changes):
            continue
        tools_share = sum(worker.tools for worker in area.workers) / len(area.workers)
        for worker, status in changes:
            become(worker, status, week)
        for worker in leavers:
            _say_goodbye(worker, model)
            _take_place(worker, tools_share, model)
        area.settle()
        if leavers:
            model.ties = dict(model.graph.adjacency())


def settle(model: PlainModel, person: PersonAtStart, area: Area) -> Worker:
    """Make the agent of a person; the place is the caller's."""
    return STATUS_CLASSES[person.status](model, person, area)


def _say_goodbye(worker: Worker, model: PlainModel) -> None:
    """Cut all bonds: membership, awards, ties, and what others remember of them."""
    worker.leave()
    for scheme in model.schemes.awards:
        scheme.give_back(worker)
    for friend in model.neighbours.pop(worker.key, ()):
        model.neighbours[friend.key].remove(worker)
        model.known[friend.key].remove(worker.key)
    model.known.pop(worker.key, None)
    model.graph.remove_node(worker.key)
    del model.worker_by_key[worker.key]
    worker.remove()


def _take_place(leaver: Worker, tools_share: float, model: PlainModel) -> None:
    """Put a newcomer in the place of somebody who has left; the key says it is the next generation."""
    area, nomad = leaver.area, leaver.status == Nomad.status
    key = leaver.key + 1
    share = tools_share if model.inputs.mechanisms["adoption"] else 1.0
    person = newcomer(
        model.inputs, model.source, area.environment, model.frontiers, share, key, model.week, nomad=nomad
    )
    worker = settle(model, person, area)
    area.workers[leaver.place] = worker
    model.workers[area.first + leaver.place] = worker
    model.worker_by_key[key] = worker
    model.graph.add_node(key)
