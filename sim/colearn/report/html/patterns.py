"""The part of a report on patterns: in which share of draws the model shows each, beside worlds where it should not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from colearn.experiments.patterns.declaration import NULL_WORLDS, PATTERNS, PLACES
from colearn.report.html.hinges import PatternTables, hinges
from colearn.report.html.illustrations import Illustration
from colearn.report.html.tables import Table
from colearn.report.html.words import Estimate, Fact, Name, Part, Sentence, says
from colearn.report.pictures.pattern_shares import pattern_shares
from colearn.report.style import applied

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hinge_table", "measured_where", "pattern_picture", "pattern_table", "placebo_sentence"]

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
        return "all of them, in the space" if pattern == "all" else f"{pattern}, {place}"
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
    told = "; ".join(f"{name}: {words}" for name, words in NULL_WORLDS.items() if name in forms)
    caption = says(
        f"Of {words}, how many show each pattern: in the world as declared, and in worlds that lack what the survey "
        f"took for its cause ({told}).",
    )  # fmt: skip
    return Table(caption, (says("Pattern"), *(says(Name(form)) for form in forms)), tuple(rows))


def hinge_table(tables: PatternTables) -> Table | None:
    """Return each pattern with the share of runs that show it, in the world as declared and the placebo, and why."""
    words, keys, _, at = _shares(tables.shares)
    rows = [
        (says(Name(_label(pattern, place))), *(_cell(at.get((pattern, place, form))) for form in _DRAWN),
         hinges(tables, pattern, place) if pattern in PATTERNS else says(""))
        for pattern, place in keys
    ]  # fmt: skip
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
    commands = [part for one in tables.about["commands"] for part in ("; ", Name(one))][1:]
    return [says(
        "Measured beforehand on a scenario of its own (", Name(tables.about["scenario"]), "), not on this one: it "
        "tells of the model, and not of these policies. By code ", Name(tables.about["code_version"][:12]), ": ",
        *commands, ".",
    )]  # fmt: skip


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
    return [says(
        "In the placebo all regions have one and the same environment and keep their flag. Of ", Fact.count(both),
        " measures, ", Fact.count(apart), f" are shown by clearly more {words} of the world as declared than of the "
        "placebo (their intervals do not touch). A pattern as frequent in the placebo says nothing about regions. "
        "Shown means the right sign, however small. Shares hang on ranges chosen by people who knew the findings.",
    )]  # fmt: skip


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
