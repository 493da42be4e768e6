"""The part of a report on sensitivity: which inputs of a study move its outcomes most, and the study's heat map.

The part of a report on a pilot: whom it must ask, and how surely it finds the effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.estimates import Estimate
from coworksim.files.result_folder import read_json, refuse
from coworksim.report.charts.style import svg_uri
from coworksim.report.html.tables import Table
from coworksim.report.sentences.estimates_in_words import Fact, Name, Sentence, says
from coworksim.report.sentences.limitations import runs_left_out
from coworksim.report.sentences.pilot_text import OUTCOMES, asked, simulated_in

if TYPE_CHECKING:
    import pandas as pd


_COLUMNS: Final = {"arm", "outcome", "input", "measure", "value", "low", "high", "above"}
#: The index of each method that tells most, in the order in which one is chosen, and its words.
_MEASURES: Final = {
    "ST": "share of variance, interactions included",
    "S1": "share of variance by itself",
    "mu_star": "mean change over the whole range",
    "median": "distance of distributions",
    "delta": "distance of densities",
}
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
    """Read what ``coworksim experiment`` found: from the folder of its analysis, or the folder above it."""
    import pandas as pd

    places = [place for place in (folder, folder / "analysis") if (place / "indices.parquet").is_file()]
    if not places:
        what = "there is no indices.parquet in it"
        refuse(folder, what, "write the folder of a study with indices, such as screening")
    table = pd.read_parquet(places[0] / "indices.parquet")
    if missing := sorted(_COLUMNS - set(table.columns)):
        refuse(folder, f"its indices have no column {missing[0]}", "analyse the study again")
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


_ABOUT: Final = "pilot.json"
_NEEDED: Final = ("design", "needed", "power", "policies", "replicates", "scenario", "surveys_of_each")


@dataclass(frozen=True)
class Pilot:
    """What a pilot would find: plain data, and its chart of power (None where it drew none)."""

    about: Mapping[str, Any]
    picture: bytes | None

    @property
    def uri(self) -> str | None:
        """The chart as an address that holds it."""
        return None if self.picture is None else svg_uri(self.picture)


def read_pilot(folder: Path) -> Pilot:
    """Read the folder of ``coworksim pilot``. Raises InputError where it is none."""
    again = "run coworksim pilot again"
    about = read_json(folder, _ABOUT, "give the folder that coworksim pilot created", again)
    missing = [key for key in _NEEDED if key not in about]
    if missing:
        refuse(folder, f"its {_ABOUT} has no {missing[0]}", again)
    chart = folder / "power.svg"
    return Pilot(about, chart.read_bytes() if chart.is_file() else None)


def pilot_sentences(pilot: Pilot) -> list[Sentence]:
    """Say what was simulated, and what it rests on."""
    about = pilot.about
    names = "; ".join(str(policy["name"]) for policy in about["policies"])
    lines = [
        says(
            Name(names),
            " as a pilot in ",
            Name(str(about["scenario"]["name"])),
            ": ",
            Name(str(about["design"]["meaning"])),
            ". ",
            *simulated_in(about["replicates"], about["surveys_of_each"]).parts,
            " How many people answer, and how noisy answers on skills are, is assumed.",
        )
    ]
    return lines + runs_left_out(about.get("failed") or [])


def pilot_table(pilot: Pilot) -> Table:
    """Return, by outcome and month, the true effect, how surely the largest survey finds it, and whom one must ask."""
    most: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in sorted(pilot.about["power"], key=lambda one: int(one["people"])):
        most[row["outcome"], int(row["month"])] = row
    rows = []
    for row in pilot.about["needed"]:
        found = most.get((row["outcome"], int(row["month"])))
        words, unit = OUTCOMES.get(row["outcome"], (str(row["outcome"]), ""))
        when = says(f"{words[0].upper()}{words[1:]} after ", Fact.count(int(row["month"]), "months"))
        if found is not None:
            effect = _with_half(found, "true_effect", "difference of shares" if row["outcome"] == "member" else unit)
            power = _with_half(found, "power", "share")
            rows.append((when, effect, says(Fact.count(int(found["people"]), "people")), power, asked(row)))
    heads = (
        "Outcome",
        "True effect in the model",
        "Most people asked",
        "Surveys of them that find it",
        "People to ask to find it in four of five",
    )
    caption = says("Would this pilot find the effect that the policy has in the model?")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def _with_half(row: Mapping[str, Any], name: str, unit: str) -> Sentence:
    """Return a number with its half-width as an estimate; shares within their limits."""
    if row[name] is None:
        return says("not defined")
    value = float(row[name])
    half = row[f"{name}_half_width"]
    low, high = (math.nan, math.nan) if half is None else (value - float(half), value + float(half))
    if unit == "share":
        low, high = max(low, 0.0), min(high, 1.0)
    return says(Estimate(value, low, high, unit, 0))
