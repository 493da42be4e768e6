"""Parts of a report that need draws of the parameters: ranking, laws of learning, switching values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from colearn.report.html.source import Source
from colearn.report.html.tables import Table
from colearn.report.html.words import Estimate, Fact, Name, Part, Sentence, says

__all__ = ["counts_of_draws", "has_draws", "laws_table", "ranking_tables", "switching_table"]

#: Criteria of a ranking, in words.
_CRITERIA: Final = {
    "td": "Net benefit in TD skill", "sc": "Net benefit in SC skill", "social_value": "Social value in the books",
}  # fmt: skip
_LAWS: Final = {
    "td_total_sd_years": "More TD skill", "sc_total_sd_years": "More SC skill",
    "additional_member_months": "More membership", "net_benefit_td": "Net benefit in TD skill",
    "net_benefit_sc": "Net benefit in SC skill",
}  # fmt: skip


def has_draws(source: Source) -> bool:
    """Whether the parameters were drawn."""
    return bool(source.about.get("ranking"))


def _rows(source: Source, key: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = source.about.get(key) or []
    return found


def _estimate(row: Mapping[str, Any], names: tuple[str, str, str], unit: str, n: int) -> Estimate | None:
    """Return three columns of a row as an estimate; None where the first is not defined."""
    if row.get(names[0]) is None:
        return None
    value, low, high = (math.nan if row.get(name) is None else float(row[name]) for name in names)
    return Estimate(value, low, high, unit, n)


def _cell(found: Estimate | None) -> Sentence:
    return says(found) if found else says("not defined")


def _declared(source: Source, criterion: str) -> list[Mapping[str, Any]]:
    return [row for row in _rows(source, "ranking") if row["criterion"] == criterion and row["declared"]]


def counts_of_draws(source: Source, arm: str) -> list[Sentence]:
    """Say in how many draws the net benefit of an arm is above zero, and in how many it is the best."""
    parts: list[Part] = []
    for criterion, words in _CRITERIA.items():
        for row in _declared(source, criterion):
            if row["arm"] == arm:
                counted = Fact.count(row["positive_draws"]), " of ", Fact.count(row["draws"])
                parts += ["; " if parts else "", f"{words[0].lower()}{words[1:]} above zero in ", *counted]
    if not parts:
        return []
    return [
        says("Over draws of every swept quantity and both laws of learning, ", Name(arm), " has ", *parts, " draws.")
    ]


def ranking_tables(source: Source) -> list[Table]:
    """Return, for each criterion at the declared worth, a row an arm: the least expected regret first."""
    tables = []
    heads = ("Arm", "Probability best", "Above zero in", "Net benefit", "Expected regret")
    for criterion, words in _CRITERIA.items():
        rows = []
        for row in _declared(source, criterion):
            n = int(row["draws"])
            best = _estimate(row, ("probability_best", "best_low", "best_high"), "share", n)
            benefit = _estimate(row, ("net_benefit_gbp", "net_benefit_low", "net_benefit_high"), "GBP", n)
            regret = _estimate(row, ("expected_regret_gbp", "regret_low", "regret_high"), "GBP", n)
            count = says(Fact.count(row["positive_draws"]), " of ", Fact.count(n), " draws")
            rows.append((says(Name(row["arm"])), _cell(best), count, _cell(benefit), _cell(regret)))
        if rows:
            caption = says(
                f"{words}, over draws of the parameters: which arm is best, and what choosing another costs."
            )
            tables.append(Table(caption, tuple(says(head) for head in heads), tuple(rows)))
    return tables


def laws_table(source: Source) -> Table | None:
    """Return the headlines by law of learning: arms and terms down, cells of the grid across."""
    found = [row for row in _rows(source, "laws") if row["term"] in _LAWS]
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
    caption = says("The answer under each pair of laws of learning, each over its own draws.")
    return Table(caption, (says("Arm and term"), *(says(Name(cell)) for cell in cells)), tuple(rows))


def _law(row: Mapping[str, Any] | None) -> Estimate | None:
    return None if row is None else _estimate(row, ("value", "low", "high"), str(row["unit"]), int(row["draws"]))


def switching_table(source: Source) -> Table | None:
    """Return where the net benefit of an arm becomes nothing, thing by thing."""
    rows = []
    for row in _rows(source, "switching"):
        found = _estimate(row, ("value", "low", "high"), str(row["unit"]), 0)
        known = found is not None and not math.isnan(found.low)
        told = says("at ", found) if known and found else says(Name(str(row["sentence"])))
        words = _CRITERIA.get(row["criterion"], "Net benefit")
        rows.append((says(Name(row["arm"])), says(words), says(Name(row["what"])), told))
    if not rows:
        return None
    caption = says("At which value of one thing, all else as it is drawn, net benefit becomes nothing.")
    return Table(caption, tuple(says(head) for head in ("Arm", "Criterion", "Thing", "Turns")), tuple(rows))
