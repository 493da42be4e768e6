"""``python -m benchmarks.thinning``: does a survey of the thinned frame find what one of the full frame does?

Worlds of both frames are surveyed once each; what is there from before counts. A coefficient agrees as far as the
95 % interval of the difference of its means (Welch) says.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from statistics import fmean, stdev
from typing import Final, NamedTuple

import coworksim
from coworksim.evidence.survey.surveys import Survey, survey_many
from coworksim.files.load import load_scenario
from coworksim.report.sentences.survey_text import TERMS
from coworksim.runs.progress import reporter
from coworksim.statistics.intervals import t_quantile

__all__ = ["COMPARED", "Agreement", "agreement", "page"]

ROOT = Path(__file__).parents[1]
FULL: Final = "uk-74-regions"
THINNED: Final = "uk-74-thinned"
#: Outcome and term: E1, E2, E3b, E3a, E4 and E5 of the survey, and what else the two scales go with.
COMPARED: Final = (
    ("sc_space", "social"),
    ("td_space", "resource"),
    ("sc_space", "social:left_behind"),
    ("td_space", "resource:left_behind"),
    ("sc_space", "resource"),
    ("td_space", "social"),
    ("sc_space", "independent"),
    ("td_space", "independent"),
    ("td_space", "creative"),
    ("td_space", "independent:creative"),
    ("sc_total", "social"),
    ("td_total", "resource"),
)


class Agreement(NamedTuple):
    """A coefficient in both frames: means over surveys with their half-widths, and the difference."""

    outcome: str
    term: str
    full: float
    full_half: float
    thinned: float
    thinned_half: float
    difference: float
    half: float


def agreement(outcome: str, term: str, full: list[float], thinned: list[float]) -> Agreement:
    """Compare the means of two sets of surveys.

    >>> found = agreement("sc_space", "social", [0.1, 0.2, 0.3], [0.2, 0.3, 0.4, 0.3])
    >>> round(found.difference, 2), round(found.half, 2)
    (0.1, 0.22)
    """
    errors = [stdev(values) ** 2 / len(values) for values in (full, thinned)]
    halves = [
        t_quantile(len(values) - 1) * math.sqrt(error) for values, error in zip((full, thinned), errors, strict=True)
    ]
    both = sum(errors)
    below = sum(error**2 / (len(v) - 1) for v, error in zip((full, thinned), errors, strict=True))
    freedom = int(both**2 / below) if below else 1
    means = fmean(full), fmean(thinned)
    half = t_quantile(freedom) * math.sqrt(both)
    return Agreement(outcome, term, means[0], halves[0], means[1], halves[1], means[1] - means[0], half)


def compared(full: Survey, thinned: Survey, rule: str) -> list[Agreement]:
    """Compare the coefficients of two sets of surveys by one rule of the flag."""
    return [
        agreement(outcome, term, _values(full, outcome, term, rule), _values(thinned, outcome, term, rule))
        for outcome, term in COMPARED
    ]


def _values(surveys: Survey, outcome: str, term: str, rule: str) -> list[float]:
    c = surveys.coefficients
    kept = (c["outcome"] == outcome) & (c["term"] == term) & (c["rule"] == f"flag_{rule}") & (c["form"] == "direct")
    values: list[float] = c.loc[kept, "estimate"].tolist()
    return values


def _seconds(surveys: Survey) -> float:
    return float(surveys.batch.runs["seconds"].mean())


def page(full: Survey, thinned: Survey) -> str:
    """Return the whole page."""
    lines = {rule: "".join(_line(one) for one in compared(full, thinned, rule)) for rule in ("narrow", "wide")}
    answered = [surveys.respondents.groupby("replicate").size().mean() for surveys in (full, thinned)]
    head = (
        "| development | goes with | full frame | thinned | thinned less full (95 % interval) |\n"
        "|---|---|--:|--:|--:|\n"
    )
    tables = "\n".join(f"By the {rule} rule of the flag:\n\n{head}{rows}" for rule, rows in lines.items())
    return (
        "# Thinning\n\n"
        f"coworksim {coworksim.__version__}. Regressions of the survey (direct form; standard deviations of the "
        f"answers) "
        f"in {full.replicates} worlds of `{FULL}` and {thinned.replicates} of `{THINNED}`, each surveyed once, seed "
        f"{full.seed}: means over surveys with 95 % intervals. On average {answered[0]:.0f} and {answered[1]:.0f} "
        f"people and managers answer. A world takes {_seconds(full):.1f} and {_seconds(thinned):.1f} seconds of one "
        f"processor, the 32 regressions included.\n\n{tables}\n"
        "Made by `make thinning`. Where the interval of a difference leaves out 0, the thinned frame gives another "
        "answer by about that much; where it does not, the answer is the same as far as the interval reaches.\n"
    )


def _line(one: Agreement) -> str:
    outside = " *" if abs(one.difference) > one.half else ""
    return (
        f"| {one.outcome.replace('_', ' ').replace('sc', 'SC').replace('td', 'TD')} | {TERMS[one.term]} "
        f"| {one.full:+.3f} +- {one.full_half:.3f} | {one.thinned:+.3f} +- {one.thinned_half:.3f} "
        f"| {one.difference:+.3f} ({one.difference - one.half:+.3f} to {one.difference + one.half:+.3f}){outside} |\n"
    )


def main() -> None:
    """Survey both frames, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.thinning", description="The thinned frame's answers.")
    parser.add_argument("--full", type=int, default=24, metavar="N", help="worlds of the full frame")
    parser.add_argument("--thinned", type=int, default=96, metavar="N", help="worlds of the thinned frame")
    parser.add_argument("--to", type=Path, default=ROOT / "results" / "thinning.md", metavar="FILE", help="the page")
    options = parser.parse_args()
    found = [
        survey_many(load_scenario(name), replicates=worlds, trial=False, progress=reporter())
        for name, worlds in ((THINNED, options.thinned), (FULL, options.full))
    ]
    text = page(found[1], found[0])
    options.to.write_text(text, encoding="utf-8")
    print(text)
    print(f"Written to {options.to}.")


if __name__ == "__main__":
    main()
