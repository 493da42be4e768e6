"""Quantities of the synthetic frame: how the UK's coworking spaces are allocated to its regions, and sampled.

Also which rule flags a region as left behind, for the analysis and for the eligibility of policies.
"""

from __future__ import annotations

from typing import Final

from colearn.quantities.quantity import Quantity, Role, choice, integer, real

__all__ = ["QUANTITIES"]

_E, _M = Role.ENVIRONMENT, Role.MEASUREMENT
_WEIGHT = "no count of spaces by ITL-3 region exists; weight = population**a * jobs**b * creative share**c"

QUANTITIES: Final[tuple[Quantity, ...]] = (
    integer("frame.spaces", "spaces", 1534, (1, 10_000), "coworking spaces in the UK",
            _M, "Ehrhardt, Institute for Mathematical Innovation, Bath: Nov 2022", "M"),
    real("frame.london_share", "share", 0.28, (0, 1), "of them in London",
         _M, "CoworkingCafe 2024 (of the wider listings of flexible offices)", "M"),
    real("frame.population_exponent", "exponent", 0.0, (-3, 3), "how spaces follow population (a)",
         _E, _WEIGHT, "G", (-0.5, 0.5)),
    real("frame.jobs_exponent", "exponent", 1.0, (-3, 3), "how spaces follow jobs (b)",
         _E, _WEIGHT, "G", (0.5, 1.5)),
    real("frame.creative_exponent", "exponent", 0.5, (-3, 3), "how spaces follow the creative share (c)",
         _E, _WEIGHT, "G", (0.0, 1.0)),
    integer("frame.responding", "spaces", 161, (1, 10_000), "spaces in the sample",
            _M, "Wang et al. 2026: 161 responding spaces", "M"),
    integer("frame.regions", "regions", 74, (1, 1024), "regions in the sample",
            _M, "Wang et al. 2026: 74 ITL-3 regions", "M"),
    choice("frame.left_behind", "narrow", ("narrow", "wide"),
           "rule of the flag: poor for 11 years, and jobs and people grow slowly (wide: one of the two will do)",
           "rule of this project; 28 or 64 of 179 regions", _M),
)  # fmt: skip
