"""``coworksim compare``: policies beside the same world without them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coworksim.cli.run_commands import Asked, load, noted, worlds_options
from coworksim.cli.terminal import columns, say, say_json, typed

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal


def _tolerance(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    """``term=half-width`` pairs."""
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            sign = ""
        if not sign:
            write = "write TERM=HALFWIDTH, for example additional_member_months=5"
            raise click.BadParameter(f"{text!r} is no term with a number; {write}")
    return found


@click.command()
@click.argument("scenario")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME_OR_FILE",
    help="An arm: a file of policies, a policy of the scenario, or as-declared (all of them, the default). Repeatable.",
)
@click.option("--replicates", type=click.IntRange(1, 2000), help="Worlds to compare in [20].")
@click.option(
    "--tolerance",
    multiple=True,
    callback=_tolerance,
    metavar="TERM=HALFWIDTH",
    help="Add worlds until the 95 % interval of a term is as narrow, in each arm. Repeatable.",
)
@click.option(
    "--draws",
    type=click.IntRange(6, 4096),
    help="Draw parameters and laws of learning so many times, and rank the arms (64 is a beginning).",
)
@click.option("--draw-replicates", type=click.IntRange(1, 2000), default=1, show_default=True, help="Worlds of a draw.")
@click.option(
    "--budget", type=click.FloatRange(0, 1e9, min_open=True), metavar="GBP", help="Net public cost of every arm."
)
@click.option(
    "--equalise-cost", is_flag=True, help="Change the size of each arm until its net public cost is --budget."
)
@worlds_options("compare")
def compare(
    scenario: str,
    policies: tuple[str, ...],
    replicates: int | None,
    tolerance: dict[str, float],
    draws: int | None,
    draw_replicates: int,
    budget: float | None,
    equalise_cost: bool,
    asked: Asked,
) -> None:
    """Compare policies in SCENARIO with the same world without them: who gains, at which public cost.

    A file of policies has the question in its first line, after #, and policies: as a scenario has them. Run the
    same command again to resume.
    """
    if equalise_cost and budget is None:
        raise click.UsageError("--equalise-cost needs an amount; write --budget 250000 --equalise-cost")
    if budget is not None and not equalise_cost:
        raise click.UsageError("--budget is for arms of equal cost; write --budget 250000 --equalise-cost")
    loaded = load(scenario, asked.settings)

    from coworksim.appraisal.comparison import compare as compared
    from coworksim.appraisal.comparison import with_network
    from coworksim.files.policy_files import read_arms
    from coworksim.files.result_folder import check_folder
    from coworksim.runs.progress import reporter

    arms = read_arms(policies, loaded)
    folder = asked.folder(loaded, "compare")
    check_folder(folder, force=asked.force)
    with noted(folder) as cache:
        found = compared(
            loaded,
            arms,
            seed=asked.seed_of(loaded),
            replicates=replicates,
            tolerance=tolerance,
            draws=draws or 0,
            draw_replicates=draw_replicates,
            budget=budget,
            workers=asked.workers,
            progress=None if asked.quiet else reporter(),
            cache=cache,
        )
    found = with_network(found)
    found.save(folder, force=asked.force, command=typed(), png=asked.png)
    if asked.as_json:
        say_json({**found.plain(typed()), "folder": str(folder)})
    elif not asked.quiet:
        _tell(found, folder)


def _tell(found: Appraisal, folder: Path) -> None:
    from coworksim.report.sentences.appraisal_text import appraisal_sentences, appraisal_tables
    from coworksim.report.sentences.ranking_text import equalised_sentences, ranking_sentences, ranking_tables

    for line in equalised_sentences(found):
        say(line)
    for title, rows in (*appraisal_tables(found), *ranking_tables(found)):
        say(f"\n{title}\n" + columns(rows))
    say("\n" + "\n".join([*ranking_sentences(found), *appraisal_sentences(found)]))
    say(f"\nResults: {folder}")
