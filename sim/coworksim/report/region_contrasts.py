"""How far left-behind regions lie from others: by what is measured, by the declared mapping, and in a scenario.

A contrast is the ratio of geometric means (of a trend, the difference of means), with an interval of 95 %. A figure
that is missing adds the spread with which it is drawn. The mapped contrast is the measured one to the power of the
response: the fields of the UK's regions lie within its interval.
"""

import math
import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import pandas as pd

from coworksim.files.uk_regions import ReadBy, real_regions
from coworksim.model.parameters.environment import FIELDS, INDICATORS, TREND, response_of
from coworksim.model.scenario import GROUPS, Region, Scenario
from coworksim.model.state.spaces import environment_of

#: Standard errors on either side of an interval of 95 %.
_SE: Final = 1.959964
_NAMES: Final = ("measured", "mapped", "here")
_ENDS: Final = ("", "_low", "_high")


class Contrast(NamedTuple):
    """Left-behind regions against others, and its interval: differences, of logarithms where it is a ratio."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, one: Sequence[float], other: Sequence[float], gaps: float) -> Self:
        """Return the difference of two means; ``gaps`` is the variance that drawn figures add to it."""
        error = math.sqrt(sum(statistics.variance(part) / len(part) for part in (one, other)) + gaps)
        mean = statistics.fmean(one) - statistics.fmean(other)
        return cls(mean, mean - _SE * error, mean + _SE * error)

    def times(self, factor: float) -> Self:
        """Return it times a factor that is not below 0."""
        return type(self)(*(factor * end for end in self))

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return self.high - self.value

    @property
    def ratio(self) -> Self:
        """The ratio of which these are logarithms."""
        return type(self)(*map(math.exp, self))


def measured(indicator: str, users_by: str, rule: str = "narrow", *, figures_alone: bool = False) -> Contrast:
    """Return the contrast of an indicator over the 179 regions; ``figures_alone`` leaves out what stands in."""
    regions = [place.region(ReadBy(rule, users_by), 1) for place in real_regions().values()]
    groups = [[region for region in regions if region.flag == group] for group in GROUPS]
    if figures_alone:
        groups = [[region for region in group if indicator not in region.gaps] for group in groups]
    gaps = sum(sum(region.gaps.get(indicator, 0.0) ** 2 for region in group) / len(group) ** 2 for group in groups)
    one, other = ([_scaled(region, indicator) for region in group] for group in groups)
    return Contrast.of(one, other, gaps)


def _scaled(region: Region, indicator: str) -> float:
    value = region.indicators[indicator]
    return math.log(value) if INDICATORS[indicator].scale == "ln" else value


def contrasts(scenario: Scenario) -> pd.DataFrame:
    """Return one row a field: the measured contrast, the mapped one, and that of the scenario's regions.

    They are ratios, of the trend of demand differences. ``agrees`` says whether the scenario's lies as near to the
    mapped one as errors of both let expect (95 %). NaN where a scenario has fewer than two regions of a kind.
    """
    fields = [environment_of(region, scenario) for region in scenario.regions]
    users_by, rule = (str(scenario[name]) for name in ("environment.users_by", "frame.left_behind"))
    rows = []
    for field, (indicator, _, _) in FIELDS.items():
        response, ln = response_of(field, scenario.values), field != TREND
        figure = measured(indicator, users_by, rule)
        mapped = figure.times(response if ln else response / 100.0)
        here = _of_fields(scenario, [math.log(row[field]) if ln else row[field] for row in fields])
        shown = {k: one.ratio if ln else one for k, one in zip(_NAMES, (figure, mapped, here), strict=True)}
        rows.append(
            {
                "field": field,
                "indicator": indicator,
                "evidence": INDICATORS[indicator].evidence,
                "regions_with_figures": sum(indicator not in place.gaps for place in real_regions().values()),
                "response": response,
                **{f"{name}{end}": x for name, one in shown.items() for end, x in zip(_ENDS, one, strict=True)},
                "agrees": abs(here.value - mapped.value) <= math.hypot(here.half, mapped.half),
            }
        )
    return pd.DataFrame(rows)


def _of_fields(scenario: Scenario, values: Sequence[float]) -> Contrast:
    """Return the mean of left-behind regions less that of others."""
    flagged = list(zip(values, (region.flag for region in scenario.regions), strict=True))
    one, other = ([value for value, flag in flagged if flag == group] for group in GROUPS)
    return Contrast.of(one, other, 0.0) if min(len(one), len(other)) > 1 else Contrast(*[math.nan] * 3)


def contrast_lines(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return the table of contrasts as text."""
    lines: list[tuple[str, ...]] = [("field", "indicator", "known", "regions", "response", *_NAMES)]
    for row in contrasts(scenario).to_dict("records"):
        known = (row["field"], row["indicator"], row["evidence"], str(row["regions_with_figures"]))
        cells = (f"{row[name]:.3g} ({row[f'{name}_low']:.3g} to {row[f'{name}_high']:.3g})" for name in _NAMES)
        lines.append((*known, f"{row['response']:g}", *cells))
    return lines
