"""A study: one scenario, what varies in it, by which method, and which outcomes are measured.

>>> study = load_study("replicates")
>>> study.scenario, study.method, len(study.runs())
('small-town', 'replicates', 8)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coworksim.files.errors import InputError
from coworksim.files.load import PARTS
from coworksim.runs.paired_outcomes import WITHOUT, is_paired, measured
from coworksim.statistics.design import Design, draw, run_seed
from coworksim.statistics.factors import DUMMY, METHODS, Factor, Value

__all__ = ["Arm", "Study", "StudyError", "load_study"]


class StudyError(InputError):
    """A study was refused; ``problems`` lists all reasons with file, line and column."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Policies that stand in place of the scenario's own, as plain data; ``policies`` None keeps the scenario's.

    ``parts`` are the names of those it combines, in a study of combinations.
    """

    name: str
    policies: tuple[Mapping[str, Any], ...] | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Study:
    """A study as read and checked.

    ``scenario`` is a name or path that ``load_scenario`` takes, ``settings`` are values that hold at every point,
    ``base`` the values of the scenario where it does not vary. ``tolerance`` has a half-width for some outcomes: then
    ``replicates`` is where to begin, and more follow until each is met.
    """

    name: str
    title: str
    question: str
    scenario: str
    scenario_digest: str
    settings: Mapping[str, Value | bool]
    factors: tuple[Factor, ...]
    method: str
    size: int
    replicates: int
    outcomes: tuple[str, ...]
    seed: int = 1
    groups: bool = False
    tolerance: Mapping[str, float] = field(default_factory=dict)
    arms: tuple[Arm, ...] = (Arm("scenario"),)
    base: Mapping[str, Value] = field(default_factory=dict)

    @property
    def dummy(self) -> bool:
        """Whether an input that nothing reads is among those that vary."""
        return any(factor.name == DUMMY for factor in self.factors)

    @property
    def paired(self) -> bool:
        """Whether outcomes set each arm beside the world of the arm without policies, forked from one burn-in."""
        return any(is_paired(name) for name in self.outcomes)

    @property
    def combined(self) -> tuple[str, ...]:
        """What is combined in every way; empty where arms are just listed."""
        return max((arm.parts for arm in self.arms), key=len)

    def design(self, size: int | None = None) -> Design:
        """Return the points, those of the study's own size or of another."""
        shares = {name: float(self.base[name]) for names in PARTS for name in names if name in self.base}
        size = self.size if size is None else size
        return draw(self.method, self.factors, size, self.seed, groups=self.groups, base=shares, parts=PARTS)

    def runs(self, size: int | None = None, replicates: int | None = None) -> list[dict[str, Any]]:
        """Return every run in order: by point, by arm, by replicate.

        Each is plain data: ``number``, ``point``, ``block``, ``arm``, ``replicate``, ``overrides`` (settings and the
        values of the point), ``seed``, ``feasible`` (False: it is not to be run, and its block is left out of the
        analysis). Where the method doubles, the runs of a size are the first of twice that size.
        """
        design, each = self.design(size), self.replicates if replicates is None else replicates
        found: list[dict[str, Any]] = []
        for point in range(len(design)):
            overrides = {**self.settings, **design.overrides(point)}
            seed = run_seed(self.seed, int(design.stream[point]))
            for arm in self.arms:
                for replicate in range(each):
                    found.append(
                        {
                            "number": len(found),
                            "point": point,
                            "block": int(design.block[point]),
                            "arm": arm.name,
                            "replicate": replicate,
                            "overrides": overrides,
                            "seed": seed,
                            "feasible": bool(design.feasible[point]),
                        }
                    )
        return found

    def payload(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """Return what ``coworksim.runs.study_work.work`` needs to do a run, as plain data."""
        arm = next(arm for arm in self.arms if arm.name == run["arm"])
        policies = None if arm.policies is None else [dict(policy) for policy in arm.policies]
        wanted = {key: run[key] for key in ("overrides", "seed", "replicate")}
        return {"scenario": self.scenario, **wanted, "policies": policies, "outcomes": list(self.outcomes)}

    def pair_payload(self, overrides: Mapping[str, Any], seed: int, replicate: int) -> dict[str, Any]:
        """Return what the work of a study in pairs needs: one run is all arms of a point and replicate."""
        arms = [None if arm.name == WITHOUT else [dict(one) for one in arm.policies or ()] for arm in self.arms]
        place = {"overrides": dict(overrides), "seed": seed, "replicate": replicate}
        return {"scenario": self.scenario, **place, "arms": arms, "outcomes": list(measured(self.outcomes))}

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides the runs, but for how many there are: replicates, and a size that doubles."""
        content = {
            "scenario": self.scenario_digest,
            "settings": dict(self.settings),
            "factors": [[f.name, str(f.kind), f.low, f.high, f.log, f.choices] for f in self.factors],
            "method": [self.method, self.groups, None if METHODS[self.method].doubles else self.size],
            "outcomes": self.outcomes,
            "seed": self.seed,
            "arms": [[arm.name, arm.policies] for arm in self.arms],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False, default=dict)
        return hashlib.sha256(text.encode("ascii")).hexdigest()


def load_study(name_or_path: str | Path) -> Study:
    """Load a built-in study by name, or a file by path, and check all of it.

    Args:
        name_or_path: Name of a built-in study, or path of a file.

    Returns:
        The study, checked.

    Raises:
        StudyError: The study is refused; ``problems`` lists every reason with file, line and column.
    """
    from coworksim.files.errors import Problems
    from coworksim.runs.study_reader import read_study

    problems = Problems()
    study = read_study(name_or_path, problems)
    if problems or study is None:
        raise StudyError(problems.listed())
    return study
