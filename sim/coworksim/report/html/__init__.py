"""The report of a comparison: one HTML file that needs nothing but itself."""

from __future__ import annotations

from coworksim.report.html.page import report

__all__ = ["report"]
