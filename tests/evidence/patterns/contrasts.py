"""The contrasts E3a and E3b of a final worker table, by another way than ``coworksim.evidence.patterns`` takes.

Do slopes of the gain in spaces differ between kinds of regions? Among people who have used a space, the gain there in
technical-digital (TD) skill is regressed on resource hours and the gain there in social-cognitive (SC) skill on
encounters, within regions. A contrast is the pooled slope of left-behind regions less that of the others. Regions are
what the flag was assigned to, so the exact test permutes the flag over regions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.statistics.lots import orders_by_lot

__all__ = ["Contrast", "contrasts"]

#: name, what a skill gained in spaces, on what
SLOPES = (
    ("E3a", ("gain_td_space_social_points", "gain_td_space_resource_points"), ("equipment_hours", "training_hours")),
    ("E3b", ("gain_sc_space_social_points", "gain_sc_space_resource_points"), ("encounters",)),
)


class Contrast(NamedTuple):
    """A difference of slopes, points per unit, beside its distribution over permuted flags."""

    name: str
    left_behind: float
    other: float
    regions: int  # left-behind regions with people who have used a space
    error: float  # standard deviation over permutations
    p: float  # share of permutations at least as far from 0, the true one counted

    @property
    def difference(self) -> float:
        """The contrast."""
        return self.left_behind - self.other


def contrasts(workers: pd.DataFrame, permutations: int = 999, seed: int = 1) -> tuple[Contrast, ...]:
    """Return E3a and E3b. Raises ValueError when only one kind of region has people who have used a space."""
    users = workers[workers["days_in_space"] > 0]
    flag = users.groupby("region", observed=True)["flag"].first().astype(str)
    behind = (flag == "left-behind").to_numpy()
    if not 0 < behind.sum() < len(behind):
        raise ValueError("both kinds of regions need people who have used a space")
    orders = orders_by_lot(len(behind), permutations, seed)
    found = []
    for name, gains, inputs in SLOPES:
        sums = _sums(users, list(gains), list(inputs), flag.index)
        one, other = _slopes(sums, behind)
        shuffled = np.array([np.subtract(*_slopes(sums, behind[order])) for order in orders])
        further = int((np.abs(shuffled) >= abs(one - other)).sum())
        found.append(
            Contrast(
                name, one, other, int(behind.sum()), float(shuffled.std(ddof=1)), (further + 1) / (permutations + 1)
            )
        )
    return tuple(found)


def _sums(users: pd.DataFrame, gains: list[str], inputs: list[str], regions: pd.Index) -> NDArray[np.float64]:
    """Return, by region, the sums of products of gain and input and of squared inputs about the region's means."""
    table = pd.DataFrame({"region": users["region"], "y": users[gains].sum(axis=1), "x": users[inputs].sum(axis=1)})
    centred = table[["y", "x"]] - table.groupby("region", observed=True)[["y", "x"]].transform("mean")
    products = pd.DataFrame({"xy": centred["x"] * centred["y"], "xx": centred["x"] * centred["x"]})
    return products.groupby(table["region"], observed=True).sum().loc[regions].to_numpy(np.float64)


def _slopes(sums: NDArray[np.float64], behind: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the pooled slopes of left-behind and of other regions."""
    one, other = sums[behind].sum(axis=0), sums[~behind].sum(axis=0)
    return float(one[0] / one[1]), float(other[0] / other[1])
