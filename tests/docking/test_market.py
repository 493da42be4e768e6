"""Product and twin agree on a market of spaces: who founds, who closes, who hears of it, and every penny."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from tests.docking.harness import DockingError, dock, pair
from tests.reference.model import PlainModel
from tests.reference.traits import FOUNDED

#: A region with drawn spaces, one with a list of its own, and one without a space.
MARKET = """# Who founds, who closes, and who hears of it?
title: market
extends: tiny
market: mature
burn_in_weeks: 5
spin_up_weeks: 70
regions:
  - {name: drawn, like: other, people: 90, spaces: 3}
  - {name: listed, like: left-behind, people: 60,
     spaces: [{name: small and cheap, desks: 4, price: 40}, {desks: 30}, {price: 310.5 GBP/month}]}
  - {name: empty, like: left-behind, people: 50, spaces: 0}
policies:
  - {name: n, kind: resource_grant, new_spaces: 2, match: 0.4, start: 3, budget: 900000}
  - {name: r, kind: resource_grant, equipment: 5.5, training: 2, desks: 3, match: 0.25, budget: 40000}
  - {name: m, kind: membership_subsidy, share: 0.4, amount: 50, months: 4, budget: 9000, lag: 1}
  - {name: l, kind: voucher, amount: 60, months: 3, budget: 4000, award: lottery, window: 3,
     eligible: {non_members: true}}
  - {name: s, kind: skills_programme, places: 2, place_price: 40, days: 2, budget: 9000}
  - {name: o, kind: resource_grant, new_spaces: 1, match: 0, start: 10, end: 20, budget: 300000,
     eligible: {regions: [empty]}}
"""
SETTINGS: dict[str, object] = {
    "membership.appeal": 2.5,
    "awareness.unprompted": 0.05,
    "turnover.exit": 0.2,
    "space.desks": 14,
    "space.size_by_place": 0.0,
    "space.price_sd": 0.4,
    "space.training_places": 0.2,
    "resource_pool.equipment_hours": 0.5,
    "management.founders": 60.0,
    "management.optimism": 0.6,
    "management.exit": 0.4,
    "management.patience": 12.0,
    "management.capital": 900.0,
    "management.hosted": 0.5,
    "management.price_step": 0.05,
    "schemes.hassle": 50.0,
}
VARIANTS: dict[str, dict[str, object]] = {
    "as declared": {},
    "a new market": {"market": "new"},
    "a growing market": {"market": "growing", "management.growth": 1.0},
    "at once": {"spin_up_weeks": 0},
    "rich, and larger in larger places": {
        "management.other_revenue": 40.0,
        "management.capital": 3000.0,
        "space.size_sd": 1.2,
        "space.size_by_place": 0.35,
        "space.desks": 64,
    },
    "poor": {"management.rent": 60.0, "management.patience": 2.0, "management.optimism": 4.0},
    "crowds of founders": {"management.founders": 1000.0, "management.optimism": 5.0, "management.exit": 0.9},
    "all alike": {"space.size_sd": 0.0, "space.price_sd": 0.0, "management.other_spread": 0.0},
    "lasting tastes": {"membership.persistence": "taste"},
    "plans ahead, one mind": {"schemes.wish": "expected", "membership.dissimilarity": 1.0},
    "close substitutes": {"membership.dissimilarity": 0.1, "schemes.wish": "expected"},
    "all is known": {"mechanisms.awareness": False, "management.founders": 300.0},
    "no management": {"mechanisms.management": False},
}
#: Those with a long spin-up, in which spaces come and go.
LONG = ("as declared", "crowds of founders")


def market(**overrides: object) -> Scenario:
    """Return a lively market of three regions, with policies."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "market.yaml"
        file.write_text(MARKET)
        return load_scenario(file, overrides={**SETTINGS, **overrides}, quiet=True)


def founded(twin: PlainModel) -> list[int]:
    """Return how many spaces that the scenario does not have each region has now."""
    return [sum(m.ordinal >= FOUNDED for m in area.managers) for area in twin.areas]


@pytest.mark.slow
@pytest.mark.parametrize("variant", list(VARIANTS))
def test_docking_of_a_market(variant: str) -> None:
    soon = {} if variant in LONG else {"spin_up_weeks": 39}
    model, twin = pair(market(**soon | VARIANTS[variant]), seed=3)
    dock(model, twin, twin.start + 26)
    if variant == "as declared":
        assert min(founded(twin)) > 0
        assert {posting.purpose for posting in twin.ledger} >= {"rooms", "hosting", "payout", "capital", "policy:n"}


@pytest.mark.slow
def test_docking_of_a_short_market() -> None:
    model, twin = pair(market(burn_in_weeks=1, spin_up_weeks=12), seed=5)
    dock(model, twin, 1 + 12 + 8)
    assert min(founded(twin)) > 0


#: What is changed, and how many times as large it is.
TWIN_FAULTS = {
    "closing": 1.6,
    "staff_scale": 1.6,
    "other_spread": 1.6,
    "founders": 4.0,
    "dissimilarity": 1.6,
    "patience": 1.6,
    "hosted": 1.6,
}


@pytest.mark.slow
@pytest.mark.parametrize("quantity", list(TWIN_FAULTS))
def test_a_fault_in_the_market_of_the_twin_is_named(quantity: str) -> None:
    model, twin = pair(market(burn_in_weeks=1, spin_up_weeks=12), seed=5)
    object.__setattr__(twin.rules, quantity, getattr(twin.rules, quantity) * TWIN_FAULTS[quantity])
    with pytest.raises(DockingError, match=r"week \d+, after \w+"):
        dock(model, twin, 1 + 12 + 26)
