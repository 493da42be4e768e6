"""One replicate of an appraisal, from plain data to plain data: one burn-in, the world without, and each arm.

Beside every headline stands how full spaces are, and how the demand for membership answers to its price: the arc
elasticity of the chance to be a member after a review, when everything on offer is dearer by a tenth, over at most 150
people spread evenly by row, in the world without the policies, at the horizon, with people's habits by then. There,
too, stand the elasticities that the scenario puts in: in the first and the third year, and by fifths of income.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.measure_registry import TAB
from coworksim.appraisal.measures import MONTH, Pair, additional_by_week, levels, occupancy
from coworksim.appraisal.money import every_number
from coworksim.appraisal.pairs import Record, lived
from coworksim.appraisal.record_week import STAGES, WEEKLY
from coworksim.files.columns import CHANNELS
from coworksim.model.mechanisms.helpers.elasticities import by_income
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.parameters.skills import FIFTHS
from coworksim.model.parameters.week import MembershipParameters
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario, read
from coworksim.model.weeks import Engine
from coworksim.runs import world_cache
from coworksim.runs.opening import burnt_in, described, forked
from coworksim.runs.run import Found
from coworksim.runs.trace import arc_elasticity, evenly, response

#: People who are asked what they would do at a higher price.
MOST_ASKED: Final = 150
#: What a kept baseline is called, and the files outside the model that decide what it holds.
BASELINE: Final = "baseline"
_SOURCES: Final = (
    "appraisal/pairs.py",
    "appraisal/record_week.py",
    "appraisal/replicate.py",
    "runs/opening.py",
    "runs/trace.py",
)


def price_elasticity(model: Engine) -> float | None:
    """Return the arc price elasticity of membership, were people to review now; None where nobody would be a member."""
    try:
        membership = model.phase(Membership)
    except LookupError:
        return None
    world, before, after = model.world, 0.0, 0.0
    for row in evenly(len(world.workers), MOST_ASKED):
        offers = [offer for _, _, offer in membership.offers(world, row)]
        now, dearer = response(offers, partial(membership.value, world, row), membership.parameters.dissimilarity)
        before, after = before + now, after + dearer
    return arc_elasticity(before, after)


#: Stands in the name of a number for the world without policies.
WITHOUT: Final = "without"
#: Weekly series of an arm: what everybody together has more of, and what is paid; and the unit.
SERIES: Final = {
    **dict.fromkeys(("members", "supported"), "people"),
    **dict.fromkeys(("td", "sc", "td_space", "sc_space"), "points"),
    "support": "GBP",
}
_SCALE: Final = {"people": 1.0, "points": 100.0, "GBP": 0.01}


def payload(
    scenario: Scenario, arms: Sequence[Sequence[Policy]], seed: int, replicate: int, *, only: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what :func:`work` needs, as plain data; with ``only``, numbers of arms of these names and no series."""
    plain = scenario.model_copy(update={"policies": ()})
    world = {"scenario": plain.model_dump(mode="json"), "digest": plain.digest, "seed": seed, "replicate": replicate}
    options = [[policy.model_dump(mode="json") for policy in policies] for policies in arms]
    stands = [policy.model_dump(mode="json") for policy in scenario.standing(arms)]
    return {**world, "standing": stands, "arms": options, "only": list(only)}


def baseline(model: Engine, replicate: int, scenario: Scenario) -> tuple[Record, float | None]:
    """Return the world of a scenario whose policies stand in every arm, and its price elasticity at the horizon.

    It is read where it is kept, and else kept; the numbers are the same.
    """
    what = described(scenario, model.seed, replicate, *_SOURCES)
    found = None if what is None else world_cache.fetched(BASELINE, what)
    if found is not None:
        return Record.joined(*found), found[1]["price_elasticity"]
    without = forked(model, scenario.policies)
    here = lived(without, scenario.weeks, standing=len(scenario.policies))
    elasticity = price_elasticity(without)
    if what is not None:
        arrays, facts = here.parted()
        world_cache.keep(BASELINE, what, arrays, {**facts, "price_elasticity": elasticity})
    return here, elasticity


