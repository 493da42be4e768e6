"""``coworksim validate``, ``scenario``, ``schema`` and ``regions``: reading and writing scenario files."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.options import FILE, json_option, listing, load, settings_option
from coworksim.cli.terminal import BAD_INPUT, columns, say, say_json, tell

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
@click.option("--quiet", is_flag=True, help="Say nothing of files without problems.")
@click.pass_context
def validate(context: click.Context, files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check scenario FILEs; each problem is told as file:line:col, what was found, and what to write.

    Warnings are of what is allowed and hardly meant; with --strict they are problems, too.
    """
    from coworksim.files.errors import InputWarning, Problem
    from coworksim.files.load import ScenarioError, load_scenario
    from coworksim.files.plausibility import warnings_of

    records: list[dict[str, Any]] = []
    for file in files:
        try:
            loaded, problems = load_scenario(file), []
        except ScenarioError as error:
            loaded, problems = None, error.problems
        except InputWarning as warning:  # with --strict
            loaded, problems = None, [Problem(file, 0, 0, line) for line in str(warning).splitlines()]
        told = [{"file": p.file, "line": p.line, "column": p.column, "message": p.message} for p in problems]
        digest, odd = (None, ()) if loaded is None else (loaded.digest, warnings_of(loaded))
        about = {"file": file, "valid": loaded is not None, "digest": digest, "problems": told, "warnings": list(odd)}
        records.append(about)
        if as_json:
            continue
        for problem in problems:
            say(str(problem), err=True)
        if loaded is not None and not quiet:
            count = f"{len(loaded.regions)} region{'s' if len(loaded.regions) > 1 else ''}"
            say(f"{file}: good; {loaded.title} ({count}, digest {loaded.digest[:12]})")
    if as_json:
        say_json(records)
    if not all(one["valid"] for one in records):
        context.exit(BAD_INPUT)


@click.group()
def scenario() -> None:
    """List, show, begin and compare scenarios."""


listing(scenario, "list", "built_ins", "List the built-in scenarios and the question that each answers.")
_ready = "List the ready-made policies for coworksim run --policy, and the question that each answers."
listing(scenario, "policies", "built_in_policies", _ready)


@scenario.command("show")
@click.argument("name")
@click.option("--origins", is_flag=True, help="Say for each value where it was set.")
def show(name: str, origins: bool) -> None:
    """Show a scenario, a built-in NAME or a file, with everything resolved."""
    from coworksim.files.load import load_scenario
    from coworksim.files.scenario_writer import to_yaml

    say(to_yaml(load_scenario(name), origins=origins).rstrip("\n"))


@scenario.command("new")
@click.argument("file", type=FILE)
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
@json_option
def diff_(first: str, second: str, as_json: bool) -> None:
    """Show where two scenarios, built-in names or files, differ."""
    from coworksim.files.load import load_scenario
    from coworksim.files.scenario_writer import diff

    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, datetime.date) else value

    def shown(value: object) -> str:
        return "none" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)

    found = diff(load_scenario(first), load_scenario(second))
    if as_json:
        say_json([{**one._asdict(), "first": plain(one.first), "second": plain(one.second)} for one in found])
    elif found:
        rows = [(one.name, f"{shown(one.first)} -> {shown(one.second)} {one.unit}") for one in found]
        say(columns([("", f"{first} -> {second}"), *rows]))
    else:
        say("No difference.")


