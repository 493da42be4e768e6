"""Every number of an appraisal: the part it belongs to, its unit, and what it means."""

from typing import Final, NamedTuple

from coworksim.model.parameters.skills import FIFTHS

#: Parts of the name of a number that is one of a table.
TAB: Final = "\t"
#: Months after the last payment at which the world is looked at again, and the same in weeks.
AFTER: Final = {6: 26, 12: 52, 24: 104}
NOT_MONETISED: Final = (
    "skills as such (they are counted in points and standard deviations, and in money only through earnings)",
    "anything after the horizon: skills and ties that last, spaces that stay",
    "well-being, health, company at work",
    "what firms and clients gain beyond what they pay",
    "taxes and benefits: the model has none",
    "people's time for applying, travelling and learning (only work time lost to encounters is valued)",
    "effects outside the regions of the scenario",
)


class Term(NamedTuple):
    """A number of an appraisal."""

    part: str
    unit: str
    meaning: str


_MONTHS: Final = "member-months"
_WORDS: Final = {"td": "technical-digital (TD) skill", "sc": "social-cognitive (SC) skill"}
_PLACES: Final = {"total": "from all sources, over everybody", "in_space": "gained in spaces, over everybody"}
_STRATA: Final = {
    "both": "member in both worlds",
    "only_with": "member only with the policies",
    "only_without": "member only without them",
    "neither": "member in neither world",
}


def _strata() -> dict[str, Term]:
    found = {f"weeks_{name}": Term("strata", "person-weeks", words) for name, words in _STRATA.items()}
    found["weeks_unmatched"] = Term("strata", "person-weeks", "of people who live in one of the two worlds only")
    for name, words in _STRATA.items():
        found[f"share_{name}"] = Term("strata", "share", f"{words}; depends on how chance is shared by the worlds")
        found[f"share_{name}_least"] = Term("strata", "share", f"{words}: least that the margins allow (Frechet)")
        found[f"share_{name}_most"] = Term("strata", "share", f"{words}: most that the margins allow (Frechet)")
        found[f"people_{name}"] = Term("strata", "people", f"{words}, in any week up to the horizon")
    return found


def _skills() -> dict[str, Term]:
    found = {}
    for family, skill in _WORDS.items():
        for place, words in _PLACES.items():
            name, sd = f"{family}_{place}", f"additional {skill} {words}, in standard deviations at the start"
            found[f"{name}_point_years"] = Term("learning", "point-years", f"additional {skill} {words}")
            found[f"{name}_points_at_end"] = Term("learning", "points", f"the same at the horizon: {skill}")
            found[f"{name}_sd_years"] = Term("learning", "sd-years", sd)
    for where, who in (("group", "people whom no policy is for"), ("area", "regions that no policy is for")):
        for family, skill in _WORDS.items():
            name, what = f"leakage_{where}_{family}_point_years", f"additional {skill} of {who}"
            found[name] = Term("leakage", "point-years", what)
        found[f"leakage_{where}_member_months"] = Term("leakage", _MONTHS, f"additional membership of {who}")
    return found


def _elasticities() -> dict[str, Term]:
    said = "elasticity of membership to a price 25 % higher for good, put in (reference region): "
    when = {"first_year": "in the first year", "third_year": "in the third year"}
    when |= {f"{name}_fifth": f"in the third year, {name} fifth by income" for name in FIFTHS}
    return {f"elasticity_{name}": Term("context", "ratio", said + words) for name, words in when.items()}


def _after() -> dict[str, Term]:
    found = {}
    for months in (0, *AFTER):
        when = f"{months} months after the last payment" if months else "in the week of the last payment"
        end = f"after_{months}_months"
        for family, skill in _WORDS.items():
            found[f"{family}_points_{end}"] = Term("afterwards", "points", f"more {skill} {when}")
        found[f"members_{end}"] = Term("afterwards", "people", f"more members {when}")
        found[f"cash_{end}_gbp"] = Term("afterwards", "GBP", f"more cash of all spaces {when}")
        found[f"occupancy_{end}"] = Term("afterwards", "share", f"higher occupancy of spaces {when}")
        found[f"closures_{end}"] = Term("afterwards", "spaces", f"more spaces closed {when}")
    return found


def _inequality() -> dict[str, Term]:
    found = {}
    for measure, words, unit in (
        ("gini", "Gini coefficient at the horizon", "coefficient"),
        ("regional_gap", "left-behind regions minus the others, mean at the horizon", ""),
    ):
        for name, what in (*_WORDS.items(), ("income", "income from work")):
            own = unit or ("GBP/week" if name == "income" else "points")
            for side in ("with", "without", "change"):
                found[f"{measure}_{name}_{side}"] = Term("distribution", own, f"{words}: {what}, {side}")
    return found


