"""Three invented regions and five spaces, as tables of the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.load import ScenarioError
from coworksim.files.uk_regions import NUMBERS, TEXT
from coworksim.model.scenario import Scenario

from .files import HEAD, load

__all__ = ["ARLE", "BOTH", "BRAY", "COLE", "HEADER", "OWN", "SPACES", "TABLE", "refused", "resolved"]

HEADER = ",".join((*TEXT, *NUMBERS))
ARLE = "A1,Arle,North,100000,50000,20000,70,11,0.2,0.2,0.004,0.02,"
BRAY = 'B2,"Bray, Upper",North,200000,80000,30000,90,11,0.2,0.9,0.01,0.03,0.3'
COLE = "C3,Cole,South,400000,300000,60000,140,2,1.5,0.8,0.05,0.06,0.4"
TABLE = f"{HEADER}\n{ARLE}\n{BRAY}\n{COLE}\n"
SPACES = "region,name,desks,price_gbp_month\nC3,One,20,150.5\nA1,,,\nC3,,7,\nC3,Three,,99\nC3,,,\n"
OWN = "regions: {table: regions.csv}\n"
BOTH = "regions: {table: regions.csv, spaces: spaces.csv}\n"


def resolved(folder: Path, table: str | bytes = TABLE, spaces: str | bytes = SPACES, text: str = BOTH) -> Scenario:
    """Load a scenario beside these two files."""
    for name, content in (("regions.csv", table), ("spaces.csv", spaces)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return load(folder, HEAD + text)


def refused(folder: Path, table: str | bytes = TABLE, spaces: str | bytes = SPACES, text: str = BOTH) -> list[str]:
    """Return the problems of a scenario beside these two files, without the folder."""
    with pytest.raises(ScenarioError) as found:
        resolved(folder, table, spaces, text)
    return [str(problem).replace(f"{folder}/", "") for problem in found.value.problems]
