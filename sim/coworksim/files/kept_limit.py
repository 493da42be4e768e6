"""How much may be kept between questions (``coworksim.runs.world_cache``), as the environment says it."""

import math
import os
from typing import Final

#: The setting, in GB; processes that this one starts inherit it.
SETTING: Final = "COWORKSIM_KEEP_GB"
_USUAL: Final = 2.0
_GB: Final = 1e9


def most_kept() -> int:
    """Return how many bytes may be kept, 0 for nothing. Raises ValueError where the setting is no number."""
    said = os.environ.get(SETTING, "").strip()
    try:
        found = float(said) if said else _USUAL
    except ValueError:
        found = math.nan
    if not 0.0 <= found < math.inf:
        raise ValueError(f"{SETTING} is {said!r}; write a number of GB from 0, such as 2, or 0 to keep nothing")
    return int(found * _GB)