TERMS: Final[dict[str, Term]] = {
    "eligible_people": Term("take-up", "people", "met every condition of a policy while it took applications"),
    "aware_people": Term("take-up", "people", "of these, had heard of it"),
    "wished_people": Term("take-up", "people", "of these, wished to use it, the trouble of applying aside"),
    "applied_people": Term("take-up", "people", "of these, applied"),
    "awarded_people": Term("take-up", "people", "of these, were awarded it"),
    "used_people": Term("take-up", "people", "of these, used the award"),
    "additional_people": Term("take-up", "people", "of these, were members in more weeks than without the policies"),
    "recipients": Term("take-up", "people", "had a part of a membership paid"),
    "supported_member_months": Term("take-up", _MONTHS, "of which a part was paid"),
    "additional_member_months": Term("membership", _MONTHS, "additional membership, over everybody"),
    "recipients_new_member_months": Term("membership", _MONTHS, "of recipients who would not have been members then"),
    "acceleration_member_months": Term("membership", _MONTHS, "of these, before they would have joined anyway"),
    "retention_member_months": Term("membership", _MONTHS, "of these, after they had been members without it"),
    "new_members_member_months": Term("membership", _MONTHS, "of these, by people who would never have joined"),
    "recipients_lost_member_months": Term("membership", _MONTHS, "that recipients would have had and have not"),
    "upgraded_member_months": Term("membership", _MONTHS, "of recipients on a larger plan than without it"),
    "upgrading_days": Term("membership", "days", "more days present of recipients in weeks with membership in both"),
    "support_gbp": Term("support", "GBP", "paid for recipients"),
    "deadweight_gbp": Term("support", "GBP", "of it, for member-weeks at that plan that they would have had anyway"),
    "support_other_plan_gbp": Term("support", "GBP", "of it, for member-weeks they would have had on another plan"),
    "support_new_gbp": Term("support", "GBP", "of it, for member-weeks that they would not have had"),
    "support_unmatched_gbp": Term("support", "GBP", "of it, for people who live in one of the worlds only"),
    "usual_member_months": Term("support", _MONTHS, "that recipients would have had while they got support"),
    "deadweight_member_months": Term("support", _MONTHS, "supported, at that plan they would have had anyway"),
    "displaced_member_months": Term("displacement", _MONTHS, "lost by people without support"),
    "others_new_member_months": Term("displacement", _MONTHS, "gained by people without support"),
    "displaced_net_member_months": Term("displacement", _MONTHS, "lost by people without support, net of gains"),
    "recipients_new_days": Term("displacement", "days", "more days in a space of people with support"),
    "displaced_days": Term("displacement", "days", "fewer days in a space of people without support, net"),
    "other_spaces_lost_member_months": Term("displacement", _MONTHS, "fewer at spaces without supported members, net"),
    "same_spaces_lost_member_months": Term("displacement", _MONTHS, "fewer at spaces open in both worlds, net"),
    "others_fees_lost_gbp": Term("displacement", "GBP", "project fees lost by independents without support who lose"),
    "others_fees_lost_net_gbp": Term("displacement", "GBP", "project fees lost by independents without support, net"),
    "outside_hours_lost": Term("crowding out", "hours", "less learning outside, over everybody"),
    "course_hours_lost": Term("crowding out", "hours", "less hours of courses, over everybody"),
    "substitution_person_weeks": Term("substitution", "person-weeks", "in another status than without it"),
    "price_supported_gbp": Term("incidence", "GBP", "higher fees of supported memberships because prices rose"),
    "price_others_gbp": Term("incidence", "GBP", "higher fees of other memberships because prices rose"),
    "ties_at_end": Term("network", "ties", "more ties at the horizon"),
    "ties_between_regions_at_end": Term("network", "ties", "of them between regions"),
    "ties_between_occupations_at_end": Term("network", "ties", "of them between occupations"),
    "new_partners": Term("network", "partners", "more first encounters in spaces, counted on both sides"),
    "encounters_in_spaces": Term("network", "encounters", "more encounters in spaces, counted on both sides"),
    "budget_gbp": Term("public money", "GBP", "budgets of all policies"),
    "committed_gbp": Term("public money", "GBP", "promised up to the horizon, less what came back unused"),
    "public_paid_gbp": Term("public money", "GBP", "paid by the treasury, VAT included"),
    "administration_gbp": Term("public money", "GBP", "administration and error, a declared share of what is paid"),
    "public_cost_gbp": Term("public money", "GBP", "net public cost, VAT included"),
    "public_cost_without_vat_gbp": Term("public money", "GBP", "the same without VAT; wages and grants hold none"),
    "public_cost_present_gbp": Term("public money", "GBP", "net public cost, present value at the start"),
    "underspend_gbp": Term("public money", "GBP", "budget that is not paid out by the horizon"),
    "unpaid_commitments_gbp": Term("public money", "GBP", "promised and not paid by the horizon"),
    "last_paid_week": Term("public money", "weeks", "week of the treasury's last payment, from the start"),
    "largest_support_gbp": Term("public money", "GBP", "most that one space gets over three financial years"),
    "output_gain_gbp": Term("social value", "GBP", "more paid for people's work, net of projects taken from others"),
    "weighted_output_gain_gbp": Term("social value", "GBP", "the same with distributional weights"),
    "space_resources_gbp": Term("social value", "GBP", "more rent, staff and supplies; what is bought elsewhere"),
    "time_cost_gbp": Term("social value", "GBP", "more work time that encounters take"),
    "resource_cost_gbp": Term("social value", "GBP", "resources, administration and time"),
    "social_value_gbp": Term("social value", "GBP", "output gain less resource cost, present value"),
    "weighted_social_value_gbp": Term("social value", "GBP", "the same with weights on the output gain"),
    "occupancy_with": Term("context", "share", "desk-days used of those that open spaces offer, with the policies"),
    "occupancy_without": Term("context", "share", "the same without them"),
    "price_elasticity": Term(
        "context", "ratio", "arc price elasticity of membership (10 % dearer), without the policies, at the horizon"
    ),
    **_elasticities(),
    **_strata(),
    **_skills(),
    **_after(),
    **_inequality(),
}  # fmt: skip  # a table: a line is a row

