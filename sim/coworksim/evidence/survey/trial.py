"""The true slopes beside those of the regression: randomised trials in copies of the same world.

So many weeks before the end (``survey.trial_weeks``) the world is copied twice. In one copy there are more gatherings
to found a group, to which members come by lot; in the other, half of all people, drawn by lot, have more hours on
equipment while they are members, at nobody's cost: machines are not shorter for the others. Everything else is the same
draws. A true slope is

    mean over people of (development with - without) / mean over people of (interaction or use with - without),

over those who are members at the end in both worlds (trial of hours: of those who were chosen), so it is the effect of
one unit more that comes by chance. Units are those of the survey's scales: standard deviations of the members of the
world without, as they are felt, so that it stands beside a regression slope; and skill points an encounter, or an hour.
A slope of the regression of people with measured answers differs from it because people choose how much they talk and
learn, because answers err, and because one way of answering colours all of them.

What so small a survey can find out, over many surveys of the same design: power is the share of surveys in which a
coefficient is significant at 5 %. Type M is how far the significant ones exaggerate: their mean size over the size of
the mean of all surveys; type S is the share of them that have the other sign (Gelman and Carlin 2014).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.survey.questionnaire import MEMBER, TRIAL, members, scales_of, scores, truths, uniforms
from coworksim.evidence.survey.respondents import flags_by
from coworksim.files.uk_regions import RULES
from coworksim.model.mechanisms import WEEK, Phase
from coworksim.model.mechanisms.policies import Policies
from coworksim.model.mechanisms.resource_pool import ResourcePool
from coworksim.model.model import CoworkingModel
from coworksim.model.scenario import Scenario
from coworksim.model.state import snapshot
from coworksim.model.state.world import World
from coworksim.statistics.intervals import wilson
from coworksim.statistics.nonparametric import jackknife_error

type Floats = NDArray[np.float64]


class ExtraGatherings:
    """There are more gatherings to found a group, in every space, at nobody's cost."""

    name = "extra_gatherings"

    def __init__(self, world: World) -> None:
        """Read how many."""
        self._more = float(world.scenario["survey.trial_gatherings"])
        self._reset = world.scenario.mechanisms["policies"]

    def step(self, world: World) -> None:
        """Add gatherings for this week. Levers begin each week anew only where the mechanism policies is on."""
        if not self._reset:
            world.levers.groups[:] = 0.0
        world.levers.groups += self._more


class ExtraHours:
    """Half of all people have more hours on equipment in weeks in which they come as members."""

    name = "extra_hours"

    def __init__(self, world: World) -> None:
        """Draw who, of everybody: whoever is chosen has the hours while a member."""
        w = world.workers
        self._more = float(world.scenario["survey.trial_hours"]) if world.scenario.mechanisms["resource_pool"] else 0.0
        self.chosen = uniforms(world.run, w.key, MEMBER, TRIAL) < 0.5
        self._key = w.key.copy()

    def step(self, world: World) -> None:
        """Draw for those who have come, and add the hours of those chosen who are there."""
        w = world.workers
        if len(new := np.flatnonzero(w.key != self._key)):
            self.chosen[new] = uniforms(world.run, w.key[new], MEMBER, TRIAL) < 0.5
            self._key[new] = w.key[new]
        now = self.chosen & (w.member_of >= 0) & (w.days_present > 0)
        w.inside_hours[now] += self._more
        w.inside_hours_total[now] += self._more


