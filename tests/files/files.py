"""Scenario files for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.load import ScenarioError, load_scenario
from coworksim.model.scenario import Scenario

HEAD = "# Does it load?\ntitle: A test\n"
REGIONS = "regions:\n  - like: other\n"


def load(folder: Path, text: str | bytes, name: str = "case.yaml") -> Scenario:
    """Load a scenario with this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load_scenario(path)


def refusals(folder: Path, text: str | bytes, name: str = "case.yaml") -> list[str]:
    """Return the problems of a scenario with this text as ``line:column: message``."""
    with pytest.raises(ScenarioError) as refused:
        load(folder, text, name)
    return [str(problem).removeprefix(f"{folder}/{name}:") for problem in refused.value.problems]
