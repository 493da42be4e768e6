"""The synthetic frame of UK coworking spaces: how many there are in each ITL-3 region, and a sample of them.

No counts by region are published. London gets its declared share of the spaces; inside London, and in the rest of the
UK, spaces follow ``population**a * jobs**b * creative_share**c`` by largest remainders, at most as many in a region as
it has keys for. The exponents are fitted to the counts of nations and cities that are published. The sample goes
through all spaces in an order drawn by lot and takes each that lies in a region already sampled, or in a new one while
fewer regions than declared are in it.
"""

import zlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from coworksim.files.allocation import Exponents, allocate
from coworksim.files.published_spaces import LONDON, WHOLE, count, shares
from coworksim.files.uk_regions import ReadBy, real_regions, real_table
from coworksim.model.scenario import Region


def frame_regions(part: str, values: Mapping[str, Any]) -> tuple[Region, ...]:
    """Return the regions of the frame, or of a sample of it, with their spaces, by values of parameters."""
    spaces: Mapping[str, int] = allocated(*_size(values), _exponents(values))
    if part == "uk-sample":
        sizes = (int(values[name]) for name in ("frame.responding", "frame.regions", "environment.draw"))
        spaces = sampled(tuple(spaces.items()), *sizes)
    read_by = ReadBy(str(values["frame.left_behind"]), str(values["environment.users_by"]))
    return tuple(real_regions()[code].region(read_by, number) for code, number in spaces.items() if number > 0)


def size_of(definition: str) -> dict[str, float | int]:
    """Return how many spaces there are by a definition and date, and the share of them in London.

    >>> size_of("broad-2025")["frame.spaces"]
    4152
    """
    spaces = count(WHOLE, definition)
    if spaces is None:
        raise ValueError(f"no count of the UK by {definition}")
    london = count(LONDON, definition)
    return {"frame.spaces": spaces} | ({} if london is None else {"frame.london_share": round(london / spaces, 4)})


def _size(values: Mapping[str, Any]) -> tuple[int, float]:
    return int(values["frame.spaces"]), float(values["frame.london_share"])


def _exponents(values: Mapping[str, Any]) -> Exponents:
    return Exponents(*(float(values[f"frame.{name}_exponent"]) for name in Exponents._fields))


@cache
def allocated(spaces: int, london_share: float, by: Exponents) -> Mapping[str, int]:
    """Return how many spaces of the frame lie in each region: code -> number."""
    return MappingProxyType(allocate(real_table().rows, spaces, london_share, by))


@cache
def sampled(frame: tuple[tuple[str, int], ...], spaces: int, regions: int, draw: int) -> Mapping[str, int]:
    """Draw spaces of the frame: code -> number in the sample. Fewer come where the frame has no more."""
    import numpy as np

    from coworksim.model.state.rng import FRAME, run_key, word

    run = run_key(draw)
    lots = sorted(
        (int(word(run, np.uint64(zlib.crc32(code.encode())), FRAME, 0, k)), code)
        for code, number in frame
        for k in range(number)
    )
    counts: dict[str, int] = {}
    for _, code in lots:
        if sum(counts.values()) < spaces and (code in counts or len(counts) < regions):
            counts[code] = counts.get(code, 0) + 1
    return MappingProxyType({code: counts[code] for code, _ in frame if code in counts})


class Fit(NamedTuple):
    """An area with a published count: how many of the frame's spaces that would be, and how many the frame has."""

    area: str
    date: str
    published: int
    scaled: float
    frame: int

    @property
    def ratio(self) -> float:
        """The frame's over the published."""
        return self.frame / self.scaled


def misfit(values: Mapping[str, Any]) -> list[Fit]:
    """Set the frame beside published counts, each area without the smaller ones inside it."""
    spaces, london_share = _size(values)
    counts = allocated(spaces, london_share, _exponents(values))
    found = []
    for area, share in shares().items():
        inside = [one for one in shares() if one is not area and area.holds(one.regions[0])]
        own = (code for code in counts if area.holds(code) and not any(one.holds(code) for one in inside))
        found.append(Fit(area.name, area.date, area.spaces, share * spaces, sum(counts[code] for code in own)))
    return found
