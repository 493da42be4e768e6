"""Arms at the same net public cost: the size of each is searched for in a few pilot worlds.

A size is a factor on what a policy has a lot of: awards by number and budget, places, hours, machines. What a policy
is (the share of a fee, the price of an hour, who may apply, how long it runs) stays. A factor on density, visitors,
demand or assistance grows by its distance from 1. Budgets grow along, so that they bind as before.

All arms whose size is not found yet share the burnt-in pilots of a round. A size that costs too little is enlarged, one
that costs too much is made smaller, and between two such sizes the next one lies on the straight line, but not too near
an end (a bisection that knows the slope). A search ends within the tolerance; where growing by half or more costs next
to nothing more (the arm cannot spend the budget); where cost moves in steps and the budget lies within one; or after
ten rounds. The size whose cost came nearest is used.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final, Unpack

from coworksim.appraisal.appraisal_folder import PILOTS, TOLERANCE, Change, Equalised
from coworksim.appraisal.replicate import payload, work
from coworksim.files.errors import RunnerError
from coworksim.files.policy_reader import MONEY, REAL
from coworksim.model.policies import KINDS, LEVERS
from coworksim.model.policy import LIMITS, Policy
from coworksim.model.scenario import Scenario
from coworksim.runs.announcement import will_compare
from coworksim.runs.batch import RunCache, run_in_memory
from coworksim.runs.run import Limits, Options, run_of

_ROUNDS: Final = 10
_STEP: Final = 8.0  # most that a size grows or shrinks at a time
_LARGEST: Final = 10_000.0
_FLAT: Final = 0.01  # growth of cost under which an arm counts as exhausted, when its size grows by half or more
_NARROW: Final = 0.02  # sizes that lie this near to each other leave nothing to look for in between
_COST: Final = "public_cost_gbp"


def resized(policies: Sequence[Policy], factor: float) -> tuple[Policy, ...]:
    """Return the policies at another size, each number within the limits of its key.

    >>> one = Policy(name="v", kind="voucher", amount=6000, months=6, end=26, budget=100_000, number=10)
    >>> (two,) = resized([one], 1.5)
    >>> two.budget, two.number, two.amount
    (150000, 15, 6000)
    """
    found = []
    for policy in policies:
        said = policy.model_dump()
        for key in KINDS[policy.kind].scales:
            value = getattr(policy, key)
            if value is None or value == type(policy).model_fields[key].default:
                continue
            low, high, _ = LIMITS[key]
            scaled = 1.0 + (value - 1.0) * factor if key in LEVERS and LEVERS[key].is_factor else value * factor
            scaled = min(max(scaled, low), high)
            said[key] = scaled if key in REAL else math.floor(scaled + 0.5)
        found.append(Policy.model_validate(said))
    return tuple(found)


def changes(before: Sequence[Policy], after: Sequence[Policy]) -> list[Change]:
    """Return every number that differs."""
    found = []
    for one, other in zip(before, after, strict=True):
        for key in KINDS[one.kind].scales:
            values = [getattr(policy, key) for policy in (one, other)]
            if values[0] != values[1]:
                scale = 100.0 if key in MONEY else 1.0
                found.append(Change(one.name, key, LIMITS[key][2], *(value / scale for value in values)))
    return found


@dataclass
class Search:
    """The search for one arm's size: costs by factor, and the factor to try next (None: it is over)."""

    policies: tuple[Policy, ...]
    budget: float
    costs: dict[float, float] = field(default_factory=dict)
    trial: float | None = 1.0
    verdict: str = "open"

    @property
    def best(self) -> float:
        """The factor whose cost came nearest to the budget; of equally near ones the smallest."""
        return min(sorted(self.costs), key=lambda factor: abs(self.costs[factor] - self.budget))

    def note(self, cost: float) -> None:
        """Take the cost of the trial, and decide what to try next."""
        if self.trial is None:
            raise ValueError("the search is over")
        tried, self.trial = self.trial, None
        self.costs[tried] = cost
        if abs(cost - self.budget) <= TOLERANCE * self.budget:
            self.verdict = "met"
        elif cost <= 0.0 and len(self.costs) == 1:
            self.verdict = "nothing"
        elif self._exhausted():
            self.verdict = "short"
        else:
            self._go_on()

    def _exhausted(self) -> bool:
        """Whether the last growth by half or more of a size that costs too little brought next to nothing."""
        low = [factor for factor, cost in sorted(self.costs.items()) if cost < self.budget]
        if len(low) < len(self.costs) or len(low) < 2:
            return False
        before, last = self.costs[low[-2]], self.costs[low[-1]]
        same = resized(self.policies, low[-1]) == resized(self.policies, low[-2])
        return same or low[-1] >= _LARGEST or (low[-1] >= 1.5 * low[-2] and last <= (1.0 + _FLAT) * before)

    def _go_on(self) -> None:
        low = max((f for f, cost in self.costs.items() if cost < self.budget), default=None)
        high = min((f for f, cost in self.costs.items() if cost > self.budget), default=None)
        if high is None:
            assert low is not None
            ratio = self.budget / max(self.costs[low], self.budget / _STEP)
            self.trial = min(low * max(ratio, 1.5), _LARGEST)
        elif low is None:
            self.trial = high * max(self.budget / self.costs[high], 1.0 / _STEP)
        else:
            self._between(min(low, high), max(low, high))

    def _between(self, low: float, high: float) -> None:
        """Try the place between two sizes where a line would meet the budget, kept off the ends."""
        slope = (self.costs[high] - self.costs[low]) / (high - low)
        place = low + (self.budget - self.costs[low]) / slope if slope > 0.0 else (low + high) / 2.0
        trial = min(max(place, low + 0.1 * (high - low)), high - 0.1 * (high - low))
        sized = resized(self.policies, trial)
        ends = (resized(self.policies, low), resized(self.policies, high))
        if sized in ends or high - low <= _NARROW * high:
            self.verdict = "coarse"
        else:
            self.trial = trial


def equalised(
    scenario: Scenario,
    arms: Mapping[str, Sequence[Policy]],
    budget: float,
    *,
    seed: int,
    cache: RunCache | None = None,
    **options: Unpack[Options],
) -> dict[str, Equalised]:
    """Return each arm at the size at which its net public cost, GBP, is the budget. Raises RunnerError on a failure."""
    searches = {name: Search(tuple(policies), budget) for name, policies in arms.items()}
    for search in searches.values():
        if not search.policies:
            search.note(0.0)
    for at_round in range(1, _ROUNDS + 1):
        going = {name: search for name, search in searches.items() if search.trial is not None}
        if not going:
            break
        trials = [resized(search.policies, search.trial or 1.0) for search in going.values()]
        runs = [run_of(work, k, payload(scenario, trials, seed, k, only=[_COST])) for k in range(PILOTS)]
        says = f"Equal cost, round {at_round} of at most {_ROUNDS}. {will_compare(len(runs), len(trials))}"
        outcomes = run_in_memory(
            runs, work, cache, Limits(**options), says=says
        )  # first worlds of the appraisal itself
        if failed := outcomes.failed():
            raise RunnerError(f"a pilot did not succeed; {failed[0].partition(': ')[2]}")
        for at, search in enumerate(going.values()):
            search.note(fmean(outcome.values[f"{at}\t{_COST}"] for outcome in outcomes.done.values()))
    found = {}
    for name, search in searches.items():
        policies = resized(search.policies, search.best)
        changed, tried = tuple(changes(search.policies, policies)), search.costs
        found[name] = Equalised(name, policies, changed, budget, tried[1.0], tried[search.best], search.verdict)
    return found
