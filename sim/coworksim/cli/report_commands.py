"""``coworksim report``: a comparison as one file that can be read, printed and handed on.

``coworksim pilot``: would a lottery or a phased roll-out find the effect of a policy?
"""

from __future__ import annotations

from pathlib import Path

import click

from coworksim.cli.run_commands import Asked, load, noted, worlds_options
from coworksim.cli.terminal import columns, debug_option, say, say_json, typed


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="File of the report [RESULT.html, beside the folder].")
@click.option(
    "--patterns",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What coworksim patterns wrote, in place of what comes with coworksim.",
)
@click.option(
    "--study", type=click.Path(path_type=Path), metavar="FOLDER", help="A study of sensitivity: shown beside it."
)
@click.option(
    "--pilot", type=click.Path(path_type=Path), metavar="FOLDER", help="What coworksim pilot wrote: shown beside it."
)
@click.option("--pdf", is_flag=True, help="Write a PDF too (needs the packages of requirements-pdf.lock).")
@click.option("--quiet", is_flag=True, help="Print nothing.")
@debug_option
def report(
    result: Path,
    out: Path | None,
    patterns: Path | None,
    study: Path | None,
    pilot: Path | None,
    pdf: bool,
    quiet: bool,
) -> None:
    """Make a report of RESULT, the folder of ``coworksim compare``: one HTML file that needs no network."""
    from coworksim.appraisal.result import Appraisal
    from coworksim.runs.parts import write_whole

    if pdf:
        _check_pdf()
    target = out or result.with_name(f"{result.resolve().name}.html")
    if target.is_dir():
        raise click.UsageError(f"{target} is a folder; give the name of a file")
    if target.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"{target} does not end in .html; give a name that does")
    page = Appraisal.load(result).report(target, patterns=patterns, study=study, pilot=pilot)
    written = [target]
    if pdf:
        written.append(target.with_suffix(".pdf"))
        write_whole(written[1], _as_pdf(page))
    if not quiet:
        for path in written:
            say(f"Report: {path} ({path.stat().st_size / 1e6:.1f} MB)")


def _check_pdf() -> None:
    """Refuse before any work where the extra is missing."""
    from importlib.util import find_spec

    if find_spec("weasyprint") is None:
        from coworksim.files.built_in import install_line

        said = f"--pdf needs weasyprint, which is not installed: {install_line('pdf')}, or print the HTML file"
        raise click.UsageError(said)


def _as_pdf(page: str) -> bytes:
    from weasyprint import HTML

    made: bytes = HTML(string=page).write_pdf()
    return made


def _numbers(_: click.Context, __: click.Parameter, given: str | None) -> tuple[int, ...]:
    """``N,N,...``."""
    if given is None:
        return ()
    parts = [part.strip() for part in given.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        raise click.BadParameter(f"{given!r} is no list of whole numbers; write them with commas, for example 50,100")
    return tuple(int(part) for part in parts)


@click.command()
@click.argument("scenario")
@click.option("--policy", required=True, metavar="NAME_OR_FILE", help="What is piloted, as in coworksim compare.")
@click.option(
    "--design",
    type=click.Choice(["lottery", "phased"]),
    default="lottery",
    show_default=True,
    help="Half of those who apply by lot, or half of the regions by lot first.",
)
@click.option("--people", callback=_numbers, metavar="N,N,...", help="How many are asked [20,40,80,... up to all].")
@click.option("--months", callback=_numbers, metavar="M,M,...", help="Months after the offer of a survey [6].")
@click.option("--response", type=float, default=0.6, show_default=True, help="Share of people asked who answer.")
@click.option(
    "--reliability",
    type=float,
    default=0.6,
    show_default=True,
    help="Share of the variance of answers on skills that is no noise.",
)
@click.option("--start-survey/--no-start-survey", default=None, help="Ask at the start too [phased only].")
@click.option(
    "--window", type=click.IntRange(1, 104), default=8, show_default=True, help="Weeks to apply in [lottery]."
)
@click.option("--replicates", type=click.IntRange(2, 2000), default=20, show_default=True, help="Worlds.")
@click.option("--surveys", type=click.IntRange(1, 1000), default=10, show_default=True, help="Surveys of each world.")
@worlds_options("pilot")
def pilot(
    scenario: str,
    policy: str,
    design: str,
    people: tuple[int, ...],
    months: tuple[int, ...],
    response: float,
    reliability: float,
    start_survey: bool | None,
    window: int,
    replicates: int,
    surveys: int,
    asked: Asked,
) -> None:
    """Simulate a pilot of a policy in SCENARIO as a scheme would see it, and what it would find.

    What is seen is who had a part paid, who was in a space at day 30, and a survey that some answer, with noise.
    """
    loaded = load(scenario, asked.settings)

    from coworksim.appraisal.pilot import MONTHS, about
    from coworksim.appraisal.pilot import pilot as piloted
    from coworksim.files.policy_files import read_arms
    from coworksim.files.result_folder import check_folder
    from coworksim.report.sentences.survey_text import pilot_rows, pilot_sentences
    from coworksim.runs.progress import reporter

    (policies,) = read_arms([policy], loaded).values()
    folder = asked.folder(loaded, "pilot")
    check_folder(folder, force=asked.force)
    with noted(folder) as cache:
        found = piloted(
            loaded,
            policies,
            design,
            people=people,
            months=months or MONTHS,
            response=response,
            reliability=reliability,
            at_start=start_survey,
            window=window,
            surveys=surveys,
            replicates=replicates,
            seed=asked.seed,
            workers=asked.workers,
            progress=None if asked.quiet else reporter(),
            cache=cache,
        )

    from coworksim.appraisal.pilot import write_pilot
    from coworksim.files.folder_content import plain_rows
    from coworksim.files.result_folder import published
    from coworksim.report.charts.survey_charts import write_pilot_chart

    with published(folder, force=asked.force) as staging:
        write_pilot(found, staging, typed())
        write_pilot_chart(found, staging, png=asked.png)
    if asked.as_json:
        tables = {"power": plain_rows(found.power), "needed": plain_rows(found.needed)}
        say_json({**about(found, typed()), "folder": str(folder), **tables})
    elif not asked.quiet:
        say(columns(pilot_rows(found)) + "\n\n" + "\n".join(pilot_sentences(found)) + f"\n\nResults: {folder}")
