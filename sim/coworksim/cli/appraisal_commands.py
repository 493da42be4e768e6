"""``coworksim compare``, ``report``, ``pilot`` and ``check``: what policies change, and at which public cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.options import PATH, Asked, json_option, load, worlds_options
from coworksim.cli.terminal import columns, interruptible, say, say_json, tell, typed

if TYPE_CHECKING:
    from coworksim.appraisal.cases import Case
    from coworksim.appraisal.cases_check import Verdict


def _tolerance(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    """``term=half-width`` pairs."""
    found = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            write = "write TERM=HALFWIDTH, for example additional_member_months=5"
            raise click.BadParameter(f"{text!r} is no term with a number; {write}") from None
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
@click.option("--draw-replicates", type=click.IntRange(1, 2000), default=1, help="Worlds of a draw.")
@click.option(
    "--budget", type=click.FloatRange(0, 1e9, min_open=True), metavar="GBP", help="Net public cost of every arm."
)
@click.option("--equalise-cost", is_flag=True, help="Resize each arm until its net public cost is --budget.")
@click.option(
    "--rival/--no-rival",
    default=True,
    help="Also show what would remain of awards if people stay members for the other reason: habit, or taste.",
)
@worlds_options("compare")
def compare(
    scenario: str, policies: tuple[str, ...], draws: int | None, equalise_cost: bool, asked: Asked, **options: Any
) -> None:
    """Compare policies in SCENARIO with the same world without them: who gains, at which public cost.

    A file of policies has the question in its first line, after #, and policies: as a scenario has them. Run the
    same command again to resume.
    """
    if equalise_cost and options["budget"] is None:
        raise click.UsageError("--equalise-cost needs an amount; write --budget 250000 --equalise-cost")
    if options["budget"] is not None and not equalise_cost:
        raise click.UsageError("--budget is for arms of equal cost; write --budget 250000 --equalise-cost")
    loaded = load(scenario, asked.settings)

    from coworksim.appraisal.comparison import compare as compared
    from coworksim.appraisal.comparison import with_network
    from coworksim.files.policy_reader import read_arms

    arms = read_arms(policies, loaded)
    with asked.running(loaded, "compare") as (folder, running):
        found = compared(loaded, arms, draws=draws or 0, **options, **running)
    if running["announce"]:
        running["announce"]("The picture of ties: 2 worlds more.")
    found = with_network(found)
    found.save(folder, force=asked.force, command=typed(), png=asked.png)
    if asked.as_json:
        say_json({**found.plain(typed()), "folder": str(folder)})
    elif not asked.quiet:
        from coworksim.report.sentences.appraisal_text import appraisal_sentences, appraisal_tables, baseline
        from coworksim.report.sentences.ranking_text import equalised_sentences, ranking_sentences, ranking_tables
        from coworksim.report.sentences.rival_text import rival_lines, rival_tables

        tables = *appraisal_tables(found), *rival_tables(found), *ranking_tables(found)
        lines = [baseline(found).plain(), *equalised_sentences(found)]
        lines += [f"\n{title}\n{columns(rows)}" for title, rows in tables]
        said = *ranking_sentences(found), *rival_lines(found), *appraisal_sentences(found)
        lines += ["", *said, f"\nResults: {folder}"]
        say("\n".join(lines))


@click.command()
@click.argument("result", type=PATH)
@click.option("--out", type=PATH, help="File of the report [RESULT.html, beside the folder].")
@click.option("--patterns", type=PATH, metavar="FOLDER", help="What coworksim patterns wrote [that of the package].")
@click.option("--study", type=PATH, metavar="FOLDER", help="A study of sensitivity: shown beside it.")
@click.option("--pilot", type=PATH, metavar="FOLDER", help="What coworksim pilot wrote: shown beside it.")
@click.option("--altered", is_flag=True, help="Use folders whose files have changed since; every page then says so.")
@click.option("--pdf", is_flag=True, help="Write a PDF too (needs the packages of requirements-pdf.lock).")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def report(result: Path, out: Path | None, altered: bool, pdf: bool, quiet: bool, **beside: Path | None) -> None:
    """Make a report of RESULT, the folder of ``coworksim compare``: one HTML file that needs no network."""
    from importlib.util import find_spec

    from coworksim.appraisal.result import Appraisal
    from coworksim.files.built_in import install_line
    from coworksim.runs.parts import write_whole

    if pdf and find_spec("weasyprint") is None:  # refused before any work
        needs = f"--pdf needs weasyprint, which is not installed: {install_line('pdf')}, or print the HTML file"
        raise click.UsageError(needs)
    target = out or result.with_name(f"{result.resolve().name}.html")
    if target.is_dir():
        raise click.UsageError(f"{target} is a folder; give the name of a file")
    if target.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"{target} does not end in .html; give a name that does")
    page = _page(Appraisal.load(result, altered=altered), target, altered=altered, **beside)
    written = [target]
    if pdf:
        from weasyprint import HTML

        written.append(target.with_suffix(".pdf"))
        write_whole(written[1], HTML(string=page).write_pdf())
    if not quiet:
        for path in written:
            say(f"Report: {path} ({path.stat().st_size / 1e6:.1f} MB)")


def _page(found: Any, target: Path, **beside: Any) -> str:
    """Make the page. Of altered results anything may be untrue that a page relies on: those are refused."""
    from coworksim.files.errors import InputError
    from coworksim.files.result_folder import refuse

    try:
        return str(found.report(target, **beside))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if not beside["altered"] or isinstance(error, InputError):
            raise
        refuse(target, f"no report can be made of results that are so altered ({type(error).__name__})", "undo that")


def _numbers(_: click.Context, __: click.Parameter, given: str | None) -> tuple[int, ...]:
    """``N,N,...``."""
    parts = [part.strip() for part in given.split(",")] if given is not None else []
    if not all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        raise click.BadParameter(
            f"{given!r} is not a list of whole numbers; write them with commas, for example 50,100"
        )
    return tuple(int(part) for part in parts)


@click.command()
@click.argument("scenario")
@click.option("--policy", required=True, metavar="NAME_OR_FILE", help="What is piloted, as in coworksim compare.")
@click.option(
    "--design",
    type=click.Choice(["lottery", "phased"]),
    default="lottery",
    help="Half of those who apply by lot, or half of the regions by lot first.",
)
@click.option("--people", callback=_numbers, metavar="N,N,...", help="How many are asked [20,40,80,... up to all].")
@click.option("--months", callback=_numbers, metavar="M,M,...", help="Months after the offer of a survey [6].")
@click.option("--response", type=float, default=0.6, help="Share of people asked who answer.")
@click.option("--reliability", type=float, default=0.6, help="Share of variance of answers on skills that is no noise.")
@click.option("--start-survey/--no-start-survey", "at_start", default=None, help="Ask at the start too [phased only].")
@click.option("--window", type=click.IntRange(1, 104), default=8, help="Weeks to apply in [lottery].")
@click.option("--replicates", type=click.IntRange(2, 2000), default=20, help="Worlds.")
@click.option("--surveys", type=click.IntRange(1, 1000), default=10, help="Surveys of each world.")
@worlds_options("pilot")
def pilot(scenario: str, policy: str, months: tuple[int, ...], asked: Asked, **options: Any) -> None:
    """Simulate a pilot of a policy in SCENARIO as a scheme would see it, and what it would find.

    What is seen is who had a part paid, who was in a space at day 30, and a survey that some answer, with noise.
    """
    loaded = load(scenario, asked.settings)

    from coworksim.appraisal.pilot import MONTHS, about, write_pilot
    from coworksim.appraisal.pilot import pilot as piloted
    from coworksim.files.policy_reader import read_arms
    from coworksim.report.sentences.survey_text import pilot_rows, pilot_sentences

    (policies,) = read_arms([policy], loaded).values()
    with asked.running(loaded, "pilot") as (folder, running):
        found = piloted(loaded, policies, months=months or MONTHS, **options, **running)

    from coworksim.files.result_folder import plain_rows, published
    from coworksim.report.charts.survey_charts import write_pilot_chart

    with published(folder, force=asked.force) as staging:
        write_pilot(found, staging, typed())
        write_pilot_chart(found, staging, png=asked.png)
    tables = {"power": plain_rows(found.power), "needed": plain_rows(found.needed)}
    text = columns(pilot_rows(found)) + "\n\n" + "\n".join(pilot_sentences(found)) + f"\n\nResults: {folder}"
    plain = {**about(found, typed()), "folder": str(folder), **tables}
    tell(plain, text, as_json=asked.as_json, quiet=asked.quiet)


@click.command()
@click.argument("cases", nargs=-1, required=True)
@json_option
@click.pass_context
def check(context: click.Context, cases: tuple[str, ...], as_json: bool) -> None:
    """Check CASES: files with a world, policies and what is expected of them, or folders of such files.

    Exit code 0: every statement holds; 1: some do not; 2: a file cannot be read as a case.
    """
    from coworksim.appraisal.cases import read_cases
    from coworksim.appraisal.cases_check import check_case, will_check

    found: list[tuple[Case, list[Verdict]]] = []
    read = read_cases(cases)
    if not as_json:
        say(will_check(read), err=True)
    with interruptible() as interrupted:
        for case in read:
            interrupted()
            found.append((case, check_case(case)))
            if not as_json:
                say("\n".join(_lines(*found[-1])))
    held = sum(all(one.holds for one in verdicts) for _, verdicts in found)
    if as_json:
        say_json({"cases": [_plain(*one) for one in found], "hold": held, "of": len(found)})
    else:
        good = [one.holds for _, verdicts in found for one in verdicts]
        say(f"\n{held} of {len(found)} cases hold, {sum(good)} of {len(good)} statements.")
    context.exit(0 if held == len(found) else 1)


def _lines(case: Case, verdicts: list[Verdict]) -> list[str]:
    bad = [one for one in verdicts if not one.holds]
    worlds = f"{case.replicates} replicate{'s' if case.replicates > 1 else ''}"
    count = f"{len(verdicts) - len(bad)} of {len(verdicts)} statements, {worlds}"
    lines = [f"{'fails' if bad else 'holds'}  {case.file}  {case.name} ({count})"]
    for one in bad:
        mark = one.statement.mark
        lines.append(f"       {mark.file}:{mark.line}:{mark.column}: {one.statement.text}; measured: {one.measured}")
    return lines


def _plain(case: Case, verdicts: list[Verdict]) -> dict[str, Any]:
    statements = [
        {"line": one.statement.mark.line, "text": one.statement.text, "holds": one.holds, "measured": one.measured}
        for one in verdicts
    ]
    about = {key: getattr(case, key) for key in ("file", "name", "question", "seed", "replicates")}
    holds = all(one.holds for one in verdicts)
    return {**about, "scenario_digest": case.scenario.digest, "holds": holds, "statements": statements}
