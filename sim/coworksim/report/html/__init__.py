"""The report of a comparison: one HTML file that needs nothing but itself."""

from __future__ import annotations

from coworksim.report.html.page import report
from coworksim.report.html.source import Source, read_source

__all__ = ["Source", "read_source", "report"]
