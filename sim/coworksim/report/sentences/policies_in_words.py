"""What a policy is, in a sentence: what it pays, for whom, from when to when, for how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from coworksim.model.policies import KINDS, LEVERS, Lever
from coworksim.model.policy import Eligibility, Policy
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says

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
    """Return a lever that does something, in words."""
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
    told = [_conditions(policy.eligible) for policy in policies]
    parts: list[Part] = []
    for at, one in enumerate(dict.fromkeys(told)):
        parts += [" | "] if at else []
        parts += one
    return Sentence(tuple(parts))


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
        found.append(("not yet members",))
    parts: list[Part] = []
    for at, one in enumerate(found):
        parts += ["; "] if at else []
        parts += one
    return tuple(parts) or ("everybody",)
