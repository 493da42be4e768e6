"""``coworksim validate``, ``coworksim scenario`` and ``coworksim schema``: reading and writing scenario files.

``coworksim regions``: the regions of a scenario, and where each field of their environments comes from.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coworksim.cli.run_commands import load, settings_option
from coworksim.cli.terminal import BAD_INPUT, columns, debug_option, say, say_json

if TYPE_CHECKING:
    from coworksim.files.errors import Problem
    from coworksim.files.scenario_writer import Value
    from coworksim.model.scenario import Scenario


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--quiet", is_flag=True, help="Say nothing of files without problems.")
@debug_option
@click.pass_context
def validate(context: click.Context, files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check scenario FILEs; each problem is told as file:line:col, what was found, and what to write."""
    checked = [(file, *_checked(file)) for file in files]
    if as_json:
        say_json([_record(file, loaded, problems) for file, loaded, problems in checked])
    else:
        _tell(checked, quiet=quiet)
    if any(problems for _, _, problems in checked):
        context.exit(BAD_INPUT)


def _checked(file: str) -> tuple[Scenario | None, list[Problem]]:
    from coworksim.files.load import ScenarioError, load_scenario

    try:
        return load_scenario(file), []
    except ScenarioError as error:
        return None, error.problems


def _tell(checked: list[tuple[str, Scenario | None, list[Problem]]], *, quiet: bool) -> None:
    from coworksim.files.errors import printable

    for file, loaded, problems in checked:
        for problem in problems:
            click.echo(printable(str(problem)), err=True)
        if loaded is not None and not quiet:
            count = len(loaded.regions)
            say(f"{file}: good; {loaded.title} ({count} region{'s' if count > 1 else ''}, digest {loaded.digest[:12]})")


def _record(file: str, loaded: Scenario | None, problems: list[Problem]) -> dict[str, object]:
    return {
        "file": file,
        "valid": not problems,
        "digest": loaded.digest if loaded is not None else None,
        "problems": [{"file": p.file, "line": p.line, "column": p.column, "message": p.message} for p in problems],
    }


@click.group()
def scenario() -> None:
    """List, show, begin and compare scenarios."""


@scenario.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def list_(as_json: bool) -> None:
    """List the built-in scenarios and the question that each answers."""
    from coworksim.files.built_in import built_ins

    found = built_ins()
    if as_json:
        say_json([{"name": one.name, "title": one.title, "question": one.question} for one in found])
    else:
        say(columns([(one.name, one.question) for one in found]))


@scenario.command("policies")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def policies(as_json: bool) -> None:
    """List the ready-made policies for coworksim run --policy, and the question that each answers."""
    from coworksim.files.built_in import built_in_policies

    found = built_in_policies()
    if as_json:
        say_json([{"name": one.name, "title": one.title, "question": one.question} for one in found])
    else:
        say(columns([(one.name, one.question) for one in found]))


@scenario.command("show")
@click.argument("name")
@click.option("--origins", is_flag=True, help="Say for each value where it was set.")
@debug_option
def show(name: str, origins: bool) -> None:
    """Show a scenario, a built-in NAME or a file, with everything resolved."""
    from coworksim.files.load import load_scenario
    from coworksim.files.scenario_writer import to_yaml

    say(to_yaml(load_scenario(name), origins=origins).rstrip("\n"))


@scenario.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@debug_option
def new(file: Path) -> None:
    """Begin a scenario: write a FILE (name.yaml) that explains its keys and is ready to run."""
    from coworksim.files.scenario_schema import new_template

    if file.suffix not in (".yaml", ".yml"):
        raise click.BadParameter(f"{str(file)!r} does not end in .yaml; write {file.name}.yaml", param_hint="FILE")
    try:
        with file.open("x", encoding="utf-8", newline="\n") as target:
            target.write(new_template())
    except FileExistsError:
        raise click.BadParameter(f"{str(file)!r} exists; give another name", param_hint="FILE") from None
    except FileNotFoundError:
        raise click.BadParameter(f"there is no folder {str(file.parent)!r}", param_hint="FILE") from None
    say(f"{file} is written. Run it: coworksim run {file}")


