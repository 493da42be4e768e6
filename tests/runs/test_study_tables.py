"""Tables of a study are whole: others analyse the runs from them, inputs and dummy included, and read every part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from SALib.analyze import morris, sobol

from coworksim import run_study
from coworksim.report.study_files import export_runs, write_study
from coworksim.runs.engines import Inline
from coworksim.runs.run import Found
from coworksim.runs.store import RunStore
from coworksim.runs.study_run import Study
from coworksim.statistics.factors import DUMMY
from tests.runs.functions import RANGES, ishigami, sobol_g, study

read_all: Any = pd.read_parquet  # its stubs know of one file only
SMALL = {"morris": 8, "sobol": 64}


def counted(payload: Mapping[str, Any]) -> Found:
    """Count what a run sets."""
    return {"members_at_end": float(len(payload["overrides"]))}


def _found(folder: Path, method: str) -> Study:
    (folder / "study.yaml").write_text(study(method, SMALL[method]), encoding="utf-8")
    return run_study(folder / "study.yaml", folder / "runs", executor=Inline, measure=sobol_g)


def _problem(table: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame]:
    """Describe the inputs of an exported table as SALib wants them: names in order, and their ranges."""
    names = [name for name in table.columns if name in RANGES or name == DUMMY]
    bounds = [list(RANGES.get(name, (0.0, 1.0))) for name in names]
    return {"num_vars": len(names), "names": [f"x{k}" for k in range(len(names))], "bounds": bounds}, table[names]


@pytest.mark.parametrize("method", SMALL)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_salib_finds_in_an_export_what_the_study_finds(tmp_path: Path, method: str, form: str) -> None:
    found = _found(tmp_path, method)
    file = tmp_path / f"runs.{form}"
    assert export_runs(found, file) == len(found.runs)
    table = pd.read_csv(file) if form == "csv" else pd.read_parquet(file)
    problem, inputs = _problem(table)
    assert list(inputs.columns)[-1] == DUMMY
    values = table["members_at_end"].to_numpy()
    unit = (inputs.to_numpy() - np.array(problem["bounds"])[:, 0]) / np.ptp(problem["bounds"], axis=1)
    if method == "sobol":
        told = sobol.analyze(problem, values, calc_second_order=False, seed=2)["ST"]
    else:
        told = morris.analyze(problem | {"groups": None}, unit, values, num_levels=4, seed=2)["mu_star"]
    own = found.analyses["scenario"].table
    own = own[own["measure"] == ("ST" if method == "sobol" else "mu_star")]
    assert own["value"].tolist() == pytest.approx(list(told), rel=1e-9)


def test_every_part_has_a_column_for_each_input_with_the_value_that_was_run(tmp_path: Path) -> None:
    text = study("one_at_a_time", 3, inputs=1)
    text = text.replace(
        "vary:\n",
        "vary:\n  - awareness.at_opening: 0.1..0.9\n  - membership.money\n  - space.desks: 8..40\n",
        1,
    )
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    folder = tmp_path / "runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coworksim.runs.study_run.RunStore", partial(RunStore, part_runs=3))
        found = run_study(tmp_path / "study.yaml", folder, executor=Inline, measure=counted)
    files = sorted(folder.glob("runs/*.parquet"))
    assert len(files) > 2
    assert len({str(pq.read_schema(file)) for file in files}) == 1
    table = pd.read_parquet(folder / "runs").set_index("run_id")
    wanted = found.runs.drop_duplicates("run_id").set_index("run_id").loc[table.index]
    text = str(pd.Series(["x"]).dtype)  # of pandas 2 it is an object
    assert {str(table[name].dtype) for name in found.study.inputs} == {"float64", "int64", text}
    for name in found.study.inputs:
        assert table[name].tolist() == wanted[name].tolist(), name
    read = pl.read_parquet(f"{folder}/runs/*.parquet")
    assert read["awareness.at_opening"].n_unique() > 1
    with duckdb.connect() as duck:
        joined = f"'{folder}/outcomes/*.parquet' JOIN '{folder}/runs/*.parquet' USING (run_id)"
        means = duck.sql(f'SELECT "membership.churn", avg(value) FROM {joined} GROUP BY 1').fetchall()
    assert len(means) == table["membership.churn"].nunique()


def test_an_analysis_has_the_same_types_whatever_it_found(tmp_path: Path) -> None:
    """With two blocks the dummy has a level; without one the column that compares with it is empty."""
    types = []
    for name, dummy in (("one", ""), ("other", "dummy: false\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "study.yaml").write_text(study("morris", 4) + dummy, encoding="utf-8")
        found = run_study(tmp_path / name / "study.yaml", tmp_path / name / "runs", executor=Inline, measure=ishigami)
        folder = write_study(found, tmp_path / name / "analysis", png=False)
        types.append({table: pq.read_schema(folder / f"{table}.parquet") for table in ("indices", "outcomes")})
    assert types[0] == types[1]
    files = [tmp_path / name / "analysis" / "indices.parquet" for name in ("one", "other")]
    assert len(read_all(files)) == sum(pq.read_metadata(file).num_rows for file in files)