@click.command()
@click.option("--study", is_flag=True, help="The schema of study files instead.")
def schema(study: bool) -> None:
    """Print the JSON schema of scenario files, for editors that check while you type."""
    from coworksim.files.scenario_schema import json_schema
    from coworksim.runs.study_schema import study_schema

    say_json(study_schema() if study else json_schema())


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--region", metavar="CODE", help="Show one region alone, such as TLC12: indicators and mapping.")
@click.option("--contrasts", is_flag=True, help="Show how far left-behind regions lie from others, by field.")
@click.option("--frame", is_flag=True, help="Show the frame of UK spaces beside the counts that are published.")
@json_option
def regions(
    scenario: str, settings: dict[str, str], region: str | None, contrasts: bool, frame: bool, as_json: bool
) -> None:
    """Show the regions of SCENARIO: flag, spaces, people, indicators, and the fields that follow from them.

    With the code or name of one of the 179 regions instead of SCENARIO: show each of its fields beside the UK, how it
    is known, and the regions most like it.
    """
    from coworksim.report.regions_table import drawn, mappings, regions_table

    if sum((contrasts, frame, region is not None)) > 1:
        raise click.UsageError("give one of --region, --contrasts and --frame")
    if (code := _region_named(scenario)) is not None and not (settings or region or contrasts or frame):
        from coworksim.report.region_page import page_json, page_of, page_text

        page = page_of(code)
        tell(page_json(page), page_text(page), as_json=as_json)
        return
    loaded = load(scenario, settings, region)
    if contrasts or frame:
        _beside(loaded, frame, as_json)
        return
    table = regions_table(loaded)
    if as_json:
        say_json(table.to_dict("records"))
        return
    rows = table.to_dict("records")
    if region is not None:
        head = ("indicator", "raw", "reference", "response", "field", "value", "unit")
        cells = [tuple(_cell(row[name], name == "raw" and row["gap"]) for name in head) for row in rows]
        say(f"{rows[0]['region']} ({rows[0]['code']}), {rows[0]['flag']}")
        say(f"{rows[0]['spaces']} spaces, {rows[0]['people']} people\n")
    else:
        of_region: dict[str, list[Any]] = {}
        for row in rows:
            of_region.setdefault(str(row["region"]), []).append(row)
        fixed = ("code", "region", "flag", "spaces", "people")
        first = next(iter(of_region.values()))
        raws = list(dict.fromkeys(row["indicator"] for row in first))
        head = (*fixed, *raws, *(row["field"] for row in first))
        cells = []
        for mine in of_region.values():
            raw = {row["indicator"]: _cell(row["raw"], row["gap"]) for row in mine}
            cells.append(
                (*(_cell(mine[0][name]) for name in fixed), *raw.values(), *(_cell(row["value"]) for row in mine))
            )
    say(columns([head, *cells]))
    say("\n" + "\n".join(mappings(loaded)))
    say("reference: the figure of the mean person in the UK (or nation); there a field has its base value.")
    if notes := drawn(loaded):
        say("\n" + "\n".join(("~: no figure of the region exists; this one stands in, or a draw around it.", *notes)))
    say("The flag is a rule of this project for the analysis; no equation of the model reads it.")


def _region_named(said: str) -> str | None:
    """Return the code of the region of the UK that is surely meant; None for the name or path of a scenario."""
    from coworksim.files.area_codes import advice, places_like, region_of_code
    from coworksim.files.built_in import built_ins, is_path
    from coworksim.files.uk_regions import real_regions

    if is_path(said) or said in {one.name for one in built_ins()}:
        return None
    code, alike = region_of_code(said, real_regions()), places_like(said)
    if code is None and alike:
        several = [name for name in alike if name.casefold() != said.casefold()]
        write = f"write one of these: {', '.join(several)}" if several else advice(said, real_regions(), "the UK")
        raise click.BadParameter(f"{said!r} is no scenario, and not the name of one region; {write}")
    return code


def _beside(loaded: Scenario, frame: bool, as_json: bool) -> None:
    """Show the frame beside published counts, or left-behind regions beside others."""
    from coworksim.files.frame import misfit
    from coworksim.report import region_contrasts

    if frame:
        fits = misfit(loaded.values)
        rows: list[tuple[str, ...]] = [
            ("area", "count", "of", "that share of the frame", "the frame has", "over the share"),
            *((f.area, f"{f.published:,}", f.date, f"{f.scaled:.1f}", str(f.frame), f"{f.ratio:.2f}") for f in fits),
        ]
        found: list[dict[Any, Any]] = [{**one._asdict(), "ratio": one.ratio} for one in fits]
        note = "Cities are taken out of their nation. Counts are of the broad definition; below them none is published."
    else:
        rows = region_contrasts.contrast_lines(loaded)
        found = region_contrasts.contrasts(loaded).to_dict("records")
        note = (
            "Left-behind over other regions (for demand_trend: the difference), with intervals of 95 %; M: measured, "
        )
        note += "D: derived. mapped: the measured contrast to the power of the response; here: that of these regions."
    if as_json:
        say_json(found)
    else:
        say(f"{columns(rows)}\n\n{note}")


def _cell(value: object, is_drawn: object = False) -> str:
    """Show a value; mark one that stands in for a missing figure."""
    return ("~" if is_drawn else "") + (f"{value:.4g}" if isinstance(value, float) else str(value))
