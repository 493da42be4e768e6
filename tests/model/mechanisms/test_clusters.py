"""Microclusters inside a region: who comes to whose events, and where a cluster programme acts; known answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.mechanisms.helpers.contacts import COLUMNS, Contacts, outside
from coworksim.model.mechanisms.helpers.evenings import at_gatherings, nearness
from coworksim.model.parameters.week import EncountersParameters
from coworksim.model.scenario import Space, by_default, read
from coworksim.model.state.build import new_world
from coworksim.model.state.world import World
from tests.worlds import town

P = by_default(EncountersParameters)
SHARE = st.floats(0.0, 1.0)


def world(lies: Any = None, **values: Any) -> World:
    """Return a town with one space that lies in a microcluster or not; None draws it."""
    scenario = town(3000, **{"space.desks": 40, **values})
    (region,) = scenario.regions
    spaces = () if lies is None else (Space(cluster=lies),)
    return new_world(scenario.model_copy(update={"regions": (region.model_copy(update={"own_spaces": spaces}),)}), 1)


def visits(made: World, weeks: int = 60) -> tuple[int, int]:
    """Count the visits of people of microclusters, and of others, at events, where nobody is a member yet."""
    p, w, met = read(made.scenario, EncountersParameters), made.workers, np.zeros(2, np.int64)
    made.spaces.events[:] = 1.0
    for week in range(weeks):
        empty = Contacts(np.empty((len(w.key), COLUMNS), np.int32), 0)
        found = at_gatherings(made.run, week, w, made.spaces, made.regions, made.levers, made.ties, p, empty)
        guests = np.unique(found.row[: found.used, :2])
        met += np.bincount(w.cluster[guests].astype(np.int64), minlength=2)
    return int(met[1]), int(met[0])


@given(st.floats(1.0, 100.0), SHARE, SHARE)
def test_the_mean_over_people_and_spaces_of_a_region_is_what_is_usual(pull: float, firms: float, spaces: float) -> None:
    p = P._replace(pull=pull, clustered=firms, clustered_spaces=spaces)
    mean = sum(
        (firms if works else 1 - firms) * (spaces if lies else 1 - spaces) * nearness(works, lies, p)
        for works in (False, True)
        for lies in (False, True)
    )
    assert mean == pytest.approx(1.0)


def test_people_of_a_cluster_come_three_times_as_often_to_a_space_there_and_others_as_often_to_either() -> None:
    (near, others), (far, same) = visits(world(lies=True)), visits(world(lies=False))
    share = float(world(lies=True).workers.cluster.mean())
    assert share == pytest.approx(0.4, abs=4 * (0.24 / 3000) ** 0.5)  # 4 standard errors: 1 in 16,000
    assert min(far, same, near, others) > 100
    # Guests who met nobody are not seen, so that fuller events show more of theirs: between 3 and 4 times as many.
    assert 2.6 * far < near < 4.5 * far
    assert 0.9 * same < others < 1.5 * same


def test_without_a_pull_it_makes_no_difference_where_a_space_lies() -> None:
    here, there = (visits(world(lies=lies, **{"clusters.pull": 1.0})) for lies in (True, False))
    assert here == there
    assert sum(here) > 200


def test_as_many_spaces_lie_in_a_microcluster_as_is_said() -> None:
    """400 spaces: within 4 standard errors of .3 (1 in 16,000)."""
    prospects = world(**{"clusters.spaces": 0.3}).prospects()
    share = float(np.mean([prospects.of(0, 4096 + 128 * week).cluster for week in range(400)]))
    assert share == pytest.approx(0.3, abs=4 * (0.21 / 400) ** 0.5)
    assert not any(world(**{"clusters.spaces": 0.0}).prospects().of(0, k).cluster for k in range(9))
    assert all(world(**{"clusters.spaces": 1.0}).prospects().of(0, k).cluster for k in range(9))


def started(made: World, weeks: int = 20) -> tuple[int, int]:
    """Count contacts outside that people of microclusters, and others, are part of."""
    p, w, met = read(made.scenario, EncountersParameters), made.workers, np.zeros(2, np.int64)
    for week in range(weeks):
        w.outside_contacts[:] = 0.0
        outside(made.run, week, w, made.regions, made.levers, p)
        met += [int(w.outside_contacts[w.cluster].sum()), int(w.outside_contacts[~w.cluster].sum())]
    return int(met[0]), int(met[1])


def test_a_cluster_programme_acts_on_people_and_spaces_of_microclusters_alone() -> None:
    usual, helped = world(lies=True), world(lies=True)
    helped.levers.density[:], helped.levers.visitors[:] = 3.0, 2.0
    assert sum(visits(helped)) > 3 * sum(visits(usual))
    apart, same = world(lies=False), world(lies=False)
    same.levers.density[:], same.levers.visitors[:] = 3.0, 2.0
    assert visits(same) == visits(apart)
    nobody, still = (world(lies=False, **{"clusters.firms": 0.0}) for _ in range(2))
    still.levers.density[:] = 3.0
    assert started(still) == started(nobody)
    everybody, more = (world(lies=False, **{"clusters.firms": 1.0}) for _ in range(2))
    more.levers.density[:] = 3.0
    once, thrice = started(everybody)[0], started(more)[0]
    assert thrice / once == pytest.approx(3.0, abs=4 * 3.0 * (1 / once + 1 / thrice) ** 0.5)
