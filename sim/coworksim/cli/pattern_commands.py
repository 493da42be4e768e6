"""``coworksim patterns``: which of the patterns a survey reported the model shows, and what they hinge on.

``coworksim ablate``: every pattern with each mechanism switched off in turn.

``coworksim contrast``: two rival forms of one idea beside each other.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.run_commands import settings_option
from coworksim.cli.study_commands import run_options
from coworksim.cli.terminal import INTERRUPTED, columns, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.runs.batch import Held, Limits

__all__ = ["ablate", "contrast", "end_if_stopped", "folder_options", "limits_of", "patterns", "tell_failures"]


def folder_options(options: dict[str, Any]) -> tuple[Path | None, bool]:
    """Return the folder that was asked for, and whether to be quiet."""
    out: Path | None = options["out"]
    return out, bool(options["quiet"])


def limits_of(options: dict[str, Any]) -> Limits:
    """Return how the runs are to be done."""
    from coworksim.runs.batch import Limits
    from coworksim.runs.engines import engine
    from coworksim.runs.progress import reporter

    address = options["executor"]
    return Limits(
        workers=options["workers"],
        executor=engine(address) if address else None,
        deadline_seconds=options["deadline"],
        memory_limit_mb=options["memory"],
        progress=None if options["quiet"] else reporter(),
        stop=threading.Event(),
        force=options["force"],
        command=typed(),
    )


def end_if_stopped(held: Held) -> None:
    """End a command that was interrupted: say what is saved, and how to go on."""
    from coworksim.files.errors import printable
    from coworksim.report.study_files import tally

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
    "--decompose",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    metavar="N",
    help="Replicates of E3 taken apart by field (57 worlds each); 0 leaves it out.",
)
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
    from coworksim.evidence.patterns.patterns import Asked, patterns_batch, run_patterns
    from coworksim.report.sentences.pattern_text import pattern_rows, pattern_sentences, plain_tables, write_patterns

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


@click.command()
@click.argument("scenario")
@click.option("--replicates", type=click.IntRange(1, 1000), default=10, show_default=True, help="Runs of each world.")
@click.option("--seed", type=click.IntRange(0, 2**62), default=1, show_default=True, help="Fixes all draws.")
@settings_option
@click.option("--png", is_flag=True, help="Write the chart as PNG too.")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@run_options
def ablate(
    scenario: str,
    replicates: int,
    seed: int,
    settings: dict[str, str],
    png: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Measure the patterns in SCENARIO with each mechanism off in turn, and with chosen pairs off.

    What carries which pattern, and what it can do without. The same command goes on after any stop.
    """
    from coworksim.evidence.patterns.ablation import ablation_batch, run_ablation
    from coworksim.report.sentences.ablation_text import (
        ablation_json,
        ablation_rows,
        ablation_sentences,
        write_ablation,
    )

    batch = ablation_batch(scenario, settings, seed)
    out, quiet = folder_options(options)
    found = run_ablation(batch, replicates, out, limits_of(options))
    end_if_stopped(found.held)
    folder = write_ablation(found, found.held.folder / "analysis", command=typed(), png=png, force=options["force"])
    if as_json:
        say_json(ablation_json(found))
    elif not quiet:
        say(columns(ablation_rows(found)))
        say("\n" + "\n".join([*ablation_sentences(found), *tell_failures(found.held)]))
        say(f"\nRuns: {found.held.folder}\nTable, chart, findings: {folder}\nDigest: {found.held.digest}")


@click.command()
@click.argument("one", metavar="A", required=False)
@click.argument("other", metavar="B", required=False)
@click.option("--scenario", default="patterns", show_default=True, help="Where: a built-in name or a file.")
@click.option("--draws", type=click.IntRange(20, 2**17), default=64, show_default=True, help="Untuned draws.")
@click.option("--seed", type=click.IntRange(0, 2**62), default=1, show_default=True, help="Fixes all draws.")
@settings_option
@click.option("--png", is_flag=True, help="Write the chart as PNG too.")
@click.option("--json", "as_json", is_flag=True, help="Print the tables as JSON.")
@run_options
def contrast(
    one: str | None,
    other: str | None,
    scenario: str,
    draws: int,
    seed: int,
    settings: dict[str, str],
    png: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Set two rival forms, A and B, beside each other: which patterns each fits, and how a survey could tell.

    Without A and B: list the forms. All else is drawn from its range, the same in both worlds.
    """
    from coworksim.evidence.patterns.hypotheses import contrast_batch, rival, run_contrast
    from coworksim.evidence.patterns.variants import RIVALS
    from coworksim.report.sentences.hypotheses_text import (
        contrast_json,
        contrast_rows,
        contrast_sentences,
        write_contrast,
    )

    if one is None:
        say(columns([(form.name, form.says) for form in RIVALS.values()]))
        return
    if other is None:
        raise click.UsageError(f"{one} stands alone; name the form to set beside it (coworksim contrast lists them)")
    forms = rival(one), rival(other)
    batch = contrast_batch(scenario, *forms, settings, seed)
    out, quiet = folder_options(options)
    found = run_contrast(batch, *forms, draws, out, limits_of(options))
    end_if_stopped(found.held)
    folder = write_contrast(found, found.held.folder / "analysis", command=typed(), png=png, force=options["force"])
    if as_json:
        say_json(contrast_json(found))
    elif not quiet:
        say(columns(contrast_rows(found)))
        say("\n" + "\n".join([*contrast_sentences(found), *tell_failures(found.held)]))
        say(f"\nRuns: {found.held.folder}\nTables, chart, findings: {folder}\nDigest: {found.held.digest}")
