"""Compare policies with the same world without them: replicates on several processors, until they are enough."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import stdev
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.appraisal.appraisal_folder import Equalised
from coworksim.appraisal.equal_cost import equalised
from coworksim.appraisal.measure_registry import TAB, TERMS
from coworksim.appraisal.monte_carlo import LEAST_DRAWS, MOST_DRAWS, NOTHING, sample, uncertainty, will_draw
from coworksim.appraisal.pooled import Pooled
from coworksim.appraisal.replicate import WITHOUT, payload, work
from coworksim.appraisal.result import Appraisal
from coworksim.appraisal.rival_run import with_rival
from coworksim.files.errors import InputError, Mark, Problems, RunnerError, echo, nearest
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.model.state.ties import strengths
from coworksim.runs.announcement import will_compare
from coworksim.runs.batch import Outcomes, RunCache, run_in_memory
from coworksim.runs.opening import burnt_in, forked
from coworksim.runs.run import Limits, Options, run_of
from coworksim.statistics.intervals import half_width, runs_needed

if TYPE_CHECKING:
    from coworksim.model.state.world import World


#: Replicates where nothing else is asked for, and where a tolerance begins.
REPLICATES: Final = 20
_FIRST: Final = 8
#: No tolerance asks for more.
MOST_REPLICATES: Final = 2000
#: Largest net public cost that arms can be brought to, GBP.
MOST_BUDGET: Final = 1e9


def compare(
    scenario: Scenario,
    arms: Mapping[str, Sequence[Policy]],
    *,
    seed: int | None = None,
    replicates: int | None = None,
    tolerance: Mapping[str, float] | None = None,
    draws: int = 0,
    draw_replicates: int = 1,
    budget: float | None = None,
    rival: bool = True,
    cache: RunCache | None = None,
    **options: Unpack[Options],
) -> Appraisal:
    """Let each arm's policies act in copies of the same burnt-in worlds, and set them beside the worlds without any.

    Args:
        scenario: What to simulate. Its own policies act in every world, the one beside too, but for those that an arm
            names: these act where the arm has them.
        arms: Policies by the name of the arm.
        seed: Seed from 0; None takes that of the scenario.
        replicates: How many pairs of simulations; None takes 20, or as many as ``tolerance`` needs.
        tolerance: Half-width of the 95 % interval by name of a measure, in its unit; replicates grow until it is met.
        draws: Versions of parameters and laws of learning, 6 or more; only then are arms ranked. 0 for none.
        draw_replicates: Replicates of each version.
        budget: Net public cost to which each arm is first brought, GBP.
        rival: Whether what remains of awards that have ended is asked of the rival form of persistence as well.
        cache: Keeps finished runs; what it holds is not run again.
        options: Fields of ``Limits``: processes, progress and such.

    Returns:
        Effects, money and groups by arm, each with its interval.

    Raises:
        InputError: Arms or measures that cannot be.
        RunnerError: Too few replicates succeed.
        KeyboardInterrupt: After Ctrl-C; finished runs are saved.
    """
    wanted, limits = dict(tolerance or {}), Limits(**options)
    _check(arms, wanted, replicates)
    _check_draws(arms, draws, draw_replicates, budget)
    seed = scenario.seed if seed is None else seed
    if draws and limits.announce:  # all of it is said before any of it is run
        limits.announce(will_draw(scenario, sample(scenario, draws, seed), len(arms), draw_replicates))
    sized: dict[str, Equalised] = {}
    if budget is not None:
        sized = equalised(scenario, arms, budget, seed=seed, cache=cache, **options)
        arms = {name: found.policies for name, found in sized.items()}
    number, outcomes = replicates or (_FIRST if wanted else REPLICATES), Outcomes({})
    while True:
        outcomes = _run(scenario, arms, seed, number, outcomes, cache=cache, limits=limits)
        found = _gathered(scenario, arms, seed, outcomes, wanted)
        needed = _needed(found)
        if needed <= number or number >= MOST_REPLICATES:
            break
        number = min(needed, 2 * number, MOST_REPLICATES)
    if rival:
        found = with_rival(found, cache=cache, **options)
    whole = replace(found.appraisal, equalised=sized)
    if not draws:
        return whole
    options["announce"] = None
    over = uncertainty(scenario, arms, draws, seed=seed, replicates=draw_replicates, cache=cache, **options)
    return over.added_to(whole)


def growing(
    scenario: Scenario,
    arms: Mapping[str, Sequence[Policy]],
    steps: Iterable[int],
    *,
    seed: int | None = None,
    **options: Unpack[Options],
) -> Iterator[Pooled]:
    """Yield the replicates at each number of them in ``steps``, which rise; what has been run is kept.

    The appraisal of the last equals :func:`compare` of as many replicates. ``options`` are the fields of ``Limits``;
    when ``stop`` is set, what is in hand is finished, and the comparison of what there is then is the last.
    """
    _check(arms, {}, None)
    seed = scenario.seed if seed is None else seed
    outcomes, limits = Outcomes({}), Limits(**options)
    for number in steps:
        outcomes = _run(scenario, arms, seed, number, outcomes, cache=None, limits=limits, whole=False)
        if outcomes.by_number:
            yield _gathered(scenario, arms, seed, outcomes, {})
        if outcomes.stopped:
            return


def _check(arms: Mapping[str, Sequence[Policy]], tolerance: Mapping[str, float], replicates: int | None) -> None:
    """Refuse what nobody could run."""
    problems = Problems()
    if not arms:
        problems.add(Mark("arms"), "no policies to compare", "name at least one arm")
    if WITHOUT in arms:
        name, write = echo(WITHOUT), "give it another name: the world without is there"
        problems.add(Mark("arms"), f"an arm called {name}", write)
    for name, half in tolerance.items():
        if name not in TERMS:
            write = f"write {nearest(name, TERMS) or 'a term such as additional_member_months'}"
            problems.add(Mark("tolerance"), f"nothing is called {echo(name)}", write)
        elif not (math.isfinite(half) and half > 0):
            problems.add(Mark("tolerance"), f"{name} is {half}", f"write a half-width above 0 {TERMS[name].unit}")
    if replicates is not None and not 1 <= replicates <= MOST_REPLICATES:
        problems.add(Mark("replicates"), f"replicates is {replicates}", f"write a number from 1 to {MOST_REPLICATES}")
    if problems:
        raise InputError(problems.listed())


def _check_draws(arms: Mapping[str, Sequence[Policy]], draws: int, each: int, budget: float | None) -> None:
    """Refuse draws and budgets that cannot be."""
    problems = Problems()
    if draws and not LEAST_DRAWS <= draws <= MOST_DRAWS:
        problems.add(Mark("draws"), f"draws is {draws}", f"write a number from {LEAST_DRAWS} to {MOST_DRAWS}")
    if not 1 <= each <= MOST_REPLICATES:
        problems.add(Mark("draw replicates"), f"there are {each}", f"write a number from 1 to {MOST_REPLICATES}")
    if draws and NOTHING in arms and all(arms.values()):
        problems.add(Mark("arms"), f"an arm called {echo(NOTHING)} has policies", "give it another name")
    if budget is not None and not (math.isfinite(budget) and 0 < budget <= MOST_BUDGET):
        write = f"write an amount above 0 and up to {MOST_BUDGET:,.0f} GBP"
        problems.add(Mark("budget"), f"the budget is {budget}", write)
    if problems:
        raise InputError(problems.listed())


def _run(
    scenario: Scenario, arms: Mapping[str, Sequence[Policy]], seed: int, number: int, before: Outcomes, **how: Any
) -> Outcomes:
    """Run replicates up to a number, and return them with those before; ``how``: as :func:`run_in_memory` takes it."""
    policies = [tuple(chosen) for chosen in arms.values()]
    numbers = range(len(before.by_number), number)
    runs = [run_of(work, k, payload(scenario, policies, seed, k)) for k in numbers]
    more = run_in_memory(runs, work, **how, says=will_compare(len(runs), len(arms)))
    return Outcomes({**before.by_number, **more.by_number}, more.stopped)


def _gathered(
    scenario: Scenario, arms: Mapping[str, Sequence[Policy]], seed: int, found: Outcomes, tolerance: Mapping[str, float]
) -> Pooled:
    """Put the outcomes of replicates together, in their order."""
    done, failed = found.done, found.failed()
    if not done:
        raise RunnerError(f"no replicate succeeded; the first says: {failed[0]}")
    values: dict[str, dict[str, list[float]]] = {}
    for name, start in {**{name: f"{at}{TAB}" for at, name in enumerate(arms)}, WITHOUT: WITHOUT + TAB}.items():
        keys = dict.fromkeys(key for o in done.values() for key in o.values if key.startswith(start))
        for key in keys:  # no money of a table is none; all else that a replicate lacks is unknown
            absent = 0.0 if key.split(TAB)[1] in ("paid", "balance") else math.nan
            values.setdefault(name, {})[key[len(start) :]] = [o.values.get(key, absent) for o in done.values()]
    without = values.pop(WITHOUT)
    table = pd.concat([o.series.to_pandas().assign(replicate=k) for k, o in done.items()], ignore_index=True)
    return Pooled(scenario, seed, dict(arms), values, without, table, len(done), tolerance, failed)


def _needed(found: Pooled) -> int:
    """Return how many replicates the widest interval asks for."""
    needed = 0
    for name, half in found.tolerance.items():
        for (values,) in (found.paired(arm, name) for arm in found.arms):
            if len(values) >= 2 and half_width(values) > half:
                needed = max(needed, runs_needed(stdev(values), half), found.replicates + 1)
    return needed


#: People in the picture of the network.
MOST_PEOPLE: Final = 48


def network(
    scenario: Scenario, policies: Sequence[Policy], seed: int, stands: Sequence[Policy] = ()
) -> dict[str, Any] | None:
    """Return the people of one space and their ties at the start and at the horizon, without and with the policies.

    The space is the one with most people who were supported among its members at the horizon (with most members where
    there are none); the people are its members then in either world, at most MOST_PEOPLE: those who were supported
    first, then those with the lowest keys. None where no space has members.
    """
    model = burnt_in(scenario, seed, 0)
    arms = [forked(model, tuple(stands)), forked(model, (*stands, *policies))]
    for arm in arms:
        arm.live(scenario.weeks)
    here, there = (arm.world for arm in arms)
    spaces = there.workers.member_of
    if not (spaces >= 0).any():
        return None
    helped, inside = there.workers.supported > 0, spaces >= 0
    inside = inside & helped if (inside & helped).any() else inside
    space = int(np.bincount(spaces[inside]).argmax())
    was, now = here.workers.member_of == space, spaces == space
    rows = np.flatnonzero((was | now) & (here.workers.key == there.workers.key))
    rows = rows[np.lexsort((there.workers.key[rows], ~helped[rows]))][:MOST_PEOPLE]
    worlds = {"opening": model.world, "without": here, "with": there}
    return {
        "replicate": 0,
        "seed": seed,
        "week": scenario.weeks,
        "people": [
            {"member_without": bool(was[row]), "member_with": bool(now[row]), "supported": bool(helped[row])}
            for row in rows.tolist()
        ],
        "ties": {name: _ties(world, rows, there) for name, world in worlds.items()},
    }


def _ties(world: World, rows: NDArray[np.int64], people: World) -> list[list[float]]:
    """Return ties among people as (number, number, strength); only of those who are there in ``world`` already."""
    number = {int(row): at for at, row in enumerate(rows) if world.workers.key[row] == people.workers.key[row]}
    ties = world.ties
    one, other = ties.source[: len(ties)], ties.target[: len(ties)]
    strong = strengths(ties.weight[: len(ties)], ties.last[: len(ties)], world.week, world.log_rho)
    chosen = np.flatnonzero(np.isin(one, list(number)) & np.isin(other, list(number))).tolist()
    return [[number[int(one[a])], number[int(other[a])], round(float(strong[a]), 4)] for a in chosen]


def with_network(found: Appraisal) -> Appraisal:
    """Return an appraisal with the picture of ties under its first arm, for which a pair of worlds is run."""
    arm, policies = next(iter(found.arms.items()))
    made = network(found.scenario, policies, found.seed, found.standing)
    return found if made is None else replace(found, network={"arm": arm, **made})
