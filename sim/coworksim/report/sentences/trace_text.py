"""One person's weeks in words, no line longer than a terminal of 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from coworksim.report.sentences.text import shortened

if TYPE_CHECKING:
    from coworksim.runs.trace import Alternative, Review, Week


WIDTH: Final = 100

#: How to read what follows.
HEAD: Final = (
    "Membership is reviewed every eight weeks. Utility adds up what a person weighs; chance is the draw of the week; "
    "the highest score, utility and chance together, wins. Staying outside has utility 0. lasting: taste and constants."
)

_FAMILIES: Final = {"sc": "social-cognitive", "td": "technical-digital"}
_CHANNELS: Final = {
    "own": "own work",
    "outside": "contacts and learning elsewhere",
    "firm": "colleagues",
    "employer": "employer",
    "space_social": "people in the space",
    "space_resource": "equipment and training",
    "decay": "forgetting",
}
_KINDS: Final = {
    "chat": "talk",
    "project": "joint project",
    "event": "event",
    "introduction": "introduction",
    "outside": "outside",
    "firm": "colleague",
}
_PLANS: Final = {"day": "day plan", "hot": "hot desk", "dedicated": "own desk"}


def weeks_text(weeks: Sequence[Week]) -> str:
    """``weeks`` of one person, an empty line between them."""
    head = "\n".join(textwrap.wrap(HEAD, WIDTH))
    return "\n\n".join([head, *("\n".join(_lines(week)) for week in weeks)])


def _lines(week: Week) -> Iterator[str]:
    status = week.status.replace("_", " ")
    member = f"{_space(week.space)}, {_PLANS[week.plan]}" if week.space and week.plan else "no member"
    yield f"Week {week.week}: {status}, income {week.income:.0f} GBP/week, workload {week.work:.2f}, {member}"
    if week.review is not None:
        yield from _review(week.review)
    hours = [f"{spent:.1f} h of {what}" for what, spent in week.hours.items() if spent]
    if week.days or hours:
        yield _wrapped("In the space", ", ".join([f"{week.days} day{'s' if week.days != 1 else ''}", *hours]))
    if week.encounters:
        met = [
            f"{e.partner} {_KINDS[e.kind]}{f' x{e.times}' if e.times > 1 else ''}"
            + (f" (tie {e.tie:.1f})" if e.tie else " (no tie yet)")
            for e in week.encounters
        ]
        yield _wrapped("Met", ", ".join(met))
    for family, name in _FAMILIES.items():
        parts = {c: week.gains[f"{family} {c}"] for c in _CHANNELS if f"{family} {c}" in week.gains}
        if parts:
            told = ", ".join(f"{_CHANNELS[channel]} {points:+.3f}" for channel, points in parts.items())
            yield _wrapped(f"Learnt, {name}", f"{sum(parts.values()):+.3f} points: {told}")


def _wrapped(label: str, text: str) -> str:
    return textwrap.fill(
        f"{label}: {text}", WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
    )


def _space(name: str) -> str:
    """``space:REGION/0`` as the number of the space in its region."""
    return f"space {name.rpartition('/')[2]}"


def _review(review: Review) -> Iterator[str]:
    """The table of alternatives; an arrow stands before the one that won."""
    terms = list(review.alternatives[0].terms) if review.alternatives else []
    titles = "".join(f"{title:>{_width(title)}}" for title in terms)
    yield f"  {'Reviews membership':<19}{titles}{'utility':>8}{'chance':>7}{'score':>7}"
    blank = " " * len(titles)
    chance = review.outside_chance
    yield f"  {_arrow(review.chosen < 0)}{'outside':<17}{blank}{0:>8.2f}{chance:>+7.2f}{chance:>7.2f}"
    for index, alternative in enumerate(review.alternatives):
        yield f"  {_arrow(index == review.chosen)}{_alternative(alternative)}"
    if not review.alternatives:
        yield "    has not heard of any open space"


def _width(title: str) -> int:
    return max(7, len(title) + 1)


def _arrow(chosen: bool) -> str:
    return "> " if chosen else "  "


def _alternative(a: Alternative) -> str:
    name = shortened(f"{_space(a.space)} {_PLANS[a.plan]}", 17)
    cells = "".join(f"{value:>+{_width(title)}.2f}" for title, value in a.terms.items())
    if a.value == float("-inf"):
        return f"{name:<17}  not affordable: {a.offer['price']:.2f} GBP/week"
    return f"{name:<17}{cells}{a.value:>8.2f}{a.chance:>+7.2f}{a.score:>7.2f}"
