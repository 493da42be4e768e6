"""The inputs of a study that move its outcomes most, beside a report: a table written by hand."""

from __future__ import annotations

import pandas as pd

from coworksim.report.html.studies_beside import Study, sensitivity_table


def index(outcome: str, name: str, value: float, above: bool | None = True, **more: str) -> dict[str, object]:
    return {
        "arm": "scenario",
        "outcome": outcome,
        "input": name,
        "measure": "ST",
        "value": value,
        "low": None,
        "high": None,
        "above": above,
        **more,
    }


def test_inputs_above_the_floor_stand_by_outcome_the_greatest_first() -> None:
    rows = [
        index("y_b", "small", 0.1),
        index("y_b", "great", 0.5),
        index("y_b", "noise", 0.9, above=False),
        index("y_b", "dummy", 0.99),
        index("y_b", "other", 0.7, arm="arm-1"),
        index("y_b", "alone", 0.8, measure="S1"),
        index("y_a", "none", 0.3, above=None),
    ]
    table = sensitivity_table(Study(pd.DataFrame(rows), None))
    assert table is not None
    assert [[cell.plain() for cell in row] for row in table.rows] == [
        ["y b"],
        ["great", "0.5 (no interval)"],
        ["small", "0.1 (no interval)"],
        ["y a"],
        ["no input", "none rises above the noise floor"],
    ]
    assert sensitivity_table(Study(pd.DataFrame(rows)[:0], None)) is None
