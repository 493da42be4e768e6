"""Workers of the plain twin: one Mesa agent per person, whose methods are the rules of one person's week."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final

import mesa

from colearn.quantities.skills import SC, SKILLS, STATUSES, TD, WEIGHTS

from .rules import FRONTIER, TD_WEIGHTS, WEIGHT_SUMS, Rules, disposable, pence

if TYPE_CHECKING:
    from .model import PlainModel
    from .population import PersonAtStart
    from .region import Area
    from .space import Manager

__all__ = ["CHANNELS", "Employee", "Freelancer", "Worker"]

CHANNELS: Final = ("own", "outside", "employer", "space_social", "space_resource", "decay")

_SC: Final = range(SC.start, SC.stop)
_TD: Final = range(TD.start, TD.stop)
_ALL: Final = range(len(SKILLS))


class Worker(mesa.Agent):
    """A person: skills in [0, 1], income in GBP a week, money paid and earned in pence.

    ``gains[channel][k]`` is what the channel has added to skill k since the spaces opened.
    """

    status: str

    def __init__(self, model: PlainModel, person: PersonAtStart, area: Area) -> None:
        super().__init__(model)
        self.rules: Rules = model.rules
        self.key = person.key
        self.area = area
        self.space: Manager | None = area.managers[person.space] if area.managers else None
        self.occupation = person.occupation
        self.career_years = person.career_years
        self.sociability = person.sociability
        self.learning_hours = person.learning_hours
        self.days = person.days
        self.daily_chance = person.days / 5
        self.taste = person.taste
        self.power = person.power
        self.employer_hours = person.employer_hours
        self.offset = person.offset
        self.skills = list(person.skills)
        self.income = person.income
        self.work = person.work
        self.contacts = person.contacts
        self.weights = WEIGHTS[person.occupation]
        self.weight_sum = WEIGHT_SUMS[person.occupation]
        self.td_weights = TD_WEIGHTS[person.occupation]
        self.member = False
        self.tenure = 0
        self.day_mask = 0
        self.days_present = 0
        self.inside_hours = 0.0
        self.recent_gain = 0.0
        self.earned_pence = 0
        self.fees_pence = 0
        self.encounters = 0
        self.partners_new = 0
        self.seat = (0.0, 0.0)
        self.space_gain_week = 0.0
        self.open_books()

    def open_books(self) -> None:
        """Gains count from here."""
        self.skills_at_opening = tuple(self.skills)
        self.gains = {channel: [0.0] * len(SKILLS) for channel in CHANNELS}

    def skill(self) -> float:
        """Mean of s/F over the skills, weighted as the occupation weighs them."""
        total = 0.0
        for weight, s in zip(self.weights, self.skills, strict=True):
            total += weight * s
        return total / self.weight_sum

    def disposable(self) -> float:
        """GBP a week left after the cost of living."""
        return disposable(self.income, self.area.environment.living_cost, self.rules.disposable_floor)

    def receive(self, paid: int) -> None:
        """Book the week's pay (pence); income follows it smoothly."""
        self.income += self.rules.income_smoothing * (paid / 100 - self.income)
        self.earned_pence += paid

    def wants_membership(self, space: Manager, week: int) -> bool:
        """Whether the utility of membership beats staying outside, each with its own Gumbel noise.

        V = b0 + bL*E + bN*ln(1+m) + bH*member - bP*price/disposable - crowding + taste, with m the neighbours
        who are members of the space and E their mean recent gain; under the form "ceiling" the price counts only
        as a bar.
        """
        rules = self.rules
        friends, learnt = 0, 0.0
        for other in self.model.neighbours.get(self.key, ()):
            if other.member and other.space is space:
                friends += 1
                learnt += other.recent_gain
        value = rules.constant + rules.ties_weight * log(1 + friends) - space.crowding + self.taste
        if friends:
            value += rules.learning_weight * (learnt / friends)
        if self.member:
            value += rules.membership_habit
        left = self.disposable()
        if not rules.has_ceiling:
            value -= rules.price_weight * space.price / left
        elif space.price > rules.ceiling * left:
            return False
        gumbel = self.model.source.gumbel
        inside = gumbel("membership", self.key, week, 1)
        outside = gumbel("membership", self.key, week, 0)
        return bool(value + inside > outside)

    def join(self) -> None:
        """Become a member."""
        self.member = True
        self.tenure = 0

    def leave(self) -> None:
        """Stop being a member, with all that a member does in the week."""
        self.member = False
        self.tenure = 0
        self.day_mask = 0
        self.days_present = 0
        self.inside_hours = 0.0

    def add_social_gain(self, change: list[float]) -> None:
        """Commit what others have taught this week, cut at the frontier."""
        skills, gained = self.skills, self.gains["space_social"]
        for k in _ALL:
            step = change[k]
            if step:
                s = skills[k]
                if s + step > FRONTIER:
                    step = FRONTIER - s
                skills[k] = s + step
                gained[k] += step
                self.space_gain_week += step

    def learn_from_resources(self) -> None:
        """Learn from hours on equipment and from one's own work.

        TD: (k_td * (inside + outside + employer) * v + own_td) * phi_td(s); SC: own_sc * phi_sc(s). An hour
        spent inside is not spent outside; outside hours depend on access and on what one can pay. Cut at the
        frontier, channels in proportion.
        """
        rules, skills, gains = self.rules, self.skills, self.gains
        left = self.disposable()
        inside, employer = self.inside_hours, self.employer_hours
        affordable = left / (left + rules.outside_cost * self.learning_hours)
        outside = (self.learning_hours - inside) * self.area.environment.outside_access * affordable
        hours = inside + outside + employer
        own, by_outside, phi = gains["own"], gains["outside"], rules.phi_td
        td_rate, own_td, own_sc = rules.td_rate, rules.own_td, rules.own_sc
        for k, v in zip(_TD, self.td_weights, strict=True):
            s = skills[k]
            pull = phi(s)
            per_hour = td_rate * v * pull
            by_work = own_td * pull
            step = per_hour * hours + by_work
            if s + step > FRONTIER:
                shrink = (FRONTIER - s) / step
                per_hour *= shrink
                by_work *= shrink
                step = FRONTIER - s
            skills[k] = s + step
            own[k] += by_work
            by_outside[k] += per_hour * outside
            if employer:
                gains["employer"][k] += per_hour * employer
            if inside:
                gains["space_resource"][k] += per_hour * inside
                self.space_gain_week += per_hour * inside
        phi = rules.phi_sc
        for k in _SC:
            s = skills[k]
            step = own_sc * phi(s)
            if s + step > FRONTIER:
                step = FRONTIER - s
            skills[k] = s + step
            own[k] += step

    def forget(self, yearly: float) -> None:
        """Lose the share ``yearly``/52 of each skill."""
        skills, lost = self.skills, self.gains["decay"]
        for k, s in enumerate(skills):
            step = s * yearly / 52
            skills[k] = s - step
            lost[k] -= step

    def remember(self) -> None:
        """Count the week's learning in the space as recent gain.

        recent <- recent * (1 - 1/13) + 100 * mean over the eight skills, in points.
        """
        if self.recent_gain or self.space_gain_week:
            self.recent_gain = self.recent_gain * (1 - 1 / 13) + 100 * (self.space_gain_week / len(SKILLS))
            self.space_gain_week = 0.0


