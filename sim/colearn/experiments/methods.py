"""The methods of a study: what its ``size`` counts, how large it may be, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["METHODS", "Method"]


@dataclass(frozen=True, slots=True)
class Method:
    """One method. ``size`` (default, least, most) counts ``counts``; None where a study has no size.

    ``dummy``: takes an input that nothing reads, for the noise floor. ``groups``: gives indices of groups of inputs.
    ``doubles``: the points of a size are the first points of twice that size. ``replicates`` is the default.
    """

    name: str
    meaning: str
    source: str
    counts: str
    size: tuple[int, int, int] | None
    dummy: bool = True
    groups: bool = False
    doubles: bool = False
    replicates: int = 1


_ALL: Final = (
    Method(
        "morris", "screening by elementary effects: mean size (mu*) and spread (sigma)",
        "Campolongo, Cariboni and Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004",
        "trajectories", (16, 2, 4096), groups=True, doubles=True,
    ),
    Method(
        "sobol", "shares of variance: alone (S1) and with all interactions (ST)",
        "Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018",
        "base points, a power of two", (512, 2, 2**15), groups=True, doubles=True, replicates=4,
    ),
    Method(
        "rbd_fast", "shares of variance alone (S1), from any sample",
        "Tissot and Prieur 2012, doi:10.1016/j.ress.2012.06.010",
        "points, a power of two", (512, 64, 2**17), doubles=True,
    ),
    Method(
        "efast", "shares of variance by a search curve for each input (S1, ST), without intervals",
        "Saltelli, Tarantola and Chan 1999, doi:10.1080/00401706.1999.10485594",
        "points on the curve of each input", (257, 65, 2**15),
    ),
    Method(
        "pawn", "distances between distributions, with an input held and free",
        "Pianosi and Wagener 2018, doi:10.1016/j.envsoft.2018.07.019",
        "points, a power of two", (512, 64, 2**17), doubles=True,
    ),
    Method(
        "delta", "distance between densities, with an input held and free (slow to analyse)",
        "Borgonovo 2007, doi:10.1016/j.ress.2006.04.015",
        "points, a power of two", (512, 128, 2**17), doubles=True,
    ),
    Method(
        "one_at_a_time", "each input over its range, the others as the scenario has them", "paired differences",
        "levels of each input", (2, 2, 101), dummy=False, replicates=8,
    ),
    Method(
        "factorial", "every combination of levels", "means by level",
        "levels of each input", (2, 2, 101), dummy=False, replicates=4,
    ),
    Method(
        "replicates", "the scenario itself again and again: how many runs an outcome needs", "Student 1908",
        "", None, dummy=False, replicates=64,
    ),
)  # fmt: skip

#: Every method that a study may name.
METHODS: Final[Mapping[str, Method]] = MappingProxyType({method.name: method for method in _ALL})
#: Methods whose size must be a power of two.
POWERS: Final = ("sobol", "rbd_fast", "pawn", "delta")
