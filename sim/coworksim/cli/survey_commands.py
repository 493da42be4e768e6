"""``coworksim survey``: a virtual survey of a scenario, and the regression that would be fitted to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.run_commands import load, settings_option
from coworksim.cli.study_commands import end_if_stopped, options_of, run_options
from coworksim.cli.terminal import columns, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.evidence.survey.surveys import Survey


@click.command()
@click.argument("scenario")
@click.option("--replicates", type=click.IntRange(1, 100_000), default=1, show_default=True, help="Worlds to survey.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Number that fixes every random draw.")
@click.option("--trial/--no-trial", default=True, help="Randomised trials in copies of each world: the true slopes.")
@settings_option
@click.option("--png", is_flag=True, help="Write the chart as PNG too.")
@click.option("--json", "as_json", is_flag=True, help="Print the tables as JSON.")
@run_options
def survey(
    scenario: str,
    replicates: int,
    seed: int | None,
    settings: dict[str, str],
    trial: bool,
    png: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Survey the spaces, managers and members of SCENARIO, and fit the regression of developed skill.

    SCENARIO needs two regions of either kind, left behind and not: uk-74-regions has 161 spaces in 74 regions. Run the
    same command again to resume, or with more replicates to add to those that are there.
    """
    loaded = load(scenario, settings)

    from coworksim.evidence.survey.surveys import survey_many
    from coworksim.report.charts.survey_charts import write_survey

    found = survey_many(loaded, seed=seed, replicates=replicates, trial=trial, **options_of(options))
    end_if_stopped(found.batch)
    place = found.batch.folder / "analysis"
    folder = write_survey(found, place, command=typed(), png=png, force=options["force"])
    if as_json:
        say_json(_json(found, folder))
    elif not options["quiet"]:
        _tell(found, folder)


def _json(found: Survey, folder: Path) -> dict[str, Any]:
    from coworksim.evidence.survey.surveys import about
    from coworksim.files.folder_content import plain_rows

    tables = {"coefficients": found.coefficients, "slopes": found.slopes, "power": found.power}
    return {**about(found, typed()), "folder": str(folder)} | {
        name: plain_rows(table) for name, table in tables.items()
    }


def _tell(found: Survey, folder: Path) -> None:
    from coworksim.report.sentences.survey_text import (
        coefficient_rows,
        power_rows,
        rule_shown,
        slope_rows,
        survey_sentences,
    )

    rule = rule_shown(found)
    say(columns(coefficient_rows(found, rule)))
    say("\n" + columns(coefficient_rows(found, rule, "total")))
    if len(found.slopes):
        say("\n" + columns(slope_rows(found, rule)))
    if found.replicates > 1:
        say("\n" + columns(power_rows(found)))
    say("\n" + "\n".join(survey_sentences(found, rule)))
    say(f"\nRuns: {found.batch.folder}\nTables, chart: {folder}\nDigest: {found.batch.digest}")
