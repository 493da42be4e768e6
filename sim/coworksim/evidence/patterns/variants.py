"""Worlds that are compared by name: nulls, mechanisms switched off, and competing hypotheses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from coworksim.evidence.patterns.declaration import NULL_WORLDS
from coworksim.evidence.patterns.region_contrast import ALIKE
from coworksim.model.parameters import MECHANISMS, OFF


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


def _named(*variants: Variant) -> Mapping[str, Variant]:
    return MappingProxyType({one.name: one for one in variants})


#: The world as the scenario, or the draw, has it.
DECLARED: Final = Variant("as declared", "the world itself")
#: A null of the analysis, not of the world: the same tables under a flag dealt out by lot.
SHUFFLED: Final = "shuffled flag"
_BLIND: Final = {
    "encounters.homophily": 0.0, "encounters.habit": 0.0, "encounters.closure": 0.0, "encounters.advice": 0.0,
    "encounters.distance": 200.0,
}  # fmt: skip  # a table: a line is a row
_NULL_SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "placebo": ALIKE,
    "random mixing": _BLIND,
    "no learning": {"mechanisms.social_learning": False, "mechanisms.resource_learning": False},
}
#: Worlds in which some patterns cannot be what the survey took them for.
NULLS: Final = _named(
    *(
        Variant(name, says, _NULL_SETTINGS[name], {} if name == "placebo" else None)
        for name, says in NULL_WORLDS.items()
    )
)


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
_NONE_OF_THREE: Final = {"novelty_scale": 1000.0, "pipeline_half": 0.0, "application": 0.0}


def _one_of_three(name: str = "", value: float = 0.0) -> Mapping[str, Any]:
    """Return settings under which one of novelty, pipelines and application acts, the others not, as rivals do."""
    chosen = {**_NONE_OF_THREE, name: value} if name else _NONE_OF_THREE
    return {f"social_learning.{key}": setting for key, setting in chosen.items()}


_THETA: Final = "social_learning.theta_sc"
#: Competing hypotheses. Each names what it settles; the rest stays as the scenario or the draw has it.
HYPOTHESES: Final = _named(
    Variant("partner-anchored", "SC learning is limited by whom one meets, not by one's own gap", {_THETA: 0.0}),
    Variant("gap-closing", "SC learning closes one's own gap to the frontier", {_THETA: 1.0}),
    Variant("novelty", "of three, alone: a partner teaches less the better one knows him or her",
         _one_of_three("novelty_scale", 4.0)),
    Variant("pipelines", "of three, alone: a partner teaches more the more contacts outside he or she has",
         _one_of_three("pipeline_half", 15.0)),
    Variant("application", "of three, alone: one learns more with work on which to use it",
         _one_of_three("application", 0.5)),
    Variant("none-of-three", "neither novelty nor pipelines nor application", _one_of_three()),
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


def variant(name: str) -> Variant:
    """Return a variant by name; KeyError where there is none.

    >>> variant("placebo").ratios
    {}
    """
    return {**NULLS, **ABLATIONS, **HYPOTHESES, DECLARED.name: DECLARED}[name]
