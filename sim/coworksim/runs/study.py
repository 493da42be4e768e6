"""A study as it is asked for: one scenario, what varies in it, by which method, which outcomes; and the runs of it.

A run is a point of the design in one arm and one replicate. Points that come to the same values with the same seed (a
choice, a whole number) are one run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any, Final, Self

from coworksim.model.parameters import Kind
from coworksim.model.scenario import PARTS
from coworksim.runs.announcement import ONE, Worlds, in_pairs
from coworksim.runs.batch import Cell
from coworksim.runs.opening import is_late
from coworksim.runs.outcomes import WITHOUT, is_paired, measured, scenario_of
from coworksim.runs.run import Input, Run, run_id, sha
from coworksim.statistics.design import Design, draw, run_seed
from coworksim.statistics.factors import DUMMY, METHODS, Factor, Value

MOST_REPLICATES: Final = 100_000
MOST_RUNS: Final = 5_000_000
#: Stands for the arms of a run in pairs, which is all of them.
EVERY: Final = "every arm"
_OWN_MEASURE: Final = "coworksim.runs.outcomes.study_work"


@dataclass(frozen=True, slots=True)
class Arm:
    """Policies that stand in place of the scenario's own, as plain data; ``policies`` None keeps the scenario's.

    ``parts`` are the names of those it combines, in a study of combinations.
    """

    name: str
    policies: tuple[Mapping[str, Any], ...] | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class StudyDesign:
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

    @property
    def inputs(self) -> dict[str, Input]:
        """What varies, and where a run leaves it: a column of the rows of runs for each."""
        named = {factor.name: factor.kind for factor in self.factors if factor.name != DUMMY}
        return {name: Input(kind, self.base.get(name)) for name, kind in named.items()}

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides the runs, but for how many there are: replicates, and a size that doubles."""
        content = {
            "scenario": self.scenario_digest,
            "settings": dict(self.settings),
            "factors": [factor.content for factor in self.factors],
            "method": [self.method, self.groups, None if METHODS[self.method].doubles else self.size],
            "outcomes": self.outcomes,
            "seed": self.seed,
            "arms": [[arm.name, arm.policies] for arm in self.arms],
        }
        return sha(content)

    @property
    def plain(self) -> dict[str, Any]:
        """The study as plain data, for the manifest."""
        return {one.name: getattr(self, one.name) for one in fields(self)} | {
            "settings": dict(self.settings),
            "factors": [asdict(factor) for factor in self.factors],
            "tolerance": dict(self.tolerance),
            "arms": [[arm.name, _plain(arm), arm.parts] for arm in self.arms],
            "base": dict(self.base),
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the study that was made plain."""
        factors = ({**one, "kind": Kind(one["kind"]), "choices": tuple(one["choices"])} for one in plain["factors"])
        arms = ((name, None if said is None else tuple(said), tuple(parts)) for name, said, parts in plain["arms"])
        made = {"factors": tuple(Factor(**one) for one in factors), "arms": tuple(Arm(*one) for one in arms)}
        return cls(**{**plain, **made, "outcomes": tuple(plain["outcomes"])})


def _plain(arm: Arm) -> list[dict[str, Any]] | None:
    return None if arm.policies is None else [dict(policy) for policy in arm.policies]


@dataclass(frozen=True)
class Plan:
    """A study at a size, with so many replicates, by one version of the model and one measure.

    Going through it gives all cells in order: by point, by arm, by replicate. A number leaves room for all replicates
    that a point may come to have, so that a run keeps its number when a study grows.
    """

    study: StudyDesign
    code: str
    size: int
    replicates: int
    measure: str = _OWN_MEASURE
    series: int | None = None

    @cached_property
    def design(self) -> Design:
        """The points."""
        return self.study.design(self.size)

    @property
    def digest(self) -> str:
        """What the folder belongs to: the study, and how its runs are measured where that is not the usual way."""
        if self.measure == _OWN_MEASURE and self.series is None:
            return self.study.digest
        return sha([self.study.digest, self.measure, self.series])

    @property
    def about(self) -> dict[str, Any]:
        """What the manifest keeps, so that a folder can be read with the study alone."""
        return {"size": self.size, "replicates": self.replicates, "measure": self.measure, "series": self.series}

    @property
    def worlds(self) -> Worlds:
        """What a run simulates: of a study in pairs, every arm and the world without."""
        return in_pairs(sum(arm.name != WITHOUT for arm in self.study.arms)) if self.study.paired else ONE

    def __len__(self) -> int:
        return len(self.design) * len(self._arms) * self.replicates

    def __iter__(self) -> Iterator[Cell]:
        for point in range(len(self.design)):
            overrides = {**self.study.settings, **self.design.overrides(point)}
            seed = run_seed(self.study.seed, int(self.design.stream[point]))
            feasible = bool(self.design.feasible[point])
            for at, (arm, told) in enumerate(self._arms):
                first = (point * len(self._arms) + at) * MOST_REPLICATES
                for k in range(self.replicates):
                    payload = {**told, "overrides": overrides, "seed": seed, "replicate": k}
                    run = Run(run_id(payload, self.measure, self.code), first + k, payload)
                    yield Cell(run, "", arm, point, k, feasible)

    @property
    def _shares_worlds(self) -> bool:
        """Whether several runs begin in one world at the start, so that it is worth keeping."""
        market = scenario_of(self.study.scenario, self.study.settings, None).market
        late = all(is_late(factor.name, market) for factor in self.study.factors if factor.name != DUMMY)
        return late or (len(self.study.arms) > 1 and not self.study.paired)

    @cached_property
    def _arms(self) -> list[tuple[str, dict[str, Any]]]:
        """What the measure is told in each arm; of a study in pairs, where a run is all arms, in one that is all."""
        outcomes = list(measured(self.study.outcomes))
        told: dict[str, Any] = {"scenario": self.study.scenario, "digest": self.study.scenario_digest}
        told |= {"outcomes": outcomes} if self.series is None else {"outcomes": outcomes, "series": self.series}
        if self._shares_worlds:
            told |= {"keep": True}
        if self.study.paired:
            arms = [None if arm.name == WITHOUT else _plain(arm) or [] for arm in self.study.arms]
            return [(EVERY, told | {"arms": arms})]
        return [(arm.name, told | {"policies": _plain(arm)}) for arm in self.study.arms]
