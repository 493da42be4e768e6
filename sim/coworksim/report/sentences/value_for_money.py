"""Does it pay? One sentence out of two tests, and what stands in the way: few users, early ends, unlike costs."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.model.policies import KINDS
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, cell, filled, says

#: People of a world with support under which it is said that hardly anybody uses it.
FEW: Final = 5.0
#: Money is spent early where less than this share is left before this share of the time has passed.
_SPENT, _EARLY = 0.05, 0.75
#: Policies whose costs lie further apart than this ratio are not compared by their effects alone.
_APART: Final = 1.25
#: The two tests: in the books alone, and with skill of both families at its declared worth.
MONEY, SKILL = "social_value_gbp", "net_benefit_skill_total"
SOCIAL_VALUE: Final = "what people earn more, less resources; support only changes hands"
HELD: Final = ", an sd-year held to be worth "
SKILL_VALUE: Final = "skill of both families less net public cost"
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
    """Return the answer in one sentence."""
    found = _LEADS.get((money.mark, skill.mark), "Whether it pays cannot be told.")
    return f"Hardly anybody uses it. {found}" if few else found


def hardly_used(eligible: float, reached: float) -> bool:
    """Whether hardly anybody uses what people can apply for."""
    return eligible > 0.0 and reached < FEW


def far_apart(costs: Sequence[float]) -> bool:
    """Whether policies cost sums so different that their effects alone do not compare them."""
    return len(costs) > 1 and max(costs) > _APART * max(min(costs), 0.0)


def ends(weeks: int, policies: Iterable[int | None]) -> int:
    """Return the week in which the last of some policies ends, the horizon at most."""
    return max((weeks if end is None else min(end, weeks) for end in policies), default=weeks)


def spent_early(last: float, left: float, budget: float, end: int) -> bool:
    """Whether the money is gone long before its policies end: by upper limits of the last week paid and of the rest."""
    return budget > 0.0 and left < _SPENT * budget and last < _EARLY * end


def used(kinds: Iterable[str]) -> str:
    """Name the term that counts who uses a policy: an award of help with fees may be left unused."""
    awards = [kind for kind in map(KINDS.__getitem__, kinds) if kind.is_award]
    return "recipients" if awards and all("redeem" in kind.may for kind in awards) else "awarded_people"


def judged(found: Appraisal, arm: str) -> tuple[Verdict, Verdict] | None:
    """Return the two verdicts on an arm; None where the result has not got what they take."""
    money, skill = found.estimate(arm, MONEY), found.estimate(arm, SKILL)
    if money is None or skill is None:
        return None
    return verdict(money.value, money.low, money.high), verdict(skill.value, skill.low, skill.high)


def lead_of(found: Appraisal, arm: str) -> str | None:
    """Return in a sentence whether an arm pays; None where the result has not got what that takes."""
    both = judged(found, arm)
    return None if both is None else lead(*both, few=_few(found, arm))


def reached(found: Appraisal, arm: str) -> Estimate | None:
    """Return how many people use an arm."""
    return found.estimate(arm, used(policy.kind for policy in found.arms[arm]))


def _few(found: Appraisal, arm: str) -> bool:
    eligible, users = found.estimate(arm, "eligible_people"), reached(found, arm)
    return bool(eligible and users and hardly_used(eligible.value, users.value))


def _users(found: Appraisal, arm: str) -> list[Part]:
    text = "supported: {} in a world, so that it all hangs on a few people, of those who could apply: {}"
    return list(filled(text, reached(found, arm) or "", cell(found.finding(arm, "eligible_people"))).parts)


def few_use_it(found: Appraisal, arm: str) -> list[Sentence]:
    """Warn where so few people use an arm that one of them more or less decides, and say what helps."""
    if not _few(found, arm):
        return []
    why = (
        "The others have not heard of it, find applying too much trouble, do not want to join at that price, or came "
        "when the money was promised away. Choose the larger world, a wider group, or more support, to see what it "
        "does where it is used."
    )
    return [says(Name(arm), ": ", *_users(found, arm), ".") + says(why)]


def pays(found: Appraisal, arm: str) -> Sentence:
    """Return whether an arm pays, in one sentence, and the two numbers that say so."""
    told = lead_of(found, arm)
    if told is None:
        return says("Whether ", Name(arm), " pays is not in this result: run coworksim compare again.")
    return filled(
        f"Does {{}} pay, in this model? {told} Social value ({SOCIAL_VALUE}): {{}}; {SKILL_VALUE}{HELD}{{}}: {{}}{{}}.",
        Name(arm),
        cell(found.finding(arm, MONEY)),
        Fact.count(found.worth, "GBP"),
        cell(found.finding(arm, SKILL)),
        ["; ", *_users(found, arm)] if _few(found, arm) else [],
    )


def price_response(found: Appraisal, arm: str) -> list[Sentence]:
    """Say how members respond to price in this world: much of what help with a fee can do follows from that."""
    response = found.estimate(arm, "price_elasticity")
    text = (
        "Price elasticity of membership, in this model and without any policy: {} (at minus one, a fee lower by a "
        "tenth brings a tenth more members)."
    )
    return [*([] if response is None else [filled(text, response)]), *put_in(found, arm)]


def put_in(found: Appraisal, arm: str) -> list[Sentence]:
    """Say which response to price the scenario assumes, sooner and later, and for whom."""
    names = ("first_year", "third_year", "lowest_fifth", "highest_fifth")
    told = [found.estimate(arm, f"elasticity_{name}") for name in names]
    text = (
        "It follows from what is put in: where a price stays a quarter higher, an elasticity of {} in the first year "
        "and of {} in the third; by then {} for the fifth of people with the least income, {} for that with the most."
    )
    return [filled(text, *(Fact.count(round(one.value, 2)) for one in told if one))] if all(told) else []


def verdicts(found: Appraisal) -> list[Sentence]:
    """Return a line for each arm: whether it pays, and what it costs; and a warning where costs are far apart."""
    lines = []
    for arm in found.acting:
        if (told := lead_of(found, arm)) is None:
            return []
        line = filled(f"{{}}: {told} Net public cost: {{}}.", Name(arm), cell(found.finding(arm, "public_cost_gbp")))
        lines.append(sum(spent_before_its_end(found, arm), line))
    return lines + costs_apart(found)


def costs_apart(found: Appraisal) -> list[Sentence]:
    """Warn where arms cost sums that are far apart."""
    costs = [one.value for arm in found.acting if (one := found.estimate(arm, "public_cost_gbp"))]
    text = (
        "They cost different sums: look at the cost of an effect rather than at its size, or bring them to one cost "
        "({})."
    )
    return [filled(text, Name("coworksim compare … --budget GBP --equalise-cost"))] if far_apart(costs) else []


def spent_before_its_end(found: Appraisal, arm: str) -> list[Sentence]:
    """Say when the money is spent long before the end of what it was meant for."""
    last, left, budget = (found.estimate(arm, term) for term in ("last_paid_week", "underspend_gbp", "budget_gbp"))
    end = ends(found.scenario.weeks, [policy.end for policy in found.arms[arm]])
    if not (last and left and budget and spent_early(last.high, left.high, budget.value, end)):
        return []
    return [
        filled("The money of {} is spent after {} of the {} for which it was meant.", Name(arm), last, Fact.count(end))
    ]
