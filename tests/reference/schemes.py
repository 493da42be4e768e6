"""Schemes of the plain twin: who applies for help with the fee of a space, who gets it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp
from typing import TYPE_CHECKING, ClassVar

from coworksim.model.parameters.skills import OCCUPATIONS

from .laws import rounded, weekly
from .programmes import code_of
from .wishes import expected_most

if TYPE_CHECKING:
    from coworksim.model.policy import Policy

    from .agents import Worker
    from .model import PlainModel
    from .space import Manager

type Plan = tuple[Manager, int, float]
type Plans = list[Plan]

__all__ = ["APPLIED", "AWARDED", "IN_USE", "NONE", "OVER", "Plans", "Scheme"]

NONE, APPLIED, AWARDED, IN_USE, OVER = range(5)


class Scheme:
    """Help with fees. Pence: ``committed`` is promised and not given back, ``spent`` has been paid out."""

    helps_with_fees: ClassVar[bool] = True

    def __init__(self, number: int, policy: Policy) -> None:
        self.number = number
        self.policy = policy
        self.name = policy.name
        self.code = code_of(policy.name)
        self.term = rounded((policy.months or 0) * 52 / 12)
        self.lag = policy.lag
        self.last_application = policy.end
        self.draw_week: int | None = None
        if policy.award in ("lottery", "means"):
            self.last_application = self.draw_week = policy.start + policy.window
        self.awarded = 0
        self.lapsed = 0
        self.committed = 0
        self.spent = 0

    def most(self, fee: int) -> int:
        """Pence a week granted towards a fee: an amount, or a share of it up to an amount."""
        policy = self.policy
        if policy.kind == "voucher":
            return weekly(policy.amount or 0)
        if policy.kind != "membership_subsidy":
            return 0
        share = rounded((policy.share or 0) * fee)
        return share if policy.amount is None else min(share, weekly(policy.amount))

    def worth(self, worker: Worker) -> int:
        """Pence granted over the whole term, at a hot desk in the nearest open space (0 if there is none)."""
        nearest = min(
            ((km, space.row, space.fees[1]) for space, km in worker.candidates if space.open), default=(0, 0, 0)
        )
        fee = nearest[2]
        return min(fee, self.most(fee)) * self.term

    def is_usable(self, worker: Worker, week: int) -> bool:
        """Whether the award pays this week."""
        if worker.scheme_state[self.number] not in (AWARDED, IN_USE):
            return False
        begins = worker.award_week[self.number] + self.lag
        return begins <= week < begins + self.term

    def is_eligible(self, worker: Worker, week: int) -> bool:
        """Whether the worker may apply: career stage, income, occupation, status, region, membership."""
        who = self.policy.eligible
        career = worker.career(week)
        return (
            (who.career_below is None or career < who.career_below)
            and (who.career_from is None or career >= who.career_from)
            and (who.income_below is None or worker.income < who.income_below)
            and (not who.occupations or OCCUPATIONS[worker.occupation] in who.occupations)
            and (not who.statuses or worker.status in who.statuses)
            and (not who.regions or worker.area.name in who.regions or worker.area.flag in who.regions)
            and not (who.non_members and self._was_member_lately(worker, week))
        )

    def _was_member_lately(self, worker: Worker, week: int) -> bool:
        """Whether a member now, or within the months that the scheme asks for."""
        months = rounded(self.policy.eligible.away_months * 52 / 12)
        return worker.member or week - worker.last_member <= months

    def is_on_its_way(self, worker: Worker, week: int) -> bool:
        """Whether an award has been made that has not begun."""
        return worker.scheme_state[self.number] == AWARDED and week < worker.award_week[self.number] + self.lag

    def keeps_outside(self, worker: Worker, week: int) -> bool:
        """Whether a non-member waits for it."""
        waits = worker.scheme_state[self.number] == APPLIED or self.is_on_its_way(worker, week)
        return self.policy.eligible.non_members and waits

    def close_out(self, worker: Worker, week: int) -> None:
        """End an award that was not begun in time, lies unused for 8 weeks, or is over; what is left goes back.

        One that was never used may be applied for again, but where awards are made once.
        """
        k = self.number
        begins = worker.award_week[k] + self.lag
        never = worker.scheme_state[k] == AWARDED
        late = week > begins + self.policy.redeem if never else week > worker.scheme_last_used[k] + 8
        if late or week >= begins + self.term:
            self.give_back(worker)
            worker.scheme_state[k] = NONE if never and self.draw_week is None else OVER

    def give_back(self, worker: Worker) -> None:
        """Return what an award has not spent, and the place of one that was never used."""
        state = worker.scheme_state[self.number]
        if state in (AWARDED, IN_USE):
            self.committed -= worker.scheme_cost[self.number] - worker.scheme_used[self.number]
        self.lapsed += state == AWARDED

    def pay(self, worker: Worker, part: int) -> None:
        """Pay a part of a fee."""
        if part:
            worker.scheme_used[self.number] += part
            worker.scheme_state[self.number] = IN_USE
            worker.scheme_last_used[self.number] = worker.model.week
            worker.supported_pence += part
            self.spent += part

    def hassle(self, worker: Worker, week: int) -> float:
        """Cost of applying in GBP, more early in a career and with little skill; drawn once per person."""
        rules = worker.rules
        early = rules.early_hassle * (1 - worker.standing()) * exp(-worker.career(week) / 5)
        return rules.hassle * (1 + early) * worker.reluctance[self.number] / worker.area.help.assistance

    def consider(self, worker: Worker, plans: Plans, week: int) -> None:
        """At a look: apply, renew or withdraw an application, or give up an award on its way."""
        k, since, policy = self.number, week - worker.model.start, self.policy
        on = worker.model.inputs.mechanisms["schemes"]
        if not on or not policy.start <= since < self.last_application:
            return
        if policy.through_spaces and any(s.open and s.ordinal in worker.aware for s, _ in worker.candidates):
            worker.schemes_known.add(k)
        state = worker.scheme_state[k]
        pending = state == APPLIED or (policy.eligible.non_members and self.is_on_its_way(worker, week))
        open_to = state == NONE and k in worker.schemes_known
        if not (pending or open_to) or not self.is_eligible(worker, week):
            return
        gain, promise = self.weigh(worker, plans, week)
        if gain > self.hassle(worker, week):
            if state != AWARDED:
                worker.scheme_state[k] = APPLIED
                worker.scheme_cost[k] = promise
        elif pending:
            self.give_back(worker)
            worker.scheme_state[k] = NONE

    def weigh(self, worker: Worker, plans: Plans, week: int) -> tuple[float, int]:
        """What applying is worth in GBP, and the pence of an award."""
        supported = worker.plans(week, self)
        best = max(supported, key=lambda one: one[2] + worker.wish(*one[:2]), default=None)
        if best is not None and best[2] + worker.wish(*best[:2]) <= worker.wish(None):
            best = None
        fee = best[0].fees[best[1]] if best else 0
        promise = self.worth(worker) if self.is_far(worker) else min(fee, self.most(fee)) * self.term
        return self._gain(worker, plans, supported, best, week), promise

    def _gain(self, worker: Worker, plans: Plans, supported: Plans, best: Plan | None, week: int) -> float:
        """What applying is worth in GBP, the delay of those who must wait outside taken off."""
        pound, rules = worker.pound(), worker.rules
        if pound <= 0:
            return 0.0
        if self.is_far(worker):
            usual, more = (expected_most([value for _, _, value in o], rules.dissimilarity) for o in (plans, supported))
            return (more - usual) / pound * self.term - self.delay(worker, plans, week)
        if best is None:
            return 0.0
        grown = best[2] + rules.membership_habit - (worker.habit() if best[0] is worker.space else 0.0)
        use = self.weeks_of_use(1 / rules.review_weeks / (1 + exp(grown)))
        more = max(0.0, best[2] + worker.wish(*best[:2]) - _best_today(worker, plans))
        return self.chance_to_keep(worker, week) * more / pound * use - self.delay(worker, plans, week)

    def is_far(self, worker: Worker) -> bool:
        """Whether people weigh the mean over all wishes, not the wish of the look: awards made once are far ahead."""
        return self.draw_week is not None or worker.rules.plans_ahead

    def weeks_to_wait(self, worker: Worker, week: int) -> int:
        """Weeks until an award begins."""
        if worker.scheme_state[self.number] == AWARDED:
            return int(worker.award_week[self.number] + self.lag - week)
        if self.draw_week is not None:
            return int(self.draw_week + worker.model.start - week + self.lag)
        return 1 + self.lag

    def weeks_of_use(self, risk: float) -> float:
        """Weeks of the term in which an award is used, where use ends with such a risk a week."""
        return (1 - (1 - risk) ** self.term) / risk if risk * self.term >= 1e-9 else self.term

    def chance_to_keep(self, worker: Worker, week: int) -> float:
        """Chance that the wish of the look is still the same when the award begins."""
        return float((1 - 1 / worker.rules.intent_weeks) ** (self.weeks_to_wait(worker, week) - 1))

    def delay(self, worker: Worker, plans: Plans, week: int) -> float:
        """GBP that it costs to stay outside until the award begins, where it is for non-members."""
        if not self.policy.eligible.non_members:
            return 0.0
        if self.is_far(worker):
            lost = expected_most([value for _, _, value in plans], worker.rules.dissimilarity)
        else:
            lost = _best_today(worker, plans) - worker.wish(None)
        return self.weeks_to_wait(worker, week) * lost / worker.pound()

    def live(self, model: PlainModel, since: int) -> None:
        """A week: awards end, awards are made."""
        k, week = self.number, model.week
        takes = self.policy.start <= since < self.last_application
        for worker in model.workers:
            if worker.scheme_state[k] in (AWARDED, IN_USE):
                self.close_out(worker, week)
        if since == self.draw_week or (self.draw_week is None and (takes or since == self.last_application)):
            self.award([worker for worker in model.workers if worker.scheme_state[k] == APPLIED], model)
            if since == self.last_application:
                for worker in model.workers:
                    if worker.scheme_state[k] == APPLIED:
                        worker.scheme_state[k] = NONE

    def award(self, applicants: Iterable[Worker], model: PlainModel) -> None:
        """Go through the applicants in an order by lot, and award while number and budget allow.

        By means, the least income comes first. Whoever does not fit waits, and is out of it where there is a window.
        """
        k, week, priority = self.number, model.week, model.source.priority
        by_means = self.policy.award == "means"
        queue = sorted(
            (worker.income if by_means else 0.0, priority("scheme", worker.key, week, 2 * self.code + 1), worker.key)
            for worker in applicants
        )
        for _, _, key in queue:
            worker = model.worker_by_key[key]
            cost = worker.scheme_cost[k]
            within = self.policy.number is None or self.awarded - self.lapsed < self.policy.number
            if within and self.committed + cost <= self.policy.budget:
                worker.scheme_state[k] = AWARDED
                worker.scheme_used[k] = 0
                worker.award_week[k] = week
                self.awarded += 1
                self.committed += cost
            elif self.draw_week is not None:
                worker.scheme_state[k] = OVER


def _best_today(worker: Worker, plans: Plans) -> float:
    """The best of today's plans and staying outside, by the wish of the look."""
    return max([worker.wish(None), *(value + worker.wish(space, plan) for space, plan, value in plans)])
