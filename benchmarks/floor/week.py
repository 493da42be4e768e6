"""The floor: many weeks in one call of compiled code, and how the product stands against it.

The same draws, rates and ties, from the same people, on arrays with room for everything. Without turnover, management
and schemes of support, whose work is done in plain Python by the product; frontier and demand are tables made
beforehand. Loops written afresh: adoption, income, awareness, membership, attendance, social learning, and resource
learning with decay in one pass. Encounters, the resource pool and the merging of ties are the product's compiled
loops, called from compiled code, as they are nothing but loops over arrays.
"""

from __future__ import annotations

import statistics
import time
from typing import NamedTuple

import numpy as np

from benchmarks.floor import loop
from benchmarks.floor.meetings import fade, learn_from_others, meet
from benchmarks.floor.people import attend, hear, join, learn_from_hours, take_up_tools, work
from benchmarks.floor.state import Area, Constants, Graph, Outlets, People, Rules, of_model, put_back
from benchmarks.worlds import bench_scenario
from coworksim.model.mechanisms.resource_pool import _equipment, _training
from coworksim.model.model import CoworkingModel
from coworksim.model.state import snapshot
from coworksim.model.state.world import SNAPSHOT_WEEKS, World

__all__ = ["LEFT_OUT", "Floor", "FloorComparison", "against_the_floor"]

#: What the floor does not do; the product is measured without it too.
LEFT_OUT = ("turnover", "management", "schemes")


@loop
def _pool(week: int, w: People, s: Outlets, graph: Graph, area: Area, rules: Rules, c: Constants) -> None:
    """Resource pool."""
    _equipment(
        graph.roster_start,
        graph.roster,
        w.region,
        w.learning_hours,
        w.encounter_hours,
        w.days_present,
        area.outside_access,
        w.loan_access,
        s.equipment_hours,
        rules.pool,
        w.inside_hours,
        w.inside_hours_total,
        s.hours_used,
    )
    _training(
        c.run,
        week,
        graph.roster_start,
        graph.roster,
        w.key,
        w.learning_hours,
        w.encounter_hours,
        w.days_present,
        w.inside_hours,
        s.training_places,
        rules.pool,
        w.training_hours,
        w.training_hours_total,
        w.waiting,
        s.training_used,
        s.training_turned_away,
        np.empty(len(w.key), np.bool_),
        np.empty(len(w.key), np.uint64),
    )


@loop
def _live(first: int, weeks: int, w: People, s: Outlets, graph: Graph, area: Area, rules: Rules, c: Constants) -> None:
    """Live through some weeks."""
    n = len(w.key)
    rows, chosen, e, mean_e = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n), np.empty(area.demand.shape[1])
    appeal, reach, room, profile, step = (
        np.ones(n),
        np.empty(8),
        np.empty((n, 4)),
        np.empty((n, 4)),
        np.empty((n, 3, 8)),
    )
    for week in range(first, first + weeks):
        now = week - c.first_week
        take_up_tools(week, w, graph, area, rules, c, rows)
        work(week, now, w, area, rules, c, e, mean_e)
        hear(week, w, s, graph, rules, c)
        join(week, w, s, graph, area, rules, c, rows, chosen)
        attend(week, w, s, graph, c)
        records = meet(week, now, w, s, graph, area, rules, c, appeal)
        learn_from_others(now, w, area, rules, records, room, profile, step)
        _pool(week, w, s, graph, area, rules, c)
        learn_from_hours(now, w, area, rules, reach)
        if (week + 1) % SNAPSHOT_WEEKS == 0:
            fade(week, graph, rules, c)


class Floor:
    """Goes its own way from where a model stands."""

    def __init__(self, model: CoworkingModel, weeks: int) -> None:
        """Copy the world of a model, with room for ``weeks`` weeks."""
        self.world: World = snapshot.fork(model.world)
        self._all = of_model(model, self.world, weeks)

    def live(self, weeks: int) -> None:
        """Live through some weeks."""
        _live(self.world.week, weeks, *self._all)
        put_back(self.world, self._all[2], weeks)


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
