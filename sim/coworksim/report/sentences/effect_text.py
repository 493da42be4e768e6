"""Effects in words: more, less, or no clear change; what one more of an effect costs; what an arm brings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says

SD_YEAR: Final = "An sd-year is a standard deviation of a skill at the opening, held for a year"
#: Effects of the headline: name -> (what there is more of, what one more of it is called).
EFFECTS: Final = {
    "additional_member_months": ("membership", "an additional member-month"),
    "td_total_sd_years": ("technical-digital (TD) skill", "an sd-year of TD skill"),
    "sc_total_sd_years": ("social-cognitive (SC) skill", "an sd-year of SC skill"),
}


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
    if gained.exact and gained.value == 0.0:
        return ["not given (nothing changes)"]
    if gained.sign < 0:
        return ["not given (there is less of it)"]
    return ["not given (the interval of the effect includes zero)"]


def brings(source: Appraisal, arm: str) -> Sentence:
    """Return what an arm brings, and what it costs, in one sentence."""
    parts: list[Part] = ["In this model, ", Name(arm), " brings "]
    for term, (what, _) in EFFECTS.items():
        found = source.estimate(arm, term)
        if found is not None:
            parts += ["; " if len(parts) > 3 else "", *effect(found, what, source.by_replicate(arm, term))]
    cost = source.estimate(arm, "public_cost_gbp")
    parts += ["; at a net public cost of ", cost] if cost else []
    return Sentence((*parts, "."))


def _others(values: Sequence[float]) -> int:
    """Return in how many worlds there is a change, where these are fewer than half; else 0."""
    other = sum(value != 0.0 for value in values)
    return other if 2 * other < len(values) else 0


def seldom(source: Appraisal, arm: str) -> list[Sentence]:
    """Warn where most worlds are the same with and without an arm: their mean hangs on the others."""
    if not any(_others(source.by_replicate(arm, term)) for term in EFFECTS):
        return []
    return [
        brings(source, arm)
        + says("The means hang on the few worlds with a change, and their intervals are less sure than they look.")
    ]
