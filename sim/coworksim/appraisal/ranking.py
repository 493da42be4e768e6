"""Which arm is best, how surely, what choosing another costs, and where its net benefit would be nothing: over draws.

A net benefit has a row a draw and a column an arm. Arms that tie for the best in a draw share it. The regret of an arm
in a draw is what the best arm of that draw has more.

A switching value is where a straight line through net benefit against one input (in logarithms where the input is
drawn in them) crosses zero: inputs are drawn without regard to each other, so the line shows what one does on average
over the others. Its interval has all values at which the line's 95 % band includes zero (Fieller 1954). Where the slope
is not clearly off zero there is none; beyond the range of the draws nothing is told.
"""

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.estimates import ratio
from coworksim.appraisal.measure_registry import Term
from coworksim.statistics.intervals import estimate, fieller_limits, t_quantile, wilson
from coworksim.statistics.nonparametric import rank_correlation

type Floats = NDArray[np.float64]


class Criterion(NamedTuple):
    """What arms are ranked by: ``worth*gain - cost``, or the gain itself where it is money already (no cost)."""

    words: str
    gain: str
    cost: str | None


#: Skills are never added up, nor added to money.
CRITERIA: Final = {
    "td": Criterion("net benefit for TD skill", "td_total_sd_years", "public_cost_gbp"),
    "sc": Criterion("net benefit for SC skill", "sc_total_sd_years", "public_cost_gbp"),
    "social_value": Criterion("social value", "social_value_gbp", None),
}
#: What an sd-year may be held to be worth, GBP: the grid of the acceptability curve.
WORTHS: Final = (0.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 20_000.0, 50_000.0, 100_000.0, 200_000.0)


def best_shares(benefit: Floats) -> Floats:
    """Return, by draw and arm, 1 for the best arm and 0 for the others; arms that tie share the 1.

    >>> best_shares(np.array([[0.0, 3.0, 3.0], [0.0, -1.0, -2.0]])).tolist()
    [[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]]
    """
    best = benefit == benefit.max(axis=1, keepdims=True)
    return np.asarray(best / best.sum(axis=1, keepdims=True))


def regrets(benefit: Floats) -> Floats:
    """Return, by draw and arm, what the best arm of the draw has more.

    >>> regrets(np.array([[0.0, 3.0], [0.0, -1.0]])).tolist()
    [[3.0, 0.0], [0.0, 1.0]]
    """
    return np.asarray(benefit.max(axis=1, keepdims=True) - benefit)


#: Columns of the table by arm.
RANKED: Final = (
    "arm", "draws", "probability_best", "best_low", "best_high", "positive_draws", "positive_share", "positive_low",
    "positive_high", "net_benefit_gbp", "net_benefit_low", "net_benefit_high", "expected_regret_gbp", "regret_low",
    "regret_high",
)  # fmt: skip  # a list of names


def rank_rows(benefit: Floats, arms: list[str]) -> list[dict[str, object]]:
    """Return a row an arm, that of the least expected regret first; intervals cover the choice of draws."""
    number, shares, regret, rows = len(benefit), best_shares(benefit), regrets(benefit), list[dict[str, object]]()
    few = t_quantile(number - 1)
    for at, arm in enumerate(arms):
        positive = int(np.count_nonzero(benefit[:, at] > 0.0))
        mean, lost = estimate(benefit[:, at].tolist()), estimate(regret[:, at].tolist())
        sure, gains = wilson(float(shares[:, at].sum()), number, few), wilson(positive, number, few)
        shown = (sure.share, sure.low, sure.high, positive, gains.share, gains.low, gains.high)
        money = (mean.value, mean.low, mean.high, lost.value, lost.low, lost.high)
        rows.append(dict(zip(RANKED, (arm, number, *shown, *money), strict=True)))
    order = sorted(range(len(rows)), key=lambda k: float(regret[:, k].mean()))
    return [rows[k] for k in order]


#: Columns of the table of switching values.
COLUMNS: Final = (
    "criterion", "arm", "what", "name", "unit", "kind", "value", "low", "high", "rank_correlation", "sentence",
)  # fmt: skip  # a list of names
#: A line through fewer draws says nothing.
LEAST_DRAWS = 12


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
    x, correlation = np.log(values) if log else values, rank_correlation(values, y)
    n, middle, mean = len(x), fmean(x.tolist()), fmean(y.tolist())
    z = x - middle
    squares = float((z * z).sum())
    slope = float((z * (y - mean)).sum()) / squares
    rest = y - mean - slope * z
    spread = math.pow(t_quantile(n - 2), 2) * float((rest * rest).sum()) / (n - 2)
    ends, rises = fieller_limits(-mean, slope, spread / n, 0.0, spread / squares), slope > 0.0
    if (y <= 0.0).all() or (y >= 0.0).all():
        return Crossing("negative" if mean < 0.0 else "positive", rises=rises, correlation=correlation)
    if math.isnan(ends[0]):
        return Crossing("flat", correlation=correlation)
    at, low, high = middle - mean / slope, float(x.min()), float(x.max())
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
    about = (f"worth of an sd-year of {skill}", "appraisal.sd_year_value", "GBP", "assumed")
    cells = (criterion, arm, *about, found.value, found.low, found.high, math.nan, sentence)
    return dict(zip(COLUMNS, cells, strict=True))


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
    cells = (criterion, arm, what, name, unit, kind, found.value, found.low, found.high, found.correlation, sentence)
    return dict(zip(COLUMNS, cells, strict=True))


def _short(value: float) -> str:
    """Return a number in three digits.

    >>> _short(12345.6), _short(0.00123456)
    ('12,300', '0.00123')
    """
    if not math.isfinite(value):
        return "?"
    return f"{value:.3g}" if abs(value) < 1000 else f"{float(f'{value:.3g}'):,.0f}"
