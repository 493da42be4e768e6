"""``colearn sweep``: a few quantities of one scenario, without a study file."""

from __future__ import annotations

from typing import Any

import click

from colearn.cli.experiment import run_options, run_study

__all__ = ["sweep"]


@click.command()
@click.argument("scenario")
@click.option(
    "--vary", multiple=True, required=True, metavar="NAME=LOW:HIGH",
    help="Quantity to vary, over this range or its own; or GROUP.*. Repeatable.",
)  # fmt: skip
@click.option("--outcomes", default="all", metavar="NAMES", help="Names with commas between them [all].")
@click.option("--points", type=click.IntRange(2), help="Values of each quantity, from LOW to HIGH; else size. [3]")
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
    """Vary quantities of SCENARIO one at a time, and say what each does to the outcomes."""
    from colearn.experiments.quick import quick_study

    names = [name.strip() for name in outcomes.split(",") if name.strip()]
    if points is None and method == "one_at_a_time":
        points = 3
    quick = quick_study(scenario, vary, names, method=method, size=points, replicates=replicates, seed=seed)
    run_study(quick.study, "", text=quick.text, **options)
