"""Surveys on disk: answers, coefficients, true slopes and power as CSV and Parquet, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.observe.columns import note
from colearn.observe.folders import MANIFEST, write_json
from colearn.observe.provenance import environment
from colearn.observe.saving import for_spreadsheets
from colearn.observe.survey.design import FORMS, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from colearn.experiments.surveys import Surveys

__all__ = ["LIMITS", "about", "plain", "write_surveys"]

#: What a reader must know.
LIMITS: Final = (
    "slopes are associations among those who answered; the true slopes beside them come from randomised trials in "
    "copies of the same worlds",
    "development, scales and months as a member are in standard deviations of the respondents",
    "intervals are robust to regions (CR2, Satterthwaite); p_permutation permutes the flag over regions",
    "the flag is a rule of this project; both its variants are fitted",
    "which questions were asked in the original is known from its report only; items stand for them",
)


def about(surveys: Surveys, command: Sequence[str] = ()) -> dict[str, Any]:
    """Return where surveys come from and how they are to be read."""
    scenario = surveys.scenario
    return {
        "command": list(command),
        "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
        "seed": surveys.seed,
        "replicates": surveys.replicates,
        "failed": list(surveys.failed),
        "digest": surveys.held.digest,
        "outcomes": OUTCOMES,
        "forms": FORMS,
        "read_this": list(LIMITS),
        "environment": environment(),
        "about": "Surveys of simulated people, not of real ones.",
    }


def write_surveys(surveys: Surveys, folder: Path, *, command: Sequence[str] = ()) -> None:
    """Write the tables, scenario and manifest into ``folder``, which exists."""
    tables = {
        "respondents": surveys.respondents, "coefficients": surveys.coefficients, "true-slopes": surveys.slopes,
        "power": surveys.power,
    }  # fmt: skip
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
        for_spreadsheets(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    (folder / "scenario.yaml").write_text(surveys.scenario.to_yaml(), encoding="utf-8", newline="\n")
    columns = {str(column): note(str(column)) for column in surveys.respondents.columns}
    rows = {name: len(table) for name, table in tables.items()}
    write_json(folder / MANIFEST, about(surveys, command) | {"columns": {"respondents": columns}, "rows": rows})


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them: null for what is not defined."""
    return [
        {
            str(name): None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]
