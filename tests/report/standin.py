"""A result made of plain arithmetic, for tests of what is done with results."""

from __future__ import annotations

import math

import pandas as pd

from coworksim.files.columns import CHANNELS
from coworksim.files.load import load_scenario
from coworksim.model.parameters.skills import OCCUPATIONS, SKILLS, STATUSES
from coworksim.runs.simulation import Result
from tests.appraisal.worlds import scheme

GAINS = [f"gain_{family}_{channel}_points" for family in ("sc", "td") for channel in CHANNELS]
RATES = {
    "own": 0.03,
    "outside": 0.02,
    "firm": 0.004,
    "employer": 0.015,
    "space_social": 0.03,
    "space_resource": 0.02,
    "decay": -0.01,
}
#: Who pays how much a week for the space of a region.
PAYMENTS = {"membership": 500.0, "sponsorship": 150.0, "support:Vouchers": 50.0}


def standin(
    regions: dict[str, str] | None = None,
    *,
    weeks: int = 156,
    seed: int = 1,
    people: int = 60,
    spare: range = range(0),
    closes: int = 10_000,
) -> Result:
    """``regions``: name -> flag. Every third person is a member at the end.

    One space each, open until the week ``closes``, and a spare one that is open in the weeks ``spare``.
    """
    regions = {"Somewhere": "left-behind"} if regions is None else regions
    vouchers = scheme(name="Vouchers", kind="voucher", share=None, amount=6000)
    frame = {"name": "standin", "title": "A stand-in", "burn_in_weeks": 4, "weeks": weeks, "seed": seed}
    scenario = load_scenario("tiny").model_copy(update={**frame, "policies": (vouchers,)})
    made = Result(scenario, seed, 0, 0.5)
    made.__dict__.update(
        events=None,
        awarded=(7,),
        digest="b" * 64,
        series=_series(regions, weeks, people),
        spaces=_spaces(regions, weeks, people, (range(closes), spare)),
        workers=_workers(regions, weeks, people),
        ledger=_ledger(regions, weeks),
        ties=pd.DataFrame({"key_a": [0], "key_b": [1], "weight": [0.75]}),
        regions=pd.DataFrame([{**_place(name), "flag": flag} for name, flag in regions.items()]),
        space_list=_space_list(regions),
    )
    return made


def _gains(weeks: int, factor: float) -> dict[str, float]:
    return {name: factor * weeks * RATES[name.removesuffix("_points").split("_", 2)[2]] for name in GAINS}


def _place(name: str) -> dict[str, str]:
    return {"region": name, "region_code": f"TL{len(name):03}"}


def _space(place: int, name: str, space: int) -> dict[str, object]:
    named = {"space": space, "space_name": f"The Works {space}"}
    return {"space_key": place << 22 | space, **_place(name), **named}


def _space_list(regions: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {**_space(place, name, space), "account": f"space:{name}/{space}", "from_start": space == 0, "desks": 64}
            for place, name in enumerate(regions)
            for space in range(2)
        ]
    )


def _series(regions: dict[str, str], weeks: int, people: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "week": week,
                "date": pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=week),
                **_place(name),
                "flag": flag,
                "status": status,
                "occupation_group": group,
                "people": people // 10,
                "members": max(0, int(people // 30 * (1 - math.exp(-week / 30)))),
                "sc_points": 50.0 + week / 80,
                "td_points": 45.0 + week / 100,
                **_gains(max(0, week), 0.3 + place / 9),
                "income_gbp_week": 400.0,
                "days_per_member": 3.1,
                "encounters_per_member": 2.0,
                "contacts_outside_per_person": 0.6,
                "tool_users": people // 20,
            }
            for week in range(-4, weeks)
            for place, (name, flag) in enumerate(regions.items())
            for status in STATUSES
            for group in ("creative", "other")
        ]
    )


def _spaces(regions: dict[str, str], weeks: int, people: int, open_in: tuple[range, range]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "week": week,
                "date": pd.Timestamp("2023-01-02"),
                **_space(place, name, space),
                "open": week in when,
                "members": people // 3 if week in when else 0,
                "desks": 64,
                "occupancy": 0.5 if week in when else 0.0,
                "desk_days_turned_away": 0,
                "price_gbp_month": 150.0,
                "fees_gbp": 700.0 if space == 0 else 0.0,
                "result_gbp": 20.0,
                "cash_gbp": 1000.0,
                "equipment_hours_used": 30.0,
                "equipment_hours_offered": 70.4,
                "training_places_used": 1,
                "training_places_offered": 4,
                "training_places_turned_away": 0,
                "events": 1,
                "groups": 0,
                "encounters": 99,
            }
            for week in range(weeks)
            for place, name in enumerate(regions)
            for space, when in enumerate(open_in)
        ]
    )


def _workers(regions: dict[str, str], weeks: int, people: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "key": place << 22 | n << 6,
                **_place(name),
                "flag": flag,
                "status": STATUSES[n % 5],
                "occupation": OCCUPATIONS[n // 5 % 5],
                "career_years": float(n % 40),
                "entered_week": -4,
                "uses_tools": n % 2 == 0,
                "member": n % 3 == 0,
                "space_key": place << 22 if n % 3 == 0 else -1,
                "plan": "hot" if n % 3 == 0 else "none",
                "tenure_weeks": n,
                "member_weeks": n,
                "days_in_space": n,
                **dict.fromkeys((f"{name}_points" for name in SKILLS), 50.0),
                **_gains(weeks, (1 if n % 3 == 0 else 0.1) * (1 + place / 2)),
                "income_gbp_week": 400.0,
                "earned_gbp": 0.0,
                "fees_gbp": 0.0,
                "supported_gbp": 0.0,
                "equipment_hours": 0.0,
                "training_hours": 0.0,
                "outside_hours": 0.0,
                "course_hours": 0.0,
                "encounters": n,
                "encounters_outside": n,
                "partners_new": n,
                "partners_new_per_month": 1.0,
                "outside_contacts": 3.0,
                "partners_outside_contacts": 3.0,
                "workload": 1.0,
                "ties": n % 7,
            }
            for place, (name, flag) in enumerate(regions.items())
            for n in range(people)
        ]
    )


def _ledger(regions: dict[str, str], weeks: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"week": week, "payer": "somebody", "payee": f"space:{name}/0", "purpose": what, "amount_gbp": amount}
            | {**_place(name), "space_key": place << 22}
            for week in range(weeks)
            for place, name in enumerate(regions)
            for what, amount in PAYMENTS.items()
        ]
    )
