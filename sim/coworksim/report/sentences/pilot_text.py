"""What a pilot would find: a table for the terminal, and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from coworksim.report.sentences.estimates_in_words import Fact, Sentence, figure, says
from coworksim.report.sentences.limitations import runs_left_out

if TYPE_CHECKING:
    from coworksim.appraisal.pilot import Pilot


#: What is measured of people, and its unit.
OUTCOMES: Final = {
    "member": ("membership", "percentage points"),
    "td": ("TD skill", "points"),
    "sc": ("SC skill", "points"),
}
#: What belongs to the table.
_READ: Final = (
    "True effect: what those offered it have more of than the same people in the same world without the pilot.",
    "False positives: how often the same test finds an effect where there is none; 5 % are due.",
    "Bias: how far estimates are off the truth, the luck of the lot taken out. Spread: their standard deviation.",
    "±: half of a 95 % interval over replicates; it covers chance alone.",
)
#: People above whom no number is given.
_TOO_MANY: Final = 1_000_000


def pilot_rows(found: Pilot) -> list[tuple[str, ...]]:
    """Return the table: outcome, month, people asked; power, false positives; estimate, truth and bias."""
    rows: list[tuple[str, ...]] = [
        ("outcome", "month", "people", "power", "false positives", "estimate", "spread", "true effect", "bias")
    ]
    for row in found.power.to_dict("records"):
        numbers = [_number(row[name]) for name in ("estimate", "estimate_sd")]
        numbers += [_interval(row, name) for name in ("true_effect", "bias")]
        shares = [_share(row[name], row[f"{name}_half_width"]) for name in ("power", "false_positives")]
        rows.append((str(row["outcome"]), str(row["month"]), str(row["people"]), *shares, *numbers))
    return rows


def _share(value: float, half: float) -> str:
    return f"{value:.0%}" + (f" ±{half:.0%}" if math.isfinite(half) and half > 0 else "")


def _interval(row: dict[Any, Any], name: str) -> str:
    half = row[f"{name}_half_width"]
    return _number(row[name]) + (f" ±{half:.3f}" if math.isfinite(half) else "")


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def pilot_sentences(found: Pilot) -> list[str]:
    """Return what the table means in words."""
    from coworksim.appraisal.pilot import DESIGNS  # with the model, which a report of plain data has no use for

    books, survey = found.books, found.survey
    offered, part = float(books["offered"].mean()), float(books["taking_part"].mean())
    redeemed, used = (float(books[name].sum()) for name in ("redeemed", "used_day_30"))
    total = float(books["offered"].sum())
    what = "people offered it" if found.design == "lottery" else "people in the first regions"
    start = " and at the start" if survey.at_start else ""
    lines = [
        f"{DESIGNS[found.design].capitalize()}. {simulated_in(found.replicates, survey.draws).plain()}",
        f"On average {part:,.0f} people take part, {offered:,.0f} of them offered it, for "
        f"{float(books['public_paid_gbp'].mean()):,.0f} GBP up to the last survey.",
        f"Seen in the books: {redeemed / total:.0%} of {what} had a part paid, {used / total:.0%} were in a space in "
        "the week of day 30.",
        f"Assumed of the survey in each month{start}: {survey.response:.0%} answer; of the variance of answers on "
        f"skills {survey.reliability:.0%} is no noise (both are guesses; --response, --reliability).",
    ]
    regions = found.people["region"].nunique() if survey.by_region else 0
    lines += [_needed(row, regions, found.sizes[-1]) for row in found.needed.to_dict("records")]
    lines += _length(found)
    lines += [one.plain() for one in runs_left_out(found.failed)]
    return [*lines, *_READ]


def _needed(row: dict[Any, Any], regions: int, most: int) -> str:
    """Say how many must be asked; ``regions`` are those of a phased roll-out, else 0."""
    words, unit = OUTCOMES[str(row["outcome"])]
    true = f"{100.0 * row['true_effect']:.1f}" if row["outcome"] == "member" else f"{row['true_effect']:.3f}"
    effect = f"{_capital(words)} after {row['month']} months (true effect {true} {unit})"
    where = ""
    if regions and row["how"] == "extrapolated" and row["people"] <= _TOO_MANY:
        where = f", in about {figure(float(f'{regions * row["people"] / most:.2g}'))} regions like these"
    return f"{effect}: people to ask to find it in four of five: {asked(row).plain()}{where}."


def asked(row: Mapping[Any, Any]) -> Sentence:
    """Return how many people must be asked for an effect to be found in four surveys of five, or why none is given."""
    people = row["people"]
    if row["how"] == "not found" or people is None:
        return says("not given: over these worlds the effect is not clearly off zero")
    if row["how"] == "simulated":
        return says(Fact.count(int(people)))
    if people > _TOO_MANY:
        return says("more than ", Fact.count(_TOO_MANY), ": no such pilot finds it")
    return says("about ", Fact(figure(float(f"{people:.2g}"))), " (extrapolated)")


def simulated_in(replicates: int, surveys: int) -> Sentence:
    """Say in how many worlds a pilot was simulated."""
    return says("Simulated in ", Fact.count(replicates), " worlds with ", Fact.count(surveys), " surveys of each.")


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _length(found: Pilot) -> list[str]:
    """Say how long a pilot must last where more than one length was tried."""
    if len(found.months) < 2:
        return []
    lines = []
    for outcome, (words, _) in OUTCOMES.items():
        mine = found.needed[(found.needed["outcome"] == outcome) & (found.needed["how"] == "simulated")]
        what = _capital(words)
        if mine.empty:
            lines.append(f"{what}: none of {_list(found.months)} months is enough with {found.sizes[-1]:,} people.")
        else:
            lines.append(f"{what}: {int(mine['month'].min())} months are enough, of {_list(found.months)} tried.")
    return lines


def _list(months: tuple[int, ...]) -> str:
    return ", ".join(str(month) for month in months)
