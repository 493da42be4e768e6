"""Whether a case holds: its worlds in pairs, every statement judged in them, and what was measured where one fails."""

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import fmean
from typing import Final, Self

import numpy as np

from coworksim.appraisal.cases import Case
from coworksim.appraisal.cases_statements import Comparison, Law, Measure, Statement
from coworksim.appraisal.measures import Pair
from coworksim.appraisal.money import by_region, every_number
from coworksim.appraisal.pairs import Record, aimed, lived
from coworksim.model.policy import Policy
from coworksim.model.state.world import World
from coworksim.model.weeks import Engine
from coworksim.runs.announcement import counted
from coworksim.runs.opening import burnt_in, forked

_CLOSE: Final = 1e-9
_HALF_A_PENNY: Final = 0.005


@dataclass(frozen=True, slots=True)
class Verdict:
    """A statement, whether it holds, and what was measured."""

    statement: Statement
    holds: bool
    measured: str


@dataclass(frozen=True, slots=True)
class Life:
    """A world from the start to the horizon: what an appraisal keeps, and each region at the end of each week."""

    model: Engine
    record: Record
    regions: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, burnt: Engine, policies: Sequence[Policy]) -> Self:
        """Let a burnt-in world live under policies."""
        model, regions = forked(burnt, tuple(policies)), list[tuple[str, ...]]()
        record = lived(model, model.setup.weeks, lambda world: regions.append(_regions(world)))
        return cls(model, record, tuple(regions))


def _regions(world: World) -> tuple[str, ...]:
    """Return a digest of the people and spaces of each region."""
    found = []
    for region in range(len(world.regions.names)):
        seal = sha256()
        for part in (world.workers, world.spaces):
            rows = part.region == region
            for column in dataclasses.fields(part):
                values = getattr(part, column.name)
                if isinstance(values, np.ndarray) and len(values) == len(rows):
                    seal.update(values[rows].tobytes())
        found.append(seal.hexdigest())
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Trial:
    """A pair of worlds of a case, and its numbers."""

    case: Case
    there: Life
    here: Life
    numbers: Mapping[str, float]
    turned: Life | None  # the policies in the opposite order


def will_check(cases: Sequence[Case]) -> str:
    """Say how many worlds it takes to check cases."""
    worlds = sum(case.replicates * (2 + _turns(case)) for case in cases)
    return f"To do: {counted(len(cases), 'case')}: {counted(worlds, 'world')}."


def _turns(case: Case) -> bool:
    """Whether a case needs a world with the policies in the opposite order."""
    return any(isinstance(one, Law) and one.name == "same in any order" for one in case.expect)


def tried(case: Case, replicate: int) -> Trial:
    """Return one pair of worlds of a case."""
    policies = case.scenario.policies
    model = burnt_in(case.scenario, case.seed, replicate)
    here, there = Life.of(model, ()), Life.of(model, policies)
    pair = Pair(there.model.setup, there.record, here.record)
    numbers = by_region(pair) | every_number(pair)  # a region called as a kind of regions stands back
    return Trial(case, there, here, numbers, Life.of(model, policies[::-1]) if _turns(case) else None)


def check_case(case: Case) -> list[Verdict]:
    """Try a case in all its replicates, and judge every statement."""
    return judge(case, [tried(case, replicate) for replicate in range(case.replicates)])


def judge(case: Case, trials: Sequence[Trial]) -> list[Verdict]:
    """Judge every statement of a case."""
    return [_compared(one, trials) if isinstance(one, Comparison) else _obeyed(one, trials) for one in case.expect]


def _compared(one: Comparison, trials: Sequence[Trial]) -> Verdict:
    """Judge a comparison, by the mean or in every replicate; the first that fails is told."""
    if one.average:
        left, right = (_value(side, trials) for side in (one.measure, one.amount))
        return Verdict(one, _holds(one, left, right), f"{_shown(one, left, right)} on average over {len(trials)}")
    lefts, rights = ([_value(side, [trial]) for trial in trials] for side in (one.measure, one.amount))
    bad = [k for k in range(len(trials)) if not _holds(one, lefts[k], rights[k])]
    if not bad:
        span = dict.fromkeys(_number(limit, one.measure) for limit in (min(lefts), max(lefts)))
        return Verdict(one, True, " to ".join(span))
    where = f" in replicate {bad[0]}; it fails in {len(bad)} of {len(trials)}" if len(trials) > 1 else ""
    return Verdict(one, False, _shown(one, lefts[bad[0]], rights[bad[0]]) + where)


def _value(side: float | Measure, trials: Sequence[Trial]) -> float:
    """Return an amount, or the mean of a measure over trials, or the ratio of means; NaN where there is none."""
    if not isinstance(side, Measure):
        return side
    means = [fmean(trial.numbers.get(name, math.nan) for trial in trials) for name in (side.above, side.below) if name]
    if not side.below:
        return means[0]
    return means[0] / means[1] if means[1] else math.nan


