"""``colearn patterns``: which of the patterns a survey reported the model shows, and what they hinge on."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from colearn.cli.experiment import run_options
from colearn.cli.failures import INTERRUPTED, typed
from colearn.cli.run import settings_option
from colearn.cli.terminal import columns, say, say_json

if TYPE_CHECKING:
    from colearn.experiments.batch import Held, Limits

__all__ = ["end_if_stopped", "folder_options", "limits_of", "patterns", "tell_failures"]


def folder_options(options: dict[str, Any]) -> tuple[Path | None, bool]:
    """Return the folder that was asked for, and whether to be quiet."""
    out: Path | None = options["out"]
    return out, bool(options["quiet"])


def limits_of(options: dict[str, Any]) -> Limits:
    """Return how the runs are to be done."""
    from colearn.experiments.batch import Limits
    from colearn.experiments.engines import engine
    from colearn.experiments.progress import reporter

    address = options["executor"]
    return Limits(
        workers=options["workers"], executor=engine(address) if address else None,
        deadline_seconds=options["deadline"], memory_limit_mb=options["memory"],
        progress=None if options["quiet"] else reporter(), stop=threading.Event(), force=options["force"],
        command=typed(),
    )  # fmt: skip


def end_if_stopped(held: Held) -> None:
    """End a command that was interrupted: say what is saved, and how to go on."""
    from colearn.report.experiment import tally
    from colearn.scenario.problems import printable

    if held.complete:
        return
    again = " ".join(str(word) for word in typed())
    text = f"Stopped. {tally(held.counts)}; they are saved in {held.folder}.\nGo on with: {again}"
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=True)
    click.get_current_context().exit(INTERRUPTED)


def tell_failures(held: Held) -> list[str]:
    """Return sentences about runs that failed, and about the folder."""
    failed = held.runs[~held.runs["status"].isin(["done", "missing"])]
    errors = failed["error"].value_counts().head(3)
    return [*(f"{count} runs failed: {error}." for error, count in errors.items()), *held.notes]


@click.command()
@click.argument("scenario")
@click.option(
    "--draws", type=click.IntRange(0, 2**17), default=64, show_default=True, help="Untuned draws from the ranges."
)
@click.option(
    "--replicates", type=click.IntRange(0, 1000), default=10, show_default=True, help="Runs at the scenario's values."
)
@click.option(
    "--decompose", type=click.IntRange(0, 1000), default=10, show_default=True, metavar="N",
    help="Replicates of E3 taken apart by field (57 worlds each); 0 leaves it out.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**62), default=1, show_default=True, help="Fixes all draws.")
@settings_option
@click.option("--png", is_flag=True, help="Write the charts as PNG too.")
@click.option("--json", "as_json", is_flag=True, help="Print the tables as JSON.")
@run_options
def patterns(
    scenario: str,
    draws: int,
    replicates: int,
    decompose: int,
    seed: int,
    settings: dict[str, str],
    png: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Measure in SCENARIO the patterns that a survey of coworking spaces reported.

    Shares of runs that show each, in the space and in total: at the scenario's own values, and over untuned draws;
    beside worlds in which they should vanish. The same command goes on after any stop.
    """
    from colearn.experiments.patterns.study import Asked, patterns_batch, run_patterns
    from colearn.report.patterns import pattern_rows, pattern_sentences, plain_tables, write_patterns

    batch = patterns_batch(scenario, settings, seed)
    out, quiet = folder_options(options)
    found = run_patterns(batch, Asked(draws, replicates, decompose), out, limits_of(options))
    end_if_stopped(found.held)
    folder = write_patterns(found, found.held.folder / "analysis", command=typed(), png=png, force=options["force"])
    if as_json:
        say_json(plain_tables(found))
    elif not quiet:
        say(columns(pattern_rows(found)))
        say("\n" + "\n".join([*pattern_sentences(found), *tell_failures(found.held)]))
        say(f"\nRuns: {found.held.folder}\nTables, charts, findings: {folder}\nDigest: {found.held.digest}")
