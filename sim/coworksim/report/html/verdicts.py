"""Whether each arm pays, and what stands in the way: few users, money that is gone early, costs that are far apart."""

from __future__ import annotations

from coworksim.report.html.source import Source
from coworksim.report.html.tables import cell
from coworksim.report.sentences.estimates_in_words import Estimate, Fact, Name, Part, Sentence, says
from coworksim.report.sentences.value_for_money import (
    MONEY,
    SKILL,
    ends,
    far_apart,
    hardly_used,
    lead,
    spent_early,
    used,
    verdict,
)

__all__ = ["pays", "price_response", "spent_before_its_end", "verdicts"]


def _told_of(source: Source, arm: str) -> str | None:
    """Return in a sentence whether an arm pays; None where the result has not got what that takes."""
    money, skill = source.estimate(arm, MONEY), source.estimate(arm, SKILL)
    if money is None or skill is None:
        return None
    return lead(*(verdict(one.value, one.low, one.high) for one in (money, skill)), few=_few(source, arm))


def _few(source: Source, arm: str) -> bool:
    eligible, reached = source.estimate(arm, "eligible_people"), _reached(source, arm)
    return bool(eligible and reached and hardly_used(eligible.value, reached.value))


def _reached(source: Source, arm: str) -> Estimate | None:
    return source.estimate(arm, used(policy["kind"] for policy in source.policies(arm)))


def pays(source: Source, arm: str) -> Sentence:
    """Return whether an arm pays, in one sentence, and the two numbers that say so."""
    told = _told_of(source, arm)
    if told is None:
        return says("Whether ", Name(arm), " pays is not in this result: run coworksim compare again.")
    worth = Fact.count(float(source.scenario["appraisal.sd_year_value"]), "GBP")
    who: list[Part] = []
    if _few(source, arm):
        of = " in a world, so that it all hangs on a few people, of those who could apply: "
        who = ["; supported: ", _reached(source, arm) or "", of, *cell(source.number(arm, "eligible_people")).parts]
    return says(
        "Does ",
        Name(arm),
        f" pay, in this model? {told} Social value (what people earn more, less resources; support "
        "only changes hands): ",
        *cell(source.number(arm, MONEY)).parts,
        "; skill of both families less net public cost, an sd-year held to be worth ",
        worth,
        ": ",
        *cell(source.number(arm, SKILL)).parts,
        *who,
        ".",
    )


def price_response(source: Source, arm: str) -> list[Sentence]:
    """Say how members respond to price in this world: much of what help with a fee can do follows from that."""
    found = source.estimate(arm, "price_elasticity")
    if found is None:
        return []
    return [
        says(
            "Price elasticity of membership, in this model and without any policy: ",
            found,
            " (at minus one, a fee lower by a tenth brings a tenth more members).",
        )
    ]


def verdicts(source: Source) -> list[Sentence]:
    """Return a line for each arm: whether it pays, and what it costs; and a warning where costs are far apart."""
    lines = []
    for arm in source.acting:
        told = _told_of(source, arm)
        if told is None:
            return []
        line = says(Name(arm), f": {told} Net public cost: ", *cell(source.number(arm, "public_cost_gbp")).parts, ".")
        for more in spent_before_its_end(source, arm):
            line += more
        lines.append(line)
    costs = [one.value for arm in source.acting if (one := source.estimate(arm, "public_cost_gbp"))]
    if far_apart(costs):
        lines.append(
            says(
                "They cost different sums: look at the cost of an effect rather than at its size, or bring them to one "
                "cost (",
                Name("coworksim compare … --budget GBP --equalise-cost"),
                ").",
            )
        )
    return lines


def spent_before_its_end(source: Source, arm: str) -> list[Sentence]:
    """Say when the money is spent long before the end of what it was meant for."""
    last, left, budget = (source.estimate(arm, term) for term in ("last_paid_week", "underspend_gbp", "budget_gbp"))
    end = ends(source.scenario.weeks, [policy["end"] for policy in source.policies(arm)])
    if not (last and left and budget and spent_early(last.high, left.high, budget.value, end)):
        return []
    return [
        says(
            "The money of ",
            Name(arm),
            " is spent after ",
            last,
            " of the ",
            Fact.count(end),
            " for which it was meant.",
        )
    ]
