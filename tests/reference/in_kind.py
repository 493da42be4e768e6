"""Awards of the plain twin that are no help with fees: taught hours, and equipment on loan."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, ClassVar

from .laws import logistic, rounded, weekly
from .programmes import lesson
from .schemes import IN_USE, Plans, Scheme

if TYPE_CHECKING:
    from coworksim.model.policy import Policy

    from .agents import Worker
    from .model import PlainModel

__all__ = ["InKind"]

#: Draws of the stream "training" from here on say what an hour is worth to those who think of applying.
_WORTH = 2**31


class InKind(Scheme):
    """An award of so many pence a week (``flat``), which is used in the weeks in which an hour is worth something."""

    helps_with_fees: ClassVar[bool] = False

    def __init__(self, number: int, policy: Policy) -> None:
        super().__init__(number, policy)
        self.flat = weekly(policy.loan_price) if policy.access > 0 else rounded(policy.hours * policy.hour_price)

    def bring(self, model: PlainModel) -> None:
        """Pay, and let those have it whose award runs, and who wish to learn."""
        paid = 0
        for worker in model.workers:
            if self.is_usable(worker, model.week) and self.value_of_an_hour(worker) > 0:
                worker.scheme_used[self.number] += self.flat
                worker.scheme_state[self.number] = IN_USE
                worker.scheme_last_used[self.number] = model.week
                paid += self.flat
                worker.loan_access = max(worker.loan_access, self.policy.access)
                hours = lesson(worker, self.policy.curriculum, self.policy.hours)
                worker.taught = [a + b for a, b in zip(worker.taught, hours, strict=True)]
        self.spent += paid
        payee = "suppliers" if self.policy.access > 0 else "trainers"
        model.post("treasury", payee, f"policy:{self.name}", paid)

    def value_of_an_hour(self, worker: Worker) -> float:
        """GBP that an hour of it is worth, by the last look; it may be less than nothing."""
        u = worker.model.source.uniform("training", worker.key, worker.look, _WORTH + self.code)
        return worker.rules.hour_worth(u)

    def hours_worth(self, worker: Worker) -> float:
        """Hours of a course that a week of it is worth: those it pays, or those that better access opens."""
        left = max(0.0, worker.learning_hours - worker.inside_hours - worker.training_hours)
        opened = max(0.0, self.policy.access - worker.area.environment.outside_access) * left
        return float(min(self.policy.hours, left) + opened / worker.rules.training_ratio)

    def weigh(self, worker: Worker, plans: Plans, week: int) -> tuple[float, int]:
        """What applying is worth in GBP, and the pence of an award."""
        return self._worth_of_applying(worker, plans, week), self.flat * self.term

    def _worth_of_applying(self, worker: Worker, plans: Plans, week: int) -> float:
        """What a week is worth, at most what it costs to buy, over the weeks of use."""
        rules, hours, price = worker.rules, self.hours_worth(worker), self.flat / 100
        if worker.pound() <= 0 and self.policy.eligible.non_members:
            return 0.0
        middling, spread = rules.hour_value, rules.value_spread
        if self.is_far(worker):
            if not hours:
                return -self.delay(worker, plans, week)
            gain = hours * spread * (_soft(middling / spread) - _soft((middling - price / hours) / spread))
            return gain * self.term - self.delay(worker, plans, week)
        worth = hours * self.value_of_an_hour(worker)
        gain = max(0.0, worth) - max(0.0, worth - price)
        use = self.weeks_of_use(logistic(-middling / spread) / rules.review_weeks)
        return self.chance_to_keep(worker, week) * gain * use - self.delay(worker, plans, week)


def _soft(x: float) -> float:
    """ln(1 + exp(x)), the mean of the positive part of a logistic number around x."""
    return max(x, 0.0) + log(1 + exp(-abs(x)))
