"""Switching values: where would the net benefit be nothing, if one thing alone were otherwise?

Over draws, every input is drawn without regard to the others. So a straight line through net benefit against one input
(in logarithms where the input is drawn in them) shows what the input does on average over all others. The switching
value is where the line crosses zero; its interval has all values at which the line's 95 % band includes zero (Fieller
1954). Where the slope is not clearly off zero there is no such interval; beyond the range of the draws nothing is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.estimates import Ratio, ratio
from coworksim.appraisal.measure_registry import Term
from coworksim.statistics.intervals import fieller_limits, t_quantile
from coworksim.statistics.nonparametric import rank_correlation

#: Columns of the table.
COLUMNS: Final = (
    "criterion",
    "arm",
    "what",
    "name",
    "unit",
    "kind",
    "value",
    "low",
    "high",
    "rank_correlation",
    "sentence",
)
#: A line through fewer draws says nothing.
LEAST_DRAWS = 12

type Floats = NDArray[np.float64]


class Crossing(NamedTuple):
    """Where a line crosses zero (NaN where it does not in the range), its slope's sign, and why there is no number.

    ``kind``: ``crosses``; ``flat`` (no clear slope); ``positive`` or ``negative`` (all draws are so, or the line is, in
    all of the range); ``bent`` (the line crosses, but the mean draw on one side of it has not the line's sign there);
    ``few`` (too few draws, or an input that does not vary).
    """

    kind: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    rises: bool = False
    correlation: float = math.nan


def crossing(inputs: Floats, benefit: Floats, *, log: bool = False) -> Crossing:
    """Return where the line of ``benefit`` against ``inputs`` crosses zero, within the range of ``inputs``.

    >>> x = np.linspace(0.0, 1.0, 21)
    >>> round(crossing(x, x - 0.25 + 0.01 * (-1.0) ** np.arange(21)).value, 2)
    0.25
    """
    kept = np.isfinite(inputs) & np.isfinite(benefit)
    values, y = inputs[kept], benefit[kept]
    if len(values) < LEAST_DRAWS or np.ptp(values) <= 0.0:
        return Crossing("few")
    x = np.log(values) if log else values
    correlation = rank_correlation(values, y)
    n, middle, mean = len(x), fmean(x.tolist()), fmean(y.tolist())
    z = x - middle
    squares = float((z * z).sum())
    slope = float((z * (y - mean)).sum()) / squares
    rest = y - mean - slope * z
    spread = math.pow(t_quantile(n - 2), 2) * float((rest * rest).sum()) / (n - 2)
    ends = fieller_limits(-mean, slope, spread / n, 0.0, spread / squares)
    if (y <= 0.0).all() or (y >= 0.0).all():
        return Crossing("negative" if mean < 0.0 else "positive", rises=slope > 0.0, correlation=correlation)
    if math.isnan(ends[0]):
        return Crossing("flat", correlation=correlation)
    at, rises = middle - mean / slope, slope > 0.0
    low, high = float(x.min()), float(x.max())
    if not low <= at <= high:
        return Crossing("positive" if mean > 0.0 else "negative", rises=rises, correlation=correlation)
    above, below = y[x > at], y[x <= at]
    if len(above) == 0 or (float(above.mean()) > 0.0) != rises or (float(below.mean()) > 0.0) == rises:
        return Crossing("bent", rises=rises, correlation=correlation)
    back = math.exp if log else float
    cut = [min(max(end + middle, low), high) for end in ends]
    return Crossing("crosses", back(at), back(cut[0]), back(cut[1]), rises, correlation)


def worth_row(criterion: str, arm: str, cost: Sequence[float], gain: Sequence[float], what: Term) -> dict[str, Any]:
    """Return the worth of an sd-year at which mean gain and mean cost balance, over draws."""
    found, skill = ratio(cost, gain, what.meaning), criterion.upper()
    if found.undefined:
        sentence = f"no worth of an sd-year of {skill} does: {found.undefined}"
    else:
        ends = f"{_short(found.low)} to {_short(found.high)}"
        sentence = f"an sd-year of {skill} would have to be worth {_short(found.value)} GBP ({ends})"
    return _switch(
        criterion, arm, f"worth of an sd-year of {skill}", "appraisal.sd_year_value", "GBP", "assumed", found, sentence
    )


def crossed_row(
    criterion: str, arm: str, what: str, name: str, unit: str, kind: str, values: Floats, found: Crossing
) -> dict[str, Any]:
    """Return a row with its sentence."""
    known = values[np.isfinite(values)]
    span = f"{_short(float(known.min()))} to {_short(float(known.max()))}" if len(known) else "nowhere"
    sentence = {
        "crosses": f"at {_short(found.value)} ({_short(found.low)} to {_short(found.high)}); "
        f"it is positive {'above' if found.rises else 'below'}",
        "flat": f"none can be told: over {span}, net benefit does not clearly follow it",
        "positive": f"none in the range does: net benefit is positive over {span}",
        "negative": f"none in the range does: net benefit is negative over {span}",
        "bent": "none can be told: a straight line would cross zero, but the draws beyond it do not bear that out",
        "few": "none can be told: too few draws, or it does not vary",
    }[found.kind]
    return _switch(criterion, arm, what, name, unit, kind, found, sentence, found.correlation)


def _switch(
    criterion: str,
    arm: str,
    what: str,
    name: str,
    unit: str,
    kind: str,
    found: Crossing | Ratio,
    sentence: str,
    correlation: float = math.nan,
) -> dict[str, Any]:
    cells = (criterion, arm, what, name, unit, kind, found.value, found.low, found.high, correlation, sentence)
    return dict(zip(COLUMNS, cells, strict=True))


def _short(value: float) -> str:
    """Return a number in three digits.

    >>> _short(12345.6), _short(0.00123456)
    ('12,300', '0.00123')
    """
    if not math.isfinite(value):
        return "?"
    if abs(value) < 1000:
        return f"{value:.3g}"
    return f"{float(f'{value:.3g}'):,.0f}"
