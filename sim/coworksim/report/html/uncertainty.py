"""The part of a report on arms of equal cost: what was scaled, and whether the cost was met.

Parts of a report that need draws of the parameters: counts, ranking, laws of learning.

The part of a report on switching values: where net benefit becomes nothing, and what a skill must be worth.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from coworksim.appraisal.appraisal_folder import PILOTS, TOLERANCE
from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.report.html.tables import Table
from coworksim.report.sentences.draws_in_words import (
    CRITERIA,
    EQUAL_COST,
    criterion_words,
    estimated,
    rows_of,
    scaled,
    turn,
)
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says


def equalised_table(source: Appraisal) -> Table | None:
    """Return, for each arm that was to have one net public cost, what was scaled, whether it has, and what it costs."""
    if not source.equalised:
        return None
    rows = []
    for arm, one in source.equalised.items():
        cost = source.estimate(arm, "public_cost_gbp")
        rows.append(
            (
                says(Name(arm)),
                says(EQUAL_COST[one.verdict]),
                scaled(one),
                says(cost) if cost else says("not defined"),
            )
        )
    caption = says(
        "Every arm was to be scaled until its net public cost is ",
        Fact.count(one.budget, "GBP"),
        " (within ",
        Fact.count(100.0 * TOLERANCE, "%"),
        "), judged by the mean over the first ",
        Fact.count(PILOTS),
        " worlds; over the worlds of this report it may differ by chance.",
    )
    heads = ("Arm", "Equal cost", "What was scaled", "Net public cost here")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


#: What is told of each law of learning.
_LAWS: Final = {
    "td_total_sd_years": "More TD skill",
    "sc_total_sd_years": "More SC skill",
    "additional_member_months": "More membership",
}
_COUNTED: Final = {
    "additional_member_months": "more membership",
    "td_total_sd_years": "more TD skill",
    "sc_total_sd_years": "more SC skill",
}
_CELL: Final = re.compile(r"theta_(sc|td) ([\d.]+)")


def draw_values(source: Appraisal, arm: str, term: str) -> list[float]:
    """Return a number draw by draw; empty where the folder has none."""
    table = source.tables.get("draws")
    if table is None or term not in table:
        return []
    return [float(value) for value in table[table["arm"] == arm][term] if math.isfinite(value)]


def _cell(found: Estimate | None) -> Sentence:
    return says(found) if found else says("not defined")


def _declared(source: Appraisal, criterion: str) -> list[Mapping[str, Any]]:
    return [row for row in rows_of(source, "ranking") if row["criterion"] == criterion and row["declared"]]


def counts_of_draws(source: Appraisal, arm: str) -> list[Sentence]:
    """Say in how many draws an arm brings more of each effect, and in how many its net benefit is above zero."""
    counted: list[tuple[str, int, int]] = []
    for term, words in _COUNTED.items():
        values = draw_values(source, arm, term)
        if values:
            counted.append((words, sum(value > 0.0 for value in values), len(values)))
    for criterion, words in CRITERIA.items():
        told = f"{words[0].lower()}{words[1:]} above zero"
        counted += [
            (told, row["positive_draws"], row["draws"]) for row in _declared(source, criterion) if row["arm"] == arm
        ]
    if not counted:
        return []
    parts: list[Part] = []
    for words, count, of in counted:
        parts += ["; " if parts else "", f"{words} in ", Fact.count(count), " of ", Fact.count(of)]
    start = "Over draws of the parameters from their ranges, and of the laws of learning: "
    return [says(start, *parts, " draws.")]


def ranking_table(source: Appraisal) -> Table | None:
    """Return, for each criterion at the declared worth, a row an arm: the least expected regret first."""
    rows: list[tuple[Sentence, ...]] = []
    heads = ("Arm", "Best of all in", "Above zero in", "Net benefit", "Lost by choosing it (expected regret)")
    for criterion, words in CRITERIA.items():
        own = []
        for row in _declared(source, criterion):
            n = int(row["draws"])
            best = estimated(row, ("probability_best", "best_low", "best_high"), "share", n)
            benefit = estimated(row, ("net_benefit_gbp", "net_benefit_low", "net_benefit_high"), "GBP", n)
            regret = estimated(row, ("expected_regret_gbp", "regret_low", "regret_high"), "GBP", n)
            count = says(Fact.count(row["positive_draws"]), " of ", Fact.count(n), " draws")
            own.append((says(Name(row["arm"])), _cell(best), count, _cell(benefit), _cell(regret)))
        rows += [(says(words),), *own] if own else []
    if not rows:
        return None
    worth = Fact.count(source.worth, "GBP")
    caption = says(
        "Which arm is best over the draws, an sd-year held to be worth ",
        worth,
        " (a guess). Arms that tie for the "
        "best share a draw; regret is what the best arm of a draw has more, on average.",
    )
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def acceptability(source: Appraisal, criterion: str) -> dict[str, tuple[list[float], list[float]]]:
    """Return, by arm, what an sd-year may be worth and in which share of draws the arm is then the best."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for row in rows_of(source, "ranking"):
        if row["criterion"] == criterion and not math.isnan(row["sd_year_value_gbp"]):
            worths, shares = found.setdefault(row["arm"], ([], []))
            worths.append(float(row["sd_year_value_gbp"]))
            shares.append(float(row["probability_best"]))
    return found


