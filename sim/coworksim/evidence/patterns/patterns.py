"""``coworksim patterns`` from the scenario to its tables: which worlds are run, and what they say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from coworksim.evidence.patterns.drivers import (
    FIELDS_OF_SURFACE,
    STEPS,
    coalitions,
    deciding_rows,
    halves_rows,
    shapley_rows,
    surface_rows,
)
from coworksim.evidence.patterns.pattern_runs import Batch, Cell, Cells, cell, do_cells, for_form
from coworksim.evidence.patterns.region_contrast import ALIKE, GROUPS, ratios_of
from coworksim.evidence.patterns.shares import share_rows, tidy
from coworksim.evidence.patterns.untuned import Point, design, points, ranges, ranges_hash
from coworksim.evidence.patterns.variants import DECLARED, NULLS, Form
from coworksim.files.errors import RefusedError
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import Limits
from coworksim.statistics.design import run_seed
from coworksim.statistics.factors import Factor

__all__ = ["REAL", "Asked", "Patterns", "patterns_batch", "run_patterns"]

#: The scenario whose regions are the real ones.
REAL: Final = "uk-all"
_FORMS: Final = (DECLARED, *NULLS.values())


@dataclass(frozen=True)
class Asked:
    """How much is run: draws, replicates at the scenario's own values, and replicates of the decomposition."""

    draws: int = 64
    replicates: int = 10
    decompose: int = 10


@dataclass(frozen=True)
class Patterns:
    """What was found. Tables are tidy; intervals are of 95 %.

    shares: part (replicates or draws), pattern, place, form, n, shown, share and interval, clear_share, ratio.
    shapley, surface: see ``decomposition``. deciding, halves: see ``deciding``. real: ln ratios of the real regions, by
    field, at the declared elasticities without noise.
    """

    scenario: Scenario
    held: Cells
    ranges: tuple[Factor, ...]
    shares: pd.DataFrame
    shapley: pd.DataFrame
    surface: pd.DataFrame
    deciding: pd.DataFrame
    halves: pd.DataFrame
    real: Mapping[str, float]
    seed: int
    infeasible: int = 0

    @property
    def ranges_hash(self) -> str:
        """The hash of what was drawn over which range."""
        return ranges_hash(self.ranges)


def patterns_batch(source: str, settings: Mapping[str, Any], seed: int) -> Batch:
    """Return the batch of a scenario. Raises RefusedError where it has regions of one kind only."""
    scenario = load_scenario(source, dict(settings))
    flags = [region.flag for region in scenario.regions]
    if min(flags.count(kind) for kind in ("left-behind", "other")) < 2:
        raise RefusedError(
            f"{scenario.name} has {flags.count('left-behind')} left-behind regions and {flags.count('other')} others; "
            "patterns compare the two kinds: give a scenario with at least two of each, such as patterns"
        )
    about = {"settings": dict(settings), "ranges": ranges_hash(ranges(scenario, settings))}
    return Batch(source, scenario, settings, "patterns", seed, about)


def run_patterns(batch: Batch, asked: Asked, folder: Path | None, limits: Limits) -> Patterns:
    """Run what is missing, and put the tables together."""
    factors = ranges(batch.scenario, batch.settings)
    of = design(factors, asked.draws, batch.seed, batch.scenario)
    drawn = [point for point in points(of, asked.draws) if point.feasible]
    cells = [
        *(_draw(batch, form, point) for point in drawn for form in _FORMS),
        *(_replicate(batch, form, k) for k in range(asked.replicates) for form in _FORMS),
        *_coalitions(batch, asked.decompose),
        *_surface(batch, asked.decompose),
    ]
    held = do_cells(batch, cells, folder, limits)
    shares = [
        {"part": part, **row}
        for part in ("replicates", "draws")
        if len(held.done(part))
        for row in share_rows({form.name: held.done(part, form.name) for form in _FORMS})
    ]
    return Patterns(
        batch.scenario,
        held,
        factors,
        tidy(shares),
        tidy(shapley_rows(held.done("coalitions"))) if asked.decompose else pd.DataFrame(),
        tidy(surface_rows(held.done("surface"))) if asked.decompose else pd.DataFrame(),
        tidy(deciding_rows(of, held.done("draws", DECLARED.name))),
        tidy(halves_rows({p.number: p.ratios for p in drawn}, held.done("draws", DECLARED.name))),
        ratios_of(load_scenario(REAL, {"environment.noise": 0.0})),
        batch.seed,
        asked.draws - len(drawn),
    )


def _draw(batch: Batch, form: Form, point: Point) -> Cell:
    more = for_form(form, point.overrides, point.ratios)
    return cell(batch, "draws", form.name, point.number, 0, point.seed, **more)


def _replicate(batch: Batch, form: Form, replicate: int) -> Cell:
    return cell(batch, "replicates", form.name, 0, replicate, batch.seed, **for_form(form, _noise(batch, replicate)))


def _noise(batch: Batch, replicate: int) -> dict[str, Any]:
    """Let each replicate have regional noise of its own."""
    return {"environment.draw": run_seed(batch.seed, replicate) % (1 << 31)}


def _coalitions(batch: Batch, replicates: int) -> Iterator[Cell]:
    for number, kept in enumerate(coalitions()):
        moved = [field for group, fields in GROUPS.items() if group not in kept for field in fields]
        for k in range(replicates):
            more = {"alike": moved} if moved else {}
            yield cell(batch, "coalitions", "as declared", number, k, batch.seed, overrides=_noise(batch, k), **more)


def _surface(batch: Batch, replicates: int) -> Iterator[Cell]:
    for number in range(len(STEPS) * len(STEPS)):
        steps = divmod(number, len(STEPS))
        ratios = {field: math.log(STEPS[at]) for field, at in zip(FIELDS_OF_SURFACE, steps, strict=True)}
        for k in range(replicates):
            yield cell(batch, "surface", "as declared", number, k, batch.seed, overrides=dict(ALIKE), ratios=ratios)
