"""``coworksim contrast``: which of two hypotheses fits which patterns, and what a survey would have to ask.

Whether a linear rule can tell two worlds apart by what a survey would show, and what each question adds: the rule is
Fisher's, on standardised statistics, made on four fifths of the draws and judged on the fifth that it has not seen,
both worlds of a draw on the same side (``coworksim.statistics.nonparametric``). The area under the curve (AUC) is the
chance that it ranks a survey of the one world above a survey of the other: .5 is a coin, 1 is certainty. Its standard
error is that of Hanley and McNeil (1982).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, Unpack

import numpy as np
import pandas as pd

from coworksim.evidence.patterns.declaration import HYPOTHESES, MEASURES, PATTERNS, Variant
from coworksim.evidence.patterns.pattern_measures import ASKED, MODERATORS, block_of
from coworksim.evidence.patterns.pattern_runs import PatternResult, PatternStudy, as_variant
from coworksim.evidence.patterns.pattern_tables import shown, tidy
from coworksim.evidence.patterns.untuned import design, points, ranges, ranges_hash
from coworksim.files.errors import InputError, Mark, Problems, RefusedError, echo, nearest
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import BatchResult, Cell
from coworksim.runs.run import Limits, Options
from coworksim.statistics.factors import Factor
from coworksim.statistics.intervals import paired_difference, wilson
from coworksim.statistics.nonparametric import FOLDS, auc_error, fisher_area


@dataclass(frozen=True, repr=False)
class Contrast(PatternResult):
    """What was found. Intervals are of 95 %.

    table: pattern, place, n (draws), share of each hypothesis, difference of the shares and its interval (paired by
    draw), fits (that under which the pattern is shown more often, where the interval leaves out 0).
    questions: questions, statistics, n, auc, error, added.
    """

    purpose = "contrast"
    one: Variant
    other: Variant
    table: pd.DataFrame
    questions: pd.DataFrame
    ranges_hash: str

    @classmethod
    def _cells(cls, study: PatternStudy) -> Iterator[Cell]:
        """Go through both worlds of every draw."""
        draws = study.asked["draws"]
        for point in points(design(_ranges(study), draws, study.seed, study.scenario), draws):
            for name in study.about["forms"] if point.feasible else ():
                more = as_variant(HYPOTHESES[name], point.overrides, point.ratios)
                yield study.cell("contrast", name, point.number, 0, point.seed, asked=True, **more)

    @classmethod
    def _read(cls, study: PatternStudy, batch: BatchResult) -> Self:
        """Set both worlds side by side."""
        one, other = (HYPOTHESES[name] for name in study.about["forms"])
        a, b = (batch.done("contrast", each.name) for each in (one, other))
        told = tidy(one._asdict() for one in told_apart(a, b))
        told["added"] = told["auc"] - told["auc"].iloc[0]  # what each question adds to what was asked
        table = tidy(_rows(a, b, one.name, other.name))
        return cls(study, batch, one, other, table, told, ranges_hash(_ranges(study)))


def _ranges(study: PatternStudy) -> tuple[Factor, ...]:
    """Return what is drawn: nothing that the user, or one of the two, settles."""
    settled = [name for form in study.about["forms"] for name in HYPOTHESES[form].settings]
    return ranges(study.scenario, {*study.settings, *settled})


def hypothesis(name: str) -> Variant:
    """Return a hypothesis by name, or refuse with the nearest one."""
    if name not in HYPOTHESES:
        problems, close = Problems(), nearest(name, HYPOTHESES)
        hint = f" (did you mean {close}?)" if close else ""
        problems.add(Mark("form"), f"no form is called {echo(name)}{hint}", f"write one of {', '.join(HYPOTHESES)}")
        raise InputError(problems.listed())
    return HYPOTHESES[name]


def run_contrast(
    names: tuple[str, str],
    source: str,
    settings: Mapping[str, Any],
    seed: int = 1,
    *,
    draws: int = 64,
    folder: Path | None = None,
    **options: Unpack[Options],
) -> Contrast:
    """Run two hypotheses in every draw of a scenario (a name or a path), as far as ``folder`` does not hold them.

    ``options`` are the fields of ``Limits``. Raises InputError for an unknown name, RefusedError for two that make the
    same world.
    """
    one, other = (hypothesis(name) for name in names)
    if one.name == other.name:
        raise RefusedError(f"{one.name} is given twice; name two different forms")
    scenario = load_scenario(source, dict(settings))
    if _same(one, other, scenario):
        raise RefusedError(f"{one.name} and {other.name} are the same world in {scenario.name}; name two that differ")
    drawn = ranges(scenario, {*settings, *one.settings, *other.settings})
    about = {"forms": [one.name, other.name], "ranges": ranges_hash(drawn)}
    study = PatternStudy(source, scenario, settings, Contrast.purpose, seed, about, {"draws": draws})
    return Contrast.run(study, folder, Limits(**options))


def _same(one: Variant, other: Variant, scenario: Scenario) -> bool:
    """Whether two hypotheses make the same world, where each leaves to the scenario what the other sets."""
    names = {*one.settings, *other.settings}
    own, others = (
        ({name: each.settings.get(name, scenario.values.get(name)) for name in names}, each.ratios, each.scale)
        for each in (one, other)
    )
    return own == others and one.policies == other.policies


def _rows(a: pd.DataFrame, b: pd.DataFrame, one: str, other: str) -> Iterator[dict[str, Any]]:
    both = sorted(set(a["point"]) & set(b["point"]))
    a, b = a.set_index("point").loc[both], b.set_index("point").loc[both]
    for pattern, place in MEASURES:
        here, there = shown(a, pattern, place), shown(b, pattern, place)
        difference, half = paired_difference(int((here & ~there).sum()), int((there & ~here).sum()), len(both))
        fits = (one if difference > 0 else other) if abs(difference) > half else ""
        yield {
            "pattern": pattern,
            "place": place,
            "role": PATTERNS[pattern].role,
            "n": len(both),
            "share_a": wilson(int(here.sum()), len(both)).share,
            "share_b": wilson(int(there.sum()), len(both)).share,
            "difference": difference,
            "low": max(difference - half, -1.0),
            "high": min(difference + half, 1.0),
            "half_width": half,
            "fits": fits,
        }


#: Share of draws in which a statistic must be there.
OFTEN: Final = 0.85


class Told(NamedTuple):
    """How well a set of questions tells two worlds apart."""

    questions: str
    statistics: int
    n: int  # surveys of each world
    auc: float
    error: float


def told_apart(one: pd.DataFrame, other: pd.DataFrame) -> list[Told]:
    """Return the area for what the survey asked, with each further question, and with all of them.

    The tables have a row a draw, matched by ``point``. Statistics that too many draws lack (``OFTEN`` is what is
    asked for) are left out, and then draws that lack any of the others in one of the worlds.
    """
    both = sorted(set(one["point"]) & set(other["point"]))
    a, b = (table.set_index("point").loc[both] for table in (one, other))
    names = [name for name in a.columns if name.startswith("ask.") and name in b.columns]
    a, b = a[names].astype(np.float64), b[names].astype(np.float64)
    names = [name for name in names if min(a[name].notna().mean(), b[name].notna().mean()) >= OFTEN]
    whole = a[names].notna().all(axis=1) & b[names].notna().all(axis=1)
    a, b = a[whole], b[whole]
    further = {f"+ {question}": [ASKED, question] for question in MODERATORS}
    sets = {"as asked": [ASKED], **further, "+ all four": [ASKED, *MODERATORS]}
    found = []
    for label, blocks in sets.items():
        chosen = [name for name in names if block_of(name) in blocks]
        value = fisher_area(a[chosen].to_numpy(), b[chosen].to_numpy()) if chosen and len(a) >= 2 * FOLDS else math.nan
        found.append(Told(label, len(chosen), len(a), value, auc_error(value, len(a), len(b))))
    return found
