"""An appraisal in words and rows for the page: does it pay, by how much, and how sure is that?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.estimates import COVERS
from coworksim.appraisal.money import NOT_MONETISED
from coworksim.model.parameters import PARAMETERS
from coworksim.report.html.tables import why_none
from coworksim.report.sentences.estimates_in_words import Estimate, Name, figure
from coworksim.report.sentences.value_for_money import (
    MONEY,
    SKILL,
    Verdict,
    ends,
    far_apart,
    hardly_used,
    lead,
    policy_sentence,
    spent_early,
    used,
    verdict,
    who,
)

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal

__all__ = ["ROWS", "answer"]

_USED: Final = {"recipients": "had a part of a membership paid", "awarded_people": "were awarded support"}
#: Rows of the table: term -> plain words; a minus before a term turns its sign round.
ROWS: Final = {
    "eligible_people": "People who could apply",
    "aware_people": "Of them, had heard of it",
    "awarded_people": "People who were awarded support",
    "recipients": "People of whose membership a part was paid",
    "take_up_share": "Part of those who could apply of whose membership a part was paid",
    "support_gbp": "Paid for these memberships",
    "deadweight_share": "Deadweight: part of it for memberships that would have been there anyway",
    "additional_member_months": "More membership, over everybody",
    "-displaced_net_member_months": "Of it, of people without support (below zero: lost to them)",
    "td_total_sd_years": "More technical-digital (TD) skill, over everybody",
    "td_in_space_sd_years": "TD skill learnt in spaces",
    "sc_total_sd_years": "More social-cognitive (SC) skill, over everybody",
    "sc_in_space_sd_years": "SC skill learnt in spaces",
    "last_paid_week": "Week of the last payment",
    "price_elasticity": "Price elasticity of membership without any policy (-1: a tenth cheaper, a tenth more members)",
    "budget_gbp": "Budget",
    "public_paid_gbp": "Paid out by the end, VAT included",
    "administration_gbp": "Administration and error on top, an assumed share",
    "public_cost_gbp": "Net public cost: both together",
    "unpaid_commitments_gbp": "Promised, and not paid by the end",
    "public_cost_per_additional_member_months": "Public cost of a month of more membership",
    "public_cost_per_td_total_sd_years": "Public cost of a unit of TD skill",
    "public_cost_per_sc_total_sd_years": "Public cost of a unit of SC skill",
    "net_benefit_td_total": "TD skill alone at its assumed worth, less public cost",
    "net_benefit_sc_total": "SC skill alone at its assumed worth, less public cost",
    "net_benefit_skill_total": "TD and SC skill together at their assumed worth, less public cost",
    "social_value_gbp": "Social value: more paid for work, less resources used",
    "weighted_social_value_gbp": "The same, a pound weighing more for those who have less",
}
#: Effects of which a warning says in how few worlds there is any, and what they are called.
_EFFECTS: Final = {
    "additional_member_months": "membership",
    "td_total_sd_years": "TD skill",
    "sc_total_sd_years": "SC skill",
}
#: What stands for a number that an arm has not got: one without policies has no last payment.
_NONE: Final[dict[Any, Any]] = {"value": math.nan, "low": math.nan, "high": math.nan, "unit": "", "reason": ""}
#: Worlds under which an answer is called rough.
_ROUGH: Final = 10


def answer(found: Appraisal, changed: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows, as plain data."""
    arms = list(found.arms)
    numbers = {(row["arm"], row["term"]): row for row in found.numbers.to_dict("records")}
    rows = []
    for name, words in ROWS.items():
        term = name.removeprefix("-")
        own = [numbers.get((arm, term), _NONE) for arm in arms]
        if all(row is _NONE for row in own):
            continue
        cells = [_cell(row, turned=term != name) for row in own]
        unit, meaning = next((str(row["unit"]), str(row["meaning"])) for row in own if row is not _NONE)
        rows.append(
            {"term": name, "words": words, "unit": "%" if unit == "share" else unit, "cells": cells, "meaning": meaning}
        )
    worth = float(found.scenario["appraisal.sd_year_value"])
    return {
        "world": found.scenario.title,
        "arms": arms,
        "replicates": found.replicates,
        "rough": found.replicates < _ROUGH,
        "seed": found.seed,
        "weeks": found.scenario.weeks,
        "verdicts": [_verdict(numbers, arm, worth, found) for arm in arms],
        "rows": rows,
        "changed": {f"{PARAMETERS[name].meaning} ({name})": _changed(name, value) for name, value in changed.items()},
        "sentences": [
            *_few(numbers, found),
            *_seldom(found),
            *_apart(numbers, arms),
            *_early(numbers, found),
            f"{COVERS}.",
            *found.flags,
            *(f"Left out: {text}." for text in found.failed),
            "Not in money: " + "; ".join(NOT_MONETISED) + ".",
        ],
    }


def _changed(name: str, value: object) -> str:
    return f"{value} {PARAMETERS[name].unit}".rstrip()


def _verdict(numbers: dict[Any, Any], arm: str, worth: float, found: Appraisal) -> dict[str, Any]:
    """Return whether it pays, in a sentence, and the questions of a ministry under it, each with word and number."""
    reach = _reach(numbers, arm, _used(found, arm))
    asked = (
        (
            "Does it pay in money alone?",
            MONEY,
            "Social value: what people earn more for their work, less the resources that it takes. "
            "Support only changes hands, and is not in it.",
        ),
        (
            f"Does it pay if an sd-year of skill is worth {figure(worth)} GBP?",
            SKILL,
            "Technical-digital and social-cognitive skill gained by everybody at that assumed worth, less net public "
            "cost. An sd-year is a standard deviation of a skill, held for a year.",
        ),
    )
    judged = {name: _judged(numbers[arm, name]) for _, name, _ in asked}
    lines = [
        {
            "ask": ask,
            "word": judged[name].word,
            "mark": judged[name].mark,
            "number": f"{_cell(numbers[arm, name])['text']} GBP",
            "meaning": meaning,
        }
        for ask, name, meaning in asked
    ]
    told = lead(judged[MONEY], judged[SKILL], few=reach["mark"] == "few")
    return {"arm": arm, "what": _arm_words(found, arm), "lead": told, "lines": [reach, *lines]}


