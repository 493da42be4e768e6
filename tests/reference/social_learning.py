"""Social learning of the plain twin: what the two sides of an encounter teach each other."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from colearn.quantities.skills import SC, SKILLS, TD

from .rules import CHAT

if TYPE_CHECKING:
    from .agents import Worker
    from .encounters import Encounter
    from .rules import Rules

__all__ = ["Learner", "learn_from_encounters"]


class Learner:
    """What one worker brings to the encounters of a week, and takes from them."""

    __slots__ = ("applies", "change", "pipelines", "profile", "pull", "sc", "td", "worker")

    def __init__(self, worker: Worker, rules: Rules) -> None:
        self.worker = worker
        self.sc = worker.skills[SC]
        self.td = worker.skills[TD]
        self.change = [0.0] * len(SKILLS)
        half = rules.pipeline_half
        # AMBIGUOUS in the rules: b/(b+half) is 0/0 when half is 0 and b is 0. Here it is 1, as for b > 0.
        self.pipelines = worker.contacts / (worker.contacts + half) if half else 1.0
        self.applies = 1 - rules.application + rules.application * min(1.5, worker.work)
        total = self.td[0] + self.td[1] + self.td[2] + self.td[3]
        self.profile = [s / total for s in self.td] if total else [0.25] * 4
        self.pull = [rules.partner_gain * rules.phi_sc(s) for s in self.sc]


def learn_from_encounters(encounters: list[Encounter], rules: Rules) -> None:
    """Both sides of each encounter learn from the skills that the other had when the phase began.

    Novelty n = exp(-f/f0), trust r = (f + .5)/(f + 1.5), and cognitive distance u = 1 - 1.76*(d - .5)^2 with d
    half the sum of differences between the TD profiles, are the same for both sides.
    """
    learners: dict[int, Learner] = {}
    for encounter in encounters:
        for worker in (encounter.low, encounter.high):
            if worker.key not in learners:
                learners[worker.key] = Learner(worker, rules)
    for encounter in encounters:
        low, high = learners[encounter.low.key], learners[encounter.high.key]
        f = encounter.strength
        trust = (f + 0.5) / (f + 1.5)
        if rules.inverted_u:
            d = 0.5 * _difference(low.profile, high.profile)
            trust *= 1 - 1.76 * (d - 0.5) ** 2
        new = encounter.meetings * exp(-f / rules.novelty_scale)
        peer, peer_td = rules.peer_gain * trust, rules.peer_gain_td * trust * encounter.meetings
        _teach(low, high, new, peer, peer_td)
        _teach(high, low, new, peer, peer_td)
    for learner in learners.values():
        learner.worker.add_social_gain(learner.change)


def _difference(p: list[float], q: list[float]) -> float:
    return abs(p[0] - q[0]) + abs(p[1] - q[1]) + abs(p[2] - q[2]) + abs(p[3] - q[3])


def _teach(learner: Learner, teacher: Learner, new: float, peer: float, peer_td: float) -> None:
    """Add what the learner takes.

    SC: m*q*n*a*chat * (gamma*phi_sc(s) + beta*u*r*lead); TD: m*beta_td*u*r*lead; lead = max(0, theirs - own).
    """
    change = learner.change
    useful = new * teacher.pipelines * learner.applies
    for k, (own, theirs, weight, pull) in enumerate(zip(learner.sc, teacher.sc, CHAT, learner.pull, strict=True)):
        gain = pull + peer * (theirs - own) if theirs > own else pull
        change[k] += useful * weight * gain
    for k, (own, theirs) in enumerate(zip(learner.td, teacher.td, strict=True), start=TD.start):
        if theirs > own:
            change[k] += peer_td * (theirs - own)
