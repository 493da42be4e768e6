"""Equal cost, rankings and switching values in words; their tables and sentences in the terminal."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from coworksim.appraisal.appraisal_folder import PILOTS, TOLERANCE, Equalised
from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.ranking import CRITERIA as RANKED
from coworksim.appraisal.result import Appraisal
from coworksim.report.sentences.appraisal_text import in_terminal, terminal_lines
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, figure, filled, joined, says
from coworksim.report.sentences.limitations import not_ranked, runs_left_out
from coworksim.report.sentences.text import shortened
from coworksim.report.sentences.value_for_money import HELD
from coworksim.statistics.intervals import estimate

#: What became of the search for the size of an arm at which it has a given cost.
EQUAL_COST: Final = {
    "met": "met",
    "short": "not met: it cannot spend as much at any size, which is a finding",
    "coarse": "not met: its cost moves in steps, and none is nearer",
    "open": "not met: the nearest of the sizes tried",
    "nothing": "it costs nothing at any size",
}
#: Criteria of a ranking, in words.
CRITERIA: Final = {
    "td": "Net benefit in TD skill",
    "sc": "Net benefit in SC skill",
    "social_value": "Social value in the books",
}

#: Columns of a ranking: a value and its interval.
NET_BENEFIT: Final = ("net_benefit_gbp", "net_benefit_low", "net_benefit_high")
REGRET: Final = ("expected_regret_gbp", "regret_low", "regret_high")


def ranked_by(criterion: str) -> str:
    """Return what arms are ranked by."""
    return CRITERIA.get(criterion, "Net benefit")


def scaled(found: Equalised) -> Sentence:
    """Return every number of an arm's policies that was scaled, from where to where."""
    told = []
    for one in found.changed:
        before, after = Fact(figure(one.before)), Fact(f"{figure(one.after)} {one.unit}")
        told.append((Name(f"{one.policy}: {one.key.replace('_', ' ')}"), " from ", before, " to ", after))
    return says(*joined(told)) if told else says("nothing")


def rows_of(source: Appraisal, key: str) -> list[dict[Any, Any]]:
    """Return the rows of a table of the draws; none where there are no draws."""
    return source.tables[key].to_dict("records") if key in source.tables else []


def declared(source: Appraisal, criterion: str) -> list[dict[Any, Any]]:
    """Return the rows of a ranking by a criterion at the declared worth."""
    return [row for row in rows_of(source, "ranking") if row["criterion"] == criterion and row["declared"]]


def estimated(row: Mapping[str, Any], names: Sequence[str], unit: str, n: int) -> Estimate | None:
    """Return three columns of a row as an estimate; None where the first is not defined."""
    value, low, high = (float(row[name]) for name in names)
    return None if math.isnan(value) else Estimate(value, low, high, unit, n, "draw")


def turn(row: Mapping[str, Any]) -> Estimate | None:
    """Return where net benefit becomes nothing; None where it does not, or where no interval is known."""
    found = estimated(row, ("value", "low", "high"), str(row["unit"]), 0)
    return None if found is None or math.isnan(found.low) else found


def unswitched(source: Appraisal) -> list[Sentence]:
    """Say for each criterion which arms nothing turns in the range drawn, and what was tried."""
    lines, tried = [], list[str]()
    for criterion, words in CRITERIA.items():
        told: list[tuple[Part, ...]] = []
        for arm in source.arms:
            rows = [row for row in rows_of(source, "switching") if (row["criterion"], row["arm"]) == (criterion, arm)]
            left = [row for row in rows if turn(row) is None]
            tried += [str(row["what"]) for row in left]
            if left:
                told.append((Name(arm), ", ", Fact.count(len(left)), " of ", Fact.count(len(rows)), " things"))
        if told:
            start = f"{words} does not turn within the range drawn, or too few draws tell: "
            lines.append(says(start, *joined(told), "."))
    if lines:
        text = "Tried were: {}. Why each does not turn stands in {}, inside this file."
        lines.append(filled(text, Name("; ".join(dict.fromkeys(tried))), Name("switching.csv")))
    return lines


_NAME: Final = 30
#: A title and rows of cells.
type Table = tuple[str, list[tuple[str, ...]]]


def ranking_tables(appraisal: Appraisal) -> list[Table]:
    """Return a table of the arms by criterion at the declared worth, least regret first; and one by law of learning."""
    if appraisal.drawing is None:
        return []
    return [*(_ranked(appraisal, criterion) for criterion in RANKED), _by_law(appraisal)]


def _ranked(found: Appraisal, criterion: str) -> Table:
    what = "net benefit" if RANKED[criterion].cost else "value"
    rows: list[tuple[str, ...]] = [("", "best", "(95 %)", "positive in", f"{what}, GBP (95 %)", "regret, GBP (95 %)")]
    for row in declared(found, criterion):
        best = f"{row['probability_best']:.0%}", f"({row['best_low']:.0%} to {row['best_high']:.0%})"
        positive = f"{row['positive_draws']} of {row['draws']} draws"
        benefit, regret = _three(row, *NET_BENEFIT), _three(row, *REGRET)
        rows.append((shortened(str(row["arm"]), _NAME), *best, positive, benefit, regret))
    held = (found.drawing or {})["sd_year_value_gbp"]
    worth = f"{HELD}{held:,.0f} GBP" if RANKED[criterion].cost else ""
    return f"{ranked_by(criterion)}{worth}: how often is each arm the best of all?", rows


