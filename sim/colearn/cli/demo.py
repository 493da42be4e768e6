"""``colearn demo``: a left-behind and a core region over the same years, with tables, two charts and the findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from colearn.cli.failures import debug_option, typed
from colearn.cli.run import load, simulated
from colearn.cli.terminal import columns, say

if TYPE_CHECKING:
    from colearn.observe.results import Result

__all__ = ["demo"]

_SCENARIOS: Final = ("uk-left-behind", "uk-core")
_CALIBRATED: Final = _SCENARIOS[0]
_FEW_SPACES: Final = (
    "Beside what is known of coworking spaces in the UK. Values were set on 161 spaces in 74 regions: what counts is",
    "colearn calibration uk-74-regions. One region with four spaces, below, may well lie elsewhere.",
)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("results", "demo"),
    show_default=True,
    help="Folder of the results.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Number that fixes every random draw.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files; these stay.")
@click.option("--quiet", is_flag=True, help="Print neither progress nor findings.")
@debug_option
def demo(out: Path, seed: int | None, force: bool, quiet: bool) -> None:
    """Run a left-behind and a core region for three years and draw what happens."""
    from colearn.observe.folders import check_folder, published
    from colearn.report.findings import CAVEATS, findings

    check_folder(out, force=force)
    results = [_lived(name, seed, quiet=quiet) for name in _SCENARIOS]
    with published(out, force=force) as staging:
        _write([replace(result, log=None) for result in results], staging, typed())
    if not quiet:
        say("\n".join([*_calibration(results), columns(findings(results)), "", *CAVEATS]))
        say("\nNext, a question of your own on a page: colearn app (in this folder: .venv/bin/colearn app)")
        say(f"Tables and two charts: {out}")


def _lived(name: str, seed: int | None, *, quiet: bool) -> Result:
    """Run a scenario, with what calibration reads where that is wanted."""
    from colearn.observe.calibration import EARLIER

    scenario = load(name, {} if seed is None else {"seed": seed})
    if name != _CALIBRATED:
        return simulated(scenario, quiet=quiet)
    return simulated(scenario, quiet=quiet, events=True, earlier=EARLIER)


def _calibration(results: Sequence[Result]) -> list[str]:
    """Say how near the first region comes to what is known of coworking spaces."""
    from colearn.observe.calibration import calibrate
    from colearn.report.calibration import calibration_text

    tables = [calibration_text(calibrate(result)) for result in results if result.log is not None]
    return [*_FEW_SPACES, *(text for table in tables for text in ("", table)), ""]


def _write(results: Sequence[Result], folder: Path, command: list[str]) -> None:
    from colearn.observe.folders import MANIFEST, write_json
    from colearn.observe.saving import write_result
    from colearn.report.charts import write_charts

    for result in results:
        inner = folder / result.scenario.name
        inner.mkdir()
        write_result(result, inner, command=command)
    write_charts(results, folder, png=True)
    about = {result.scenario.name: result.digest for result in results}
    write_json(folder / MANIFEST, {"command": command, "result_digests": about})
