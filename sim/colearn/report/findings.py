"""What runs came to side by side: a small table that somebody reads who has never seen the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from colearn.observe.columns import SPACE_CHANNELS
from colearn.report.places import LIVELIHOODS, Place, gains, living_as, places, span
from colearn.report.summary import gained

if TYPE_CHECKING:
    from colearn.observe.results import Result

__all__ = ["CAVEATS", "findings"]

_WORDS: Final = {"sc": "social-cognitive", "td": "technical-digital"}

#: What the table does not show.
CAVEATS: Final = (
    "Skill points per member at the end, gained since the opening; 1 point = 1 % of the best skill at the start.",
    "People choose to join, so this is not the effect of a space; one run each, so small differences may be chance.",
    "A simulation, not a forecast.",
)


def findings(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """Rows of (what, one cell per place); the first row has the names of the places."""
    shown = places(results)
    after = span(max(int(result.scenario.weeks) for result in results))
    rows: list[tuple[str, Callable[[Place], str]]] = [
        ("", lambda place: place.name),
        (f"Members after {after}", _members),
        *((f"{word.capitalize()} points: in the space, in total", _gain(f)) for f, word in _WORDS.items()),
        *((f"{word.capitalize()} in the space: from people, equipment", _sources(f)) for f, word in _WORDS.items()),
        ("Technical-digital in the space: independent, employed", _by_livelihood("td_in_space")),
        ("Technical-digital in total: independent, employed", _by_livelihood("td_in_total")),
    ]
    return [(what, *(tell(place) for place in shown)) for what, tell in rows]


def _members(place: Place) -> str:
    people = len(place.workers)
    return f"{len(place.members)} of {people} ({100 * len(place.members) / people:.0f} %)"


def _gain(family: str) -> Callable[[Place], str]:
    def tell(place: Place) -> str:
        points = gained(place.members)
        return f"{_points(points[f'{family}_in_space'])}, {_points(points[f'{family}_in_total'])}"

    return tell


def _sources(family: str) -> Callable[[Place], str]:
    def tell(place: Place) -> str:
        members = place.members
        by_channel = gains(members, family)
        return ", ".join(_points(by_channel[channel] if len(members) else None) for channel in SPACE_CHANNELS)

    return tell


def _by_livelihood(cell: str) -> Callable[[Place], str]:
    def tell(place: Place) -> str:
        members = place.members
        return ", ".join(_points(gained(living_as(members, group))[cell]) for group in LIVELIHOODS)

    return tell


def _points(value: Any) -> str:
    return "nobody" if value is None else f"{value:+.1f}"
