"""Names of the groups by which an appraisal tells people apart, apart from all that a report need not load."""

from __future__ import annotations

from typing import Final

from colearn.quantities.skills import OCCUPATIONS, STATUSES

__all__ = ["FIFTHS", "FLAGS", "GROUPS", "STAGES"]

FIFTHS: Final = ("lowest", "second", "middle", "fourth", "highest")
STAGES: Final = ("below 5 years", "5 to 15 years", "15 years or more")
FLAGS: Final = ("left-behind", "other")
#: Names of the groups of each dimension.
GROUPS: Final = {
    "income fifth": FIFTHS, "region": FLAGS, "status": STATUSES, "occupation": OCCUPATIONS, "career": STAGES,
}  # fmt: skip
