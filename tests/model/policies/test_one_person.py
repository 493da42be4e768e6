"""One subsidised person: who can feel it? Only those whom encounters lead to and, with feedback, what they touch.

Everybody else lives bit for bit the same life. The closure is computed from what happened in the world with the subsidy
and in the one without, and must not cover over half of the world: a closure of everybody would prove nothing.
"""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coworksim.files.load import load_scenario
from coworksim.model.mechanisms.attendance import Attendance
from coworksim.model.parameters.skills import ENCOUNTER_KINDS
from coworksim.model.policy import Policy
from coworksim.model.recorder import EventLog
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import EMPLOYEE, Population
from coworksim.model.state.world import World
from coworksim.model.weeks import Weeks
from coworksim.runs.opening import burnt_in, forked
from tests.worlds import ALIKE

WEEKS = 13
FIRM = 16
ONE = Policy(name="one", kind="membership_subsidy", share=1.0, months=6, start=1, end=2, budget=10**7, number=1, lag=0)
QUIET: dict[str, object] = {
    "burn_in_weeks": 8,
    "market": "new",
    **ALIKE,
    "weeks": WEEKS,
    "graph.degree": 0,
    "membership.appeal": 0.5,
    "membership.review_weeks": 2,
    "schemes.hassle": 0.0,
    "mechanisms.awareness": False,
    "mechanisms.turnover": False,
    "encounters.outside": 0.01,
    "encounters.colleagues": 0.01,
    "encounters.visitors": 0.0,
}
#: Prices stay, nobody feels a crowd, nothing is short, nobody takes projects from anybody.
FROZEN: dict[str, object] = {
    "mechanisms.management": False,
    "membership.appeal": 3.0,
    "membership.crowding_weight": 0.0,
    "space.desks": 400,
    "resource_pool.equipment_hours": 100.0,
    "space.training_places": 0.0,
    "income.own_expansion": 1.0,
    "encounters.event_share": 0.0,
}

#: Nothing is frozen, and spaces have members who feel each other.
LIVELY: dict[str, object] = {"membership.appeal": 4.0, "space.desks": 12}


def world(regions: int, people: int, settings: dict[str, object]) -> Scenario:
    listed = "".join(f"  - {{name: r{k}, like: other, people: {people}, spaces: 1}}\n" for k in range(regions))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "regions.yaml"
        file.write_text(f"# Who feels it?\ntitle: regions\nextends: uk-core\nregions:\n{listed}")
        return load_scenario(file, overrides={**QUIET, **settings})


class Still:
    """A phase that keeps the smoothed occupancy of spaces as it was: who is present makes nobody meet more or less."""

    name = "still"

    def __init__(self, world: World) -> None:
        """Remember how it was."""
        self._present = np.full_like(world.spaces.present, 5.0)

    def step(self, world: World) -> None:
        """Put it back."""
        world.spaces.present[:] = self._present


@dataclass
class Life:
    """What is left of a world: the end, who met whom, who was a member where, and the ties to begin with."""

    world: World
    pairs: set[tuple[int, int]]
    members: set[tuple[int, int]]


def lived(model: Weeks, *, still: bool) -> Life:
    if still:
        after = next(k for k, phase in enumerate(model.phases) if isinstance(phase, Attendance))
        model.phases.insert(after + 1, Still(model.world))
    world = model.world
    log, row = EventLog(world), {int(key): i for i, key in enumerate(world.workers.key)}
    one, other = (side[: len(world.ties)].tolist() for side in (world.ties.source, world.ties.target))
    pairs, members = set(zip(one, other, strict=True)), set[tuple[int, int]]()
    for _ in range(WEEKS):
        model.step()
        log.record(world)
        joined = np.flatnonzero(world.workers.member_of >= 0)
        members |= set(zip(joined.tolist(), world.workers.member_of[joined].tolist(), strict=True))
    table = log.table(world)
    met = table[table["event"].isin(ENCOUNTER_KINDS) & (table["other"] > 0)]
    pairs |= {(row[a], row[b]) for a, b in zip(met["key"], met["other"], strict=True)}
    return Life(world, pairs, members)


