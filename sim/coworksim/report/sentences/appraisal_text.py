"""An appraisal in words: effects, what one more of each costs, and the tables and sentences of the terminal."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from coworksim.appraisal.estimates import COVERS, Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.files.plausibility import warnings_of
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, filled, joined, says
from coworksim.report.sentences.funnel_text import STEPS
from coworksim.report.sentences.limitations import costs_too_low, failed_worlds, not_in_money, subsidy_control
from coworksim.report.sentences.policies_and_terms import called, short, unit_shown
from coworksim.report.sentences.text import shortened, wrapped

SD_YEAR: Final = "An sd-year is a standard deviation of a skill at the start, held for a year"
#: Effects of the headline: name -> (what there is more of, what one more of it is called).
EFFECTS: Final = {
    "additional_member_months": ("membership", "an additional member-month"),
    "td_total_sd_years": ("technical-digital (TD) skill", "an sd-year of TD skill"),
    "sc_total_sd_years": ("social-cognitive (SC) skill", "an sd-year of SC skill"),
}


def baseline(source: Appraisal) -> Sentence:
    """Say what every arm is compared with."""
    if not source.standing:
        return says("Baseline: the same people in the same world without policies.")
    names = joined(([Name(shortened(policy.name, 60))] for policy in source.standing), " and ")
    return filled(
        "Baseline: the same people in the same world with {}, as the scenario has it; so has every arm.", names
    )


def odd_input(source: Appraisal) -> list[Sentence]:
    """Repeat what was warned of before the worlds were run."""
    told = warnings_of(source.scenario, source.arms.values())
    return [filled("Warning of what was put in: {}.", Name(one)) for one in told]


def effect(found: Estimate, what: str, values: Sequence[float] = ()) -> list[Part]:
    """Return a change in words: more, less, or no clear change where the interval includes 0.

    ``values`` are those of the worlds: where most of them have no change at all, that is said instead.

    >>> Sentence(tuple(effect(Estimate(3.0, -1.0, 7.0, "people", 9), "membership"))).plain()
    'no clear change in membership: 3 people (−1 to 7)'
    """
    if other := _others(values):
        return [f"a change in {what} in ", Fact.count(other), " of ", Fact.count(len(values)), " worlds only: ", found]
    if found.sign > 0:
        return [f"more {what}: ", found]
    if found.sign < 0:
        return [f"less {what}: ", found.negative]
    if found.exact:
        return [f"no change in {what}"]
    if math.isnan(found.low):
        return [f"a change in {what} of unknown certainty: ", found]
    return [f"no clear change in {what}: ", found]


def per_effect(source: Appraisal, arm: str, term: str) -> list[Part]:
    """Return what one more of an effect costs, or why that is not said."""
    cost = source.estimate(arm, f"public_cost_per_{term}")
    if cost is not None and not math.isnan(cost.low):
        return [replace(cost, unit="GBP")]
    gained = source.estimate(arm, term)
    if gained is None or math.isnan(gained.low):
        return ["not given (one world has no interval)"]
    if gained.nothing:
        return ["not given (nothing changes)"]
    if gained.sign < 0:
        return ["not given (there is less of it)"]
    return ["not given (the interval of the effect includes zero)"]


def brings(source: Appraisal, arm: str) -> Sentence:
    """Return what an arm brings, and what it costs, in one sentence."""
    found = {term: source.estimate(arm, term) for term in (*EFFECTS, "public_cost_gbp")}
    cost = found.pop("public_cost_gbp")
    told = [effect(one, EFFECTS[term][0], source.by_replicate(arm, term)) for term, one in found.items() if one]
    paid: list[Part] = ["; at a net public cost of ", cost] if cost else []
    return filled("In this model, {} brings {}{}.", Name(arm), joined(told), paid)


def _others(values: Sequence[float]) -> int:
    """Return in how many worlds there is a change, where these are fewer than half; else 0."""
    other = sum(value != 0.0 for value in values)
    return other if 2 * other < len(values) else 0


def seldom(source: Appraisal, arm: str) -> list[Sentence]:
    """Warn where most worlds are the same with and without an arm: their mean hangs on the others."""
    if not any(_others(source.by_replicate(arm, term)) for term in EFFECTS):
        return []
    text = "{} The means hang on the few worlds with a change, and their intervals are less sure than they look."
    return [filled(text, brings(source, arm))]


#: What the terminal shows, in groups; the files hold everything. A minus before a term turns its sign round.
SHOWN: Final = {
    "The world in which it acts": (
        "occupancy_without", "occupancy_with", "price_elasticity", "elasticity_first_year", "elasticity_third_year",
        "elasticity_lowest_fifth", "elasticity_highest_fifth",
    ),
    "Who is reached": (
        *STEPS, "recipients", "additional_member_months", "acceleration_member_months", "retention_member_months",
        "deadweight_gbp", "deadweight_share", "deadweight_identity_share",
    ),
    "What others lose": (
        "-displaced_net_member_months", "-other_spaces_lost_member_months", "-others_fees_lost_net_gbp",
        "-outside_hours_lost", "price_supported_gbp",
    ),
    "What is learnt": ("td_total_sd_years", "td_in_space_sd_years", "sc_total_sd_years", "sc_in_space_sd_years"),
    "What it costs": (
        "public_cost_gbp", "public_cost_without_vat_gbp", "underspend_gbp", "public_cost_per_additional_member_months",
        "public_cost_per_td_total_sd_years", "public_cost_per_sc_total_sd_years", "net_benefit_td_total",
        "net_benefit_sc_total", "social_value_gbp", "weighted_social_value_gbp",
    ),
    "How many times fewer worlds it takes to compare the same ones": (
        "variance_ratio_member_months", "variance_ratio_td_point_years", "variance_ratio_sc_point_years",
    ),
}  # fmt: skip  # lists of names
#: Signs of a line of the terminal.
WIDTH: Final = 120
_LABEL: Final = 62
_CELL: Final = 27
_NAME: Final = 24


def appraisal_tables(appraisal: Appraisal) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return tables with their titles: a line a number, and for each arm its mean and 95 % interval."""
    arms, at_once = list(appraisal.arms), max(1, (WIDTH - _LABEL) // _CELL)
    tables = []
    for first in range(0, len(arms), at_once):
        chosen = arms[first : first + at_once]
        more = f", arms {first + 1} to {first + len(chosen)} of {len(arms)}" if len(arms) > at_once else ""
        rows: list[tuple[str, ...]] = [("", *(shortened(arm, _NAME) for arm in chosen))]
        for group, names in SHOWN.items():
            rows.append((group.upper(), *("" for _ in chosen)))
            rows += [(_label(appraisal, name), *(_cell(appraisal, arm, name) for arm in chosen)) for name in names]
        tables.append((f"Each arm less the same worlds without it: mean (95 % interval){more}", rows))
    return tables


def _label(appraisal: Appraisal, name: str) -> str:
    units = (one.unit for arm in appraisal.arms if (one := appraisal.estimate(arm, name.removeprefix("-"))))
    unit = unit_shown(next(units, ""))
    return called(name) if unit in ("", "%", "ratio") else f"{called(name)}, {unit}"


def _cell(appraisal: Appraisal, arm: str, name: str) -> str:
    one = appraisal.finding(arm, name.removeprefix("-"))
    mean, interval, _ = short(one.turned if one and name.startswith("-") else one)
    return in_terminal(f"{mean} {interval}".rstrip() or "-")


def in_terminal(text: str) -> str:
    """Return a text with a sign that every terminal has in place of the minus of print."""
    return text.replace("\N{MINUS SIGN}", "-")


def terminal_lines(sentence: str) -> str:
    """Return a sentence in lines that fit the terminal."""
    return "\n".join(wrapped(in_terminal(sentence), WIDTH, "  "))


_LIMITS: Final = (costs_too_low, subsidy_control, failed_worlds, not_in_money)


def appraisal_sentences(appraisal: Appraisal) -> list[str]:
    """Return what has to be read with the table: replicates, undefined ratios, subsidy control, what is left out."""
    lines = [
        f"{appraisal.replicates} replicates, each arm in the same worlds. {COVERS}.",
        f"{SD_YEAR}. Net benefit holds it to be worth {appraisal.worth:,.0f} GBP, which is an assumption.",
        *_undefined(appraisal),
        *(line.plain() for say in _LIMITS for line in say(appraisal)),
    ]
    return [terminal_lines(line) for line in lines]


def _undefined(appraisal: Appraisal) -> list[str]:
    reasons: dict[str, list[tuple[str, str]]] = {}
    for arm in appraisal.arms:
        for name in (name for names in SHOWN.values() for name in names):
            one = appraisal.finding(arm, name.removeprefix("-"))
            if one is not None and one.reason:
                reasons.setdefault(one.reason, []).append((arm, called(name)))
    return [
        f"No number for {', '.join(dict.fromkeys(arm for arm, _ in of))} "
        f"({'; '.join(dict.fromkeys(words for _, words in of))}): {reason}."
        for reason, of in reasons.items()
    ]