@scenario.command("diff")
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def diff_(first: str, second: str, as_json: bool) -> None:
    """Show where two scenarios, built-in names or files, differ."""
    from coworksim.files.load import load_scenario
    from coworksim.files.scenario_writer import diff

    found = diff(load_scenario(first), load_scenario(second))
    if as_json:
        say_json([{**one._asdict(), "first": _plain(one.first), "second": _plain(one.second)} for one in found])
    elif found:
        rows = [(one.name, f"{_shown(one.first)} -> {_shown(one.second)} {one.unit}") for one in found]
        say(columns([("", f"{first} -> {second}"), *rows]))
    else:
        say("No difference.")


def _shown(value: Value) -> str:
    return "none" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)


def _plain(value: Value) -> float | int | str | bool | None:
    return value.isoformat() if isinstance(value, datetime.date) else value


@click.command()
@click.option("--study", is_flag=True, help="The schema of study files instead.")
@debug_option
def schema(study: bool) -> None:
    """Print the JSON schema of scenario files, for editors that check while you type."""
    from coworksim.files.scenario_schema import json_schema
    from coworksim.runs.study_schema import study_schema

    say_json(study_schema() if study else json_schema())


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--region", metavar="CODE", help="Show one region alone, such as TLC12: indicators and mapping.")
@click.option("--json", "as_json", is_flag=True, help="Print one record a region and field as JSON.")
@debug_option
def regions(scenario: str, settings: dict[str, str], region: str | None, as_json: bool) -> None:
    """Show the regions of SCENARIO: flag, spaces, people, indicators, and the fields that follow from them."""
    from coworksim.report.regions_table import mappings, regions_table, stand_ins

    loaded = load(scenario, settings, region)
    table = regions_table(loaded)
    if as_json:
        say_json(table.to_dict("records"))
        return
    if region is not None:
        head = ("indicator", "raw", "z", "elasticity", "field", "value", "unit")
        rows = [
            tuple(_shown_regions(row[name]) + _mark(name == "raw" and row["uk_value"]) for name in head)
            for row in table.to_dict("records")
        ]
        first = table.iloc[0]
        say(f"{first['region']} ({first['code']}), {first['flag']}")
        say(f"{first['spaces']} spaces, {first['people']} people\n")
        say(columns([head, *rows]))
    else:
        wide = table.pivot_table(index="region", columns="field", values="value", sort=False)
        raw = table.pivot_table(index="region", columns="indicator", values="raw", sort=False)
        uk = table.pivot_table(index="region", columns="indicator", values="uk_value", aggfunc="max", sort=False)
        once = table.drop_duplicates("region").set_index("region")
        head = ("code", "region", "flag", "spaces", "people", *raw.columns, *wide.columns)
        rows = [
            (
                *once.loc[name, ["code"]],
                name,
                *map(_shown_regions, once.loc[name, ["flag", "spaces", "people"]]),
                *(_shown_regions(raw.loc[name, column]) + _mark(uk.loc[name, column]) for column in raw.columns),
                *map(_shown_regions, wide.loc[name]),
            )
            for name in once.index
        ]
        say(columns([head, *rows]))
    say("\n" + "\n".join(mappings(loaded)))
    say("z: the indicator standardised over the 179 ITL-3 regions; e: noise, fixed by environment.draw.")
    if notes := stand_ins(loaded):
        say("\n" + "\n".join((f"{_mark(True).strip()}: no figure of the region exists.", *notes)))
    say("The flag is a rule of this project for the analysis; no equation of the model reads it.")


def _mark(uk_value: object) -> str:
    """Mark a figure of the UK that stands in for one of the region."""
    return " UK" if uk_value else ""


def _shown_regions(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
