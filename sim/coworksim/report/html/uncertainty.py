"""Parts of a report on arms of equal cost, on draws of the parameters, and on values at which an answer turns."""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from coworksim.appraisal.appraisal_folder import PILOTS, TOLERANCE
from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.report.html.tables import Row, Table, banded
from coworksim.report.sentences import ranking_text
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, filled, joined, says
from coworksim.report.sentences.ranking_text import CRITERIA, declared, estimated, ranked_by, rows_of, turn

#: What is told of each law of learning, and counted over draws.
_EFFECTS: Final = {
    "td_total_sd_years": "More TD skill",
    "sc_total_sd_years": "More SC skill",
    "additional_member_months": "More membership",
}
_MONEY: Final = (ranking_text.NET_BENEFIT, ranking_text.REGRET)
_COUNTED: Final = ("additional_member_months", "td_total_sd_years", "sc_total_sd_years")
_CELL: Final = re.compile(r"theta_(sc|td) ([\d.]+)")


def equalised_table(source: Appraisal) -> Table | None:
    """Return, for each arm that was to have one net public cost, what was scaled, whether it has, and what it costs."""
    if not source.equalised:
        return None
    rows = []
    for arm, one in source.equalised.items():
        verdict, cost = ranking_text.EQUAL_COST[one.verdict], source.estimate(arm, "public_cost_gbp")
        rows.append((says(Name(arm)), says(verdict), ranking_text.scaled(one), _cell(cost)))
    budget = next(iter(source.equalised.values())).budget
    text = (
        "Every arm was to be scaled until its net public cost is {} (within {}), judged by the mean over the first {} "
        "worlds; over the worlds of this report it may differ by chance."
    )
    caption = filled(text, Fact.count(budget, "GBP"), Fact.count(100.0 * TOLERANCE, "%"), Fact.count(PILOTS))
    return Table.of(caption, ("Arm", "Equal cost", "What was scaled", "Net public cost here"), rows)


def draw_values(source: Appraisal, arm: str, term: str) -> list[float]:
    """Return a number draw by draw; empty where the folder has none."""
    table = source.tables.get("draws")
    if table is None or term not in table:
        return []
    return [float(value) for value in table[table["arm"] == arm][term] if math.isfinite(value)]


def _cell(found: Estimate | None) -> Sentence:
    return says(found) if found else says("not defined")


def counts_of_draws(source: Appraisal, arm: str) -> list[Sentence]:
    """Say in how many draws an arm brings more of each effect, and in how many its net benefit is above zero."""
    counted: list[tuple[str, int, int]] = []
    for term in _COUNTED:
        if values := draw_values(source, arm, term):
            counted.append((_begin(_EFFECTS[term]), sum(value > 0.0 for value in values), len(values)))
    for criterion, words in CRITERIA.items():
        own = [row for row in declared(source, criterion) if row["arm"] == arm]
        counted += [(f"{_begin(words)} above zero", row["positive_draws"], row["draws"]) for row in own]
    told = joined((f"{words} in ", Fact.count(count), " of ", Fact.count(of)) for words, count, of in counted)
    text = "Over draws of the parameters from their ranges, and of the laws of learning: {} draws."
    return [filled(text, told)] if counted else []


def _begin(words: str) -> str:
    return words[0].lower() + words[1:]


def ranking_table(source: Appraisal) -> Table | None:
    """Return, for each criterion at the declared worth, a row an arm: the least expected regret first."""
    parts: dict[str, list[Row]] = {}
    for criterion, words in CRITERIA.items():
        own = parts.setdefault(words, [])
        for row in declared(source, criterion):
            n = int(row["draws"])
            best = estimated(row, ("probability_best", "best_low", "best_high"), "share", n)
            benefit, regret = (estimated(row, names, "GBP", n) for names in _MONEY)
            count = says(Fact.count(row["positive_draws"]), " of ", Fact.count(n), " draws")
            own.append((says(Name(row["arm"])), _cell(best), count, _cell(benefit), _cell(regret)))
    if not any(parts.values()):
        return None
    caption = filled(
        "Which arm is best over the draws, an sd-year held to be worth {} (a guess). Arms that tie for the best share "
        "a draw; regret is what the best arm of a draw has more, on average.",
        Fact.count(source.worth, "GBP"),
    )
    heads = ("Arm", "Best of all in", "Above zero in", "Net benefit", "Lost by choosing it (expected regret)")
    return Table.of(caption, heads, banded(parts))


def laws_table(source: Appraisal) -> Table | None:
    """Return effects by law of learning: arms and terms down, cells of the grid across."""
    found = [row for row in rows_of(source, "laws") if row["term"] in _EFFECTS and row["arm"] in source.acting]
    cells = list(dict.fromkeys(row["cell"] for row in found))
    if not cells:
        return None
    at = {(row["arm"], row["term"], row["cell"]): row for row in found}
    rows: list[Row] = []
    for arm in dict.fromkeys(row["arm"] for row in found):
        rows.append((says(Name(arm)),))
        for term, words in _EFFECTS.items():
            own = [at.get((arm, term, cell)) for cell in cells]
            if any(own):
                rows.append((says(words), *(_cell(_law(row)) for row in own)))
    draws = [int(row["draws"]) for row in found]
    caption = filled(
        "The answer under each pair of laws of learning, each over {} draws of its own. {}: learning is limited by "
        "what is put in; {}: it closes a gap.",
        joined(((Fact.count(many),) for many in sorted({min(draws), max(draws)})), " to "),
        Name("theta 0"),
        Name("1"),
    )
    return Table.of(caption, ("Arm and term", *(says(Name(_law_name(cell))) for cell in cells)), rows)


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
        for skill in ("TD", "SC"):
            term = f"{skill.lower()}_total_sd_years"
            cost = source.estimate(arm, f"public_cost_per_{term}")
            if cost is not None and not math.isnan(cost.low):
                told = Estimate(cost.value, cost.low, cost.high, "GBP", cost.n)
                words = f" pays in {skill} skill alone, on average, if an sd-year is worth more than "
                end = "; it is held to be worth ", worth, ", a guess."
                lines.append(says("In this model, ", Name(arm), words, told, *end))
            elif source.estimate(arm, term) is not None:
                none.append(f"{arm} in {skill} skill")
    if none:
        what = "Over these worlds the interval of the effect is not above zero, so that no worth is given at which it "
        lines.append(says(what, "pays, for ", Name("; ".join(none)), "."))
    return lines


#: What the draws do with a thing that turns an answer, by its kind.
_KINDS: Final = {"assumed": "held to be worth it", "seen": "seen in the draws, not set"}


def switching_table(source: Appraisal) -> Table | None:
    """Return the values at which the net benefit of an arm becomes nothing, where there are any."""
    rows = []
    for row in rows_of(source, "switching"):
        if found := turn(row):
            words, kind = ranked_by(row["criterion"]), _KINDS.get(row["kind"], "set by the draws")
            rows.append((says(Name(row["arm"])), says(words), says(Name(row["what"])), says(found), says(kind)))
    caption = says("At which value of one thing, all else as it is drawn, net benefit becomes nothing.")
    return Table.of(caption, ("Arm", "Criterion", "Thing", "Turns at", "This thing is"), rows) if rows else None
