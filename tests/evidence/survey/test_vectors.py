"""The regression against clubSandwich (CR2, Satterthwaite) and lme4 (singular fits too), by numbers that R gave.

``vectors.R`` says how they were made. What is random is the table, by a seed; R read it with all its digits.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.survey.regression import designs
from coworksim.statistics.cluster_models import ClusteredDesign, least_squares, mixed_model
from coworksim.statistics.intervals import two_sided
from tests.evidence.survey.synthetic import respondents

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
#: Name -> seed and how much slopes differ by region. The last has few regions.
TABLES = {"plain": (1, 0.1), "singular_space": (11, 0.1), "singular_slope": (5, 0.0), "few_regions": (3, 0.3)}


def design(name: str) -> ClusteredDesign:
    seed, slopes = TABLES[name]
    table = respondents(seed, slopes=slopes)
    if name == "few_regions":
        table = table[table["region"].isin([f"r{k:02d}" for k in (0, 1, 2, 20, 21, 22, 23)])]
        table = table.assign(region=table["region"].cat.remove_unused_categories())
    return designs(table, ["td_space"], "flag", "direct")["td_space"]


@pytest.mark.parametrize("name", TABLES)
def test_cr2_and_satterthwaite_are_those_of_clubsandwich(name: str) -> None:
    d, known = design(name), VECTORS[name]
    found = least_squares(d.x, d.y, d.first_cluster)
    assert found.estimate == pytest.approx(known["estimate"], rel=1e-8, abs=1e-10)
    assert found.error == pytest.approx(known["error"], rel=1e-8)
    assert found.freedom == pytest.approx(known["freedom"], rel=1e-6)
    p = [
        two_sided(float(t), float(freedom))
        for t, freedom in zip(found.estimate / found.error, found.freedom, strict=True)
    ]
    assert p == pytest.approx(known["p"], rel=1e-5)


@pytest.mark.parametrize("name", TABLES)
def test_the_mixed_model_is_that_of_lme4(name: str) -> None:
    d, known = design(name), VECTORS[name]
    found = mixed_model(d)
    assert found.estimate == pytest.approx(known["mixed_estimate"], abs=2e-4)
    assert found.error == pytest.approx(known["mixed_error"], rel=2e-3)
    assert [*found.components, found.residual_sd] == pytest.approx(known["components"], abs=2e-3)
    assert (min(found.components) < 1e-3) == known["singular"]


def test_both_kinds_of_fit_are_there() -> None:
    assert {VECTORS[name]["singular"] for name in TABLES} == {True, False}


def write(folder: Path) -> None:
    """Write the tables that R reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        d = design(name)
        region = np.searchsorted(d.first_cluster, np.arange(len(d.y)), side="right")
        space = np.searchsorted(d.first_group, np.arange(len(d.y)), side="right")
        columns = dict(zip([term.replace(":", "_x_") for term in d.terms], d.x.T, strict=True))
        table = pd.DataFrame({"y": d.y, "region": region, "space": space, **columns})
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.17g")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
