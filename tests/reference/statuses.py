"""The five statuses of a worker, each with its livelihood and its way out."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from coworksim.model.parameters.skills import STATUSES

from .agents import Worker
from .courses import HOURS
from .laws import pence

if TYPE_CHECKING:
    from .model import PlainModel

__all__ = ["STATUS_CLASSES", "Employee", "Freelancer", "Nomad", "Owner", "RemoteEmployee"]

_LAST_GENERATION: Final = 63


class Freelancer(Worker):
    """Lives from projects, which come by chance and by skill."""

    status = STATUSES[0]
    independent = True
    leads_staff = False

    def earn(self, week: int, expansion: float, rivals: float, projects: float) -> int:
        """Take on n ~ Poisson(projects * (kappa*e + (1-kappa)*e/E)) projects at lognormal fees; return the pence.

        ``expansion`` is e = exp(eps * (skill - 1/2)), ``rivals`` its mean E over those who share the region's
        projects, ``projects`` the projects a week per head. Hours of a course are partly lost to work.
        """
        rules, source = self.rules, self.model.source
        share = rules.own_expansion
        mean = projects * (share * expansion + (1 - share) * expansion / rivals)
        mean *= max(0.0, 1 - rules.hours_lost * self.lessons / HOURS)
        n = source.poisson("projects", self.key, week, 0, mean)
        paid = 0
        if n:
            usual = rules.fee * self.area.environment.income_level * self.power
            if self.leads_staff:
                usual *= rules.owner_factor
            for number in range(1, n + 1):
                noise = source.normal("projects", self.key, week, number)
                paid += pence(usual * exp(rules.fee_spread * noise))
        self.work += rules.income_smoothing * (n / rules.projects - self.work)
        self.receive(paid)
        return paid

    def takes_job(self, week: int) -> type[Worker] | None:
        """The kind of job that a freelancer takes now, if any."""
        rules, uniform = self.rules, self.model.source.uniform
        if uniform("turnover", self.key, week, 1) >= rules.to_employee / 52:
            return None
        jobs = rules.remote_share + rules.on_site_share
        remote = rules.remote_share / jobs if jobs else 0.0
        return RemoteEmployee if uniform("turnover", self.key, week, 2) < remote else Employee


class Owner(Freelancer):
    """Leads a firm with staff, and bills their work too."""

    status = STATUSES[1]
    leads_staff = True


class Nomad(Freelancer):
    """Brings the projects along from elsewhere, and moves on."""

    status = STATUSES[2]


class Employee(Worker):
    """Lives from a wage that follows skill, and has a desk at the employer's."""

    status = STATUSES[3]
    independent = False
    has_office = True

    def earn(self) -> int:
        """Receive the week's wage; return it in pence."""
        rules = self.rules
        usual = rules.wage * self.area.environment.income_level * self.power
        paid = pence(usual * exp(rules.wage_return * (self.skill() - 0.5)))
        self.receive(paid)
        return paid


class RemoteEmployee(Employee):
    """An employee who may work anywhere."""

    status = STATUSES[4]
    has_office = False


STATUS_CLASSES: Final[dict[str, type[Worker]]] = {
    kind.status: kind for kind in (Freelancer, Owner, Nomad, Employee, RemoteEmployee)
}


def leaves(worker: Worker, week: int) -> bool:
    """Whether a career ends, or somebody moves away: exit/52, and 1/stay more for nomads.

    The 64th person in a place stays, since keys have no room for a 65th.
    """
    # The model's text leaves open that person may still change status; here as anybody else.
    if worker.generation == _LAST_GENERATION:
        return False
    if worker.career(week) >= worker.career_end:
        return True
    rules = worker.rules
    chance = rules.exit / 52 + (1 / rules.nomad_stay if worker.status == Nomad.status else 0.0)
    return bool(worker.model.source.uniform("turnover", worker.key, week, 0) < chance)


def next_status(worker: Worker, week: int) -> type[Worker] | None:
    """What somebody who stays becomes this week, if anything else: freelancers and employees change places."""
    if type(worker) is Freelancer:
        return worker.takes_job(week)
    if isinstance(worker, Employee):
        u = worker.model.source.uniform("turnover", worker.key, week, 1)
        return Freelancer if u < worker.rules.to_freelancer / 52 else None
    return None


def become(worker: Worker, kind: type[Worker], week: int) -> None:
    """Change status, in place: ties, membership and income stay; what an employer gives comes or goes."""
    model: PlainModel = worker.model
    model.deregister_agent(worker)
    worker.__class__ = kind
    model.register_agent(worker)
    worker.work = 1.0
    worker.sponsor = 0.0
    if not worker.independent:
        rules, source = worker.rules, model.source
        if source.uniform("turnover", worker.key, week, 4) < rules.sponsored_share:
            worker.sponsor = rules.sponsorship
