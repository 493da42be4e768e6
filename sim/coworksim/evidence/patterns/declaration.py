"""The patterns, each declared once: what is compared with what, among whom, and with which sign.

A pattern is a slope of an outcome on a cause within regions, or the difference of two such slopes. The cause may be a
group (1 or 0): the slope is then a difference of means. People are those who have used a space, unless said otherwise.
Outcomes that are gains are measured twice: *in the space* (its two channels alone) and *in total* (all channels,
forgetting included), among the same people.

The worlds that are compared by name are declared here too: nulls, mechanisms switched off, and competing hypotheses.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from coworksim.evidence.patterns.untuned import ALIKE
from coworksim.model.parameters import MECHANISMS, OFF

#: Where a gain may come from.
PLACES: Final = MappingProxyType({"space": "in the space", "total": "in total"})
_PAPER: Final = "survey of 161 coworking spaces in 74 UK regions, Regional Studies 2026"


def _named[T: (Pattern, Variant)](*declared: T) -> Mapping[str, T]:
    return MappingProxyType({one.name: one for one in declared})


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. It is shown where ``sign`` times its value is above 0.

    ``outcome``: td, sc (gains) or membership (share of weeks); ``cause`` and ``among`` name entries of ``People``.
    ``versus``: "" for one slope; ``regions`` for that of left-behind regions less that of the others; ``creative`` for
    that of creative occupations less that of the others. ``role``: ``fit`` where hardly any rival form lacks it,
    ``discriminate`` where rivals are expected to differ.
    """

    name: str
    label: str
    says: str
    sign: int
    outcome: str
    cause: str
    unit: str
    role: str
    source: str
    among: str = "users"
    versus: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is measured; membership is not a gain, and has one place."""
        return ("space",) if self.outcome == "membership" else tuple(PLACES)


#: Every pattern, in the order of tables.
PATTERNS: Final = _named(
    Pattern("E1", "encounters and SC", "more encounters in spaces go with more social-cognitive (SC) gain", 1,
            "sc", "encounters", "points/encounter", "fit", _PAPER),
    Pattern("E2", "resource hours and TD", "more resource hours go with more technical-digital (TD) gain", 1,
            "td", "hours", "points/h", "fit", _PAPER),
    Pattern("E3a", "resource slope steeper left-behind", "TD gain rises more steeply with resource hours in left-behind"
            " regions", 1, "td", "hours", "points/h", "discriminate", _PAPER, versus="regions"),
    Pattern("E3b", "encounter slope steeper elsewhere", "SC gain rises more steeply with encounters in regions that are"
            " not left behind", -1, "sc", "encounters", "points/encounter", "discriminate", _PAPER, versus="regions"),
    Pattern("E4sc", "independents, SC", "the independent gain more SC than employees", 1,
            "sc", "independent", "points", "fit", _PAPER),
    Pattern("E4td", "independents, TD", "the independent gain more TD than employees", 1,
            "td", "independent", "points", "discriminate", _PAPER),
    Pattern("E5", "creatives, TD", "creative occupations gain more TD than others", 1,
            "td", "creative", "points", "discriminate", _PAPER),
    Pattern("E5x", "independent creatives, TD", "the lead of the independent in TD is larger among creatives", 1,
            "td", "independent", "points", "discriminate", _PAPER, versus="creative"),
    Pattern("E6i", "low income, membership", "creatives with an income below the median of their region's creatives are"
            " members for less of the time", -1, "membership", "low_income", "share of weeks", "discriminate",
            f"{_PAPER}; argued there, not estimated", among="creatives"),
    Pattern("E6c", "early career, membership", "creatives in their first five years are members for less of the time",
            -1, "membership", "early_career", "share of weeks", "discriminate",
            f"{_PAPER}; argued there, not estimated", among="creatives"),
    Pattern("E6r", "low income costs more left-behind", "what a low income costs in membership is more in left-behind"
            " regions", -1, "membership", "low_income", "share of weeks", "discriminate",
            f"{_PAPER}; argued there, not estimated", among="creatives", versus="regions"),
)  # fmt: skip  # a table: a line is a row


def key(pattern: str, place: str, what: str) -> str:
    """Return the name of a number of a run: ``value``, ``error``, ``clear``, or ``shuffled``.

    >>> key("E3a", "total", "value")
    'E3a.total.value'
    """
    return f"{pattern}.{place}.{what}"


#: Every (pattern, place) that is measured, in the order of tables.
MEASURES: Final = tuple((pattern.name, place) for pattern in PATTERNS.values() for place in pattern.places)


def measure_of(pattern: str, place: str) -> str:
    """Name a measure for people.

    >>> measure_of("E1", "space"), measure_of("E6i", "space")
    ('E1 in the space', 'E6i')
    """
    return pattern if len(PATTERNS[pattern].places) == 1 else f"{pattern} {PLACES[place]}"


@dataclass(frozen=True, slots=True)
class Variant:
    """A world that differs from another in what it names.

    ``settings`` replace those of the scenario or draw. ``ratios`` (ln, left-behind over other, by field) replace what
    sets the kinds of regions apart; None leaves that. ``scale`` is how gains are put down. ``policies`` are plain
    data of policies, put in place of those of the scenario.
    """

    name: str
    says: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    ratios: Mapping[str, float] | None = None
    scale: str = "points"
    policies: tuple[Mapping[str, Any], ...] | None = None


#: The world as the scenario, or the draw, has it.
DECLARED: Final = Variant("as declared", "the world itself")
#: A null of the analysis, not of the world: the same tables under a flag dealt out by lot.
SHUFFLED: Final = "shuffled flag"
_BLIND: Final = {
    "encounters.habit": 0.0, "encounters.closure": 0.0, "encounters.distance": 200.0,
}  # fmt: skip  # a table: a line is a row
#: Worlds in which some patterns cannot be what the survey took them for.
NULLS: Final = _named(
    Variant("placebo", "all regions have the same environment; they keep their flag", ALIKE, {}),
    Variant("random mixing", "who meets whom in a space does not hang on tie or seat", _BLIND),
    Variant("no learning", "nobody learns from others or from hours",
         {"mechanisms.social_learning": False, "mechanisms.resource_learning": False}),
)  # fmt: skip  # a table: a line is a row


def _off(*names: str) -> Variant:
    says = "; ".join(f"off: {MECHANISMS[name]}" for name in names)
    return Variant(" + ".join(names), says, {f"mechanisms.{name}": False for name in names})


_SINGLE: Final = tuple(name for name in MECHANISMS if name not in ("policies", "schemes", *OFF))
_PAIRS: Final = (
    ("social_learning", "resource_learning"), ("encounters", "resource_pool"), ("frontier", "decay"),
    ("frontier", "adoption"), ("income", "turnover"), ("awareness", "management"), ("attendance", "management"),
)  # fmt: skip  # a table: a line is a row
#: Each mechanism off in turn, then pairs that could stand in for each other. Policies need a scenario that has some.
ABLATIONS: Final = _named(*(_off(name) for name in _SINGLE), *(_off(*pair) for pair in _PAIRS))

_PROVISION: Final = {
    "name": "Provision", "kind": "resource_grant", "training": 2, "equipment": 20.0, "match": 0.0, "start": 0,
    "budget": 100_000_000, "eligible": {"regions": ("left-behind",)},
}  # fmt: skip  # a table: a line is a row
_NEITHER: Final = {"novelty_scale": 1000.0, "pipeline_half": 0.0}


def _one_of_two(name: str = "", value: float = 0.0) -> Mapping[str, Any]:
    """Return settings under which one of novelty and pipelines acts, the other not, as rivals do."""
    chosen = {**_NEITHER, name: value} if name else _NEITHER
    return {f"social_learning.{key}": setting for key, setting in chosen.items()}


_THETA: Final = "social_learning.theta_sc"
#: Competing hypotheses. Each names what it settles; the rest stays as the scenario or the draw has it.
HYPOTHESES: Final = _named(
    Variant("partner-anchored", "SC learning is limited by whom one meets, not by one's own gap", {_THETA: 0.0}),
    Variant("gap-closing", "SC learning closes one's own gap to the frontier", {_THETA: 1.0}),
    Variant("novelty", "of two, alone: a partner teaches less the better one knows him or her",
         _one_of_two("novelty_scale", 4.0)),
    Variant("pipelines", "of two, alone: a partner teaches more the more contacts outside he or she has",
         _one_of_two("pipeline_half", 15.0)),
    Variant("neither-of-two", "neither novelty nor pipelines", _one_of_two()),
    Variant("cognitive-distance", "partners at middling distance of skills teach best",
         {"social_learning.cognitive_distance": "inverted_u"}),
    Variant("no-cognitive-distance", "distance of skills does not matter",
         {"social_learning.cognitive_distance": "none"}),
    Variant("scarcity-outside", "left-behind regions differ in outside access alone: six tenths of the others'",
         ALIKE, {"outside_access": math.log(0.6)}),
    Variant("peer-quality", "left-behind regions differ in the density of creative firms alone: half of the others'",
         ALIKE, {"firm_density": math.log(0.5)}),
    Variant("provision", "regions are alike, but spaces in left-behind ones are given training places and equipment",
         ALIKE, {}, policies=(_PROVISION,)),
    Variant("selection", "who sees others learn in a space joins",
         {"membership.learning_weight": 1.0, "membership.ties_weight": 0.5}),
    Variant("no-selection", "what others learn in a space draws nobody",
         {"membership.learning_weight": 0.0, "membership.ties_weight": 0.0}),
    Variant("points", "gains are put down as they are"),
    Variant("five-point", "gains are put down on five points, of which the highest holds the upper third",
         scale="five_point"),
)  # fmt: skip  # a table: a line is a row
