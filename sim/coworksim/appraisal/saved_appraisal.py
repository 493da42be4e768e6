"""An appraisal on disk: every number as JSON, CSV and Parquet, the weekly series, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coworksim.appraisal.equal_cost import PILOTS, TOLERANCE
from coworksim.appraisal.estimates import COVERS
from coworksim.appraisal.money import NOT_MONETISED
from coworksim.appraisal.sampling import GRID
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, write_json
from coworksim.runs.saved_run import for_spreadsheets

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.appraisal.equal_cost import Equalised
    from coworksim.appraisal.monte_carlo import Uncertainty
    from coworksim.appraisal.result import Appraisal

__all__ = ["LIMITS", "about", "plain", "uncertainty_tables", "write_appraisal"]

#: What a reader must know.
LIMITS = (
    "net effects are paired differences over everybody; no multiplier is applied on top",
    COVERS,
    "strata depend on how chance is shared by the worlds, net effects do not: see the bounds beside them",
    "groups are fixed as people stand in the world without it; sex, ethnicity and disability are not in the model",
    "income is income from work before tax: the model has neither taxes nor households",
    "prices are those of the year in which spaces open, present values of that week; nothing after the horizon counts",
)


def about(appraisal: Appraisal, command: Sequence[str] = ()) -> dict[str, Any]:
    """Return where an appraisal comes from and how it is to be read."""
    scenario = appraisal.scenario
    return {
        "command": list(command),
        "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
        "seed": appraisal.seed,
        "replicates": appraisal.replicates,
        "tolerance": dict(appraisal.tolerance),
        "failed": list(appraisal.failed),
        "arms": {name: [policy.model_dump(mode="json") for policy in arm] for name, arm in appraisal.arms.items()},
        "price_year": scenario.starts.year,
        "read_this": list(LIMITS),
        "not_monetised": list(NOT_MONETISED),
        "subsidy_control": appraisal.flags,
        "equalised": [_equalised(found) for found in appraisal.equalised.values()],
        "drawing": _draws(appraisal.uncertainty),
        "environment": environment(),
        "about": "Replicates of a simulation, not a forecast.",
    }


def write_appraisal(appraisal: Appraisal, folder: Path, *, command: Sequence[str] = ()) -> None:
    """Write ``appraisal.json``, the tables, scenario and manifest into ``folder``, which exists."""
    content = about(appraisal, command)
    numbers = [plain(row) for row in appraisal.numbers.to_dict("records")]
    drawn = uncertainty_tables(appraisal)
    more = {name: [plain(row) for row in table.to_dict("records")] for name, table in drawn.items()}
    write_json(folder / "appraisal.json", {**content, "numbers": numbers, **more})
    tables = {"numbers": appraisal.numbers, "weekly": appraisal.weekly, "take-up": appraisal.take_up, **drawn}
    for name, table in tables.items():
        _write(table, folder / name)
    (folder / "scenario.yaml").write_text(appraisal.scenario.to_yaml(), encoding="utf-8", newline="\n")
    write_json(folder / MANIFEST, content | {"rows": {name: len(table) for name, table in tables.items()}})


def uncertainty_tables(appraisal: Appraisal) -> dict[str, pd.DataFrame]:
    """Return the tables of the draws, where there are any."""
    found = appraisal.uncertainty
    if found is None:
        return {}
    return {
        "draws": found.draws,
        "draw-inputs": found.inputs,
        "ranking": found.ranking,
        "laws": found.laws,
        "switching": found.switching,
    }


def _equalised(found: Equalised) -> dict[str, Any]:
    return {
        "arm": found.arm,
        "wanted_gbp": found.budget,
        "tolerance": TOLERANCE,
        "pilots": PILOTS,
        "cost_before_gbp": found.before,
        "cost_in_pilots_gbp": found.cost,
        "verdict": found.verdict,
        "changed": [change._asdict() for change in found.changed],
    }


def _draws(found: Uncertainty | None) -> dict[str, Any] | None:
    """Return how draws were made; None without any."""
    if found is None:
        return None
    sample = found.sample
    return {
        "asked": found.asked,
        "counted": found.counted,
        "replicates": found.replicates,
        "failed": list(found.failed),
        "points_left_aside_as_impossible": sample.impossible,
        "laws_of_learning": {name: list(levels) for name, levels in GRID.items()},
        "held": list(sample.held),
        "inputs": [
            {"name": f.name, "low": f.low, "high": f.high, "log": f.log, "choices": list(f.choices)}
            for f in sample.factors
        ],
        "sd_year_value_gbp": found.worth,
    }


def _write(table: pd.DataFrame, stem: Path) -> None:
    table.to_parquet(stem.with_suffix(".parquet"), index=False)
    for_spreadsheets(table).to_csv(stem.with_suffix(".csv"), index=False, lineterminator="\n")


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row as JSON has it: null for what is not defined."""
    return {
        str(key): None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()
    }
