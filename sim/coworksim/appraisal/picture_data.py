"""What pictures of a comparison need beyond its numbers: replicates, levels by week, channels of gain, a network.

All of it is plain data. The network is that of one pair of worlds (replicate 0) and a few people, for intuition; it is
no estimate. Everything else is over all replicates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.measure_registry import COSTS, EFFECTS, term
from coworksim.appraisal.pairs import burnt_in, forked
from coworksim.model.state.ties import strengths
from coworksim.statistics.intervals import estimate

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.appraisal.result import Appraisal
    from coworksim.model.model import CoworkingModel
    from coworksim.model.policy import Policy
    from coworksim.model.scenario import Scenario
    from coworksim.model.state.world import World


#: Numbers that are kept for each replicate.
PLOTTED: Final = (*EFFECTS, *COSTS, "social_value_gbp", "weighted_social_value_gbp", "support_gbp", "deadweight_gbp")
#: Levels by week: measure -> unit. Skills are means over everybody.
LEVELS: Final = {"members": "people", "td": "points a person", "sc": "points a person"}
#: People in the picture of the network.
MOST_PEOPLE: Final = 48
WITHOUT: Final = "without"


def levels_of(series: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """Return ``arm, week, measure, unit, mean, low, high, q10, q90, n``: levels of the worlds, ``without`` first."""
    import pandas as pd

    rows = []
    worlds = [(WITHOUT, 0, "without"), *((arm, at, "with") for at, arm in enumerate(arms))]
    for arm, at, side in worlds:
        for week, block in series[series["arm"] == at].groupby("week", sort=True):
            for measure, unit in LEVELS.items():
                column = block[f"{measure}_{side}"].to_numpy(np.float64)
                found, (low, high) = estimate(column.tolist()), np.quantile(column, (0.1, 0.9)).tolist()
                rows.append((arm, week, measure, unit, found.value, found.low, found.high, low, high, found.n))
    return pd.DataFrame(rows, columns=["arm", "week", "measure", "unit", "mean", "low", "high", "q10", "q90", "n"])


def replicates_of(values: Mapping[str, Mapping[str, Sequence[float]]], numbers: Sequence[int]) -> pd.DataFrame:
    """Return ``arm, replicate, term, unit, value`` of what is plotted; ``numbers`` are those of replicates."""
    import pandas as pd

    rows = [
        (arm, replicate, name, term(name).unit, value)
        for arm, own in values.items()
        for name in PLOTTED
        if name in own
        for replicate, value in zip(numbers, own[name], strict=True)
    ]
    return pd.DataFrame(rows, columns=["arm", "replicate", "term", "unit", "value"])


def network(scenario: Scenario, policies: Sequence[Policy], seed: int) -> dict[str, Any] | None:
    """Return the people of one space and their ties at the opening and at the horizon, without and with the policies.

    The space is the one with most people who were supported among its members at the horizon (with most members where
    there are none); the people are its members then in either world, at most MOST_PEOPLE: those who were supported
    first, then those with the lowest keys. None where no space has members.
    """
    model = burnt_in(scenario, seed, 0)
    opening = model.world
    here = _lived(forked(model, ()), scenario.weeks).world
    there = _lived(forked(model, tuple(policies)), scenario.weeks).world
    spaces = there.workers.member_of
    if not (spaces >= 0).any():
        return None
    helped = there.workers.supported > 0
    inside = (spaces >= 0) & helped if ((spaces >= 0) & helped).any() else spaces >= 0
    space = int(np.bincount(spaces[inside]).argmax())
    same = here.workers.key == there.workers.key
    rows = np.flatnonzero(((here.workers.member_of == space) | (spaces == space)) & same)
    rows = rows[np.lexsort((there.workers.key[rows], ~helped[rows]))][:MOST_PEOPLE]
    worlds = {"opening": opening, "without": here, "with": there}
    return {
        "replicate": 0,
        "seed": seed,
        "week": scenario.weeks,
        "people": [
            {
                "member_without": bool(here.workers.member_of[row] == space),
                "member_with": bool(there.workers.member_of[row] == space),
                "supported": bool(helped[row]),
            }
            for row in rows.tolist()
        ],
        "ties": {name: _ties(world, rows, there) for name, world in worlds.items()},
    }


def _lived(model: CoworkingModel, weeks: int) -> CoworkingModel:
    for _ in range(weeks):
        model.step()
    return model


def _ties(world: World, rows: NDArray[np.int64], people: World) -> list[list[float]]:
    """Return ties among people as (number, number, strength); only of those who are there in ``world`` already."""
    number = {int(row): at for at, row in enumerate(rows) if world.workers.key[row] == people.workers.key[row]}
    ties = world.ties
    one, other = ties.source[: len(ties)], ties.target[: len(ties)]
    strong = strengths(ties.weight[: len(ties)], ties.last[: len(ties)], world.week, world.log_rho)
    chosen = np.flatnonzero(np.isin(one, rows) & np.isin(other, rows))
    return [
        [number[int(one[a])], number[int(other[a])], round(float(strong[a]), 4)]
        for a in chosen.tolist()
        if int(one[a]) in number and int(other[a]) in number
    ]


def with_network(found: Appraisal) -> Appraisal:
    """Return an appraisal with the picture of ties under its first arm, for which a pair of worlds is run."""
    arm, policies = next(iter(found.arms.items()))
    made = network(found.scenario, policies, found.seed)
    return found if made is None else replace(found, network={"arm": arm, **made})
