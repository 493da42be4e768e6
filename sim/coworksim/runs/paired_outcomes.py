"""Outcomes that set an arm beside the same world without policies, and ratios of cost to effect.

Their names stand here, so that the reader of studies knows them. What they come to is worked out by the appraisal,
which stands to the right of studies and hands its work over (``coworksim.appraisal.paired_study``): nothing here
imports it.

A ratio is never that of a run, and never averaged over runs: at each point it is the mean cost over the mean effect,
and undefined where the effect is not clearly above zero (the lower end of its 95 % interval over replicates).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.runs.outcomes import OUTCOMES
from coworksim.statistics.intervals import interval

#: The arm that stands for the world without policies.
WITHOUT: Final = "without"


@dataclass(frozen=True, slots=True)
class Paired:
    """A difference between worlds; ``both_kinds``: undefined where one kind of region has nobody."""

    name: str
    unit: str
    meaning: str
    both_kinds: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """``above`` over ``below``; ``instead`` is what to look at where it is undefined."""

    name: str
    unit: str
    meaning: str
    above: str
    below: str
    instead: str


_COST: Final = "public_cost_gbp"
_WORDS: Final = {"td": "technical-digital", "sc": "social-cognitive"}
_DIFFERENCES: Final = (
    Paired("additional_member_months", "member-months", "more membership, over everybody"),
    Paired("displaced_net_member_months", "member-months", "lost by people without support, net of gains"),
    Paired("deadweight_gbp", "GBP", "paid for member-weeks that would have been anyway"),
    Paired(_COST, "GBP", "net public cost, VAT included"),
    Paired("public_cost_present_gbp", "GBP", "net public cost, present value at the opening"),
    Paired("output_gain_gbp", "GBP", "more paid for people's work, present value"),
    Paired("social_value_gbp", "GBP", "output gain less resource cost, present value"),
    *(
        Paired(f"{family}_{place}_{measure}", unit, f"additional {word} skill {where}")
        for family, word in _WORDS.items()
        for place, where in (("total", "from all sources"), ("in_space", "gained in spaces"))
        for measure, unit in (("point_years", "point-years"), ("points_at_end", "points"), ("sd_years", "sd-years"))
    ),
    *(
        Paired(f"net_benefit_{family}_gbp", "GBP", f"value of additional {word} skill, as declared, less public cost")
        for family, word in _WORDS.items()
    ),
    Paired("gini_income_change", "coefficient", "change of the Gini coefficient of income from work"),
    *(
        Paired(f"regional_gap_{family}_change", "points", f"change of the regional gap in {word} skill", True)
        for family, word in _WORDS.items()
    ),
)
_RATIOS: Final = (
    Ratio(
        "cost_per_member_month_gbp",
        "GBP per member-month",
        "public cost of a month of additional membership",
        _COST,
        "additional_member_months",
        f"{_COST} and additional_member_months",
    ),
    *(
        Ratio(
            f"cost_per_{family}_point_year_gbp",
            "GBP per point-year",
            f"public cost of a point-year of {word} skill",
            _COST,
            f"{family}_total_point_years",
            f"net_benefit_{family}_gbp",
        )
        for family, word in _WORDS.items()
    ),
)

#: Differences that a study may ask for.
PAIRED: Final[Mapping[str, Paired]] = MappingProxyType({one.name: one for one in _DIFFERENCES})
#: Ratios of two of them.
RATIOS: Final[Mapping[str, Ratio]] = MappingProxyType({one.name: one for one in _RATIOS})


def is_paired(name: str) -> bool:
    """Say whether an outcome compares worlds."""
    return name in PAIRED or name in RATIOS


def unit_of(name: str) -> str:
    """Return the unit of any outcome.

    >>> unit_of("price"), unit_of("cost_per_td_point_year_gbp")
    ('GBP/month', 'GBP per point-year')
    """
    if name in RATIOS:
        return RATIOS[name].unit
    return PAIRED[name].unit if name in PAIRED else OUTCOMES[name].unit


def measured(outcomes: Iterable[str]) -> tuple[str, ...]:
    """Return what a run must measure: outcomes, with both parts of a ratio in its place, each once.

    >>> measured(["cost_per_member_month_gbp", "public_cost_gbp"])
    ('public_cost_gbp', 'additional_member_months')
    """
    parts = ((RATIOS[name].above, RATIOS[name].below) if name in RATIOS else (name,) for name in outcomes)
    return tuple(dict.fromkeys(name for some in parts for name in some))


def ratio_means(ratio: Ratio, table: pd.DataFrame, points: int, each: int) -> NDArray[np.float64]:
    """Return the ratio by point; NaN where a replicate is missing, or where the effect is not clearly above zero."""
    found = np.full(points, math.nan)
    point: Any  # pandas knows no types of group keys
    for point, rows in table.groupby("point"):
        pair = rows[[ratio.above, ratio.below]].to_numpy(np.float64)
        if len(pair) != each or not np.isfinite(pair).all():
            continue
        effect, low, _ = interval([float(value) for value in pair[:, 1]])
        if low > 1e-9 * max(1.0, abs(effect)):
            found[int(point)] = pair[:, 0].mean() / effect
    return found
