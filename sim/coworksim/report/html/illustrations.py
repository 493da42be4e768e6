"""Charts of a report with their captions and, for who does not see them, the numbers in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.estimates import Estimate, of_row
from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters.skills import GROUPS
from coworksim.report.charts import bars, network, over_time, plane, tiles
from coworksim.report.charts.style import applied, as_svg, svg_uri
from coworksim.report.html.uncertainty import acceptability, draw_values
from coworksim.report.sentences.effect_text import SD_YEAR
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says
from coworksim.report.sentences.term_labels import CHANNELS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


#: Arms that fit into a chart; the tables have all.
MOST_ARMS: Final = 6
_EFFECTS: Final = {
    "additional_member_months": "more membership,\nmember-months",
    "td_total_sd_years": "more TD skill,\nsd-years",
    "sc_total_sd_years": "more SC skill,\nsd-years",
}
_SKILLS: Final = ("td_total_sd_years", "sc_total_sd_years")


@dataclass(frozen=True)
class Illustration:
    """A chart as SVG, what it says in words, and its caption."""

    figure: Figure
    alt: Sentence
    caption: Sentence

    @cached_property
    def uri(self) -> str:
        """The chart as an address that holds it."""
        with applied():
            return svg_uri(as_svg(self.figure))


def _listed(source: Appraisal, term: str, arms: list[str]) -> list[Part]:
    parts: list[Part] = []
    for arm in arms:
        found = source.estimate(arm, term)
        parts += ["; " if parts else "", Name(arm), " ", found if found else "not defined"]
    return parts


def _shown(source: Appraisal) -> list[str]:
    return source.acting[:MOST_ARMS]


def _fan(source: Appraisal) -> Illustration:
    arms, last = _shown(source), source.scenario.weeks - 1
    drawn = over_time.difference({arm: source.by_week(arm, "members") for arm in arms}, "more members")
    parts: list[Part] = ["More members in the last week: "]
    for at, arm in enumerate(arms):
        found = source.in_week(arm, "members", last)
        parts += ["; " if at else "", Name(arm), " ", found or "not known"]
    caption = says(
        "More members, week by week. Line and colour: mean of ",
        Fact.count(source.replicates),
        " pairs of worlds and its ",
        Fact("95 %"),
        " interval. Between the dotted lines: eight in ten worlds.",
    )
    return Illustration(drawn, Sentence((*parts, ".")), caption)


def _forest(source: Appraisal) -> Illustration:
    arms = _shown(source)
    points = {
        words: [_point(one) if one else None for one in [source.estimate(arm, term) for arm in arms]]
        for term, words in _EFFECTS.items()
    }
    drawn = bars.forest(arms, points)
    alt: list[Part] = []
    for term, words in _EFFECTS.items():
        alt += [f"{words.partition(',')[0].capitalize()}: ", *_listed(source, term, arms), ". "]
    caption = says(
        "All arms, over everybody up to the horizon: mean and ",
        Fact("95 %"),
        f" interval. {SD_YEAR}.",
    )
    return Illustration(drawn, Sentence(tuple(alt)), caption)


def _point(found: Estimate) -> tuple[float, float, float]:
    return found.value, found.low, found.high


def _plane(source: Appraisal) -> Illustration | None:
    """Cost against effect over the draws where there are any, else over worlds that differ by chance alone."""
    draws = source.has_draws
    values = draw_values if draws else Appraisal.by_replicate
    terms = ("public_cost_gbp", "td_total_sd_years") if draws else ("public_cost_gbp", *_SKILLS)
    points = {}
    for arm in _shown(source):
        cost, *skills = (values(source, arm, term) for term in terms)
        points[arm] = (cost, [math.fsum(one) for one in zip(*skills, strict=True)])
    if not all(cost and len(cost) == len(gained) for cost, gained in points.values()):
        return None
    worth = source.worth
    curves = acceptability(source, "td")
    skill = "TD skill" if draws else "skill of both families"
    drawn = plane.plane(points, f"more {skill} over everybody, sd-years", worth, curves)
    each = "draws" if draws else "worlds"
    alt: list[Part] = [f"In how many {each} more {skill} is worth its cost, at the declared worth: "]
    for at, (arm, (cost, gained)) in enumerate(points.items()):
        pays = sum(worth * b > a for a, b in zip(cost, gained, strict=True))
        alt += ["; " if at else "", Name(arm), " ", Fact.count(pays), " of ", Fact.count(len(cost))]
    alt += [". Net public cost: ", *_listed(source, terms[0], list(points)), "."]
    end = (
        "Right: how often each arm is the best of all, by what an sd-year is held to be worth."
        if draws
        else "Right: by what an sd-year is held to be worth. Worlds differ by chance alone."
    )
    caption = says(
        f"Cost against effect, {skill}. Pale: {each}, dark: their mean; under the dotted line an effect is worth its "
        f"cost. {end}"
    )
    return Illustration(drawn, Sentence(tuple(alt)), caption)


def _groups(source: Appraisal) -> Illustration | None:
    arm, rows = source.acting[0], {}
    alt: list[Part] = ["Share of support: "]
    for dimension, names in GROUPS.items():
        own = []
        for name in names:
            start = f"share | {dimension} | {name} | "
            people, money = source.estimate(arm, f"{start}people"), source.estimate(arm, f"{start}support_gbp")
            if people is None or people.value == 0.0:
                continue
            point = None if money is None else (100.0 * money.value, 100.0 * money.low, 100.0 * money.high)
            own.append((name, 100.0 * people.value, point))
            alt += [
                "; " if len(alt) > 1 else "",
                f"{name.replace('_', ' ')} " if _plain(name) else Name(f"{name} "),
                money or "none",
            ]
        rows[dimension] = own
    if not any(point for own in rows.values() for *_, point in own):
        return None
    caption = says("Whom the support of ", Name(arm), " reaches: each group's share of it, beside its share of people.")
    return Illustration(bars.groups(rows), Sentence((*alt, ".")), caption)


def _plain(name: str) -> bool:
    return not any(sign.isdigit() for sign in name)


def _levels(source: Appraisal) -> Illustration | None:
    table = source.tables.get("levels")
    if table is None:
        return None
    arm, words = source.acting[0], {"members": "members", "td": "TD skill, points", "sc": "SC skill, points"}
    alt: list[Part] = ["In the last week: "]
    panels: dict[str, Any] = {}
    for measure, label in words.items():
        panels[label] = {}
        for world in ("without", arm):
            own = table[(table["arm"] == world) & (table["measure"] == measure)]
            panels[label][world] = own
            row = own.iloc[-1]
            alt += [
                "; " if len(alt) > 1 else "",
                f"{label} ",
                "without " if world == "without" else "with it ",
                of_row(row),
            ]
    caption = says(
        "Levels in both worlds. Band: where eight in ten worlds lie. Worlds differ more from each other than each from "
        "its copy, which is why copies are compared.",
    )
    return Illustration(over_time.levels(panels), Sentence((*alt, ".")), caption)


def _channels(source: Appraisal) -> Illustration | None:
    arm, families, alt = source.acting[0], {}, list[Part]()
    for family, words in (("td", "Technical-digital skill"), ("sc", "Social-cognitive skill")):
        rows = []
        for channel, label in CHANNELS.items():
            start = f"channel | {family} | {channel} | "
            without, there, change = (source.estimate(arm, start + side) for side in ("without", "with", "change"))
            if without is None or there is None or change is None:
                return None
            rows.append((label, _point(without), _point(there)))
            alt += [f"{words}, {label.lower()}: change ", change, ". "]
        families[words] = rows
    caption = says("Where skills came from in the worlds without and with ", Name(arm), ", mean over everybody.")
    return Illustration(bars.channels(families), Sentence(tuple(alt)), caption)


def _network(source: Appraisal) -> Illustration | None:
    about = source.network
    if not about or not about["people"]:
        return None
    words = {"opening": "At the opening", "without": "At the end, without", "with": "At the end, with"}
    ties = {label: about["ties"][name] for name, label in words.items()}
    alt: list[Part] = ["Ties among ", Fact.count(len(about["people"])), " people of one space in one world: "]
    for at, (label, own) in enumerate(ties.items()):
        alt += ["; " if at else "", f"{label.lower()} ", Fact.count(len(own))]
    caption = says(
        "One pair of worlds, for intuition and no estimate: ",
        Fact.count(len(about["people"])),
        " people who at the end are members of the space with most supported people, with or without ",
        Name(about["arm"]),
        ", at the same place in each panel. Signs and colours: communities, matched from panel to panel; "
        "thick rims: supported; white: in none.",
    )
    return Illustration(network.network(about["people"], ties), Sentence((*alt, ".")), caption)


def _tiles(source: Appraisal) -> Illustration | None:
    regions = source.scenario.regions
    if not any(region.code for region in regions):
        return None  # there is no order of nations to show
    every = [tiles.Tile(r.code or "", r.name, r.flag == "left-behind", r.spaces) for r in regions]
    behind = sum(tile.left_behind for tile in every)
    alt = says(
        Fact.count(len(every)),
        " regions, ",
        Fact.count(behind),
        " of them left behind, with ",
        Fact.count(sum(tile.spaces for tile in every)),
        " coworking spaces in all.",
    )
    caption = says(
        "Regions of the scenario as tiles, with the spaces of each; filled and bold: left behind. This is no map: "
        "rows run from north to south, tiles in a row by their code.",
    )
    return Illustration(tiles.tiles(every), alt, caption)


_DRAWN: Final[dict[str, Callable[[Appraisal], Illustration | None]]] = {
    "fan": _fan,
    "forest": _forest,
    "plane": _plane,
    "groups": _groups,
    "levels": _levels,
    "channels": _channels,
    "network": _network,
    "tiles": _tiles,
}


def illustrations(source: Appraisal) -> dict[str, Illustration]:
    """Return every chart that the data of a comparison allow, by name."""
    with applied():
        found = {name: draw(source) for name, draw in _DRAWN.items()}
    return {name: one for name, one in found.items() if one is not None}
