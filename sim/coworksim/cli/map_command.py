"""``coworksim map``: an indicator, a field or a result over the regions of the UK, as a picture and a table."""

from __future__ import annotations

from pathlib import Path

import click

from coworksim.cli.options import FILE, PATH, check_new, force_option, json_option, load
from coworksim.cli.terminal import columns, say, say_json


@click.command("map")
@click.argument("scenario", required=False)
@click.option("--indicator", metavar="NAME", help="Show an indicator, or a column of the built-in tables of regions.")
@click.option("--field", metavar="NAME", help="Show a field of the environment, as a run of SCENARIO has it.")
@click.option("--result", "folder", type=PATH, help="Show a run that was saved: the folder of coworksim run.")
@click.option("--column", metavar="NAME", help="Of a run: the column of its weekly table, in the last week.")
@click.option("--tiles/--boundaries", "as_tiles", default=True, help="A hexagon for each region, or boundaries.")
@click.option("--to", "target", type=FILE, help="The picture, .svg or .png; its figures are written beside it as .csv.")
@force_option
@json_option
def map_(
    scenario: str | None,
    indicator: str | None,
    field: str | None,
    folder: Path | None,
    column: str | None,
    as_tiles: bool,
    target: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Draw a map of the 179 regions of the UK: an indicator, a field of SCENARIO (by default all regions), or a result.

    Left-behind regions are outlined, regions without a figure hatched and counted. Without --to the figures are
    printed.
    """
    from coworksim.report import map_figures as figures

    asked = {"--indicator": indicator, "--field": field, "--result": folder}
    if sum(value is not None for value in asked.values()) != 1:
        raise click.UsageError(f"give one of {', '.join(asked)}")
    if (folder is None) != (column is None):
        raise click.UsageError("--result and --column belong together: give both")
    if target is not None:
        check_new(target, force, "--to", ".svg", ".png")
        check_new(target.with_suffix(".csv"), force, "--to", ".csv")
    if folder is not None and column is not None:
        shown = figures.of_result(folder, column)
    else:
        world = figures.whole_uk() if scenario is None else load(scenario, {}, quiet=True)
        shown = figures.of_field(field, world) if field is not None else figures.of_indicator(indicator or "", world)
    rows = figures.table_of(shown)
    if target is not None:
        figures.write_map(shown, "tiles" if as_tiles else "boundaries", target)
    if as_json:
        about = {"title": shown.title, "unit": shown.unit, "source": shown.source, "notes": shown.notes}
        say_json({**about, "regions": [row._asdict() for row in rows]})
        return
    if target is None:
        head = ("code", "region", "left behind", shown.unit or "value")
        yes = {True: "yes", False: ""}
        say(columns([head, *((r.code, r.region, yes[r.left_behind], figures.as_shown(r.value)) for r in rows)]))
    say("\n".join(figures.sentences(shown)))
    if target is not None:
        say(f"{target} and {target.with_suffix('.csv')} are written.")
