"""What a value may be: numbers with units, dates, switches, text, and mappings with known keys.

Each reader takes a node, notes what is wrong with it, and returns the value or None. Nothing here knows scenarios.
"""

import datetime
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

from coworksim.files.errors import Mark, Problems, echo, nearest, printable
from coworksim.files.yaml_reader import Broken, Entry, Listing, Node, Scalar, Table
from coworksim.model.parameters.parameter import Kind, Parameter

_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ODD: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?([nN]a[nN]|NAN|[iI]nf|INF|[iI]nfinity)")
_WITH_UNIT: Final = re.compile(r"(\S+)\s+(\S.*)")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_NUMBER: Final = 60
_LONGEST_TEXT: Final = 300
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def number_text(text: str) -> float | int | None:
    """Read a number as YAML 1.2 does, or return None where the text is none."""
    if len(text) > _LONGEST_NUMBER:
        return None
    if _INTEGER.fullmatch(text):
        return int(text, 10 if text.lstrip("+-").isdigit() else 0)
    return float(text) if _REAL.fullmatch(text) else None


def plain_value(node: Node) -> str | int | float | bool | None:
    """Resolve a scalar by the core schema of YAML 1.2 (NaN and infinity stay text); None for all else."""
    if not isinstance(node, Scalar):
        return None
    if not node.plain:
        return node.text
    if node.text in ("", "~", "null", "Null", "NULL"):
        return None
    if node.text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return node.text.lower() == "true"
    value = number_text(node.text)
    return node.text if value is None else value


def describe(node: Node) -> str:
    """Name what stands there, as the subject of a message."""
    if isinstance(node, Table):
        return "a mapping"
    if not isinstance(node, Scalar):
        return "a list"
    value = plain_value(node)
    if value is None:
        return "nothing"
    if (node.plain and _ODD.fullmatch(node.text)) or value in (math.inf, -math.inf):
        return f"{node.text}, which is no finite number"
    if isinstance(value, str):
        return f"the text {echo(value)}"
    return f"the {'boolean' if isinstance(value, bool) else 'number'} {printable(node.text)}"


def _refuse(node: Node, name: str, write: str, problems: Problems) -> None:
    if not isinstance(node, Broken):
        problems.add(node.mark, f"{name} is {describe(node)}", write)


def number(node: Node, name: str, unit: str, problems: Problems, example: object = 1) -> float | int | None:
    """Read a finite number, bare or followed by exactly ``unit``, a share also in per cent; limits are the caller's."""
    value = plain_value(node)
    split = _WITH_UNIT.fullmatch(value) if isinstance(value, str) else None
    amount = number_text(split[1]) if split else None
    if split and amount is not None:
        if unit == "share" and split[2].strip() == "%":
            amount /= 100
        elif split[2].split() != unit.split():
            found = f"{name} has the unit {echo(split[2])}, not {unit or 'none'}"
            meant = f", or {split[1]} {unit} if {unit} is meant" if unit else ""
            problems.add(node.mark, found, f"write {split[1]}{meant}")
            return None
        value = amount
    if isinstance(value, bool | str) or value is None or not math.isfinite(value):
        _refuse(node, name, f"write a number{f', bare or as {example} {unit}' if unit else ''}", problems)
        return None
    return value


def whole(
    node: Node, name: str, unit: str, limits: tuple[int, int], problems: Problems, example: object = 1
) -> int | None:
    """Read a whole number within ``limits``."""
    value, (low, high) = number(node, name, unit, problems, example), limits
    if value is None or (isinstance(value, int) and low <= value <= high):
        return value
    problems.add(node.mark, f"{name} is {value}", f"write a whole number from {low} to {high} {unit}".rstrip())
    return None


def real(
    node: Node, name: str, unit: str, limits: tuple[float, float], problems: Problems, example: object = 1
) -> float | None:
    """Read a number within ``limits``."""
    value = number(node, name, unit, problems, example)
    if value is not None and not limits[0] <= value <= limits[1]:
        problems.add(node.mark, f"{name} is {value}", f"write a number from {limits[0]:g} to {limits[1]:g} {unit}")
        return None
    return None if value is None else float(value)


def money(node: Node, name: str, unit: str, most: int, problems: Problems, example: object = 1) -> int | None:
    """Read an amount in pounds that is a whole number of pence, from 0 to ``most`` pence; return the pence."""
    value = number(node, name, unit, problems, example)
    if value is None:
        return None
    pence = Decimal(repr(value)) * 100
    if not 0 <= pence <= most:
        problems.add(node.mark, f"{name} is {value}", f"write an amount from 0 to {most // 100} {unit}")
        return None
    if pence != int(pence):
        write = f"write whole pence, such as {int(pence) / 100:.2f} {unit}"
        problems.add(node.mark, f"{name} is {value}, which is no whole number of pence", write)
        return None
    return int(pence)


def text(node: Node, name: str, problems: Problems, longest: int = _LONGEST_TEXT) -> str | None:
    """Read a line of printable text."""
    value = plain_value(node)
    if not isinstance(value, str):
        quotes = "" if value is None else ", in quotes where it looks like a number or boolean"
        _refuse(node, name, f"write text{quotes}", problems)
        return None
    if not value.strip() or value != value.strip() or not value.isprintable() or len(value) > longest:
        write = f"write one line of at most {longest} printable characters, with no space at either end"
        problems.add(node.mark, f"{name} is {echo(value)}", write)
        return None
    return value


