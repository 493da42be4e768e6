"""The top of a report: what it is, what was found, and four cards."""

import math
from collections import Counter
from typing import Final

from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters import PARAMETERS, Evidence
from coworksim.report.html.uncertainty import counts_of_draws
from coworksim.report.sentences.appraisal_text import EFFECTS, SD_YEAR, baseline, brings, effect, odd_input, per_effect
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, cell, figure, filled, joined, says
from coworksim.report.sentences.funnel_text import funnel_sentence
from coworksim.report.sentences.value_for_money import pays, price_response, spent_before_its_end

_CLASSES: Final = {
    Evidence.MEASURED: "are measured",
    Evidence.DERIVED: "are derived from measured figures",
    Evidence.GUESS: "are guesses",
}
_SUPPORT: Final = ("deadweight_gbp", "support_other_plan_gbp", "support_new_gbp", "support_unmatched_gbp")
_SKILLS: Final = {"TD skill": ("td",), "SC skill": ("sc",), "both": ("td", "sc")}
_TOLERANCE: Final = 1e-6
#: Weeks in which additional members are told, and how many months they are.
_MONTHS: Final = {26: 6, 52: 12, 104: 24}


def checks(source: Appraisal) -> list[tuple[bool, Sentence]]:
    """Check what must hold in any comparison; return for each whether it does, and what it is."""
    found = []
    for arm in source.arms:
        accounts = [one.value for term in source.terms("balance | ") if (one := source.estimate(arm, term))]
        size = max(map(abs, accounts), default=0.0)
        holds = _near(math.fsum(accounts), 0.0, size)
        found.append((holds, says("the money of all accounts adds up to nothing in ", Name(arm))))
        whole = source.estimate(arm, "support_gbp")
        split = [one.value for part in _SUPPORT if (one := source.estimate(arm, part))]
        if whole and len(split) == len(_SUPPORT):
            holds = _near(math.fsum(split), whole.value, abs(whole.value))
            found.append((holds, says("the parts of the support add up to all of it in ", Name(arm))))
    found.append((not source.failed, says("no world failed")))
    found.append((source.replicates >= 2, says("there are enough worlds for an interval")))
    return found


def _near(one: float, other: float, size: float) -> bool:
    return abs(one - other) <= _TOLERANCE * max(size, 1.0)


def status(source: Appraisal) -> list[Sentence]:
    """Return what a reader must know before any number."""
    known = Counter(parameter.evidence for parameter in PARAMETERS.values())
    classes = joined(((Fact.count(known[one]), f" {words}") for one, words in _CLASSES.items()), ", ")
    failed = [words for holds, words in checks(source) if not holds]
    made = len(checks(source))
    end = ". Do not use it before the failed ones are understood:" if failed else "."
    return [
        says(
            "A simulation, not a forecast. Everything below is true of the model; whether it is true of a town, "
            "only a trial can tell."
        ),
        baseline(source),
        *odd_input(source),
        filled("Quality of evidence: of {} declared parameters {}.", Fact.count(len(PARAMETERS)), classes),
        filled(f"Checks of this result: {{}} of {{}} passed{end}", Fact.count(made - len(failed)), Fact.count(made)),
        *(filled("Failed: not so that {}.", words) for words in failed),
    ]


def units(source: Appraisal) -> list[Sentence]:
    """Say what the units of skill are, and what they come to here."""
    lines = [says("A point is a hundredth of the best skill at the start; a point-year is one point held for a year.")]
    told = []
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
            told.append((f"of {family.upper()} skill about ", size, " point-years"))
    return [*lines, says(f"{SD_YEAR}; in these worlds: ", *joined(told), ".")] if told else lines


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
        *funnel_sentence(source, arm),
        *_unspent(source, arm),
        *spent_before_its_end(source, arm),
        *price_response(source, arm),
    ]


