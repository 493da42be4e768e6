"""What each pattern hinges on, and whether the model shows it more often than the placebo: sentences of a report.

Only what is clear of chance is said: intervals that do not touch, and more inputs above the noise floor than chance
brings. A package has tables of its own, made beforehand, so that every report can say it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import pandas as pd

from coworksim.appraisal.estimates import Estimate
from coworksim.evidence.patterns.declaration import DECLARED, PATTERNS
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, filled, joined, says

#: What a reader of shares must know.
CHOSEN: Final = "Shares are conditional on ranges that were chosen by people who knew the findings of the survey."
SHOWN: Final = "Shown: the value has the sign, however small."
PLACEBO: Final = "Placebo: all regions have one environment and keep their flag."
#: Words into which the terminal and a report put numbers, each in its own way.
LESS_OR_MORE: Final = "{} where left-behind regions have less {}, {} where more"
ABOVE: Final = "{} of {} inputs above the noise floor"
#: Share of inputs above the noise floor that chance brings (see ``deciding``), and how many times that stands out: of
#: 114 inputs, chance brings seven or more to one measure in a hundred.
_CHANCE, _TIMES = 0.02, 3
_NAMED: Final = 2

#: Forms of the world in the chart and the sentence; the table has all.
DRAWN: Final = (DECLARED.name, "placebo")
#: What was run, in the order in which it is chosen, and in words.
_PARTS: Final = {"draws": "untuned draws", "replicates": "runs at the scenario's own values"}


@dataclass(frozen=True)
class PatternTables:
    """Tables by name, and where those that come with the package were made; None for a run's own.

    ``altered``: files that are not as they were written.
    """

    of: dict[str, pd.DataFrame]
    about: dict[str, Any] | None = None
    altered: tuple[str, ...] = ()

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


class Measured(NamedTuple):
    """What was run in words, (pattern, place) and forms in their order, and the row of each."""

    words: str
    keys: list[tuple[str, str]]
    forms: list[str]
    at: dict[tuple[str, str, str], Any]

    @classmethod
    def of(cls, tables: PatternTables) -> Measured:
        """Return what was measured: of draws where there are any, else of runs at the scenario's own values."""
        table = tables.of["shares"]
        part = next((name for name in _PARTS if (table["part"] == name).any()), "draws")
        rows: list[Any] = table[table["part"] == part].to_dict("records")
        at = {(row["pattern"], row["place"], row["form"]): row for row in rows}
        keys = list(dict.fromkeys((pattern, place) for pattern, place, _ in at))
        return cls(_PARTS[part], keys, list(dict.fromkeys(form for *_, form in at)), at)

    def share(self, pattern: str, place: str, form: str) -> Estimate | None:
        """Return the share of runs that show a pattern in a form of the world, where it was measured."""
        row = self.at.get((pattern, place, form))
        return None if row is None or not math.isfinite(row["share"]) else _share(row)


def drivers(tables: PatternTables, pattern: str, place: str) -> Sentence:
    """Say without which mechanisms a pattern is shown less or more often, and which environment and inputs move it."""
    found = [part for told in (_mechanisms, _environment, _inputs) for part in told(tables, pattern, place)]
    asked = tables.of.keys() - {"shares"}
    return says(*joined(found)) if found else says("nothing stands out from chance" if asked else "–")


def _mechanisms(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    itself = PATTERNS[pattern].outcome  # without the mechanism of membership there are no members to speak of
    rows = [row for row in tables.rows("ablation", pattern, place) if " + " not in row["off"] and row["off"] != itself]
    names = {row["off"]: Name(row["off"].replace("_", " ")) for row in rows}
    whole = next((row for row in rows if row["off"] == DECLARED.name), None)
    if whole is None:
        return
    void = [row["off"] for row in rows if not row["defined"] and row["off"] in tables.measuring]
    if void:
        yield ["nothing to measure without ", *joined([[names[off]] for off in void], " or ")]
    apart = [row for row in rows if row["defined"] and (row["high"] < whole["low"] or row["low"] > whole["high"])]
    if apart:
        each = joined([(_share(row, "run"), " of runs without ", names[row["off"]]) for row in apart], ", ")
        yield ["shown by ", *each, ", by ", _share(whole, "run"), " with all on"]


def _environment(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    rows = {(row["field"], row["left_behind_has"]): row for row in tables.rows("halves", pattern, place)}
    for field in dict.fromkeys(field for field, _ in rows):
        less, more = rows[field, "less"], rows[field, "more"]
        if less["low"] > more["high"] or more["low"] > less["high"]:
            name = Name(field.replace("_", " "))
            own = _share(less, "draw"), " of draws"
            yield filled(LESS_OR_MORE, own, name, _share(more, "draw")).parts


def _inputs(tables: PatternTables, pattern: str, place: str) -> Iterator[Sequence[Part]]:
    rows = [row for row in tables.rows("deciding", pattern, place) if row["above"]]
    if rows and rows[0]["inputs_above"] > _TIMES * _CHANCE * rows[0]["inputs"]:
        named = [("rises with " if row["direction"] > 0 else "falls with ", Name(row["input"])) for row in rows]
        counts = Fact.count(rows[0]["inputs_above"]), Fact.count(rows[0]["inputs"])
        yield filled(f"{{}} ({ABOVE})", joined(named[:_NAMED], ", "), *counts).parts


def _share(row: dict[Any, Any], each: str = "world") -> Estimate:
    return Estimate(float(row["share"]), float(row["low"]), float(row["high"]), "share", int(row["n"]), each)


def measured_where(tables: PatternTables) -> list[Sentence]:
    """Say where tables that come with the package were made, and what they cannot tell of, for it came later."""
    about = tables.about
    if about is None:
        return []
    from coworksim.evidence.patterns.untuned import added_since, are_ranges

    lines = [
        filled(
            "Measured beforehand on a scenario of its own ({}), not on this one: it tells of the model, and not of "
            "these policies. By code {}: {}.",
            Name(about["scenario"]),
            Name(about["code_version"][:12]),
            joined([Name(one)] for one in about["commands"]),
        )
    ]
    if not are_ranges(about["scenario"], about["inputs"], about["ranges_hash"]):
        lines.append(filled("Measured over other ranges than are drawn today. What that changes, they do not say."))
    if names := added_since(about["inputs"]):
        added = Fact.count(len(names), "parameter was added" if len(names) == 1 else "parameters were added")
        text = "Measured before {}: {}. What that changes, they do not say."
        lines.append(filled(text, added, Name(", ".join(names))))
    return lines


def placebo_sentence(tables: PatternTables) -> list[Sentence]:
    """Say how many patterns the world as declared shows clearly more often than the placebo, and how that is known."""
    found = Measured.of(tables)
    pairs = [[found.share(*key, form) for form in DRAWN] for key in found.keys if key[0] in PATTERNS]
    both = [(own, null) for own, null in pairs if own and null]
    text = (
        f"{PLACEBO} Of {{}} measures, {{}} are shown by clearly more {found.words} of the world as declared than of "
        f"the placebo (their intervals do not touch). A pattern as frequent in the placebo says nothing about regions. "
        f"{SHOWN} {CHOSEN}"
    )
    apart = sum(own.low > null.high for own, null in both)
    return [filled(text, Fact.count(len(both)), Fact.count(apart))] if both else []
