"""From draws to what they come to: every draw in its own world, on several processors.

What an appraisal comes to when parameters and laws of learning are drawn: ranking, laws, switching values.

A draw has its own world with its own people, in which the world without and every arm start from one burn-in. A draw
counts when all of its replicates were run; the others are listed with their reason. Numbers of a draw are means of its
replicates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.appraisal.measure_registry import TERMS
from coworksim.appraisal.ranking import CRITERIA, WORTHS, best_shares, rank_rows
from coworksim.appraisal.replicate import payload, work
from coworksim.appraisal.result import DRAWN, Appraisal
from coworksim.appraisal.sampling import GRID, Sample, cell_of, drawn, sample
from coworksim.appraisal.switching import COLUMNS, crossed_row, crossing, worth_row
from coworksim.files.errors import RunnerError
from coworksim.model.parameters import PARAMETERS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import RunCache, run_in_memory
from coworksim.runs.run import Limits, Options, Run, run_of
from coworksim.statistics.intervals import estimate


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
    chosen = sample(scenario, number, seed)
    runs = _runs(scenario, [tuple(arm) for arm in arms.values()], chosen, replicates)
    outcomes = run_in_memory(runs, work, cache, Limits(**options), total=number * replicates)
    every: dict[str, int | None] = {name: at for at, name in enumerate(arms)}
    idle = tuple(name for name, arm in arms.items() if not arm)
    if not idle:
        idle, every = (NOTHING,), {NOTHING: None, **every}
    done, rows = outcomes.done, []
    for draw in chosen.draws:
        numbers = range(draw.number * replicates, (draw.number + 1) * replicates)
        if not all(at in done for at in numbers):
            continue
        for arm, place in every.items():
            means = pd.DataFrame([by_draw(done[at].values, place) for at in numbers]).mean()
            rows.append({"draw": draw.number, "cell": cell_of(draw.values), "arm": arm, **means.to_dict()})
    failed = outcomes.failed("draw", replicates)
    if not rows:
        raise RunnerError(f"no draw succeeded; the first says: {failed[0]}")
    table = pd.DataFrame(rows)
    for column in ("cell", "arm"):
        table[column] = pd.Categorical(table[column], categories=list(dict.fromkeys(table[column])))
    worth = float(scenario["appraisal.sd_year_value"])
    return Uncertainty(chosen, tuple(every), idle, replicates, table, failed, worth)


def _runs(scenario: Scenario, policies: Sequence[Sequence[Policy]], chosen: Sample, replicates: int) -> Iterator[Run]:
    """Yield the runs of all draws, one after the other: no more of them are in memory than are in flight."""
    for draw in chosen.draws:
        world = drawn(scenario, draw.values)
        for k in range(replicates):
            task = payload(world, policies, draw.seed, k, only=HEADLINES)
            yield run_of(work, draw.number * replicates + k, task)


#: The arm with neither effect nor cost, where none of the arms is without policies.
NOTHING: Final = "do nothing"
#: What is kept of each draw and arm.
HEADLINES: Final = (
    "additional_member_months",
    "td_total_sd_years",
    "sc_total_sd_years",
    "public_cost_gbp",
    "social_value_gbp",
    "displaced_net_member_months",
    "recipients",
    "occupancy_with",
    "occupancy_without",
    "price_elasticity",
)
#: Inputs whose switching values are looked for, and what is only seen in the draws.
SWITCHES: Final = (
    "membership.price_weight",
    "membership.habit",
    "income.skill_return",
    "income.own_expansion",
    "resource_learning.td_rate",
    "social_learning.partner_gain",
    "awareness.unprompted",
    "schemes.hassle",
)
SEEN: Final = ("price_elasticity", "displaced_net_member_months")

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Uncertainty:
    """Draws of an appraisal.

    ``asked`` draws with so many ``replicates`` each; ``draws`` has a row a draw that counts and an arm (``draw, cell,
    arm`` and the headlines; NaN where one is undefined), ``failed`` a sentence for each run that is missing. ``worth``
    is the declared value of an sd-year, GBP; ``idle`` are arms without policies, one at least.
    """

    sample: Sample
    arms: tuple[str, ...]
    idle: tuple[str, ...]
    replicates: int
    draws: pd.DataFrame
    failed: Sequence[str]
    worth: float

    @property
    def asked(self) -> int:
        """How many draws there should be."""
        return len(self.sample.draws)

    @property
    def counted(self) -> int:
        """How many draws count."""
        return int(self.draws["draw"].nunique())

    @property
    def about(self) -> dict[str, Any]:
        """How draws were made, as JSON has it."""
        sample = self.sample
        return {
            "asked": self.asked,
            "counted": self.counted,
            "replicates": self.replicates,
            "failed": list(self.failed),
            "points_left_aside_as_impossible": sample.impossible,
            "laws_of_learning": {name: list(levels) for name, levels in GRID.items()},
            "held": list(sample.held),
            "inputs": [
                {"name": f.name, "low": f.low, "high": f.high, "log": f.log, "choices": list(f.choices)}
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
        _, gain, cost = CRITERIA[criterion]
        columns = []
        for block in self._by_arm.values():
            gained = block[gain].to_numpy(np.float64)
            held = self.worth if worth is None else worth
            columns.append(gained if cost is None else held * gained - block[cost].to_numpy(np.float64))
        return np.column_stack(columns)

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """By criterion and worth: a row an arm, the least expected regret first (see
        :mod:`coworksim.appraisal.ranking`).

        ``declared`` marks the declared worth of an sd-year; the others are the acceptability curve.
        """
        rows: list[dict[str, object]] = []
        for name, criterion in CRITERIA.items():
            worths = sorted({*WORTHS, self.worth}) if criterion.cost else [math.nan]
            for worth in worths:
                declared = worth == self.worth or criterion.cost is None
                start = {"criterion": name, "sd_year_value_gbp": worth, "declared": declared}
                rows += [start | row for row in rank_rows(self.benefit(name, worth), list(self.arms))]
        return _categorical(pd.DataFrame(rows))

    @cached_property
    def laws(self) -> pd.DataFrame:
        """Each headline, net benefit and probability best by cell of the grid: ``cell, arm, term, unit, value, ..``."""
        rows: list[dict[str, Any]] = []
        cells = next(iter(self._by_arm.values()))["cell"].astype(str)
        for cell in sorted({cell_of(one.values) for one in self.sample.draws}):
            here = (cells == cell).to_numpy()
            for at, (arm, block) in enumerate(self._by_arm.items()):
                for term in HEADLINES:
                    rows.append(_row(cell, arm, term, TERMS[term].unit, block[term].to_numpy(np.float64)[here]))
                for name in CRITERIA:
                    benefit = self.benefit(name)[here]
                    rows.append(_row(cell, arm, f"net_benefit_{name}", "GBP", benefit[:, at]))
                    best = best_shares(benefit)[:, at] if len(benefit) else benefit[:, at]
                    rows.append(_row(cell, arm, f"probability_best_{name}", "share", best))
        return _categorical(pd.DataFrame(rows))

    @cached_property
    def switching(self) -> pd.DataFrame:
        """Where an arm's net benefit becomes nothing: ``criterion, arm, what, unit, value, low, high, sentence``."""
        rows = []
        for criterion in CRITERIA:
            benefit = self.benefit(criterion)
            for at, arm in enumerate(self.arms):
                if arm in self.idle:
                    continue
                if CRITERIA[criterion].cost is not None:
                    _, gain, cost = CRITERIA[criterion]
                    block = self._by_arm[arm]
                    rows.append(worth_row(criterion, arm, block[cost].tolist(), block[gain].tolist(), TERMS[gain]))
                rows += list(self._crossings(criterion, arm, benefit[:, at]))
        return _categorical(pd.DataFrame(rows, columns=list(COLUMNS)))

    def _crossings(self, criterion: str, arm: str, benefit: Floats) -> Iterator[dict[str, Any]]:
        """Return the switching value of each input, and of what is seen in the draws."""
        inputs, block = self.inputs.set_index("draw").loc[self._by_arm[arm].index], self._by_arm[arm]
        factors = {factor.name: factor for factor in self.sample.factors}
        for name in SWITCHES:
            if name in factors:
                values, what = inputs[name].to_numpy(np.float64), PARAMETERS[name]
                found = crossing(values, benefit, log=factors[name].log)
                yield crossed_row(criterion, arm, what.meaning, name, what.unit, "drawn", values, found)
        for name in SEEN:
            values, seen = block[name].to_numpy(np.float64), TERMS[name]
            found = crossing(values, benefit)
            yield crossed_row(criterion, arm, seen.meaning, name, seen.unit, "seen", values, found)


def _row(cell: str, arm: str, term: str, unit: str, values: Floats) -> dict[str, Any]:
    found = estimate(values[np.isfinite(values)].tolist())
    return {
        "cell": cell,
        "arm": arm,
        "term": term,
        "unit": unit,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "draws": found.n,
    }


def _categorical(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its text as categories, in the order of first use; sentences stay text."""
    text = [c for c in table.columns if c != "sentence" and not pd.api.types.is_numeric_dtype(table[c])]
    for column in text:
        table[column] = pd.Categorical(table[column], categories=list(dict.fromkeys(table[column])))
    return table


def by_draw(values: Mapping[str, float], arm: int | None) -> dict[str, float]:
    """Return the headlines of one arm (None: of doing nothing) out of the numbers of one run."""
    if arm is None:
        none = dict.fromkeys(HEADLINES, 0.0)
        found = {"occupancy_without": "occupancy_without", "price_elasticity": "price_elasticity"}
        shared = {name: values.get(f"0\t{key}", math.nan) for name, key in found.items()}
        return none | shared | {"occupancy_with": shared["occupancy_without"]}
    return {name: values.get(f"{arm}\t{name}", math.nan) for name in HEADLINES}
