"""``coworksim table``: from a table as offices publish it to the strict one that scenarios read."""

from pathlib import Path

import click

from coworksim.cli.terminal import say


def _show_query(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from coworksim.files.openstreetmap import LICENCE, QUERY

        say(QUERY)
        say("Give this to Overpass, for instance at overpass-turbo.eu; save the answer, and convert it.", err=True)
        say(LICENCE, err=True)
        context.exit(0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The new table (CSV).")
@click.option("--sheet", metavar="NAME", help="Of a workbook: the sheet that holds the table.")
@click.option("--decimal", type=click.Choice(["comma", "point"]), help="Which sign marks decimals, where both may.")
@click.option("--dash", type=click.Choice(["zero", "missing"]), help="What a dash in the place of a figure means.")
@click.option(
    "--openstreetmap",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_query,
    help="Show the query that asks OpenStreetMap for the coworking spaces of the UK.",
)
def table(file: Path, target: Path, sheet: str | None, decimal: str | None, dash: str | None) -> None:
    """Convert FILE, a table of regions or of spaces as offices publish it, to the form that scenarios read.

    FILE is CSV, with commas, semicolons, tabs or bars, or a workbook (XLSX, XLS, ODS); or what OpenStreetMap answers
    to the query of --openstreetmap (JSON or GeoJSON): nothing here asks it by itself. Titles, notes and totals around
    the table are left out; every change is printed, and written in full beside the new table (NAME.changes.csv).
    """
    from coworksim.files.loose_figures import Readings
    from coworksim.files.table_converter import convert

    converted = convert(file, sheet, Readings(decimal, dash))
    new, log = converted.save(target)
    count = converted.text.count("\n") - 1
    say(f"{new} is written: a table of {converted.kind} with {count} row{'s' if count != 1 else ''}.")
    if converted.changes:
        say("\n".join(["What was changed:", *(f"  {line}" for line in converted.summary()), f"All of it: {log}"]))
    else:
        say("Nothing had to be changed.")
    if converted.openstreetmap:
        from coworksim.files.openstreetmap import LICENCE

        say(LICENCE)
    key = "table" if converted.kind == "regions" else "spaces"
    say(f"A scenario reads it so: regions: {{{key}: {new.name}}}")
