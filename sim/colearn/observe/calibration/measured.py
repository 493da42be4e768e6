"""One measured figure."""

from __future__ import annotations

from dataclasses import dataclass

from colearn.observe.calibration.intervals import Interval

__all__ = ["Measured", "unmeasured"]


@dataclass(frozen=True)
class Measured:
    """A value (None: not measured, and ``note`` says why), its 95 % interval and the unit of analysis behind that."""

    value: float | None
    interval: Interval | None
    basis: str
    note: str = ""


def unmeasured(reason: str) -> Measured:
    """Return a figure that could not be measured."""
    return Measured(None, None, "", reason)
