"""The top of a report: what it is, what was found, and four cards."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters import PARAMETERS, Evidence
from coworksim.report.html.uncertainty import counts_of_draws
from coworksim.report.sentences.effect_text import EFFECTS, SD_YEAR, brings, effect, per_effect
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, cell, figure, says
from coworksim.report.sentences.value_for_money import pays, price_response, spent_before_its_end

CLASSES: Final = {
    Evidence.MEASURED: "measured",
    Evidence.DERIVED: "derived from measured figures",
    Evidence.GUESS: "guess",
}
#: The way from those who could apply to those who use it.
_STEPS: Final = {
    "eligible_people": ". Eligible: ",
    "aware_people": "; had heard of it: ",
    "awarded_people": "; were awarded it: ",
    "recipients": "; became or stayed members with it: ",
}
_TOLERANCE: Final = 1e-6
#: Weeks in which additional members are told, and how many months they are.
_MONTHS: Final = {26: 6, 52: 12, 104: 24}


def checks(source: Appraisal) -> list[tuple[bool, Sentence]]:
    """Check what must hold in any comparison; return for each whether it does, and what it is."""
    found = []
    for arm in source.arms:
        kinds = source.terms("balance | ")
        means = [source.estimate(arm, term) for term in kinds]
        size = max((abs(one.value) for one in means if one), default=0.0)
        total = math.fsum(one.value for one in means if one)
        holds = abs(total) <= _TOLERANCE * max(size, 1.0)
        found.append((holds, says("the money of all accounts adds up to nothing in ", Name(arm))))
        parts = ("deadweight_gbp", "support_other_plan_gbp", "support_new_gbp", "support_unmatched_gbp")
        whole = source.estimate(arm, "support_gbp")
        split = [source.estimate(arm, part) for part in parts]
        if whole and all(split):
            difference = abs(math.fsum(one.value for one in split if one) - whole.value)
            holds = difference <= _TOLERANCE * max(abs(whole.value), 1.0)
            found.append((holds, says("the parts of the support add up to all of it in ", Name(arm))))
    found.append((not source.failed, says("no world failed")))
    found.append((source.replicates >= 2, says("there are enough worlds for an interval")))
    return found


def status(source: Appraisal) -> list[Sentence]:
    """Return what a reader must know before any number."""
    known = Counter(parameter.evidence for parameter in PARAMETERS.values())
    made = checks(source)
    passed = sum(holds for holds, _ in made)
    parts: list[Part] = ["Quality of evidence: of ", Fact.count(len(PARAMETERS)), " declared parameters "]
    for at, (evidence, words) in enumerate(CLASSES.items()):
        verb = "are guesses" if evidence is Evidence.GUESS else f"are {words}"
        parts += [", " if at else "", Fact.count(known[evidence]), f" {verb}"]
    lines = [
        says(
            "A simulation, not a forecast. Everything below is true of the model; whether it is true of a town, "
            "only a trial can tell."
        ),
        Sentence((*parts, ".")),
        says(
            "Checks of this result: ",
            Fact.count(passed),
            " of ",
            Fact.count(len(made)),
            " passed",
            "." if passed == len(made) else ". Do not use it before the failed ones are understood:",
        ),
    ]
    return lines + [says("Failed: not so that ", *words.parts, ".") for holds, words in made if not holds]


def units(source: Appraisal) -> list[Sentence]:
    """Say what the units of skill are, and what they come to here."""
    lines = [says("A point is a hundredth of the best skill at the start; a point-year is one point held for a year.")]
    parts: list[Part] = []
    for family in ("td", "sc"):
        pairs = [
            (sd.value, points.value)
            for arm in source.acting
            if (sd := source.estimate(arm, f"{family}_total_sd_years"))
            and (points := source.estimate(arm, f"{family}_total_point_years"))
        ]
        most, points_of_most = max(pairs, key=lambda pair: abs(pair[0]), default=(0.0, 0.0))
        if most:
            size = Fact(figure(points_of_most / most))
            parts += ["; " if parts else "", f"of {family.upper()} skill about ", size, " point-years"]
    if parts:
        lines.append(says(f"{SD_YEAR}; in these worlds: ", *parts, "."))
    return lines


def headlines(source: Appraisal, arm: str) -> list[Sentence]:
    """Return what an arm brings, what that costs, in how many worlds, and how many members when."""
    weeks = Fact.count(source.scenario.weeks, "weeks")
    over = says("Over everybody and ", weeks, "; in brackets: ", Fact("95 %"), " intervals, for chance alone.")
    counts = counts_of_draws(source, arm) if source.has_draws else _counts(source, arm)
    return [
        pays(source, arm),
        brings(source, arm) + over,
        *counts,
        _costs(source, arm),
        *_members(source, arm),
        *_unspent(source, arm),
        *spent_before_its_end(source, arm),
        *price_response(source, arm),
    ]


def _costs(source: Appraisal, arm: str) -> Sentence:
    """Return what one more of each effect costs; in short where none is given for one and the same reason."""
    told = {
        one: per_effect(source, arm, term)
        for term, (_, one) in EFFECTS.items()
        if source.estimate(arm, term) is not None
    }
    reasons = {part for (part,) in told.values() if isinstance(part, str)}
    see = ". Where no cost is given, see net benefit, and the plane of cost and effect" if reasons else ""
    if len(reasons) == 1 and all(isinstance(part, str) for (part,) in told.values()):
        return says("Net public cost of an effect: ", *reasons, see, ".")
    parts: list[Part] = []
    for one, found in told.items():
        parts += ["; " if parts else "Net public cost of ", f"{one}: ", *found]
    return Sentence((*parts, see, "."))


def _unspent(source: Appraisal, arm: str) -> list[Sentence]:
    """Say where most of a budget is left, and how far people came on the way to it."""
    left, budget = (source.estimate(arm, term) for term in ("underspend_gbp", "budget_gbp"))
    if left is None or budget is None or not left.low > 0.5 * budget.value > 0.0:
        return []
    steps = [source.estimate(arm, term) for term in _STEPS]
    found: list[Part] = ["Most of the budget of ", Fact.count(budget.value, "GBP"), " is not spent: ", left]
    if all(steps) and steps[0] and steps[0].value > 0.0:
        found += [part for word, step in zip(_STEPS.values(), steps, strict=True) if step for part in (word, step)]
    return [Sentence((*found, "."))]


def _counts(source: Appraisal, arm: str) -> list[Sentence]:
    """Return in how many worlds there is more of each effect, and in how many the net benefit is positive."""
    parts: list[Part] = []
    for term, (what, _) in EFFECTS.items():
        values = source.by_replicate(arm, term)
        if values:
            more = sum(value > 0.0 for value in values)
            parts += ["; " if parts else "", f"more {what} in ", Fact.count(more), " of ", Fact.count(len(values))]
    if not parts:
        return []
    worth = Fact.count(source.worth, "GBP")
    skills = {"TD skill": ("td",), "SC skill": ("sc",), "both": ("td", "sc")}
    for words, families in skills.items():
        cost, *gained = (
            source.by_replicate(arm, term)
            for term in ("public_cost_gbp", *(f"{one}_total_sd_years" for one in families))
        )
        value = source.worth
        paid = sum(value * math.fsum(one) > a for a, *one in zip(cost, *gained, strict=True))
        parts += [f"; net benefit in {words} above zero in ", Fact.count(paid), " of ", Fact.count(len(cost))]
    return [
        says(
            "Counted over pairs of worlds that differ by chance alone: ",
            *parts,
            " (an sd-year held to be worth ",
            worth,
            ", an assumption).",
        )
    ]


def _members(source: Appraisal, arm: str) -> list[Sentence]:
    """Return how many more members there are at some months, as far as the horizon goes."""
    parts: list[Part] = []
    for week, months in _MONTHS.items():
        found = source.in_week(arm, "members", week)
        if found is not None:
            parts += ["; " if parts else "", "after ", Fact.count(months, "months"), " ", *effect(found, "members")]
    return [says("Beside the same world without it: ", *parts, ".")] if parts else []


@dataclass(frozen=True)
class Card:
    """A heading, the number under it, and what belongs to it."""

    title: str
    main: Sentence
    notes: tuple[Sentence, ...]


def cards(source: Appraisal, arm: str) -> list[Card]:
    """Return the four cards of an arm."""

    def note(words: str, term: str) -> Sentence:
        return says(words, *cell(source.finding(arm, term)).parts)

    def price(*terms: str) -> tuple[Sentence, ...]:
        told = {term: per_effect(source, arm, term) for term in terms}
        if len(terms) > 1 and all(one == told[terms[0]] and isinstance(one[0], str) for one in told.values()):
            return (says("Cost of an sd-year of either: ", *told[terms[0]]),)
        return tuple(says(f"Cost of {EFFECTS[term][1]}: ", *found) for term, found in told.items())

    def lacks(term: str) -> bool:
        found = source.estimate(arm, term)
        return found is not None and found.exact and found.value == 0.0

    reached: tuple[Sentence, ...] = (
        note("People eligible: ", "eligible_people"),
        note("of whom supported: ", "recipients"),
    )
    if lacks("eligible_people"):
        reached = (says("Nobody applies for it: it acts on spaces and regions."),)
    deadweight = cell(source.finding(arm, "deadweight_share"))
    paid: tuple[Sentence, ...] = (note("Deadweight: ", "deadweight_gbp"), note("of support paid: ", "support_gbp"))
    if lacks("support_gbp"):
        deadweight, paid = says("none: no membership is paid for"), ()
    moved = source.estimate(arm, "displaced_net_member_months")
    others = says("Membership of others: ", moved.negative if moved else "not defined")
    return [
        Card(
            "Membership that would not have been",
            cell(source.finding(arm, "additional_member_months")),
            (*reached, *price("additional_member_months")),
        ),
        Card(
            "Skill, over everybody",
            says("TD: ", *cell(source.finding(arm, "td_total_sd_years")).parts),
            (note("SC: ", "sc_total_sd_years"), *price("td_total_sd_years", "sc_total_sd_years")),
        ),
        Card(
            "Net public cost",
            cell(source.finding(arm, "public_cost_gbp")),
            (
                note("Paid out: ", "public_paid_gbp"),
                note("administration and error on top: ", "administration_gbp"),
                note("Budget not spent: ", "underspend_gbp"),
                note("Promised, not yet paid: ", "unpaid_commitments_gbp"),
            ),
        ),
        Card("Paid for what would have been anyway", deadweight, (*paid, others)),
    ]
