"""Text from files, made fit for a chart or a table."""

from __future__ import annotations

from coworksim.files.errors import printable

#: What stands for every pattern of the survey at once.
ALL_PATTERNS = "all of them, in the space"
#: What every chart says of itself.
NO_FORECAST = "a simulation, not a forecast"


def shortened(text: str, length: int) -> str:
    """Printable, and no longer than ``length`` signs.

    >>> shortened("Hartlepool and Stockton-on-Tees", 12)
    'Hartlepool …'
    """
    shown = printable(text)
    return shown if len(shown) <= length else shown[: length - 1] + "…"
