"""Parts of a report that need draws of the parameters: counts, ranking, laws of learning."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from colearn.report.html.source import Source
from colearn.report.html.tables import Table
from colearn.report.html.words import Estimate, Fact, Name, Part, Sentence, says

__all__ = [
    "CRITERIA",
    "acceptability",
    "counts_of_draws",
    "draw_values",
    "estimated",
    "has_draws",
    "laws_table",
    "ranking_table",
    "rows_of",
]

#: Criteria of a ranking, in words.
CRITERIA: Final = {
    "td": "Net benefit in TD skill", "sc": "Net benefit in SC skill", "social_value": "Social value in the books",
}  # fmt: skip
#: What is told of each law of learning.
_LAWS: Final = {
    "td_total_sd_years": "More TD skill", "sc_total_sd_years": "More SC skill",
    "additional_member_months": "More membership",
}  # fmt: skip
_COUNTED: Final = {
    "additional_member_months": "more membership", "td_total_sd_years": "more TD skill",
    "sc_total_sd_years": "more SC skill",
}  # fmt: skip
_CELL: Final = re.compile(r"theta_(sc|td) ([\d.]+)")


def has_draws(source: Source) -> bool:
    """Whether the parameters were drawn."""
    return bool(source.about.get("ranking"))


def rows_of(source: Source, key: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a table of the draws; none where there are no draws."""
    found: Sequence[Mapping[str, Any]] = source.about.get(key) or []
    return found


def estimated(row: Mapping[str, Any], names: tuple[str, str, str], unit: str, n: int) -> Estimate | None:
    """Return three columns of a row as an estimate; None where the first is not defined."""
    if row.get(names[0]) is None:
        return None
    value, low, high = (math.nan if row.get(name) is None else float(row[name]) for name in names)
    return Estimate(value, low, high, unit, n, "draw")


def draw_values(source: Source, arm: str, term: str) -> list[float]:
    """Return a number draw by draw; empty where the folder has none."""
    table = source.tables.get("draws")
    if table is None or term not in table:
        return []
    return [float(value) for value in table[table["arm"] == arm][term] if math.isfinite(value)]


def _cell(found: Estimate | None) -> Sentence:
    return says(found) if found else says("not defined")


def _declared(source: Source, criterion: str) -> list[Mapping[str, Any]]:
    return [row for row in rows_of(source, "ranking") if row["criterion"] == criterion and row["declared"]]


def counts_of_draws(source: Source, arm: str) -> list[Sentence]:
    """Say in how many draws an arm brings more of each effect, and in how many its net benefit is above zero."""
    counted: list[tuple[str, int, int]] = []
    for term, words in _COUNTED.items():
        values = draw_values(source, arm, term)
        if values:
            counted.append((words, sum(value > 0.0 for value in values), len(values)))
    for criterion, words in CRITERIA.items():
        told = f"{words[0].lower()}{words[1:]} above zero"
        counted += [(told, row["positive_draws"], row["draws"]) for row in _declared(source, criterion)
                    if row["arm"] == arm]  # fmt: skip
    if not counted:
        return []
    parts: list[Part] = []
    for words, count, of in counted:
        parts += ["; " if parts else "", f"{words} in ", Fact.count(count), " of ", Fact.count(of)]
    start = "Over draws of the parameters from their ranges, and of the laws of learning: "
    return [says(start, *parts, " draws.")]


def ranking_table(source: Source) -> Table | None:
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
    worth = Fact.count(float(source.scenario["appraisal.sd_year_value"]), "GBP")
    caption = says(
        "Which arm is best over the draws, an sd-year held to be worth ", worth, " (a guess). Arms that tie for the "
        "best share a draw; regret is what the best arm of a draw has more, on average.",
    )  # fmt: skip
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def acceptability(source: Source, criterion: str) -> dict[str, tuple[list[float], list[float]]]:
    """Return, by arm, what an sd-year may be worth and in which share of draws the arm is then the best."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for row in rows_of(source, "ranking"):
        if row["criterion"] == criterion and row["sd_year_value_gbp"] is not None:
            worths, shares = found.setdefault(row["arm"], ([], []))
            worths.append(float(row["sd_year_value_gbp"]))
            shares.append(float(row["probability_best"]))
    return found


def laws_table(source: Source) -> Table | None:
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
        "The answer under each pair of laws of learning, each over ", *span, " draws of its own. ", Name("theta 0"),
        ": learning is limited by what is put in; ", Name("1"), ": it closes a gap.",
    )  # fmt: skip
    return Table(caption, (says("Arm and term"), *(says(Name(_law_name(cell))) for cell in cells)), tuple(rows))


def _law_name(cell: str) -> str:
    """Return a pair of laws in words.

    >>> _law_name("theta_sc 0.5, theta_td 1")
    'SC theta 0.5, TD theta 1'
    """
    return _CELL.sub(lambda found: f"{found[1].upper()} theta {found[2]}", cell)


def _law(row: Mapping[str, Any] | None) -> Estimate | None:
    return None if row is None else estimated(row, ("value", "low", "high"), str(row["unit"]), int(row["draws"]))
