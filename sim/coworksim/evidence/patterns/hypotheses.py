"""``coworksim contrast``: which of two rival forms fits which patterns, and what a survey would have to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coworksim.evidence.patterns.declaration import MEASURES, PATTERNS
from coworksim.evidence.patterns.discrimination import questions, told_apart
from coworksim.evidence.patterns.pattern_runs import Batch, Cells, cell, do_cells, for_form
from coworksim.evidence.patterns.shares import shown, tidy
from coworksim.evidence.patterns.untuned import design, points, ranges, ranges_hash
from coworksim.evidence.patterns.variants import RIVALS, Form
from coworksim.files.errors import InputError, Mark, Problems, RefusedError, echo, nearest
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import Limits
from coworksim.statistics.proportions import paired_difference, wilson

__all__ = ["Contrast", "contrast_batch", "rival", "run_contrast"]


@dataclass(frozen=True)
class Contrast:
    """What was found. Intervals are of 95 %.

    table: pattern, place, n (draws), share of each form, difference of the shares and its interval (paired by draw),
    fits (the form under which the pattern is shown more often, where the interval leaves out 0).
    questions: questions, statistics, n, auc, error, added.
    """

    scenario: Scenario
    one: Form
    other: Form
    held: Cells
    table: pd.DataFrame
    questions: pd.DataFrame
    ranges_hash: str
    seed: int


def rival(name: str) -> Form:
    """Return a rival form by name, or refuse with the nearest one."""
    if name not in RIVALS:
        problems, close = Problems(), nearest(name, RIVALS)
        hint = f" (did you mean {close}?)" if close else ""
        problems.add(Mark("form"), f"no form is called {echo(name)}{hint}", f"write one of {', '.join(RIVALS)}")
        raise InputError(problems.listed())
    return RIVALS[name]


def contrast_batch(source: str, one: Form, other: Form, settings: Mapping[str, Any], seed: int) -> Batch:
    """Return the batch of two forms in a scenario."""
    if one.name == other.name:
        raise RefusedError(f"{one.name} is no rival of itself; name two forms")
    scenario = load_scenario(source, dict(settings))
    if _same(one, other, scenario):
        raise RefusedError(f"{one.name} and {other.name} are the same world in {scenario.name}; name two that differ")
    about = {
        "settings": dict(settings),
        "forms": [one.name, other.name],
        "ranges": ranges_hash(ranges(scenario, _settled(settings, one, other))),
    }
    return Batch(source, scenario, settings, "contrast", seed, about)


def _same(one: Form, other: Form, scenario: Scenario) -> bool:
    """Whether two forms make the same world, where each leaves to the scenario what the other sets."""
    names = {*one.settings, *other.settings}
    own, others = (
        {name: form.settings.get(name, scenario.values.get(name)) for name in names} for form in (one, other)
    )
    return (own, one.ratios, one.scale, one.policies) == (others, other.ratios, other.scale, other.policies)


def _settled(settings: Mapping[str, Any], one: Form, other: Form) -> set[str]:
    return {*settings, *one.settings, *other.settings}


def run_contrast(batch: Batch, one: Form, other: Form, draws: int, folder: Path | None, limits: Limits) -> Contrast:
    """Run what is missing in both worlds of every draw, and set them side by side."""
    factors = ranges(batch.scenario, _settled(batch.settings, one, other))
    drawn = [point for point in points(design(factors, draws, batch.seed, batch.scenario), draws) if point.feasible]
    cells = [
        cell(
            batch,
            "contrast",
            form.name,
            point.number,
            0,
            point.seed,
            asked=True,
            **for_form(form, point.overrides, point.ratios),
        )
        for point in drawn
        for form in (one, other)
    ]
    held = do_cells(batch, cells, folder, limits)
    a, b = (held.done("contrast", form.name) for form in (one, other))
    table = tidy(_rows(a, b, one.name, other.name))
    told = questions(told_apart(a, b))
    return Contrast(batch.scenario, one, other, held, table, told, ranges_hash(factors), batch.seed)


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
            "low": difference - half,
            "high": difference + half,
            "half_width": half,
            "fits": fits,
        }
