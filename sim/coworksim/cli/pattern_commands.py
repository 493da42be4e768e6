"""``coworksim patterns``: which of the patterns a survey reported the model shows, and what they hinge on.

``coworksim ablate``: every pattern with each mechanism switched off in turn.

``coworksim contrast``: two rival forms of one idea beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.run_commands import settings_option
from coworksim.cli.study_commands import end_if_stopped, options_of, run_options
from coworksim.cli.terminal import columns, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.evidence.patterns.pattern_runs import PatternResult
    from coworksim.runs.batch import BatchResult


type _Told = Callable[[Any], Sequence[Any]]


def _tell(
    found: PatternResult,
    write: Callable[..., Path],
    rows: _Told,
    sentences: _Told,
    as_json: Callable[[Any], dict[str, Any]] | None,
    options: dict[str, Any],
    png: bool,
) -> None:
    """Write the findings beside the runs, and print them, as JSON where there is something that makes it."""
    end_if_stopped(found.batch)
    batch = found.batch
    folder = write(found, batch.folder / "analysis", command=typed(), png=png, force=options["force"])
    if as_json is not None:
        say_json(as_json(found))
    elif not options["quiet"]:
        say(columns(rows(found)))
        say("\n" + "\n".join([*sentences(found), *_failures(batch)]))
        say(f"\nRuns: {batch.folder}\nTables, charts, findings: {folder}\nDigest: {batch.digest}")


def _failures(batch: BatchResult) -> list[str]:
    """Return sentences about runs that failed, and about the folder."""
    failed = batch.runs[~batch.runs["status"].isin(["done", "missing"])]
    errors = failed["error"].value_counts().head(3)
    return [*(f"{count} runs failed: {error}." for error, count in errors.items()), *batch.notes]


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
    beside worlds in which they should vanish. Run the same command again to resume.
    """
    from coworksim.evidence.patterns.patterns import run_patterns
    from coworksim.report.charts.pattern_charts import write_patterns
    from coworksim.report.sentences.pattern_text import pattern_rows, pattern_sentences, plain_tables

    found = run_patterns(
        scenario, settings, seed, draws=draws, replicates=replicates, decompose=decompose, **options_of(options)
    )
    made = plain_tables if as_json else None
    _tell(found, write_patterns, pattern_rows, pattern_sentences, made, options, png)


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

    What carries which pattern, and what it can do without. Run the same command again to resume.
    """
    from coworksim.evidence.patterns.ablation import run_ablation
    from coworksim.report.charts.pattern_charts import write_patterns
    from coworksim.report.sentences.pattern_text import ablation_json, ablation_rows, ablation_sentences

    found = run_ablation(scenario, settings, seed, replicates=replicates, **options_of(options))
    made = ablation_json if as_json else None
    _tell(found, write_patterns, ablation_rows, ablation_sentences, made, options, png)


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
    from coworksim.evidence.patterns.hypotheses import run_contrast
    from coworksim.evidence.patterns.variants import HYPOTHESES
    from coworksim.report.charts.pattern_charts import write_patterns
    from coworksim.report.sentences.pattern_text import contrast_json, contrast_rows, contrast_sentences

    if one is None:
        say(columns([(each.name, each.says) for each in HYPOTHESES.values()]))
        return
    if other is None:
        raise click.UsageError(f"{one} stands alone; name the form to set beside it (coworksim contrast lists them)")
    found = run_contrast((one, other), scenario, settings, seed, draws=draws, **options_of(options))
    made = contrast_json if as_json else None
    _tell(found, write_patterns, contrast_rows, contrast_sentences, made, options, png)
