"""What a run came to, in numbers and in a few readable lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from colearn.observe.columns import FAMILIES, SPACE_CHANNELS
from colearn.report.places import LIVELIHOODS, Place, gains, living_as, places

if TYPE_CHECKING:
    import pandas as pd

    from colearn.observe.results import Result

__all__ = ["gained", "summary", "summary_text"]


def summary(result: Result) -> dict[str, Any]:
    """Members and skills at the end of a run, by place and livelihood; plain numbers, None where there is nobody."""
    scenario = result.scenario
    return {
        "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
        "seed": result.seed,
        "replicate": result.replicate,
        "burn_in_weeks": scenario.burn_in_weeks,
        "weeks": scenario.weeks,
        "seconds": round(result.seconds, 3),
        "result_digest": result.digest,
        "places": [_place(place) for place in places([result])],
    }


def _place(place: Place) -> dict[str, Any]:
    spaces = place.spaces
    last = spaces[spaces["week"] == spaces["week"].max()]
    return {
        "name": place.name,
        "flag": place.flag,
        "people": len(place.workers),
        "members": len(place.members),
        "member_share": {group: _share(living_as(place.workers, group)["member"]) for group in LIVELIHOODS},
        "desks": int(last["desks"].sum()),
        "spaces_open": len(last),
        "occupancy_last_quarter": round(place.occupancy(), 6),
        "fees_gbp": round(float(spaces["fees_gbp"].sum()), 2),
        "points_gained": {
            group: {livelihood: gained(living_as(workers, livelihood)) for livelihood in LIVELIHOODS}
            for group, workers in (("members", place.members), ("everyone", place.workers))
        },
    }


def _share(column: pd.Series[Any]) -> float | None:
    return round(float(column.mean()), 6) if len(column) else None


def gained(workers: pd.DataFrame) -> dict[str, Any]:
    """Mean points gained since the opening, by family: in the space, and in total."""
    found: dict[str, Any] = {"people": len(workers)}
    for family in FAMILIES:
        by_channel = gains(workers, family)
        in_space = sum(by_channel[channel] for channel in SPACE_CHANNELS)
        found[f"{family}_in_space"] = round(in_space, 6) if len(workers) else None
        found[f"{family}_in_total"] = round(sum(by_channel.values()), 6) if len(workers) else None
    return found


def summary_text(found: dict[str, Any]) -> str:
    """``summary`` as lines for a terminal."""
    head = (
        f"{found['scenario']['title']}: {found['weeks']} weeks after {found['burn_in_weeks']} weeks of burn-in, "
        f"seed {found['seed']}, {found['seconds']:.1f} s"
    )
    return "\n".join([head, *(line for place in found["places"] for line in _place_lines(place))])


def _place_lines(place: dict[str, Any]) -> Iterator[str]:
    shares = ", ".join(
        f"of the {livelihood} {100 * share:.0f} %"
        for livelihood, share in place["member_share"].items()
        if share is not None
    )
    yield ""
    yield (
        f"{place['name']} ({place['flag']}): {place['members']} of {place['people']} people are members at the end "
        f"({shares})."
    )
    yield (
        f"  {place['desks']} desks, {100 * place['occupancy_last_quarter']:.0f} % of them used in the last quarter; "
        f"fees paid {place['fees_gbp']:,.0f} GBP."
        if place["desks"]
        else "  No coworking space."
    )
    yield ""
    yield "  Skill points gained per person since the opening    social-cognitive    technical-digital"
    yield "  (1 point = 1 % of the frontier)                     in space  in total  in space  in total"
    for group, by_livelihood in place["points_gained"].items():
        for livelihood, points in by_livelihood.items():
            label = f"{group}, {livelihood} ({points['people']})"
            cells = [points[f"{family}_{where}"] for family in FAMILIES for where in ("in_space", "in_total")]
            yield f"    {label:<48}" + "  ".join(f"{_points(cell):>8}" for cell in cells)


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"
