"""The description of the model by the ODD+D protocol, and the log of its assumptions, both made from the code."""

from __future__ import annotations

from colearn.report.odd.assumptions import Assumption, assumptions, assumptions_text
from colearn.report.odd.document import odd_text

__all__ = ["Assumption", "assumptions", "assumptions_text", "odd_text"]
