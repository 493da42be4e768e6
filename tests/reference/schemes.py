"""Schemes of the plain twin: who applies for help with the fee of a space, who gets it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp
from typing import TYPE_CHECKING

from coworksim.model.parameters.skills import OCCUPATIONS

from .laws import rounded, weekly
from .programmes import PROGRAMMES, Programme, code_of, lesson

if TYPE_CHECKING:
    from coworksim.model.policy import Policy

    from .agents import Worker
    from .model import PlainModel

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
            self.last_application = min(policy.end, policy.start + policy.window)
            self.draw_week = policy.start + policy.window - 1
        self.awarded = 0
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
            ((km, space.ordinal, space.fees[1]) for space, km in worker.candidates if space.open), default=(0, 0, 0)
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
            and not (who.non_members and worker.member)
        )

    def close_out(self, worker: Worker, week: int) -> None:
        """End an award that was not used in time, or whose term is over; what is left goes back."""
        k = self.number
        begins = worker.award_week[k] + self.lag
        unused = worker.scheme_state[k] == AWARDED and week > begins + self.policy.redeem
        if unused or week >= begins + self.term:
            self.give_back(worker)
            worker.scheme_state[k] = OVER

    def give_back(self, worker: Worker) -> None:
        """Return what an award has not spent."""
        if worker.scheme_state[self.number] in (AWARDED, IN_USE):
            self.committed -= worker.scheme_cost[self.number] - worker.scheme_used[self.number]

    def pay(self, worker: Worker, part: int) -> None:
        """Pay a part of a fee."""
        if part:
            worker.scheme_used[self.number] += part
            worker.scheme_state[self.number] = IN_USE
            worker.supported_pence += part
            self.spent += part

    def attracts(self, worker: Worker, week: int) -> bool:
        """Whether applying is worth its hassle, which weighs more early in a career; drawn once per person."""
        rules = worker.rules
        hassle = rules.hassle * (1 + rules.early_hassle * exp(-worker.career(week) / 5))
        return self.worth(worker) / 100 > hassle * worker.reluctance[self.number] / worker.area.help.assistance

    def live(self, model: PlainModel, since: int) -> None:
        """A week: awards end, people apply, awards are made."""
        k, week = self.number, model.week
        takes = self.policy.start <= since < self.last_application
        applicants = []
        for worker in model.workers:
            state = worker.scheme_state[k]
            if state in (AWARDED, IN_USE):
                self.close_out(worker, week)
            elif state == APPLIED:
                applicants.append(worker)
            elif (
                state == NONE
                and takes
                and k in worker.schemes_known
                and self.is_eligible(worker, week)
                and self.attracts(worker, week)
            ):
                worker.scheme_state[k] = APPLIED
                applicants.append(worker)
        if since == self.draw_week or (self.draw_week is None and takes):
            self.award(applicants, model)

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
            cost = self.worth(worker)
            within = self.policy.number is None or self.awarded < self.policy.number
            if within and self.committed + cost <= self.policy.budget:
                worker.scheme_state[k] = AWARDED
                worker.scheme_cost[k] = cost
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
        if model.is_open:
            for scheme in self.awards:
                scheme.live(model, model.week - model.opening)
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
