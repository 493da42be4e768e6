"""Small worlds in which much happens: members, encounters, short equipment, ties that fade."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario

#: Spaces of one size and one price.
ALIKE: dict[str, object] = {"space.size_sd": 0.0, "space.size_by_place": 0.0, "space.price_sd": 0.0}
#: Two regions, one space each, that fill within weeks; both rationed desks and rationed equipment occur.
BUSY: dict[str, object] = {
    "weeks": 26,
    "burn_in_weeks": 12,
    "market": "new",
    **ALIKE,
    "membership.appeal": 3.2,
    "awareness.at_opening": 0.9,
    "space.desks": 8,
    "encounters.rate": 3.0,
    "resource_pool.equipment_hours": 0.5,
    "space.training_places": 0.3,
    "turnover.exit": 0.2,
    "income.fee": 620.0,
}


def busy(**overrides: object) -> Scenario:
    """Return the built-in scenario tiny, made busy, with further overrides."""
    return load_scenario("tiny", overrides={**BUSY, **overrides})


ALONE = """# What happens around one space?
title: alone
extends: uk-core
regions:
  - {name: core, like: other, spaces: 1}
"""


def alone(**overrides: object) -> Scenario:
    """Return ``uk-core`` with one space instead of four."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alone.yaml"
        file.write_text(ALONE)
        return load_scenario(file, overrides={"market": "new", **overrides})


def town(people: int, **overrides: object) -> Scenario:
    """Return one region of ``people`` workers around one space with a desk for every tenth."""
    settings = {
        "burn_in_weeks": 12,
        "market": "new",
        **ALIKE,
        "weeks": 52,
        "membership.appeal": 2.5,
        "awareness.at_opening": 0.9,
        "environment.catchment": float(people),
        "environment.differences": "none",
        "space.desks": people // 10,
    }
    return alone(**{**settings, **overrides})


SCHEMES = """# Who takes up support?
title: schemes
extends: tiny
policies:
  - {name: vouchers, kind: voucher, amount: 150 GBP/month, months: 6, start: 2, end: 20, budget: 3000 GBP,
     award: lottery, window: 8, lag: 2, redeem: 6, eligible: {career_below: 30 years, non_members: true}}
  - {name: half price, kind: membership_subsidy, share: 0.5, months: 3, budget: 900 GBP, number: 9, lag: 1, redeem: 3,
     eligible: {statuses: [freelancer, nomad, remote_employee], regions: [left-behind], income_below: 700 GBP/week}}
  - {name: for all, kind: membership_subsidy, share: 0.3, amount: 30 GBP/month, months: 12, start: 1,
     budget: 100000 GBP}
"""


