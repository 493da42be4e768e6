"""``coworksim experiment``: studies, from file to findings. ``coworksim sweep``: a few parameters, without a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli import options as shared
from coworksim.cli.terminal import say, tell

if TYPE_CHECKING:
    from coworksim.runs.study import StudyDesign
    from coworksim.runs.study_run import Study


@click.group()
def experiment() -> None:
    """Run studies: many runs of a scenario, by a design, and what they say together."""


shared.listing(experiment, "list", "built_in_studies", "List the built-in studies and the question that each answers.")
_study = click.argument("study", metavar="FILE")
_altered = click.option(
    "--altered", is_flag=True, help="Use runs whose files have changed since; every page then says so."
)
_narrow = click.option(
    "--narrow",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="HALF-WIDTH",
    help="Double the size until the interval of each share of variance is no wider than twice this.",
)


@experiment.command("run")
@_study
@_narrow
@click.option("--series", type=click.IntRange(1), metavar="WEEKS", help="Keep series, a row every WEEKS weeks.")
@shared.run_options
def run(study: str, narrow: float | None, series: int | None, **options: Any) -> None:
    """Run the study FILE, a path or the name of a built-in one, and say what it found.

    Run the same command again to resume; nothing is run twice. Ctrl-C finishes and saves what is in flight.
    """
    _run(study, options, narrow=narrow, series=series)


@experiment.command("resume")
@_study
@_narrow
@shared.run_options
def resume(study: str, narrow: float | None, **options: Any) -> None:
    """Go on with the study FILE where it was stopped; as run, but refuses to begin."""
    from coworksim.runs.stored_runs import read_manifest
    from coworksim.runs.study_reader import load_study
    from coworksim.runs.study_run import default_folder

    folder = options["out"] or default_folder(load_study(study))
    _run(study, options, narrow=narrow, series=read_manifest(folder).get("plan", {}).get("series"))


def _run(study: StudyDesign | str, options: dict[str, Any], **more: Any) -> None:
    """Run a study and tell what it found; after a stop say how to go on."""
    from coworksim.appraisal.paired_study import run_study

    found = run_study(study, **shared.options_of(options), **more)
    shared.end_if_stopped(found)
    _tell(found, options["force"], options["quiet"])


def _tell(found: Study, force: bool, quiet: bool) -> None:
    from coworksim.report.study_files import findings, tally, write_study

    folder = write_study(found, found.folder / "analysis", force=force)
    if not quiet:
        places = [f"Runs: {found.folder}", f"Tables, charts, findings: {folder}", f"Digest: {found.digest}"]
        say("\n".join([*found.notes, f"{tally(found.counts)}.", "", *findings(found), "", *places]))


@experiment.command("status")
@_study
@shared.runs_option
@shared.json_option
def status(study: str, out: Path | None, as_json: bool) -> None:
    """Say how many runs of the study FILE are there; also while it is being run."""
    from coworksim.report.study_files import tally
    from coworksim.runs.stored_runs import StoredRuns
    from coworksim.runs.study_reader import load_study
    from coworksim.runs.study_run import default_folder, plan_of, status_counts

    loaded = load_study(study)
    folder = out or default_folder(loaded)
    plan, stored = plan_of(loaded, folder), StoredRuns(folder)
    counts = status_counts(plan, stored)
    total, size = sum(counts.values()), f"size {plan.size}, {plan.replicates} replicates, in {folder}."
    found = {"folder": str(folder), "total": total, **plan.about, "runs": counts, "notes": stored.notes}
    tell(found, "\n".join([*stored.notes, f"{tally(counts)}; {size}"]), as_json=as_json)


@experiment.command("analyse")
@_study
@shared.runs_option
@_altered
@click.option("--force", is_flag=True, help="Write beside files in the folder analysis that are not ours.")
@click.option("--quiet", is_flag=True, help="Print no findings.")
def analyse(study: str, out: Path | None, altered: bool, force: bool, quiet: bool) -> None:
    """Analyse what there is of the study FILE: tables, charts and a page of sentences. Nothing is run."""
    from coworksim.runs.study_run import Study

    _tell(Study.load(out, study, altered=altered), force, quiet)


@experiment.command("export")
@_study
@shared.runs_option
@click.option(
    "--to",
    type=shared.FILE,
    required=True,
    metavar="TABLE",
    help="File to write, .csv or .parquet: one row a run, with inputs and outcomes.",
)
@_altered
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def export(study: str, out: Path | None, to: Path, altered: bool, force: bool) -> None:
    """Write the runs of the study FILE as one table."""
    from coworksim.files.checked_folder import marked
    from coworksim.report.study_files import export_runs
    from coworksim.runs.study_run import Study

    shared.check_new(to, force, "--to", ".csv", ".parquet")
    found = Study.load(out, study, altered=altered)
    say("\n".join([*marked(found.altered), f"{export_runs(found, to):,} runs: {to}"]))


@click.command()
@click.argument("scenario")
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="NAME=LOW:HIGH",
    help="Parameter to vary, over this range or its own; or GROUP.*. Repeatable.",
)
@click.option("--outcomes", default="all", metavar="NAMES", help="Names with commas between them.")
@click.option("--points", type=click.IntRange(2), help="Values of each parameter, from LOW to HIGH; else size. [3]")
@click.option("--method", default="one_at_a_time", help="Any method of a study file.")
@click.option("--replicates", type=click.IntRange(1), default=8, help="Runs of each point.")
@shared.draws_seed_option
@shared.run_options
def sweep(scenario: str, vary: tuple[str, ...], outcomes: str, points: int | None, **options: Any) -> None:
    """Vary parameters of SCENARIO one at a time, and say what each does to the outcomes."""
    from coworksim.runs.study_reader import quick_study

    names = [name.strip() for name in outcomes.split(",") if name.strip()]
    if points is None and options["method"] == "one_at_a_time":
        points = 3
    design = {key: options[key] for key in ("method", "replicates", "seed")}
    quick, text = quick_study(scenario, vary, names, size=points, **design)
    _run(quick, options, text=text)
