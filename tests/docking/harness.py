"""Step the product and the plain twin phase by phase, and name the first thing on which they disagree."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from colearn.model import CoworkingModel
from colearn.quantities.skills import STATUSES
from colearn.scenario import Scenario
from colearn.world.population import CHANNELS
from colearn.world.social_graph import strength
from colearn.world.world import World
from tests.reference.model import PlainModel
from tests.reference.population import PersonAtStart

__all__ = ["DockingError", "dock", "pair"]

TOLERANCE = 1e-9


class DockingError(AssertionError):
    """Product and twin differ: the message names week, phase, agent and quantity."""


def people_of(world: World) -> list[PersonAtStart]:
    """Return the product's population as the plain records that the twin starts from."""
    w = world.workers
    return [
        PersonAtStart(
            key=int(w.key[i]),
            region=int(w.region[i]),
            status=STATUSES[w.status[i]],
            occupation=int(w.occupation[i]),
            career_years=float(w.career_years[i]),
            sociability=float(w.sociability[i]),
            learning_hours=float(w.learning_hours[i]),
            days=int(w.days[i]),
            taste=float(w.taste[i]),
            power=float(w.earning_power[i]),
            employer_hours=float(w.employer_hours[i]),
            offset=int(w.review_offset[i]),
            skills=tuple(w.skill[i].tolist()),
            income=float(w.income[i]),
        )
        for i in range(len(w))
    ]


def pair(scenario: Scenario, seed: int = 1, replicate: int = 0) -> tuple[CoworkingModel, PlainModel]:
    """Make the product and its twin in week 0."""
    model = CoworkingModel(scenario, seed, replicate)
    return model, PlainModel(scenario, people_of(model.world), seed=seed, replicate=replicate)


#: column of the product, what the twin's worker says
WORKER: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("income", lambda worker: worker.income),
    ("earned", lambda worker: worker.earned_pence),
    ("fees", lambda worker: worker.fees_pence),
    ("work", lambda worker: worker.work),
    ("outside_contacts", lambda worker: worker.contacts),
    ("tenure", lambda worker: worker.tenure),
    ("encounters", lambda worker: worker.encounters),
    ("partners_new", lambda worker: worker.partners_new),
    ("recent_gain", lambda worker: worker.recent_gain),
    ("week_gain", lambda worker: worker.space_gain_week),
)


def readings(world: World, twin: PlainModel) -> Iterator[tuple[str, Sequence[str], Sequence[float], Sequence[float]]]:
    """Yield each quantity: its name, whose it is, the product's values and the twin's."""
    w, workers = world.workers, twin.workers
    keys = [f"worker {key}" for key in w.key.tolist()]
    yield "key", keys, w.key.tolist(), [worker.key for worker in workers]
    for column, say in WORKER:
        yield column, keys, getattr(w, column).tolist(), [say(worker) for worker in workers]
    # What a leaver did last week is dropped by the twin on leaving, by the product in the next phase that fills it.
    member = w.member_of >= 0
    yield "member", keys, member.tolist(), [worker.member for worker in workers]
    yield "days", keys, (w.days_present * member).tolist(), [worker.days_present for worker in workers]
    yield "hours", keys, (w.inside_hours * member).tolist(), [worker.inside_hours for worker in workers]
    for k in range(8):
        yield f"skill {k}", keys, w.skill[:, k].tolist(), [worker.skills[k] for worker in workers]
    for c, channel in enumerate(CHANNELS):
        for f, family in enumerate((range(4), range(4, 8))):
            mine = [sum(worker.gains[channel][k] for k in family) / 4 for worker in workers]
            yield f"gain by {channel}, family {f}", keys, w.gain[:, f, c].tolist(), mine
    yield from space_readings(world, twin)
    ties, graph = world.ties, twin.graph
    ends = [(int(k) >> 32, int(k) & 0xFFFFFFFF) for k in ties.key[: ties.count]]
    plain = {(min(a, b), max(a, b)): (data["w"], data["last"]) for a, b, data in graph.edges(data=True)}
    yield "ties", ["all workers"], [len(ends)], [len(plain)]
    names = [f"tie {a}-{b}" for a, b in ends]
    yield "weight", names, ties.weight[: ties.count].tolist(), [plain.get(e, (math.nan, 0))[0] for e in ends]
    yield "last meeting", names, ties.last[: ties.count].tolist(), [plain.get(e, (0, -1))[1] for e in ends]
    faded = [
        strength(float(x), world.week - int(t), world.log_rho) for x, t in zip(ties.weight, ties.last, strict=True)
    ]
    yield "strength", names, faded[: ties.count], [twin.tie_strength(a, b) for a, b in ends]


def space_readings(
    world: World, twin: PlainModel
) -> Iterator[tuple[str, Sequence[str], Sequence[float], Sequence[float]]]:
    """Yield what spaces and books say."""
    s, managers = world.spaces, twin.managers
    names = [f"space {manager.name}" for manager in managers]
    yield "people a day", names, s.present.tolist(), [manager.nbar for manager in managers]
    yield "price", names, s.price.tolist(), [manager.price_pence_month for manager in managers]
    yield "members", names, s.members.tolist(), [len(manager.members) for manager in managers]
    yield "equipment hours", names, s.hours_used.tolist(), [manager.equipment_hours_week for manager in managers]
    yield "encounters of the week", names, s.meetings.tolist(), [manager.encounters_week for manager in managers]
    mine, plain = world.ledger.postings, twin.ledger
    labels = [f"posting {number}" for number in range(len(mine))]
    yield "postings", ["ledger"], [len(mine)], [len(plain)]
    if [tuple(p) for p in mine] != [tuple(p) for p in plain]:
        yield "pence", labels, [p.pence for p in mine], [p.pence for p in plain]
        yield "accounts", ["ledger"], [0], [1]


def compare(world: World, twin: PlainModel, week: int, phase: str) -> None:
    """Raise DockingError at the first quantity on which the two differ by more than 1e-9."""
    for quantity, names, mine, plain in readings(world, twin):
        if len(mine) != len(plain):
            raise DockingError(
                f"week {week}, after {phase}, {quantity}: {len(mine)} in the product, {len(plain)} in the twin"
            )
        for name, a, b in zip(names, mine, plain, strict=True):
            if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=1e-12):
                raise DockingError(
                    f"week {week}, after {phase}, {name}, {quantity}: {a} in the product, {b} in the twin"
                )


def dock(model: CoworkingModel, twin: PlainModel, weeks: int) -> None:
    """Live ``weeks`` weeks on both sides, comparing after every phase."""
    compare(model.world, twin, 0, "the start")
    for _ in range(weeks):
        week = model.world.week
        model.world.begin_week()
        twin.begin_week()
        for mine, plain in zip(model.phases, twin.phases, strict=True):
            mine.step(model.world)
            plain()
            compare(model.world, twin, week, mine.name)
        model.world.end_week()
        twin.end_week()
        compare(model.world, twin, week, "the end of the week")