def work(given: Mapping[str, object]) -> Found:
    """Return every number of a replicate by ``arm TAB name``, arms counted from 0, and the weekly series."""
    import pandas as pd

    task: Any = given
    scenario = _scenario(task["scenario"])
    model = burnt_in(scenario, int(task["seed"]), int(task["replicate"]))
    stands = task["standing"]
    here, elasticity = baseline(model, int(task["replicate"]), _scenario({**task["scenario"], "policies": stands}))
    full = occupancy(here)
    found, tables, assumed = _named(WITHOUT, levels(here)), [], assumed_elasticities(scenario)
    for at, policies in enumerate(task["arms"]):
        arm = forked(model, _scenario({**task["scenario"], "policies": [*stands, *policies]}).policies)
        pair = Pair(arm.setup, lived(arm, scenario.weeks, standing=len(stands)), here, len(stands))
        numbers = every_number(pair) | channels(pair) | same_spaces(pair)
        beside = {"occupancy_with": occupancy(pair.there), "occupancy_without": full, "price_elasticity": elasticity}
        numbers |= {name: value for name, value in beside.items() if value is not None} | assumed
        if task["only"]:
            found |= _named(str(at), {name: numbers[name] for name in task["only"] if name in numbers})
        else:
            found |= _named(str(at), numbers) | _named(f"{at}{TAB}level", levels(pair.there))
            weekly = {name: _SCALE[unit] * pair.weekly(name) for name, unit in SERIES.items()}
            weeks = {"arm": at, "week": np.arange(scenario.weeks), **weekly, **levels_by_week(pair), **funnel(pair)}
            tables.append(pd.DataFrame(weeks))
    return found, pd.concat(tables, ignore_index=True) if tables else None


def assumed_elasticities(scenario: Scenario) -> dict[str, float]:
    """Return how much members follow a price for good, as follows from what the scenario puts in (reference region)."""
    if not scenario.mechanisms["membership"]:
        return {}
    everybody, *fifths = by_income(read(scenario, MembershipParameters))
    found = {f"elasticity_{name}_fifth": fifth.third_year for name, fifth in zip(FIFTHS, fifths, strict=True)}
    return {"elasticity_first_year": everybody.first_year, "elasticity_third_year": everybody.third_year, **found}


def _named(arm: str, values: Mapping[str, float]) -> dict[str, float]:
    return {f"{arm}{TAB}{name}": float(value) for name, value in values.items()}


def channels(pair: Pair) -> dict[str, float]:
    """Return where skills came from: points a person gained since the start, by channel, with, without, change.

    Means over the people at the horizon; whoever came later has gained since coming.
    """
    found = {}
    for at, family in enumerate(("sc", "td")):
        for k, name in enumerate(CHANNELS):
            there, here = (100.0 * float(record.channels[at, k]) for record in (pair.there, pair.here))
            for side, value in (("with", there), ("without", here), ("change", there - here)):
                found[TAB.join(("channel", family, name, side))] = value
    return found


def same_spaces(pair: Pair) -> dict[str, float]:
    """Return the member-months that spaces open in both worlds have fewer: what a new space takes from them."""
    (there, here), (opened, without) = pair.by_space("members"), pair.by_space("open")
    fewer = (here - there) * (opened & without)
    return {"same_spaces_lost_member_months": float(fewer.sum()) / MONTH}


def funnel(pair: Pair) -> dict[str, NDArray[np.float64]]:
    """Return, by week, how many people have come so far with any scheme, as columns beside the differences."""
    found = {}
    for stage, first in zip(STAGES, pair.there.stages, strict=True):
        so_far = np.bincount(first[first >= 0], minlength=pair.there.weeks).cumsum()
        found[f"{stage}_so_far"] = so_far.astype(np.float64)
    return found | {"additional_so_far": additional_by_week(pair)}


def levels_by_week(pair: Pair) -> dict[str, NDArray[np.float64]]:
    """Return levels of the world without the policies by week, as columns beside the differences."""
    scale = {"members": 1.0, "td": 100.0 / pair.people, "sc": 100.0 / pair.people}
    return {
        f"{name}_{side}": factor * record.weekly[WEEKLY.index(name)]
        for side, record in (("without", pair.here), ("with", pair.there))
        for name, factor in scale.items()
    }


def _scenario(plain: Mapping[str, Any]) -> Scenario:
    """Read a scenario, with policies or without, once for all replicates that a process works on."""
    return _read(json.dumps(plain))


@lru_cache(maxsize=64)
def _read(text: str) -> Scenario:
    return Scenario.model_validate(json.loads(text))
