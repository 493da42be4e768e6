"""``colearn describe``: every quantity and the order of the week, from their declarations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from colearn.cli.failures import debug_option
from colearn.cli.terminal import columns, say, say_json

if TYPE_CHECKING:
    from colearn.quantities import Quantity

__all__ = ["describe"]


@click.command()
@click.argument("name", required=False)
@click.option("--week", is_flag=True, help="Show the order of events of a week instead.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def describe(name: str | None, week: bool, as_json: bool) -> None:
    """Show what a scenario may set: all quantities, those of a group (membership), or one (space.price)."""
    if week and name is not None:
        raise click.UsageError("give either a name or --week")
    if week:
        phases = _week()
        if as_json:
            say_json(phases)
        else:
            rows = [(number, phase["name"], phase["meaning"]) for number, phase in enumerate(phases, 1)]
            say("The week, in order. Each can be switched off: mechanisms: {name: off}\n\n" + columns(rows))
        return
    found = _chosen(name)
    if as_json:
        say_json([_record(quantity) for quantity in found])
    elif len(found) == 1:
        say(columns([(f"{key}:", _shown(value)) for key, value in _record(found[0]).items()]))
    else:
        say(_listing(found))


def _week() -> list[dict[str, str]]:
    from colearn.mechanisms import WEEK
    from colearn.quantities import MECHANISMS

    return [{"name": phase.name, "meaning": MECHANISMS[phase.name]} for phase in WEEK]


def _chosen(name: str | None) -> list[Quantity]:
    from colearn.quantities import QUANTITIES
    from colearn.scenario.problems import echo, nearest

    if name is None:
        return list(QUANTITIES.values())
    if name in QUANTITIES:
        return [QUANTITIES[name]]
    group = [quantity for quantity in QUANTITIES.values() if quantity.group == name]
    if not group:
        close = nearest(name, [*QUANTITIES, *{quantity.group for quantity in QUANTITIES.values()}])
        hint = f"did you mean {close}?" if close else "colearn describe lists them all"
        raise click.BadParameter(f"no quantity or group is called {echo(name)}; {hint}", param_hint="NAME")
    return group


def _record(quantity: Quantity) -> dict[str, Any]:
    """Everything declared about a quantity, in JSON terms (no infinities)."""
    low, high = quantity.limits
    return {
        "name": quantity.name,
        "meaning": quantity.meaning,
        "unit": quantity.unit,
        "default": quantity.default,
        "choices": list(quantity.choices) or None,
        "limits": None if quantity.choices else [_finite(low), _finite(high)],
        "sampled": list(quantity.sampled) if quantity.sampled else None,
        "sampled_in_logarithms": quantity.log,
        "role": str(quantity.role),
        "source": quantity.source,
        "evidence": {"M": "measured", "D": "derived", "G": "guess"}[quantity.evidence.value],
    }


def _finite(limit: float) -> float | None:
    return limit if math.isfinite(limit) else None


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " to ".join(_shown(item) for item in value) if _numbers(value) else ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(values: list[Any]) -> bool:
    return all(value is None or isinstance(value, int | float) for value in values)


def _listing(found: list[Quantity]) -> str:
    """Two lines for each quantity: its numbers, then its meaning and where the default comes from."""
    lines = ["Default, hard limits in (), sampled range in [], role, evidence; then the meaning and the source."]
    group = ""
    for quantity in found:
        if quantity.group != group:
            group = quantity.group
            lines += ["", group]
        record = _record(quantity)
        limits = ", ".join(quantity.choices) or _shown(record["limits"])
        sampled = f" [{_shown(record['sampled'])}{', log' if quantity.log else ''}]" if quantity.sampled else ""
        lines += [
            f"  {quantity.name} = {_shown(record['default'])} {quantity.unit} ({limits}){sampled} "
            f"{record['role']}, {record['evidence']}",
            f"      {quantity.meaning}; {quantity.source}",
        ]
    return "\n".join(lines)
