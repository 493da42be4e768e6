"""The table of time and memory by number of workers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.scale import Cost, scale_scenario, table

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_size_is_measured_and_written(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    command = [sys.executable, "-m", "benchmarks.scale", "--sizes", "1000", "--to", str(page)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    cells = [cell.strip() for cell in page.read_text().splitlines()[-1].strip("|").split("|")]
    assert cells[0] == "1,000"
    assert all(float(cell) > 0 for cell in (cells[1], cells[2], cells[4]))


def test_cost_and_memory_are_set_against_other_sizes() -> None:
    small, large = Cost(1_000, 0.078, 10**8, 0.5, 9.0), Cost(10_000, 0.78, 10**8 + 18 * 10**6, 0.5, 9.0)
    lines = table([small, large]).splitlines()
    assert lines[2] == "| 1,000 | 0.08 | 1.000 | 1.00 | 100 |  | 0.500 | 9.0 |"
    assert lines[3] == "| 10,000 | 0.78 | 1.000 | 1.00 | 118 | 2,000 | 0.500 | 9.0 |"


@pytest.mark.parametrize("workers", [1_000, 100_000, 1_000_000])
def test_regions_add_up_and_share_spaces_evenly(workers: int) -> None:
    regions = scale_scenario(workers).regions
    assert sum(region.people or 0 for region in regions) == workers
    assert sum(region.spaces for region in regions) == pytest.approx(workers * 64 / 62_500, rel=0.03)