def _holds(one: Comparison, left: float, right: float) -> bool:
    if math.isnan(left) or math.isnan(right):
        return False
    slack = _HALF_A_PENNY if one.measure.unit == "GBP" else _CLOSE * max(1.0, abs(right))
    equal = abs(left - right) <= (slack if one.within is None else one.within + _CLOSE)
    less, more = left < right and not equal, left > right and not equal
    return {"=": equal, "!=": not equal, "<=": equal or less, ">=": equal or more, "<": less, ">": more}[one.sign]


def _shown(one: Comparison, left: float, right: float) -> str:
    words = _number(left, one.measure)
    return f"{words}, against {_number(right, one.amount)}" if isinstance(one.amount, Measure) else words


def _number(value: float, measure: Measure) -> str:
    if math.isnan(value):
        why = f"{measure.below} is 0" if measure.below else "the horizon comes before, or nothing was paid"
        return f"undefined ({why})"
    return f"{value:,.2f} GBP" if measure.unit == "GBP" else f"{value:.10g} {measure.unit}"


def _obeyed(law: Law, trials: Sequence[Trial]) -> Verdict:
    """Judge a law in every replicate; the first that breaks it is told."""
    for replicate, trial in enumerate(trials):
        if broken := _BREACHES[law.name](law, trial):
            return Verdict(law, False, f"{broken} in replicate {replicate}")
    return Verdict(law, True, "")


def _outside(law: Law, trial: Trial) -> str:
    """Say where and when something differs outside the target."""
    scenario = trial.case.scenario
    start = min(policy.start for policy in scenario.policies)
    weeks = scenario.weeks if law.weeks is None else min(start + law.weeks, scenario.weeks)
    away = [k for k, r in enumerate(scenario.regions) if not aimed(scenario.policies, r)]
    for week, k in itertools.product(range(weeks), away):
        if trial.there.regions[week][k] != trial.here.regions[week][k]:
            return f"{scenario.regions[k].name} differs from week {week} on"
    return ""


def _differs(one: Life, other: Life | None, *, ordered: bool) -> str:
    if other is None:
        return "not tried"
    for week, (a, b) in enumerate(zip(one.regions, other.regions, strict=True)):
        if a != b:
            return f"people or spaces differ from week {week} on"
    books = [life.record.postings if ordered else sorted(life.record.postings) for life in (one, other)]
    return "" if books[0] == books[1] else "postings differ"


def _pence(_: Law, trial: Trial) -> str:
    """Say where books and accounts disagree."""
    for life in (trial.there, trial.here):
        world, record, balances, paid = life.model.world, life.record, Counter[str](), Counter[str]()
        for posting in world.ledger.postings:
            balances[posting.payer] -= posting.pence
            balances[posting.payee] += posting.pence
        if dict(balances) != world.ledger.balances or sum(balances.values()) != 0:
            return "the balances are not the sums of the postings"
        for posting in record.postings:
            paid[posting.purpose] += posting.pence
        support = sum(pence for purpose, pence in paid.items() if purpose.startswith("support:"))
        if support != int(record.support.sum(dtype=np.int64)):
            return f"{support} pence of support in the books, {int(record.support.sum())} in the accounts of people"
        for policy, spent in zip(world.scenario.policies, world.schemes.spent.tolist(), strict=True):
            if paid[f"support:{policy.name}"] + paid[f"policy:{policy.name}"] != spent:
                return f"the postings of {policy.name} are not the {spent} pence that it has spent"
        for s in range(len(world.spaces)) if world.scenario.mechanisms["management"] else ():
            if balances[world.spaces.name(s, world.regions)] != int(world.spaces.cash[s]):
                return f"the cash of {world.spaces.name(s, world.regions)} is not what the books say"
    return ""


def _budget(_: Law, trial: Trial) -> str:
    """Say which policy promises or pays more than it has."""
    record = trial.there.record
    for k, policy in enumerate(trial.case.scenario.policies):
        most = max(int(record.committed[:, k].max()), int(record.spent[:, k].max()))
        if most > policy.budget:
            return f"{policy.name} has {policy.budget / 100:.2f} GBP and promises or pays {most / 100:.2f} GBP"
    return ""


_BREACHES: Final[Mapping[str, Callable[[Law, Trial], str]]] = {
    "no effect outside the target region": _outside,
    "same as without": lambda _, trial: _differs(trial.there, trial.here, ordered=True),
    "same in any order": lambda _, trial: _differs(trial.there, trial.turned, ordered=False),
    "pence paid = pence received": _pence,
    "budgets hold to the penny": _budget,
}
