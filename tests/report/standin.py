"""A result made of plain arithmetic, for tests of what is done with results."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd

from colearn.observe.columns import CHANNELS
from colearn.quantities.skills import OCCUPATIONS, SKILLS

GAINS = [f"gain_{family}_{channel}_points" for family in ("td", "sc") for channel in CHANNELS]
RATES = {
    "own": 0.03,
    "outside": 0.02,
    "firm": 0.004,
    "employer": 0.015,
    "space_social": 0.03,
    "space_resource": 0.02,
    "decay": -0.01,
}


def standin(regions: dict[str, str] | None = None, *, weeks: int = 156, seed: int = 1, people: int = 60) -> Any:
    """``regions``: name -> flag. One space each; every third person is a member at the end."""
    regions = {"Somewhere": "left-behind"} if regions is None else regions
    scenario = SimpleNamespace(
        name="standin",
        title="A stand-in",
        digest="a" * 64,
        burn_in_weeks=4,
        weeks=weeks,
        seed=seed,
        to_yaml=lambda: "# A stand-in?\n",
    )
    return SimpleNamespace(
        log=None,
        scenario=scenario,
        seed=seed,
        replicate=0,
        seconds=0.5,
        digest="b" * 64,
        series=_series(regions, weeks, people),
        spaces=_spaces(regions, weeks, people),
        workers=_workers(regions, weeks, people),
        ledger=pd.DataFrame(
            {
                "week": [0] * len(regions),
                "payer": [f"workers:{name}" for name in regions],
                "payee": [f"space:{name}/0" for name in regions],
                "purpose": ["membership"] * len(regions),
                "amount_gbp": [36.25] * len(regions),
            }
        ),
        ties=pd.DataFrame({"key_a": [0], "key_b": [1], "strength": [0.75]}),
    )


def _gains(weeks: int, factor: float) -> dict[str, float]:
    return {name: factor * weeks * RATES[name.removesuffix("_points").split("_", 2)[2]] for name in GAINS}


def _series(regions: dict[str, str], weeks: int, people: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "week": week, "date": str(pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week))[:10], "region": name,
                "flag": flag, "status": status, "occupation_group": group, "people": people // 4,
                "members": max(0, int(people // 12 * (1 - math.exp(-week / 30)))),
                "td_points": 45.0 + week / 100, "sc_points": 50.0 + week / 80,
                **_gains(max(0, week), 0.3 + place / 9),
                "income_gbp_week": 400.0, "days_per_member": 3.1, "encounters_per_member": 2.0,
            }
            for week in range(-4, weeks)
            for place, (name, flag) in enumerate(regions.items())
            for status in ("freelancer", "employee")
            for group in ("creative", "other")
        ]
    )  # fmt: skip


def _spaces(regions: dict[str, str], weeks: int, people: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "week": week, "date": "2023-01-02", "region": name, "space": f"{name}/0", "open": True,
                "members": people // 3,
                "desks": 64, "occupancy": 0.5, "price_gbp_month": 150.0, "fees_gbp": 700.0,
                "equipment_hours_used": 30.0, "equipment_hours_offered": 70.4, "encounters": 99,
            }
            for week in range(weeks)
            for name in regions
        ]
    )  # fmt: skip


def _workers(regions: dict[str, str], weeks: int, people: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "key": place << 22 | n, "region": name, "flag": flag, "status": ("freelancer", "employee")[n % 2],
                "occupation": OCCUPATIONS[n % 5], "career_years": float(n % 40), "member": n % 3 == 0,
                "tenure_weeks": n, **dict.fromkeys((f"{name}_points" for name in SKILLS), 50.0),
                **_gains(weeks, (1 if n % 3 == 0 else 0.1) * (1 + place / 2)),
                "income_gbp_week": 400.0, "fees_gbp": 0.0, "encounters": n, "partners_new": n, "outside_contacts": 3.0,
                "ties": n % 7,
            }
            for place, (name, flag) in enumerate(regions.items())
            for n in range(people)
        ]
    )  # fmt: skip
