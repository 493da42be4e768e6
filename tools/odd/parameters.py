"""Tables of the document: every quantity, levers of policies, state variables, streams of chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from coworksim.model.parameters import QUANTITIES, Evidence, Quantity
from tools.odd.docstrings import Column

__all__ = ["EVIDENCE", "columns_table", "forms_table", "levers_table", "parameter_tables", "streams_table", "table"]

#: Evidence classes in words.
EVIDENCE: Final = {Evidence.MEASURED: "measured", Evidence.DERIVED: "derived", Evidence.GUESS: "guess"}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Return a table in Markdown; what would end a cell is escaped.

    >>> print(table(("a", "b"), [("x|y", "1")]))
    | a | b |
    | --- | --- |
    | x\|y | 1 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def shown(value: float | int | str) -> str:
    """Return a value as one would write it in a file."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _limits(quantity: Quantity) -> str:
    if quantity.choices:
        return " or ".join(quantity.choices)
    low, high = (shown(limit) if math.isfinite(limit) else "none" for limit in quantity.limits)
    return f"{low} to {high}"


def _sampled(quantity: Quantity) -> str:
    if quantity.sampled is None:
        return "-"
    low, high = quantity.sampled
    return f"{low:g} to {high:g}{' (log)' if quantity.log else ''}"


def parameter_tables() -> str:
    """Return a table for each group of quantities, in the order in which they are declared."""
    head = ("quantity", "meaning", "unit", "default", "limits", "sampled range", "role", "evidence", "source")
    groups: dict[str, list[Quantity]] = {}
    for quantity in QUANTITIES.values():
        groups.setdefault(quantity.group, []).append(quantity)
    parts = []
    for group, members in groups.items():
        rows = [
            (
                f"`{q.name}`",
                q.meaning,
                q.unit,
                shown(q.default),
                _limits(q),
                _sampled(q),
                str(q.role),
                EVIDENCE[q.evidence],
                q.source,
            )
            for q in members
        ]
        parts.append(f"### {group}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def forms_table() -> str:
    """Return the rules of which there are rivals."""
    rows = [
        (f"`{q.name}`", f"`{q.default}`", ", ".join(f"`{c}`" for c in q.choices if c != q.default), q.meaning)
        for q in QUANTITIES.values()
        if q.choices
    ]
    return table(("form", "default", "rivals", "meaning"), rows)


def levers_table() -> str:
    """Return the numbers that a policy may have."""
    from coworksim.model.parameters.policy_kinds import LEVERS
    from coworksim.model.policy import LIMITS

    rows = []
    for name, lever in LEVERS.items():
        least, most, unit = LIMITS[name]
        scale = 100 if lever.form == "money" else 1
        rows.append((f"`{name}`", lever.meaning, unit, f"{least / scale:g} to {most / scale:g}"))
    return table(("number", "meaning", "unit", "limits"), rows)


def columns_table(columns: Sequence[Column]) -> str:
    """Return state variables with their meaning; where no comment says it, a quantity or the name does."""
    rows = [(f"`{c.name}`", c.kind, c.meaning or _of_quantity(c.name)) for c in columns]
    return table(("variable", "holds", "meaning and unit"), rows)


def _of_quantity(name: str) -> str:
    """Return what the environment field of that name means, with its unit."""
    quantity = QUANTITIES.get(f"environment.{name}")
    return name.replace("_", " ") if quantity is None else f"{quantity.meaning}, {quantity.unit}"


def streams_table() -> str:
    """Return the streams of random numbers."""
    from coworksim.model.state.rng import STREAMS

    rows = [(f"`{name}`", str(number), meaning) for name, (number, meaning) in STREAMS.items()]
    return table(("stream", "number", "what one word decides"), rows)
