"""The part of a report on sensitivity: which inputs of a study move its outcomes most, and the study's heat map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.report.html.source import refuse
from colearn.report.html.tables import Table
from colearn.report.html.words import Estimate, Name, Sentence, says
from colearn.report.pictures.canvas import svg_uri
from colearn.scenario.problems import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Study", "read_study", "sensitivity_table"]

_COLUMNS: Final = {"arm", "outcome", "input", "measure", "value", "low", "high", "above"}
#: The index of each method that tells most, in the order in which one is chosen, and its words.
_MEASURES: Final = {
    "ST": "share of variance, interactions included", "S1": "share of variance by itself",
    "mu_star": "mean change over the whole range", "median": "distance of distributions",
    "delta": "distance of densities",
}  # fmt: skip
_MOST: Final = 5


@dataclass(frozen=True)
class Study:
    """What a study found: indices by outcome and input, and its heat map (None where it drew none)."""

    indices: pd.DataFrame
    picture: bytes | None

    @property
    def uri(self) -> str | None:
        """The heat map as an address that holds it."""
        return None if self.picture is None else svg_uri(self.picture)


def read_study(folder: Path) -> Study:
    """Read what ``colearn experiment`` found: from the folder of its analysis, or the folder above it."""
    import pandas as pd

    places = [place for place in (folder, folder / "analysis") if (place / "indices.parquet").is_file()]
    if not places:
        what = "there is no indices.parquet in it"
        refuse(printable(str(folder)), what, "write the folder of a study with indices, such as screening")
    table = pd.read_parquet(places[0] / "indices.parquet")
    if missing := sorted(_COLUMNS - set(table.columns)):
        refuse(printable(str(folder)), f"its indices have no column {missing[0]}", "analyse the study again")
    drawn = [place / "sensitivity.svg" for place in (places[0], places[0] / "arm-1")]
    picture = next((path.read_bytes() for path in drawn if path.is_file()), None)
    return Study(table.astype(dict.fromkeys(("arm", "outcome", "input", "measure"), str)), picture)


def sensitivity_table(study: Study) -> Table | None:
    """Return, for each outcome of the first arm, the inputs above the noise floor that move it most."""
    table = study.indices
    measure = next((name for name in _MEASURES if (table["measure"] == name).any()), None)
    if measure is None or table.empty:
        return None
    chosen = table[(table["arm"] == table["arm"].iloc[0]) & (table["measure"] == measure) & (table["input"] != "dummy")]
    rows: list[tuple[Sentence, ...]] = []
    for outcome, block in chosen.groupby("outcome", sort=False):
        heard = [bool(above) for above in block["above"].fillna(False)]
        first = block[heard].sort_values("value", ascending=False, kind="stable").head(_MOST)
        rows.append((says(Name(str(outcome).replace("_", " "))),))
        rows += [(says(Name(row.input)), says(_index(row))) for row in first.itertuples()]
        if first.empty:
            rows.append((says("no input"), says("none rises above the noise floor")))
    caption = says(f"Inputs that move the outcomes of a study most: {_MEASURES[measure]}, those above the noise floor.")
    return Table(caption, (says("Outcome and input"), says("Index")), tuple(rows))


def _index(row: Any) -> Estimate:
    low, high = (math.nan if value is None else float(value) for value in (row.low, row.high))
    return Estimate(float(row.value), low, high, "", 0)
