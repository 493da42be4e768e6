"""Learning of the plain twin from hours and from one's own work, and forgetting: one person's week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coworksim.model.parameters.skills import SC, SKILLS, TD

if TYPE_CHECKING:
    from .agents import Worker

__all__ = ["forget", "learn_from_resources", "remember", "take_lessons"]

_SC: Final = range(SC.start, SC.stop)
_TD: Final = range(TD.start, TD.stop)


def take_lessons(worker: Worker, lessons: dict[str, list[float]]) -> None:
    """Commit what others have taught this week, by channel; cut at the frontier, channels in proportion."""
    skills, frontier = worker.skills, worker.frontier
    by_channel = list(lessons.values())
    steps = by_channel[0] if len(by_channel) == 1 else [sum(parts) for parts in zip(*by_channel, strict=True)]
    for k, step in enumerate(steps):
        room = frontier[k] - skills[k]
        if step > room:
            for lesson in by_channel:
                lesson[k] *= room / step
        skills[k] += min(step, room)
    for channel, lesson in lessons.items():
        gained = worker.gains[channel]
        for k, step in enumerate(lesson):
            gained[k] += step
    if "space_social" in lessons:
        worker.space_gain_week += sum(lessons["space_social"])


def learn_from_resources(worker: Worker) -> None:
    """Learn from hours on equipment, in training, outside and in courses, and from one's own work.

    TD: (k_td * (inside + outside + lessons) * v + own_td) * phi_td(s); SC: own_sc * phi_sc(s). An hour spent inside
    is not spent outside; an hour of training, or of a course, counts as several; outside hours depend on access. A
    course takes no time for learning; that of an employee is the employer's. Places that policies have bought count as
    training, with a curriculum of their own; taught hours outside that they pay for fill what time is left. Cut at the
    frontier, channels in proportion.
    """
    rules, skills, gains, frontier = worker.rules, worker.skills, worker.gains, worker.frontier
    unspent = worker.learning_hours - worker.inside_hours - worker.training_hours
    unspent -= (sum(worker.course_inside) + sum(worker.course_outside)) / 4
    wanted = sum(worker.taught) / 4
    found = min(1.0, max(0.0, unspent) / wanted) if wanted else 0.0
    unspent = max(0.0, unspent - found * wanted)
    courses = rules.training_ratio * worker.lessons
    outside = unspent * worker.access() + (courses if worker.independent else 0.0)
    employer = 0.0 if worker.independent else courses
    inside = worker.inside_hours + rules.training_ratio * worker.training_hours
    lessons = zip(worker.course_inside, worker.course_outside, worker.taught, strict=True)
    own, by_outside, by_employer, by_space = (gains[c] for c in ("own", "outside", "employer", "space_resource"))
    phi = rules.phi_td
    td_rate, own_td, own_sc = rules.td_rate, rules.own_td, rules.own_sc
    for k, v, (here, there, taught) in zip(_TD, worker.td_weights, lessons, strict=True):
        s = skills[k]
        best = frontier[k]
        pull = phi(s, best)
        per_hour = td_rate * v * pull
        per_lesson = td_rate * rules.training_ratio * pull
        in_space = per_hour * inside + per_lesson * here
        elsewhere = per_hour * outside + per_lesson * (there + found * taught)
        at_work = per_hour * employer
        by_work = own_td * pull
        step = in_space + elsewhere + at_work + by_work
        shrink = 1.0
        if s + step > best:
            shrink = (best - s) / step
            step = best - s
        skills[k] = s + step
        own[k] += by_work * shrink
        by_outside[k] += elsewhere * shrink
        by_employer[k] += at_work * shrink
        by_space[k] += in_space * shrink
        worker.space_gain_week += in_space * shrink
    phi = rules.phi_sc
    for k in _SC:
        s = skills[k]
        best = frontier[k]
        step = own_sc * phi(s, best)
        if s + step > best:
            step = best - s
        skills[k] = s + step
        own[k] += step


def forget(worker: Worker, yearly: float) -> None:
    """Lose the share ``yearly``/52 of each skill."""
    skills, lost = worker.skills, worker.gains["decay"]
    for k, s in enumerate(skills):
        step = s * yearly / 52
        skills[k] = s - step
        lost[k] -= step


def remember(worker: Worker) -> None:
    """Count the week's learning in the space as recent gain.

    recent <- recent * (1 - 1/13) + 100 * mean over the eight skills, in points.
    """
    if worker.recent_gain or worker.space_gain_week:
        worker.recent_gain = worker.recent_gain * (1 - 1 / 13) + 100 * (worker.space_gain_week / len(SKILLS))
        worker.space_gain_week = 0.0
