"""``colearn calibration``: a run against the figures that it should come near to."""

from __future__ import annotations

from typing import Any

import click

from colearn.cli.failures import debug_option
from colearn.cli.run import load, settings_option, simulated
from colearn.cli.terminal import say, say_json

__all__ = ["calibration"]


@click.command()
@click.argument("scenario")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@debug_option
def calibration(scenario: str, seed: int | None, settings: dict[str, Any], as_json: bool) -> None:
    """Run SCENARIO and set what it came to against the calibration targets."""
    if seed is not None and "seed" in settings:
        raise click.UsageError("seed is given both by --seed and by --set; give it once")
    loaded = load(scenario, settings if seed is None else {**settings, "seed": seed})

    from colearn.observe.calibration import EARLIER, calibrate
    from colearn.report.calibration import calibration_json, calibration_text

    found = calibrate(simulated(loaded, quiet=False, events=True, earlier=EARLIER))
    if as_json:
        say_json(calibration_json(found))
    else:
        say(calibration_text(found))
