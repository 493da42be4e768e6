"""Comparisons made of plain numbers, for tests of what a report says about them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from coworksim.appraisal.appraisal_folder import DRAWN, by_replicate
from coworksim.appraisal.measure_registry import COSTS, EFFECTS, SHARES, TERMS, term
from coworksim.appraisal.replicate import SERIES
from coworksim.appraisal.result import Appraisal
from coworksim.files.load import load_scenario
from coworksim.model.parameters.skills import GROUPS
from coworksim.model.policy import Policy
from coworksim.report.sentences.policies_and_terms import CHANNELS

type Numbers = Callable[[str, str], tuple[float | None, float | None, float | None]]

POLICY: dict[str, Any] = {
    "name": "Half",
    "kind": "membership_subsidy",
    "share": 0.5,
    "amount": None,
    "months": 12,
    "start": 0,
    "end": 26,
    "budget": 1_000_000,
    "number": None,
    "award": "first-come",
    "window": 0,
    "lag": 4,
    "redeem": 13,
    "eligible": {
        "career_below": 5.0,
        "career_from": None,
        "income_below": None,
        "occupations": [],
        "statuses": ["freelancer"],
        "regions": [],
        "non_members": True,
    },
}


def plain(arm: str, name: str) -> tuple[float | None, float | None, float | None]:
    """Return a number that is clearly above zero, another for each name."""
    value = 1.0 + sum(map(ord, arm + name)) % 97
    return value, 0.8 * value, 1.2 * value


def names() -> list[str]:
    """Return every number of an appraisal by its name, those of tables too."""
    found = [*TERMS, *SHARES]
    found += [f"{cost.removesuffix('_gbp')}_per_{effect}" for cost in COSTS for effect in EFFECTS]
    found += [
        "net_benefit_td_total",
        "net_benefit_sc_total",
        "net_benefit_skill_total",
        "balance | treasury",
        "balance | space",
    ]
    found += [f"{key} | {year}" for key in ("outturn", "committed") for year in ("2022-23", "2023-24")]
    for dimension, groups in GROUPS.items():
        for group in groups:
            measures = ("people", "recipients", "support_gbp", "td_point_years", "sc_point_years", "earned_gbp")
            found += [f"{kind} | {dimension} | {group} | {m}" for kind in ("group", "share") for m in measures]
    for family in ("td", "sc"):
        found += [f"channel | {family} | {c} | {side}" for c in CHANNELS for side in ("with", "without", "change")]
    return found


def unit(name: str) -> tuple[str, str]:
    """Return part and unit of a number."""
    if "_per_" in name:
        return "cost-effectiveness", EFFECTS[name.split("_per_")[1]]
    if name in SHARES or name.startswith("share | "):
        return "shares", "share"
    if name.startswith("net_benefit"):
        return "cost-effectiveness", "GBP"
    found = term(name.replace(" | ", "\t"))
    return found.part, found.unit


def made(
    arms: tuple[str, ...] = ("half",),
    numbers: Numbers = plain,
    *,
    replicates: int = 5,
    reason: str = "",
    about: Mapping[str, Any] | None = None,
    tables: bool = True,
    title: str = "A small world",
) -> Appraisal:
    """Return a comparison in which ``numbers(arm, name)`` gives value, low and high of each number."""
    rows = []
    for arm in arms:
        for name in names():
            value, low, high = numbers(arm, name)
            part, shown = unit(name)
            rows.append(
                {
                    "arm": arm,
                    "part": part,
                    "term": name,
                    "unit": shown,
                    "value": value,
                    "low": low,
                    "high": high,
                    "n": replicates,
                    "reason": "" if value is not None else reason or "there is no such thing at all",
                    "meaning": "a number",
                }
            )
    said = dict(about or {})
    drawn: dict[str, pd.DataFrame] = {name: pd.DataFrame(said.pop(name)) for name in DRAWN if name in said}
    for table in drawn.values():
        columns = [name for name in ("value", "low", "high", "sd_year_value_gbp") if name in table]
        table[columns] = table[columns].astype(float)
    read = _tables(arms, replicates, tables)
    scenario = load_scenario("tiny").model_copy(update={"title": title, "question": "Who gains?"})
    found = Appraisal(
        scenario,
        7,
        {arm: (Policy.model_validate(POLICY),) for arm in arms},
        replicates,
        pd.DataFrame(rows).astype(dict.fromkeys(("value", "low", "high"), float)),
        {**read, **drawn},
        by_replicate(read),
        origin={"command": ["coworksim", "compare", "tiny"], "environment": {"python": "3"}, "read_this": ["a line"]}
        | {"scenario": {"digest": "a" * 64}, "not_monetised": ["well-being"], "price_year": 2022},
    )
    return replace(found, **said)


def _tables(arms: tuple[str, ...], replicates: int, every: bool) -> dict[str, pd.DataFrame]:
    weeks = range(26)
    weekly = pd.DataFrame(
        [
            {
                "arm": arm,
                "week": w,
                "measure": m,
                "unit": u,
                "mean": w / 3,
                "low": w / 4,
                "high": w / 2,
                "q10": w / 5,
                "q90": w / 1.5,
                "n": replicates,
            }
            for arm in arms
            for w in weeks
            for m, u in SERIES.items()
        ]
    )
    if not every:
        return {"weekly": weekly}
    values = pd.DataFrame(
        [
            {"arm": arm, "replicate": k, "term": name, "unit": term(name).unit, "value": 10.0 + math.sin(at + k)}
            for at, arm in enumerate(arms)
            for k in range(replicates)
            for name in (*EFFECTS, *COSTS)
        ]
    )
    levels = pd.DataFrame(
        [
            {
                "arm": world,
                "week": w,
                "measure": m,
                "unit": "points",
                "mean": 50 + w / 9,
                "low": 49,
                "high": 54,
                "q10": 48,
                "q90": 56,
                "n": replicates,
            }
            for world in ("without", *arms)
            for w in weeks
            for m in ("members", "td", "sc")
        ]
    )
    return {"weekly": weekly, "replicates": values, "levels": levels}