def laws_table(source: Appraisal) -> Table | None:
    """Return effects by law of learning: arms and terms down, cells of the grid across."""
    found = [row for row in rows_of(source, "laws") if row["term"] in _LAWS and row["arm"] in source.acting]
    cells = list(dict.fromkeys(row["cell"] for row in found))
    if not cells:
        return None
    at = {(row["arm"], row["term"], row["cell"]): row for row in found}
    rows: list[tuple[Sentence, ...]] = []
    for arm in dict.fromkeys(row["arm"] for row in found):
        rows.append((says(Name(arm)),))
        for term, words in _LAWS.items():
            own = [at.get((arm, term, cell)) for cell in cells]
            if any(own):
                rows.append((says(words), *(_cell(_law(row)) for row in own)))
    draws = [int(row["draws"]) for row in found]
    span = (Fact.count(min(draws)), *((" to ", Fact.count(max(draws))) if min(draws) < max(draws) else ()))
    caption = says(
        "The answer under each pair of laws of learning, each over ",
        *span,
        " draws of its own. ",
        Name("theta 0"),
        ": learning is limited by what is put in; ",
        Name("1"),
        ": it closes a gap.",
    )
    return Table(caption, (says("Arm and term"), *(says(Name(_law_name(cell))) for cell in cells)), tuple(rows))


def _law_name(cell: str) -> str:
    """Return a pair of laws in words.

    >>> _law_name("theta_sc 0.5, theta_td 1")
    'SC theta 0.5, TD theta 1'
    """
    return _CELL.sub(lambda found: f"{found[1].upper()} theta {found[2]}", cell)


def _law(row: Mapping[str, Any] | None) -> Estimate | None:
    return None if row is None else estimated(row, ("value", "low", "high"), str(row["unit"]), int(row["draws"]))


def break_even(source: Appraisal) -> list[Sentence]:
    """Return what a unit of skill must be worth for each arm to pay; arms of which none is known in one sentence."""
    lines, none = [], list[str]()
    worth = Fact.count(source.worth, "GBP")
    for arm in source.acting:
        for skill in ("td", "sc"):
            cost = source.estimate(arm, f"public_cost_per_{skill}_total_sd_years")
            if cost is not None and not math.isnan(cost.low):
                told = Estimate(cost.value, cost.low, cost.high, "GBP", cost.n)
                words = f" pays in {skill.upper()} skill alone, on average, if an sd-year is worth more than "
                lines.append(
                    says("In this model, ", Name(arm), words, told, "; it is held to be worth ", worth, ", a guess.")
                )
            elif source.estimate(arm, f"{skill}_total_sd_years") is not None:
                none.append(f"{arm} in {skill.upper()} skill")
    if none:
        what = "Over these worlds the interval of the effect is not above zero, so that no worth is given at which it "
        lines.append(says(what, "pays, for ", Name("; ".join(none)), "."))
    return lines


def switching_table(source: Appraisal) -> Table | None:
    """Return the values at which the net benefit of an arm becomes nothing, where there are any."""
    rows = []
    for row in rows_of(source, "switching"):
        found = turn(row)
        if found:
            words = criterion_words(row["criterion"])
            seen = says("seen in the draws, not set" if row["kind"] == "seen" else "set by the draws")
            kind = says("held to be worth it") if row["kind"] == "assumed" else seen
            rows.append((says(Name(row["arm"])), says(words), says(Name(row["what"])), says(found), kind))
    if not rows:
        return None
    caption = says("At which value of one thing, all else as it is drawn, net benefit becomes nothing.")
    heads = ("Arm", "Criterion", "Thing", "Turns at", "This thing is")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))
