"""``coworksim describe`` and ``coworksim odd``: parameters, forms, policies and the week as declared; the ODD+D."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.options import FILE, check_new, json_option
from coworksim.cli.terminal import columns, say, tell

if TYPE_CHECKING:
    from coworksim.model.parameters import Parameter


@click.command()
@click.argument("name", required=False)
@click.option("--week", is_flag=True, help="Show the order of events of a week instead.")
@json_option
def describe(name: str | None, week: bool, as_json: bool) -> None:
    """Show what a scenario may set: all parameters, those of a group (membership), or one (space.price).

    NAME can also be forms (rules of which there are rivals), policies (what a policy may be) or elasticity (how members
    follow a price, by income).
    """
    if week and name is not None:
        raise click.UsageError("give either a name or --week")
    if week or name in _OTHERS:
        found, text = _OTHERS["week" if week else str(name)]()
    else:
        parameters = _chosen(name)
        found = [_record(parameter) for parameter in parameters]
        text = columns([(f"{key}:", _shown(value)) for key, value in found[0].items()])
        if len(parameters) > 1:
            others = [_forms()[1], _policies()[1]] if name is None else []
            text = "\n\n".join([_listing(parameters), *others])
    tell(found, text, as_json=as_json)


def _week() -> tuple[Any, str]:
    from coworksim.model.mechanisms import WEEK
    from coworksim.model.parameters import MECHANISMS

    names = [phase.name for phase in WEEK]
    found = [{"name": name, "switch": f"mechanisms.{name}", "meaning": MECHANISMS[name]} for name in names]
    rows = [(f"{number:>2}", phase["switch"], phase["meaning"]) for number, phase in enumerate(found, 1)]
    switch = "coworksim run NAME --set mechanisms.decay=off, or decay: off in a file"
    return found, f"The week, in order. Each has a switch: {switch}\n\n{columns(rows)}"


def _forms() -> tuple[Any, str]:
    from coworksim.model.parameters import PARAMETERS

    rivals = [parameter for parameter in PARAMETERS.values() if parameter.choices]
    rows = [(f"  {rival.name}", " or ".join(rival.choices), rival.meaning) for rival in rivals]
    return [_record(rival) for rival in rivals], f"Rival forms, the default first\n{columns(rows)}"


def _policies() -> tuple[Any, str]:
    from coworksim.model.policies import AWARDS, KINDS, WHERE
    from coworksim.model.policy import LIMITS, keys_of

    rows = [
        *(("  kind", name, kind.meaning) for name, kind in KINDS.items()),
        *(("  keys", name, ", ".join((*kind.needs, *kind.one_of, *kind.may))) for name, kind in KINDS.items()),
        *(("  award", name, meaning) for name, meaning in AWARDS.items()),
        *(("  where", name, meaning) for name, meaning in WHERE.items()),
        *(("  limits", name, f"{least:,.0f} to {most:,.0f} {unit}") for name, (least, most, unit) in LIMITS.items()),
    ]
    found = {
        "kinds": {name: kind.meaning for name, kind in KINDS.items()},
        "keys": {kind: sorted(keys_of(kind)) for kind in KINDS},
        "awards": dict(AWARDS),
        "numbers": {name: dict(zip(("least", "most", "unit"), limits, strict=True)) for name, limits in LIMITS.items()},
    }
    return found, f"Policies of a scenario (coworksim scenario show uk-voucher has one)\n{columns(rows)}"


def _elasticity() -> tuple[Any, str]:
    from coworksim.model.mechanisms.helpers.elasticities import by_income
    from coworksim.model.mechanisms.helpers.reference_region import usual_tastes

    tastes = usual_tastes()
    everybody, *fifths = by_income(tastes)
    named = [
        ("everybody", everybody),
        *((f"{fifth.lowest:,.0f} to {fifth.highest:,.0f} GBP a week", fifth) for fifth in fifths),
    ]
    rows = [(f"  {name}", f"{one.first_year:.2f}", f"{one.third_year:.2f}") for name, one in named]
    head = (
        "By how much members follow a price that is 25 % higher for good, in the reference region: elasticity.\n"
        f"It follows from the defaults of membership.*; that of the third year, {tastes.elasticity:g}, is put in."
    )
    found = [{"people": name, **one._asdict()} for name, one in named]
    return found, f"{head}\n\n{columns([('  Income', 'first year', 'third year'), *rows])}"


#: What else can be described than parameters.
_OTHERS: dict[str, Callable[[], tuple[Any, str]]] = {
    "week": _week,
    "forms": _forms,
    "policies": _policies,
    "elasticity": _elasticity,
}


def _chosen(name: str | None) -> list[Parameter]:
    from coworksim.files.errors import echo, nearest
    from coworksim.model.parameters import PARAMETERS

    group = [one for one in PARAMETERS.values() if name in (None, one.name, one.group)]
    if name is not None and not group:
        close = nearest(name, [*PARAMETERS, *{parameter.group for parameter in PARAMETERS.values()}, *_OTHERS])
        hint = f"did you mean {close}?" if close else "coworksim describe lists them all"
        raise click.BadParameter(f"no parameter or group is called {echo(name)}; {hint}", param_hint="NAME")
    return group


def _record(parameter: Parameter) -> dict[str, Any]:
    limits = [limit if math.isfinite(limit) else None for limit in parameter.limits]
    return {
        **{key: getattr(parameter, key) for key in ("name", "meaning", "unit", "default")},
        "choices": list(parameter.choices) or None,
        "limits": None if parameter.choices else limits,
        "sampled": list(parameter.sampled) if parameter.sampled else None,
        "sampled_in_logarithms": parameter.log,
        "role": str(parameter.role),
        "source": parameter.source,
        "evidence": {"M": "measured", "D": "derived", "G": "guess"}[parameter.evidence.value],
    }


def _shown(value: Any) -> str:
    if isinstance(value, list):
        numbers = all(item is None or isinstance(item, int | float) for item in value)
        return " to ".join(_shown(item) for item in value) if numbers else ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


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
@click.option("--out", type=FILE, metavar="FILE", help="Write it to FILE, ending in .md.")
@click.option("--assumptions", is_flag=True, help="The log of assumptions instead: evidence, and how much each moves.")
@click.option(
    "--impacts",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="TABLE",
    help="indices.csv of a screening, for the impacts of assumptions, in place of the one that comes with coworksim.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
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
    check_new(out, force, "--out", ".md")
    if not out.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(out.parent)!r}", param_hint="--out")
    write_whole(out, text.encode("utf-8"))
    say(f"{out} is written.")