def schemes(**overrides: object) -> Scenario:
    """Return the busy world with a lottery of vouchers, a targeted subsidy that runs dry, and a small one for all."""
    settings = {
        "schemes.hassle": 50.0,
        "awareness.unprompted": 0.2,
        "population.sponsored_share": 0.6,
        "membership.review_weeks": 3,
        "membership.appeal": 3.0,
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "schemes.yaml"
        file.write_text(SCHEMES)
        return load_scenario(file, overrides={**BUSY, **settings, **overrides})


#: A policy of each kind that does something in the busy world, as a file has it.
KINDS: dict[str, str] = {
    "voucher": "{name: v, kind: voucher, amount: 60, months: 6, budget: 2000, lag: 1, award: means, window: 6}",
    "membership_subsidy": "{name: m, kind: membership_subsidy, share: 0.4, amount: 50, months: 4, budget: 3000,"
    " lag: 1}",
    "training_voucher": "{name: t, kind: training_voucher, hours: 2.5, hour_price: 11.11, months: 3, budget: 9000,"
    " lag: 1, curriculum: [creative_coding, generative_ai], eligible: {statuses: [freelancer, owner, employee]}}",
    "equipment_loan": "{name: e, kind: equipment_loan, access: 0.9, loan_price: 61.5, months: 4, budget: 5000, lag: 0,"
    " award: lottery, window: 2}",
    "resource_grant": "{name: r, kind: resource_grant, equipment: 5.5, training: 2, desks: 3, match: 0.25,"
    " budget: 12000}",
    "community_grant": "{name: c, kind: community_grant, hours: 11, hour_price: 19.99, end: 15, budget: 4000}",
    "cluster_programme": "{name: f, kind: cluster_programme, region_cost: 700, density: 2.5, visitors: 3, demand: 1.4,"
    " start: 2, budget: 20000, eligible: {regions: [left-behind]}}",
    "awareness_campaign": "{name: w, kind: awareness_campaign, region_cost: 55.55, hear_spaces: 0.3, hear_schemes: 0.3,"
    " assistance: 3, budget: 1500}",
    "skills_programme": "{name: s, kind: skills_programme, places: 2, place_price: 40, days: 2, budget: 3000,"
    " curriculum: [design_software]}",
}
#: Policies of the same kinds in another form.
OTHERS: dict[str, str] = {
    "new spaces": "{name: n, kind: resource_grant, new_spaces: 1, match: 0.4, budget: 150000}",
    "places outside": "{name: o, kind: skills_programme, places: 3, place_price: 35.5, where: outside, budget: 2500}",
}


def with_policies(policies: Sequence[str], **overrides: object) -> Scenario:
    """Return the busy world with policies, each as a file has it; word of them spreads fast, and applying is easy."""
    settings = {
        "schemes.hassle": 40.0,
        "awareness.unprompted": 0.2,
        "population.sponsored_share": 0.6,
        "membership.review_weeks": 3,
        "membership.appeal": 4.0,
    }
    listed = "".join(f"  - {policy}\n" for policy in policies) if policies else ""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policies.yaml"
        text = f"policies:\n{listed}" if listed else "policies: []\n"
        file.write_text(f"# What do policies do?\ntitle: policies\nextends: tiny\n{text}")
        return load_scenario(file, overrides={**BUSY, **settings, **overrides})


UNEQUAL = """# Do spaces of one region compete?
title: unequal
extends: tiny
regions:
  - {name: here, like: left-behind, people: 90,
     spaces: [{name: small and cheap, desks: 4, price: 40}, {desks: 30}, {price: 310.5 GBP/month}]}
  - {name: there, like: other, spaces: 1}
"""


def unequal(**overrides: object) -> Scenario:
    """Return the busy world with a region whose three spaces differ in desks and price."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "unequal.yaml"
        file.write_text(UNEQUAL)
        return load_scenario(file, overrides={**BUSY, **overrides})


FLAGGED = """# Whom does the rule of the flag let in?
title: flagged
extends: tiny
regions:
  - {like: TLC11, people: 90}  # left behind by the wide rule only
policies:
  - {name: for places left behind, kind: membership_subsidy, share: 0.5, months: 6, budget: 9000 GBP,
     eligible: {regions: [left-behind]}}
"""


def flagged(**overrides: object) -> Scenario:
    """Return the busy world in a region that one rule of the flag calls left behind, with support for such regions."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flagged.yaml"
        file.write_text(FLAGGED)
        return load_scenario(file, overrides={**BUSY, "awareness.unprompted": 0.2, **overrides})


REFERENCE = """# What do people of the reference region do?
title: reference
starts: 2022-11-07
burn_in_weeks: 4
weeks: 52
regions:
  - name: Reference
    like: other
    people: 4800
    spaces: 6
    environment: {demand: 1, demand_trend: 0, income_level: 1, price_level: 1, firm_density: 1}
parameters: {space.desks: 200, space.size_sd: 0, space.size_by_place: 0, space.price_sd: 0,
  environment.outside_access: 0.55}
mechanisms: {management: off}
"""


def reference(**overrides: object) -> Scenario:
    """Return a region as the UK's mean, with six spaces that stay open and are never full."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reference.yaml"
        file.write_text(REFERENCE)
        return load_scenario(file, overrides={"market": "new", **overrides})
