"""What an appraisal comes to when parameters and laws of learning are drawn: ranking, laws, switching values.

Every parameter that has a range (or rival forms) is drawn, rents, staff, capital and what spaces offer among them; what
the files of the scenario set is drawn around (``coworksim.statistics.around``), and values of overrides (``--set``) are
held. The points are those of a scrambled Sobol' sequence. The
laws of learning come from a grid: every cell has the same number of draws (but for a rest), in an order by lot.

A draw has its own world with its own people, in which the world without and every arm start from one burn-in and
spin-up. It counts when all of its replicates were run, and its numbers are their means; the others are listed with
their reason.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.appraisal import ranking as ranks
from coworksim.appraisal.appraisal_folder import DRAWN
from coworksim.appraisal.measure_registry import TERMS
from coworksim.appraisal.replicate import payload, work
from coworksim.appraisal.result import Appraisal
from coworksim.files.errors import InputError, Problem, RunnerError
from coworksim.model.parameters import PARAMETERS
from coworksim.model.policy import Policy
from coworksim.model.scenario import PARTS, Scenario
from coworksim.runs.announcement import times, will_compare, will_replace
from coworksim.runs.batch import RunCache, run_in_memory
from coworksim.runs.run import Limits, Options, Run, run_of
from coworksim.statistics.around import around
from coworksim.statistics.design import draw, run_seed
from coworksim.statistics.factors import Factor, Value, factors_around, is_swept
from coworksim.statistics.intervals import estimate
from coworksim.statistics.lots import order_by_lot

type Floats = NDArray[np.float64]

#: The arm with neither effect nor cost, where none of the arms is without policies.
NOTHING: Final = "do nothing"
#: What is kept of each draw and arm.
HEADLINES: Final = (
    "additional_member_months", "td_total_sd_years", "sc_total_sd_years", "public_cost_gbp", "social_value_gbp",
    "displaced_net_member_months", "recipients", "occupancy_with", "occupancy_without", "price_elasticity",
)  # fmt: skip  # a list of names
#: Inputs whose switching values are looked for, and what is only seen in the draws.
SWITCHES: Final = (
    "membership.elasticity", "membership.churn", "income.skill_return", "income.own_expansion",
    "resource_learning.td_rate", "social_learning.partner_gain", "awareness.unprompted", "schemes.hassle",
)  # fmt: skip  # a list of names
SEEN: Final = ("price_elasticity", "displaced_net_member_months")
#: The laws of learning: exponents 0 (limited by input) to 1 (closes a gap).
GRID: Final = {"social_learning.theta_sc": (0.0, 0.5, 1.0), "resource_learning.theta_td": (0.0, 1.0)}
#: Fewer draws would leave cells of the grid empty.
LEAST_DRAWS: Final = 6
MOST_DRAWS: Final = 4096


class Draw(NamedTuple):
    """One draw: the values that it sets by name, and the seed of its worlds."""

    number: int
    values: Mapping[str, Value]
    seed: int


class Sample(NamedTuple):
    """All draws; the inputs with their ranges; names that overrides hold; points left aside; the laws by name."""

    draws: tuple[Draw, ...]
    factors: tuple[Factor, ...]
    held: tuple[str, ...]
    impossible: int
    laws: Mapping[str, tuple[float, ...]]


def sample(scenario: Scenario, number: int, seed: int) -> Sample:
    """Return so many draws; those of a smaller number are the first of a larger one, but for the grid's last round.

    Points at which shares add up to more than one are left aside, and the next ones taken. Raises InputError where
    nothing is left to draw.
    """
    # which regions there are (the frame) is the question of a scenario, not a belief about people
    swept = [q for q in PARAMETERS.values() if is_swept(q) and q.group != "frame"]
    held = tuple(q.name for q in swept if scenario.origins[q.name] == "override")
    factors = factors_around((q for q in swept if q.name not in held and q.name not in GRID), scenario.values)
    if len(factors) < 2:
        raise InputError([Problem("--draws", 0, 0, "nothing is left to draw; set fewer parameters")])
    base = {name: float(scenario[name]) for names in PARTS for name in names}
    laws = {name: _levels(scenario, name, levels) for name, levels in GRID.items()}
    cells = _cells(laws, number, seed)
    least = 1 << (number - 1).bit_length()
    for size in (least, 2 * least, 4 * least, 8 * least):
        design = draw("pawn", factors, size, seed, base=base, parts=PARTS)  # a plain sample: no analysis by PAWN
        places = [at for at in range(size) if not design.infeasible[at]][:number]
        if len(places) == number:
            break
    else:
        said = "shares of the population that are set leave no room for those that are drawn; set all of them, or fewer"
        raise InputError([Problem("--draws", 0, 0, said)])
    draws = tuple(Draw(k, {**design.overrides(at), **cells[k]}, run_seed(seed, at)) for k, at in enumerate(places))
    return Sample(draws, factors, held, places[-1] + 1 - number, laws)


def _levels(scenario: Scenario, name: str, levels: tuple[float, ...]) -> tuple[float, ...]:
    """Return the levels of a law: one that is held, or those of the grid around what the scenario sets."""
    own = float(scenario[name])
    if scenario.origins[name] == "override":
        return (own,)
    return tuple(dict.fromkeys(around(PARAMETERS[name], own, level) for level in levels))


def _cells(laws: Mapping[str, tuple[float, ...]], number: int, seed: int) -> list[dict[str, Value]]:
    """Return a cell of the grid for each draw: every cell once in each round, in an order by lot."""
    cells: list[dict[str, Value]] = [dict(zip(laws, cell, strict=True)) for cell in itertools.product(*laws.values())]
    rounds = range(-(-number // len(cells)))
    return [dict(cells[k]) for which in rounds for k in order_by_lot(len(cells), seed, which).tolist()][:number]


def drawn(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """Return the scenario with other values, checked as any scenario is."""
    plain = scenario.model_copy(update={"policies": ()}).model_dump(mode="json")
    return Scenario.model_validate({**plain, "values": {**plain["values"], **values}})


def cell_of(values: Mapping[str, object]) -> str:
    """Return the name of a draw's cell.

    >>> cell_of({"social_learning.theta_sc": 0.5, "resource_learning.theta_td": 1.0})
    'theta_sc 0.5, theta_td 1'
    """
    return ", ".join(f"{name.partition('.')[2]} {values[name]:g}" for name in GRID)


def will_draw(scenario: Scenario, chosen: Sample, arms: int, replicates: int) -> str:
    """Say what a sample of draws will run, and what it replaces of the scenario."""
    number = len(chosen.draws)
    says = will_compare(number * replicates, arms, times((number, "draw"), (replicates, "replicate")))
    return "\n".join(filter(None, (will_replace(scenario, chosen.factors), says)))


def uncertainty(
    scenario: Scenario,
    arms: Mapping[str, Sequence[Policy]],
    number: int,
    *,
    seed: int,
    replicates: int = 1,
    cache: RunCache | None = None,
    **options: Unpack[Options],
) -> Uncertainty:
    """Run all arms in so many draws; what ``cache`` holds is not run again. ``options``: as ``Limits``.

    Raises RunnerError when none succeeds, InputError where nothing can be drawn.
    """
    chosen, policies = sample(scenario, number, seed), [tuple(arm) for arm in arms.values()]
    limits, says = Limits(**options), will_draw(scenario, chosen, len(arms), replicates)

    def runs() -> Iterator[Run]:  # no more of them are in memory than are in flight
        for one in chosen.draws:
            world = drawn(scenario, one.values)
            for k in range(replicates):
                task = payload(world, policies, one.seed, k, only=HEADLINES)
                yield run_of(work, one.number * replicates + k, task)

    outcomes = run_in_memory(runs(), work, cache, limits, total=number * replicates, says=says)
    every: dict[str, int | None] = {name: at for at, name in enumerate(arms)}
    idle = tuple(name for name, arm in arms.items() if not arm)
    if not idle:
        idle, every = (NOTHING,), {NOTHING: None, **every}
    done, rows = outcomes.done, []
    for one in chosen.draws:
        numbers = range(one.number * replicates, (one.number + 1) * replicates)
        if not all(at in done for at in numbers):
            continue
        for arm, place in every.items():
            means = pd.DataFrame([by_draw(done[at].values, place) for at in numbers]).mean()
            rows.append({"draw": one.number, "cell": cell_of(one.values), "arm": arm, **means.to_dict()})
    failed, worth = outcomes.failed("draw", replicates), float(scenario["appraisal.sd_year_value"])
    if not rows:
        raise RunnerError(f"no draw succeeded; the first says: {failed[0]}")
    return Uncertainty(chosen, tuple(every), idle, replicates, _categorical(pd.DataFrame(rows)), failed, worth)


@dataclass(frozen=True)
class Uncertainty:
    """Draws of an appraisal.

    ``draws`` has a row a draw that counts and an arm (``draw, cell, arm`` and the headlines; NaN where one is
    undefined), ``failed`` a sentence for each run that is missing. ``worth`` is the declared value of an sd-year, GBP;
    ``idle`` are arms without policies, one at least.
    """

    sample: Sample
    arms: tuple[str, ...]
    idle: tuple[str, ...]
    replicates: int
    draws: pd.DataFrame
    failed: Sequence[str]
    worth: float

    @property
    def about(self) -> dict[str, Any]:
        """How draws were made, as JSON has it."""
        sample = self.sample
        return {
            "asked": len(sample.draws),
            "counted": int(self.draws["draw"].nunique()),
            "replicates": self.replicates,
            "failed": list(self.failed),
            "points_left_aside_as_impossible": sample.impossible,
            "laws_of_learning": {name: list(levels) for name, levels in sample.laws.items()},
            "held": list(sample.held),
            "inputs": [
                {"name": f.name, "low": f.ends[0], "high": f.ends[1], "log": f.log, "choices": list(f.choices)}
                for f in sample.factors
            ],
            "sd_year_value_gbp": self.worth,
        }

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the draws by the name of its file."""
        made = (self.draws, self.inputs, self.ranking, self.laws, self.switching)
        return dict(zip(DRAWN, made, strict=True))

    def added_to(self, found: Appraisal) -> Appraisal:
        """Return an appraisal with what these draws found."""
        return replace(found, drawing=self.about, tables={**found.tables, **self.tables})

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """``draw`` and the value of every input, of all draws."""
        return pd.DataFrame([{"draw": one.number, **one.values} for one in self.sample.draws])

    @cached_property
    def _by_arm(self) -> dict[str, pd.DataFrame]:
        """The headlines of each arm by draw."""
        found = {str(arm): block.set_index("draw") for arm, block in self.draws.groupby("arm", observed=True)}
        return {arm: found[arm] for arm in self.arms}

    def benefit(self, criterion: str, worth: float | None = None) -> Floats:
        """Return the net benefit by draw and arm, GBP, at a worth of an sd-year (the declared one)."""
        _, gain, cost = ranks.CRITERIA[criterion]
        held = self.worth if worth is None else worth
        found = {arm: one[gain].to_numpy(np.float64) for arm, one in self._by_arm.items()}
        if cost is not None:
            found = {arm: held * it - self._by_arm[arm][cost].to_numpy(np.float64) for arm, it in found.items()}
        return np.column_stack(list(found.values()))

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """By criterion and worth: a row an arm, the least expected regret first (see ``ranking``).

        ``declared`` marks the declared worth of an sd-year; the others are the acceptability curve.
        """
        rows: list[dict[str, object]] = []
        for name, (_, _, cost) in ranks.CRITERIA.items():
            for worth in sorted({*ranks.WORTHS, self.worth}) if cost else [math.nan]:
                start = {"criterion": name, "sd_year_value_gbp": worth, "declared": worth == self.worth or not cost}
                rows += [start | row for row in ranks.rank_rows(self.benefit(name, worth), list(self.arms))]
        return _categorical(pd.DataFrame(rows))

    @cached_property
    def laws(self) -> pd.DataFrame:
        """Each headline, net benefit and probability best by cell of the grid: ``cell, arm, term, unit, value, ..``."""
        rows: list[tuple[Any, ...]] = []
        cells = next(iter(self._by_arm.values()))["cell"].astype(str)
        for cell in sorted({cell_of(one.values) for one in self.sample.draws}):
            here = (cells == cell).to_numpy()
            for at, (arm, block) in enumerate(self._by_arm.items()):
                told = [(term, TERMS[term].unit, block[term].to_numpy(np.float64)[here]) for term in HEADLINES]
                for name in ranks.CRITERIA:
                    benefit = self.benefit(name)[here]
                    best = ranks.best_shares(benefit) if len(benefit) else benefit
                    told.append((f"net_benefit_{name}", "GBP", benefit[:, at]))
                    told.append((f"probability_best_{name}", "share", best[:, at]))
                for term, unit, values in told:
                    found = estimate(values[np.isfinite(values)].tolist())
                    rows.append((cell, arm, term, unit, found.value, found.low, found.high, found.n))
        columns = ["cell", "arm", "term", "unit", "value", "low", "high", "draws"]
        return _categorical(pd.DataFrame(rows, columns=columns))

    @cached_property
    def switching(self) -> pd.DataFrame:
        """Where an arm's net benefit becomes nothing: ``criterion, arm, what, unit, value, low, high, sentence``."""
        rows = []
        for name, (_, gain, cost) in ranks.CRITERIA.items():
            benefit = self.benefit(name)
            for at, (arm, block) in enumerate(self._by_arm.items()):
                if arm in self.idle:
                    continue
                if cost is not None:
                    rows.append(ranks.worth_row(name, arm, block[cost].tolist(), block[gain].tolist(), TERMS[gain]))
                rows += self._crossings(name, arm, benefit[:, at])
        return _categorical(pd.DataFrame(rows, columns=list(ranks.COLUMNS)))

    def _crossings(self, criterion: str, arm: str, benefit: Floats) -> Iterator[dict[str, Any]]:
        """Return the switching value of each input, and of what is seen in the draws."""
        inputs, block = self.inputs.set_index("draw").loc[self._by_arm[arm].index], self._by_arm[arm]
        logs = {factor.name: factor.log for factor in self.sample.factors}
        asked: list[tuple[Any, str, str, Any, bool]] = [
            (PARAMETERS[name], name, "drawn", inputs[name], logs[name]) for name in SWITCHES if name in logs
        ]
        asked += [(TERMS[name], name, "seen", block[name], False) for name in SEEN]
        for what, name, kind, column, log in asked:
            values = column.to_numpy(np.float64)
            found = ranks.crossing(values, benefit, log=log)
            yield ranks.crossed_row(criterion, arm, what.meaning, name, what.unit, kind, values, found)


def _categorical(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its text as categories, in the order of first use; sentences stay text."""
    text = [c for c in table.columns if c != "sentence" and not pd.api.types.is_numeric_dtype(table[c])]
    for column in text:
        table[column] = pd.Categorical(table[column], categories=list(dict.fromkeys(table[column])))
    return table


def by_draw(values: Mapping[str, float], arm: int | None) -> dict[str, float]:
    """Return the headlines of one arm (None: of doing nothing) out of the numbers of one run."""
    if arm is not None:
        return {name: values.get(f"{arm}\t{name}", math.nan) for name in HEADLINES}
    occupied, answer = (values.get(f"0\t{name}", math.nan) for name in ("occupancy_without", "price_elasticity"))
    shared = {"occupancy_with": occupied, "occupancy_without": occupied, "price_elasticity": answer}
    return dict.fromkeys(HEADLINES, 0.0) | shared
