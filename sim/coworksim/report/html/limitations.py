"""What is not known from a result, the caveats that decide most, and what the model does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from coworksim.model.policies import KINDS
from coworksim.report.html.source import Source
from coworksim.report.html.uncertainty import has_draws
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says

__all__ = ["caveats", "left_out", "missing_parts"]

#: Draws under which shares of draws are a hint.
_ENOUGH: Final = 64
_LAWS: Final = ("resource_learning.theta_td", "social_learning.theta_sc")


def missing_parts(source: Source) -> list[Sentence]:
    """Say what this result does not hold, and what to run for it."""
    if has_draws(source):
        return []
    return [
        says(
            "Parameters were not varied: all intervals here cover chance alone and rank no arm. Whoever runs the "
            "command "
            "at the end of this report can add ",
            Name(f"--draws {_ENOUGH}"),
            ": it draws every swept parameter and the "
            "laws of learning, ranks the arms, and finds at which price response, displacement or return of skill the "
            "answer turns.",
        )
    ]


def _law(source: Source) -> Sentence:
    if has_draws(source):
        return says(
            "How people learn is a hypothesis. The draws take the laws of learning from a grid of two rivals and what "
            "lies between; other forms are as plausible. At the top stands one of them."
        )
    td, sc = (float(source.scenario[name]) for name in _LAWS)
    return says(
        "How people learn is a hypothesis: here learning closes a gap to the frontier with exponent ",
        Fact.count(td),
        " for TD and ",
        Fact.count(sc),
        " for SC skill. Other exponents are as plausible.",
    )


def caveats(source: Source) -> list[Sentence]:
    """Return the three caveats that decide most in this result: those that its own numbers call for come first."""
    found = list(_called_for(source))
    found.append(
        says(
            "The response of people to price, and what they learn from each other, are guesses within wide ranges. "
            "No trial has measured either for coworking.",
        )
    )
    found.append(_law(source))
    found.append(says("Nothing after the horizon counts: skills and ties that last, or spaces that close later."))
    return found[:3]


def _called_for(source: Source) -> Iterator[Sentence]:
    """Say what the numbers of this result warn of."""
    failed = source.about.get("failed") or []
    if failed:
        yield says(Fact.count(len(failed)), " worlds failed and are left out: ", Name("; ".join(failed)), ".")
    if not has_draws(source):
        yield says(
            "The intervals cover chance alone: other people and other luck in a world with these parameters. The "
            "parameters may be wrong, and more worlds do not help against that."
        )
    yield from _few_draws(source)
    yield from _declared(source)
    yield from _owed(source)
    for line in source.about.get("subsidy_control") or []:
        yield says(Name(line), ".")


def _declared(source: Source) -> Iterator[Sentence]:
    """Say where an arm's means to its end were declared with it, and not found."""
    arms = [arm for arm in source.arms if any(KINDS[one["kind"]].effect_is_declared for one in source.policies(arm))]
    if arms:
        yield says(
            "How much firms, visitors and work a sum of money attracts is declared with ",
            Name(", ".join(arms)),
            ", not found by the model: what it achieves is as good as that guess. The table of what is compared has "
            "it.",
        )


def _owed(source: Source) -> Iterator[Sentence]:
    """Say what is promised and not paid, which no cost holds."""
    parts: list[Part] = []
    for arm in source.arms:
        owed = source.estimate(arm, "unpaid_commitments_gbp")
        if owed is not None and owed.sign > 0:
            parts += ["; " if parts else "", Name(arm), ": ", owed]
    if parts:
        yield says("Promised and not paid at the horizon, so that no cost holds it: ", *parts, ".")


def _few_draws(source: Source) -> Iterator[Sentence]:
    """Say when draws failed, and when they are too few to rank by."""
    drawing = source.about.get("drawing") or {}
    counted, asked = int(drawing.get("counted", _ENOUGH)), int(drawing.get("asked", _ENOUGH))
    lost = (" (", Fact.count(asked - counted), " more failed and are left out)") if counted < asked else ()
    if has_draws(source) and (counted < _ENOUGH or lost):
        yield says(
            "What is said of draws rests on ",
            Fact.count(counted),
            *lost,
            ": a beginning is ",
            Fact.count(_ENOUGH),
            ". The intervals at the top and in the appraisal cover chance alone, not what the draws vary.",
        )


def left_out(source: Source) -> list[Sentence]:
    """Return what the model does not hold, and what has no price in it."""
    lines = [
        says(
            "The model does not hold sex, ethnicity or disability: it cannot say who of these gains or loses, and an "
            "equality assessment has to look elsewhere. It has neither taxes nor households.",
        )
    ]
    not_priced = source.about.get("not_monetised") or []
    return lines + [says("Not in money: ", Name(text), ".") for text in not_priced]