def differing(one: World, other: World) -> set[int]:
    """Return the rows of those of whom anything differs."""
    differs = np.zeros(len(one.workers), np.bool_)
    for column in dataclasses.fields(Population):
        a, b = (getattr(w.workers, column.name) for w in (one, other))
        differs |= (a != b).reshape(len(a), -1).any(axis=1)
    return set(np.flatnonzero(differs).tolist())


def spread(found: set[int], groups: list[set[int]]) -> set[int]:
    """Add every group of which somebody is in it, until there is none left to add."""
    found, size = set(found), -1
    while size != len(found):
        size = len(found)
        for group in groups:
            if group & found:
                found |= group
    return found


def touched(life: Life, rows: NDArray[np.int64]) -> list[set[int]]:
    """Return whom spaces, firms and clients tie together: a space, all who consider it; a firm, its people."""
    w = life.world.workers
    groups = [
        set(np.flatnonzero((w.candidate == space).any(axis=1)).tolist())
        for space in {space for _, space in life.members}
    ]
    for region in np.unique(w.region).tolist():
        here = np.flatnonzero(w.region == region)
        groups.append(set(here[w.status[here] < EMPLOYEE].tolist()))  # they share the region's clients
        firms = (rows[here] - rows[here[0]]) // FIRM
        groups += [set(here[(firms == firm) & (w.status[here] >= EMPLOYEE)].tolist()) for firm in np.unique(firms)]
    return groups


def awarded(life: Life) -> set[int]:
    return set(np.flatnonzero(life.world.schemes.state[:, 0] > 1).tolist())


def pair(scenario: Scenario, seed: int, *, still: bool) -> tuple[Life, Life]:
    model = burnt_in(scenario, seed, 0)
    return lived(forked(model, (ONE,)), still=still), lived(forked(model, ()), still=still)


def test_with_feedback_frozen_only_encounters_lead_from_him_to_others() -> None:
    scenario, others = world(1, 400, FROZEN), 0
    for seed in range(1, 7):
        there, here = pair(scenario, seed, still=True)
        him = awarded(there)
        assert len(him) == 1
        differ = differing(there.world, here.world)
        closure = spread(him, [{a, b} for a, b in there.pairs | here.pairs])
        assert len(closure) < 200
        assert differ <= closure
        others += len(differ - him)
    assert others > 0


def test_with_feedback_he_reaches_also_what_he_touches_and_nobody_else() -> None:
    scenario, others = world(4, 100, LIVELY), 0
    for seed in range(1, 5):
        there, here = pair(scenario, seed, still=False)
        him = awarded(there)
        assert len(him) == 1
        groups = [{a, b} for a, b in there.pairs | here.pairs]
        rows = np.arange(400)
        groups += touched(there, rows) + touched(here, rows)
        closure = spread(him, groups)
        differ = differing(there.world, here.world)
        assert len(closure) < 200
        assert differ <= closure
        others += len(differ - him)
    assert others > 0


@pytest.mark.parametrize("frozen", [True, False])
def test_a_change_that_reaches_somebody_else_would_be_seen(frozen: bool) -> None:
    """The guards above can fail: somebody in another corner who learns a little by magic is outside the closure."""
    there, here = pair(world(1, 400, FROZEN) if frozen else world(4, 100, LIVELY), 1, still=frozen)
    groups = [{a, b} for a, b in there.pairs | here.pairs]
    groups += [] if frozen else touched(there, np.arange(400)) + touched(here, np.arange(400))
    closure = spread(awarded(there), groups)
    outside = min(set(range(400)) - closure)
    there.world.workers.skill[outside, 0] += 1e-15
    assert not differing(there.world, here.world) <= closure
