"""``coworksim patterns``, ``ablate``, ``contrast``, ``survey``, ``calibration``: what the model is held against.

``patterns`` measures those that a survey reported, ``ablate`` does so with each mechanism switched off in turn, and
``contrast`` sets two rival forms of one idea beside each other. ``survey`` surveys simulated people and fits the
regression of a survey; ``calibration`` sets a run against the figures that it should come near to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli import options as shared
from coworksim.cli.run_commands import simulated
from coworksim.cli.terminal import columns, say, say_json, tell, typed

if TYPE_CHECKING:
    from coworksim.evidence.patterns.pattern_runs import PatternResult

#: What commands share that do runs and hold them against evidence.
evidence_options = shared.together(shared.settings_option, shared.png_option, shared.json_option, shared.run_options)


def _tell(found: PatternResult, rows: Callable[[Any], Any], options: dict[str, Any]) -> None:
    """Write the findings beside the runs, and print them; ``rows`` makes the table."""
    from coworksim.report.charts.pattern_charts import content, write_patterns

    batch = found.batch
    shared.end_if_stopped(batch)
    _, sentences, plain, _ = content(found)
    about = {"command": typed(), "png": options["png"], "force": options["force"]}
    folder = write_patterns(found, batch.folder / "analysis", **about)
    if options["as_json"]:
        say_json(plain)
    elif not options["quiet"]:
        failed = batch.runs[~batch.runs["status"].isin(["done", "missing"])]["error"].value_counts().head(3)
        failures = [f"{count} runs failed: {error}." for error, count in failed.items()]
        places = f"\nRuns: {batch.folder}\nTables, charts, findings: {folder}\nDigest: {batch.digest}"
        say("\n".join([columns(rows(found)), "", *sentences, *failures, *batch.notes, places]))


@click.command()
@click.argument("scenario")
@click.option("--draws", type=click.IntRange(0, 2**17), default=64, help="Untuned draws from the ranges.")
@click.option("--replicates", type=click.IntRange(0, 1000), default=10, help="Runs at the scenario's values.")
@click.option(
    "--decompose",
    type=click.IntRange(0, 1000),
    default=10,
    metavar="N",
    help="Replicates of E3 taken apart by field (57 worlds each); 0 leaves it out.",
)
@shared.draws_seed_option
@evidence_options
def patterns(scenario: str, settings: dict[str, str], seed: int, **options: Any) -> None:
    """Measure in SCENARIO the patterns that a survey of coworking spaces reported.

    Shares of runs that show each, in the space and in total: at the scenario's own values, and over untuned draws;
    beside worlds in which they should vanish. Run the same command again to resume.
    """
    from coworksim.evidence.patterns.patterns import run_patterns
    from coworksim.report.sentences.pattern_text import pattern_rows

    sizes = {key: options.pop(key) for key in ("draws", "replicates", "decompose")}
    found = run_patterns(scenario, settings, seed, **sizes, **shared.options_of(options))
    _tell(found, pattern_rows, options)


@click.command()
@click.argument("scenario")
@click.option("--replicates", type=click.IntRange(1, 1000), default=10, help="Runs of each world.")
@shared.draws_seed_option
@evidence_options
def ablate(scenario: str, settings: dict[str, str], seed: int, replicates: int, **options: Any) -> None:
    """Measure the patterns in SCENARIO with each mechanism off in turn, and with chosen pairs off.

    What carries which pattern, and what it can do without. Run the same command again to resume.
    """
    from coworksim.evidence.patterns.patterns import run_ablation
    from coworksim.report.sentences.pattern_text import ablation_rows

    found = run_ablation(scenario, settings, seed, replicates=replicates, **shared.options_of(options))
    _tell(found, ablation_rows, options)


@click.command()
@click.argument("one", metavar="A", required=False)
@click.argument("other", metavar="B", required=False)
@click.option("--scenario", default="patterns", help="Where: a built-in name or a file.")
@click.option("--draws", type=click.IntRange(20, 2**17), default=64, help="Untuned draws.")
@shared.draws_seed_option
@evidence_options
def contrast(
    one: str | None, other: str | None, scenario: str, settings: dict[str, str], seed: int, draws: int, **options: Any
) -> None:
    """Set two rival forms, A and B, beside each other: which patterns each fits, and how a survey could tell.

    Without A and B: list the forms. All else is drawn from its range, the same in both worlds.
    """
    from coworksim.evidence.patterns.declaration import HYPOTHESES
    from coworksim.evidence.patterns.hypotheses import run_contrast
    from coworksim.report.sentences.pattern_text import contrast_rows

    if one is None:
        say(columns([(each.name, each.says) for each in HYPOTHESES.values()]))
        return
    if other is None:
        raise click.UsageError(f"{one} stands alone; name the form to set beside it (coworksim contrast lists them)")
    found = run_contrast((one, other), scenario, settings, seed, draws=draws, **shared.options_of(options))
    _tell(found, contrast_rows, options)


@click.command()
@click.argument("scenario")
@click.option("--replicates", type=click.IntRange(1, 100_000), default=1, help="Worlds to survey.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Number that fixes every random draw.")
@click.option("--trial/--no-trial", default=True, help="Randomised trials in copies of each world: the true slopes.")
@evidence_options
def survey(
    scenario: str, settings: dict[str, str], seed: int | None, replicates: int, trial: bool, **options: Any
) -> None:
    """Survey the spaces, managers and members of SCENARIO, and fit the regression of developed skill.

    SCENARIO needs two regions of either kind, left behind and not: uk-74-regions has 161 spaces in 74 regions. Run the
    same command again to resume, or with more replicates to add to those that are there.
    """
    loaded = shared.load(scenario, settings)

    from coworksim.evidence.survey.surveys import about, survey_many
    from coworksim.files.result_folder import plain_rows
    from coworksim.report.charts.survey_charts import write_survey
    from coworksim.report.sentences import survey_text as told

    found = survey_many(loaded, seed=seed, replicates=replicates, trial=trial, **shared.options_of(options))
    shared.end_if_stopped(found.batch)
    place = found.batch.folder / "analysis"
    folder = write_survey(found, place, command=typed(), png=options["png"], force=options["force"])
    tables = {name: plain_rows(getattr(found, name)) for name in ("coefficients", "slopes", "power")}
    plain = {**about(found, typed()), "folder": str(folder), **tables}
    rule = told.rule_shown(found)
    rows = [told.coefficient_rows(found, rule), told.coefficient_rows(found, rule, "total")]
    if len(found.slopes):
        rows.append(told.slope_rows(found, rule))
    if found.replicates > 1:
        rows.append(told.power_rows(found))
    places = f"Runs: {found.batch.folder}\nTables, chart: {folder}\nDigest: {found.batch.digest}"
    text = "\n\n".join([*map(columns, rows), "\n".join(told.survey_sentences(found, rule)), places])
    tell(plain, text, as_json=options["as_json"], quiet=options["quiet"])


@click.command()
@click.argument("scenario")
@shared.seed_option
@shared.settings_option
@shared.json_option
def calibration(scenario: str, seed: int | None, settings: dict[str, str], as_json: bool) -> None:
    """Run SCENARIO and set what it came to against the calibration targets."""
    loaded = shared.load(scenario, shared.with_seed(settings, seed=seed))

    from coworksim.evidence.calibration import EARLIER, calibrate
    from coworksim.report.sentences.calibration_text import calibration_json, calibration_text

    found = calibrate(simulated(loaded, quiet=False, events=True, earlier=EARLIER))
    tell(calibration_json(found), calibration_text(found), as_json=as_json)
