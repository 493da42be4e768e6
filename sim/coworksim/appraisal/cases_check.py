"""Whether a case holds: its worlds in pairs, every statement judged in them, and what was measured where one fails."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import fmean
from typing import Final

import numpy as np

from coworksim.appraisal.cases import Case, aimed
from coworksim.appraisal.cases_statements import Comparison, Law, Measure, Statement
from coworksim.appraisal.distribution import distribution
from coworksim.appraisal.measures import Pair, terms
from coworksim.appraisal.money import money
from coworksim.appraisal.pairs import Record, burnt_in, forked
from coworksim.model.model import CoworkingModel
from coworksim.model.policy import Policy
from coworksim.model.state.world import Posting, World

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
    """A world from opening to horizon: what an appraisal keeps, and what each region was in the end of each week."""

    model: CoworkingModel
    record: Record
    regions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A pair of worlds of a case, and its numbers."""

    case: Case
    there: Life
    here: Life
    numbers: Mapping[str, float]
    turned: Life | None  # the policies in the opposite order


def check_case(case: Case) -> list[Verdict]:
    """Try a case in all its replicates, and judge every statement."""
    return judge(case, [tried(case, replicate) for replicate in range(case.replicates)])


def tried(case: Case, replicate: int) -> Trial:
    """Return one pair of worlds of a case."""
    policies = case.scenario.policies
    model = burnt_in(case.scenario, case.seed, replicate)
    here, there = _lived(model, ()), _lived(model, policies)
    turns = any(isinstance(one, Law) and one.name == "same in any order" for one in case.expect)
    pair = Pair(there.model.setup, there.record, here.record)
    groups = distribution(pair)
    numbers = terms(pair) | groups | money(pair, groups["weighted_output_gain_gbp"])
    return Trial(case, there, here, numbers, _lived(model, policies[::-1]) if turns else None)


def _lived(burnt: CoworkingModel, policies: Sequence[Policy]) -> Life:
    model = forked(burnt, tuple(policies))
    weeks = model.setup.weeks
    record = Record(model.world, weeks, float(model.setup["appraisal.discount_rate"]))
    regions = []
    for _ in range(weeks):
        model.step()
        record.note(model.world)
        regions.append(_regions(model.world))
    record.close(model.world)
    return Life(model, record, tuple(regions))


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


def judge(case: Case, trials: Sequence[Trial]) -> list[Verdict]:
    """Judge every statement of a case."""
    return [_compared(one, trials) if isinstance(one, Comparison) else _obeyed(one, trials) for one in case.expect]


def _compared(one: Comparison, trials: Sequence[Trial]) -> Verdict:
    """Judge a comparison, by the mean or in every replicate; the first that fails is told."""
    if one.average:
        left, right = _value(one.measure, trials), _right(one.amount, trials)
        return Verdict(one, _holds(one, left, right), f"{_told(one, left, right)} on average over {len(trials)}")
    lefts = [_value(one.measure, [trial]) for trial in trials]
    rights = [_right(one.amount, [trial]) for trial in trials]
    bad = [k for k in range(len(trials)) if not _holds(one, lefts[k], rights[k])]
    if not bad:
        low, high = min(lefts), max(lefts)
        span = _shown(low, one.measure) if low == high else f"{_shown(low, one.measure)} to {_shown(high, one.measure)}"
        return Verdict(one, True, span)
    where = f" in replicate {bad[0]}; it fails in {len(bad)} of {len(trials)}" if len(trials) > 1 else ""
    return Verdict(one, False, _told(one, lefts[bad[0]], rights[bad[0]]) + where)


def _right(amount: float | Measure, trials: Sequence[Trial]) -> float:
    return _value(amount, trials) if isinstance(amount, Measure) else amount


