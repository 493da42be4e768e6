"""What a policy is, in a sentence: what it pays, for whom, from when to when, for how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from colearn.quantities.policies import KINDS, LEVERS
from colearn.report.html.words import Fact, Name, Part, Sentence, says

__all__ = ["budget", "policy_sentence", "who"]

_HUNDRED: Final = 100.0
_SHARES: Final = ("share", "match")


def budget(policies: Any) -> Fact:
    """Return the budgets of all policies of an arm."""
    return _short(sum(policy["budget"] for policy in policies) / _HUNDRED, "GBP")


def policy_sentence(policy: Mapping[str, Any]) -> Sentence:
    """Return what a policy does, for whom, when, and for how much."""
    kind = KINDS[policy["kind"]]
    parts: list[Part] = [Name(policy["name"]), ": ", Name(kind.meaning)]
    for name, lever in LEVERS.items():
        if name in (*kind.needs, *kind.one_of, *kind.may, *(("months",) if kind.is_award else ())):
            parts += _lever(name, lever.form, lever.unit, policy.get(name))
    if policy.get("where") == "outside":
        parts.append(", outside spaces")
    if kind.is_award:
        parts += [", awarded ", Name({"means": "by lowest income"}.get(policy["award"], policy["award"]))]
        if policy.get("number") is not None:
            parts += [" to at most ", Fact.count(policy["number"], "people")]
    parts += ["; from week ", Fact.count(policy["start"]), " to week ", Fact.count(policy["end"])]
    parts += [", budget ", _short(policy["budget"] / _HUNDRED, "GBP")]
    return Sentence(tuple(parts))


def _short(value: float, unit: str) -> Fact:
    """Return a declared number without the digits that scaling has left: whole from a thousand on, else four figures.

    >>> _short(102_502.23, "GBP").text, _short(21.16402, "h/week").text, _short(1.238892, "ratio").text
    ('102,502 GBP', '21.16 h/week', '1.239 times')
    """
    kept = round(value) if abs(value) >= 1000.0 else float(f"{value:.4g}")
    return Fact.count(kept, "times" if unit == "ratio" else unit)


def _lever(name: str, form: str, unit: str, value: Any) -> list[Part]:
    """Return a lever that does something, in words."""
    if value in (None, 0, 0.0) or (unit == "ratio" and value == 1.0):
        return []
    if name in _SHARES:
        shown = _short(_HUNDRED * value, "%")
    else:
        shown = _short(value / _HUNDRED if form == "money" else float(value), unit)
    words = {"share": "of the fee", "months": "for one person", "match": "paid by others"}
    return [", ", shown, " ", words.get(name, f"({LEVERS[name].meaning})")]


def who(policies: Any) -> Sentence:
    """Return for whom an arm is: every condition that its policies set.

    >>> who([{"eligible": {"career_below": 5.0, "statuses": ["freelancer"]}}]).plain()
    'under 5 years of career; freelancer'
    """
    if not policies:
        return says("nobody")
    told = [_conditions(policy["eligible"]) for policy in policies]
    parts: list[Part] = []
    for at, one in enumerate(dict.fromkeys(told)):
        parts += [" | "] if at else []
        parts += one
    return Sentence(tuple(parts))


def _conditions(eligible: Mapping[str, Any]) -> tuple[Part, ...]:
    found: list[tuple[Part, ...]] = []
    if eligible.get("career_from"):
        found.append(("from ", Fact.count(eligible["career_from"], "years"), " of career"))
    if eligible.get("career_below") is not None:
        found.append(("under ", Fact.count(eligible["career_below"], "years"), " of career"))
    if eligible.get("income_below") is not None:
        found.append(("income under ", Fact.count(eligible["income_below"], "GBP/week")))
    for key in ("occupations", "statuses", "regions"):
        if eligible.get(key):
            found.append((Name(", ".join(eligible[key]).replace("_", " ")),))
    if eligible.get("non_members"):
        found.append(("not yet members",))
    parts: list[Part] = []
    for at, one in enumerate(found):
        parts += ["; "] if at else []
        parts += one
    return tuple(parts) or ("everybody",)