class Freelancer(Worker):
    """Lives from projects, which come by chance and by skill."""

    status = STATUSES[0]

    def earn(self, week: int, expansion: float, rivals: float, projects: float) -> int:
        """Take on n ~ Poisson(projects * (kappa*e + (1-kappa)*e/E)) projects at lognormal fees; return the pence.

        ``expansion`` is e = exp(eps * (skill - 1/2)), ``rivals`` its mean E over the region's freelancers,
        ``projects`` the region's projects a week per freelancer.
        """
        rules, source = self.rules, self.model.source
        share = rules.own_expansion
        mean = projects * (share * expansion + (1 - share) * expansion / rivals)
        n = source.poisson("projects", self.key, week, 0, mean)
        paid = 0
        if n:
            usual = rules.fee * self.area.environment.income_level * self.power
            for number in range(1, n + 1):
                noise = source.normal("projects", self.key, week, number)
                paid += pence(usual * exp(rules.fee_spread * noise))
        self.work += rules.income_smoothing * (n / rules.projects - self.work)
        self.receive(paid)
        return paid


class Employee(Worker):
    """Lives from a wage that follows skill."""

    status = STATUSES[1]

    def earn(self) -> int:
        """Receive the week's wage; return it in pence."""
        rules = self.rules
        usual = rules.wage * self.area.environment.income_level * self.power
        paid = pence(usual * exp(rules.wage_return * (self.skill() - 0.5)))
        self.receive(paid)
        return paid
