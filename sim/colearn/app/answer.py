"""An appraisal in words and rows for the page: does it pay, by how much, and how sure is that?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from colearn.appraisal.intervals import COVERS
from colearn.appraisal.money import NOT_MONETISED
from colearn.quantities.policies import KINDS

if TYPE_CHECKING:
    from colearn.appraisal.results import Appraisal

__all__ = ["FEW", "ROWS", "answer", "verdict"]

_FEES: Final = {"voucher", "membership_subsidy"}
_USED: Final = {"recipients": "had a part of a membership paid", "awarded_people": "were awarded support"}
#: People of a world with support under which the page warns.
FEW: Final = 5.0
#: Rows of the table: term -> plain words.
ROWS: Final = {
    "eligible_people": "People who could apply",
    "awarded_people": "People who were awarded support",
    "recipients": "People of whose membership a part was paid",
    "take_up_share": "Part of those who could apply of whose membership a part was paid",
    "support_gbp": "Paid for these memberships",
    "deadweight_share": "Deadweight: part of it for memberships that would have been there anyway",
    "additional_member_months": "More membership, over everybody",
    "displaced_net_member_months": "Membership lost by people without support",
    "td_total_sd_years": "More technical-digital skill, over everybody",
    "td_in_space_sd_years": "Of it, learnt in spaces",
    "sc_total_sd_years": "More social-cognitive skill, over everybody",
    "sc_in_space_sd_years": "Of it, learnt in spaces",
    "public_cost_gbp": "Net public cost, VAT included",
    "underspend_gbp": "Budget that is not paid out",
    "public_cost_per_additional_member_months": "Public cost of a month of more membership",
    "public_cost_per_td_total_sd_years": "Public cost of a unit of technical-digital skill",
    "public_cost_per_sc_total_sd_years": "Public cost of a unit of social-cognitive skill",
    "net_benefit_td_total": "Technical-digital skill at its assumed worth, less public cost",
    "net_benefit_sc_total": "Social-cognitive skill at its assumed worth, less public cost",
    "social_value_gbp": "Social value: more paid for work, less resources used",
    "weighted_social_value_gbp": "The same, a pound weighing more for those who have less",
}


def answer(found: Appraisal, changed: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows, as plain data."""
    arms = list(found.arms)
    numbers = {(row["arm"], row["term"]): row for row in found.numbers.to_dict("records")}
    rows = []
    for name, words in ROWS.items():
        cells = [_cell(numbers[arm, name]) for arm in arms]
        unit = str(numbers[arms[0], name]["unit"])
        rows.append({"term": name, "words": words, "unit": "" if unit == "share" else unit, "cells": cells,
                     "meaning": str(numbers[arms[0], name]["meaning"])})  # fmt: skip
    worth = float(found.scenario["appraisal.sd_year_value"])
    return {
        "world": found.scenario.title,
        "arms": arms,
        "replicates": found.replicates,
        "seed": found.seed,
        "weeks": found.scenario.weeks,
        "verdicts": [{"arm": arm, "lines": _verdicts(numbers, arm, worth, _used(found, arm))} for arm in arms],
        "rows": rows,
        "changed": {name: str(value) for name, value in changed.items()},
        "sentences": [
            *_few(numbers, found), f"{COVERS}.", *found.flags, *(f"Left out: {text}." for text in found.failed),
            "Not in money: " + "; ".join(NOT_MONETISED) + ".",
        ],
    }  # fmt: skip


