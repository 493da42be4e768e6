"""Step the product and the plain twin phase by phase, and name the first thing on which they disagree."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from coworksim.model.model import CoworkingModel
from coworksim.model.parameters.skills import STATUSES
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS
from coworksim.model.state.ties import strength
from coworksim.model.state.world import World
from tests.reference.gatherings import SLOTS
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
            career_start=float(w.career_start[i]),
            career_end=float(w.career_end[i]),
            sociability=float(w.sociability[i]),
            learning_hours=float(w.learning_hours[i]),
            days=int(w.days[i]),
            taste=float(w.taste[i]),
            power=float(w.earning_power[i]),
            offers=float(w.offers[i]),
            sponsor=float(w.sponsor[i]),
            home=(float(w.home[i, 0]), float(w.home[i, 1])),
            tools=bool(w.tools[i]),
            cluster=bool(w.cluster[i]),
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
    ("entered", lambda worker: worker.entered),
    ("tools", lambda worker: worker.tools),
    ("cluster", lambda worker: worker.cluster),
    ("offers", lambda worker: worker.offers),
    ("lessons", lambda worker: worker.lessons),
    ("lessons_total", lambda worker: worker.lessons_total),
    ("sponsor", lambda worker: worker.sponsor),
    ("lead", lambda worker: worker.lead.key),
    ("income", lambda worker: worker.income),
    ("earned", lambda worker: worker.earned_pence),
    ("fees", lambda worker: worker.fees_pence),
    ("supported", lambda worker: worker.supported_pence),
    ("work", lambda worker: worker.work),
    ("outside_contacts", lambda worker: worker.contacts),
    ("plan", lambda worker: worker.plan),
    ("tenure", lambda worker: worker.tenure),
    ("member_weeks", lambda worker: worker.member_weeks),
    ("days_total", lambda worker: worker.days_total),
    ("encounters", lambda worker: worker.encounters),
    ("outside_met", lambda worker: worker.outside_met),
    ("encounter_hours", lambda worker: worker.encounter_hours),
    ("partners_new", lambda worker: worker.partners_new),
    ("loan_access", lambda worker: worker.loan_access),
    ("waiting", lambda worker: worker.waiting),
    ("recent_gain", lambda worker: worker.recent_gain),
    ("week_gain", lambda worker: worker.space_gain_week),
)
SPACE: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("key", lambda manager: manager.key),
    ("open", lambda manager: manager.open),
    ("opened", lambda manager: manager.opened),
    ("listed", lambda manager: manager.listed),
    ("patience", lambda manager: manager.traits.patience),
    ("hosted", lambda manager: manager.traits.hosted),
    ("list_price", lambda manager: manager.list_price),
    ("tables", lambda manager: manager.tables),
    ("floor_side", lambda manager: manager.side),
    ("proximity", lambda manager: manager.usual_proximity),
    ("luck", lambda manager: manager.luck),
    ("desks", lambda manager: manager.desks),
    ("price", lambda manager: manager.price_pence_month),
    ("equipment_hours", lambda manager: manager.equipment_hours),
    ("training_places", lambda manager: manager.training_places),
    ("events", lambda manager: manager.events),
    ("present", lambda manager: manager.nbar),
    ("cash", lambda manager: manager.cash),
    ("fees", lambda manager: manager.fees_pence_week),
    ("hours_used", lambda manager: manager.equipment_hours_week),
    ("meetings", lambda manager: manager.encounters_week),
    ("events_held", lambda manager: manager.events_held),
    ("turned_away", lambda manager: manager.turned_away),
    ("training_turned_away", lambda manager: manager.training_turned_away),
)

type Reading = tuple[str, Sequence[str], Sequence[float], Sequence[float]]


def readings(world: World, twin: PlainModel, phase: str) -> Iterator[Reading]:
    """Yield each quantity: its name, whose it is, the product's values and the twin's."""
    w, workers = world.workers, twin.workers
    keys = [f"worker {key}" for key in w.key.tolist()]
    yield "key", keys, w.key.tolist(), [worker.key for worker in workers]
    yield "status", keys, w.status.tolist(), [STATUSES.index(worker.status) for worker in workers]
    yield "aware", keys, w.aware.tolist(), [_slots(world, row, worker.aware) for row, worker in enumerate(workers)]
    for column, say in WORKER:
        yield column, keys, getattr(w, column).tolist(), [say(worker) for worker in workers]
    # What a leaver or mover did last week is dropped by the twin at once, by the product in the phase that fills it.
    member = w.member_of >= 0
    ordinals = [int(world.spaces.ordinal[s]) if s >= 0 else -1 for s in w.member_of]
    yield "member of", keys, ordinals, [worker.space.ordinal if worker.space else -1 for worker in workers]
    rows = enumerate(manager for area in twin.areas for manager in area.rows)
    row_of = {manager: row for row, manager in rows if manager is not None}
    groups = [SLOTS * row_of[one.group.space] + one.group.slot if one.group else -1 for one in workers]
    yield "group", keys, w.group.tolist(), groups
    yield from hour_readings(world, twin, phase, keys)
    for k in range(8):
        yield f"skill {k}", keys, w.skill[:, k].tolist(), [worker.skills[k] for worker in workers]
    for c, channel in enumerate(CHANNELS):
        for f, family in enumerate((range(4), range(4, 8))):
            mine = [sum(worker.gains[channel][k] for k in family) / 4 for worker in workers]
            yield f"gain by {channel}, family {f}", keys, w.gain[:, f, c].tolist(), mine
    yield from scheme_readings(world, twin, keys)
    yield from space_readings(world, twin, np.bincount(w.member_of[member], minlength=len(world.spaces)).tolist())
    yield from tie_readings(world, twin)
    mine_posted, plain_posted = world.ledger.postings, twin.ledger
    yield "postings", ["ledger"], [len(mine_posted)], [len(plain_posted)]
    for mine_one, plain_one in zip(mine_posted[-60:], plain_posted[-60:], strict=True):
        if tuple(mine_one) != tuple(plain_one):
            yield f"posting {tuple(mine_one)} against {tuple(plain_one)}", ["ledger"], [0], [1]


def space_readings(world: World, twin: PlainModel, members: Sequence[int]) -> Iterator[Reading]:
    """Yield what stands in each row that has ever had a space, and which have."""
    rows = [(area, row, manager) for area in twin.areas for row, manager in enumerate(area.rows)]
    names = [f"row {row} of {area.name}" for area, row, _ in rows]
    yield "ordinal", names, world.spaces.ordinal.tolist(), [-1 if one is None else one.ordinal for _, _, one in rows]
    taken = [(s, manager) for s, (_, _, manager) in enumerate(rows) if manager is not None]
    managers = [manager for _, manager in taken]
    names = [f"space {manager.name}" for manager in managers]
    yield (
        "name",
        names,
        [world.spaces.name(s, world.regions) != f"space:{one.name}" for s, one in taken],
        [0] * len(taken),
    )
    yield "members", names, [members[s] for s, _ in taken], [len(manager.members) for manager in managers]
    for column, say in SPACE:
        values = getattr(world.spaces, column)
        yield column, names, [values[s].item() for s, _ in taken], [say(manager) for manager in managers]
    for slot in range(SLOTS):
        since, weak = world.spaces.group_since[:, slot], world.spaces.group_weak[:, slot]
        groups = [manager.groups[slot] for manager in managers]
        yield f"group_since {slot}", names, [since[s].item() for s, _ in taken], [g.since if g else -1 for g in groups]
        kept = [weak[s].item() if since[s] >= 0 else 0 for s, _ in taken]
        yield f"group_weak {slot}", names, kept, [g.weak if g else 0 for g in groups]
    for axis in range(2):
        places = world.spaces.home[:, axis]
        yield f"place {axis}", names, [places[s].item() for s, _ in taken], [one.location[axis] for one in managers]


def hour_readings(world: World, twin: PlainModel, phase: str, keys: Sequence[str]) -> Iterator[Reading]:
    """Yield days in a space and hours of learning, as far as the week has come."""
    w, workers = world.workers, twin.workers
    member = w.member_of >= 0
    if phase != "membership":
        yield "days", keys, (w.days_present * member).tolist(), [worker.days_present for worker in workers]
    yield "equipment hours", keys, w.inside_hours.tolist(), [worker.inside_hours for worker in workers]
    yield "training hours", keys, w.training_hours.tolist(), [worker.training_hours for worker in workers]
    for k in range(4):
        yield f"taught {k}", keys, w.taught[:, k].tolist(), [worker.taught[k] for worker in workers]
        if phase not in ("membership", "attendance", "encounters", "social_learning"):
            for c, name in enumerate(("course_inside", "course_outside")):
                yield f"{name} {k}", keys, w.course[:, c, k].tolist(), [getattr(one, name)[k] for one in workers]


def _slots(world: World, row: int, ordinals: set[int]) -> int:
    """Return the bits of the product's slots for the ordinals of spaces that the twin's worker has heard of."""
    bits = 0
    for slot, space in enumerate(world.workers.candidate[row].tolist()):
        if space >= 0 and int(world.spaces.ordinal[space]) in ordinals:
            bits |= 1 << slot
    return bits if world.scenario.mechanisms["awareness"] else int(world.workers.aware[row])


def scheme_readings(world: World, twin: PlainModel, keys: Sequence[str]) -> Iterator[Reading]:
    """Yield what schemes stand at, as a whole and by person."""
    mine = world.schemes
    for k, scheme in enumerate(twin.schemes):
        for name in ("awarded", "committed", "spent"):
            yield name, [f"scheme {k}"], [int(getattr(mine, name)[k])], [getattr(scheme, name)]
        workers = twin.workers
        yield f"state {k}", keys, mine.state[:, k].tolist(), [worker.scheme_state[k] for worker in workers]
        yield f"used {k}", keys, mine.used[:, k].tolist(), [worker.scheme_used[k] for worker in workers]


def tie_readings(world: World, twin: PlainModel) -> Iterator[Reading]:
    """Yield the ties, and the records of the week's encounters."""
    ties, key = world.ties, world.workers.key.tolist()
    ends = [(key[a], key[b]) for a, b in zip(ties.source[: len(ties)], ties.target[: len(ties)], strict=True)]
    plain = {(min(a, b), max(a, b)): (data["w"], data["last"]) for a, b, data in twin.graph.edges(data=True)}
    yield "ties", ["all workers"], [len(ends)], [len(plain)]
    names = [f"tie {a}-{b}" for a, b in ends]
    yield "weight", names, ties.weight[: len(ties)].tolist(), [plain.get(e, (math.nan, 0))[0] for e in ends]
    yield "last meeting", names, ties.last[: len(ties)].tolist(), [plain.get(e, (0, -1))[1] for e in ends]
    records = zip(ties.weight[: len(ties)].tolist(), ties.last[: len(ties)].tolist(), strict=True)
    faded = [strength(x, world.week - t, world.log_rho) for x, t in records]
    yield "strength", names, faded, [twin.tie_strength(a, b) for a, b in ends]


def meeting_readings(world: World, twin: PlainModel) -> Iterator[Reading]:
    """Yield the records of the week's encounters."""
    met, key = world.meetings, world.workers.key.tolist()
    mine = [(key[a], key[b], int(kind)) for a, b, kind in zip(met.one, met.other, met.kind, strict=True)]
    theirs = [(e.low.key, e.high.key, e.kind) for e in twin.week_encounters]
    if mine != theirs:
        differing = sorted(set(mine) ^ set(theirs))[:3]
        yield f"encounters {differing}", ["the week"], [len(mine)], [-len(theirs)]
    yield "times", [f"encounter {e}" for e in mine], met.times.tolist(), [e.meetings for e in twin.week_encounters]


def compare(world: World, twin: PlainModel, week: int, phase: str) -> None:
    """Raise DockingError at the first quantity on which the two differ by more than 1e-9."""
    more = meeting_readings(world, twin) if phase == "encounters" else ()
    for quantity, names, mine, plain in chain(readings(world, twin, phase), more):
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
