"""The exponents of the frame: fitted to the counts of spaces that are published for nations and cities.

``python -m tools.frame_exponents`` prints them; they are the defaults of ``frame.*_exponent``. Areas outside London
weigh alike. Minimised is the sum of squares of ``ln(frame's share / published share)``, each area without those inside
it; no exponent falls below 0. Without that bound (three exponents, eleven areas) jobs per head alone decide, cubed, and
nearly all spaces of London come to lie in one region.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coworksim.files.allocation import Exponents, weight
from coworksim.files.published_spaces import LONDON, area_of, shares
from coworksim.files.uk_regions import real_table

__all__ = ["DECIMALS", "fitted", "misses"]

#: Decimals to which the exponents are declared: a published count moves them by more.
DECIMALS = 1


def misses(by: Exponents) -> NDArray[np.float64]:
    """Return ln of the frame's share over the published one, area by area, but for a common factor."""
    rows = {code: row for code, row in real_table().rows.items() if row.itl1 != LONDON}
    found: dict[str, list[float]] = {}
    published: Mapping[str, float] = {area.name: share for area, share in shares().items() if area.name != LONDON}
    for code, row in rows.items():
        area = area_of(code)
        assert area is not None
        found.setdefault(area.name, []).append(weight(row, by))
    miss = np.array([math.log(math.fsum(found[name])) - math.log(share) for name, share in published.items()])
    return miss - miss.mean()


def fitted() -> Exponents:
    """Return the exponents at which the misses are least."""
    from scipy.optimize import least_squares

    return Exponents(*least_squares(lambda x: misses(Exponents(*x)), [0.1, 1.0, 0.5], bounds=(0.0, 3.0)).x.tolist())


if __name__ == "__main__":
    one = fitted()
    print(one, f"root mean square {math.sqrt(float(np.mean(misses(one) ** 2))):.3f}")
