"""From draws to what they come to: every draw in its own world, on several processors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from colearn.appraisal.sampling import Sample, cell_of, drawn, sample
from colearn.appraisal.uncertainty import HEADLINES, NOTHING, Uncertainty, by_draw
from colearn.appraisal.work import payload, work
from colearn.experiments.batch import Kept, Notebook, Show, run_batch
from colearn.experiments.errors import RunnerError
from colearn.experiments.runs import Run
from colearn.scenario import Policy, Scenario

__all__ = ["uncertainty"]


def uncertainty(
    scenario: Scenario,
    arms: Mapping[str, Sequence[Policy]],
    number: int,
    *,
    seed: int,
    replicates: int = 1,
    workers: int = 2,
    progress: Show = None,
    notebook: Notebook | None = None,
) -> Uncertainty:
    """Run all arms in so many draws; what ``notebook`` holds is not run again.

    Raises RunnerError when none succeeds, InputError where nothing can be drawn.
    """
    chosen = sample(scenario, number, seed)
    kept, policies = Kept(notebook), [tuple(arm) for arm in arms.values()]
    runs = _runs(scenario, policies, chosen, replicates)
    run_batch(runs, work, kept, workers=workers, progress=progress, total=number * replicates)
    every: dict[str, int | None] = {name: at for at, name in enumerate(arms)}
    idle = tuple(name for name, arm in arms.items() if not arm)
    if not idle:
        idle, every = (NOTHING,), {NOTHING: None, **every}
    done, rows = kept.done, []
    for draw in chosen.draws:
        numbers = range(draw.number * replicates, (draw.number + 1) * replicates)
        if not all(at in done for at in numbers):
            continue
        for arm, place in every.items():
            means = pd.DataFrame([by_draw(done[at].values, place) for at in numbers]).mean()
            rows.append({"draw": draw.number, "cell": cell_of(draw.values), "arm": arm, **means.to_dict()})
    failed = [f"draw {at // replicates}: {error}" for at, error in kept.failed.items()]
    if not rows:
        raise RunnerError(f"no draw succeeded; the first says: {failed[0]}")
    table = pd.DataFrame(rows)
    for column in ("cell", "arm"):
        table[column] = pd.Categorical(table[column], categories=list(dict.fromkeys(table[column])))
    worth = float(scenario["appraisal.sd_year_value"])
    return Uncertainty(chosen, tuple(every), idle, replicates, table, failed, worth)


def _runs(scenario: Scenario, policies: Sequence[Sequence[Policy]], chosen: Sample, replicates: int) -> Iterator[Run]:
    """Yield the runs of all draws, one after the other: no more of them are in memory than are in flight."""
    for draw in chosen.draws:
        world = drawn(scenario, draw.values)
        for k in range(replicates):
            task = payload(world, policies, draw.seed, k, only=HEADLINES)
            yield Run(f"{task['digest']}-{draw.seed}-{k}", draw.number * replicates + k, task)
