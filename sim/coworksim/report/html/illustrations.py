"""Charts of a report with their captions and, for who does not see them, the numbers in words."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from matplotlib.figure import Figure

from coworksim.appraisal.estimates import of_row
from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters.skills import GROUPS
from coworksim.report.charts import appraisal_charts, effect_charts, ties_and_tiles
from coworksim.report.charts.effect_charts import point
from coworksim.report.charts.style import applied, as_svg, svg_uri
from coworksim.report.html.tables import channels_of
from coworksim.report.html.uncertainty import draw_values
from coworksim.report.sentences.appraisal_text import SD_YEAR
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, filled, joined, says

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
    return joined((Name(arm), " ", source.estimate(arm, term) or "not defined") for arm in arms)


def _fan(source: Appraisal) -> Illustration:
    arms, last = source.acting[:MOST_ARMS], source.scenario.weeks - 1
    drawn = effect_charts.difference({arm: source.by_week(arm, "members") for arm in arms}, "more members")
    told = joined((Name(arm), " ", source.in_week(arm, "members", last) or "not known") for arm in arms)
    text = (
        "More members, week by week. Line and colour: mean of {} pairs of worlds and its {} interval. Between the "
        "dotted lines: eight in ten worlds."
    )
    caption = filled(text, Fact.count(source.replicates), Fact("95 %"))
    return Illustration(drawn, filled("More members in the last week: {}.", told), caption)


def _forest(source: Appraisal) -> Illustration:
    arms = source.acting[:MOST_ARMS]
    points = {words: [point(source.estimate(arm, term)) for arm in arms] for term, words in _EFFECTS.items()}
    alt: list[Part] = []
    for term, words in _EFFECTS.items():
        alt += [f"{words.partition(',')[0].capitalize()}: ", *_listed(source, term, arms), ". "]
    text = f"All arms, over everybody up to the horizon: mean and {{}} interval. {SD_YEAR}."
    return Illustration(effect_charts.forest(arms, points), says(*alt), filled(text, Fact("95 %")))


def _plane(source: Appraisal) -> Illustration | None:
    """Cost against effect over the draws where there are any, else over worlds that differ by chance alone."""
    draws = source.has_draws
    values = draw_values if draws else Appraisal.by_replicate
    terms = ("public_cost_gbp", "td_total_sd_years") if draws else ("public_cost_gbp", *_SKILLS)
    points = {}
    for arm in source.acting[:MOST_ARMS]:
        cost, *skills = (values(source, arm, term) for term in terms)
        points[arm] = (cost, [math.fsum(one) for one in zip(*skills, strict=True)])
    if not all(cost and len(cost) == len(gained) for cost, gained in points.values()):
        return None
    worth, curves = source.worth, appraisal_charts.best_shares(source, "td")
    skill, each = ("TD skill", "draws") if draws else ("skill of both families", "worlds")
    drawn = appraisal_charts.plane(points, f"more {skill} over everybody, sd-years", worth, curves)
    told: list[tuple[Part, ...]] = []
    for arm, (cost, gained) in points.items():
        pays = sum(worth * b > a for a, b in zip(cost, gained, strict=True))
        told.append((Name(arm), " ", Fact.count(pays), " of ", Fact.count(len(cost))))
    text = f"In how many {each} more {skill} is worth its cost, at the declared worth: {{}}. Net public cost: {{}}."
    alt = filled(text, joined(told), _listed(source, terms[0], list(points)))
    end = (
        "Right: how often each arm is the best of all, by what an sd-year is held to be worth."
        if draws
        else "Right: by what an sd-year is held to be worth. Worlds differ by chance alone."
    )
    caption = says(
        f"Cost against effect, {skill}. Pale: {each}, dark: their mean; under the dotted line an effect is worth its "
        f"cost. {end}"
    )
    return Illustration(drawn, alt, caption)


def _groups(source: Appraisal) -> Illustration | None:
    arm, rows = source.acting[0], {}
    told: list[tuple[Part, ...]] = []
    for dimension, names in GROUPS.items():
        own = []
        for name in names:
            start = f"share | {dimension} | {name} | "
            people, money = source.estimate(arm, f"{start}people"), source.estimate(arm, f"{start}support_gbp")
            if people is None or people.value == 0.0:
                continue
            share = None if money is None else (100.0 * money.value, 100.0 * money.low, 100.0 * money.high)
            own.append((name, 100.0 * people.value, share))
            plain = not any(sign.isdigit() for sign in name)
            told.append((f"{name.replace('_', ' ')} " if plain else Name(f"{name} "), money or "none"))
        rows[dimension] = own
    if not any(share for own in rows.values() for *_, share in own):
        return None
    text = "Whom the support of {} reaches: each group's share of it, beside its share of people."
    return Illustration(
        effect_charts.groups(rows), filled("Share of support: {}.", joined(told)), filled(text, Name(arm))
    )


def _levels(source: Appraisal) -> Illustration | None:
    table = source.tables.get("levels")
    if table is None:
        return None
    arm, words = source.acting[0], {"members": "members", "td": "TD skill, points", "sc": "SC skill, points"}
    told: list[tuple[Part, ...]] = []
    panels: dict[str, Any] = {label: {} for label in words.values()}
    for measure, label in words.items():
        for world, how in (("without", "without"), (arm, "with it")):
            own = table[(table["arm"] == world) & (table["measure"] == measure)]
            panels[label][world] = own
            told.append((f"{label} ", f"{how} ", of_row(own.iloc[-1])))
    caption = says(
        "Levels in both worlds. Band: where eight in ten worlds lie. Worlds differ more from each other than each from "
        "its copy, which is why copies are compared."
    )
    return Illustration(effect_charts.levels(panels), filled("In the last week: {}.", joined(told)), caption)


def _channels(source: Appraisal) -> Illustration | None:
    families: dict[str, Any] = {}
    alt: list[Part] = []
    for words, own in channels_of(source, source.acting[0]).items():
        families[words] = []
        for label, findings in own.items():
            without, treated, change = (one.estimate if one else None for one in findings)
            if without is None or treated is None or change is None:
                return None
            families[words].append((label, point(without), point(treated)))
            alt += [f"{words}, {label.lower()}: change ", change, ". "]
    text = "Where skills came from in the worlds without and with {}, mean over everybody."
    return Illustration(effect_charts.channels(families), says(*alt), filled(text, Name(source.acting[0])))


def _network(source: Appraisal) -> Illustration | None:
    about = source.network
    if not about or not about["people"]:
        return None
    words = {"opening": "At the start", "without": "At the end, without", "with": "At the end, with"}
    ties = {label: about["ties"][name] for name, label in words.items()}
    people = Fact.count(len(about["people"]))
    told = joined((f"{label.lower()} ", Fact.count(len(own))) for label, own in ties.items())
    text = (
        "One pair of worlds, for intuition and no estimate: {} people who at the end are members of the space with "
        "most supported people, with or without {}, at the same place in each panel. Signs and colours: communities, "
        "matched from panel to panel; thick rims: supported; white: in none."
    )
    caption = filled(text, people, Name(about["arm"]))
    alt = filled("Ties among {} people of one space in one world: {}.", people, told)
    return Illustration(ties_and_tiles.network(about["people"], ties), alt, caption)


def _tiles(source: Appraisal) -> Illustration | None:
    regions = source.scenario.regions
    if not any(region.code for region in regions):
        return None  # there is no order of nations to show
    every = [ties_and_tiles.Tile(r.code or "", r.name, r.flag == "left-behind", r.spaces) for r in regions]
    alt = filled(
        "{} regions, {} of them left behind, with {} coworking spaces in all.",
        Fact.count(len(every)),
        Fact.count(sum(tile.left_behind for tile in every)),
        Fact.count(sum(tile.spaces for tile in every)),
    )
    caption = says(
        "Regions of the scenario as tiles, with the spaces of each; filled and bold: left behind. This is no map: "
        "rows run from north to south, tiles in a row by their code."
    )
    return Illustration(ties_and_tiles.tiles(every), alt, caption)


_DRAWN: Final = (_fan, _forest, _plane, _groups, _levels, _channels, _network, _tiles)


def illustrations(source: Appraisal) -> dict[str, Illustration]:
    """Return every chart that the data of a comparison allow, by name."""
    with applied():
        found = {draw.__name__.removeprefix("_"): draw(source) for draw in _DRAWN}
    return {name: one for name, one in found.items() if one is not None}
