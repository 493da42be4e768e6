"""The command ``colearn``. Exit codes: 0 done, 1 internal failure, 2 bad input, 130 interrupted.

Commands import what is heavy (the model, pandas, matplotlib) inside their functions, so that help is there at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from colearn.cli.ablate import ablate
from colearn.cli.app import app
from colearn.cli.calibration import calibration
from colearn.cli.check import check
from colearn.cli.compare import compare
from colearn.cli.contrast import contrast
from colearn.cli.demo import demo
from colearn.cli.describe import describe
from colearn.cli.doctor import doctor
from colearn.cli.experiment import experiment
from colearn.cli.failures import Commands
from colearn.cli.odd import odd
from colearn.cli.patterns import patterns
from colearn.cli.pilot import pilot
from colearn.cli.regions import regions
from colearn.cli.report import report
from colearn.cli.run import run
from colearn.cli.scenarios import scenario, schema, validate
from colearn.cli.survey import survey
from colearn.cli.sweep import sweep
from colearn.cli.trace import scan, trace

__all__ = ["commands", "main"]


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from colearn.observe.provenance import code_version, own_version

        click.echo(f"colearn {own_version()} (code {code_version()[:12]})")
        context.exit(0)


_HELP = """Simulate how coworking spaces teach the people who work in them.

\b
colearn app                    a page on this machine: ask and look
colearn demo                   two regions, three years, tables and two charts
colearn run uk-left-behind     one scenario
colearn trace uk-left-behind   one person of it, week by week
colearn experiment list        studies: many runs, and what they say together
colearn compare uk-voucher     policies beside the same world without them
colearn report RESULT          a comparison as one HTML file
colearn describe               every quantity: unit, default, range, source
"""


@click.group(
    cls=Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def commands() -> None:
    """Simulate how coworking spaces teach the people who work in them."""


for _command in (
    run, compare, report, app, check, pilot, demo, experiment, sweep, survey, patterns, ablate, contrast, trace,
    scan, calibration, regions, scenario, validate, describe, odd, schema, doctor,
):  # fmt: skip
    commands.add_command(_command)


def main() -> None:
    """Entry point of the command line; signs that the terminal cannot show are escaped rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    commands.main(prog_name="colearn")
