"""``colearn survey``: a virtual survey of a scenario, and the regression that would be fitted to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from colearn.cli.failures import typed
from colearn.cli.run import load, worlds_options
from colearn.cli.terminal import columns, say, say_json

if TYPE_CHECKING:
    from colearn.experiments.surveys import Surveys

__all__ = ["survey"]


@click.command()
@click.argument("scenario")
@click.option("--replicates", type=click.IntRange(1, 10_000), default=1, show_default=True, help="Worlds to survey.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Number that fixes every random draw.")
@click.option("--trial/--no-trial", default=True, help="Randomised trials in copies of each world: the true slopes.")
@worlds_options("survey")
def survey(
    scenario: str,
    replicates: int,
    seed: int | None,
    settings: dict[str, str],
    trial: bool,
    workers: int,
    out: Path | None,
    force: bool,
    png: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Survey the spaces, managers and members of SCENARIO, and fit the regression of developed skill.

    SCENARIO needs two regions of either kind, left behind and not: uk-74-regions has 161 spaces in 74 regions.
    """
    loaded = load(scenario, settings)

    from colearn.experiments.progress import reporter
    from colearn.experiments.surveys import survey_many
    from colearn.observe.folders import check_folder

    chosen = loaded.seed if seed is None else seed
    folder = out or Path("results", f"{loaded.name}-survey-seed{chosen}")
    check_folder(folder, force=force)
    found = survey_many(
        loaded, seed=chosen, replicates=replicates, trial=trial, workers=workers,
        progress=None if quiet else reporter(),
    )  # fmt: skip
    _save(found, folder, force=force, png=png)
    if as_json:
        say_json(_json(found, folder))
    elif not quiet:
        _tell(found, folder)


def _save(found: Surveys, folder: Path, *, force: bool, png: bool) -> None:
    from colearn.experiments.survey_saving import write_surveys
    from colearn.observe.folders import published
    from colearn.report.survey import write_survey_chart

    with published(folder, force=force) as staging:
        write_surveys(found, staging, command=typed())
        write_survey_chart(found, staging, png=png)


def _json(found: Surveys, folder: Path) -> dict[str, Any]:
    from colearn.experiments.survey_saving import about, plain

    tables = {"coefficients": found.coefficients, "slopes": found.slopes, "power": found.power}
    return {**about(found, typed()), "folder": str(folder)} | {name: plain(table) for name, table in tables.items()}


def _tell(found: Surveys, folder: Path) -> None:
    from colearn.report.survey_text import coefficient_rows, power_rows, rule_shown, slope_rows, survey_sentences

    rule = rule_shown(found)
    say(columns(coefficient_rows(found, rule)))
    say("\n" + columns(coefficient_rows(found, rule, "total")))
    if len(found.slopes):
        say("\n" + columns(slope_rows(found, rule)))
    if found.replicates > 1:
        say("\n" + columns(power_rows(found)))
    say("\n" + "\n".join(survey_sentences(found, rule)))
    say(f"\nResults: {folder}")
