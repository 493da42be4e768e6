"""``colearn ablate``: every pattern with each mechanism switched off in turn."""

from __future__ import annotations

from typing import Any

import click

from colearn.cli.experiment import run_options
from colearn.cli.failures import typed
from colearn.cli.patterns import end_if_stopped, folder_options, limits_of, tell_failures
from colearn.cli.run import settings_option
from colearn.cli.terminal import columns, say, say_json

__all__ = ["ablate"]


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
    from colearn.experiments.patterns.ablation import ablation_batch, run_ablation
    from colearn.report.ablation import ablation_json, ablation_rows, ablation_sentences, write_ablation

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