def _costs(source: Appraisal, arm: str) -> Sentence:
    """Return what one more of each effect costs; in short where none is given for one and the same reason."""
    there = {one: term for term, (_, one) in EFFECTS.items() if source.estimate(arm, term) is not None}
    told = {one: per_effect(source, arm, term) for one, term in there.items()}
    reasons = {part for (part,) in told.values() if isinstance(part, str)}
    see = ". Where no cost is given, see net benefit, and the plane of cost and effect" if reasons else ""
    if len(reasons) == 1 and all(isinstance(part, str) for (part,) in told.values()):
        return says("Net public cost of an effect: ", *reasons, see, ".")
    costs = joined((f"{one}: ", *found) for one, found in told.items())
    return says(*(["Net public cost of "] if told else []), *costs, see, ".")


def _unspent(source: Appraisal, arm: str) -> list[Sentence]:
    left, budget = (source.estimate(arm, term) for term in ("underspend_gbp", "budget_gbp"))
    if left is None or budget is None or not left.low > 0.5 * budget.value > 0.0:
        return []
    return [filled("Most of the budget of {} is not spent: {}.", Fact.count(budget.value, "GBP"), left)]


def _counts(source: Appraisal, arm: str) -> list[Sentence]:
    counted = []
    for term, (what, _) in EFFECTS.items():
        if values := source.by_replicate(arm, term):
            counted.append((f"more {what}", sum(value > 0.0 for value in values), len(values)))
    if not counted:
        return []
    cost = source.by_replicate(arm, "public_cost_gbp")
    for words, families in _SKILLS.items():
        gained = zip(*(source.by_replicate(arm, f"{one}_total_sd_years") for one in families), strict=True)
        paid = sum(source.worth * math.fsum(one) > a for a, one in zip(cost, gained, strict=True))
        counted.append((f"net benefit in {words} above zero", paid, len(cost)))
    told = joined((f"{words} in ", Fact.count(count), " of ", Fact.count(of)) for words, count, of in counted)
    text = (
        "Counted over pairs of worlds that differ by chance alone: {} (an sd-year held to be worth {}, an assumption)."
    )
    return [filled(text, told, Fact.count(source.worth, "GBP"))]


def _members(source: Appraisal, arm: str) -> list[Sentence]:
    found = {months: source.in_week(arm, "members", week) for week, months in _MONTHS.items()}
    told = joined(
        ("after ", Fact.count(months, "months"), " ", *effect(one, "members")) for months, one in found.items() if one
    )
    return [says("Beside the same world without it: ", *told, ".")] if told else []


#: A heading, the number under it, and what belongs to it.
type Card = tuple[str, Sentence, tuple[Sentence, ...]]


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
        return found is not None and found.nothing

    reached = note("People eligible: ", "eligible_people"), note("of whom supported: ", "recipients")
    nobody = (says("Nobody applies for it: it acts on spaces and regions."),)
    deadweight = cell(source.finding(arm, "deadweight_share"))
    paid = note("Deadweight: ", "deadweight_gbp"), note("of support paid: ", "support_gbp")
    free = lacks("support_gbp")
    moved = source.estimate(arm, "displaced_net_member_months")
    others = says("Membership of others: ", moved.negative if moved else "not defined")
    return [
        (
            "Membership that would not have been",
            cell(source.finding(arm, "additional_member_months")),
            (*(nobody if lacks("eligible_people") else reached), *price("additional_member_months")),
        ),
        (
            "Skill, over everybody",
            note("TD: ", "td_total_sd_years"),
            (note("SC: ", "sc_total_sd_years"), *price("td_total_sd_years", "sc_total_sd_years")),
        ),
        (
            "Net public cost",
            cell(source.finding(arm, "public_cost_gbp")),
            (
                note("Paid out: ", "public_paid_gbp"),
                note("administration and error on top: ", "administration_gbp"),
                note("Budget not spent: ", "underspend_gbp"),
                note("Promised, not yet paid: ", "unpaid_commitments_gbp"),
            ),
        ),
        (
            "Paid for what would have been anyway",
            says("none: no membership is paid for") if free else deadweight,
            (*(() if free else paid), others),
        ),
    ]
