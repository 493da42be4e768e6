"""The folder of a comparison as a report reads it: plain data, of which parts may be missing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from coworksim.files.errors import InputError, Mark, Problem, echo, printable
from coworksim.report.sentences.estimates_in_words import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from coworksim.model.scenario import Scenario

__all__ = ["Number", "Source", "read_source", "refuse"]

_ABOUT: Final = "appraisal.json"
_TABLES: Final = ("weekly", "take-up", "replicates", "levels", "draws", "ranking", "laws", "switching")
_NEEDED: Final = ("arms", "numbers", "replicates", "scenario", "seed")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an arm: an estimate, or the reason why there is none."""

    term: str
    estimate: Estimate | None
    reason: str
    meaning: str

    @property
    def turned(self) -> Number:
        """The same with the other sign."""
        return replace(self, estimate=self.estimate.negative if self.estimate else None)


@dataclass(frozen=True)
class Source:
    """What the folder of a comparison holds; tables and parts that are not there are None."""

    folder: str
    about: Mapping[str, Any]
    scenario: Scenario
    scenario_text: str
    tables: Mapping[str, pd.DataFrame]
    parts: Mapping[str, Any]  # other JSON files of the folder, by name: network, patterns, ...

    @property
    def name(self) -> str:
        """The name of the scenario as it was run (the copy in the folder has the name of its file)."""
        return str(self.about["scenario"].get("name", self.scenario.name))

    @property
    def arms(self) -> list[str]:
        """Names of the arms, in the order in which they were given."""
        return list(self.about["arms"])

    @property
    def acting(self) -> list[str]:
        """Names of the arms that have policies; all of them where none has."""
        return [arm for arm in self.arms if self.policies(arm)] or self.arms

    @property
    def replicates(self) -> int:
        """How many pairs of worlds there are."""
        return int(self.about["replicates"])

    def policies(self, arm: str) -> Sequence[Mapping[str, Any]]:
        """Return what an arm does, as plain data."""
        found: Sequence[Mapping[str, Any]] = self.about["arms"][arm]
        return found

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], Number]:
        return {(row["arm"], row["term"]): _number(row) for row in self.about["numbers"]}

    def number(self, arm: str, term: str) -> Number | None:
        """Return a number of an arm; None where the comparison has none of that name.

        A cost per effect has no value where the interval of the effect is not above zero, whatever the folder says.
        """
        found = self._numbers.get((arm, term))
        _, per, effect = term.partition("_per_")
        if found is None or not per:
            return found
        gained = self.estimate(arm, effect)
        if gained is not None and gained.sign > 0 and found.estimate and math.isfinite(found.estimate.low):
            return found
        return replace(found, estimate=None, reason=found.reason or "the interval of the effect includes 0")

    def estimate(self, arm: str, term: str) -> Estimate | None:
        """Return a number of an arm where it is defined."""
        found = self.number(arm, term)
        return found.estimate if found else None

    def terms(self, start: str) -> list[str]:
        """Return names of numbers that begin so, in their order."""
        return list(dict.fromkeys(term for _, term in self._numbers if term.startswith(start)))

    def values(self, arm: str, term: str) -> list[float]:
        """Return a number replicate by replicate; empty where the folder has none."""
        table = self.tables.get("replicates")
        if table is None:
            return []
        chosen = table[(table["arm"] == arm) & (table["term"] == term)]["value"]
        return [float(value) for value in chosen if math.isfinite(value)]

    def weekly(self, arm: str, measure: str) -> pd.DataFrame:
        """Return the paired difference of a measure by week."""
        table = self.tables["weekly"]
        return table[(table["arm"] == arm) & (table["measure"] == measure)]

    def in_week(self, arm: str, measure: str, week: int) -> Estimate | None:
        """Return the paired difference of a measure in one week, where the comparison goes so far."""
        table = self.weekly(arm, measure)
        rows = table[table["week"] == week]
        if rows.empty:
            return None
        row = rows.iloc[0]
        return Estimate(float(row["mean"]), float(row["low"]), float(row["high"]), str(row["unit"]), int(row["n"]))


def _number(row: Mapping[str, Any]) -> Number:
    value, low, high = (math.nan if row[key] is None else float(row[key]) for key in ("value", "low", "high"))
    unit = str(row["unit"])
    if unit == "share" and row["part"] == "afterwards":
        unit = "difference of shares"  # of occupancy: with less without
    if unit == "coefficient":  # of Gini, in percent as statistical offices give it
        unit = "difference of shares" if str(row["term"]).endswith("_change") else "share"
    estimate = None if math.isnan(value) else Estimate(value, low, high, unit, int(row["n"]))
    return Number(str(row["term"]), estimate, str(row["reason"] or ""), str(row["meaning"]))


def read_source(folder: Path) -> Source:
    """Read the folder of a comparison. Raises InputError where it is none."""
    import pandas as pd

    from coworksim.files.load import load_scenario

    shown = printable(str(folder))
    about = _json(folder / _ABOUT, shown)
    if about is None:
        refuse(shown, f"there is no {_ABOUT} in it", "write the folder that coworksim compare has written")
    missing = [key for key in _NEEDED if not isinstance(about, dict) or key not in about]
    if missing or not about["arms"]:
        refuse(shown, f"its {_ABOUT} has no {missing[0] if missing else 'arms'}", "run coworksim compare again")
    files = {name: folder / f"{name}.parquet" for name in _TABLES}
    tables = {name: pd.read_parquet(path) for name, path in files.items() if path.is_file()}
    if "weekly" not in tables:
        refuse(shown, "there is no weekly.parquet in it", "run coworksim compare again")
    others = [path for path in sorted(folder.glob("*.json")) if path.name not in (_ABOUT, "manifest.json")]
    parts = {path.stem: _json(path, shown) for path in others}
    saved = folder / "scenario.yaml"
    return Source(folder.name, about, load_scenario(saved), saved.read_text(encoding="utf-8"), tables, parts)


def _json(path: Path, shown: str) -> Any:
    """Read a JSON file; None where there is none."""
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        refuse(shown, f"{echo(path.name)} cannot be read ({type(error).__name__})", "run coworksim compare again")


def refuse(shown: str, what: str, write: str) -> NoReturn:
    """Refuse a folder: say what is wrong with it, and what to write or run instead."""
    raise InputError([Problem(Mark(shown).file, 0, 0, f"{what}; {write}")])
