"""An appraisal as plain data for the page: does it pay, by how much, and how sure is that?"""

from __future__ import annotations

from typing import Any, Final

from coworksim.appraisal.estimates import COVERS
from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters import PARAMETERS
from coworksim.report.sentences import value_for_money as money
from coworksim.report.sentences.appraisal_text import SD_YEAR, seldom
from coworksim.report.sentences.estimates_in_words import figure
from coworksim.report.sentences.limitations import failed_worlds, not_in_money, subsidy_control
from coworksim.report.sentences.policies_and_terms import called, policy_sentence, short, unit_shown, who

_USED: Final = {"recipients": "had a part of a membership paid", "awarded_people": "were awarded support"}
#: Rows of the table; a minus before a term turns its sign round.
ROWS: Final = (
    "eligible_people",
    "aware_people",
    "awarded_people",
    "recipients",
    "take_up_share",
    "support_gbp",
    "deadweight_gbp",
    "deadweight_share",
    "additional_member_months",
    "-displaced_net_member_months",
    "td_total_sd_years",
    "td_in_space_sd_years",
    "sc_total_sd_years",
    "sc_in_space_sd_years",
    "last_paid_week",
    "price_elasticity",
    "budget_gbp",
    "public_paid_gbp",
    "administration_gbp",
    "public_cost_gbp",
    "unpaid_commitments_gbp",
    "public_cost_per_additional_member_months",
    "public_cost_per_td_total_sd_years",
    "public_cost_per_sc_total_sd_years",
    "net_benefit_td_total",
    "net_benefit_sc_total",
    "net_benefit_skill_total",
    "social_value_gbp",
    "weighted_social_value_gbp",
)


def answer(found: Appraisal, changed: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows, as plain data."""
    arms = list(found.arms)
    warnings = [
        *(line for arm in arms for line in (*money.few_use_it(found, arm), *seldom(found, arm))),
        *money.costs_apart(found),
        *(line for arm in arms for line in money.spent_before_its_end(found, arm)),
    ]
    always = [*subsidy_control(found), *failed_worlds(found), *not_in_money(found)]
    return {
        "world": found.scenario.title,
        "arms": arms,
        "replicates": found.replicates,
        "rough": found.replicates < 10,
        "seed": found.seed,
        "weeks": found.scenario.weeks,
        "verdicts": [_verdict(found, arm) for arm in arms],
        "rows": [row for term in ROWS if (row := _row(found, term))],
        "changed": {
            f"{PARAMETERS[name].meaning} ({name})": f"{value} {PARAMETERS[name].unit}".rstrip()
            for name, value in changed.items()
        },
        "sentences": [*(one.plain() for one in warnings), f"{COVERS}.", *(one.plain() for one in always)],
    }


def _row(found: Appraisal, name: str) -> dict[str, Any] | None:
    """Return a term of all arms; None where no arm has it."""
    term = name.removeprefix("-")
    there = next((arm for arm in found.arms if found.finding(arm, term)), None)
    if there is None:
        return None
    row = found.number(there, term)
    cells = [_cell(found, arm, name) for arm in found.arms]
    unit, meaning = unit_shown(str(row["unit"])), str(row["meaning"])
    return {"term": name, "words": called(name), "unit": unit, "cells": cells, "meaning": meaning}


def _cell(found: Appraisal, arm: str, name: str) -> dict[str, str]:
    """Return a number, its interval and, where there is none, the reason."""
    one = found.finding(arm, name.removeprefix("-"))
    mean, interval, reason = short(one.turned if one and name.startswith("-") else one)
    text = f"{mean} {interval}".rstrip() or "none"
    return {"text": text, "mean": mean or "none", "interval": interval, "reason": reason}


def _verdict(found: Appraisal, arm: str) -> dict[str, Any]:
    """Return whether it pays, in a sentence, and the questions of a ministry under it, each with word and number."""
    reach, both = _reach(found, arm), money.judged(found, arm)
    told, lines = money.lead(*both, few=reach["mark"] == "few") if both else "", [reach]
    worth = f"Does it pay if an sd-year of skill is worth {figure(found.worth)} GBP?"
    asked = (
        ("Does it pay in money alone?", money.MONEY, f"Social value: {money.SOCIAL_VALUE}."),
        (worth, money.SKILL, f"{money.SKILL_VALUE.capitalize()}, at that assumed worth. {SD_YEAR}."),
    )
    for (ask, name, meaning), one in zip(asked, both or (), strict=bool(both)):
        number = f"{_cell(found, arm, name)['text']} GBP"
        lines.append({"ask": ask, "word": one.word, "mark": one.mark, "number": number, "meaning": meaning})
    what, policies = "Nothing is done.", found.arms[arm]
    if policies:  # what the arm does and for whom
        does = (policy_sentence(one, named=False).plain() for one in policies)
        what = f"{'. '.join(one[0].upper() + one[1:] for one in does)}. For: {who(policies).plain()}."
    return {"arm": arm, "what": what, "lead": told, "lines": lines}


def _reach(found: Appraisal, arm: str) -> dict[str, str]:
    """Return how many people it is for, and how many it reaches."""
    users = money.used(policy.kind for policy in found.arms[arm])
    steps = ("eligible_people", "aware_people", "awarded_people", users)
    eligible, heard, awarded, reached = (found.number(arm, name)["value"] for name in steps)
    few = money.hardly_used(eligible, reached)
    if not eligible:
        word, meaning = "Nobody applies for it", "It acts on spaces and regions rather than on people who ask for it."
    else:
        word = f"{figure(reached)} of {figure(eligible)} people a world"
        meaning = (
            f"Mean number of people of a world who {_USED[users]}, and of those who could apply; {figure(heard)} of "
            f"these have heard of it, {figure(awarded)} were awarded it."
        )
    return {
        "ask": "Whom does it reach?",
        "word": f"Hardly anybody: {word}" if few else word,
        "mark": "few" if few else "open",
        "number": f"{_cell(found, arm, 'public_cost_gbp')['text']} GBP of net public cost",
        "meaning": meaning,
    }
