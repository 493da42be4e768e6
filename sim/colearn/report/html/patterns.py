"""The part of a report on patterns: in which share of draws the model shows each, beside worlds where it should not."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.report.html.illustrations import Illustration
from colearn.report.html.source import refuse
from colearn.report.html.tables import Table
from colearn.report.html.words import Estimate, Fact, Name, Part, Sentence, says
from colearn.report.pictures.pattern_shares import pattern_shares
from colearn.report.style import applied
from colearn.scenario.problems import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pattern_picture", "pattern_table", "read_patterns"]

_COLUMNS: Final = {"part", "pattern", "place", "form", "n", "count", "share", "low", "high"}
_MOST_FORMS: Final = 4
_PART: Final = "draws"


def read_patterns(folder: Path) -> pd.DataFrame:
    """Read the shares of ``colearn patterns``: from its folder of tables, or the folder above it."""
    import pandas as pd

    places = [place / "shares.parquet" for place in (folder, folder / "analysis")]
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        refuse(
            printable(str(folder)), "there is no shares.parquet in it", "write the folder that colearn patterns named"
        )
    table = pd.read_parquet(found)
    if missing := sorted(_COLUMNS - set(table.columns)):
        refuse(printable(str(folder)), f"its shares have no column {missing[0]}", "run colearn patterns again")
    return table.astype(dict.fromkeys(("part", "pattern", "place", "form"), str))


def _shares(table: pd.DataFrame) -> tuple[list[tuple[str, str]], list[str], dict[tuple[str, str, str], Any]]:
    """Return (pattern, place) and forms in their order, and the row of each."""
    chosen = table[table["part"] == _PART]
    rows: list[Any] = chosen.to_dict("records")
    at = {(row["pattern"], row["place"], row["form"]): row for row in rows}
    keys = list(dict.fromkeys((pattern, place) for pattern, place, _ in at))
    return keys, list(dict.fromkeys(form for *_, form in at)), at


def _estimate(row: Any) -> Estimate | None:
    if row is None or not math.isfinite(row["share"]):
        return None
    return Estimate(float(row["share"]), float(row["low"]), float(row["high"]), "share", int(row["n"]))


def _cell(row: Any) -> Sentence:
    found = _estimate(row)
    return says("–") if found is None else says(Fact.count(row["count"]), " of ", Fact.count(row["n"]), ": ", found)


def pattern_table(table: pd.DataFrame) -> Table | None:
    """Return patterns down, forms of the world across: count of draws, share and its interval."""
    keys, forms, at = _shares(table)
    if not keys:
        return None
    rows = []
    for pattern, place in keys:
        cells = [_cell(at.get((pattern, place, form))) for form in forms]
        rows.append((says(Name(f"{pattern}, {place}")), *cells))
    caption = says(
        "Untuned draws that show each pattern of the survey, as declared and in worlds in which it should vanish. "
        "Shares are conditional on ranges chosen by people who knew the findings.",
    )  # fmt: skip
    return Table(caption, (says("Pattern"), *(says(Name(form)) for form in forms)), tuple(rows))


def pattern_picture(table: pd.DataFrame) -> Illustration | None:
    """Return the shares of the first forms as a chart."""
    keys, forms, at = _shares(table)
    shown = forms[:_MOST_FORMS]
    if not keys:
        return None
    rows, alt = [], list[Part]()
    for pattern, place in keys:
        found = [_estimate(at.get((pattern, place, form))) for form in shown]
        rows.append((f"{pattern}, {place}", [(one.value, one.low, one.high) if one else None for one in found]))
        alt += [Name(f"{pattern}, {place}"), ": "]
        alt += [part for form, one in zip(shown, found, strict=True) for part in (Name(form), " ", one or "none", "; ")]
    with applied():
        drawn = pattern_shares(rows, shown)
    caption = says(
        "Share of draws that show each pattern, with ", Fact("95 %"), " interval; dotted: half of the draws."
    )
    return Illustration(drawn, Sentence(tuple(alt)), caption)
