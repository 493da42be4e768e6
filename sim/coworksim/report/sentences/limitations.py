"""What is not known from a result, the caveats that decide most, and what the model does not hold."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from coworksim.appraisal.result import Appraisal
from coworksim.model.policies import KINDS
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, filled, joined, says

#: Draws under which shares of draws are a hint.
_ENOUGH: Final = 64
_LAWS: Final = ("resource_learning.theta_td", "social_learning.theta_sc")


def not_ranked(source: Appraisal, command: str) -> list[Sentence]:
    """Say that intervals cover chance alone where parameters were not drawn, and what to add to which command."""
    text = (
        "Parameters were not varied: all intervals here cover chance alone and rank no arm. Whoever runs "
        f"{command} can add {{}}: it draws every swept parameter and the laws of learning, ranks the arms, and finds "
        "at which price response, displacement or return of skill the answer turns."
    )
    return [] if source.has_draws else [filled(text, Name(f"--draws {_ENOUGH}"))]


def caveats(source: Appraisal) -> list[Sentence]:
    """Return the three caveats that decide most in this result: those that its own numbers call for come first."""
    text = (
        "How people learn is a hypothesis: here learning closes a gap to the frontier with exponent {} for TD and {} "
        "for SC skill. Other exponents are as plausible."
    )
    law = filled(text, *(Fact.count(float(source.scenario[name])) for name in _LAWS))
    if source.has_draws:
        law = says(
            "How people learn is a hypothesis. The draws take the laws of learning from a grid of two rivals and what "
            "lies between; other forms are as plausible. At the top stands one of them."
        )
    found = [
        *_called_for(source),
        says(
            "The response of people to price, and what they learn from each other, are guesses within wide ranges. "
            "No trial has measured either for coworking."
        ),
        law,
        says("Nothing after the horizon counts: skills and ties that last, or spaces that close later."),
    ]
    return found[:3]


def _called_for(source: Appraisal) -> Iterator[Sentence]:
    yield from failed_worlds(source)
    if not source.has_draws:
        yield says(
            "The intervals cover chance alone: other people and other luck in a world with these parameters. The "
            "parameters may be wrong, and more worlds do not help against that."
        )
    yield from _few_draws(source)
    if arms := [arm for arm, own in source.arms.items() if any(KINDS[one.kind].effect_is_declared for one in own)]:
        yield filled(
            "How much firms, visitors and work a sum of money attracts is declared with {}, not found by the model: "
            "what it achieves is as good as that guess. The table of what is compared has it.",
            Name(", ".join(arms)),
        )
    unpaid = {arm: source.estimate(arm, "unpaid_commitments_gbp") for arm in source.arms}
    if owed := joined((Name(arm), ": ", one) for arm, one in unpaid.items() if one is not None and one.sign > 0):
        yield says("Promised and not paid at the horizon, so that no cost holds it: ", *owed, ".")
    yield from subsidy_control(source)
    yield from costs_too_low(source)


def _few_draws(source: Appraisal) -> Iterator[Sentence]:
    drawing = source.drawing or {}
    counted, asked = int(drawing.get("counted", _ENOUGH)), int(drawing.get("asked", _ENOUGH))
    lost = (" (", Fact.count(asked - counted), " more failed and are left out)") if counted < asked else ()
    if source.has_draws and (counted < _ENOUGH or lost):
        text = (
            "What is said of draws rests on {}{}: a beginning is {}. The intervals at the top and in the appraisal "
            "cover chance alone, not what the draws vary."
        )
        yield filled(text, Fact.count(counted), lost, Fact.count(_ENOUGH))


def left_out(source: Appraisal) -> list[Sentence]:
    """Return what the model does not hold, and what has no price in it."""
    text = (
        "The model does not hold sex, ethnicity or disability: it cannot say who of these gains or loses, and an "
        "equality assessment has to look elsewhere. It has neither taxes nor households."
    )
    return [says(text), *not_in_money(source)]


def failed_worlds(source: Appraisal) -> list[Sentence]:
    """Say which worlds failed, and why."""
    if not source.failed:
        return []
    told = Name("; ".join(source.failed))
    return [says(Fact.count(len(source.failed)), " worlds failed and are left out: ", told, ".")]


def runs_left_out(failed: Sequence[str]) -> list[Sentence]:
    """Name the runs that failed, and so count nowhere."""
    return [says("Left out: ", Name("; ".join(failed)), ".")] if failed else []


def costs_too_low(source: Appraisal) -> list[Sentence]:
    """Warn of costs per effect: what is shown only where the effect is clear makes the effect look greater.

    The figures are of 200,000 simulated appraisals with a normal effect and a known cost (seed 1).
    """
    effects = "additional_member_months", "td_total_sd_years", "sc_total_sd_years"
    names = [f"public_cost_per_{term}" for term in effects]
    shown = [found for name in names for arm in source.arms if (found := source.estimate(arm, name))]
    if all(math.isnan(one.low) for one in shown):
        return []
    text = (
        "A cost per effect is shown only where the effect is clear of zero, so it tends to be too low. Where the "
        "effect is {} of its spread between worlds, {} worlds show it in {} of cases, at a median of {} of the true "
        "cost; {} worlds in {}, at {}. Net benefit does not lean: read that first."
    )
    facts = ("0.4", "8", "16 %", "47 %", "20", "40 %", "68 %")
    return [filled(text, *map(Fact, facts))]


def subsidy_control(source: Appraisal) -> list[Sentence]:
    """Say where somebody would get more than the declared threshold of subsidy control."""
    return [says(Name(line), ".") for line in source.flags]


def not_in_money(source: Appraisal) -> list[Sentence]:
    """Name what has no price in the model."""
    return [says("Not in money: ", Name(text), ".") for text in source.about()["not_monetised"]]
