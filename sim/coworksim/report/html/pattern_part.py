"""What patterns hinge on: tables of ``coworksim patterns`` and ``coworksim ablate``, and a sentence for each pattern.

A package has tables of its own, made beforehand, so that every report can say it; a folder of a run that is given
takes their place.

The part of a report on patterns: in which share of draws the model shows each, beside worlds where it should not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coworksim.appraisal.estimates import Estimate
from coworksim.evidence.patterns.declaration import NULLS, PATTERNS, PLACES
from coworksim.files.built_in import data_file
from coworksim.files.folder_content import refuse
from coworksim.report.charts.bars import pattern_shares
from coworksim.report.charts.style import applied
from coworksim.report.html.illustrations import Illustration
from coworksim.report.html.tables import Table
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, says
from coworksim.report.sentences.text import ALL_PATTERNS

if TYPE_CHECKING:
    import pandas as pd


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
    """Read what ``coworksim patterns`` wrote: its folder of tables, or the folder above it."""
    place = next((one for one in (folder, folder / "analysis") if (one / "shares.parquet").is_file()), None)
    if place is None:
        refuse(folder, "there is no shares.parquet in it", "write the folder that coworksim patterns named")
    return PatternTables(dict(_read(place, "parquet")))


def own_patterns() -> PatternTables:
    """Read what comes with the package."""
    about = data_file(f"{MEASURED}/{ABOUT}")
    if about is None:
        raise FileNotFoundError("the patterns that belong to coworksim are missing; install the package again")
    return PatternTables(dict(_read(about.parent, "csv")), json.loads(about.read_text(encoding="utf-8")))


def _read(folder: Path, kind: str) -> Iterator[tuple[str, pd.DataFrame]]:
    import pandas as pd

    for name, columns in FILES.items():
        path = folder / f"{name}.{kind}"
        if not path.is_file():
            continue
        table = pd.read_csv(path) if kind == "csv" else pd.read_parquet(path)
        if missing := sorted(columns - set(table.columns)):
            refuse(folder, f"its {name} have no column {missing[0]}", "run coworksim patterns again")
        words = [one for one in columns if not pd.api.types.is_numeric_dtype(table[one])]
        yield name, table.astype(dict.fromkeys(words, str))


def drivers(tables: PatternTables, pattern: str, place: str) -> Sentence:
    """Say without which mechanisms a pattern is shown less or more often, which environment and which inputs move it.

    Only what is clear of chance is said: intervals that do not touch, and inputs above the noise floor where there are
    more of them than chance brings.
    """
    found = [
        *_mechanisms(tables, pattern, place),
        *_environment(tables, pattern, place),
        *_inputs(tables, pattern, place),
    ]
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
            yield [
                _share(less, "draw"),
                " of draws where left-behind regions have less ",
                name,
                ", ",
                _share(more, "draw"),
                " where more",
            ]


def _inputs(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    """Name the inputs that move it most, where more lie above the floor than by chance."""
    rows = [row for row in tables.rows("deciding", pattern, place) if row["above"]]
    if rows and rows[0]["inputs_above"] > _TIMES * _CHANCE * rows[0]["inputs"]:
        named = [
            part
            for row in rows[:_NAMED]
            for part in (", ", "rises with " if row["direction"] > 0 else "falls with ", Name(row["input"]))
        ][1:]
        yield [
            *named,
            " (",
            Fact.count(rows[0]["inputs_above"]),
            " of ",
            Fact.count(rows[0]["inputs"]),
            " inputs above the noise floor)",
        ]


def _share(row: dict[Any, Any], each: str) -> Estimate:
    return Estimate(float(row["share"]), float(row["low"]), float(row["high"]), "share", int(row["n"]), each)


_PLACEBO: Final = "placebo"
#: Forms of the world in the chart; the table has all.
_DRAWN: Final = ("as declared", _PLACEBO)
#: What was run, in the order in which it is chosen, and in words.
_PARTS: Final = {"draws": "untuned draws", "replicates": "runs at the scenario's own values"}

type Keys = list[tuple[str, str]]


def _shares(table: pd.DataFrame) -> tuple[str, Keys, list[str], dict[tuple[str, str, str], Any]]:
    """Return what was run in words, (pattern, place) and forms in their order, and the row of each."""
    part = next((name for name in _PARTS if (table["part"] == name).any()), "draws")
    rows: list[Any] = table[table["part"] == part].to_dict("records")
    at = {(row["pattern"], row["place"], row["form"]): row for row in rows}
    keys = list(dict.fromkeys((pattern, place) for pattern, place, _ in at))
    return _PARTS[part], keys, list(dict.fromkeys(form for *_, form in at)), at


def _label(pattern: str, place: str) -> str:
    """Name a pattern for people: its code, what it is, and where the gain comes from."""
    if pattern not in PATTERNS:
        return ALL_PATTERNS if pattern == "all" else f"{pattern}, {place}"
    where = f", {PLACES[place]}" if len(PATTERNS[pattern].places) > 1 else ""
    return f"{pattern} {PATTERNS[pattern].label}{where}"


def _estimate(row: Any) -> Estimate | None:
    if row is None or not math.isfinite(row["share"]):
        return None
    return Estimate(float(row["share"]), float(row["low"]), float(row["high"]), "share", int(row["n"]))


def _cell(row: Any) -> Sentence:
    found = _estimate(row)
    return says("–") if found is None else says(Fact.count(row["shown"]), " of ", Fact.count(row["n"]), ": ", found)


def pattern_table(table: pd.DataFrame) -> Table | None:
    """Return patterns down, forms of the world across: count of draws, share and its interval."""
    words, keys, forms, at = _shares(table)
    if not keys:
        return None
    rows = []
    for pattern, place in keys:
        cells = [_cell(at.get((pattern, place, form))) for form in forms]
        rows.append((says(Name(_label(pattern, place))), *cells))
    told = "; ".join(f"{name}: {one.says}" for name, one in NULLS.items() if name in forms)
    caption = says(
        f"Of {words}, how many show each pattern: in the world as declared, and in worlds that lack what the survey "
        f"took for its cause ({told}).",
    )
    return Table(caption, (says("Pattern"), *(says(Name(form)) for form in forms)), tuple(rows))


def driver_table(tables: PatternTables) -> Table | None:
    """Return each pattern with the share of runs that show it, in the world as declared and the placebo, and why."""
    words, keys, _, at = _shares(tables.shares)
    rows = [
        (
            says(Name(_label(pattern, place))),
            *(_cell(at.get((pattern, place, form))) for form in _DRAWN),
            drivers(tables, pattern, place) if pattern in PATTERNS else says(""),
        )
        for pattern, place in keys
    ]
    if not rows:
        return None
    mechanisms = " Mechanisms were switched off at the scenario's own values." if "ablation" in tables.of else ""
    caption = says(f"Of {words}, how many show each pattern, and what that hinges on.{mechanisms}")
    return Table(
        caption, (says("Pattern"), says("As declared"), says("Placebo"), says("What it hinges on")), tuple(rows)
    )


def measured_where(tables: PatternTables) -> list[Sentence]:
    """Say where tables that come with the package were made."""
    if tables.about is None:
        return []
    from coworksim.evidence.patterns.untuned import added_since

    commands = [part for one in tables.about["commands"] for part in ("; ", Name(one))][1:]
    return [
        says(
            "Measured beforehand on a scenario of its own (",
            Name(tables.about["scenario"]),
            "), not on this one: it tells of the model, and not of these policies. By code ",
            Name(tables.about["code_version"][:12]),
            ": ",
            *commands,
            ".",
        ),
        *_added(added_since(tables.about["inputs"])),
    ]


def _added(names: Sequence[str]) -> Iterator[Sentence]:
    """Say what the tables cannot tell of, for it came later."""
    if names:
        added = Fact.count(len(names), "parameter was added" if len(names) == 1 else "parameters were added")
        yield says("Measured before ", added, ": ", Name(", ".join(names)), ". What that changes, they do not say.")


def placebo_sentence(table: pd.DataFrame) -> list[Sentence]:
    """Say how many patterns the world as declared shows clearly more often than the placebo, and how that is known."""
    words, keys, _, at = _shares(table)
    apart, both = 0, 0
    for pattern, place in keys:
        own, null = (_estimate(at.get((pattern, place, form))) for form in _DRAWN)
        if own and null and pattern in PATTERNS:
            both += 1
            apart += own.low > null.high
    if not both:
        return []
    return [
        says(
            "In the placebo all regions have one and the same environment and keep their flag. Of ",
            Fact.count(both),
            " measures, ",
            Fact.count(apart),
            f" are shown by clearly more {words} of the world as declared than of the "
            "placebo (their intervals do not touch). A pattern as frequent in the placebo says nothing about regions. "
            "Shown means the right sign, however small. Shares hang on ranges chosen by people who knew the findings.",
        )
    ]


def pattern_picture(table: pd.DataFrame) -> Illustration | None:
    """Return the shares in the world as declared and in the placebo as a chart."""
    words, keys, forms, at = _shares(table)
    shown = [form for form in forms if form in _DRAWN]
    if not keys:
        return None
    rows, alt = [], list[Part]()
    for pattern, place in keys:
        found = [_estimate(at.get((pattern, place, form))) for form in shown]
        rows.append((_label(pattern, place), [(one.value, one.low, one.high) if one else None for one in found]))
        alt += [Name(_label(pattern, place)), ": "]
        alt += [part for form, one in zip(shown, found, strict=True) for part in (Name(form), " ", one or "none", "; ")]
    with applied():
        drawn = pattern_shares(rows, shown)
    caption = says(f"Share of {words} that show each pattern, with ", Fact("95 %"), " interval; dotted: half of them.")
    return Illustration(drawn, Sentence(tuple(alt)), caption)
