"""What patterns hinge on: tables of ``colearn patterns`` and ``colearn ablate``, and a sentence for each pattern.

A package has tables of its own, made beforehand, so that every report can say it; a folder of a run that is given
takes their place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.experiments.patterns.declaration import PATTERNS
from colearn.experiments.registry import data_file
from colearn.report.html.source import refuse
from colearn.report.html.words import Estimate, Fact, Name, Part, Sentence, says
from colearn.scenario.problems import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ABOUT", "FILES", "MEASURED", "PatternTables", "hinges", "own_patterns", "read_patterns"]

#: The folder of measured patterns that comes with the package, and what it says of itself.
MEASURED: Final = "patterns"
ABOUT: Final = "about.json"
#: Tables, and the columns without which they are of no use; all but the first may be missing.
FILES: Final[dict[str, set[str]]] = {
    "shares": {"part", "pattern", "place", "form", "n", "shown", "share", "low", "high"},
    "halves": {"pattern", "place", "field", "left_behind_has", "n", "share", "low", "high"},
    "deciding": {"pattern", "place", "input", "above", "inputs_above", "inputs", "direction"},
    "ablation": {"pattern", "place", "off", "n", "share", "low", "high", "defined"},
}
_DECLARED: Final = "as declared"
#: Share of inputs above the noise floor that chance brings (see ``deciding``), and how many times that stands out: of
#: 114 inputs, chance brings seven or more to one measure in a hundred.
_CHANCE, _TIMES = 0.02, 3
_NAMED: Final = 2


@dataclass(frozen=True)
class PatternTables:
    """Tables by name (see FILES), and where those that come with the package were made; None for a run's own."""

    of: dict[str, pd.DataFrame]
    about: dict[str, Any] | None = None

    @property
    def shares(self) -> pd.DataFrame:
        """Return in which share of runs each pattern is shown, by form of the world."""
        return self.of["shares"]

    def rows(self, name: str, pattern: str, place: str) -> list[dict[Any, Any]]:
        """Return the rows of one pattern in one place; none where there is no such table."""
        return self._rows.get((name, pattern, place), [])

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], list[dict[Any, Any]]]:
        found: dict[tuple[str, str, str], list[dict[Any, Any]]] = {}
        for name, table in self.of.items():
            for row in table.to_dict("records"):
                found.setdefault((name, row["pattern"], row["place"]), []).append(row)
        return found

    @cached_property
    def measuring(self) -> set[str]:
        """Return the mechanisms without which some gain can be measured; without members, none can."""
        gains = {one.name for one in PATTERNS.values() if one.outcome != "membership"}
        every = (row for (name, *_), rows in self._rows.items() if name == "ablation" for row in rows)
        return {row["off"] for row in every if row["defined"] and row["pattern"] in gains}


def read_patterns(folder: Path) -> PatternTables:
    """Read what ``colearn patterns`` wrote: its folder of tables, or the folder above it."""
    place = next((one for one in (folder, folder / "analysis") if (one / "shares.parquet").is_file()), None)
    if place is None:
        refuse(
            printable(str(folder)), "there is no shares.parquet in it", "write the folder that colearn patterns named"
        )
    return PatternTables(dict(_read(place, "parquet")))


def own_patterns() -> PatternTables:
    """Read what comes with the package."""
    about = data_file(f"{MEASURED}/{ABOUT}")
    if about is None:
        raise FileNotFoundError("the patterns that belong to colearn are missing; install the package again")
    return PatternTables(dict(_read(about.parent, "csv")), json.loads(about.read_text(encoding="utf-8")))


def _read(folder: Path, kind: str) -> Iterator[tuple[str, pd.DataFrame]]:
    import pandas as pd

    for name, columns in FILES.items():
        path = folder / f"{name}.{kind}"
        if not path.is_file():
            continue
        table = pd.read_csv(path) if kind == "csv" else pd.read_parquet(path)
        if missing := sorted(columns - set(table.columns)):
            refuse(printable(str(folder)), f"its {name} have no column {missing[0]}", "run colearn patterns again")
        words = [one for one in columns if not pd.api.types.is_numeric_dtype(table[one])]
        yield name, table.astype(dict.fromkeys(words, str))


def hinges(tables: PatternTables, pattern: str, place: str) -> Sentence:
    """Say without which mechanisms a pattern is shown less or more often, which environment and which inputs move it.

    Only what is clear of chance is said: intervals that do not touch, and inputs above the noise floor where there are
    more of them than chance brings.
    """
    found = [*_mechanisms(tables, pattern, place), *_environment(tables, pattern, place),
             *_inputs(tables, pattern, place)]  # fmt: skip
    if found:
        parts = [part for one in found for part in ("; ", *one)][1:]
        return Sentence(tuple(parts))
    asked = [name for name in FILES if name != "shares" and name in tables.of]
    return says("nothing stands out from chance" if asked else "–")


def _mechanisms(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    """Name the mechanisms without which there is nothing to measure, and fewer runs show it, or more."""
    itself = PATTERNS[pattern].outcome  # without the mechanism of membership there are no members to speak of
    rows = [row for row in tables.rows("ablation", pattern, place) if " + " not in row["off"] and row["off"] != itself]
    whole = next((row for row in rows if row["off"] == _DECLARED), None)
    if whole is None:
        return
    void = [row for row in rows if not row["defined"] and row["off"] in tables.measuring]
    if void:
        yield ["nothing to measure without ", *_named(void)]
    apart = [row for row in rows if row["defined"] and (row["high"] < whole["low"] or row["low"] > whole["high"])]
    if apart:
        each = [part for row in apart for part in (", ", _share(row, "run"), " of runs without ", _mechanism(row))]
        yield ["shown by ", *each[1:], ", by ", _share(whole, "run"), " with all on"]


def _mechanism(row: dict[Any, Any]) -> Name:
    return Name(row["off"].replace("_", " "))


def _named(rows: list[dict[Any, Any]]) -> Sequence[Part]:
    return [part for row in rows for part in (" or ", _mechanism(row))][1:]


def _environment(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    """Name the fields of the environment whose sign decides."""
    rows = {(row["field"], row["left_behind_has"]): row for row in tables.rows("halves", pattern, place)}
    for field in dict.fromkeys(field for field, _ in rows):
        less, more = rows[field, "less"], rows[field, "more"]
        if less["low"] > more["high"] or more["low"] > less["high"]:
            name = Name(field.replace("_", " "))
            yield [_share(less, "draw"), " of draws where left-behind regions have less ", name, ", ",
                   _share(more, "draw"), " where more"]  # fmt: skip


def _inputs(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    """Name the inputs that move it most, where more lie above the floor than by chance."""
    rows = [row for row in tables.rows("deciding", pattern, place) if row["above"]]
    if rows and rows[0]["inputs_above"] > _TIMES * _CHANCE * rows[0]["inputs"]:
        named = [
            part for row in rows[:_NAMED]
            for part in (", ", "rises with " if row["direction"] > 0 else "falls with ", Name(row["input"]))
        ][1:]  # fmt: skip
        yield [*named, " (", Fact.count(rows[0]["inputs_above"]), " of ", Fact.count(rows[0]["inputs"]),
               " inputs above the noise floor)"]  # fmt: skip


def _share(row: dict[Any, Any], each: str) -> Estimate:
    return Estimate(float(row["share"]), float(row["low"]), float(row["high"]), "share", int(row["n"]), each)
