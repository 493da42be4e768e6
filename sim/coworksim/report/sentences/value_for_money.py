"""Does it pay? One sentence out of two tests, and what an interval says in a word.

What a policy is, in a sentence: what it pays, for whom, from when to when, for how much.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from coworksim.model.policies import KINDS, LEVERS, Lever
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says

__all__ = [
    "MONEY",
    "SKILL",
    "Verdict",
    "budget",
    "ends",
    "far_apart",
    "hardly_used",
    "lead",
    "policy_sentence",
    "spent_early",
    "used",
    "verdict",
    "who",
]


#: People of a world with support under which it is said that hardly anybody uses it.
FEW: Final = 5.0
#: Money is spent early where less than this share is left before this share of the time has passed.
_SPENT, _EARLY = 0.05, 0.75
#: Policies whose costs lie further apart than this ratio are not compared by their effects alone.
_APART: Final = 1.25
#: The two tests: in the books alone, and with skill of both families at its declared worth.
MONEY, SKILL = "social_value_gbp", "net_benefit_skill_total"
_LEADS: Final = {
    ("yes", "yes"): "It pays: in money alone, and by skill at its assumed worth.",
    ("yes", "no"): "It pays in money alone; by skill at its assumed worth it does not.",
    ("yes", "open"): "It pays in money alone; whether by skill too cannot be told.",
    ("no", "yes"): "It does not pay in money alone; it does if skill is worth as much as assumed.",
    ("no", "no"): "It does not pay: neither in money alone, nor by skill at its assumed worth.",
    ("no", "open"): "It does not pay in money alone; whether skill makes up for it cannot be told.",
    ("open", "yes"): "It pays if skill is worth as much as assumed; in money alone that cannot be told.",
    ("open", "no"): "By skill at its assumed worth it does not pay; in money alone that cannot be told.",
    ("none", "none"): "There is no difference at all.",
}


class Verdict(NamedTuple):
    """A word, and a mark: yes, no, open, or none where nothing differs."""

    word: str
    mark: str


def verdict(value: float, low: float, high: float) -> Verdict:
    """Return what a mean and its interval say.

    >>> verdict(5.0, 1.0, 9.0).word, verdict(-5.0, -9.0, -1.0).word, verdict(0.0, 0.0, 0.0).word
    ('Yes', 'No', 'No difference at all')
    >>> verdict(1.0, -1.0, 3.0)
    Verdict(word='Cannot tell: 0 lies within the interval', mark='open')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return Verdict("Not known yet: one world has no interval", "open")
    if low == high == 0.0:
        return Verdict("No difference at all", "none")
    if low > 0.0:
        return Verdict("Yes", "yes")
    if high < 0.0:
        return Verdict("No", "no")
    return Verdict("Cannot tell: 0 lies within the interval", "open")


def lead(money: Verdict, skill: Verdict, *, few: bool) -> str:
    """Return the answer in one sentence.

    >>> lead(verdict(-2.0, -3.0, -1.0), verdict(2.0, 1.0, 3.0), few=False)
    'It does not pay in money alone; it does if skill is worth as much as assumed.'
    >>> lead(verdict(1.0, -1.0, 3.0), verdict(1.0, -1.0, 3.0), few=True)
    'Hardly anybody uses it. Whether it pays cannot be told.'
    """
    found = _LEADS.get((money.mark, skill.mark), "Whether it pays cannot be told.")
    return f"Hardly anybody uses it. {found}" if few else found


def hardly_used(eligible: float, reached: float) -> bool:
    """Whether hardly anybody uses what people can apply for."""
    return eligible > 0.0 and reached < FEW


def far_apart(costs: Sequence[float]) -> bool:
    """Whether policies cost sums so different that their effects alone do not compare them.

    >>> far_apart([100.0, 120.0]), far_apart([100.0, 130.0]), far_apart([100.0])
    (False, True, False)
    """
    return len(costs) > 1 and max(costs) > _APART * max(min(costs), 0.0)


def ends(weeks: int, policies: Iterable[int | None]) -> int:
    """Return the week in which the last of some policies ends, the horizon at most."""
    return max((weeks if end is None else min(end, weeks) for end in policies), default=weeks)


def spent_early(last: float, left: float, budget: float, end: int) -> bool:
    """Whether the money is gone long before its policies end: upper limits of the last payment's week and of the rest.

    >>> spent_early(26.0, 300.0, 30_000.0, 104), spent_early(99.0, 300.0, 30_000.0, 104)
    (True, False)
    """
    return budget > 0.0 and left < _SPENT * budget and last < _EARLY * end


def used(kinds: Iterable[str]) -> str:
    """Name the term that counts who uses a policy: an award of help with fees may be left unused."""
    awards = [kind for kind in map(KINDS.__getitem__, kinds) if kind.is_award]
    return "recipients" if awards and all("redeem" in kind.may for kind in awards) else "awarded_people"


_HUNDRED: Final = 100.0


def budget(policies: Any) -> Fact:
    """Return the budgets of all policies of an arm."""
    return _short(sum(policy["budget"] for policy in policies) / _HUNDRED, "GBP")


def policy_sentence(policy: Mapping[str, Any]) -> Sentence:
    """Return what a policy does, for whom, when, and for how much."""
    kind = KINDS[policy["kind"]]
    parts: list[Part] = [Name(policy["name"]), ": ", Name(kind.meaning)]
    for name, lever in LEVERS.items():
        if name in (*kind.needs, *kind.one_of, *kind.may, *(("months",) if kind.is_award else ())):
            parts += _lever(lever, policy.get(name))
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


def _lever(lever: Lever, value: Any) -> list[Part]:
    """Return a lever that does something, in words."""
    if value in (None, 0, 0.0) or (lever.is_factor and value == 1.0):
        return []
    if lever.percent:
        shown = _short(_HUNDRED * value, "%")
    else:
        shown = _short(value / _HUNDRED if lever.form == "money" else float(value), lever.unit)
    return [", ", shown, " ", lever.said or f"({lever.meaning})"]


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
