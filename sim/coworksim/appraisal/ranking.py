"""Which arm is best, how surely, and what choosing another costs: over draws, by criterion.

A net benefit has a row a draw and a column an arm. Arms that tie for the best in a draw share it. The regret of an arm
in a draw is what the best arm of that draw has more.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.statistics.intervals import estimate, t_quantile, wilson

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
    found: Floats = best / best.sum(axis=1, keepdims=True)
    return found


def regrets(benefit: Floats) -> Floats:
    """Return, by draw and arm, what the best arm of the draw has more.

    >>> regrets(np.array([[0.0, 3.0], [0.0, -1.0]])).tolist()
    [[3.0, 0.0], [0.0, 1.0]]
    """
    found: Floats = benefit.max(axis=1, keepdims=True) - benefit
    return found


def rank_rows(benefit: Floats, arms: list[str]) -> list[dict[str, object]]:
    """Return a row an arm, that of the least expected regret first; intervals cover the choice of draws."""
    number, shares, regret = len(benefit), best_shares(benefit), regrets(benefit)
    few, rows = t_quantile(number - 1), list[dict[str, object]]()
    for at, arm in enumerate(arms):
        positive = int(np.count_nonzero(benefit[:, at] > 0.0))
        mean, lost = estimate(benefit[:, at].tolist()), estimate(regret[:, at].tolist())
        sure, gains = wilson(float(shares[:, at].sum()), number, few), wilson(positive, number, few)
        rows.append(
            {
                "arm": arm,
                "draws": number,
                "probability_best": sure.share,
                "best_low": sure.low,
                "best_high": sure.high,
                "positive_draws": positive,
                "positive_share": gains.share,
                "positive_low": gains.low,
                "positive_high": gains.high,
                "net_benefit_gbp": mean.value,
                "net_benefit_low": mean.low,
                "net_benefit_high": mean.high,
                "expected_regret_gbp": lost.value,
                "regret_low": lost.low,
                "regret_high": lost.high,
            }
        )
    order = sorted(range(len(rows)), key=lambda k: float(regret[:, k].mean()))
    return [rows[k] for k in order]
