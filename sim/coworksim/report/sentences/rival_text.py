"""What remains of awards that have ended, by habit and by lasting taste beside each other, in tables and sentences."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.measure_registry import AFTER
from coworksim.appraisal.result import Appraisal
from coworksim.appraisal.rival import DIFFERENCE
from coworksim.report.sentences.appraisal_text import WIDTH, effect, in_terminal, terminal_lines
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, filled, says, texts
from coworksim.report.sentences.text import shortened

#: What is told of each time after the last payment, with {} for the number of months.
_TOLD: Final = {
    "members_after_{}_months": "More members",
    "td_points_after_{}_months": "More TD skill",
    "sc_points_after_{}_months": "More SC skill",
    "cash_after_{}_months_gbp": "More cash of spaces",
    "occupancy_after_{}_months": "Higher occupancy",
    "closures_after_{}_months": "More spaces closed",
}
_STAYING: Final = {"habit": "because they have got used to it", "taste": "because they have always liked it"}
_NARROW: Final = 34


def staying(form: str) -> str:
    """Return why people stay members by a form of persistence."""
    return _STAYING[form]


def _beside(source: Appraisal, arm: str, term: str) -> tuple[Estimate, Estimate, Estimate] | None:
    """Return a number by the scenario's form, by the rival's, and the difference; None where the rival lacks it."""
    table, asked = source.tables.get("remains"), source.rival
    if table is None or asked is None:
        return None
    rows = table[(table["arm"] == arm) & (table["term"] == term)].set_index("persistence")
    if any(form not in rows.index for form in (asked["own"], asked["other"], DIFFERENCE)):
        return None
    own, other, more = (_estimate(rows.loc[form]) for form in (asked["own"], asked["other"], DIFFERENCE))
    return own, other, more


def _estimate(row: Any) -> Estimate:
    unit = "difference of shares" if row["unit"] == "share" else str(row["unit"])
    return Estimate(float(row["value"]), float(row["low"]), float(row["high"]), unit, int(row["n"]))


def remaining(source: Appraisal, arm: str) -> Iterator[tuple[Sentence, tuple[Estimate, Estimate, Estimate]]]:
    """Go through what remains of an arm: what it is and when; by the scenario's form, by the rival's, difference."""
    for months in (0, *AFTER):
        when = (", ", Fact.count(months, "months"), " on") if months else (", that week",)
        for term, words in _TOLD.items():
            if (found := _beside(source, arm, term.format(months))) is not None:
                yield says(words, *when), found


def rows_by_form(source: Appraisal) -> Iterator[tuple[str, Sentence, list[Estimate | None]]]:
    """Go through what the page shows of each form: name of the number, what it is, and a number for each arm.

    Members are told as late as there are any, what has been learnt and the cash of spaces once.
    """
    asked, first = source.rival or {}, min(AFTER)
    for at, side in enumerate(("own", "other") if asked else ()):
        for months in AFTER:
            when = (", ", Fact.count(months, "months"), f" after the last payment, by {asked[side]}")
            for term, words in [*_TOLD.items()][: 4 if months == first else 1]:
                found = [_beside(source, arm, term.format(months)) for arm in source.arms]
                if any(found):
                    yield term.format(months), says(words, *when), [one and one[at] for one in found]


def rival_tables(source: Appraisal) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return for each arm the table of the terminal, with its title: what is told of people and money."""
    tables, asked = [], source.rival
    for arm in source.arms:
        rows = [
            (f"{label.plain()}, {beside[0].unit}", *(_bare(one) for one in beside))
            for label, beside in remaining(source, arm)
            if beside[0].unit in ("people", "points", "GBP")
        ]
        if rows and asked is not None:
            heads = ("", f"by {asked['own']}", f"by {asked['other']}", "difference, same worlds")
            title = f"What remains of {shortened(arm, WIDTH - _NARROW)} after the last payment"
            tables.append((title, [heads, *rows]))
    return tables


def _bare(found: Estimate) -> str:
    return in_terminal(" ".join(texts(replace(found, unit=""))))


def rival_sentences(source: Appraisal) -> list[Sentence]:
    """Say what differs between the two, and why; or why the rival was not asked."""
    asked = source.rival
    if asked is None:
        return []
    own, other = staying(asked["own"]), staying(asked["other"])
    if asked["reason"]:
        text = "What remains after awards holds if people stay members {}. If they stay {}, the model cannot say: {}."
        return [filled(text, own, other, Name(asked["reason"]))]
    return [line for arm in source.arms for line in _of_arm(source, arm, own, other)]


def _of_arm(source: Appraisal, arm: str, own: str, other: str) -> Iterator[Sentence]:
    told = {months: found for months in AFTER if (found := _beside(source, arm, f"members_after_{months}_months"))}
    if not told or source.rival is None:
        return
    months = max(told, key=lambda at: (told[at][2].n, at))  # as late as most of the worlds go
    mine, theirs, more = told[months]
    text = "{} after the last payment of {}: {} if people stay members {}; {} if they stay {}."
    when, asked = Fact.count(months, "months"), Fact.count(source.rival["replicates"])
    yield (
        filled(text, when, Name(arm), effect(mine, "members"), own, effect(theirs, "members"), other)
        + filled("The second was asked in {} of {} worlds.", asked, Fact.count(source.replicates))
        + _verdict(source.rival["own"], more)
    )


def _verdict(own: str, more: Estimate) -> Sentence:
    """Say which leaves more, by the difference in the same worlds, and why."""
    by_taste = more.negative if own == "taste" else more  # than by habit
    if by_taste.sign < 0:
        why = "an award makes nobody like coworking more, so whom it brought in leaves when it ends"
        return says(f"Less remains by taste alone: {why}.")
    if by_taste.sign > 0:
        return says("More remains by taste alone, which habits alone would not lead one to expect.")
    return says("These worlds do not tell the two apart: by habit whom an award brought in should stay for longer.")


def rival_lines(source: Appraisal) -> list[str]:
    """Return the sentences as the terminal shows them."""
    return [terminal_lines(line.plain()) for line in rival_sentences(source)]