def one_of(node: Node, name: str, known: Collection[str], problems: Problems) -> str | None:
    """Read one of the ``known`` names; the refusal tells the nearest one."""
    value = plain_value(node)
    if isinstance(value, str) and value in known:
        return value
    close = nearest(value, known) if isinstance(value, str) else None
    _refuse(node, name, f"write {close or ' or '.join((', '.join(list(known)[:-1]), list(known)[-1]))}", problems)
    return None


def distinct(found: Iterable[tuple[str | None, Mark]], what: str, problems: Problems) -> Iterator[tuple[str, Mark]]:
    """Go through the names in a list (None: refused already), and refuse any that stands there twice."""
    seen: set[str] = set()
    for name, mark in found:
        if name in seen:
            problems.add(mark, f"{what} {echo(name or '')} a second time", "name each once")
        elif name is not None:
            seen.add(name)
            yield name, mark


def switch(node: Node, name: str, problems: Problems, write: str = "write on or off") -> bool | None:
    """Read ``on`` or ``off`` (true and false will do)."""
    value = plain_value(node)
    if isinstance(value, bool):
        return value
    if value in ("on", "off"):
        return value == "on"
    _refuse(node, name, write, problems)
    return None


def date(node: Node, name: str, problems: Problems) -> datetime.date | None:
    """Read a day as YYYY-MM-DD."""
    if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
        with suppress(ValueError):
            value = datetime.date.fromisoformat(node.text)
            if _FIRST_YEAR <= value.year <= _LAST_YEAR:
                return value
    _refuse(node, name, f"write a day of the years {_FIRST_YEAR} to {_LAST_YEAR} as YYYY-MM-DD", problems)
    return None


def known_entries(node: Node, known: Collection[str], what: str, problems: Problems) -> Iterator[Entry]:
    """Go through a mapping whose keys must be among ``known``; name the nearest one for any other key."""
    if not isinstance(node, Table):
        _refuse(node, what, f"write a mapping with any of {_some(known)}", problems)
        return
    for entry in node.entries:
        if entry.key.text in known:
            yield entry
        elif not problems.full:
            close = nearest(entry.key.text, known)
            write = f"write {close}" if close else f"write any of {_some(known)}"
            problems.add(entry.key.mark, f"unknown key {echo(entry.key.text)} in {what}", write)


def mapping(
    node: Node, known: Collection[str], what: str, read: Callable[[str, Node, Problems], Any], problems: Problems
) -> dict[str, Any] | None:
    """Read a mapping whose keys must be among ``known``, each value by ``read``; None when any of it is refused."""
    before = len(problems)
    entries = list(known_entries(node, known, what, problems))
    said = {entry.key.text: read(entry.key.text, entry.value, problems) for entry in entries}
    refused = not isinstance(node, Table) or any(isinstance(entry.value, Broken) for entry in entries)
    return None if refused or len(problems) > before else said


def _some(known: Collection[str], most: int = 14) -> str:
    names = list(known)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def items(node: Node, what: str, example: str, problems: Problems) -> tuple[Node, ...]:
    """Return the items of a list that must not be empty."""
    if isinstance(node, Listing) and node.items:
        return node.items
    if isinstance(node, Listing):
        problems.add(node.mark, f"{what} is an empty list", f"write {example}")
    else:
        _refuse(node, what, f"write a list, such as {example}", problems)
    return ()


def named[T](
    node: Node,
    called: tuple[str, str, int, str],
    name: str,
    read: Callable[[Node, Problems], tuple[str, T] | None],
    problems: Problems,
) -> tuple[T, ...] | None:
    """Read the list ``name`` of things that have a name of their own each; None when any is refused.

    ``called``: one of them, several, how many there may be, and an example. ``read`` gives the name and the thing.
    """
    before, (one, several, most, example) = len(problems), called
    nodes = items(node, name, example, problems)
    if len(nodes) > most:
        problems.add(node.mark, f"{len(nodes)} {several}", f"write at most {most}")
    found: dict[str, T] = {}
    for item in nodes[:most]:
        if (made := read(item, problems)) is None:
            continue
        if made[0] in found:
            problems.add(item.mark, f"a second {one} called {echo(made[0])}", "give it a name of its own")
        found[made[0]] = made[1]
    return tuple(found.values()) if found and len(problems) == before else None


def parameter_value(parameter: Parameter, node: Node, problems: Problems, name: str = "") -> float | int | str | None:
    """Read a value of a declared parameter: bare or with the declared unit, and within its limits."""
    name, choice = name or parameter.name, parameter.kind is Kind.CHOICE
    value: float | int | str | None = node.text if isinstance(node, Scalar) else None
    if not choice:
        value = number(node, name, parameter.unit, problems, f"{parameter.default:g}")
    if isinstance(node, Broken) or (value is None and not choice):
        return None
    if problem := parameter.problem(value):
        problems.add(node.mark, f"{name} is {describe(node)}", f"it {problem}")
        return None
    if isinstance(value, str) or value is None:
        return value
    return int(value) if parameter.kind is Kind.INTEGER else float(value)
