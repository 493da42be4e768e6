"""Tables of the document: every parameter, levers of policies, state variables, streams of chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coworksim.model.parameters import PARAMETERS, Parameter
from coworksim.report.assumption_log import EVIDENCE, table
from coworksim.report.sentences.text import shown
from tools.odd.docstrings import Column

__all__ = ["columns_table", "forms_table", "levers_table", "parameter_tables", "streams_table"]


def _limits(parameter: Parameter) -> str:
    if parameter.choices:
        return " or ".join(parameter.choices)
    low, high = (shown(limit) if math.isfinite(limit) else "none" for limit in parameter.limits)
    return f"{low} to {high}"


def _sampled(parameter: Parameter) -> str:
    if parameter.sampled is None:
        return "-"
    low, high = parameter.sampled
    return f"{low:g} to {high:g}{' (log)' if parameter.log else ''}"


def parameter_tables() -> str:
    """Return a table for each group of parameters, in the order in which they are declared."""
    head = ("parameter", "meaning", "unit", "default", "limits", "sampled range", "role", "evidence", "source")
    groups: dict[str, list[Parameter]] = {}
    for parameter in PARAMETERS.values():
        groups.setdefault(parameter.group, []).append(parameter)
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
        for q in PARAMETERS.values()
        if q.choices
    ]
    return table(("form", "default", "rivals", "meaning"), rows)


def levers_table() -> str:
    """Return the numbers that a policy may have."""
    from coworksim.model.policies import LEVERS
    from coworksim.model.policy import LIMITS

    rows = []
    for name, lever in LEVERS.items():
        least, most, unit = LIMITS[name]
        scale = 100 if lever.form == "money" else 1
        rows.append((f"`{name}`", lever.meaning, unit, f"{least / scale:g} to {most / scale:g}"))
    return table(("number", "meaning", "unit", "limits"), rows)


def columns_table(columns: Sequence[Column]) -> str:
    """Return state variables with their meaning; where no comment says it, a parameter or the name does."""
    rows = [(f"`{c.name}`", c.kind, c.meaning or _of_parameter(c.name)) for c in columns]
    return table(("variable", "holds", "meaning and unit"), rows)


def _of_parameter(name: str) -> str:
    """Return what the environment field of that name means, with its unit."""
    parameter = PARAMETERS.get(f"environment.{name}")
    return name.replace("_", " ") if parameter is None else f"{parameter.meaning}, {parameter.unit}"


def streams_table() -> str:
    """Return the streams of random numbers."""
    from coworksim.model.state.rng import STREAMS

    rows = [(f"`{name}`", str(number), meaning) for name, (number, meaning) in STREAMS.items()]
    return table(("stream", "number", "what one word decides"), rows)
