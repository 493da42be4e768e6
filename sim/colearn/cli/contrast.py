"""``colearn contrast``: two rival forms of one idea beside each other."""

from __future__ import annotations

from typing import Any

import click

from colearn.cli.experiment import run_options
from colearn.cli.failures import typed
from colearn.cli.patterns import end_if_stopped, folder_options, limits_of, tell_failures
from colearn.cli.run import settings_option
from colearn.cli.terminal import columns, say, say_json

__all__ = ["contrast"]


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
    from colearn.experiments.patterns.forms import RIVALS
    from colearn.experiments.patterns.rivals import contrast_batch, rival, run_contrast
    from colearn.report.rivals import contrast_json, contrast_rows, contrast_sentences, write_contrast

    if one is None:
        say(columns([(form.name, form.says) for form in RIVALS.values()]))
        return
    if other is None:
        raise click.UsageError(f"{one} stands alone; name the form to set beside it (colearn contrast lists them)")
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