def _value(measure: Measure, trials: Sequence[Trial]) -> float:
    """Return the mean over trials, or the ratio of means; NaN where there is none."""
    above = fmean(trial.numbers.get(measure.above, math.nan) for trial in trials)
    if not measure.below:
        return above
    below = fmean(trial.numbers.get(measure.below, math.nan) for trial in trials)
    return above / below if below else math.nan


def _holds(one: Comparison, left: float, right: float) -> bool:
    if math.isnan(left) or math.isnan(right):
        return False
    slack = _HALF_A_PENNY if one.measure.unit == "GBP" else _CLOSE * max(1.0, abs(right))
    equal = abs(left - right) <= (slack if one.within is None else one.within + _CLOSE)
    decide: dict[str, Callable[[], bool]] = {
        "=": lambda: equal,
        "!=": lambda: not equal,
        "<=": lambda: equal or left < right,
        ">=": lambda: equal or left > right,
        "<": lambda: left < right and not equal,
        ">": lambda: left > right and not equal,
    }
    return decide[one.sign]()


def _told(one: Comparison, left: float, right: float) -> str:
    words = _shown(left, one.measure)
    return f"{words}, against {_shown(right, one.amount)}" if isinstance(one.amount, Measure) else words


def _shown(value: float, measure: Measure) -> str:
    if math.isnan(value):
        why = f"{measure.below} is 0" if measure.below else "the horizon comes before, or nothing was paid"
        return f"undefined ({why})"
    return f"{value:,.2f} GBP" if measure.unit == "GBP" else f"{value:.10g} {measure.unit}"


def _obeyed(law: Law, trials: Sequence[Trial]) -> Verdict:
    """Judge a law in every replicate."""
    for replicate, trial in enumerate(trials):
        broken = _BREACHES[law.name](law, trial)
        if broken:
            return Verdict(law, False, f"{broken} in replicate {replicate}")
    return Verdict(law, True, "")


def _outside(law: Law, trial: Trial) -> str:
    """Say where and when something differs outside the target."""
    scenario = trial.case.scenario
    start = min(policy.start for policy in scenario.policies)
    weeks = scenario.weeks if law.weeks is None else min(start + law.weeks, scenario.weeks)
    away = [k for k, r in enumerate(scenario.regions) if not aimed(scenario.policies, r.name, r.flag)]
    for week in range(weeks):
        for k in away:
            if trial.there.regions[week][k] != trial.here.regions[week][k]:
                return f"{scenario.regions[k].name} differs from week {week} on"
    return ""


def _differs(one: Life, other: Life, *, ordered: bool) -> str:
    for week, (a, b) in enumerate(zip(one.regions, other.regions, strict=True)):
        if a != b:
            return f"people or spaces differ from week {week} on"
    books = [life.record.postings if ordered else sorted(life.record.postings) for life in (one, other)]
    return "" if books[0] == books[1] else "postings differ"


def _purposes(postings: Sequence[Posting]) -> Counter[str]:
    paid: Counter[str] = Counter()
    for posting in postings:
        paid[posting.purpose] += posting.pence
    return paid


def _pence(_: Law, trial: Trial) -> str:
    """Say where books and accounts disagree."""
    for life in (trial.there, trial.here):
        world, record = life.model.world, life.record
        balances: Counter[str] = Counter()
        for posting in world.ledger.postings:
            balances[posting.payer] -= posting.pence
            balances[posting.payee] += posting.pence
        if dict(balances) != world.ledger.balances or sum(balances.values()) != 0:
            return "the balances are not the sums of the postings"
        paid = _purposes(record.postings)
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


def _in_order(_: Law, trial: Trial) -> str:
    return _differs(trial.there, trial.turned, ordered=False) if trial.turned else "not tried"


_BREACHES: Final[Mapping[str, Callable[[Law, Trial], str]]] = {
    "no effect outside the target region": _outside,
    "same as without": lambda _, trial: _differs(trial.there, trial.here, ordered=True),
    "same in any order": _in_order,
    "pence paid = pence received": _pence,
    "budgets hold to the penny": _budget,
}
