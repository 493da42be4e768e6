"""The runs of a study as the runner takes them: what each one computes, where it stands, what a worker is told.

The id of a run is a hash of all that decides its numbers: the scenario (which holds the horizon), policies, values of
the point, seed, replicate, names of outcomes, weeks between rows of series, work function, and version of model and
measure. Points that come to the same values with the same seed (a choice, a whole number) are one run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from coworksim.runs.paired_outcomes import WITHOUT, measured
from coworksim.runs.run import Run, Work
from coworksim.runs.study import Arm, Study
from coworksim.runs.study_reader import MOST_REPLICATES
from coworksim.statistics.design import Design, run_seed

__all__ = ["EVERY", "Plan", "Planned", "name_of"]

#: Stands for the arms of a run in pairs, which is all of them.
EVERY: Final = "every arm"

#: Counts up when rows of the same run come to mean something else.
SCHEMA: Final = 1
_OWN_WORK: Final = "coworksim.runs.study_work.study_work"


class Planned(NamedTuple):
    """One run of a study and its place in the design."""

    run: Run
    point: int
    arm: str
    replicate: int
    feasible: bool


def name_of(work: Work) -> str:
    """Return where a work function is found."""
    kind = type(work)
    return f"{getattr(work, '__module__', kind.__module__)}.{getattr(work, '__qualname__', kind.__qualname__)}"


@dataclass(frozen=True)
class Plan:
    """A study at a size, with so many replicates, by one version of the model and one work function.

    Going through it gives all runs in order: by point, by arm, by replicate. A number leaves room for all replicates
    that a point may come to have, so that a run keeps its number when a study grows.
    """

    study: Study
    code: str
    size: int
    replicates: int
    work: str = _OWN_WORK
    series: int | None = None

    @cached_property
    def design(self) -> Design:
        """The points."""
        return self.study.design(self.size)

    @property
    def digest(self) -> str:
        """What the folder belongs to: the study, and how its runs are measured where that is not the usual way."""
        if self.work == _OWN_WORK and self.series is None:
            return self.study.digest
        return hashlib.sha256(f"{self.study.digest}|{self.work}|{self.series}".encode()).hexdigest()

    @property
    def about(self) -> dict[str, object]:
        """What the manifest keeps, so that a folder can be read with the study alone."""
        return {"size": self.size, "replicates": self.replicates, "work": self.work, "series": self.series}

    def __len__(self) -> int:
        return len(self.design) * len(self._heads) * self.replicates

    def __iter__(self) -> Iterator[Planned]:
        arms = self._heads
        for point in range(len(self.design)):
            overrides = {**self.study.settings, **self.design.overrides(point)}
            seed = run_seed(self.study.seed, int(self.design.stream[point]))
            feasible = bool(self.design.feasible[point])
            here = json.dumps([overrides, seed], sort_keys=True, allow_nan=False).encode("ascii")
            for at, (arm, head) in enumerate(arms):
                block = head.copy()
                block.update(here)
                first = (point * len(arms) + at) * MOST_REPLICATES
                for replicate in range(self.replicates):
                    ended = block.copy()
                    ended.update(f"|{replicate}".encode())
                    told = self._payload(point, arm, replicate, overrides, seed)
                    run = Run(ended.hexdigest(), first + replicate, told)
                    yield Planned(run, point, arm.name, replicate, feasible)

    @cached_property
    def _heads(self) -> list[tuple[Arm, Any]]:
        """The arms with their hashes; of a study in pairs, where a run is all arms, one entry that stands for them."""
        if self.study.paired:
            policies: Any = [None if arm.name == WITHOUT else arm.policies for arm in self.study.arms]
            return [(Arm(EVERY, policies), self._head(Arm(EVERY, policies)))]
        return [(arm, self._head(arm)) for arm in self.study.arms]

    def _head(self, arm: Arm) -> Any:
        """Return a hash that has taken in what the runs of an arm have in common."""
        common = {
            "schema": SCHEMA,
            "code": self.code,
            "scenario": self.study.scenario_digest,
            "policies": arm.policies,
            "outcomes": sorted(measured(self.study.outcomes)),
            "series": self.series,
            "work": self.work,
        }
        text = json.dumps(common, sort_keys=True, ensure_ascii=True, allow_nan=False, default=dict)
        return hashlib.sha256(text.encode("ascii"))

    def _payload(self, point: int, arm: Arm, replicate: int, overrides: dict[str, Any], seed: int) -> dict[str, Any]:
        more = {} if self.series is None else {"series": self.series}
        if self.study.paired:
            return {**self.study.pair_payload(overrides, seed, replicate), "point": point}
        run = {"overrides": overrides, "seed": seed, "replicate": replicate, "arm": arm.name}
        return {**self.study.payload(run), "point": point, "arm": arm.name, **more}
