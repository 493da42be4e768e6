"""Text from files, made fit for a chart or a table."""

from __future__ import annotations

from coworksim.files.errors import printable

__all__ = ["printable", "shortened"]


def shortened(text: str, length: int) -> str:
    """Printable, and no longer than ``length`` signs.

    >>> shortened("Hartlepool and Stockton-on-Tees", 12)
    'Hartlepool …'
    """
    shown = printable(text)
    return shown if len(shown) <= length else shown[: length - 1] + "…"
