"""``coworksim ablate``: every pattern with each mechanism switched off in turn, and with chosen pairs off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final, Self, Unpack

import numpy as np
import pandas as pd

from coworksim.evidence.patterns.declaration import MEASURES, PATTERNS, key
from coworksim.evidence.patterns.pattern_runs import PatternResult, PatternStudy, as_variant
from coworksim.evidence.patterns.shares import clearly, shown, tidy
from coworksim.evidence.patterns.variants import ABLATIONS, DECLARED
from coworksim.files.load import load_scenario
from coworksim.runs.batch import BatchResult, Cell
from coworksim.runs.run import Limits, Options
from coworksim.statistics.design import run_seed
from coworksim.statistics.intervals import interval, wilson

_VARIANTS: Final = (DECLARED, *ABLATIONS.values())


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
            noise = {"environment.draw": run_seed(study.seed, k) % (1 << 31)}
            for one in _VARIANTS:
                yield study.cell("ablation", one.name, 0, k, study.seed, **as_variant(one, noise))

    @classmethod
    def _read(cls, study: PatternStudy, batch: BatchResult) -> Self:
        """Put the table together."""
        return cls(study, batch, tidy(_rows({one.name: batch.done("ablation", one.name) for one in _VARIANTS})))


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


def _rows(arms: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, Any]]:
    for pattern, place in MEASURES:
        base = _values(arms[DECLARED.name], pattern, place)
        for arm, rows in arms.items():
            found, own = wilson(int(shown(rows, pattern, place).sum()), len(rows)), _values(rows, pattern, place)
            both = [k for k in own if k in base]
            change, low, high = interval([own[k] - base[k] for k in both])
            mean = fmean(own.values()) if own else math.nan
            whole = fmean(base.values()) if base else math.nan
            yield {
                "pattern": pattern,
                "place": place,
                "off": arm,
                "n": found.n,
                "shown": found.yes,
                "share": found.share,
                "low": found.low,
                "high": found.high,
                "half_width": found.half_width,
                "clear_share": wilson(int(clearly(rows, pattern, place).sum()), len(rows)).share,
                "defined": len(own),
                "value": mean,
                "unit": PATTERNS[pattern].unit,
                "change": change,
                "change_low": low,
                "change_high": high,
                "of_declared": mean / whole if whole else math.nan,
            }


def _values(rows: pd.DataFrame, pattern: str, place: str) -> dict[int, float]:
    """Return the values of a measure by replicate, where they are defined; above 0 is the pattern."""
    name = key(pattern, place, "value")
    if name not in rows:
        return {}
    kept = rows[np.isfinite(rows[name])]
    return {int(k): PATTERNS[pattern].sign * float(v) for k, v in zip(kept["replicate"], kept[name], strict=True)}
