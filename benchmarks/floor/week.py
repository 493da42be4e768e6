"""The floor: many weeks in one call of compiled code, and how the product stands against it.

The same draws, rates and ties, from the same people, on arrays with room for everything. Without turnover, management
and schemes of support, whose work is done in plain Python by the product; frontier and demand are tables made
beforehand. Loops written afresh: adoption, income, awareness, membership, attendance, social learning, and resource
learning with decay in one pass. Courses, encounters, the resource pool and the merging of ties are the product's
compiled loops, called from compiled code, as they are nothing but loops over arrays.
"""

from __future__ import annotations

import statistics
import time
from typing import NamedTuple

import numpy as np

from benchmarks.floor import loop
from benchmarks.floor.meetings import fade, learn_from_others, meet
from benchmarks.floor.people import attend, hear, join, learn_from_hours, take_up_tools, work
from benchmarks.floor.state import Area, Rules, of_model
from benchmarks.worlds import bench_scenario
from coworksim.model.mechanisms.resource_pool import _share_out
from coworksim.model.mechanisms.training import _take
from coworksim.model.model import CoworkingModel
from coworksim.model.state import snapshot
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.ties import Ties
from coworksim.model.state.world import SNAPSHOT_WEEKS, World

__all__ = ["LEFT_OUT", "Floor", "FloorComparison", "against_the_floor"]

#: What the floor does not do; the product is measured without it too.
LEFT_OUT = ("turnover", "management", "schemes")


@loop
def _pool(week: int, w: Population, s: Spaces, places: Regions, rules: Rules) -> None:
    """Resource pool."""
    without, lot = np.empty(len(w.key), np.bool_), np.empty(len(w.key), np.uint64)
    _share_out(rules.run, week, w, s, places, rules.pool, without, lot)


@loop
def _live(
    first: int,
    weeks: int,
    w: Population,
    s: Spaces,
    ties: Ties,
    places: Regions,
    levers: Levers,
    area: Area,
    rules: Rules,
) -> None:
    """Live through some weeks."""
    n = len(w.key)
    rows, chosen, e, mean_e = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n), np.empty(area.demand.shape[1])
    reach, room, profile, step = np.empty(8), np.empty((n, 4)), np.empty((n, 4)), np.empty((n, 3, 8))
    paid = np.empty((area.demand.shape[1], 2), np.int64)
    for week in range(first, first + weeks):
        now = week - rules.first_week
        take_up_tools(week, w, ties, rules, rows)
        _take(rules.run, week, w, places, rules.training, paid)
        work(week, now, w, places, area, rules, e, mean_e)
        hear(week, w, s, ties, rules)
        join(week, area.season[now], w, s, ties, rules, rows, chosen)
        attend(week, area.season[now], w, s, rules)
        met = meet(week, w, s, ties, places, levers, rules)
        learn_from_others(now, w, area, rules, met, room, profile, step)
        _pool(week, w, s, places, rules)
        learn_from_hours(now, w, places, area, rules, reach)
        if (week + 1) % SNAPSHOT_WEEKS == 0:
            fade(week, ties, rules)


class Floor:
    """Goes its own way from where a model stands."""

    def __init__(self, model: CoworkingModel, weeks: int) -> None:
        """Copy the world of a model, with room for ``weeks`` weeks."""
        self.world: World = snapshot.fork(model.world)
        self._all = of_model(model, self.world, weeks)

    def live(self, weeks: int) -> None:
        """Live through some weeks."""
        _live(self.world.week, weeks, *self._all)
        self.world.week += weeks


class FloorComparison(NamedTuple):
    """Microseconds per worker-week of product and floor, and their ratio in stretches run in turn."""

    workers: int
    product_us: float
    floor_us: float
    ratio: float
    lowest: float
    highest: float


def against_the_floor(workers: int, settle: int = 52, stretches: int = 9, weeks: int = 4) -> FloorComparison:
    """Live ``settle`` weeks, then time stretches in turn: product, floor, and so on, both from the same world."""
    model = CoworkingModel(bench_scenario(workers, without=LEFT_OUT))
    model.run_for(settle)
    floor = Floor(model, weeks * (stretches + 1))
    model.run_for(weeks)
    floor.live(weeks)  # compiled code is loaded before the clock starts
    pairs = []
    for _ in range(stretches):
        begun = time.process_time()
        for _ in range(weeks):
            model.step()
        between = time.process_time()
        floor.live(weeks)
        pairs.append((between - begun, time.process_time() - between))
    ratios = [product / bare for product, bare in pairs]
    per = 1e6 / (weeks * workers)
    return FloorComparison(
        workers,
        per * statistics.median(product for product, _ in pairs),
        per * statistics.median(bare for _, bare in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )
