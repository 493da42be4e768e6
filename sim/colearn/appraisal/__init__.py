"""Appraisal: each policy beside the same world without it."""

from __future__ import annotations

from colearn.appraisal.comparison import compare
from colearn.appraisal.results import Appraisal

__all__ = ["Appraisal", "compare"]
