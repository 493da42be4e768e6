"""Ranking, switching values and equal cost in the terminal: tables and sentences for who has to defend them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.equal_cost import PILOTS, TOLERANCE
from coworksim.appraisal.ranking import CRITERIA
from coworksim.report.sentences.appraisal_text import number, wrapped
from coworksim.report.sentences.text import shortened
from coworksim.statistics.student_t import estimate

if TYPE_CHECKING:
    from coworksim.appraisal.equal_cost import Change, Equalised
    from coworksim.appraisal.monte_carlo import Uncertainty
    from coworksim.appraisal.result import Appraisal

__all__ = ["NOT_RANKED", "equalised_sentences", "ranking_sentences", "ranking_tables"]

NOT_RANKED: Final = (
    "No ranking: replicates differ by chance alone, in a world with these parameters and laws of learning, and chance "
    "shrinks with replicates. Add --draws 64 to draw parameters and laws; only over draws are arms ranked."
)
_NAME: Final = 30
_VERDICTS: Final = {
    "met": "that is within {tolerance:.0%} of {budget} GBP",
    "short": "it cannot spend {budget} GBP, at any size: {left} GBP would stay unspent, which is a finding",
    "coarse": "its cost moves in steps, and none of them is nearer to {budget} GBP",
    "open": "ten sizes were tried, and this one came nearest to {budget} GBP",
    "nothing": "it costs nothing, so that no size brings it to {budget} GBP",
}

type Table = tuple[str, list[tuple[str, ...]]]


def ranking_tables(appraisal: Appraisal) -> list[Table]:
    """Return a table of the arms by criterion at the declared worth, least regret first; and one by law of learning."""
    found = appraisal.uncertainty
    if found is None:
        return []
    tables = [_ranked(found, criterion) for criterion in CRITERIA]
    return [*tables, _by_law(found)]


def _ranked(found: Uncertainty, criterion: str) -> Table:
    table = found.ranking
    here = table[(table["criterion"] == criterion) & table["declared"]]
    what = "net benefit" if CRITERIA[criterion].cost else CRITERIA[criterion].words
    rows: list[tuple[str, ...]] = [("", "best", "(95 %)", "positive in", f"{what}, GBP (95 %)", "regret, GBP (95 %)")]
    for row in here.to_dict("records"):
        rows.append(
            (
                shortened(str(row["arm"]), _NAME),
                f"{row['probability_best']:.0%}",
                f"({row['best_low']:.0%} to {row['best_high']:.0%})",
                f"{row['positive_draws']} of {row['draws']} draws",
                _three(row, "net_benefit_gbp", "net_benefit_low", "net_benefit_high"),
                _three(row, "expected_regret_gbp", "regret_low", "regret_high"),
            )
        )
    worth = f", an sd-year held to be worth {found.worth:,.0f} GBP" if CRITERIA[criterion].cost else ""
    return f"By {CRITERIA[criterion].words}{worth}: how often is each arm the best of all?", rows


def _three(row: Any, *names: str) -> str:
    value, low, high = (number(float(row[name])) for name in names)
    return f"{value} ({low} to {high})"


def _by_law(found: Uncertainty) -> Table:
    """Return the effect on skills of each arm by cell of the grid of laws."""
    table = found.laws
    terms = {
        "td_total_sd_years": "TD sd-years",
        "sc_total_sd_years": "SC sd-years",
        "probability_best_td": "best, TD",
        "probability_best_sc": "best, SC",
    }
    rows: list[tuple[str, ...]] = [("law of learning", "arm", *terms.values(), "draws")]
    rows_of = {(row["cell"], row["arm"], row["term"]): row for row in table.to_dict("records")}
    for cell in dict.fromkeys(table["cell"].astype(str)):
        for arm in found.arms:
            of_arm = [rows_of[cell, arm, term] for term in terms]
            cells = [f"{number(one['value'])} ({number(one['low'])} to {number(one['high'])})" for one in of_arm[:2]]
            shares = [f"{one['value']:.0%}" for one in of_arm[2:]]
            rows.append((cell, shortened(arm, _NAME), *cells, *shares, str(int(of_arm[0]["draws"]))))
    return (
        "By law of learning (theta 0: limited by what is put in; 1: closes a gap): mean and 95 % interval over draws",
        rows,
    )


def ranking_sentences(appraisal: Appraisal) -> list[str]:
    """Return why nothing is ranked, or what the ranking rests on, and the switching values."""
    found = appraisal.uncertainty
    if found is None:
        return [wrapped(NOT_RANKED)]
    sample = found.sample
    worlds = f"{found.replicates} world{'s' * (found.replicates > 1)} a draw"
    lines = [
        f"{found.counted} of {found.asked} draws count, each with {len(sample.factors)} parameters over their declared "
        "ranges, whatever the files of the scenario say (--set holds one), and a law of learning from a grid; "
        f"{worlds}, the world without and every arm from one burn-in. Best: share of draws in which no arm has a "
        "higher net benefit; arms that tie share a draw. Regret: what the best arm of a draw has more, on average. "
        "Intervals of this part cover the choice of draws: not ranges that are wrong.",
    ]
    if sample.held:
        lines.append(f"Held as set, not drawn: {', '.join(sample.held)}.")
    if sample.impossible:
        lines.append(f"{sample.impossible} points at which shares of people add up to more than 1 were passed over.")
    lines += [f"Left out: {text}." for text in found.failed]
    lines.append(_beside(found))
    return [wrapped(line) for line in lines] + _switching(found)


def _beside(found: Uncertainty) -> str:
    """Return occupancy and price elasticity over the draws, without policies."""
    rows = found.draws[found.draws["arm"] == found.idle[0]]
    said = []
    for name, words in (("occupancy_without", "desks in use (share)"), ("price_elasticity", "price elasticity")):
        one = estimate(rows[name].dropna().tolist())
        interval = f"{number(one.value)} ({number(one.low)} to {number(one.high)}) in {one.n} draws"
        said.append(f"{words} {interval if one.n else 'not defined in any draw'}")
    return f"Without policies, over the draws: {'; '.join(said)}."


def _switching(found: Uncertainty) -> list[str]:
    """Return a sentence for each switching value that there is, and one by criterion for those that there are not."""
    table = found.switching
    lines = ["", "What would make the net benefit nothing, the rest being as drawn (switching values)?"]
    for criterion in CRITERIA:
        missing = []
        for arm in found.arms:
            rows = table[(table["criterion"] == criterion) & (table["arm"] == arm)]
            told = rows[rows["value"].notna()]
            lines += [_switch(arm, CRITERIA[criterion].words, row) for row in told.to_dict("records")]
            if len(told) < len(rows):
                missing.append(f"{arm} ({len(rows) - len(told)} of {len(rows)} things)")
        if missing:
            lines.append(
                f"No switching value of {CRITERIA[criterion].words} in the range drawn: {', '.join(missing)}; "
                "switching.csv says for each why."
            )
    return [wrapped(line) for line in lines]


def _switch(arm: str, words: str, row: Any) -> str:
    what = "" if row["kind"] == "assumed" else f"{row['what']} ({row['unit']}): "
    seen = "; seen in the draws, not set" if row["kind"] == "seen" else ""
    return f"{arm}, {words}: {what}{row['sentence']}{seen}."


def equalised_sentences(appraisal: Appraisal) -> list[str]:
    """Return a sentence for each arm: what was scaled, from where to where, what it costs, and whether that is met."""
    return [wrapped(_equalised(found, appraisal)) for found in appraisal.equalised.values()]


def _equalised(found: Equalised, appraisal: Appraisal) -> str:
    left = number(max(found.budget - found.cost, 0.0))
    verdict = _VERDICTS[found.verdict].format(tolerance=TOLERANCE, budget=f"{found.budget:,.0f}", left=left)
    scaled = "; ".join(_change(change) for change in found.changed) or "nothing was changed"
    row = appraisal.number(found.arm, "public_cost_gbp")
    cost = f"costs {found.cost:,.0f} GBP in {PILOTS} pilots" if found.policies else "has no policies"
    after = f" Over the {appraisal.replicates} replicates it costs {row['value']:,.0f} GBP." if found.policies else ""
    return f"{found.arm} {cost} ({found.before:,.0f} GBP as declared): {verdict}. Scaled: {scaled}.{after}"


def _change(change: Change) -> str:
    return f"{change.key} of {change.policy} from {change.before:,.6g} to {change.after:,.6g} {change.unit}"
