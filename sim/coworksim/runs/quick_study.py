"""A study from a few words of the command line, by the same strict reader as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from coworksim.files.errors import Mark, Problems
from coworksim.runs.study import StudyDesign
from coworksim.runs.study_reader import StudyError, read_text

#: What the reader calls the text.
_SHOWN: Final = "command line"
_NAME: Final = re.compile(r"[^A-Za-z0-9-]+")


class Quick(NamedTuple):
    """A study and the text of a file that would give the same."""

    study: StudyDesign
    text: str


def quick_study(
    scenario: str,
    vary: Sequence[str],
    outcomes: Sequence[str],
    *,
    method: str = "one_at_a_time",
    size: int | None = None,
    replicates: int | None = None,
    seed: int = 1,
) -> Quick:
    """Return the study of ``vary`` (``name``, ``name=low:high``, ``group.*``) in a scenario.

    A problem names the option that it is about instead of a line. Raises StudyError.

    >>> quick = quick_study("tiny", ["space.price=110:250"], ["members_at_end"], size=3, replicates=2)
    >>> len(quick.study.design()) * quick.study.replicates
    8
    """
    lines = [
        ("SCENARIO", "# What does each of these parameters do to these outcomes?"),
        ("SCENARIO", f"title: {_quoted(f'Sweep of {scenario}'[:80])}"),
        ("SCENARIO", f"scenario: {_quoted(scenario)}"),
        ("--vary", "vary:"),
        *((f"--vary {text}", f"  - {_entry(text)}") for text in vary),
        ("--method", f"method: {_quoted(method)}"),
        *([("--points", f"size: {size}")] if size is not None else []),
        *([("--replicates", f"replicates: {replicates}")] if replicates is not None else []),
        *_outcomes(outcomes),
        ("--seed", f"seed: {seed}"),
    ]
    text = "\n".join(line for _, line in lines) + "\n"
    name = _NAME.sub("-", Path(scenario).stem).strip("-") or "scenario"
    problems = Problems()
    study = read_text(text, _SHOWN, Path(f"sweep-{name}.yaml"), problems)
    if problems or study is None:
        raise StudyError(_about_options(problems, [option for option, _ in lines]).listed())
    return Quick(study, text)


def _about_options(problems: Problems, options: Sequence[str]) -> Problems:
    """Return the same problems with the option in place of the line that it made."""
    told = Problems()
    for problem in problems.listed():
        found, _, write = problem.message.partition("; ")
        ours = problem.file == _SHOWN and problem.line is not None
        place = Mark(options[problem.line - 1]) if ours else Mark(problem.file, problem.line, problem.column)
        told.add(place, found, write)
    return told


def _quoted(text: str) -> str:
    """Write text as YAML; JSON strings are."""
    return json.dumps(text)


def _entry(text: str) -> str:
    """Write ``name=low:high`` as an entry of vary.

    >>> _entry("space.price=110:250"), _entry("membership.*")
    ('{"space.price": "110..250"}', '"membership.*"')
    """
    name, sign, limits = text.partition("=")
    if not sign:
        return _quoted(name.strip())
    return f"{{{_quoted(name.strip())}: {_quoted(limits.strip().replace(':', '..', 1))}}}"


def _outcomes(names: Sequence[str]) -> list[tuple[str, str]]:
    if not names or list(names) == ["all"]:
        return [("--outcomes", "outcomes: all")]
    return [("--outcomes", "outcomes:"), *((f"--outcomes {name}", f"  - {_quoted(name)}") for name in names)]
