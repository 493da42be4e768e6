"""Social learning of the plain twin: what the two sides of an encounter teach each other."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from coworksim.model.parameters.skills import ENCOUNTER_WEIGHTS, SC, SKILLS, TD

from .encounters import FIRM, OUTSIDE
from .learning import take_lessons

if TYPE_CHECKING:
    from .agents import Worker
    from .encounters import Encounter
    from .rules import Rules

__all__ = ["Learner", "learn_from_encounters"]

_TD: Final = range(TD.start, TD.stop)
_CHANNELS: Final = ("space_social",) * 3 + ("outside", "firm")
assert _CHANNELS[OUTSIDE] == "outside"
assert _CHANNELS[FIRM] == "firm"


class Learner:
    """What one worker brings to the encounters of a week, and takes from them."""

    __slots__ = ("lessons", "pipelines", "profile", "pull", "skills", "worker")

    def __init__(self, worker: Worker, rules: Rules) -> None:
        self.worker = worker
        #: The worker's own list: what is learnt is added to it after all encounters.
        self.skills = worker.skills
        self.lessons: dict[str, list[float]] = {}
        half = rules.pipeline_half
        # The model's text leaves open b/(b+half) is 0/0 when half is 0 and b is 0. Here it is 1, as for b > 0.
        self.pipelines = worker.contacts / (worker.contacts + half) if half else 1.0
        td = worker.skills[TD]
        total = td[0] + td[1] + td[2] + td[3]
        self.profile = [s / total for s in td] if total else [0.25] * 4
        gamma, phi = rules.partner_gain, rules.phi_sc
        self.pull = [gamma * phi(s, best) for s, best in zip(worker.skills[SC], worker.frontier[SC], strict=True)]

    def lesson(self, channel: str) -> list[float]:
        """What has been learnt by a channel so far, to be added to."""
        lesson = self.lessons.get(channel)
        if lesson is None:
            lesson = self.lessons[channel] = [0.0] * len(SKILLS)
        return lesson


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
        _exchange(low, high, encounter.kind, new, peer, peer_td)
    for learner in learners.values():
        take_lessons(learner.worker, learner.lessons)


def _difference(p: list[float], q: list[float]) -> float:
    return abs(p[0] - q[0]) + abs(p[1] - q[1]) + abs(p[2] - q[2]) + abs(p[3] - q[3])


def _exchange(low: Learner, high: Learner, kind: int, new: float, peer: float, peer_td: float) -> None:
    """Add what each of the two takes.

    SC: m*q*n*weight * (gamma*phi_sc(s) + beta*u*r*lead); TD: m*beta_td*u*r*lead; lead = max(0, theirs - own).
    """
    channel = _CHANNELS[kind]
    to_low, to_high = low.lesson(channel), high.lesson(channel)
    useful_to_low, useful_to_high = new * high.pipelines, new * low.pipelines
    skills_low, skills_high, pull_low, pull_high = low.skills, high.skills, low.pull, high.pull
    for k, weight in enumerate(ENCOUNTER_WEIGHTS[kind]):
        gain_low, gain_high = pull_low[k], pull_high[k]
        lead = skills_high[k] - skills_low[k]
        if lead > 0:
            gain_low += peer * lead
        else:
            gain_high -= peer * lead
        to_low[k] += useful_to_low * weight * gain_low
        to_high[k] += useful_to_high * weight * gain_high
    for k in _TD:
        lead = skills_high[k] - skills_low[k]
        if lead > 0:
            to_low[k] += peer_td * lead
        else:
            to_high[k] -= peer_td * lead
