"""Work training, public provision and reach: what each does to people and spaces, with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.files.load import load_scenario
from coworksim.model.mechanisms.helpers.contacts import COLUMNS, Contacts, outside
from coworksim.model.mechanisms.helpers.evenings import at_gatherings, hold_events
from coworksim.model.mechanisms.training import Training
from coworksim.model.parameters.week import EncountersParameters
from coworksim.model.scenario import read
from coworksim.model.state.build import new_world
from coworksim.model.state.people import EMPLOYEE
from coworksim.model.state.spaces import courses_near
from coworksim.model.state.world import World
from coworksim.runs.simulation import simulate
from tests.worlds import alone, busy, town

FIELDS = ("work_training", "public_provision", "firm_density", "reach")


def world(people: int = 2000, **fields: float) -> World:
    """Return a town with everything as in the UK but these fields of its region."""
    scenario = town(people, **{"space.desks": 40})
    (region,) = scenario.regions
    return new_world(scenario.model_copy(update={"regions": (region.model_copy(update={"environment": fields}),)}), 1)


def contacts(made: World, weeks: int = 20) -> int:
    p = read(made.scenario, EncountersParameters)
    return sum(outside(made.run, week, made.workers, made.regions, made.levers, p).used for week in range(weeks))


def test_twice_the_reach_is_twice_the_contacts_outside() -> None:
    """About 36,000 contacts at reach 1: the ratio is 2 within 4 standard errors (1 in 16,000)."""
    usual, twice = contacts(world()), contacts(world(reach=2.0))
    assert usual > 10_000
    assert twice / usual == pytest.approx(2.0, abs=4 * 2.0 * (1 / usual + 1 / twice) ** 0.5)
    assert contacts(world(reach=0.05)) < 0.1 * usual


def visits(made: World, weeks: int) -> int:
    """Count the people who are no members, and met somebody at an event."""
    p, w, met = read(made.scenario, EncountersParameters), made.workers, 0
    made.spaces.events[:] = 1.0
    for week in range(weeks):
        empty = Contacts(np.empty((len(w.key), COLUMNS), np.int32), 0)
        found = at_gatherings(made.run, week, w, made.spaces, made.regions, made.levers, made.ties, p, empty)
        met += found.used
    return met


def test_reach_brings_visitors_to_events() -> None:
    """Nobody is a member yet: guests are visitors alone, and so are those whom they meet."""
    few, usual, many = (visits(world(reach=reach), 30) for reach in (0.25, 1.0, 4.0))
    assert few < usual < many
    assert few < 0.4 * usual


def test_spaces_hold_more_events_where_more_people_are_within_reach_up_to_three_times() -> None:
    """Some 500 events at reach 1: means lie within 4 standard errors of .5*reach a week (1 in 16,000 each)."""
    for reach, mean in ((0.5, 0.25), (1.0, 0.5), (2.0, 1.0), (3.0, 1.5), (9.0, 1.5)):
        made, held = world(reach=reach), 0
        made.spaces.open[:], made.spaces.events[:] = False, 0.5
        made.spaces.open[0] = True
        for week in range(1000):
            held += _held(made, week)
        assert abs(held - 1000 * mean) < 4 * (1000 * mean) ** 0.5, reach
    made.levers.events[0] = 0.25  # what a policy adds does not follow reach
    assert sum(_held(made, week) for week in range(1000)) == pytest.approx(1750, abs=4 * 1750**0.5)


def _held(made: World, week: int) -> int:
    hold_events(made.run, week, made.spaces, made.regions, made.levers)
    return int(made.spaces.events_held[0])


def test_four_times_the_reach_is_half_the_distance() -> None:
    usual, near = world(), world(reach=4.0)
    assert usual.regions.side.tolist() == [20.0]
    assert near.regions.side.tolist() == [10.0]
    assert np.array_equal(near.workers.home, usual.workers.home / 2.0)
    assert np.array_equal(near.spaces.home, usual.spaces.home / 2.0)
    assert near.prospects().of(0, 4096).home == pytest.approx([x / 2.0 for x in usual.prospects().of(0, 4096).home])


def courses(made: World, weeks: int = 52) -> tuple[int, int]:
    """Count the courses of employees, and of the independent, in so many weeks."""
    mechanism, w, found = Training(made), made.workers, np.zeros(2, np.int64)
    for _ in range(weeks):
        mechanism.step(made)
        employed = w.status >= EMPLOYEE
        found += [int(((w.lessons > 0) & kind).sum()) for kind in (employed, ~employed)]
        made.week += 1
    return int(found[0]), int(found[1])


def test_work_training_brings_employees_courses_and_public_provision_the_independent() -> None:
    """Courses come along at twice the rate; chances of a week are below .1, so that they come nearly twice as often."""
    cases: tuple[dict[str, float], ...] = ({}, {"work_training": 2.0}, {"public_provision": 2.0})
    usual, work, public = (courses(world(6000, **more)) for more in cases)
    assert work[1] == usual[1]
    assert public[0] == usual[0]
    for twice, once in ((work[0], usual[0]), (public[1], usual[1])):
        assert once > 300
        assert 1.6 < twice / once < 2.05
    none = courses(world(6000, work_training=0.05, public_provision=0.05))
    assert max(none[0] / usual[0], none[1] / usual[1]) < 0.12


def test_what_people_have_learnt_before_follows_courses_and_outside_access() -> None:
    usual = world().workers
    trained = world(work_training=2.0).workers
    employed = usual.status >= EMPLOYEE
    assert (trained.skill[employed, 4:] > usual.skill[employed, 4:]).any()
    assert np.array_equal(trained.skill[~employed], usual.skill[~employed])
    public = world(public_provision=1.5).workers  # outside access goes with it: everybody
    assert (public.skill[employed, 4:] > usual.skill[employed, 4:]).any()
    apart = world(public_provision=1.5, outside_access=0.55).workers
    assert np.array_equal(apart.skill[employed], usual.skill[employed])
    assert (apart.skill[~employed, 4:] > usual.skill[~employed, 4:]).any()


def test_the_factor_is_that_of_the_region_and_the_status() -> None:
    places = world(work_training=2.0, public_provision=0.5).regions
    assert [courses_near(status, 0, places) for status in (0, EMPLOYEE - 1, EMPLOYEE, EMPLOYEE + 1)] == [0.5, 0.5, 2, 2]


def test_a_response_of_0_leaves_the_world_as_it_is_without_the_field() -> None:
    short = {"weeks": 6, "burn_in_weeks": 2}
    for field in FIELDS:
        still = busy(**short, **{f"environment.{field}_response": 0.0})
        bare = busy(**short)
        regions = [region.model_copy(update={"environment": {field: 1.0}}) for region in bare.regions]
        without = bare.model_copy(update={"regions": tuple(regions)})
        assert simulate(still).digest == simulate(without).digest, field
        if field in ("firm_density", "reach"):  # medians of which may be 1
            assert simulate(still).digest != simulate(bare).digest, field


def test_the_reference_region_is_that_of_the_uk_whatever_regions_differ_by() -> None:
    one, other = (load_scenario("tiny", {"environment.reach_response": response}) for response in (0.0, 1.0))
    assert Training(new_world(one, 1))._p == Training(new_world(other, 1))._p
    assert alone().regions[0].name == "core"