def _arm_words(found: Appraisal, arm: str) -> str:
    """Return what an arm does and for whom."""
    policies = [policy.model_dump() for policy in found.arms[arm]]
    if not policies:
        return "Nothing is done."
    told = [policy_sentence(one).plain().removeprefix(f"{Name(one['name']).plain()}: ") for one in policies]
    return f"{'. '.join(one[0].upper() + one[1:] for one in told)}. For: {who(policies).plain()}."


def _judged(row: dict[Any, Any]) -> Verdict:
    return verdict(row["value"], row["low"], row["high"])


def _used(found: Appraisal, arm: str) -> str:
    return used(policy.kind for policy in found.arms[arm])


def _reach(numbers: dict[Any, Any], arm: str, used: str) -> dict[str, str]:
    """Return how many people it is for, and how many it reaches."""
    steps = ("eligible_people", "aware_people", "awarded_people", used)
    eligible, heard, awarded, reached = (numbers[arm, name]["value"] for name in steps)
    few = hardly_used(eligible, reached)
    if not eligible:
        word, meaning = "Nobody applies for it", "It acts on spaces and regions rather than on people who ask for it."
    else:
        word = f"{figure(reached)} of {figure(eligible)} people a world"
        meaning = (
            f"Mean number of people of a world who {_USED[used]}, and of those who could apply; {figure(heard)} of "
            f"these have heard of it, {figure(awarded)} were awarded it."
        )
    spent = f"{_cell(numbers[arm, 'public_cost_gbp'])['text']} GBP of net public cost"
    word = f"Hardly anybody: {word}" if few else word
    return {
        "ask": "Whom does it reach?",
        "word": word,
        "mark": "few" if few else "open",
        "number": spent,
        "meaning": meaning,
    }


def _few(numbers: dict[Any, Any], appraisal: Appraisal) -> list[str]:
    """Return a warning for each policy that so few people get that one of them more or less decides."""
    found = []
    for arm in appraisal.arms:
        eligible, reached = (numbers[arm, name]["value"] for name in ("eligible_people", _used(appraisal, arm)))
        if hardly_used(eligible, reached):
            found.append(
                f"{arm}: only {figure(reached)} people of a world use it on average, of {figure(eligible)} who "
                "could apply. The others have not heard of it, find applying too much trouble, do not want to join at "
                "that price, or came when the money was promised away. So the result hangs on a few people: choose "
                "the larger world, a wider group, or more support, to see what it does where it is used."
            )
    return found


def _apart(numbers: dict[Any, Any], arms: list[str]) -> list[str]:
    """Return a warning where policies cost sums that are far apart."""
    costs = [numbers[arm, "public_cost_gbp"]["value"] for arm in arms]
    if not far_apart(costs):
        return []
    return [
        f"They cost different sums, from {figure(min(costs))} to {figure(max(costs))} GBP: look at the cost of an "
        "effect rather than at its size. The command coworksim compare --budget GBP --equalise-cost brings them to "
        "one cost."
    ]


def _early(numbers: dict[Any, Any], appraisal: Appraisal) -> list[str]:
    """Return a warning for each policy whose money is spent long before its end."""
    found = []
    for arm, policies in appraisal.arms.items():
        last, left, budget = (numbers.get((arm, n)) for n in ("last_paid_week", "underspend_gbp", "budget_gbp"))
        end = ends(appraisal.scenario.weeks, [policy.end for policy in policies])
        if last and left and budget and spent_early(last["high"], left["high"], budget["value"], end):
            found.append(f"{arm}: the money is spent by week {figure(last['value'])} of {end} for which it was meant.")
    return found


def _seldom(appraisal: Appraisal) -> list[str]:
    """Return a warning where most worlds are the same with and without a policy: their mean hangs on the others."""
    found = []
    for arm in appraisal.arms:
        seldom = []
        for name, words in _EFFECTS.items():
            (values,) = appraisal.paired(arm, name)
            other = sum(value != 0.0 for value in values)
            if 0 < 2 * other < len(values):
                seldom.append(f"other {words} in {other} of {len(values)}")
        if seldom:
            found.append(
                f"{arm}: most worlds are the same with and without it ({', '.join(seldom)}). The means hang on these "
                "few, and their intervals are less sure than they look."
            )
    return found


def _cell(row: dict[Any, Any], *, turned: bool = False) -> dict[str, str]:
    """Return a number, its interval and, where there is none, the reason; rounded as reports round."""
    if not math.isfinite(row["value"]):
        return {"text": "none", "mean": "none", "interval": "", "reason": why_none(row["reason"])}
    found = Estimate(row["value"], row["low"], row["high"], "share" if row["unit"] == "share" else "", int(row["n"]))
    mean, interval = (found.negative if turned else found).texts()
    if not math.isfinite(row["low"]) or row["low"] == row["high"]:
        return {"text": mean, "mean": mean, "interval": "", "reason": ""}
    return {"text": f"{mean} {interval}", "mean": mean, "interval": interval, "reason": ""}
