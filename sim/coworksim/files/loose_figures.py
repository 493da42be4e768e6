"""Figures and days as offices print them, and the marks in their place: what each surely means, written plainly."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

#: Marks in the place of a figure, and marks behind one. A dash means zero in some tables and missing in others.
_MISSING: Final = re.compile(r"\[(c|x|z|u|w|low|na|n/a)\]|\.\.?|…|:|z|c|x|\*+|#?n/?a", re.IGNORECASE)
_DASH: Final = re.compile("[-\u2010-\u2015\u2212]+")
_BEHIND: Final = re.compile(r"(.*[0-9]%?)\s*(\[[a-z]{1,4}\]|\([a-z]\)|[prebu*\u2020\u2021])", re.IGNORECASE)
_BLANKS: Final = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_GROUPED: Final = {sign: re.compile(rf"-?[1-9][0-9]{{0,2}}(\{sign}[0-9]{{3}})+") for sign in ",."}
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]00:00(?::00)?)?")
_SLASHED: Final = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_PLAIN: Final = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?", re.IGNORECASE)


class Readings(NamedTuple):
    """What the user says of signs with two readings: ``decimal`` (comma, point), ``dash`` (zero, missing), or None."""

    decimal: str | None = None
    dash: str | None = None


AS_PRINTED: Final = Readings()


class Figure(NamedTuple):
    """What to write for a cell and why it differs from what was found; or, with ``write``, a flaw and what to do."""

    text: str
    why: str = ""
    write: str = ""


def decimal_sign(cells: Sequence[str]) -> str | None:
    """Which sign marks decimals, where the cells leave no doubt: ``comma``, ``point``, or None.

    >>> decimal_sign(["71,5", "210.400"]), decimal_sign(["210,400", "71.5"]), decimal_sign(["210,400", "9"])
    ('comma', 'point', None)
    """
    bare = [_BLANKS.sub("", cell).strip("%£ ") for cell in cells]
    commas = any(re.fullmatch(r"-?[0-9.]*,[0-9]+", cell) and not _GROUPED[","].fullmatch(cell) for cell in bare)
    points = any(re.fullmatch(r"-?[0-9,]*\.[0-9]+", cell) and not _GROUPED["."].fullmatch(cell) for cell in bare)
    if commas or points:
        return None if commas and points else "comma" if commas else "point"
    return None if any(_GROUPED[sign].fullmatch(cell) for cell in bare for sign in ",.") else "point"


def plain(found: str, unit: str, readings: Readings) -> Figure:
    """Read one cell of a column in ``unit``.

    >>> plain("19%", "share", AS_PRINTED).text, plain("[c]", "jobs", AS_PRINTED).text
    ('0.19', '')
    >>> plain("-", "jobs", AS_PRINTED).write
    'say which with --dash zero or --dash missing'
    """
    if not found or (_PLAIN.fullmatch(found) and (readings.decimal == "point" or "." not in found)):
        return Figure(found)
    if _MISSING.fullmatch(found):
        return Figure("", "mark in the place of a figure, which stays empty")
    if _DASH.fullmatch(found):
        return _dash(readings)
    why, figure = "figure, written plainly", found
    if marked := _BEHIND.fullmatch(found):
        why, figure = "mark behind a figure, taken off", marked[1]
    figure = _BLANKS.sub("", figure).replace("\u2212", "-").strip().lstrip("£").strip()
    percent = figure.endswith("%")
    figure = figure.removesuffix("%").strip()
    if readings.decimal is None and ("," in figure or "." in figure):
        flaw = f", where the {'comma' if ',' in figure else 'point'} may mark decimals or thousands"
        return Figure("", flaw, "say which with --decimal comma or --decimal point")
    figure = _ungrouped(figure, readings.decimal)
    if not _PLAIN.fullmatch(figure):
        return Figure("", write="write a number")
    if not percent or unit.startswith("%"):
        return Figure(figure, why)
    return (
        Figure(f"{float(figure) / 100:.15g}", why) if unit == "share" else Figure("", write=f"write a number ({unit})")
    )


def plain_day(found: str) -> Figure:
    """Read a day: YYYY-MM-DD, or day and month in the order that alone is possible; a year alone names none.

    >>> plain_day("31/01/2020").text, plain_day("2020-01-31 00:00:00").text, plain_day("2015").text
    ('2020-01-31', '2020-01-31', '')
    >>> plain_day("03/04/2020").write
    'write it as YYYY-MM-DD'
    """
    if day := _DAY.fullmatch(found):
        return Figure(day[1], "day, written plainly" if day[1] != found else "")
    if parts := _SLASHED.fullmatch(found):
        first, second, year = (int(part) for part in parts.groups())
        if first != second and max(first, second) <= 12:
            return Figure("", ", where day and month may be swapped", "write it as YYYY-MM-DD")
        day_of, month = (second, first) if second > 12 else (first, second)
        return Figure(f"{year:04d}-{month:02d}-{day_of:02d}", "day, written plainly")
    return Figure("", "text that names no day, left out" if found else "")


def _dash(readings: Readings) -> Figure:
    if readings.dash is None:
        flaw = ", which means zero in some tables and missing in others"
        return Figure("", flaw, "say which with --dash zero or --dash missing")
    return Figure("0" if readings.dash == "zero" else "", f"dash, read as {readings.dash} as you said")


def _ungrouped(figure: str, decimal: str | None) -> str:
    """Take out the sign between thousands; a figure that is in neither form comes back as no number."""
    thousands, point = (".", ",") if decimal == "comma" else (",", ".")
    whole, sign, rest = figure.partition(point)
    if thousands in whole and not _GROUPED[thousands].fullmatch(whole):
        return ""
    return whole.replace(thousands, "") + ("." + rest if sign else "")
