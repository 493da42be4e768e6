"""A small world whose regions are of either kind by both rules of the flag."""

from __future__ import annotations

import tempfile
from pathlib import Path

from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from tests.worlds import BUSY

#: Left behind by both rules, by the wide one only, by neither.
CODES = ("TLC21", "TLC23", "TLD11", "TLC11", "TLC12", "TLD33", "TLD34", "TLD35")
NARROW, WIDE = 3, 5
#: Few weeks, and a trial of ten.
SHORT: dict[str, object] = {**BUSY, "membership.appeal": 5.0, "survey.trial_weeks": 10}


def text() -> str:
    """Return a scenario file of these regions, two spaces in each."""
    listed = "".join(f"  - {{like: {code}, people: 60, spaces: 2}}\n" for code in CODES)
    return f"# What would a survey find?\ntitle: surveyed\nextends: tiny\nregions:\n{listed}"


def surveyed(**overrides: object) -> Scenario:
    """Return the busy world in these regions."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "surveyed.yaml"
        file.write_text(text())
        return load_scenario(file, overrides={**SHORT, **overrides})
