"""An appraisal on disk: every number as JSON, CSV and Parquet, the weekly series, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from colearn.appraisal.intervals import COVERS
from colearn.appraisal.money import NOT_MONETISED
from colearn.observe.folders import MANIFEST, write_json
from colearn.observe.provenance import environment
from colearn.observe.saving import for_spreadsheets

if TYPE_CHECKING:
    import pandas as pd

    from colearn.appraisal.results import Appraisal

__all__ = ["LIMITS", "about", "plain", "write_appraisal"]

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
        "environment": environment(),
        "about": "Replicates of a simulation, not a forecast.",
    }


def write_appraisal(appraisal: Appraisal, folder: Path, *, command: Sequence[str] = ()) -> None:
    """Write ``appraisal.json``, the tables, scenario and manifest into ``folder``, which exists."""
    content = about(appraisal, command)
    numbers = [plain(row) for row in appraisal.numbers.to_dict("records")]
    write_json(folder / "appraisal.json", {**content, "numbers": numbers})
    tables = {"numbers": appraisal.numbers, "weekly": appraisal.weekly, "take-up": appraisal.take_up}
    for name, table in tables.items():
        _write(table, folder / name)
    (folder / "scenario.yaml").write_text(appraisal.scenario.to_yaml(), encoding="utf-8", newline="\n")
    write_json(folder / MANIFEST, content | {"rows": {name: len(table) for name, table in tables.items()}})


def _write(table: pd.DataFrame, stem: Path) -> None:
    table.to_parquet(stem.with_suffix(".parquet"), index=False)
    for_spreadsheets(table).to_csv(stem.with_suffix(".csv"), index=False, lineterminator="\n")


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row as JSON has it: null for what is not defined."""
    return {
        str(key): None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()
    }
