"""The true slopes beside those of the regression: randomised trials in copies of the same world.

So many weeks before the end (``survey.trial_weeks``) the world is copied twice. In one copy managers introduce more
pairs, drawn by lot among the members present; in the other, half of all people, drawn by lot, have more hours on
equipment while they are members, at nobody's cost: machines are not shorter for the others. Everything else is the same
draws. A true slope is

    mean over people of (development with - without) / mean over people of (interaction or use with - without),

over those who are members at the end in both worlds (trial of hours: of those who were chosen), so it is the effect of
one unit more that comes by chance. Units are those of the survey's scales: standard deviations of the members of the
world without, as they are felt, so that it stands beside a regression slope; and skill points an encounter, or an hour.
A slope of the regression of people with measured answers differs from it because people choose how much they talk and
learn, because answers err, and because one way of answering colours all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coworksim.evidence.survey.questionnaire import MEMBER, TRIAL, members, scales_of, scores, truths, uniforms
from coworksim.evidence.survey.respondents import RULES, flags_by
from coworksim.model.mechanisms import WEEK, Phase
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.resource_pool import ResourcePool
from coworksim.model.model import CoworkingModel
from coworksim.model.scenario import Scenario
from coworksim.model.state import snapshot
from coworksim.model.state.world import World
from coworksim.statistics.nonparametric import jackknife_error

type Floats = NDArray[np.float64]
_HALF: Final = 0.5
_LEAST_FOR_ERROR: Final = 3
_OUTCOMES: Final = ("sc_space", "td_space", "sc_total", "td_total")


class ExtraIntroductions:
    """Managers introduce more pairs, in every space."""

    name = "extra_introductions"

    def __init__(self, world: World) -> None:
        """Read how many."""
        self._more = float(world.scenario["survey.trial_introductions"])
        self._reset = world.scenario.mechanisms["policies"]

    def step(self, world: World) -> None:
        """Add to what managers do this week; where no policies do so each week, take back what was added before."""
        if not self._reset:
            world.levers.introductions[:] = 0.0
        world.levers.introductions += self._more


class ExtraHours:
    """Half of all people have more hours on equipment in weeks in which they come as members."""

    name = "extra_hours"

    def __init__(self, world: World) -> None:
        """Draw who, of everybody: whoever is chosen has the hours while a member."""
        w = world.workers
        self._more = float(world.scenario["survey.trial_hours"]) if world.scenario.mechanisms["resource_pool"] else 0.0
        self.chosen = uniforms(world.run, w.key, MEMBER, TRIAL) < _HALF
        self._key = w.key.copy()

    def step(self, world: World) -> None:
        """Draw for those who have come, and add the hours of those chosen who are there."""
        w = world.workers
        if len(new := np.flatnonzero(w.key != self._key)):
            self.chosen[new] = uniforms(world.run, w.key[new], MEMBER, TRIAL) < _HALF
            self._key[new] = w.key[new]
        now = self.chosen & (w.member_of >= 0) & (w.days_present > 0)
        w.inside_hours[now] += self._more
        w.inside_hours_total[now] += self._more


#: Treatment -> its phase, the phase after which it comes, the regressor that it moves, and its amount.
TREATMENTS: Final[dict[str, tuple[type[Phase], type[Phase], str, str]]] = {
    "introductions": (ExtraIntroductions, Policies, "social", "encounter"),
    "machine_hours": (ExtraHours, ResourcePool, "resource", "h"),
}


@dataclass(frozen=True, slots=True)
class TrueSlope:
    """An effect per unit that came by chance. ``error`` is a jackknife over regions, NaN of fewer than three."""

    treatment: str
    outcome: str
    rule: str  # rule of the flag, or all
    group: str  # left-behind, other, or all
    people: int
    slope: float  # sd of development per sd of interaction or use
    error: float
    points_per_unit: float  # skill points per encounter, or per hour
    moved: float  # sd by which the trial moved interaction or use


def _with(phase: type[Phase], after: type[Phase]) -> tuple[type[Phase], ...]:
    """Return the week with one more phase after another."""
    at = WEEK.index(after) + 1
    return (*WEEK[:at], phase, *WEEK[at:])


def simulated(
    scenario: Scenario, seed: int, replicate: int, *, trial: bool = True, check: Callable[[], None] | None = None
) -> tuple[World, tuple[TrueSlope, ...]]:
    """Run a scenario to its end, the trials beside it, and return its world and the true slopes (none without trial).

    The world is the one that a run of the same seed and replicate ends in. ``check`` is called each week.
    """
    model = CoworkingModel(scenario, seed, replicate, collect=False)
    arms: dict[str, CoworkingModel] = {}
    weeks = scenario.burn_in_weeks + scenario.weeks
    begin = weeks - min(int(scenario["survey.trial_weeks"]), scenario.weeks)
    for week in range(weeks):
        if check is not None:
            check()
        if trial and week == begin:
            arms = {name: _arm(model, phase, after) for name, (phase, after, _, _) in TREATMENTS.items()}
        for one in (model, *arms.values()):
            one.step()
    return model.world, _all_slopes(model.world, arms) if arms else ()


def _arm(model: CoworkingModel, phase: type[Phase], after: type[Phase]) -> CoworkingModel:
    week, world = _with(phase, after), snapshot.fork(model.world)
    return CoworkingModel(model.setup, model.seed, week=week, world=world, collect=False)


def _all_slopes(here: World, arms: dict[str, CoworkingModel]) -> tuple[TrueSlope, ...]:
    found: list[TrueSlope] = []
    for name, arm in arms.items():
        chosen = next((p.chosen for p in arm.phases if isinstance(p, ExtraHours)), None)
        found += true_slopes(name, here, arm.world, chosen)
    return tuple(found)


def true_slopes(treatment: str, here: World, there: World, chosen: NDArray[np.bool_] | None = None) -> list[TrueSlope]:
    """Return the slopes of a treatment: for all, and for either kind of region by each rule."""
    _, _, regressor, unit = TREATMENTS[treatment]
    both = np.intersect1d(members(here), members(there))
    both = both[here.workers.key[both] == there.workers.key[both]]
    rows = both if chosen is None else both[chosen[both]]
    amounts = truths(here, members(here))
    scales = scales_of(amounts, logarithmic=here.scenario["survey.felt"] == "logarithmic")
    spread = float(scores(amounts, scales)[regressor].std()) or math.nan
    was, now = (truths(world, rows) for world in (here, there))
    felt_was, felt_now = scores(was, scales), scores(now, scales)
    moved = (felt_now[regressor] - felt_was[regressor]) / spread
    units = _units(there, rows, unit) - _units(here, rows, unit)
    region = here.workers.region[rows]
    found = []
    for outcome in _OUTCOMES:
        gained, points = felt_now[outcome] - felt_was[outcome], now[outcome] - was[outcome]
        for rule, group, kept in _groups(here.scenario, region):
            slope, error = _ratio(gained[kept], moved[kept], region[kept])
            total = float(units[kept].sum())
            found.append(
                TrueSlope(
                    treatment,
                    outcome,
                    rule,
                    group,
                    int(kept.sum()),
                    slope,
                    error,
                    float(points[kept].sum()) / total if total else math.nan,
                    float(moved[kept].mean()) if kept.any() else math.nan,
                )
            )
    return found


def _units(world: World, rows: NDArray[np.int64], unit: str) -> Floats:
    w = world.workers
    column = w.encounters if unit == "encounter" else w.inside_hours_total + w.training_hours_total
    return column[rows].astype(np.float64)


def _groups(scenario: Scenario, region: NDArray[np.int32]) -> list[tuple[str, str, NDArray[np.bool_]]]:
    found = [("all", "all", np.ones(len(region), np.bool_))]
    for rule in RULES:
        behind = np.array([flag == "left-behind" for flag in flags_by(scenario, rule)])[region]
        found += [(rule, "left-behind", behind), (rule, "other", ~behind)]
    return found


def _ratio(above: Floats, below: Floats, region: NDArray[np.int32]) -> tuple[float, float]:
    """Return the ratio of sums, and its error by leaving out one region after the other."""
    total = float(below.sum())
    if total == 0.0:
        return math.nan, math.nan
    ratio = float(above.sum()) / total
    known = np.unique(region)
    if len(known) < _LEAST_FOR_ERROR:
        return ratio, math.nan
    tops, bottoms = (np.bincount(region, x)[known] for x in (above, below))
    rest = total - bottoms
    if (rest == 0.0).any():
        return ratio, math.nan
    return ratio, jackknife_error((float(above.sum()) - tops) / rest)
