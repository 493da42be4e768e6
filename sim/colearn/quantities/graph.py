"""Quantities of the social graph that the first week finds: who knows whom before anybody has met."""

from __future__ import annotations

from typing import Final

from colearn.quantities.quantity import Quantity, Role, integer, real

__all__ = ["QUANTITIES"]

_C: Final = Role.CONSTANT

QUANTITIES: Final[tuple[Quantity, ...]] = (
    integer("graph.degree", "ties/person", 4, (0, 40),
            "mean ties at the start of burn-in; an odd number counts as the even one below",
            _C, "guess; burn-in replaces it", "G", (0, 8)),
    real("graph.clustering", "share", 0.2, (0, 0.75),
         "of the pairs of people whom one knows, those who know each other, at the start of burn-in",
         _C, "guess; burn-in replaces it", "G", (0.0, 0.4)),
    real("graph.strength", "meetings", 1.0, (0, 100), "strength of each tie at the start of burn-in",
         _C, "guess; burn-in replaces it", "G"),
)  # fmt: skip
