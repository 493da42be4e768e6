"""An appraisal of two arms in four replicates, with numbers written by hand."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from coworksim.appraisal.pooled import FUNNEL, LEVELS_BY_WEEK, Pooled
from coworksim.appraisal.replicate import SERIES
from coworksim.appraisal.result import Appraisal
from coworksim.files.load import load_scenario
from tests.appraisal.worlds import scheme

__all__ = ["COST", "MONTHS", "TINY", "VALUES", "appraisal", "pooled"]

TINY = load_scenario("tiny")
SIDES = [f"{name}_{side}" for name in LEVELS_BY_WEEK for side in ("with", "without")]
COST = [1000.0, 1200.0, 900.0, 1100.0]
MONTHS = [10.0, 12.0, 9.0, 12.0]
VALUES: dict[str, list[float]] = {
    "public_cost_gbp": COST,
    "additional_member_months": MONTHS,
    "td_total_sd_years": [0.5, 0.7, 0.6, 0.4],
    "sc_total_sd_years": [0.1, 0.1, 0.2, 0.2],
    "social_value_gbp": [20.0, 30.0, -40.0, 10.0],
    "recipients": [3.0, 0.0, 0.0, 1.0],
    "aware_people": [8.0, 6.0, 8.0, 6.0],
    "wished_people": [6.0, 5.0, 4.0, 3.0],
    "applied_people": [5.0, 3.0, 2.0, 2.0],
    "awarded_people": [4.0, 2.0, 1.0, 1.0],
    "used_people": [3.0, 1.0, 1.0, 1.0],
    "additional_people": [2.0, 0.0, 1.0, 0.0],
    "displaced_net_member_months": [1.0, 2.0, 3.0, 2.0],
    "last_paid_week": [4.0, 5.0, 4.0, 5.0],
    "underspend_gbp": [1.0, 2.0, 1.0, 2.0],
    "budget_gbp": [10_000.0] * 4,
    "eligible_people": [10.0, 10.0, 10.0, 10.0],
    "support_gbp": [50.0, 60.0, 55.0, 65.0],
    "deadweight_gbp": [10.0, 12.0, 11.0, 13.0],
    "largest_support_gbp": [100.0, 250.0, 90.0, 80.0],
    "price_elasticity": [-0.5, math.nan, -0.7, -0.6],
    "group\tregion\tleft-behind\trecipients": [3.0, 0.0, 0.0, 1.0],
    "group\tregion\tother\trecipients": [1.0, 2.0, 1.0, 3.0],
    "group\tregion\tleft-behind\ttd_point_years": [3.0, 1.0, 1.0, 1.0],
    "group\tregion\tother\ttd_point_years": [1.0, -2.0, 1.0, 3.0],
    "level\tmember_months": [11.0, 13.0, 12.0, 14.0],
    "level\ttd_point_years": [1.0, 2.0, 3.0, 5.0],
    "level\tsc_point_years": [1.0, 2.0, 3.0, 4.0],
}


def series(arm: int) -> pd.DataFrame:
    rows = [
        {"arm": arm, "week": week, "replicate": k, **dict.fromkeys((*SERIES, *SIDES), 10.0 * k + week), **so_far(week)}
        for k in range(4)
        for week in range(9)
    ]
    return pd.DataFrame(rows)


def so_far(week: int) -> dict[str, float]:
    """Return how many have come how far in each world: one more a week, and at every step two less."""
    return {f"{stage}_so_far": max(0.0, 6.0 + week - 2.0 * step) for step, stage in enumerate(FUNNEL)}


def appraisal(**changes: Any) -> Appraisal:
    return pooled(**changes).appraisal


def pooled(**changes: Any) -> Pooled:
    said: dict[str, Any] = {
        "values": {"half": VALUES, "all": {**VALUES, "largest_support_gbp": [0.0] * 4}},
        "without": {
            "member_months": [10.0, 12.0, 11.0, 13.0],
            "td_point_years": [1.0, 2.0, 3.0, 4.0],
            "sc_point_years": [2.0, 2.0, 2.0, 2.0],
        },
        "series": pd.concat([series(0), series(1)], ignore_index=True),
    }
    said |= {"arms": {"half": [scheme()], "all": [scheme(name="all")]}, **changes}
    return Pooled(TINY, 1, replicates=4, **said)
