"""The synthetic frame of UK coworking spaces: how many there are in each ITL-3 region, and a sample of them.

No counts by region are published. London gets its declared share of the spaces; inside London, and in the rest of
the UK, spaces follow ``population**a * jobs**b * creative_share**c`` by largest remainders, at most as many in a region
as it has keys for. The sample goes through all spaces in an order drawn by lot and takes each that lies in a region
already sampled, or in a new one while fewer regions than declared are in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from coworksim.files.uk_regions import RealRegion, real_regions
from coworksim.model.scenario import MOST_SPACES, Region

#: What a scenario may write for ``regions`` instead of a list.
FRAMES: Final = MappingProxyType(
    {
        "uk-frame": "every ITL-3 region with its spaces in the frame",
        "uk-sample": "the regions and spaces of a sample of the frame",
    }
)
LONDON: Final = "London"


def frame_regions(part: str, values: Mapping[str, Any]) -> tuple[Region, ...]:
    """Return the regions of the frame, or of its sample, each with its spaces."""
    spaces = allocated(
        int(values["frame.spaces"]),
        float(values["frame.london_share"]),
        *(float(values[f"frame.{name}_exponent"]) for name in ("population", "jobs", "creative")),
    )
    if part == "uk-sample":
        spaces = sampled(
            tuple(spaces.items()),
            int(values["frame.responding"]),
            int(values["frame.regions"]),
            int(values["environment.draw"]),
        )
    real = real_regions()
    return tuple(
        Region(
            name=real[code].name,
            code=code,
            flag=real[code].flag_by(str(values["frame.left_behind"])),
            spaces=count,
            indicators=real[code].indicators,
            uk_values=real[code].uk_values,
        )
        for code, count in spaces.items()
        if count > 0
    )


@cache
def allocated(spaces: int, london_share: float, people: float, jobs: float, creative: float) -> Mapping[str, int]:
    """Return how many spaces of the frame lie in each region: code -> number.

    >>> counts = allocated(1534, 0.28, 0.0, 1.0, 0.5)
    >>> sum(counts.values()), sum(n for code, n in counts.items() if real_regions()[code].itl1 == LONDON)
    (1534, 430)
    """
    real = real_regions()

    def weight(region: RealRegion) -> float:
        x = {name: value for name, value in region.columns.items() if value is not None}
        return float(x["population"] ** people * x["jobs"] ** jobs * x["creative_gva_share"] ** creative)

    inside = int(spaces * london_share + 0.5)
    counts = dict.fromkeys(real, 0)
    for part, number in ((True, inside), (False, spaces - inside)):
        codes = [code for code, region in real.items() if (region.itl1 == LONDON) is part]
        counts |= _shared_out(number, {code: weight(real[code]) for code in codes})
    return MappingProxyType(counts)


def _shared_out(number: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Share out by largest remainders; what a full region cannot take goes to the others.

    >>> _shared_out(100, {"a": 9.0, "b": 1.0, "c": 1.0})
    {'a': 64, 'b': 18, 'c': 18}
    """
    counts = dict.fromkeys(weights, 0)
    while (left := number - sum(counts.values())) > 0:
        free = [code for code in weights if counts[code] < MOST_SPACES]
        if not free:
            raise ValueError(f"{number} spaces are more than {len(weights)} regions have room for")
        total = sum(weights[code] for code in free)
        exact = {code: min(left * weights[code] / total, MOST_SPACES - counts[code]) for code in free}
        for code in free:
            counts[code] += int(exact[code])
        rest = number - sum(counts.values())
        remainders = sorted(free, key=lambda code: (int(exact[code]) - exact[code], code))
        for code in [code for code in remainders if counts[code] < MOST_SPACES][:rest]:
            counts[code] += 1
    return counts


@cache
def sampled(frame: tuple[tuple[str, int], ...], spaces: int, regions: int, draw: int) -> Mapping[str, int]:
    """Draw spaces of the frame: code -> number in the sample. Fewer come where the frame has no more."""
    import numpy as np

    from coworksim.model.state.rng import FRAME, run_key, word

    run = run_key(draw)
    lots = sorted(
        (int(word(run, np.uint64(zlib.crc32(code.encode())), FRAME, 0, k)), code)
        for code, count in frame
        for k in range(count)
    )
    counts: dict[str, int] = {}
    for _, code in lots:
        if sum(counts.values()) < spaces and (code in counts or len(counts) < regions):
            counts[code] = counts.get(code, 0) + 1
    return MappingProxyType({code: counts[code] for code, _ in frame if code in counts})
