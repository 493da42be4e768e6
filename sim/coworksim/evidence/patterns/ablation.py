"""``coworksim ablate``: every pattern with each mechanism switched off in turn, and with chosen pairs off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd

from coworksim.evidence.patterns.declaration import MEASURES, PATTERNS, key
from coworksim.evidence.patterns.pattern_runs import Batch, Cells, cell, do_cells, for_form
from coworksim.evidence.patterns.shares import clearly, shown, tidy
from coworksim.evidence.patterns.variants import ABLATIONS, DECLARED
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import Limits
from coworksim.statistics.design import run_seed
from coworksim.statistics.proportions import wilson
from coworksim.statistics.student_t import interval

__all__ = ["Ablation", "ablation_batch", "run_ablation"]


@dataclass(frozen=True)
class Ablation:
    """What was found.

    table: pattern, place, off (``as declared``: nothing), n, shown, share and its interval, clear_share, value (mean,
    signs turned so that above 0 is the pattern), change (paired, from nothing off) with its interval, of_declared (the
    ratio of the means).
    """

    scenario: Scenario
    held: Cells
    table: pd.DataFrame
    seed: int


def ablation_batch(source: str, settings: Mapping[str, Any], seed: int) -> Batch:
    """Return the batch of a scenario."""
    return Batch(source, load_scenario(source, dict(settings)), settings, "ablate", seed, {"settings": dict(settings)})


def run_ablation(batch: Batch, replicates: int, folder: Path | None, limits: Limits) -> Ablation:
    """Run what is missing, and put the table together. Mechanisms that the scenario has off already stay off."""
    forms = [DECLARED, *ABLATIONS.values()]
    cells = [
        cell(
            batch,
            "ablation",
            form.name,
            0,
            k,
            batch.seed,
            **for_form(form, {"environment.draw": run_seed(batch.seed, k) % (1 << 31)}),
        )
        for k in range(replicates)
        for form in forms
    ]
    held = do_cells(batch, cells, folder, limits)
    arms = {form.name: held.done("ablation", form.name) for form in forms}
    return Ablation(batch.scenario, held, tidy(_rows(arms)), batch.seed)


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
