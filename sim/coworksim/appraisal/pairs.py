"""Worlds in pairs: one burnt-in world, forked for each arm, and what is kept of every person and week.

No policy acts before the start, so that one burn-in and spin-up serve all arms. A person is an entity key. A key names
a place of a region and how many people had it before, so that the same person has the same row in every world, and
(row, generation since the fork) names a person in arrays. Who comes and goes does not depend on policies today; should
it one day, person-weeks whose key lives in one world only are in the totals of that world, in no stratum, and are
counted as ``unmatched``.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.record_week import STAGES, SUMS, WEEKLY, LastWeek, add_people, add_stages
from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.eligibility import Conditions, conditions_of, may_apply
from coworksim.model.mechanisms.turnover import GENERATIONS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Region
from coworksim.model.state.people import Population
from coworksim.model.state.snapshot import Arrays, Facts
from coworksim.model.state.world import Posting, World
from coworksim.model.weeks import Engine

#: Families of skills and their columns.
FAMILIES: Final = {"td": slice(4, 8), "sc": slice(0, 4)}
_YEAR: Final = 52.0
#: Parts of a record beside its arrays: arrays by name, and plain numbers.
_PARTS: Final = ("first", "last")
_FACTS: Final = ("weeks", "ties", "deviation")


@kernel
def _mark_eligible(week: int, w: Population, conditions: Conditions, marked: NDArray[np.bool_]) -> None:
    """Mark who meets every condition of a scheme this week."""
    for i in range(len(w.key)):
        marked[i] |= may_apply(i, week, w, conditions)


def meets_conditions(world: World) -> NDArray[np.bool_]:
    """Return who meets every condition of a policy that one applies for; of others, who lives where they act."""
    w, marked = world.workers, np.zeros(len(world.workers), np.bool_)
    for conditions in conditions_of(world):
        _mark_eligible(world.week, w, conditions, marked)
    return marked


def aimed(policies: Sequence[Policy], region: Region) -> bool:
    """Return whether any of the policies is meant for a region."""
    return any(policy.eligible.includes(region.name, region.flag) for policy in policies)


class Record:
    """What is kept of one world from the start on.

    By week and row: ``key``, ``space`` (row, -1 none), ``plan``, ``days``, ``status``, ``support`` (pence). By row and
    generation since the fork (a person): ``sums`` (first index as SUMS) and the facts of the first week in which the
    person was seen: ``first``. By week and row of a space: ``space_key``, ``open``, ``price``, ``members``, ``cash``,
    ``desks``, ``desk_days``. By week: ``weekly``. Support, and who could have it, leave out the first ``standing``
    policies.
    """

    def __init__(self, world: World, weeks: int, rate: float, standing: int = 0) -> None:
        """Make room for ``weeks`` weeks; money is discounted by ``rate`` a year."""
        people, spaces, schemes = len(world.workers), len(world.spaces), len(world.schemes) - standing
        self._standing = standing
        helping = np.flatnonzero(world.schemes.flat == 0)
        self._helping = helping[helping >= standing]  # those of the arm that help with fees
        self.weeks, self._at, self._rate = weeks, 0, rate
        self.base = (world.workers.key % GENERATIONS).astype(np.int64)
        self.region = world.workers.region.copy()
        self.key = np.zeros((weeks, people), np.uint32)
        self.space = np.full((weeks, people), -1, np.int16)
        self.plan, self.days, self.status = (np.zeros((weeks, people), np.int8) for _ in range(3))
        self.support = np.zeros((weeks, people), np.int32)
        self._sums, self._generations = np.zeros((people, 1, len(SUMS))), 1  # all of a person lies together
        self.sums: NDArray[np.float64]
        self.first = {name: np.zeros((people, 1)) for name in ("status", "occupation", "career", "income")}
        self.stages = np.full((len(STAGES), people, 1), -1, np.int16)
        self.open, self.space_key = np.zeros((weeks, spaces), np.bool_), np.zeros((weeks, spaces), np.uint32)
        of_spaces = np.zeros((5, weeks, spaces), np.int64)
        self.price, self.members, self.cash, self.desks, self.desk_days = of_spaces
        self.committed, self.spent = (np.zeros((weeks, schemes), np.int64) for _ in range(2))
        self.weekly = np.zeros((len(WEEKLY), weeks))
        self.postings: list[Posting] = []
        self.ties: dict[str, float] = {}
        self.last: dict[str, NDArray[np.float64]] = {}
        self.channels: NDArray[np.float64] = np.zeros((2, 7))  # families (SC, TD) and channels of gain, mean a person
        self._rows = np.arange(people)
        self._conditions = conditions_of(world)
        self._last = LastWeek.of(world.workers, self._supported(world))
        self._skill = np.zeros((4, people))  # of the week in hand
        self._posted = len(world.ledger.postings)
        self.deviation = {f: float(_family(world, f).std()) for f in FAMILIES}

    def reached(self, stage: str) -> NDArray[np.bool_]:
        """Return, by row and generation, who has come so far with any scheme: ``eligible``, ``heard`` and so on."""
        return np.asarray(self.stages[STAGES.index(stage)] >= 0)

    @property
    def generation(self) -> NDArray[np.int64]:
        """Return, by week and row, how many people had the place before since the fork."""
        return np.asarray(self.key % GENERATIONS - self.base, np.int64)

    def person(self, width: int) -> NDArray[np.int64]:
        """Return, by week and row, the number of the person: ``row*width + generation``."""
        return self._rows * width + self.generation

    def note(self, world: World) -> None:
        """Keep the week that has just ended."""
        w, at = world.workers, self._at
        generation = w.key % GENERATIONS - self.base
        self._generations = max(self._generations, int(generation.max()) + 1)
        if self._generations > self._sums.shape[1]:
            self._widen(self._sums.shape[1])
        new = w.key != self._last.key
        for name, column in (("key", w.key), ("space", w.member_of), ("plan", w.plan), ("status", w.status)):
            getattr(self, name)[at] = column
        self.days[at] = w.days_present
        self._add_up(world, generation)
        rows = np.flatnonzero(new) if at else self._rows  # as it stood when a person was first seen
        facts: dict[str, NDArray[Any]] = {
            "status": w.status[rows],
            "occupation": w.occupation[rows],
            "career": w.career_start[rows] + (world.week - w.entered[rows]) / _YEAR,
            "income": w.income[rows],
        }
        for name, fact in facts.items():
            self.first[name][rows, generation[rows]] = fact
        self._note_schemes(world, generation)
        spaces = world.spaces
        self.space_key[at] = spaces.key
        for name in ("open", "price", "members", "cash", "desks", "desk_days"):
            getattr(self, name)[at] = getattr(spaces, name)
        self._at += 1

    def close(self, world: World) -> None:
        """Keep what is only looked at when the horizon is reached."""
        w, ties = world.workers, world.ties
        posted = world.ledger.postings[self._posted :]
        self.postings = [posting._replace(week=posting.week - world.start) for posting in posted]
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        across = {name: getattr(w, name)[one] != getattr(w, name)[other] for name in ("region", "occupation")}
        self.ties = {"all": float(len(ties))} | {name: float(np.count_nonzero(x)) for name, x in across.items()}
        self.last = {family: _family(world, family) for family in FAMILIES} | {"income": w.income.copy()}
        self.channels = w.gain.mean(axis=0)
        there = self._generations
        self.sums = np.ascontiguousarray(np.moveaxis(self._sums[:, :there], 2, 0))
        self.first = {name: fact[:, :there].copy() for name, fact in self.first.items()}
        self.stages = self.stages[:, :, :there].copy()
        del self._sums, self._skill, self._last

    def parted(self) -> tuple[Arrays, Facts]:
        """Return a record that was closed as arrays by name and what JSON can hold."""
        arrays = {
            name: value for name, value in vars(self).items() if isinstance(value, np.ndarray) and name != "_skill"
        }
        arrays |= {f"{part}.{name}": value for part in _PARTS for name, value in getattr(self, part).items()}
        return arrays, {**{name: getattr(self, name) for name in _FACTS}, "postings": list(map(list, self.postings))}

    @classmethod
    def joined(cls, arrays: Arrays, facts: Facts) -> Self:
        """Return the record that :meth:`parted` took apart: nothing more can be noted in it."""
        record = cls.__new__(cls)
        vars(record).update({name: facts[name] for name in _FACTS}, **{part: {} for part in _PARTS})
        for name, value in arrays.items():
            part, _, column = name.rpartition(".")
            (getattr(record, part) if part else vars(record))[column] = value
        record.postings = [Posting(*posting) for posting in facts["postings"]]
        return record

    def _widen(self, more: int) -> None:
        """Make room for so many more generations."""
        self._sums = np.pad(self._sums, ((0, 0), (0, more), (0, 0)))
        self.first = {name: np.pad(fact, ((0, 0), (0, more))) for name, fact in self.first.items()}
        self.stages = np.pad(self.stages, ((0, 0), (0, 0), (0, more)), constant_values=-1)

    def _supported(self, world: World) -> NDArray[np.int64]:
        """Return what was paid for each person; of what policies that stand in every world pay, nothing."""
        return world.schemes.used[:, self._helping].sum(axis=1) if self._standing else world.workers.supported

    def _add_up(self, world: World, generation: NDArray[np.int64]) -> None:
        """Add the week to the sums of persons and of weeks."""
        at, discount = self._at, (1.0 + self._rate) ** (-self._at / _YEAR)
        who = (world.workers, self._supported(world), self._last, generation)
        counts = add_people(*who, discount, self._sums, self._skill, self.support[at])
        totals: dict[str, float] = dict(
            zip(("members", "supported", "support", "partners", "encounters"), counts, strict=True)
        )
        for name, column in zip(("td", "sc", "td_space", "sc_space"), self._skill, strict=True):
            totals[name] = float(column.sum())
        self.weekly[:, at] = [float(totals[name]) for name in WEEKLY]

    def _note_schemes(self, world: World, generation: NDArray[np.int64]) -> None:
        """Keep who could, and who did, get support: in the weeks in which a scheme takes applications."""
        w, schemes = world.workers, world.schemes
        first = self._standing
        if len(schemes) == first:
            return
        self.committed[self._at], self.spent[self._at] = schemes.committed[first:], schemes.spent[first:]
        marked = np.zeros(len(w), np.bool_)
        for k, conditions in list(enumerate(self._conditions))[first:]:
            last = schemes.start[k] + schemes.window[k] if schemes.once[k] else schemes.end[k]
            if schemes.applied_for[k] and schemes.start[k] <= self._at < last:
                _mark_eligible(world.week, w, conditions, marked)
        add_stages(schemes, first, self._at, generation, marked, self.stages)


def _family(world: World, family: str) -> NDArray[np.float64]:
    """Return each person's mean skill of a family, as a share of the frontier at the start."""
    return np.asarray(world.workers.skill[:, FAMILIES[family]].sum(axis=1) / 4.0)


def lived(
    model: Engine, weeks: int, each_week: Callable[[World], None] = lambda world: None, standing: int = 0
) -> Record:
    """Let a model that stands at the start live to the horizon, and return what was kept.

    The first ``standing`` policies act in every world, and are none of those that are looked at.
    """
    from coworksim.runs.worker import check_deadline

    record = Record(model.world, weeks, float(model.setup["appraisal.discount_rate"]), standing)
    for _ in range(weeks):
        check_deadline()
        model.step()
        record.note(model.world)
        each_week(model.world)
    record.close(model.world)
    return record
