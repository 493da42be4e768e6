"""What runs came to side by side: a small table that somebody reads who has never seen the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from colearn.observe.columns import SPACE_CHANNELS
from colearn.report.places import LIVELIHOODS, Place, gains, living_as, places, span
from colearn.report.summary import gained

if TYPE_CHECKING:
    import pandas as pd

    from colearn.observe.results import Result

__all__ = ["CAVEATS", "findings"]

#: What the table does not show.
CAVEATS: Final = (
    "Skill points per member at the end, gained since the opening (or since coming); 1 point = 1 % of the best skill",
    "at the start. Independent: freelancers, owners of firms, digital nomads. Equipment: training places too.",
    "People choose to join, so this is not the effect of a space; one run each, so small differences may be chance.",
    "A simulation, not a forecast.",
)


def findings(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """Rows of (what, one cell per place); the first row has the names of the places."""
    shown = places(results)
    after = span(max(int(result.scenario.weeks) for result in results))
    rows: list[tuple[str, Callable[[Place], str]]] = [
        ("", lambda place: place.label),
        (f"Members after {after}", _members),
        ("Members: of the independent, of the employed", _member_shares),
        ("Spaces: open, closed; share of desks used", _spaces),
        ("Social-cognitive points: in the space, in total", _gain("sc")),
        ("Technical-digital points: in the space, in total", _gain("td")),
        ("Technical-digital in the space: people, equipment", _sources),
        ("Technical-digital in the space: independent, employed", _by_livelihood("td_in_space")),
        ("Technical-digital in total: independent, employed", _by_livelihood("td_in_total")),
    ]
    return [(what, *(tell(place) for place in shown)) for what, tell in rows]


def _members(place: Place) -> str:
    return f"{len(place.members)} of {len(place.workers)} ({_percent(place.workers)})"


def _member_shares(place: Place) -> str:
    return ", ".join(_percent(living_as(place.workers, livelihood)) for livelihood in LIVELIHOODS)


def _spaces(place: Place) -> str:
    used = place.occupancy()
    desks = "none" if used is None else f"{100 * used:.0f} %"
    return f"{len(place.open_at_end)}, {place.closed_by_end}; {desks}"


def _percent(workers: pd.DataFrame) -> str:
    return f"{100 * workers['member'].mean():.0f} %" if len(workers) else "nobody"


def _gain(family: str) -> Callable[[Place], str]:
    def tell(place: Place) -> str:
        points = gained(place.members)
        return f"{_points(points[f'{family}_in_space'])}, {_points(points[f'{family}_in_total'])}"

    return tell


def _sources(place: Place) -> str:
    members = place.members
    by_channel = gains(members, "td")
    return ", ".join(_points(by_channel[channel] if len(members) else None) for channel in SPACE_CHANNELS)


def _by_livelihood(cell: str) -> Callable[[Place], str]:
    def tell(place: Place) -> str:
        members = place.members
        return ", ".join(_points(gained(living_as(members, group))[cell]) for group in LIVELIHOODS)

    return tell


def _points(value: Any) -> str:
    return "nobody" if value is None else f"{value:+.1f}"
