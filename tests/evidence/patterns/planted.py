"""Final worker tables with effects of known size, and without any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from coworksim.files.columns import CHANNELS

REGIONS = 12
PEOPLE = 40
WEEKS = 104


def table(
    seed: int = 0,
    *,
    people: int = PEOPLE,
    noise: float = 0.3,
    behind: int = 6,
    effects: Mapping[str, float] | None = None,
    **more: float,
) -> pd.DataFrame:
    """Return users of spaces in 12 regions. Effects (by name, or named) are 0 unless given:

    sc, td: gain an encounter, an hour; sc_behind, td_behind: that much more in left-behind regions; independent_sc,
    independent_td, creative_td, both_td: lead of such people; low, early: change of the share of weeks as a member;
    low_behind: that much more in left-behind regions. Gains in total have the same effects as those in the space.
    """
    e: dict[str, float] = (
        dict.fromkeys(
            (
                "sc",
                "td",
                "sc_behind",
                "td_behind",
                "independent_sc",
                "independent_td",
                "creative_td",
                "both_td",
                "low",
                "early",
                "low_behind",
            ),
            0.0,
        )
        | dict(effects or {})
        | more
    )
    random = np.random.default_rng(seed)
    n = REGIONS * people
    region = np.repeat(np.arange(REGIONS), people)
    flag = region < behind
    met, hours = random.gamma(2.0, 50.0, n), random.gamma(2.0, 20.0, n)
    independent, creative = random.random(n) < 0.5, random.random(n) < 0.6
    income, career = random.lognormal(6.0, 0.5, n), random.uniform(0.0, 30.0, n)
    low = income < pd.Series(income[creative]).groupby(region[creative]).median().to_numpy()[region]
    level = random.normal(0.0, 1.0, REGIONS)[region]
    sc = level + (e["sc"] + e["sc_behind"] * flag) * met + e["independent_sc"] * independent
    td = level + (e["td"] + e["td_behind"] * flag) * hours + e["independent_td"] * independent
    td += e["creative_td"] * creative + e["both_td"] * (creative & independent)
    share = 0.5 + (e["low"] + e["low_behind"] * flag) * low + e["early"] * (career < 5.0) + random.normal(0, 0.05, n)
    columns: dict[str, Any] = {
        "region": [f"r{k:02d}" for k in region],
        "flag": np.where(flag, "left-behind", "other"),
        "status": np.where(independent, "freelancer", "employee"),
        "occupation": np.where(creative, "designer", "other"),
        "days_in_space": 1,
        "encounters": met,
        "equipment_hours": hours,
        "training_hours": 0.0,
        "income_gbp_week": income,
        "career_years": career,
        "entered_week": -5.0,
        "member_weeks": WEEKS * share,
        "partners_new_per_month": random.random(n),
        "partners_outside_contacts": random.random(n),
        "workload": random.random(n),
        "outside_hours": random.random(n),
        **{f"gain_{family}_{channel}_points": np.zeros(n) for family in ("sc", "td") for channel in CHANNELS},
        "gain_sc_space_social_points": sc + random.normal(0, noise, n),
        "gain_td_space_resource_points": td + random.normal(0, noise, n),
    }
    return pd.DataFrame(columns)
