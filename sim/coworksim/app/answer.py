"""An appraisal as plain data for the page: does it pay, by how much, and how sure is that?"""

from __future__ import annotations

from typing import Any, Final

from coworksim.appraisal.estimates import COVERS
from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters import PARAMETERS
from coworksim.report.sentences.appraisal_text import SD_YEAR, seldom
from coworksim.report.sentences.estimates_in_words import figure
from coworksim.report.sentences.limitations import failed_worlds, not_in_money, subsidy_control
from coworksim.report.sentences.policies_and_terms import called, policy_sentence, short, unit_shown, who
from coworksim.report.sentences.value_for_money import (
    MONEY,
    SKILL,
    SKILL_VALUE,
    SOCIAL_VALUE,
    costs_apart,
    few_use_it,
    hardly_used,
    judged,
    lead,
    spent_before_its_end,
    used,
)

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
#: Worlds under which an answer is called rough.
_ROUGH: Final = 10


def answer(found: Appraisal, changed: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows, as plain data."""
    arms = list(found.arms)
    warnings = [
        *(line for arm in arms for line in (*few_use_it(found, arm), *seldom(found, arm))),
        *costs_apart(found),
        *(line for arm in arms for line in spent_before_its_end(found, arm)),
    ]
    always = [*subsidy_control(found), *failed_worlds(found), *not_in_money(found)]
    return {
        "world": found.scenario.title,
        "arms": arms,
        "replicates": found.replicates,
        "rough": found.replicates < _ROUGH,
        "seed": found.seed,
        "weeks": found.scenario.weeks,
        "verdicts": [_verdict(found, arm) for arm in arms],
        "rows": [row for term in ROWS if (row := _row(found, term))],
        "changed": {f"{PARAMETERS[name].meaning} ({name})": _changed(name, value) for name, value in changed.items()},
        "sentences": [*(one.plain() for one in warnings), f"{COVERS}.", *(one.plain() for one in always)],
    }


def _changed(name: str, value: object) -> str:
    return f"{value} {PARAMETERS[name].unit}".rstrip()


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
    reach, both = _reach(found, arm), judged(found, arm)
    told, lines = lead(*both, few=reach["mark"] == "few") if both else "", [reach]
    asked = (
        ("Does it pay in money alone?", MONEY, f"Social value: {SOCIAL_VALUE}."),
        (
            f"Does it pay if an sd-year of skill is worth {figure(found.worth)} GBP?",
            SKILL,
            f"{SKILL_VALUE.capitalize()}, at that assumed worth. {SD_YEAR}.",
        ),
    )
    for (ask, name, meaning), one in zip(asked, both or (), strict=bool(both)):
        number = f"{_cell(found, arm, name)['text']} GBP"
        lines.append({"ask": ask, "word": one.word, "mark": one.mark, "number": number, "meaning": meaning})
    return {"arm": arm, "what": _arm_words(found, arm), "lead": told, "lines": lines}


def _arm_words(found: Appraisal, arm: str) -> str:
    """Return what an arm does and for whom."""
    policies = found.arms[arm]
    if not policies:
        return "Nothing is done."
    told = [policy_sentence(one, named=False).plain() for one in policies]
    return f"{'. '.join(one[0].upper() + one[1:] for one in told)}. For: {who(policies).plain()}."


def _reach(found: Appraisal, arm: str) -> dict[str, str]:
    """Return how many people it is for, and how many it reaches."""
    users = used(policy.kind for policy in found.arms[arm])
    steps = ("eligible_people", "aware_people", "awarded_people", users)
    eligible, heard, awarded, reached = (found.number(arm, name)["value"] for name in steps)
    few = hardly_used(eligible, reached)
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
