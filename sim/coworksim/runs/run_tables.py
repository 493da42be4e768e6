"""The runs of a study as one tidy table: where each stands in the design, what became of it, what it gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coworksim.runs.paired_outcomes import WITHOUT, measured
from coworksim.runs.plan import Plan
from coworksim.runs.stored_runs import Stored, digest_of_rows
from coworksim.statistics.factors import DUMMY

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MISSING", "counts", "digest_of", "run_table", "status_counts"]

#: Status of a run of which there is no row yet.
MISSING: Final = "missing"
_FROM_STORE: Final = ("status", "error", "seconds")


def run_table(plan: Plan, stored: Stored) -> pd.DataFrame:
    """Return a row a run of the plan, in order: place in the design, status, values of inputs, outcomes.

    Points that are one run have a row each. An outcome is NaN where the run is not done, or where it is undefined.
    """
    places = pd.DataFrame(
        [(one.run.run_id, one.point, one.arm, one.replicate, one.run.payload["seed"]) for one in plan],
        columns=["run_id", "point", "arm", "replicate", "seed"],
    )
    held = _frame(stored.runs().select(["run_id", *_FROM_STORE])).set_index("run_id")
    found = places.join(held, on="run_id")
    found["status"] = found["status"].fillna(MISSING)
    found["error"] = found["error"].fillna("")
    inputs = _inputs(plan)
    if plan.study.paired:
        return _by_arm(plan, found, stored).join(inputs, on="point")
    values = _outcomes(stored, plan.study.outcomes)
    return found.join(inputs, on="point").join(values, on="run_id")


def _by_arm(plan: Plan, found: pd.DataFrame, stored: Stored) -> pd.DataFrame:
    """Return a row an arm of each run in pairs, but for the arm without policies, which is what others differ from."""
    names = measured(plan.study.outcomes)
    wide = _outcomes(stored, [f"{at} {name}" for at in range(len(plan.study.arms)) for name in names])
    tables = []
    for at, arm in enumerate(plan.study.arms):
        if arm.name != WITHOUT:
            own = wide[[f"{at} {name}" for name in names]].set_axis(list(names), axis="columns")
            tables.append(found.assign(arm=arm.name).join(own, on="run_id"))
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _inputs(plan: Plan) -> pd.DataFrame:
    """Return the values of the inputs by point; what a point leaves alone is as the scenario has it."""
    names = [factor.name for factor in plan.design.factors if factor.name != DUMMY]
    base: Mapping[str, Any] = plan.study.base
    rows = [{**{name: base.get(name) for name in names}, **plan.design.overrides(k)} for k in range(len(plan.design))]
    return pd.DataFrame(rows, index=range(len(rows)), columns=names)


def _outcomes(stored: Stored, names: Sequence[str]) -> pd.DataFrame:
    long = _frame(stored.outcomes().select(["run_id", "outcome", "value"]))
    wide = long.pivot(index="run_id", columns="outcome", values="value")
    return wide.reindex(columns=list(names)).astype("float64")


def counts(runs: pd.DataFrame) -> dict[str, int]:
    """Return how many different runs have each status, ``missing`` among them."""
    unique = runs.drop_duplicates("run_id")["status"].value_counts()
    return {str(status): int(number) for status, number in unique.items()}


def status_counts(plan: Plan, stored: Stored) -> dict[str, int]:
    """Return the same from a folder without its outcomes, which is quick."""
    table = stored.runs()
    held = dict(zip(table["run_id"].to_pylist(), table["status"].to_pylist(), strict=True))
    found: dict[str, int] = {}
    for run_id in dict.fromkeys(one.run.run_id for one in plan):
        status = held.get(run_id, MISSING)
        found[status] = found.get(status, 0) + 1
    return found


def digest_of(runs: pd.DataFrame, stored: Stored) -> str:
    """SHA-256 over what the runs of a plan gave, in order; rows of other sizes in the same folder do not count."""
    import pyarrow as pa

    table = stored.runs().select(["number", "run_id", "digest"])
    wanted = pa.array(runs["run_id"].unique().tolist(), pa.string())
    import pyarrow.compute as pc

    return digest_of_rows(table.filter(pc.is_in(table["run_id"], value_set=wanted)))
