"""The patterns, each declared once: what is compared with what, among whom, and with which sign.

A pattern is a slope of an outcome on a cause within regions, or the difference of two such slopes. The cause may be a
group (1 or 0): the slope is then a difference of means. People are those who have used a space, unless said otherwise.
Outcomes that are gains are measured twice: *in the space* (its two channels alone) and *in total* (all channels,
forgetting included), among the same people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: Where a gain may come from.
PLACES: Final = MappingProxyType({"space": "in the space", "total": "in total"})
_PAPER: Final = "survey of 161 coworking spaces in 74 UK regions, Regional Studies 2026"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. It is shown where ``sign`` times its value is above 0.

    ``outcome``: td, sc (gains) or membership (share of weeks); ``cause`` and ``among`` name entries of
    ``coworksim.evidence.patterns.pattern_measures``. ``versus``: "" for one slope; ``regions`` for that of left-behind
    regions
    less that of the others; ``creative`` for that of creative occupations less that of the others. ``role``: ``fit``
    where hardly any rival form lacks it, ``discriminate`` where rivals are expected to differ.
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


def _declare(*patterns: Pattern) -> Mapping[str, Pattern]:
    return MappingProxyType({pattern.name: pattern for pattern in patterns})


#: Every pattern, in the order of tables.
PATTERNS: Final = _declare(
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


#: Worlds in which some patterns cannot be what the survey took them for.
NULL_WORLDS: Final = MappingProxyType({
    "placebo": "all regions have the same environment; they keep their flag",
    "random mixing": "who meets whom in a space does not hang on tie, trade, skill or seat",
    "no learning": "nobody learns from others or from hours",
})  # fmt: skip  # a table: a line is a row


def key(pattern: str, place: str, what: str) -> str:
    """Return the name of a number of a run: ``value``, ``error``, ``clear``, or ``shuffled``.

    >>> key("E3a", "total", "value")
    'E3a.total.value'
    """
    return f"{pattern}.{place}.{what}"


def _measures() -> Iterator[tuple[str, str]]:
    for pattern in PATTERNS.values():
        for place in pattern.places:
            yield pattern.name, place


#: Every (pattern, place) that is measured, in the order of tables.
MEASURES: Final = tuple(_measures())


def measure_of(pattern: str, place: str) -> str:
    """Name a measure for people.

    >>> measure_of("E1", "space"), measure_of("E6i", "space")
    ('E1 in the space', 'E6i')
    """
    return pattern if len(PATTERNS[pattern].places) == 1 else f"{pattern} {PLACES[place]}"
