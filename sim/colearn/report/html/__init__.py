"""The report of a comparison: one HTML file that needs nothing but itself."""

from __future__ import annotations

from colearn.report.html.page import report
from colearn.report.html.source import Source, read_source

__all__ = ["Source", "read_source", "report"]