def _three(row: Any, *names: str) -> str:
    found = estimated(row, names, "", int(row["draws"]))
    return in_terminal(says(found or "-").plain())


def _by_law(found: Appraisal) -> Table:
    table, terms = found.tables["laws"], {"td_total_sd_years": "TD sd-years", "sc_total_sd_years": "SC sd-years"}
    terms |= {"probability_best_td": "best, TD", "probability_best_sc": "best, SC"}
    rows: list[tuple[str, ...]] = [("law of learning", "arm", *terms.values(), "draws")]
    rows_of = {(row["cell"], row["arm"], row["term"]): row for row in table.to_dict("records")}
    for cell in dict.fromkeys(table["cell"].astype(str)):
        for arm in _drawn_arms(found):
            of_arm = [rows_of[cell, arm, term] for term in terms]
            cells = [_three(one, "value", "low", "high") for one in of_arm[:2]]
            shares = [f"{one['value']:.0%}" for one in of_arm[2:]]
            rows.append((cell, shortened(arm, _NAME), *cells, *shares, str(int(of_arm[0]["draws"]))))
    title = (
        "By law of learning (theta 0: limited by what is put in; 1: closes a gap): mean and 95 % interval over draws"
    )
    return title, rows


def ranking_sentences(appraisal: Appraisal) -> list[str]:
    """Return why nothing is ranked, or what the ranking rests on, and the switching values."""
    made = appraisal.drawing
    if made is None:
        return [terminal_lines(line.plain()) for line in not_ranked(appraisal, "this command")]
    worlds = f"{made['replicates']} world{'s' * (made['replicates'] > 1)} a draw"
    lines = [
        f"{made['counted']} of {made['asked']} draws count, each with {len(made['inputs'])} parameters over their "
        "declared ranges, whatever the files of the scenario say (--set holds one), and a law of learning from a grid; "
        f"{worlds}, the world without and every arm from one burn-in. Best: share of draws in which no arm has a "
        "higher net benefit; arms that tie share a draw. Regret: what the best arm of a draw has more, on average. "
        "Intervals of this part cover the choice of draws: not ranges that are wrong."
    ]
    if made["held"]:
        lines.append(f"Held as set, not drawn: {', '.join(made['held'])}.")
    if passed := made["points_left_aside_as_impossible"]:
        lines.append(f"{passed} points at which shares of people add up to more than 1 were passed over.")
    lines += [one.plain() for one in runs_left_out(made["failed"])]
    lines.append(_without(appraisal))
    return [terminal_lines(line) for line in lines] + _switching(appraisal)


def _drawn_arms(found: Appraisal) -> list[str]:
    """Return the arms of the draws, of which one at least has no policies."""
    return list(dict.fromkeys(found.tables["draws"]["arm"].astype(str)))


def _without(found: Appraisal) -> str:
    table = found.tables["draws"]
    idle = next(arm for arm in _drawn_arms(found) if not found.arms.get(arm))
    rows = table[table["arm"] == idle]
    said = []
    for name, words in (("occupancy_without", "desks in use (share)"), ("price_elasticity", "price elasticity")):
        one = estimate(rows[name].dropna().tolist())
        told = says(Estimate(one.value, one.low, one.high, "", one.n, "draw")).plain() if one.n else ""
        said.append(f"{words} {told} in {one.n} draws" if told else f"{words} not defined in any draw")
    return f"Without policies, over the draws: {'; '.join(said)}."


def _switching(found: Appraisal) -> list[str]:
    lines = ["", "What would make the net benefit nothing, the rest being as drawn (switching values)?"]
    for row in rows_of(found, "switching"):
        if isinstance(row["value"], float) and not math.isnan(row["value"]):
            what = "" if row["kind"] == "assumed" else f"{row['what']} ({row['unit']}): "
            seen = "; seen in the draws, not set" if row["kind"] == "seen" else ""
            lines.append(f"{row['arm']}, {ranked_by(row['criterion'])}: {what}{row['sentence']}{seen}.")
    return [terminal_lines(line) for line in (*lines, *(one.plain() for one in unswitched(found)))]


def equalised_sentences(appraisal: Appraisal) -> list[str]:
    """Return a sentence for each arm: what was scaled, from where to where, what it costs, and whether that is met."""
    lines = []
    for found in appraisal.equalised.values():
        cost = f"costs {found.cost:,.0f} GBP in {PILOTS} pilots" if found.policies else "has no policies"
        over, after = appraisal.estimate(found.arm, "public_cost_gbp"), ""
        if found.policies and over:
            after = f" Over the {appraisal.replicates} replicates it costs {says(over).plain()}."
        asked = f"to be {found.budget:,.0f} GBP within {100 * TOLERANCE:g} %: {EQUAL_COST[found.verdict]}"
        head = f"{found.arm} {cost} ({found.before:,.0f} GBP as declared), {asked}."
        lines.append(terminal_lines(f"{head} Scaled: {scaled(found).plain()}.{after}"))
    return lines
