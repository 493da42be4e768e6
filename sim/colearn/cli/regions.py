"""``colearn regions``: the regions of a scenario, and where each field of their environments comes from."""

from __future__ import annotations

import click

from colearn.cli.failures import debug_option
from colearn.cli.run import load, settings_option
from colearn.cli.terminal import columns, say, say_json

__all__ = ["regions"]


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--region", metavar="CODE", help="Show one region alone, such as TLC12: indicators and mapping.")
@click.option("--json", "as_json", is_flag=True, help="Print one record a region and field as JSON.")
@debug_option
def regions(scenario: str, settings: dict[str, str], region: str | None, as_json: bool) -> None:
    """Show the regions of SCENARIO: flag, spaces, people, indicators, and the fields that follow from them."""
    from colearn.report.regions import mappings, regions_table, stand_ins

    loaded = load(scenario, settings, region)
    table = regions_table(loaded)
    if as_json:
        say_json(table.to_dict("records"))
        return
    if region is not None:
        head = ("indicator", "raw", "z", "elasticity", "field", "value", "unit")
        rows = [
            tuple(_shown(row[name]) + _mark(name == "raw" and row["uk_value"]) for name in head)
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
                *once.loc[name, ["code"]], name, *map(_shown, once.loc[name, ["flag", "spaces", "people"]]),
                *(_shown(raw.loc[name, column]) + _mark(uk.loc[name, column]) for column in raw.columns),
                *map(_shown, wide.loc[name]),
            )
            for name in once.index
        ]  # fmt: skip
        say(columns([head, *rows]))
    say("\n" + "\n".join(mappings(loaded)))
    say("z: the indicator standardised over the 179 ITL-3 regions; e: noise, fixed by environment.draw.")
    if notes := stand_ins(loaded):
        say("\n" + "\n".join((f"{_mark(True).strip()}: no figure of the region exists.", *notes)))
    say("The flag is a rule of this project for the analysis; no equation of the model reads it.")


def _mark(uk_value: object) -> str:
    """Mark a figure of the UK that stands in for one of the region."""
    return " UK" if uk_value else ""


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
