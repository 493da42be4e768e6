"""How far people come with a scheme: from those who could apply to those who are members for longer because of it."""

from typing import Final

from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.report.sentences.estimates_in_words import Name, Sentence, filled, joined

#: The steps in their order: term -> (stage of the table by month, what those people did).
STEPS: Final = {
    "eligible_people": ("eligible", "could apply"),
    "aware_people": ("heard", "had heard of it"),
    "wished_people": ("wished", "wished to use it"),
    "applied_people": ("applied", "applied"),
    "awarded_people": ("awarded", "were awarded it"),
    "used_people": ("used", "used it"),
    "additional_people": ("additional", "were members for longer because of it"),
}


def how_far(source: Appraisal, arm: str) -> list[tuple[str, Estimate]]:
    """Return what people did and how many of a world did it up to the horizon, step by step."""
    found = ((words, source.estimate(arm, term)) for term, (_, words) in STEPS.items())
    return [(words, one) for words, one in found if one is not None]


def so_far(source: Appraisal, arm: str, months: int) -> list[tuple[str, Estimate]]:
    """Return the same by the end of so many months; nothing where the table has not got them."""
    table = source.funnel
    rows = table[(table["arm"] == arm) & (table["month"] == months - 1)]
    numbers = rows.set_index("stage")[["people", "low", "high", "n"]].to_dict("index")
    found = ((words, numbers[stage]) for stage, words in STEPS.values() if stage in numbers)
    return [(words, Estimate(one["people"], one["low"], one["high"], "people", int(one["n"]))) for words, one in found]


def funnel_sentence(source: Appraisal, arm: str) -> list[Sentence]:
    """Return the steps in a sentence; none where nobody could apply."""
    steps = how_far(source, arm)
    if not steps or not steps[0][1].value:
        return []
    told = joined(((one, f" {words}") for words, one in steps), ", ")
    return [filled("How far people of a world come with {}: {}.", Name(arm), told)]
