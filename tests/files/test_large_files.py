"""Files that are larger than anybody means: reading stops where that is clear, long before the file ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coworksim.files import space_places
from coworksim.files.errors import MOST, InputError, Problems
from coworksim.files.load import load_scenario
from coworksim.files.region_tables import MOST_BYTES, MOST_CELLS, MOST_ROWS, read_cells
from coworksim.files.yaml_reader import MOST_NODES, parse


def of_a_table(text: str) -> list[str]:
    problems = Problems()
    read_cells(text.encode(), "t.csv", ("a",), ("b",), problems)
    return [str(problem) for problem in problems.listed()]


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["", "ab", '"x"'])
def test_a_line_with_very_many_cells_is_not_read_to_its_end(cell: str) -> None:
    cells = f"{cell}," * ((MOST_BYTES - 100) // (len(cell) + 1))
    at = MOST_CELLS * (len(cell) + 1) + 1
    said = "more than 1,000 cells in a line; write a table with fewer columns"
    assert of_a_table(f"{cells}\na,1\n") == [f"t.csv:1:{at}: {said}"]
    assert of_a_table(f"a,b\n{cells}\n") == [f"t.csv:2:{at}: {said}"]
    assert len(of_a_table("a,b\n" + f"{cells[:9_000]}\n" * 500)) == MOST


def test_a_table_with_very_many_rows_is_not_read_to_its_end() -> None:
    rows = "x\n" * (MOST_BYTES // 2 - 2)
    assert of_a_table(f"a\n{rows}") == [f"t.csv:{MOST_ROWS + 2}:1: more than 20,000 rows; write a smaller table"]
    assert of_a_table(f"a\n{rows[: 2 * MOST_ROWS]}") == []


@pytest.mark.parametrize("row", ["nowhere", ",,,"])
def test_of_a_list_of_spaces_that_is_wrong_throughout_a_hundred_rows_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    asked = []

    def advice(*given: Any) -> str:
        asked.append(given)
        return "write a code"

    monkeypatch.setattr(space_places, "advice", advice)
    (tmp_path / "s.csv").write_text("region,name,desks,price_gbp_month\n" + f"{row}\n" * 9_000, encoding="utf-8")
    if row == "nowhere":
        (tmp_path / "s.csv").write_text("region\n" + f"{row}\n" * 9_000, encoding="utf-8")
    (tmp_path / "s.yaml").write_text("# Q?\nextends: tiny\nregions:\n  spaces: s.csv\n", encoding="utf-8")
    with pytest.raises(InputError) as found:
        load_scenario(tmp_path / "s.yaml")
    assert len(found.value.problems) == MOST
    assert len(asked) <= MOST


SHAPES = {"items": "1,", "aliases": "*a,", "anchors": "&a 1,", "tags": "!a 1,", "empty": "[],", "pairs": "a: 1,"}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_of_400_000_items_is_not_read_to_its_end(shape: str) -> None:
    problems = Problems()
    parse(f"x: [{SHAPES[shape] * 400_000}]\n", "s.yaml", problems)
    assert 0 < len(problems) <= MOST + 1
    told = [str(problem) for problem in problems.listed()]
    assert len(told) == MOST or f"more than {MOST_NODES} keys and values" in told[-1]