#: Treatment -> its phase, the phase after which it comes, the regressor that it moves, and its amount.
TREATMENTS: Final[dict[str, tuple[type[Phase], type[Phase], str, str]]] = {
    "gatherings": (ExtraGatherings, Policies, "social", "encounter"),
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


def simulated(
    scenario: Scenario, seed: int, replicate: int, *, trial: bool = True, check: Callable[[], None] | None = None
) -> tuple[World, tuple[TrueSlope, ...]]:
    """Run a scenario to its end, the trials beside it, and return its world and the true slopes (none without trial).

    The world is the one that a run of the same seed and replicate ends in. ``check`` is called each week.
    """
    model = CoworkingModel(scenario, seed, replicate, collect=False)
    arms: dict[str, CoworkingModel] = {}
    weeks = scenario.start_week + scenario.weeks
    begin = weeks - min(int(scenario["survey.trial_weeks"]), scenario.weeks)
    for week in range(weeks):
        if check is not None:
            check()
        if trial and week == begin:
            for name, (phase, after, _, _) in TREATMENTS.items():
                at = WEEK.index(after) + 1
                more, fork = (*WEEK[:at], phase, *WEEK[at:]), snapshot.fork(model.world)
                arms[name] = CoworkingModel(model.setup, model.seed, week=more, world=fork, collect=False)
        for one in (model, *arms.values()):
            one.step()
    found: list[TrueSlope] = []
    for name, arm in arms.items():
        chosen = next((p.chosen for p in arm.phases if isinstance(p, ExtraHours)), None)
        found += true_slopes(name, model.world, arm.world, chosen)
    return model.world, tuple(found)


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
    units = np.zeros(len(rows))
    for sign, w in ((1.0, there.workers), (-1.0, here.workers)):
        amount = w.encounters if unit == "encounter" else w.inside_hours_total + w.training_hours_total
        units += sign * amount[rows]
    region, found = here.workers.region[rows], []
    groups = [("all", "all", np.ones(len(region), np.bool_))]
    for rule in RULES:
        behind = np.array([flag == "left-behind" for flag in flags_by(here.scenario, rule)])[region]
        groups += [(rule, "left-behind", behind), (rule, "other", ~behind)]
    for outcome in ("sc_space", "td_space", "sc_total", "td_total"):
        gained, points = felt_now[outcome] - felt_was[outcome], now[outcome] - was[outcome]
        for rule, group, kept in groups:
            slope, error = _ratio(gained[kept], moved[kept], region[kept])
            total, people = float(units[kept].sum()), int(kept.sum())
            per_unit = float(points[kept].sum()) / total if total else math.nan
            mean = float(moved[kept].mean()) if people else math.nan
            found.append(TrueSlope(treatment, outcome, rule, group, people, slope, error, per_unit, mean))
    return found


def _ratio(above: Floats, below: Floats, region: NDArray[np.int32]) -> tuple[float, float]:
    """Return the ratio of sums, and its error by leaving out one region after the other."""
    total = float(below.sum())
    if total == 0.0:
        return math.nan, math.nan
    ratio, known = float(above.sum()) / total, np.unique(region)
    tops, bottoms = (np.bincount(region, x)[known] for x in (above, below))
    rest = total - bottoms
    if len(known) < 3 or (rest == 0.0).any():
        return ratio, math.nan
    return ratio, jackknife_error((float(above.sum()) - tops) / rest)


LEVEL: Final = 0.05
#: Columns of the table of power.
COLUMNS: Final = [
    "outcome", "rule", "form", "term", "surveys", "mean", "sd", "positive_share", "power", "power_low", "power_high",
    "power_permutation", "power_permutation_low", "power_permutation_high", "type_m", "type_s", "true_slope",
]  # fmt: skip  # a list of names


def true_of(slopes: pd.DataFrame, outcome: str, rule: str, term: str) -> float:
    """Return the true slope of a term, mean over replicates: of other regions, or left-behind less other.

    NaN for terms that no trial moves, and for a flag that is no rule of the trial.
    """
    moved = {regressor: name for name, (_, _, regressor, _) in TREATMENTS.items()}
    what, _, flagged = term.partition(":")
    rule = rule.removeprefix("flag_")
    if what not in moved or slopes.empty:
        return math.nan
    chosen = slopes[(slopes["treatment"] == moved[what]) & (slopes["outcome"] == outcome) & (slopes["rule"] == rule)]
    by_group = chosen.groupby("group", observed=True)["slope"].mean()
    other = float(by_group.get("other", math.nan))
    return float(by_group.get("left-behind", math.nan)) - other if flagged else other


def power_table(coefficients: pd.DataFrame, slopes: pd.DataFrame) -> pd.DataFrame:
    """Return one row an outcome, rule, form and term of what ``coefficients``, one row more a survey, come to."""
    rows = []
    for names, group in coefficients.groupby(["outcome", "rule", "form", "term"], observed=True, sort=False):
        outcome, rule, form, term = (str(name) for name in names)
        n, mean = len(group), float(group["estimate"].mean())
        significant, permuted = group[group["p"] < LEVEL], group["p_permutation"].dropna()
        found, exact = wilson(len(significant), n), wilson(int((permuted <= LEVEL).sum()), len(permuted))
        wrong = (significant["estimate"] * mean < 0.0).mean() if len(significant) else math.nan
        size = float(significant["estimate"].abs().mean()) if len(significant) else math.nan
        spread = float(group["estimate"].std(ddof=1)) if n > 1 else math.nan
        cells = (outcome, rule, form, term, n, mean, spread, float((group["estimate"] > 0.0).mean()))
        type_m, true = size / abs(mean) if mean else math.nan, true_of(slopes, outcome, rule, term)
        rows.append((*cells, *found[2:], *exact[2:], type_m, float(wrong), true))
    return pd.DataFrame(rows, columns=COLUMNS) if rows else pd.DataFrame()
