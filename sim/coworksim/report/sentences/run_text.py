"""What runs came to: in numbers, in a few readable lines, side by side; and one person's weeks in words.

Lines of a person's weeks are no longer than a terminal of 100 columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pandas as pd

from coworksim.files.columns import FAMILIES, SPACE_CHANNELS
from coworksim.model.parameters.skills import STATUSES
from coworksim.model.policies import KINDS
from coworksim.report.charts.places import LIVELIHOODS, Place, gains, living_as, places, span
from coworksim.report.sentences.text import shortened, wrapped, written
from coworksim.runs.simulation import Result
from coworksim.runs.trace import Review, Week

_SUPPORT: Final = "support:"
_OTHER: Final = "policy:"
_LIVELIHOODS: Final = (
    "Independent: freelancers, owners of firms with staff, digital nomads.",
    "Employed: on site or remotely.",
)


def summary(result: Result) -> dict[str, Any]:
    """Members and skills at the end of a run, by place and livelihood; plain numbers, None where there is nobody."""
    scenario = result.scenario
    return {
        "scenario": {"name": scenario.name, "title": scenario.title, "digest": scenario.digest},
        "seed": result.seed,
        "replicate": result.replicate,
        "burn_in_weeks": scenario.burn_in_weeks,
        "spin_up_weeks": scenario.start_week - scenario.burn_in_weeks,
        "weeks": scenario.weeks,
        "seconds": round(result.seconds, 3),
        "result_digest": result.digest,
        "places": [_place(place) for place in places([result])],
        "policies": _policies(result),
    }


def _place(place: Place) -> dict[str, Any]:
    used, paid = place.occupancy(), place.ledger.groupby("purpose", observed=True)["amount_gbp"].sum()
    by_schemes = paid[paid.index.str.startswith(_SUPPORT)].sum() if len(paid) else 0.0
    payers = {"members": paid.get("membership", 0.0), "employers": paid.get("sponsorship", 0.0), "schemes": by_schemes}
    return {
        "name": place.name,
        "code": place.code,
        "label": place.label,
        "flag": place.flag,
        "people": len(place.workers),
        "members": len(place.members),
        "member_share": {
            group: round(float(own["member"].mean()), 6) if len(own) else None
            for group in LIVELIHOODS
            for own in [living_as(place.workers, group)]
        },
        "by_status": {
            status: {"people": len(own), "members": int(own["member"].sum())}
            for status in STATUSES
            for own in [place.workers[place.workers["status"] == status]]
        },
        "spaces_open": len(place.open_at_end),
        "spaces_closed": place.closed_by_end,
        "desks": int(place.open_at_end["desks"].sum()),
        "occupancy_last_quarter": None if used is None else round(used, 6),
        "fees_gbp": round(float(place.spaces["fees_gbp"].sum()), 2),
        "fees_paid_gbp": {payer: round(float(amount), 2) for payer, amount in payers.items()},
        "points_gained": {
            group: {livelihood: gained(living_as(workers, livelihood)) for livelihood in LIVELIHOODS}
            for group, workers in (("members", place.members), ("everyone", place.workers))
        },
    }


def _policies(result: Result) -> list[dict[str, Any]]:
    """Awards (None: nobody applies for it) and payments of each policy over the whole run, in all regions."""
    ledger, awarded = result.ledger, result.awarded
    paid = ledger.groupby("purpose", observed=True)["amount_gbp"].sum()
    return [
        {
            "name": policy.name,
            "awarded": awarded[k] if awarded is not None and KINDS[policy.kind].is_award else None,
            "paid_gbp": round(sum(float(paid.get(f"{kind}{policy.name}", 0.0)) for kind in (_SUPPORT, _OTHER)), 2),
        }
        for k, policy in enumerate(result.scenario.policies)
    ]


def gained(workers: pd.DataFrame) -> dict[str, Any]:
    """Mean points gained since the start (or coming), by family: in the space, and in total."""
    found: dict[str, Any] = {"people": len(workers)}
    for family in FAMILIES:
        by_channel = gains(workers, family)
        in_space = sum(by_channel[channel] for channel in SPACE_CHANNELS)
        found[f"{family}_in_space"] = round(in_space, 6) if len(workers) else None
        found[f"{family}_in_total"] = round(sum(by_channel.values()), 6) if len(workers) else None
    return found


def summary_text(found: dict[str, Any]) -> str:
    """``summary`` as lines for a terminal."""
    spin_up = f" and {found['spin_up_weeks']} of spin-up" if found["spin_up_weeks"] else ""
    head = (
        f"{found['scenario']['title']}: {found['weeks']} weeks after {found['burn_in_weeks']} weeks of burn-in"
        f"{spin_up}, seed {found['seed']}, {found['seconds']:.1f} s"
    )
    policies = [
        f"{policy['name']}: {'' if policy['awarded'] is None else f'{policy["awarded"]} awarded, '}"
        f"{policy['paid_gbp']:,.0f} GBP paid"
        for policy in found["policies"]
    ]
    lines = [head, *(line for place in found["places"] for line in _place_lines(place))]
    return "\n".join([*lines, "", *policies, *_LIVELIHOODS])


def _place_lines(place: dict[str, Any]) -> Iterator[str]:
    told = {living: share for living, share in place["member_share"].items() if share is not None}
    shares = ", ".join(f"of the {living} {100 * share:.0f} %" for living, share in told.items())
    kind = "left-behind" if place["flag"] == "left-behind" else "not left-behind"
    label = place["label"]
    name = f"{label} ({kind})" if label == shortened(place["name"], 32) else label
    yield ""
    yield f"{name}: {place['members']} of {place['people']} people are members at the end ({shares})."
    yield f"  {_spaces_line(place)}"
    yield ""
    yield "  Skill points gained per person since the start      social-cognitive    technical-digital"
    yield "  (1 point = 1 % of the best skill at the start)      in space  in total  in space  in total"
    for group, by_livelihood in place["points_gained"].items():
        for livelihood, points in by_livelihood.items():
            label = f"{group}, {livelihood} ({points['people']})"
            cells = [points[f"{family}_{where}"] for family in FAMILIES for where in ("in_space", "in_total")]
            yield f"    {label:<48}" + "  ".join(f"{written(cell, '+.2f'):>8}" for cell in cells)


def _spaces_line(place: dict[str, Any]) -> str:
    count, closed = place["spaces_open"], place["spaces_closed"]
    if not count and not closed:
        return "No coworking space."
    parts = [f"{payer} {amount:,.0f}" for payer, amount in place["fees_paid_gbp"].items() if amount]
    gone = f"; {closed} closed" if closed else ""
    fees = f"fees {place['fees_gbp']:,.0f} GBP" + (f" (paid by {', '.join(parts)})" if parts else "")
    if not count:
        return f"No coworking space is open at the end{gone}; {fees}."
    used = f"{100 * place['occupancy_last_quarter']:.0f} % used in the last quarter"
    return f"{count} coworking space{'s' if count > 1 else ''} with {place['desks']} desks, {used}{gone}; {fees}."


#: What the table does not show.
CAVEATS: Final = (
    "Skill points per member at the end, gained since the start (or since coming); 1 point = 1 % of the best skill",
    "at the start. Independent: freelancers, owners of firms, digital nomads. Equipment: training places too.",
    "People choose to join, so this is not the effect of a space; one run each, so small differences may be chance.",
    "A simulation, not a forecast.",
)

#: What the table shows, the members after the time that is put in.
_WHAT: Final = (
    "",
    "Members after {}",
    "Members: of the independent, of the employed",
    "Spaces: open, closed; share of desks used",
    "Social-cognitive points: in the space, in total",
    "Technical-digital points: in the space, in total",
    "Technical-digital in the space: people, equipment",
    "Technical-digital in the space: independent, employed",
    "Technical-digital in total: independent, employed",
)


def findings(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """Rows of (what, one cell per place); the first row has the names of the places."""
    after = span(max(int(result.scenario.weeks) for result in results))
    return list(zip((what.format(after) for what in _WHAT), *map(_column, places(results)), strict=True))


def _column(place: Place) -> tuple[str, ...]:
    members, used, channels = place.members, place.occupancy(), gains(place.members, "td")
    points, living = gained(members), [gained(living_as(members, group)) for group in LIVELIHOODS]
    desks = "none" if used is None else f"{100 * used:.0f} %"
    where = ("space", "total")
    return (
        place.label,
        f"{len(members)} of {len(place.workers)} ({_percent(place.workers)})",
        ", ".join(_percent(living_as(place.workers, livelihood)) for livelihood in LIVELIHOODS),
        f"{len(place.open_at_end)}, {place.closed_by_end}; {desks}",
        *(_points(points[f"{family}_in_{one}"] for one in where) for family in FAMILIES),
        _points(channels[channel] if len(members) else None for channel in SPACE_CHANNELS),
        *(_points(own[f"td_in_{one}"] for own in living) for one in where),
    )


def _percent(workers: pd.DataFrame) -> str:
    return f"{100 * workers['member'].mean():.0f} %" if len(workers) else "nobody"


def _points(values: Iterable[float | None]) -> str:
    return ", ".join(written(value, "+.1f", "nobody") for value in values)


WIDTH: Final = 100

#: How to read what follows.
HEAD: Final = (
    "A person looks at membership every now and then. Utility adds up what he or she weighs; chance is the wish "
    "of the last look; the highest score, utility and chance together, wins. Staying outside has utility 0. lasting: "
    "taste and constants."
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
_MEETINGS: Final = {
    "chat": "talk",
    "project": "joint project",
    "event": "event",
    "outside": "outside",
    "firm": "colleague",
}
#: What stands before an alternative, and before the one that won.
_ARROWS: Final = ("  ", "> ")
_PLANS: Final = {"day": "day plan", "hot": "hot desk", "dedicated": "own desk"}


def weeks_text(weeks: Sequence[Week]) -> str:
    """``weeks`` of one person, an empty line between them."""
    head = "\n".join(wrapped(HEAD, WIDTH))
    return "\n\n".join([head, *("\n".join(_week_lines(week)) for week in weeks)])


def _week_lines(week: Week) -> Iterator[str]:
    status = week.status.replace("_", " ")
    member = f"{_space(week.space)}, {_PLANS[week.plan]}" if week.space and week.plan else "no member"
    yield f"Week {week.week}: {status}, income {week.income:.0f} GBP/week, workload {week.work:.2f}, {member}"
    if week.review is not None:
        yield from _review(week.review)
    hours = [f"{spent:.1f} h of {what}" for what, spent in week.hours.items() if spent]
    if week.days or hours:
        yield _told("In the space", ", ".join([f"{week.days} day{'s' if week.days != 1 else ''}", *hours]))
    if week.encounters:
        met = [
            f"{e.partner} {_MEETINGS[e.kind]}{f' x{e.times}' if e.times > 1 else ''}"
            + (f" (tie {e.tie:.1f})" if e.tie else " (no tie yet)")
            for e in week.encounters
        ]
        yield _told("Met", ", ".join(met))
    for family, name in _FAMILIES.items():
        parts = {c: week.gains[f"{family} {c}"] for c in _CHANNELS if f"{family} {c}" in week.gains}
        if parts:
            told = ", ".join(f"{_CHANNELS[channel]} {points:+.3f}" for channel, points in parts.items())
            yield _told(f"Learnt, {name}", f"{sum(parts.values()):+.3f} points: {told}")


def _told(label: str, text: str) -> str:
    return "\n".join(wrapped(f"{label}: {text}", WIDTH, "      ", initial_indent="  ", break_on_hyphens=False))


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
    yield f"  {_ARROWS[review.chosen < 0]}{'outside':<17}{blank}{0:>8.2f}{chance:>+7.2f}{chance:>7.2f}"
    for index, a in enumerate(review.alternatives):
        name = shortened(f"{_space(a.space)} {_PLANS[a.plan]}", 17)
        cells = "".join(f"{value:>+{_width(title)}.2f}" for title, value in a.terms.items())
        cells += f"{a.value:>8.2f}{a.chance:>+7.2f}{a.score:>7.2f}"
        if a.value == float("-inf"):
            cells = f"  not affordable: {a.offer['price']:.2f} GBP/week"
        yield f"  {_ARROWS[index == review.chosen]}{name:<17}{cells}"
    if review.waits:
        yield "    waits outside for support that is for non-members"
    if not review.alternatives:
        yield "    has not heard of any open space"


def _width(title: str) -> int:
    return max(7, len(title) + 1)
