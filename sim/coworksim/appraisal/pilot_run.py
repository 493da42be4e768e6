"""A pilot in one world: who is offered support by lot or in the first phase, and how all who take part fare after.

*Lottery*: the policy takes applications for a window, then half of all who applied get an award by lot; the others get
none. *Phased*: half of the regions that the policy is for, by lot, have it from the start, the others not before the
last survey; all who meet its conditions at the start take part. The world without the policy runs beside it: what it
would have been is known here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.pairs import FAMILIES, aimed, meets_conditions
from coworksim.model.kernels import kernel
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.model.state.policy_state import AWARDED, IN_USE, OVER
from coworksim.model.state.rng import PILOT, RunKey, uniform, word
from coworksim.model.state.world import World
from coworksim.model.weeks import Engine
from coworksim.runs.opening import burnt_in, forked

if TYPE_CHECKING:
    import pandas as pd


#: What a survey asks: membership of a space, and one's own skills.
OUTCOMES: Final = ("member", "td", "sc")
#: Weeks in which the lottery of a pilot takes applications.
WINDOW: Final = 8
_DAY_30: Final = 4  # whole weeks in 30 days
_NO_LIMIT: Final = 10**12  # pence; half of those who apply get it, whatever it costs
_LEAST: Final = 8

type Rows = NDArray[np.int64]
type _State = dict[str, NDArray[Any]]


class _Setup(NamedTuple):
    """Who takes part, and the policies of the pilot; ``begins`` is the week from which months count."""

    rows: Rows
    treated: NDArray[np.bool_]
    policies: tuple[Policy, ...]
    begins: int


def weeks_of(months: int) -> int:
    """Return months as whole weeks.

    >>> weeks_of(6), weeks_of(12)
    (26, 52)
    """
    return int(months * 52 / 12 + 0.5)


def payload(scenario: Scenario, policies: Sequence[Policy], seed: int, replicate: int, **plan: Any) -> dict[str, Any]:
    """Return what :func:`work` needs, as plain data; ``plan``: design, months and window."""
    full = scenario.model_copy(update={"policies": tuple(policies)})
    world = {"scenario": full.model_dump(mode="json"), "digest": full.digest}
    return world | plan | {"seed": seed, "replicate": replicate}


def work(given: Mapping[str, object]) -> tuple[dict[str, float], pd.DataFrame]:
    """Return what the scheme's own books say, and a row for each person who takes part and month."""
    import pandas as pd

    task: Any = given
    scenario = Scenario.model_validate(task["scenario"])
    model = burnt_in(scenario, int(task["seed"]), int(task["replicate"]))
    lottery = task["design"] == "lottery"
    plan = _lottery(model, scenario.policies, int(task["window"])) if lottery else _phased(model, scenario.policies)
    weeks = [plan.begins + weeks_of(month) for month in task["months"]]
    start = _state(model.world)
    seen, books = _watched(forked(model, plan.policies), weeks, plan)
    bare, _ = _watched(forked(model, ()), weeks, plan)
    when = dict(zip(task["months"], weeks, strict=True))
    tables = [_table(month, plan, (start, seen[week], bare[week]), model.world) for month, week in when.items()]
    return books, pd.concat(tables, ignore_index=True)


