"""What stands beside every headline: how full spaces are, and how the demand for membership answers to its price.

The elasticity is the arc elasticity of the chance to be a member after a review, when everything on offer is dearer by
a tenth, over at most 150 people spread evenly by row: in the world without the policies, at the horizon, with the
habits that people have by then.

One replicate of an appraisal, from plain data to plain data: one burn-in, the world without, and each arm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.distribution import distribution
from coworksim.appraisal.measure_registry import TAB
from coworksim.appraisal.measures import MONTH, Pair, levels, terms
from coworksim.appraisal.money import money
from coworksim.appraisal.pairs import WEEKLY, Record, burnt_in, forked, lived
from coworksim.files.columns import CHANNELS
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.model import CoworkingModel
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.run import Found
from coworksim.runs.trace import arc_elasticity, evenly, response

if TYPE_CHECKING:
    import pandas as pd


#: People who are asked what they would do at a higher price.
MOST_ASKED: Final = 150


def occupancy(record: Record) -> float | None:
    """Return desk-days used of those that open spaces offer, over all weeks; None where none is ever open."""
    offered = 5.0 * float((record.desks * record.open).sum())
    return float(record.desk_days.sum()) / offered if offered else None


def price_elasticity(model: CoworkingModel) -> float | None:
    """Return the arc price elasticity of membership, were people to review now; None where nobody would be a member."""
    try:
        membership = model.phase(Membership)
    except LookupError:
        return None
    world, before, after = model.world, 0.0, 0.0
    for row in evenly(len(world.workers), MOST_ASKED):
        offers = [offer for _, _, offer in membership.offers(world, row)]
        now, dearer = response(offers, partial(membership.value, world, row))
        before, after = before + now, after + dearer
    return arc_elasticity(before, after)


def context(there: Record, here: Record, elasticity: float | None) -> dict[str, float]:
    """Return what stands beside the headlines of an arm; what cannot be measured is left out."""
    found = {"occupancy_with": occupancy(there), "occupancy_without": occupancy(here), "price_elasticity": elasticity}
    return {name: value for name, value in found.items() if value is not None}


#: Stands in the name of a number for the world without policies.
WITHOUT: Final = "without"
#: Weekly series of an arm: what everybody together has more of, and what is paid; and the unit.
SERIES: Final = {
    "members": "people",
    "supported": "people",
    "td": "points",
    "sc": "points",
    "td_space": "points",
    "sc_space": "points",
    "support": "GBP",
}
_FAMILIES: Final = ("sc", "td")
_SCALE: Final = {"people": 1.0, "points": 100.0, "GBP": 0.01}

_scenarios: dict[str, Scenario] = {}


def payload(
    scenario: Scenario, arms: Sequence[Sequence[Policy]], seed: int, replicate: int, *, only: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what :func:`work` needs, as plain data; with ``only``, numbers of arms of these names and no series."""
    plain = scenario.model_copy(update={"policies": ()})
    return {
        "scenario": plain.model_dump(mode="json"),
        "digest": plain.digest,
        "arms": [[policy.model_dump(mode="json") for policy in policies] for policies in arms],
        "seed": seed,
        "replicate": replicate,
        "only": list(only),
    }


def work(given: Mapping[str, object]) -> Found:
    """Return every number of a replicate by ``arm TAB name``, arms counted from 0, and the weekly series."""
    import pandas as pd

    task: Any = given
    scenario = _scenario(task["digest"], task["scenario"])
    model = burnt_in(scenario, int(task["seed"]), int(task["replicate"]))
    without = forked(model, ())
    here = lived(without, scenario.weeks)
    elasticity = price_elasticity(without)
    found, tables = _named(WITHOUT, levels(here)), []
    for at, policies in enumerate(task["arms"]):
        arm = forked(model, _policies(task["scenario"], policies))
        pair = Pair(arm.setup, lived(arm, scenario.weeks), here)
        numbers = _numbers(pair) | context(pair.there, here, elasticity)
        if task["only"]:
            found |= _named(str(at), {name: numbers[name] for name in task["only"] if name in numbers})
        else:
            found |= _named(str(at), numbers | levels_of(pair.there))
            tables.append(_series(at, pair))
    return found, pd.concat(tables, ignore_index=True) if tables else None


def levels_of(record: Record) -> dict[str, float]:
    """Return the levels of a world under names of their own."""
    return {f"level{TAB}{name}": value for name, value in levels(record).items()}


def _named(arm: str, values: Mapping[str, float]) -> dict[str, float]:
    return {f"{arm}{TAB}{name}": float(value) for name, value in values.items()}


def _numbers(pair: Pair) -> dict[str, float]:
    """Return every number of one pair of worlds."""
    groups = distribution(pair)
    return terms(pair) | groups | money(pair, groups["weighted_output_gain_gbp"]) | channels(pair) | same_spaces(pair)


def channels(pair: Pair) -> dict[str, float]:
    """Return where skills came from: points a person gained since the opening, by channel, with, without, change.

    Means over the people at the horizon; whoever came later has gained since coming.
    """
    found = {}
    for at, family in enumerate(_FAMILIES):
        for k, name in enumerate(CHANNELS):
            there, here = 100.0 * float(pair.there.channels[at, k]), 100.0 * float(pair.here.channels[at, k])
            for side, value in (("with", there), ("without", here), ("change", there - here)):
                found[TAB.join(("channel", family, name, side))] = value
    return found


def same_spaces(pair: Pair) -> dict[str, float]:
    """Return the member-months that spaces open in both worlds have fewer: what a new space takes from them."""
    open_in_both = pair.there.open & pair.here.open
    fewer = (pair.here.members - pair.there.members) * open_in_both
    return {"same_spaces_lost_member_months": float(fewer.sum()) / MONTH}


def levels_by_week(pair: Pair) -> dict[str, NDArray[np.float64]]:
    """Return levels of the world without the policies by week, as columns beside the differences."""
    scale = {"members": 1.0, "td": 100.0 / pair.people, "sc": 100.0 / pair.people}
    found = {f"{name}_without": factor * pair.here.weekly[WEEKLY.index(name)] for name, factor in scale.items()}
    return found | {f"{name}_with": factor * pair.there.weekly[WEEKLY.index(name)] for name, factor in scale.items()}


def _series(at: int, pair: Pair) -> pd.DataFrame:
    import pandas as pd

    weekly = {name: _SCALE[unit] * pair.weekly(name) for name, unit in SERIES.items()}
    return pd.DataFrame({"arm": at, "week": np.arange(pair.there.weeks), **weekly, **levels_by_week(pair)})


def _scenario(digest: str, plain: Mapping[str, Any]) -> Scenario:
    """Read a scenario once for all replicates that a process works on."""
    if digest not in _scenarios:
        _scenarios.clear()
        _policies_of.cache_clear()
        _scenarios[digest] = Scenario.model_validate(plain)
    return _scenarios[digest]


def _policies(scenario: Mapping[str, Any], policies: Sequence[Mapping[str, Any]]) -> tuple[Policy, ...]:
    """Read policies as a scenario would."""
    import json

    return _policies_of(json.dumps(scenario, sort_keys=True), json.dumps(policies, sort_keys=True))


@lru_cache(maxsize=64)
def _policies_of(scenario: str, policies: str) -> tuple[Policy, ...]:
    import json

    return Scenario.model_validate({**json.loads(scenario), "policies": json.loads(policies)}).policies
