"""The commands: each parses, calls one public function and prints.

Exit codes: 0 done, 1 a fault in coworksim or in its runs, 2 bad input, 3 refused by the machine, 4 folder in use,
130 interrupted.

Commands import what is heavy (the model, pandas, matplotlib) inside their functions, so that help is there at once.
"""

import sys
from io import TextIOWrapper

import click

from coworksim.cli.appraisal_commands import check, compare, pilot, report
from coworksim.cli.cache_command import cache
from coworksim.cli.describe_commands import describe, odd
from coworksim.cli.evidence_commands import ablate, calibration, contrast, patterns, survey
from coworksim.cli.machine_commands import app, demo, doctor, warm
from coworksim.cli.map_command import map_
from coworksim.cli.run_commands import run, scan, trace
from coworksim.cli.scenario_commands import regions, scenario, schema, validate
from coworksim.cli.study_commands import experiment, sweep
from coworksim.cli.table_commands import table
from coworksim.cli.terminal import Commands, add_common, check_memory

__all__ = ["commands", "main"]


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from coworksim.files.provenance import version_line

        click.echo(f"coworksim {version_line()}")
        context.exit(0)


_HELP = """Simulate how coworking spaces teach the people who work in them.

\b
coworksim app                    a page on this machine: ask and look
coworksim demo                   two regions, three years, tables and two charts
coworksim run uk-left-behind     one scenario
coworksim trace uk-left-behind   one person of it, week by week
coworksim experiment list        studies: many runs, and what they say together
coworksim compare uk-voucher     policies beside the same world without them
coworksim report RESULT          a comparison as one HTML file
coworksim map --indicator NAME   a map of the 179 regions
coworksim describe               every parameter: unit, default, range, source

\b
Exit codes: 0 done; 1 a fault, or runs that failed; 2 bad input; 3 full disk, folder that cannot be written,
too little memory; 4 folder in use by another process; 130 interrupted.
"""
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110, "show_default": True}


@click.group(cls=Commands, help=_HELP, context_settings=_SETTINGS)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def commands() -> None:
    """Simulate how coworking spaces teach the people who work in them."""


_RUNNING = (run, demo, experiment, sweep, compare, pilot, survey, patterns, ablate, contrast, trace, scan, calibration)
_READING = (report, app, cache, check, regions, scenario, map_, table, validate, describe, odd, schema, doctor, warm)
for _command in (*_RUNNING, report, app, cache, warm):
    check_memory(_command)
for _command in (*_RUNNING, *_READING):
    add_common(_command)
    commands.add_command(_command)


def main() -> None:
    """Entry point of the command line; signs that the terminal cannot show are escaped rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    commands.main(prog_name="coworksim")
