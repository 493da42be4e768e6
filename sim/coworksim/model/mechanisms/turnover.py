"""Turnover: careers end and begin, people come and go, freelancers take jobs and employees go freelance.

A person leaves at the end of the career, or by chance (``exit/52`` a week, nomads ``1/stay`` more); a newcomer takes
the place with a key of its own. Of those who stay, freelancers take a job with chance ``to_employee/52``, and employees
go freelance with chance ``to_freelancer/52``. Ties of those who leave are gone, and what a scheme had
promised them is returned. Then teams are worked out anew (:mod:`coworksim.model.state.teams`).
"""

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel, rule
from coworksim.model.mechanisms.helpers.eligibility import career
from coworksim.model.mechanisms.helpers.fees import give_up
from coworksim.model.parameters.week import TurnoverParameters as Parameters
from coworksim.model.scenario import read
from coworksim.model.state.people import EMPLOYEE, FREELANCER, GENERATION_BITS, NOMAD, REMOTE, Population
from coworksim.model.state.policy_state import Schemes
from coworksim.model.state.rng import TURNOVER, RunKey, uniform, word
from coworksim.model.state.synthesis import Newcomers, Settlement, status_shares
from coworksim.model.state.teams import form_teams
from coworksim.model.state.world import World

GENERATIONS = 1 << GENERATION_BITS


@rule
def generation(key: int) -> int:
    """Return how many people had a person's place before, ``key % 64``.

    >>> generation(3 << 22 | 77 << 6 | 5)
    5
    """
    return key % GENERATIONS


@rule
def leaves(years: float, end: float, status: int, u: float, p: Parameters) -> bool:
    """Return whether a person leaves: ``years >= end``, or ``u < exit/52`` (of nomads ``exit/52 + 1/stay``)."""
    chance = p.exit / 52.0
    if status == NOMAD:
        chance += 1.0 / p.nomad_stay
    return years >= end or u < chance


@kernel
def _turn(run: RunKey, week: int, w: Population, p: Parameters, leaving: Flags) -> int:
    """Mark who leaves (never from the last generation of a place), and change statuses; return how many leave."""
    count = 0
    for i in range(len(w.key)):
        who = np.uint64(w.key[i])
        years = career(w.career_start[i], w.entered[i], week)
        leaving[i] = generation(w.key[i]) < GENERATIONS - 1 and leaves(
            years, w.career_end[i], w.status[i], uniform(word(run, who, TURNOVER, week, 0)), p
        )
        if leaving[i]:
            count += 1
        elif w.status[i] == FREELANCER:
            if uniform(word(run, who, TURNOVER, week, 1)) < p.to_employee / 52.0:
                w.status[i] = REMOTE if uniform(word(run, who, TURNOVER, week, 2)) < p.remote_share else EMPLOYEE
                sponsored = uniform(word(run, who, TURNOVER, week, 4)) < p.sponsored_share
                w.sponsor[i] = p.sponsorship if sponsored else 0.0
                w.work[i] = 1.0
        elif w.status[i] >= EMPLOYEE and uniform(word(run, who, TURNOVER, week, 1)) < p.to_freelancer / 52.0:
            w.status[i] = FREELANCER
            w.sponsor[i] = 0.0
            w.work[i] = 1.0
    return count


@kernel
def _return_promises(rows: Integers, schemes: Schemes) -> None:
    """Return to every scheme what it had promised to those who leave and has not paid."""
    for i in rows:
        for k in range(len(schemes.committed)):
            give_up(i, k, schemes)


class Turnover:
    """Careers end and begin, people change status.

    ``replaced`` holds the rows that newcomers have taken this week.
    """

    name = "turnover"
    scope = "region"

    def __init__(self, world: World) -> None:
        shares = status_shares(world.scenario)
        employed = float(shares[REMOTE]) + float(shares[EMPLOYEE])
        p = read(world.scenario, Parameters)
        self._p = p._replace(remote_share=float(shares[REMOTE]) / employed if employed > 0.0 else 0.0)
        self._settlement = Settlement(world)
        self._leaving = np.zeros(len(world.workers), np.bool_)
        self.replaced = np.zeros(0, np.int64)

    def step(self, world: World) -> None:
        """Let some go, newcomers come, and others change status; work out who is in which team."""
        self.replaced = self.replaced[:0]
        if world.week == 0:
            return
        if _turn(world.run, world.week, world.workers, self._p, self._leaving) > 0:
            self._replace(world)
        form_teams(world.run, self._p.team_size, world.workers)

    def _replace(self, world: World) -> None:
        """Let newcomers take the places of those who leave."""
        w = world.workers
        rows = self.replaced = np.flatnonzero(self._leaving)
        _return_promises(rows, world.schemes)
        world.ties.forget(self._leaving)
        new = Newcomers(
            row=rows,
            generation=np.array([generation(int(key)) + 1 for key in w.key[rows]], np.int64),
            after_nomad=w.status[rows] == NOMAD,
            tools_share=self._tools_share(world),
            first=False,
        )
        self._settlement.settle(world, new)

    def _tools_share(self, world: World) -> Floats:
        """Return the share of users of the new tools by region; everybody where the mechanism adoption is off."""
        first_row = world.regions.first_row
        people = np.diff(first_row)
        if not world.scenario.mechanisms["adoption"]:
            return np.ones(len(people))
        users = np.diff(np.append(0, np.cumsum(world.workers.tools))[first_row])
        return users / np.maximum(people, 1)  # a part of a world has nobody in most regions
