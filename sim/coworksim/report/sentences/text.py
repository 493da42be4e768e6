"""Numbers and text from files, made fit for a line of a terminal, a chart or a table."""

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coworksim.files.errors import printable

#: What stands for every pattern of the survey at once.
ALL_PATTERNS = "all of them, in the space"
#: What every chart says of itself.
NO_FORECAST = "a simulation, not a forecast"

#: The index of each method that tells most, in the order in which one is chosen, and what it is.
INDEX_WORDS = {
    "ST": "share of variance with all interactions",
    "S1": "share of variance by itself",
    "mu_star": "mean size of the change over the whole range",
    "median": "distance of distributions",
    "delta": "distance of densities",
}

#: The indices that are shares of variance.
SHARES = ("ST", "S1")

#: A format as ``format`` takes it, or what writes a number.
type Form = str | Callable[[float], str]


def shortened(text: str, length: int) -> str:
    """Printable, and no longer than ``length`` signs.

    >>> shortened("Hartlepool and Stockton-on-Tees", 12)
    'Hartlepool …'
    """
    shown = printable(text)
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def shown(value: float | int | str) -> str:
    """Return a value as one would write it in a file."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def capital(words: str) -> str:
    """Begin with a capital, and leave the rest as it is."""
    return words[:1].upper() + words[1:]


def wrapped(text: str, width: int, hang: str = "", **options: Any) -> list[str]:
    """Return a text in lines of a width; all but the first begin with ``hang``, and no word is broken."""
    return textwrap.wrap(text, width, subsequent_indent=hang, break_long_words=False, **options)


def written(value: float | None, form: Form, otherwise: str = "-") -> str:
    """Write a number; ``otherwise`` where there is none, or none that is finite.

    >>> written(0.126, ".2f"), written(None, ".2f"), written(float("nan"), "+.1f", "nobody")
    ('0.13', '-', 'nobody')
    """
    if value is None or not math.isfinite(value):
        return otherwise
    return form(value) if callable(form) else format(value, form)


def hundredths(share: float) -> str:
    """Write a share of one with two digits, as .75; a dash where there is none.

    >>> hundredths(0.754), hundredths(1.0), hundredths(float("nan")), hundredths(-0.04), hundredths(-0.001)
    ('.75', '1.00', '-', '-.04', '.00')
    """
    if math.isnan(share):
        return "-"
    text = f"{round(share, 2) + 0.0:.2f}"
    return text.replace("0.", ".", 1) if abs(round(share, 2)) < 1 else text


def no_share(value: float, high: float) -> bool:
    """Say whether the estimate of a share lies outside 0 to 1 by more than its interval allows, or above 1 at all.

    Estimates of shares of variance are not held to their limits: with few points, sampling carries them beyond.

    >>> no_share(1.75, 2.6), no_share(-0.01, 0.02), no_share(-0.2, -0.1), no_share(0.4, float("nan"))
    (True, False, True, False)
    """
    return value > 1.0 or (high if math.isfinite(high) else value) < 0.0


def as_share(row: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a row with an estimate of a share, and its interval, no further than a share can be.

    >>> as_share({"value": 0.9, "low": 0.7, "high": 1.1}), as_share({"value": -0.01, "low": -0.03, "high": 0.01})
    ({'value': 0.9, 'low': 0.7, 'high': 1.0}, {'value': 0.0, 'low': 0.0, 'high': 0.01})
    """
    return {**row, **{name: min(max(row[name], 0.0), 1.0) for name in ("value", "low", "high")}}


def with_interval(row: Mapping[Any, Any], form: Form, value: str = "value", start: str = "") -> str:
    """Write a value of a row with its interval, in the columns ``low`` and ``high``; one run has none.

    ``value`` names the column of the value, ``start`` is what the names of its limits begin with.

    >>> with_interval({"value": 0.5, "low": 0.4, "high": 0.6}, "+.2g")
    '+0.5 (+0.4 to +0.6)'
    >>> with_interval({"value": 0.5, "low": float("nan"), "high": float("nan")}, "+.2g")
    '+0.5'
    """
    mean, low, high = (written(row[name], form) for name in (value, f"{start}low", f"{start}high"))
    return mean if math.isnan(row[f"{start}low"]) else f"{mean} ({low} to {high})"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines whose columns begin at the same place."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