def _verdicts(numbers: dict[Any, Any], arm: str, worth: float, used: str) -> list[dict[str, str]]:
    """Return the questions of a ministry, each with an answer in a word, a number, and what is meant."""
    asked = (
        ("Does it pay in money alone?", "social_value_gbp",
         "Social value: what people earn more for their work, less the resources that it takes."),
        (f"Does it pay if technical-digital skill counts {worth:,.0f} GBP a unit?", "net_benefit_td_total",
         "Skill gained by everybody at that assumed worth, less net public cost."),
        (f"Does it pay if social-cognitive skill counts {worth:,.0f} GBP a unit?", "net_benefit_sc_total",
         "The same for social-cognitive skill. A unit is a standard deviation of a skill, held for a year."),
    )  # fmt: skip
    lines = [_reach(numbers, arm, used)]
    for ask, name, meaning in asked:
        row = numbers[arm, name]
        word, mark = verdict(row["value"], row["low"], row["high"])
        lines.append(
            {"ask": ask, "word": word, "mark": mark, "number": f"{_cell(row)['text']} GBP", "meaning": meaning}
        )
    return lines


def _used(found: Appraisal, arm: str) -> str:
    """Name the term that counts who uses a policy: an award of help with fees may be left unused."""
    kinds = {policy.kind for policy in found.arms[arm] if KINDS[policy.kind].is_award}
    return "recipients" if kinds and kinds <= _FEES else "awarded_people"


def _reach(numbers: dict[Any, Any], arm: str, used: str) -> dict[str, str]:
    """Return how many people it is for, and how many it reaches."""
    eligible, reached = (numbers[arm, name]["value"] for name in ("eligible_people", used))
    word = f"{number(reached)} of {number(eligible)} people" if eligible else "Nobody applies for it"
    meaning = f"Mean number of people of a world who {_USED[used]}, and of those who could apply."
    spent = f"{_cell(numbers[arm, 'public_cost_gbp'])['text']} GBP of net public cost"
    return {"ask": "Whom does it reach?", "word": word, "mark": "open", "number": spent, "meaning": meaning}


def _few(numbers: dict[Any, Any], appraisal: Appraisal) -> list[str]:
    """Return a warning for each policy that so few people get that one of them more or less decides."""
    found = []
    for arm in appraisal.arms:
        eligible, reached = (numbers[arm, name]["value"] for name in ("eligible_people", _used(appraisal, arm)))
        if eligible and reached < FEW:
            found.append(
                f"{arm}: only {number(reached)} people of a world use it on average, of {number(eligible)} who "
                "could apply. The others have not heard of it, find applying too much trouble, do not want to join at "
                "that price, or came when the money was promised away. So the result hangs on a few people; a larger "
                "world says more."
            )
    return found


def verdict(value: float, low: float, high: float) -> tuple[str, str]:
    """Return what a mean and its interval say, in words and as a mark.

    >>> verdict(5.0, 1.0, 9.0)[0], verdict(-5.0, -9.0, -1.0)[0], verdict(0.0, 0.0, 0.0)[0]
    ('Yes', 'No', 'No difference at all')
    >>> verdict(1.0, -1.0, 3.0)[0]
    'Cannot tell: 0 lies within the interval'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "Not known yet: one world has no interval", "open"
    if low == high == 0.0:
        return "No difference at all", "open"
    if low > 0.0:
        return "Yes", "yes"
    if high < 0.0:
        return "No", "no"
    return "Cannot tell: 0 lies within the interval", "open"


def _cell(row: dict[Any, Any]) -> dict[str, str]:
    """Return a number, its interval and, where there is none, the reason."""
    if not math.isfinite(row["value"]):
        return {"text": "none", "mean": "none", "interval": "", "reason": str(row["reason"])}
    share = row["unit"] == "share"
    mean = number(row["value"], share=share)
    if not math.isfinite(row["low"]) or row["low"] == row["high"]:
        return {"text": mean, "mean": mean, "interval": "", "reason": ""}
    interval = f"{number(row['low'], share=share)} to {number(row['high'], share=share)}"
    return {"text": f"{mean} ({interval})", "mean": mean, "interval": interval, "reason": ""}


def number(value: float, *, share: bool = False) -> str:
    """Return a number in about three digits; a share in per cent.

    >>> number(-1234.5), number(0.12345), number(12.34), number(0.456, share=True), number(-0.0)
    ('-1,234', '0.123', '12.3', '46 %', '0')
    """
    if share:
        return f"{100 * value:.0f} %"
    if value == 0.0:
        return "0"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"
