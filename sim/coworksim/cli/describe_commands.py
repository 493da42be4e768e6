"""``coworksim describe``: every parameter, rival form, kind of policy, and the order of the week, as declared.

``coworksim odd``: the description of the model by the ODD+D protocol, and the log of assumptions, from the code.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.terminal import columns, debug_option, say, say_json

if TYPE_CHECKING:
    from coworksim.model.parameters import Parameter


@click.command()
@click.argument("name", required=False)
@click.option("--week", is_flag=True, help="Show the order of events of a week instead.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def describe(name: str | None, week: bool, as_json: bool) -> None:
    """Show what a scenario may set: all parameters, those of a group (membership), or one (space.price).

    NAME can also be forms (rules of which there are rivals) or policies (what a policy may be).
    """
    if week and name is not None:
        raise click.UsageError("give either a name or --week")
    if week or name in _OTHERS:
        found, text = _OTHERS["week" if week else str(name)]()
        if as_json:
            say_json(found)
        else:
            say(text)
        return
    parameters = _chosen(name)
    if as_json:
        say_json([_record(parameter) for parameter in parameters])
    elif len(parameters) == 1:
        say(columns([(f"{key}:", _shown(value)) for key, value in _record(parameters[0]).items()]))
    else:
        others = [_forms()[1], _policies()[1]] if name is None else []
        say("\n\n".join([_listing(parameters), *others]))


def _week() -> tuple[Any, str]:
    """Every mechanism in the order of the week, and the switch that turns it off."""
    from coworksim.model.mechanisms import WEEK
    from coworksim.model.parameters import MECHANISMS

    found = [
        {"name": phase.name, "switch": f"mechanisms.{phase.name}", "meaning": MECHANISMS[phase.name]} for phase in WEEK
    ]
    rows = [(f"{number:>2}", phase["switch"], phase["meaning"]) for number, phase in enumerate(found, 1)]
    head = (
        "The week, in order. Each has a switch: coworksim run NAME --set mechanisms.decay=off, or decay: off in a file"
    )
    return found, f"{head}\n\n{columns(rows)}"


def _forms() -> tuple[Any, str]:
    """Rules of which there are rivals: a parameter each, whose choices are the forms."""
    from coworksim.model.parameters import PARAMETERS

    rivals = [parameter for parameter in PARAMETERS.values() if parameter.choices]
    rows = [(f"  {rival.name}", " or ".join(rival.choices), rival.meaning) for rival in rivals]
    return [_record(rival) for rival in rivals], f"Rival forms, the default first\n{columns(rows)}"


def _policies() -> tuple[Any, str]:
    """Kinds of policy, how awards are given, and the numbers of a policy with their limits."""
    from coworksim.model.policies import AWARDS, KINDS, WHERE
    from coworksim.model.policy import LIMITS, keys_of

    numbers = {name: {"least": least, "most": most, "unit": unit} for name, (least, most, unit) in LIMITS.items()}
    rows = [
        *(("  kind", name, kind.meaning) for name, kind in KINDS.items()),
        *(("  keys", name, ", ".join((*kind.needs, *kind.one_of, *kind.may))) for name, kind in KINDS.items()),
        *(("  award", name, meaning) for name, meaning in AWARDS.items()),
        *(("  where", name, meaning) for name, meaning in WHERE.items()),
        *(("  limits", name, f"{least:,.0f} to {most:,.0f} {unit}") for name, (least, most, unit) in LIMITS.items()),
    ]
    text = f"Policies of a scenario (coworksim scenario show uk-voucher has one)\n{columns(rows)}"
    keys = {kind: sorted(keys_of(kind)) for kind in KINDS}
    found = {
        "kinds": {name: kind.meaning for name, kind in KINDS.items()},
        "keys": keys,
        "awards": dict(AWARDS),
        "numbers": numbers,
    }
    return found, text


#: What else can be described than parameters.
_OTHERS: dict[str, Callable[[], tuple[Any, str]]] = {"week": _week, "forms": _forms, "policies": _policies}


def _chosen(name: str | None) -> list[Parameter]:
    from coworksim.files.errors import echo, nearest
    from coworksim.model.parameters import PARAMETERS

    if name is None:
        return list(PARAMETERS.values())
    if name in PARAMETERS:
        return [PARAMETERS[name]]
    group = [parameter for parameter in PARAMETERS.values() if parameter.group == name]
    if not group:
        close = nearest(name, [*PARAMETERS, *{parameter.group for parameter in PARAMETERS.values()}, *_OTHERS])
        hint = f"did you mean {close}?" if close else "coworksim describe lists them all"
        raise click.BadParameter(f"no parameter or group is called {echo(name)}; {hint}", param_hint="NAME")
    return group


def _record(parameter: Parameter) -> dict[str, Any]:
    """Everything declared about a parameter, in JSON terms (no infinities)."""
    low, high = parameter.limits
    return {
        "name": parameter.name,
        "meaning": parameter.meaning,
        "unit": parameter.unit,
        "default": parameter.default,
        "choices": list(parameter.choices) or None,
        "limits": None if parameter.choices else [_finite(low), _finite(high)],
        "sampled": list(parameter.sampled) if parameter.sampled else None,
        "sampled_in_logarithms": parameter.log,
        "role": str(parameter.role),
        "source": parameter.source,
        "evidence": {"M": "measured", "D": "derived", "G": "guess"}[parameter.evidence.value],
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


def _listing(found: list[Parameter]) -> str:
    """Two lines for each parameter: its numbers, then its meaning and where the default comes from."""
    lines = ["Default, hard limits in (), sampled range in [], role, evidence; then the meaning and the source."]
    group = ""
    for parameter in found:
        if parameter.group != group:
            group = parameter.group
            lines += ["", group]
        record = _record(parameter)
        limits = ", ".join(parameter.choices) or _shown(record["limits"])
        sampled = f" [{_shown(record['sampled'])}{', log' if parameter.log else ''}]" if parameter.sampled else ""
        lines += [
            f"  {parameter.name} = {_shown(record['default'])} {parameter.unit} ({limits}){sampled} "
            f"{record['role']}, {record['evidence']}",
            f"      {parameter.meaning}; {parameter.source}",
        ]
    return "\n".join(lines)


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it to FILE, ending in .md."
)
@click.option("--assumptions", is_flag=True, help="The log of assumptions instead: evidence, and how much each moves.")
@click.option(
    "--impacts",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="TABLE",
    help="indices.csv of a screening, for the impacts of assumptions, in place of the one that comes with coworksim.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@debug_option
def odd(out: Path | None, assumptions: bool, impacts: Path | None, force: bool) -> None:
    """Describe the model by the ODD+D protocol, as Markdown."""
    from coworksim.files.built_in import model_description
    from coworksim.report.assumption_log import assumptions_text
    from coworksim.runs.parts import write_whole

    if impacts is not None and not assumptions:
        raise click.UsageError("--impacts belongs to --assumptions; add it, or leave --impacts out")
    try:
        text = assumptions_text(impacts) if assumptions else model_description()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--impacts") from error
    if out is None:
        say(text.rstrip("\n"))
        return
    if out.suffix != ".md":
        raise click.BadParameter(f"{str(out)!r} does not end in .md; write {out.stem}.md", param_hint="--out")
    if out.exists() and not force:
        raise click.BadParameter(f"{str(out)!r} exists; give another name, or --force", param_hint="--out")
    if not out.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(out.parent)!r}", param_hint="--out")
    write_whole(out, text.encode("utf-8"))
    say(f"{out} is written.")
