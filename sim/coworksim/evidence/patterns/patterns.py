"""``coworksim patterns`` and ``ablate``: a scenario in its variants, from which worlds are run to what they say."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, Unpack

import pandas as pd

from coworksim.evidence.patterns import pattern_tables as tables
from coworksim.evidence.patterns.declaration import ABLATIONS, DECLARED, NULLS
from coworksim.evidence.patterns.pattern_runs import PatternResult, PatternStudy, as_variant
from coworksim.evidence.patterns.untuned import (
    ALIKE,
    GROUPS,
    Point,
    design,
    points,
    ranges,
    ranges_hash,
    ratios_of,
    without_gaps,
)
from coworksim.files.errors import RefusedError
from coworksim.files.load import load_scenario
from coworksim.runs.batch import BatchResult, Cell
from coworksim.runs.run import Limits, Options
from coworksim.statistics.design import Design, run_seed
from coworksim.statistics.factors import Factor

#: The scenario whose regions are the real ones.
REAL: Final = "uk-all"
_VARIANTS: Final = (DECLARED, *NULLS.values())
_ABLATED: Final = (DECLARED, *ABLATIONS.values())


@dataclass(frozen=True, repr=False)
class Patterns(PatternResult):
    """What was found. Tables are tidy; intervals are of 95 %.

    shares: part (replicates or draws), pattern, place, form, n, shown, share and interval, clear_share, ratio.
    shapley, surface, deciding, halves: see ``pattern_tables``. real: ln ratios of the real regions, by field, at the
    declared responses, without what is drawn for missing figures.
    """

    purpose = "patterns"
    ranges: tuple[Factor, ...]
    shares: pd.DataFrame
    shapley: pd.DataFrame
    surface: pd.DataFrame
    deciding: pd.DataFrame
    halves: pd.DataFrame
    real: Mapping[str, float]
    infeasible: int = 0

    @property
    def ranges_hash(self) -> str:
        """The hash of what was drawn over which range."""
        return ranges_hash(self.ranges)

    @classmethod
    def _cells(cls, study: PatternStudy) -> Iterator[Cell]:
        """Go through draws, replicates, and E3 taken apart."""
        for point in _drawn(study)[2]:
            for one in _VARIANTS:
                more = as_variant(one, point.overrides, point.ratios)
                yield study.cell("draws", one.name, point.number, 0, point.seed, **more)
        for k in range(study.asked["replicates"]):
            for one in _VARIANTS:
                yield study.cell("replicates", one.name, 0, k, study.seed, **as_variant(one, _noise(study, k)))
        yield from _coalitions(study)
        yield from _surface(study)

    @classmethod
    def _read(cls, study: PatternStudy, batch: BatchResult) -> Self:
        """Put the tables together."""
        factors, of, drawn = _drawn(study)
        shares = [
            {"part": part, **row}
            for part in ("replicates", "draws")
            if len(batch.done(part))
            for row in tables.share_rows({one.name: batch.done(part, one.name) for one in _VARIANTS})
        ]
        apart, declared = study.asked["decompose"] > 0, batch.done("draws", DECLARED.name)
        made = {
            "shares": shares,
            "shapley": tables.shapley_rows(batch.done("coalitions")) if apart else (),
            "surface": tables.surface_rows(batch.done("surface")) if apart else (),
            "deciding": tables.deciding_rows(of, declared),
            "halves": tables.halves_rows({point.number: point.ratios for point in drawn}, declared),
        }
        found: Any = {name: tables.tidy(rows) for name, rows in made.items()}
        real = ratios_of(without_gaps(load_scenario(REAL, quiet=True)))
        return cls(study, batch, factors, **found, real=real, infeasible=study.asked["draws"] - len(drawn))


def run_patterns(
    source: str,
    settings: Mapping[str, Any],
    seed: int = 1,
    *,
    draws: int = 64,
    replicates: int = 10,
    decompose: int = 10,
    folder: Path | None = None,
    **options: Unpack[Options],
) -> Patterns:
    """Measure the patterns that a survey reported: what ``folder`` does not hold is run.

    Args:
        source: Name or path of a scenario.
        settings: Values in place of its own, by name.
        seed: Fixes all draws.
        draws: Untuned draws from the declared ranges.
        replicates: Runs of each variant at the scenario's own values.
        decompose: Replicates of E3 taken apart by field of the environment; 0 leaves it out.
        folder: Where the runs are kept; None makes one under ``results/``.
        options: Fields of ``Limits``: processes, deadline, progress and such.

    Returns:
        Shares of runs that show each pattern, and what each depends on.

    Raises:
        RefusedError: The scenario has regions of one kind only.
    """
    scenario = load_scenario(source, dict(settings))
    flags = [region.flag for region in scenario.regions]
    if min(flags.count(kind) for kind in ("left-behind", "other")) < 2:
        raise RefusedError(
            f"{scenario.name} has {flags.count('left-behind')} left-behind regions and {flags.count('other')} others; "
            "patterns compare the two kinds: give a scenario with at least two of each, such as patterns"
        )
    asked = {"draws": draws, "replicates": replicates, "decompose": decompose}
    about = {"ranges": ranges_hash(ranges(scenario, settings))}
    study = PatternStudy(source, scenario, settings, Patterns.purpose, seed, about, asked)
    return Patterns.run(study, folder, Limits(**options))


def _drawn(study: PatternStudy) -> tuple[tuple[Factor, ...], Design, list[Point]]:
    """Return what is drawn, the design, and the draws that can be."""
    factors, draws = ranges(study.scenario, study.settings), study.asked["draws"]
    of = design(factors, draws, study.seed, study.scenario)
    return factors, of, [point for point in points(of, draws) if point.feasible]


def _noise(study: PatternStudy, replicate: int) -> dict[str, Any]:
    """Let each replicate have draws of missing figures of its own."""
    return {"environment.draw": run_seed(study.seed, replicate) % (1 << 31)}


def _coalitions(study: PatternStudy) -> Iterator[Cell]:
    for number, kept in enumerate(tables.coalitions()):
        moved = [field for group, fields in GROUPS.items() if group not in kept for field in fields]
        more = {"alike": moved} if moved else {}
        for k in range(study.asked["decompose"]):
            noise = _noise(study, k)
            yield study.cell("coalitions", DECLARED.name, number, k, study.seed, overrides=noise, **more)


def _surface(study: PatternStudy) -> Iterator[Cell]:
    for number in range(len(tables.STEPS) * len(tables.STEPS)):
        steps = divmod(number, len(tables.STEPS))
        ratios = {field: math.log(tables.STEPS[at]) for field, at in zip(tables.FIELDS_OF_SURFACE, steps, strict=True)}
        for k in range(study.asked["decompose"]):
            more = {"overrides": dict(ALIKE), "ratios": ratios}
            yield study.cell("surface", DECLARED.name, number, k, study.seed, **more)


@dataclass(frozen=True, repr=False)
class Ablation(PatternResult):
    """What was found.

    table: pattern, place, off (``as declared``: nothing), n, shown, share and its interval, clear_share, value (mean,
    signs turned so that above 0 is the pattern), change (paired, from nothing off) with its interval, of_declared (the
    ratio of the means).
    """

    purpose = "ablate"
    table: pd.DataFrame

    @classmethod
    def _cells(cls, study: PatternStudy) -> Iterator[Cell]:
        """Go through every variant in each replicate. Mechanisms that the scenario has off already stay off."""
        for k in range(study.asked["replicates"]):
            for one in _ABLATED:
                yield study.cell("ablation", one.name, 0, k, study.seed, **as_variant(one, _noise(study, k)))

    @classmethod
    def _read(cls, study: PatternStudy, batch: BatchResult) -> Self:
        """Put the table together."""
        arms = {one.name: batch.done("ablation", one.name) for one in _ABLATED}
        return cls(study, batch, tables.tidy(tables.ablation_rows(arms)))


def run_ablation(
    source: str,
    settings: Mapping[str, Any],
    seed: int = 1,
    *,
    replicates: int = 10,
    folder: Path | None = None,
    **options: Unpack[Options],
) -> Ablation:
    """Run every variant of a scenario (a name or a path) so many times, as far as ``folder`` does not hold it.

    ``options`` are the fields of ``Limits``.
    """
    scenario = load_scenario(source, dict(settings))
    study = PatternStudy(source, scenario, settings, Ablation.purpose, seed, asked={"replicates": replicates})
    return Ablation.run(study, folder, Limits(**options))
