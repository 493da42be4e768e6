"""Schemes of the plain twin: who applies for help with the fee of a space, who gets it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp
from typing import TYPE_CHECKING

from coworksim.model.parameters.skills import OCCUPATIONS

from .laws import rounded, weekly
from .programmes import PROGRAMMES, Programme, code_of, lesson
from .wishes import expected_most

if TYPE_CHECKING:
    from coworksim.model.policy import Policy

    from .agents import Worker
    from .model import PlainModel
    from .space import Manager

type Plan = tuple[Manager, int, float]
type Plans = list[Plan]

__all__ = ["APPLIED", "AWARDED", "IN_USE", "NONE", "OVER", "Scheme", "Schemes"]

NONE, APPLIED, AWARDED, IN_USE, OVER = range(5)


class Scheme:
    """One policy at work. Pence: ``committed`` is promised and not given back, ``spent`` has been paid out."""

    def __init__(self, number: int, policy: Policy) -> None:
        self.number = number
        self.policy = policy
        self.name = policy.name
        self.code = code_of(policy.name)
        self.flat = self._flat()
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

    def _flat(self) -> int:
        """Pence a week for what is no fee: taught hours, or equipment on loan."""
        policy = self.policy
        if policy.kind == "training_voucher":
            return rounded(policy.hours * policy.hour_price)
        return weekly(policy.loan_price) if policy.kind == "equipment_loan" and policy.access > 0 else 0

    def bring(self, model: PlainModel) -> None:
        """Pay for what is no fee, and let those have it whose award runs."""
        paid = 0
        for worker in model.workers if self.flat else ():
            if self.is_usable(worker, model.week):
                worker.scheme_used[self.number] += self.flat
                worker.scheme_state[self.number] = IN_USE
                worker.scheme_last_used[self.number] = model.week
                paid += self.flat
                worker.loan_access = max(worker.loan_access, self.policy.access)
                hours = lesson(worker, self.policy.curriculum, self.policy.hours)
                worker.taught = [a + b for a, b in zip(worker.taught, hours, strict=True)]
        self.spent += paid
        payee = "trainers" if self.policy.kind == "training_voucher" else "suppliers"
        model.post("treasury", payee, f"policy:{self.name}", paid)

    def worth(self, worker: Worker) -> int:
        """Pence granted over the whole term, at a hot desk in the nearest open space (0 if there is none)."""
        nearest = min(
            ((km, space.row, space.fees[1]) for space, km in worker.candidates if space.open), default=(0, 0, 0)
        )
        fee = nearest[2]
        return (min(fee, self.most(fee)) + self.flat) * self.term

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
        """At a look: apply for help with fees, renew or withdraw an application, or give up an award on its way."""
        k, since, policy = self.number, week - worker.model.start, self.policy
        on = worker.model.inputs.mechanisms["schemes"]
        if self.flat or not on or not policy.start <= since < self.last_application:
            return
        if policy.through_spaces and any(s.open and s.ordinal in worker.aware for s, _ in worker.candidates):
            worker.schemes_known.add(k)
        state = worker.scheme_state[k]
        pending = state == APPLIED or (policy.eligible.non_members and self.is_on_its_way(worker, week))
        open_to = state == NONE and k in worker.schemes_known
        if not (pending or open_to) or not self.is_eligible(worker, week):
            return
        supported = worker.plans(week, self)
        best = max(supported, key=lambda one: one[2] + worker.wish(*one[:2]), default=None)
        if best is not None and best[2] + worker.wish(*best[:2]) <= worker.wish(None):
            best = None
        ahead = self.draw_week is not None or worker.rules.plans_ahead
        if self._gain(worker, plans, supported, best, ahead, week) > self.hassle(worker, week):
            if state != AWARDED:
                fee = best[0].fees[best[1]] if best else 0
                worker.scheme_state[k] = APPLIED
                worker.scheme_cost[k] = self.worth(worker) if ahead else min(fee, self.most(fee)) * self.term
        elif pending:
            self.give_back(worker)
            worker.scheme_state[k] = NONE

    def _gain(self, worker: Worker, plans: Plans, supported: Plans, best: Plan | None, ahead: bool, week: int) -> float:
        """What applying is worth in GBP, the delay of those who must wait outside taken off."""
        pound = worker.pound()
        if pound <= 0:
            return 0.0
        weeks = 1 + self.lag
        if self.draw_week is not None:
            weeks = self.draw_week + worker.model.start - week + self.lag
        if worker.scheme_state[self.number] == AWARDED:
            weeks = worker.award_week[self.number] + self.lag - week
        if ahead:
            mu = worker.rules.dissimilarity
            usual, more = (expected_most([value for _, _, value in offers], mu) for offers in (plans, supported))
            gain = (more - usual) / pound * self.term
            return gain - (weeks * usual / pound if self.policy.eligible.non_members else 0.0)
        if best is None:
            return 0.0
        rules, outside = worker.rules, worker.wish(None)
        without = max([outside, *(value + worker.wish(space, plan) for space, plan, value in plans)])
        grown = best[2] + rules.membership_habit - (worker.habit() if best[0] is worker.space else 0.0)
        risk = 1 / rules.review_weeks / (1 + exp(grown))
        use = (1 - (1 - risk) ** self.term) / risk if risk * self.term > 1e-9 else self.term
        lives = (1 - 1 / rules.intent_weeks) ** (weeks - 1)
        gain = lives * max(0.0, best[2] + worker.wish(*best[:2]) - without) / pound * use
        return gain - (weeks * (without - outside) / pound if self.policy.eligible.non_members else 0.0)

    def live(self, model: PlainModel, since: int) -> None:
        """A week: awards end, people apply for what is no help with fees, awards are made."""
        k, week = self.number, model.week
        takes = self.policy.start <= since < self.last_application
        for worker in model.workers:
            if worker.scheme_state[k] in (AWARDED, IN_USE):
                self.close_out(worker, week)
            if (
                self.flat
                and worker.scheme_state[k] == NONE
                and takes
                and k in worker.schemes_known
                and self.is_eligible(worker, week)
                and self.worth(worker) / 100 > self.hassle(worker, week)
            ):
                worker.scheme_state[k] = APPLIED
                worker.scheme_cost[k] = self.worth(worker)
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


class Schemes:
    """All policies in the order of the scenario; to call them is to live the week of those that people apply for."""

    def __init__(self, model: PlainModel, policies: Iterable[Policy]) -> None:
        self._model = model
        self._schemes: list[Scheme | Programme] = [
            PROGRAMMES.get(policy.kind, Scheme)(number, policy) for number, policy in enumerate(policies)
        ]
        # Where policies are off there is nothing to apply for either.
        on = model.inputs.mechanisms["policies"]
        self.awards = [scheme for scheme in self._schemes if isinstance(scheme, Scheme) and on]
        self.programmes = [one for one in self._schemes if isinstance(one, Programme)]

    def __call__(self) -> None:
        """Awards end, people apply, awards are made."""
        model = self._model
        if model.week >= model.start:
            for scheme in self.awards:
                scheme.live(model, model.week - model.start)
            for worker in model.workers:
                worker.loan_access, worker.taught = 0.0, [0.0] * 4
            for scheme in self.awards:
                scheme.bring(model)

    def __getitem__(self, number: int) -> Scheme | Programme:
        return self._schemes[number]

    def __iter__(self) -> Iterator[Scheme | Programme]:
        return iter(self._schemes)

    def __len__(self) -> int:
        return len(self._schemes)
