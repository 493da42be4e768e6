"""What a policy is, in a sentence, and what numbers of an appraisal are called, on terminal, page and in a report."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from coworksim.appraisal.estimates import Finding
from coworksim.model.policies import KINDS, LEVERS, Lever
from coworksim.model.policy import Eligibility, Policy
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, joined, says, texts, why_none

_HUNDRED: Final = 100.0


def budget(policies: Sequence[Policy]) -> Fact:
    """Return the budgets of all policies of an arm."""
    return _short(sum(policy.budget for policy in policies) / _HUNDRED, "GBP")


def policy_sentence(policy: Policy, *, named: bool = True) -> Sentence:
    """Return what a policy does, for whom, when, and for how much; its name comes first where it is ``named``."""
    kind = KINDS[policy.kind]
    parts: list[Part] = [*((Name(policy.name), ": ") if named else ()), Name(kind.meaning)]
    for name, lever in LEVERS.items():
        if name in (*kind.needs, *kind.one_of, *kind.may, *(("months",) if kind.is_award else ())):
            parts += _lever(lever, getattr(policy, name))
    if policy.where == "outside":
        parts.append(", outside spaces")
    if kind.is_award:
        parts += [", awarded ", Name({"means": "by lowest income"}.get(policy.award, policy.award))]
        if policy.number is not None:
            parts += [" to at most ", Fact.count(policy.number, "people")]
    parts += ["; from week ", Fact.count(policy.start), " to week ", Fact.count(policy.end)]
    parts += [", budget ", _short(policy.budget / _HUNDRED, "GBP")]
    return Sentence(tuple(parts))


def _short(value: float, unit: str) -> Fact:
    """Return a declared number without the digits that scaling has left: whole from a thousand on, else four figures.

    >>> _short(102_502.23, "GBP").text, _short(21.16402, "h/week").text, _short(1.238892, "ratio").text
    ('102,502 GBP', '21.16 h/week', '1.239 times')
    """
    kept = round(value) if abs(value) >= 1000.0 else float(f"{value:.4g}")
    return Fact.count(kept, "times" if unit == "ratio" else unit)


def _lever(lever: Lever, value: Any) -> list[Part]:
    if value in (None, 0, 0.0) or (lever.is_factor and value == 1.0):
        return []
    if lever.percent:
        shown = _short(_HUNDRED * value, "%")
    else:
        shown = _short(value / _HUNDRED if lever.form == "money" else float(value), lever.unit)
    return [", ", shown, " ", lever.said or f"({lever.meaning})"]


def who(policies: Sequence[Policy]) -> Sentence:
    """Return for whom an arm is: every condition that its policies set.

    >>> from coworksim.files.load import load_scenario
    >>> who(load_scenario("tiny", policies=["voucher"]).policies).plain()
    'everybody'
    """
    if not policies:
        return says("nobody")
    return says(*joined(dict.fromkeys(_conditions(policy.eligible) for policy in policies), " | "))


def _conditions(eligible: Eligibility) -> tuple[Part, ...]:
    found: list[tuple[Part, ...]] = []
    if eligible.career_from:
        found.append(("from ", Fact.count(eligible.career_from, "years"), " of career"))
    if eligible.career_below is not None:
        found.append(("under ", Fact.count(eligible.career_below, "years"), " of career"))
    if eligible.income_below is not None:
        found.append(("income under ", Fact.count(eligible.income_below, "GBP/week")))
    for names in (eligible.occupations, eligible.statuses, eligible.regions):
        if names:
            found.append((Name(", ".join(names).replace("_", " ")),))
    if eligible.non_members:
        away = ("no members for ", Fact.count(eligible.away_months, "months")) if eligible.away_months else None
        found.append(away or ("not yet members",))
    return tuple(joined(found)) or ("everybody",)


#: Terms of a report by part; a minus before a term turns its sign round.
LABELS: Final[dict[str, dict[str, str]]] = {
    "Take-up": {
        "eligible_people": "People eligible",
        "aware_people": "who had heard of it",
        "wished_people": "who wished to use it",
        "applied_people": "who applied",
        "awarded_people": "who were awarded it",
        "used_people": "who used it",
        "additional_people": "who were members for longer because of it",
        "recipients": "who got support for a membership",
        "take_up_share": "supported among the eligible",
    },
    "Gross": {"supported_member_months": "Supported member-months", "support_gbp": "Support paid for members"},
    "Deadweight": {
        "deadweight_gbp": "Paid for membership there would have been anyway",
        "deadweight_share": "share of support",
        "deadweight_identity_share": "on any plan, as one over one plus the response",
        "acceleration_member_months": "Only earlier than without it",
        "retention_member_months": "Kept from leaving",
    },
    "Displacement (below zero: lost to others)": {
        "-displaced_net_member_months": "Membership of people without support",
        "-other_spaces_lost_member_months": "Membership at spaces without supported members",
        "-same_spaces_lost_member_months": "Membership at spaces that are there with and without it",
        "-others_fees_lost_net_gbp": "Project fees of independents without support",
        "-outside_hours_lost": "Learning outside (crowding out)",
        "-course_hours_lost": "Courses, from employers or bought (crowding out)",
        "substitution_person_weeks": "In another status than without it (substitution)",
    },
    "Leakage": {
        "leakage_group_member_months": "Membership of people it is not for",
        "leakage_group_td_point_years": "TD skill of people it is not for",
        "leakage_area_member_months": "Membership in regions it is not for",
        "leakage_area_td_point_years": "TD skill in regions it is not for",
    },
    "Incidence": {
        "price_supported_gbp": "Higher prices of supported memberships",
        "price_share": "share of support they take",
        "price_others_gbp": "Higher prices of other memberships",
    },
    "Net effect": {
        "additional_member_months": "More membership, everybody",
        "td_total_sd_years": "More TD skill, all sources",
        "td_in_space_sd_years": "More TD skill gained in spaces",
        "sc_total_sd_years": "More SC skill, all sources",
        "sc_in_space_sd_years": "More SC skill gained in spaces",
        "ties_at_end": "More ties between people at the end",
    },
    "Public money": {
        "budget_gbp": "Budget",
        "public_paid_gbp": "Paid out, VAT included",
        "administration_gbp": "Administration and error on top",
        "public_cost_gbp": "Net public cost: both",
        "public_cost_present_gbp": "the same, present value",
        "underspend_gbp": "Budget not spent",
        "unpaid_commitments_gbp": "Promised, not paid by the end",
        "last_paid_week": "Week of the last payment",
    },
    "Value": {
        "public_cost_per_additional_member_months": "Cost per additional member-month",
        "public_cost_per_td_total_sd_years": "Cost per sd-year of TD skill",
        "public_cost_per_sc_total_sd_years": "Cost per sd-year of SC skill",
        "net_benefit_td_total": "Net benefit, TD skill alone at its declared worth",
        "net_benefit_sc_total": "Net benefit, SC skill alone at its declared worth",
        "net_benefit_skill_total": "Net benefit, skill of both families",
        "social_value_gbp": "Social value in the books (earnings less resources)",
        "weighted_social_value_gbp": "the same with distributional weights",
    },
    "Context": {
        "occupancy_with": "Desks used, with it",
        "occupancy_without": "Desks used, without it",
        "price_elasticity": "Price elasticity of membership, without it",
        "elasticity_first_year": "The same put in, in the first year",
        "elasticity_third_year": "The same put in, in the third year",
        "elasticity_lowest_fifth": "The same, of the fifth with the least income",
        "elasticity_highest_fifth": "The same, of the fifth with the highest income",
    },
    "After the last payment": {
        f"{name}_after_{months}_months": f"{words}, {when}"
        for months, when in ((0, "that week"), (6, "half a year on"), (12, "a year on"), (24, "two years on"))
        for name, words in (
            ("members", "More members"),
            ("occupancy", "Higher occupancy"),
            ("closures", "More spaces closed"),
        )
    },
}
#: Where skills come from.
CHANNELS: Final = {
    "space_social": "Meeting people in the space",
    "space_resource": "Equipment and training in the space",
    "own": "Their own work",
    "outside": "Contacts and learning elsewhere",
    "firm": "Colleagues at work",
    "employer": "Training by an employer",
    "decay": "Forgetting",
}
#: Terms that only tables of the terminal have.
_OTHERS: Final = {
    "public_cost_without_vat_gbp": "the same without VAT",
    "variance_ratio_member_months": "for membership",
    "variance_ratio_td_point_years": "for TD skill",
    "variance_ratio_sc_point_years": "for SC skill",
}
_CALLED: Final = {term: label for part in LABELS.values() for term, label in part.items()} | _OTHERS


def called(term: str) -> str:
    """Return what a term is called; a minus before it turns its sign round.

    >>> called("-displaced_net_member_months")
    'Membership of people without support'
    """
    return _CALLED[term]


def unit_shown(unit: str) -> str:
    """Return the unit of a row of numbers; shares are in percent."""
    return "%" if unit == "share" else unit


def short(found: Finding | None) -> tuple[str, str, str]:
    """Return a number without its unit (but for %), its interval where it has one, and why where there is none."""
    if found is None or found.estimate is None:
        return "", "", why_none("" if found is None else found.reason)
    one = found.estimate
    mean, interval = texts(replace(one, unit="share" if one.unit == "share" else ""))
    return mean, "" if one.exact or math.isnan(one.low) else interval, ""
