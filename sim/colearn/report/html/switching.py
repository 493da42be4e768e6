"""The part of a report on switching values: where net benefit becomes nothing, and what a skill must be worth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from colearn.report.html.source import Source
from colearn.report.html.tables import Table
from colearn.report.html.uncertainty import CRITERIA, estimated, rows_of
from colearn.report.html.words import Estimate, Fact, Name, Part, Sentence, says

__all__ = ["break_even", "switching_table", "unswitched"]


def break_even(source: Source) -> list[Sentence]:
    """Return what a unit of skill must be worth for each arm to pay; arms of which none is known in one sentence."""
    lines, none = [], list[str]()
    worth = Fact.count(float(source.scenario["appraisal.sd_year_value"]), "GBP")
    for arm in source.acting:
        for skill in ("td", "sc"):
            cost = source.estimate(arm, f"public_cost_per_{skill}_total_sd_years")
            if cost is not None and not math.isnan(cost.low):
                told = Estimate(cost.value, cost.low, cost.high, "GBP", cost.n)
                words = f" pays in {skill.upper()} skill alone, on average, if an sd-year is worth more than "
                lines.append(says("In this model, ", Name(arm), words, told, "; it is held to be worth ", worth,
                                  ", a guess."))  # fmt: skip
            elif source.estimate(arm, f"{skill}_total_sd_years") is not None:
                none.append(f"{arm} in {skill.upper()} skill")
    if none:
        what = "Over these worlds the interval of the effect is not above zero, so that no worth is given at which it "
        lines.append(says(what, "pays, for ", Name("; ".join(none)), "."))
    return lines


def _turn(row: Mapping[str, Any]) -> Estimate | None:
    """Return where net benefit becomes nothing; None where it does not, or where no interval is known."""
    found = estimated(row, ("value", "low", "high"), str(row["unit"]), 0)
    return None if found is None or math.isnan(found.low) else found


def switching_table(source: Source) -> Table | None:
    """Return the values at which the net benefit of an arm becomes nothing, where there are any."""
    rows = []
    for row in rows_of(source, "switching"):
        found = _turn(row)
        if found:
            words = CRITERIA.get(row["criterion"], "Net benefit")
            seen = says("seen in the draws, not set" if row["kind"] == "seen" else "set by the draws")
            kind = says("held to be worth it") if row["kind"] == "assumed" else seen
            rows.append((says(Name(row["arm"])), says(words), says(Name(row["what"])), says(found), kind))
    if not rows:
        return None
    caption = says("At which value of one thing, all else as it is drawn, net benefit becomes nothing.")
    heads = ("Arm", "Criterion", "Thing", "Turns at", "This thing is")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def unswitched(source: Source) -> list[Sentence]:
    """Say for each criterion which arms nothing turns in the range drawn, and what was tried."""
    lines, tried = [], list[str]()
    for criterion, words in CRITERIA.items():
        parts: list[Part] = []
        for arm in source.arms:
            rows = [row for row in rows_of(source, "switching") if (row["criterion"], row["arm"]) == (criterion, arm)]
            left = [row for row in rows if _turn(row) is None]
            tried += [str(row["what"]) for row in left]
            if left:
                of = Fact.count(len(left)), " of ", Fact.count(len(rows)), " things"
                parts += ["; " if parts else "", Name(arm), ", ", *of]
        if parts:
            lines.append(says(f"{words} does not turn within the range drawn, or too few draws tell: ", *parts, "."))
    if lines:
        lines.append(says("Tried were: ", Name("; ".join(dict.fromkeys(tried))), ". Why each does not turn stands in ",
                          Name("switching.csv"), ", inside this file."))  # fmt: skip
    return lines
