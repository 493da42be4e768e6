"""Worlds in pairs: one burnt-in world, forked for each arm, and what is kept of every person and week.

No policy acts before the opening, so that one burn-in serves all arms. A person is an entity key. A key names a place
of a region and how many people had it before, so that the same person has the same row in every world, and (row,
generation since the fork) names a person in arrays. Who comes and goes does not depend on policies today; should it one
day, person-weeks whose key lives in one world only are in the totals of that world, in no stratum, and are counted as
``unmatched``.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import kernel
from coworksim.model.mechanisms.helpers.eligibility import Conditions, conditions_of, may_apply
from coworksim.model.mechanisms.turnover import GENERATIONS
from coworksim.model.model import CoworkingModel
from coworksim.model.policy import Policy
from coworksim.model.scenario import Region, Scenario
from coworksim.model.state import rng, snapshot
from coworksim.model.state.people import SPACE_RESOURCE, SPACE_SOCIAL, Population
from coworksim.model.state.policy_state import AWARDED, IN_USE, Schemes
from coworksim.model.state.rng import SCHEME, RunKey, exponential, uniform, word
from coworksim.model.state.world import Posting, World

#: Families of skills and their columns.
FAMILIES: Final = {"td": slice(4, 8), "sc": slice(0, 4)}
#: What is summed by person over weeks: skill in shares of the frontier, money in pence, hours; ``_now``: discounted.
SUMS: Final = (
    "weeks", "td", "sc", "td_space", "sc_space", "earned", "earned_now", "outside_hours", "employer_hours",
    "encounter_hours", "encounter_hours_now",
)  # fmt: skip  # a list of names
#: What is summed by week over people.
WEEKLY: Final = ("members", "supported", "support", "td", "sc", "td_space", "sc_space", "partners", "encounters")
_CUMULATED: Final = ("earned", "supported", "outside_hours_total", "partners_new", "encounters")
_YEAR: Final = 52.0

type _Person = tuple[NDArray[np.int64], NDArray[np.int64]]  # row and generation


@kernel
def _draw_hassle(run: RunKey, key: NDArray[np.uint32], code: NDArray[np.int64], hassle: NDArray[np.float64]) -> None:
    """Draw how much of a hassle each scheme is to each person, as at his or her coming."""
    for i in range(len(key)):
        for k in range(hassle.shape[1]):
            hassle[i, k] = exponential(uniform(word(run, np.uint64(key[i]), SCHEME, 0, 2 * code[k])))


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


def burnt_in(scenario: Scenario, seed: int, replicate: int) -> CoworkingModel:
    """Return a model of the scenario without policies, in the week of the opening."""
    model = CoworkingModel(scenario.model_copy(update={"policies": ()}), seed, replicate, collect=False)
    for _ in range(scenario.burn_in_weeks):
        model.step()
    return model


def forked(model: CoworkingModel, policies: tuple[Policy, ...]) -> CoworkingModel:
    """Return a copy of a burnt-in model that goes on under ``policies``, as if they had always been declared."""
    rng.forget_draws()
    scenario = model.setup.model_copy(update={"policies": policies})
    world = snapshot.fork(model.world)
    schemes = Schemes.of(scenario, len(world.workers), len(world.spaces))
    _draw_hassle(world.run, world.workers.key, schemes.code, schemes.hassle)
    schemes.aware[:] = not scenario.mechanisms["awareness"]
    world = dataclasses.replace(world, scenario=scenario, schemes=schemes)
    return CoworkingModel(scenario, model.seed, world=world, collect=False)


class Record:
    """What is kept of one world from the opening on.

    By week and row: ``key``, ``space`` (row, -1 none), ``plan``, ``days``, ``status``, ``support`` (pence). By row and
    generation since the fork (a person): ``sums`` (first index as SUMS) and the facts of the first week in which the
    person was seen: ``first``. By week and space: ``open``, ``price``, ``members``, ``cash``, ``desks``,
    ``desk_days``. By week: ``weekly``. Support, and who could have it, leave out the first ``standing`` policies.
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
        self.sums = np.zeros((len(SUMS), people, 1))
        self.first = {name: np.zeros((people, 1)) for name in ("status", "occupation", "career", "income")}
        self.eligible, self.awarded, self.heard = (np.zeros((people, 1), np.bool_) for _ in range(3))
        self.open = np.zeros((weeks, spaces), np.bool_)
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
        self._seen = world.workers.key.copy()
        self._before: dict[str, NDArray[Any]] = {n: self._total(world, n) for n in _CUMULATED}
        self._posted = len(world.ledger.postings)
        self.deviation = {f: float(_family(world, f).std()) for f in FAMILIES}

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
        more = int(generation.max()) + 1 - self.sums.shape[2]
        if more > 0:
            self._widen(more)
        new = w.key != self._seen
        self._seen = w.key.copy()
        for name, column in (("key", w.key), ("space", w.member_of), ("plan", w.plan), ("status", w.status)):
            getattr(self, name)[at] = column
        self.days[at] = w.days_present
        now = {name: self._total(world, name) for name in _CUMULATED}  # columns that count up: a newcomer's begin at 0
        steps = {name: column - np.where(new, 0, self._before[name]) for name, column in now.items()}
        self._before = now
        self.support[at] = steps["supported"]
        person = (self._rows, generation)
        self._add_up(world, person, steps)
        facts: dict[str, NDArray[Any]] = {
            "status": w.status,
            "occupation": w.occupation,
            "career": w.career_start + (world.week - w.entered) / _YEAR,
            "income": w.income,
        }
        rows = np.flatnonzero(new) if at else self._rows  # as it stood when a person was first seen
        for name, fact in facts.items():
            self.first[name][rows, generation[rows]] = fact[rows]
        self._note_schemes(world, person)
        spaces = world.spaces
        for name in ("open", "price", "members", "cash", "desks", "desk_days"):
            getattr(self, name)[at] = getattr(spaces, name)
        self._at += 1

    def close(self, world: World) -> None:
        """Keep what is only looked at when the horizon is reached."""
        w, ties = world.workers, world.ties
        posted = world.ledger.postings[self._posted :]
        self.postings = [posting._replace(week=posting.week - world.opening) for posting in posted]
        one, other = ties.source[: len(ties)], ties.target[: len(ties)]
        across = {name: getattr(w, name)[one] != getattr(w, name)[other] for name in ("region", "occupation")}
        self.ties = {"all": float(len(ties))} | {name: float(np.count_nonzero(x)) for name, x in across.items()}
        self.last = {family: _family(world, family) for family in FAMILIES} | {"income": w.income.copy()}
        self.channels = w.gain.mean(axis=0)

    def _widen(self, more: int) -> None:
        """Make room for so many more generations."""
        self.sums = np.pad(self.sums, ((0, 0), (0, 0), (0, more)))
        self.first = {name: np.pad(fact, ((0, 0), (0, more))) for name, fact in self.first.items()}
        for name in ("eligible", "awarded", "heard"):
            setattr(self, name, np.pad(getattr(self, name), ((0, 0), (0, more))))

    def _total(self, world: World, name: str) -> NDArray[Any]:
        """Return a column that counts up; of support what policies that stand in every world do not pay."""
        if name == "supported" and self._standing:
            return np.asarray(world.schemes.used[:, self._helping].sum(axis=1))
        return np.array(getattr(world.workers, name))

    def _add_up(self, world: World, person: _Person, steps: dict[str, NDArray[Any]]) -> None:
        """Add the week to the sums of persons and of weeks."""
        w = world.workers
        now = (1.0 + self._rate) ** (-self._at / _YEAR)
        gained = w.gain[:, :, SPACE_SOCIAL] + w.gain[:, :, SPACE_RESOURCE]
        inside = {"td_space": gained[:, 1], "sc_space": gained[:, 0]}
        skill = {family: _family(world, family) for family in FAMILIES} | inside
        added = skill | {
            "weeks": np.ones(len(w)),
            "earned": steps["earned"],
            "earned_now": steps["earned"] * now,
            "outside_hours": steps["outside_hours_total"],
            "employer_hours": w.employer_hours,
            "encounter_hours": w.encounter_hours,
            "encounter_hours_now": w.encounter_hours * now,
        }
        place = person[0] * self.sums.shape[2] + person[1]
        flat = self.sums.reshape(len(SUMS), -1)  # a view; one index is looked up faster than two
        for at, name in enumerate(SUMS):
            flat[at][place] += added[name]
        totals = {name: float(column.sum()) for name, column in skill.items()} | {
            "members": float(np.count_nonzero(w.member_of >= 0)),
            "supported": float(np.count_nonzero(steps["supported"])),
            "support": float(steps["supported"].sum()),
            "partners": float(steps["partners_new"].sum()),
            "encounters": float(steps["encounters"].sum()),
        }
        self.weekly[:, self._at] = [totals[name] for name in WEEKLY]

    def _note_schemes(self, world: World, person: _Person) -> None:
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
        state = schemes.state[:, first:]
        awarded = ((state == AWARDED) | (state == IN_USE)).any(axis=1)
        self.awarded[person] |= awarded
        self.eligible[person] |= marked | awarded  # whoever joined in the very week is a member by its end
        self.heard[person] |= schemes.aware[:, first:].any(axis=1)


def _family(world: World, family: str) -> NDArray[np.float64]:
    """Return each person's mean skill of a family, as a share of the frontier at the opening."""
    return np.asarray(world.workers.skill[:, FAMILIES[family]].sum(axis=1) / 4.0)


def lived(
    model: CoworkingModel, weeks: int, each_week: Callable[[World], None] = lambda world: None, standing: int = 0
) -> Record:
    """Let a model that stands at the opening live to the horizon, and return what was kept.

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