def _lottery(model: Engine, policies: Sequence[Policy], window: int) -> _Setup:
    """Count who applies, and give half of them, by the scheme's own lot, an award."""
    (policy,) = policies
    draw = policy.start + window
    end = max(policy.end, draw + 1)
    terms = {"award": "lottery", "window": window, "end": end, "budget": _NO_LIMIT}
    trial = forked(model, (policy.model_copy(update={**terms, "number": 0}),))
    trial.live(draw + 1)
    rows = np.flatnonzero(trial.world.schemes.state[:, 0] == OVER)
    if len(rows) < _LEAST:
        raise ValueError(f"only {len(rows)} people apply in {window} weeks; a lottery needs at least {_LEAST}")
    real = policy.model_copy(update={**terms, "number": len(rows) // 2})
    drawn = forked(model, (real,))
    drawn.live(draw + 1)
    return _Setup(rows, np.isin(drawn.world.schemes.state[rows, 0], (AWARDED, IN_USE)), (real,), draw)


@kernel
def region_lots(run: RunKey, region: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draw the place of each region in the lots of a phased roll-out."""
    lot = np.empty(len(region))
    for k in range(len(region)):
        lot[k] = uniform(word(run, np.uint64(region[k]), PILOT, 0, 0))
    return lot


def _phased(model: Engine, policies: Sequence[Policy]) -> _Setup:
    """Divide the regions of the policies by lot, and let them act in the first half."""
    regions = model.setup.regions
    meant = [k for k, r in enumerate(regions) if aimed(policies, r)]
    lots = region_lots(model.world.run, np.array(meant, np.int64))
    early = sorted(np.array(meant)[np.argsort(lots, kind="mergesort")][: len(meant) // 2].tolist())
    acting = []
    for policy in policies:
        here = [regions[k].name for k in early if aimed([policy], regions[k])]
        if here:
            who = policy.eligible.model_copy(update={"regions": tuple(sorted(here))})
            acting.append(policy.model_copy(update={"eligible": who}))
    marked = meets_conditions(forked(model, tuple(policies)).world)
    rows = np.flatnonzero(marked & np.isin(model.world.workers.region, meant))
    if len(rows) < _LEAST:
        raise ValueError(f"only {len(rows)} people meet the conditions; a pilot needs at least {_LEAST}")
    return _Setup(rows, np.isin(model.world.workers.region[rows], early), tuple(acting), 0)


def _state(world: World) -> _State:
    """Return who is where, and what he or she can do, in points."""
    w = world.workers
    skills = {name: 100.0 * w.skill[:, columns].sum(axis=1) / 4.0 for name, columns in FAMILIES.items()}
    return {"key": w.key.copy(), "member": (w.member_of >= 0).astype(np.float64), **skills}


def _watched(model: Engine, weeks: Sequence[int], plan: _Setup) -> tuple[dict[int, _State], dict[str, float]]:
    """Run to the last survey; return the states in weeks of surveys, and what the scheme's own books say."""
    from coworksim.runs.worker import check_deadline

    states, used = {}, np.zeros(len(plan.rows), np.bool_)
    day_30 = plan.begins + max((policy.lag for policy in plan.policies), default=0) + _DAY_30
    for week in range(max(*weeks, day_30) + 1):
        check_deadline()
        model.step()
        if week == day_30:
            used = (model.world.workers.days_present[plan.rows] > 0) & plan.treated
        if week in weeks:
            states[week] = _state(model.world)
    schemes = model.world.schemes
    redeemed = (schemes.used[plan.rows] > 0).any(axis=1) & plan.treated if len(schemes) else used
    groups = {"offered": plan.treated, "redeemed": redeemed, "used_day_30": used}
    paid = sum(p.pence for p in model.world.ledger.postings if p.payer == "treasury") / 100.0
    counts = {name: float(np.count_nonzero(group)) for name, group in groups.items()}
    return states, {"taking_part": float(len(plan.rows)), **counts, "public_paid_gbp": paid}


def _table(month: int, plan: _Setup, states: tuple[_State, _State, _State], world: World) -> pd.DataFrame:
    """Return those who still live where they took part, and how they fare in a month.

    ``states``: at the start, and in the worlds with and without the pilot.
    """
    import pandas as pd

    start, seen, bare = states
    stay = ((seen["key"] == start["key"]) & (bare["key"] == start["key"]))[plan.rows]
    rows = plan.rows[stay]
    key, region = start["key"][rows].astype(np.int64), world.workers.region[rows].astype(np.int64)
    found: dict[str, Any] = {"month": np.full(len(rows), month), "key": key, "region": region}
    found["treated"] = plan.treated[stay]
    for name in OUTCOMES:
        found[name], found[f"{name}_without"] = seen[name][rows], bare[name][rows]
        found[f"{name}_start"] = start[name][rows]
    return pd.DataFrame(found)
