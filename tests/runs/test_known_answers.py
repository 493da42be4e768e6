"""Known indices come out of the whole path: study file, design, runner, store, analysis."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from coworksim import run_study
from coworksim.runs.engines import Inline
from coworksim.runs.run import Measure
from tests.runs.functions import RANGES, ishigami, noisy, sobol_g, study


def indices(folder: Path, work: Measure, text: str, *, pool: bool = False) -> pd.DataFrame:
    """Return S1 and ST by input, with the ends of their intervals and the noise floor."""
    (folder / "known.yaml").write_text(text, encoding="utf-8")
    found = run_study(folder / "known.yaml", folder / "runs", measure=work, executor=None if pool else Inline)
    assert found.complete
    table = found.analyses["scenario"].table
    return table.pivot(index="input", columns="measure", values=["value", "low", "high", "floor", "above"])


def check(found: pd.DataFrame, measure: str, known: dict[str, float], within: float) -> None:
    for name, value in known.items():
        assert found.loc[name, ("value", measure)] == pytest.approx(value, abs=within), (name, measure)


@pytest.mark.slow
def test_ishigami_by_two_processes(tmp_path: Path) -> None:
    found = indices(tmp_path, ishigami, study(size=1024), pool=True)
    known = {"S1": (0.3139, 0.4424, 0.0, 0.0, 0.0), "ST": (0.5576, 0.4424, 0.2437, 0.0, 0.0)}
    for measure, values in known.items():
        check(found, measure, dict(zip([*RANGES, "dummy"], values, strict=True)), within=0.06)
    assert found.loc["membership.distance_weight", ("value", "ST")] == 0.0  # it does nothing, and there is no chance


@pytest.mark.slow
def test_sobol_g(tmp_path: Path) -> None:
    found = indices(tmp_path, sobol_g, study(size=512))
    parts = [1 / (3 * (1 + a) ** 2) for a in (0.0, 1.0, 4.5, 9.0)]
    whole = math.prod(1 + part for part in parts) - 1
    check(found, "S1", {name: part / whole for name, part in zip(RANGES, parts, strict=True)}, within=0.05)
    total = {
        name: part * math.prod(1 + other for other in parts if other != part) / whole
        for name, part in zip(RANGES, parts, strict=True)
    }
    check(found, "ST", total, within=0.05)


@pytest.mark.slow
def test_an_input_that_only_deals_chance_anew_stays_at_the_noise_floor(tmp_path: Path) -> None:
    """It has an index far from 0, as SALib alone would print; so has the dummy, and by that it is known."""
    found = indices(tmp_path, noisy, study(size=256, inputs=3, replicates=2))
    inert, dummy = found.loc["membership.crowding_weight"], found.loc["dummy"]
    variance = (4 + 1 + 1 / 2) / 12
    assert inert[("value", "ST")] == pytest.approx(1 / 24 / variance, abs=0.03)
    assert inert[("value", "ST")] == pytest.approx(dummy[("value", "ST")], abs=0.03)
    assert inert[("value", "ST")] > 0.05
    assert inert[("above", "ST")] is False
    assert found.loc["membership.churn", ("above", "ST")] is True
    assert found.loc["membership.elasticity", ("above", "ST")] is True
