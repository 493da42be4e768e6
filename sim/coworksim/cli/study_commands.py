"""``coworksim experiment``: studies, from their file to their findings.

``coworksim sweep``: a few parameters of one scenario, without a study file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.terminal import columns, debug_option, interrupted, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.runs.batch import BatchResult
    from coworksim.runs.run import Options
    from coworksim.runs.study import StudyDesign
    from coworksim.runs.study_run import Study


@click.group()
def experiment() -> None:
    """Run studies: many runs of a scenario, by a design, and what they say together."""


@experiment.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
def list_(as_json: bool) -> None:
    """List the built-in studies and the question that each answers."""
    from coworksim.files.built_in import built_in_studies

    found = built_in_studies()
    if as_json:
        say_json([{"name": one.name, "title": one.title, "question": one.question} for one in found])
    else:
        say(columns([(one.name, one.question) for one in found]))


_OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder of the runs [results/NAME-DIGEST].")


def run_options[F: Callable[..., Any]](command: F) -> F:
    """Add what commands share that do runs."""
    for option in (
        click.option("--workers", type=click.IntRange(1, 1024), default=2, show_default=True, help="Runs at a time."),
        click.option("--executor", metavar="ADDRESS", help="Run on a Dask cluster: dask://host:port."),
        click.option(
            "--deadline", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Longest time of one run."
        ),
        click.option(
            "--memory", type=click.FloatRange(0, min_open=True), metavar="MB", help="Most memory of one worker."
        ),
        click.option(
            "--force", is_flag=True, help="Add to a folder of another study or other code; its manifest says so."
        ),
        click.option("--retry", is_flag=True, help="Do failed and invalid runs again."),
        click.option("--quiet", is_flag=True, help="Print neither progress nor findings."),
        debug_option,
        _OUT,
    ):
        command = option(command)
    return command


def options_of(given: dict[str, Any]) -> Any:
    """Return how the runs are to be done, and in which folder, as keywords of the functions that do them."""
    from coworksim.runs.engines import engine
    from coworksim.runs.progress import reporter

    address, quiet = given["executor"], given["quiet"]
    options: Options = {
        "workers": given["workers"],
        "executor": engine(address) if address else None,
        "deadline_seconds": given["deadline"],
        "memory_limit_mb": given["memory"],
        "progress": None if quiet else reporter(),
        "forecast": None if quiet else _forecast,
        "stop": threading.Event(),
        "force": given["force"],
        "retry": given["retry"],
        "command": typed(),
    }
    return {**options, "folder": given["out"]}


def _forecast(forecast: object) -> None:
    click.echo(f"\r{forecast}", err=True)


def end_if_stopped(batch: BatchResult) -> None:
    """End a command that was interrupted: say what is saved, and how to go on."""
    from coworksim.files.errors import printable
    from coworksim.report.study_files import tally

    if batch.complete:
        return
    again = " ".join(str(word) for word in typed())
    text = f"Stopped. {tally(batch.counts)}; they are saved in {batch.folder}.\nGo on with: {again}"
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=True)
    click.get_current_context().exit(interrupted())


_NARROW = click.option(
    "--narrow",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="HALF-WIDTH",
    help="Double the size until the interval of each share of variance is no wider than twice this.",
)
_SERIES = click.option(
    "--series", type=click.IntRange(1), metavar="WEEKS", help="Keep series, a row every WEEKS weeks."
)


@experiment.command("run")
@click.argument("study", metavar="FILE")
@_NARROW
@_SERIES
@run_options
def run(study: str, narrow: float | None, series: int | None, **options: Any) -> None:
    """Run the study FILE, a path or the name of a built-in one, and say what it found.

    Run the same command again to resume; nothing is run twice. Ctrl-C finishes and saves what is in flight.
    """
    _run(study, options, narrow=narrow, series=series)


@experiment.command("resume")
@click.argument("study", metavar="FILE")
@_NARROW
@run_options
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

    found = run_study(study, **options_of(options), **more)
    end_if_stopped(found)
    _tell(found, force=options["force"], quiet=options["quiet"])


def _tell(found: Study, *, force: bool, quiet: bool) -> None:
    """Write the findings beside the runs, and print them."""
    from coworksim.report.study_files import findings, tally, write_study

    folder = write_study(found, found.folder / "analysis", force=force)
    if quiet:
        return
    said = [*found.notes, f"{tally(found.counts)}.", "", *findings(found)]
    say(
        "\n".join(
            [*said, "", f"Runs: {found.folder}", f"Tables, charts, findings: {folder}", f"Digest: {found.digest}"]
        )
    )


@experiment.command("status")
@click.argument("study", metavar="FILE")
@_OUT
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@debug_option
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
    if as_json:
        total = sum(counts.values())
        say_json({"folder": str(folder), "total": total, **plan.about, "runs": counts, "notes": stored.notes})
    else:
        say(
            "\n".join([*stored.notes, f"{tally(counts)}; size {plan.size}, {plan.replicates} replicates, in {folder}."])
        )


@experiment.command("analyse")
@click.argument("study", metavar="FILE")
@_OUT
@click.option("--force", is_flag=True, help="Write beside files in the folder analysis that are not ours.")
@click.option("--quiet", is_flag=True, help="Print no findings.")
@debug_option
def analyse(study: str, out: Path | None, force: bool, quiet: bool) -> None:
    """Analyse what there is of the study FILE: tables, charts and a page of sentences. Nothing is run."""
    from coworksim.runs.study_run import Study

    _tell(Study.load(out, study), force=force, quiet=quiet)


@experiment.command("export")
@click.argument("study", metavar="FILE")
@_OUT
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="TABLE",
    help="File to write, .csv or .parquet: one row a run, with inputs and outcomes.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@debug_option
def export(study: str, out: Path | None, to: Path, force: bool) -> None:
    """Write the runs of the study FILE as one table."""
    from coworksim.report.study_files import export_runs
    from coworksim.runs.study_run import Study

    if to.suffix not in (".csv", ".parquet"):
        raise click.BadParameter(f"{str(to)!r} does not end in .csv or .parquet", param_hint="--to")
    if to.exists() and not force:
        raise click.BadParameter(f"{str(to)!r} exists; give another name, or --force", param_hint="--to")
    say(f"{export_runs(Study.load(out, study), to):,} runs: {to}")


@click.command()
@click.argument("scenario")
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="NAME=LOW:HIGH",
    help="Parameter to vary, over this range or its own; or GROUP.*. Repeatable.",
)
@click.option("--outcomes", default="all", metavar="NAMES", help="Names with commas between them [all].")
@click.option("--points", type=click.IntRange(2), help="Values of each parameter, from LOW to HIGH; else size. [3]")
@click.option("--method", default="one_at_a_time", show_default=True, help="Any method of a study file.")
@click.option("--replicates", type=click.IntRange(1), default=8, show_default=True, help="Runs of each point.")
@click.option(
    "--seed", type=click.IntRange(0, 2**62), default=1, show_default=True, help="Number that fixes all draws."
)
@run_options
def sweep(
    scenario: str,
    vary: tuple[str, ...],
    outcomes: str,
    points: int | None,
    method: str,
    replicates: int,
    seed: int,
    **options: Any,
) -> None:
    """Vary parameters of SCENARIO one at a time, and say what each does to the outcomes."""
    from coworksim.runs.study_reader import quick_study

    names = [name.strip() for name in outcomes.split(",") if name.strip()]
    if points is None and method == "one_at_a_time":
        points = 3
    study, text = quick_study(scenario, vary, names, method=method, size=points, replicates=replicates, seed=seed)
    _run(study, options, text=text)
