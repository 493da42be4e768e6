"""``colearn calibration``: a run against the figures that it should come near to."""

from __future__ import annotations

from typing import Any

import click

from colearn.cli.failures import debug_option
from colearn.cli.run import load, settings_option, simulated
from colearn.cli.terminal import interruptible, say

__all__ = ["calibration"]


@click.command()
@click.argument("scenario")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@settings_option
@debug_option
def calibration(scenario: str, seed: int | None, settings: dict[str, Any]) -> None:
    """Run SCENARIO and set what it came to against the calibration targets.

    The run is made twice: what people did in its last weeks is read off the second one.
    """
    if seed is not None and "seed" in settings:
        raise click.UsageError("seed is given both by --seed and by --set; give it once")
    loaded = load(scenario, settings if seed is None else {**settings, "seed": seed})
    result = simulated(loaded, quiet=False, events=True)

    from colearn.observe.calibration import calibrate
    from colearn.report.calibration import calibration_text

    with interruptible() as check:
        found = calibrate(result, check)
    say(calibration_text(found))