_TABLES: Final = {
    "paid": Term("public money by year", "GBP", "paid by the treasury"),
    "committed": Term("public money by year", "GBP", "promised in the financial year, less what came back"),
    "outturn": Term("public money by year", "GBP", "paid by the treasury in the financial year"),
    "balance": Term("transfers", "GBP", "more money of this kind of account; all add up to nothing"),
    "weight": Term("weights", "ratio", "distributional weight of an income fifth"),
    "channel": Term("channels", "points a person", "gained since the start by this channel, mean over everybody"),
}
#: What is counted of each group: name -> (unit, meaning).
GROUP_MEASURES: Final = {
    "people": ("people", "people of the group"),
    "recipients": ("people", "recipients of the group"),
    "support_gbp": ("GBP", "paid for recipients of the group"),
    "td_point_years": ("point-years", "additional TD skill of the group"),
    "sc_point_years": ("point-years", "additional SC skill of the group"),
    "earned_gbp": ("GBP", "additional earnings of the group"),
}

#: Effects that cost is set against: term -> unit of the ratio.
EFFECTS: Final = {
    "additional_member_months": "GBP per member-month",
    **{f"{family}_{place}_sd_years": "GBP per sd-year" for family in _WORDS for place in _PLACES},
}
#: Parts whose numbers count what there is, rather than differences: none of them can be below 0.
COUNTED: Final = ("take-up", "support", "public money")
COSTS: Final = ("public_cost_gbp", "public_cost_without_vat_gbp")
#: Shares: name -> (above, below, meaning).
SHARES: Final = {
    "take_up_share": ("recipients", "eligible_people", "recipients among eligible people"),
    "deadweight_share": ("deadweight_gbp", "support_gbp", "deadweight in what is paid for recipients"),
    "deadweight_identity_share": (
        "usual_member_months",
        "supported_member_months",
        "deadweight on any plan by its identity, 1/(1 + response)",
    ),
    "new_share": ("support_new_gbp", "support_gbp", "part of it for member-weeks that would not have been"),
    "price_share": ("price_supported_gbp", "support_gbp", "part of it that higher prices take"),
}


def term(name: str) -> Term:
    r"""Return what a number is, also of one that belongs to a table (its name has parts divided by tabs).

    >>> term("deadweight_gbp").unit, term("group\tregion\tother\trecipients").meaning
    ('GBP', 'recipients of the group')
    """
    if name in TERMS:
        return TERMS[name]
    table, *parts = name.split(TAB)
    if table == "group":
        unit, meaning = GROUP_MEASURES[parts[-1]]
        return Term("distribution", unit, meaning)
    return _TABLES[table]
