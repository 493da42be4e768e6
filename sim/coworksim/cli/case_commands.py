"""``coworksim check``: cases of an analyst, tried and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coworksim.cli.terminal import debug_option, interruptible, say, say_json

if TYPE_CHECKING:
    from coworksim.appraisal.cases import Case
    from coworksim.appraisal.cases_check import Verdict


@click.command()
@click.argument("cases", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
@debug_option
@click.pass_context
def check(context: click.Context, cases: tuple[str, ...], as_json: bool) -> None:
    """Check CASES: files with a world, policies and what is expected of them, or folders of such files.

    Exit code 0: every statement holds; 1: some do not; 2: a file cannot be read as a case.
    """
    from coworksim.appraisal.cases import read_cases
    from coworksim.appraisal.cases_check import check_case

    found: list[tuple[Case, list[Verdict]]] = []
    read = read_cases(cases)
    with interruptible() as interrupted:
        for case in read:
            interrupted()
            verdicts = check_case(case)
            found.append((case, verdicts))
            if not as_json:
                say("\n".join(_lines(case, verdicts)))
    held = sum(all(one.holds for one in verdicts) for _, verdicts in found)
    if as_json:
        say_json({"cases": [_plain(*one) for one in found], "hold": held, "of": len(found)})
    else:
        statements = [one for _, verdicts in found for one in verdicts]
        good = sum(one.holds for one in statements)
        say(f"\n{held} of {len(found)} cases hold, {good} of {len(statements)} statements.")
    context.exit(0 if held == len(found) else 1)


def _lines(case: Case, verdicts: list[Verdict]) -> list[str]:
    """Return a line for a case, and one more for each statement that fails."""
    bad = [one for one in verdicts if not one.holds]
    worlds = f"{case.replicates} replicates" if case.replicates > 1 else "1 replicate"
    count = f"{len(verdicts) - len(bad)} of {len(verdicts)} statements, {worlds}"
    lines = [f"{'fails' if bad else 'holds'}  {case.file}  {case.name} ({count})"]
    for one in bad:
        mark = one.statement.mark
        lines.append(f"       {mark.file}:{mark.line}:{mark.column}: {one.statement.text}; measured: {one.measured}")
    return lines


def _plain(case: Case, verdicts: list[Verdict]) -> dict[str, Any]:
    """Return a case as JSON has it."""
    return {
        "file": case.file,
        "name": case.name,
        "question": case.question,
        "scenario_digest": case.scenario.digest,
        "seed": case.seed,
        "replicates": case.replicates,
        "holds": all(one.holds for one in verdicts),
        "statements": [
            {"line": one.statement.mark.line, "text": one.statement.text, "holds": one.holds, "measured": one.measured}
            for one in verdicts
        ],
    }
