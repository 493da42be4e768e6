"""Who can feel a change: nobody when it does nothing, else only those who can be reached from it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from coworksim import Result, Scenario, load_scenario, simulate
from coworksim.model.state.people import Population
from tests.worlds import BUSY, alone, busy

IDLE = {
    "gives nothing": "{name: x, kind: membership_subsidy, share: 0, amount: 0 GBP/month, months: 6, budget: 1000 GBP}",
    "starts after the end": "{name: x, kind: voucher, amount: 50 GBP/month, months: 6, start: 500, budget: 1000 GBP}",
    "has no budget": "{name: x, kind: voucher, amount: 50 GBP/month, months: 6, budget: 0 GBP}",
    "is for nobody": "{name: x, kind: voucher, amount: 50 GBP/month, months: 6, budget: 1000 GBP,"
    " eligible: {income_below: 0.01 GBP/week}}",
}


def with_policies(tmp_path: Path, policies: str) -> Scenario:
    file = tmp_path / "case.yaml"
    file.write_text(f"# What changes?\ntitle: case\nextends: tiny\npolicies:\n  - {policies}\n")
    return load_scenario(file, overrides=BUSY)


@pytest.mark.parametrize("idle", list(IDLE))
def test_a_policy_that_does_nothing_changes_nothing(tmp_path: Path, idle: str) -> None:
    assert simulate(with_policies(tmp_path, IDLE[idle])).digest == simulate(busy()).digest


def test_a_policy_that_does_something_changes_something(tmp_path: Path) -> None:
    """The guard above can fail."""
    real = "{name: x, kind: membership_subsidy, share: 0.5, months: 6, budget: 1000 GBP}"
    settings = {"schemes.hassle": 0.0, "awareness.unprompted": 0.5}
    scenario = with_policies(tmp_path, real)
    active = load_scenario(tmp_path / "case.yaml", overrides={**BUSY, **settings})
    assert scenario.policies
    assert simulate(active).digest != simulate(busy(**settings)).digest


def town(people: int, **overrides: object) -> Scenario:
    settings: dict[str, object] = {
        "burn_in_weeks": 0,
        "weeks": 20,
        "environment.catchment": float(people),
        "environment.differences": "none",
        "space.desks": 40,
        "awareness.at_opening": 0.9,
        "membership.appeal": 3.0,
        "graph.degree": 0,  # one person more is another ring of acquaintances for the whole region
        "mechanisms.turnover": False,  # newcomers copy the region's use of tools
        "income.own_expansion": 1.0,  # nobody takes projects from anybody
    }
    return alone(**{**settings, **overrides})


def differing(one: Result, other: Result) -> NDArray[np.int64]:
    """Return the keys of those in both worlds of whom anything differs."""
    a, b = one.model.world.workers, other.model.world.workers
    n = min(len(a), len(b))
    differs = np.zeros(n, np.bool_)
    for column in dataclasses.fields(Population):
        x, y = getattr(a, column.name)[:n], getattr(b, column.name)[:n]
        differs |= (x != y).reshape(n, -1).any(axis=1)
    return a.key[:n][differs].astype(np.int64)


def test_a_person_without_contacts_outside_every_quota_changes_nobody() -> None:
    """The last of 301 people meets nobody outside and never joins: 300 others live bit for bit the same life.

    Nobody knows anybody at the start (graph.degree 0): acquaintances are contacts, and those of a region are drawn
    over all its people at once, so that one person more gives others other acquaintances.
    """
    alone = {"encounters.outside": 0.0, "encounters.colleagues": 0.0, "encounters.visitors": 0.0}
    seed = next(
        seed
        for seed in range(40)
        if (w := simulate(town(301, **alone), seed=seed).model.world.workers).member_weeks[-1] == 0
        and (w.member_of >= 0).sum() > 20
    )
    without, with_one = (simulate(town(people, **alone), seed=seed) for people in (300, 301))
    assert differing(without, with_one).tolist() == []
    assert without.ledger.query("purpose == 'membership'").equals(with_one.ledger.query("purpose == 'membership'"))


def reachable(start: int, logs: list[pd.DataFrame]) -> set[int]:
    """Return whom news from ``start`` can have reached, week by week, through the encounters of any of the logs."""
    meetings = pd.concat([log[log["other"] > 0] for log in logs]).sort_values("week", kind="stable")
    found = {start}
    for _, week in meetings.groupby("week"):
        pairs = list(zip(week["key"], week["other"], strict=True))
        before = -1
        while before != len(found):  # within a week, in any order
            before = len(found)
            for a, b in pairs:
                if a in found or b in found:
                    found |= {a, b}
    return found


def test_a_person_with_contacts_changes_only_those_who_can_be_reached() -> None:
    """Before spaces open, news travels by encounters only; the log of both worlds says how far.

    Here too nobody knows anybody at the start: the log of encounters would not say whom acquaintances reach.
    """
    quiet = {"burn_in_weeks": 6, "weeks": 1, "encounters.outside": 0.15, "encounters.colleagues": 0.1}
    changed = 0
    for seed in range(6):
        without, with_one = (simulate(town(n, **quiet), seed=seed, events=True) for n in (600, 601))
        added = int(with_one.model.world.workers.key[-1])
        logs = [result.events for result in (without, with_one) if result.events is not None]
        closure = reachable(added, logs)
        assert set(differing(without, with_one).tolist()) <= closure
        assert len(closure) < 300
        changed += len(differing(without, with_one))
    assert changed > 0
