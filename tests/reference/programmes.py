"""Programmes of the plain twin: public money for spaces and regions, week by week, one class per kind of policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from coworksim.model.parameters.skills import SKILLS, TD

from .laws import pence, rounded
from .rules import TD_WEIGHTS
from .traits import Traits, ordinal_of, traits_of

if TYPE_CHECKING:
    from coworksim.model.policy import Policy

    from .agents import Worker
    from .model import PlainModel
    from .region import Area
    from .space import Manager

__all__ = ["PROGRAMMES", "Course", "Programme", "code_of", "hold_courses_outside", "lesson"]

_WHOLE_REGION: Final = 2**22 - 1
#: Policies count their new spaces down from here, founders count up.
_LAST: Final = 127


def code_of(name: str) -> int:
    """The number that stands for a policy in the addresses of draws: 30 bits of a check sum of its name."""
    return crc32(name.encode()) % 2**30


def lesson(worker: Worker, curriculum: tuple[str, ...], hours: float) -> list[float]:
    """Hours by technical-digital skill: as the occupation weighs them, or evenly over a curriculum (mean: hours)."""
    if not curriculum:
        return [hours * v for v in TD_WEIGHTS[worker.occupation]]
    return [hours * 4 / len(curriculum) if name in curriculum else 0.0 for name in SKILLS[TD]]


class Course(NamedTuple):
    """Training places of a week, by the key of a space or the index of a region."""

    policy: Policy
    places: dict[int, int]


class Programme:
    """A policy for which nobody applies. Each week it goes through its targets by lot and buys while money lasts."""

    payee = "suppliers"

    def __init__(self, number: int, policy: Policy) -> None:
        self.number = number
        self.policy = policy
        self.name = policy.name
        self.code = code_of(policy.name)
        self.awarded = self.committed = self.spent = 0

    def means(self, area: Area) -> bool:
        """Whether a region is meant."""
        regions = self.policy.eligible.regions
        return not regions or area.name in regions or area.flag in regions

    def changes_something(self) -> bool:
        """Whether it would do anything."""
        raise NotImplementedError

    def live(self, model: PlainModel) -> None:
        """A week of buying."""
        if not (self.policy.start <= model.week - model.start < self.policy.end and self.changes_something()):
            return
        priority = model.source.priority
        queue = sorted((priority("policy", key, model.week, self.code), key, who) for key, who in self.targets(model))
        paid: dict[str, int] = {}
        for _, _, who in queue:
            cost = self.cost(who, model)
            if self.spent + cost <= self.policy.budget:
                self.spent += cost
                self.committed += cost
                payee = self.reach(who, model)
                paid[payee] = paid.get(payee, 0) + cost
        for payee, amount in paid.items():
            model.post("treasury", payee, f"policy:{self.name}", amount)

    def targets(self, model: PlainModel) -> list[tuple[int, int]]:
        """Key and index of what may be reached: by default open spaces."""
        spaces = enumerate(model.managers)
        return [(space.key, at) for at, space in spaces if space.open and self.means(space.area)]

    def whole_regions(self, model: PlainModel) -> list[tuple[int, int]]:
        """Key and index of the regions that are meant."""
        return [(area.index << 22 | _WHOLE_REGION, area.index) for area in model.areas if self.means(area)]

    def cost(self, who: int, model: PlainModel) -> int:
        """Pence for one target."""
        return int(self.policy.region_cost)

    def reach(self, who: int, model: PlainModel) -> str:
        """Do what is paid for; say who is paid."""
        raise NotImplementedError


class ResourceGrant(Programme):
    """Builds in spaces, once in each, or opens new ones; spaces, or investors, pay a share of the cost."""

    def __init__(self, number: int, policy: Policy) -> None:
        super().__init__(number, policy)
        self.done: list[Manager] = []
        #: By region, the rows that have got a new space.
        self.taken: dict[int, set[int]] = {}

    def changes_something(self) -> bool:
        """Whether something is built, and not all of it at the cost of others."""
        p = self.policy
        return p.match < 1 and any((p.equipment, p.training, p.desks, p.new_spaces))

    def targets(self, model: PlainModel) -> list[tuple[int, int]]:
        """Spaces that have not got it and can pay their share; regions with room for one more, after the first week."""
        if self.policy.new_spaces:
            regions = self.whole_regions(model) if model.week > model.start else []
            return [one for one in regions if self._row(model.areas[one[1]], model.week) is not None]
        share = rounded(self.policy.match * self._built(model))
        spaces = model.managers
        return [
            (key, at)
            for key, at in super().targets(model)
            if spaces[at] not in self.done and (spaces[at].cash >= share or not share)
        ]

    def _row(self, area: Area, week: int) -> int | None:
        """A free row that has not got a new space yet; none where the region has had all of them."""
        taken = self.taken.setdefault(area.index, set())
        return area.free_row(week, taken) if len(taken) < self.policy.new_spaces else None

    def _drawn(self, area: Area, model: PlainModel) -> tuple[int, Traits]:
        """The space that would open this week, drawn like a founder's."""
        rank = sorted(policy.name for policy in model.inputs.policies).index(self.policy.name)
        ordinal = ordinal_of(model.week, _LAST - rank)
        return ordinal, traits_of(model, area, ordinal)

    def _whole(self, who: int, model: PlainModel) -> int:
        if self.policy.new_spaces:
            return pence(model.rules.capital * self._drawn(model.areas[who], model)[1].desks)
        return self._built(model)

    def _built(self, model: PlainModel) -> int:
        p, rules = self.policy, model.rules
        return (
            pence(rules.equipment_cost * p.equipment)
            + pence(rules.training_cost * p.training)
            + pence(rules.desk_cost * p.desks)
        )

    def cost(self, who: int, model: PlainModel) -> int:
        """What others do not pay."""
        whole = self._whole(who, model)
        return whole - rounded(self.policy.match * whole)

    def reach(self, who: int, model: PlainModel) -> str:
        """Build, or open."""
        p, whole = self.policy, self._whole(who, model)
        share = rounded(p.match * whole)
        if p.new_spaces:
            area = model.areas[who]
            row = self._row(area, model.week)
            assert row is not None
            self.taken[area.index].add(row)
            space = model.open_space(area, row, *self._drawn(area, model), model.week)
            space.cash = whole
            area.look_around()
            model.post("investors", f"space:{space.name}", "capital", share)
        else:
            space = model.managers[who]
            space.equipment_hours += p.equipment
            space.training_places += p.training
            space.desks += p.desks
            space.cash -= share
            model.post(f"space:{space.name}", "suppliers", "investment", whole)
        self.done.append(space)
        return f"space:{space.name}"


class CommunityGrant(Programme):
    """Hours of community managers."""

    def changes_something(self) -> bool:
        """Whether there are hours."""
        return bool(self.policy.hours > 0)

    def cost(self, who: int, model: PlainModel) -> int:
        """The hours of a week."""
        return rounded(self.policy.hours * self.policy.hour_price)

    def reach(self, who: int, model: PlainModel) -> str:
        """More events and groups."""
        space, values = model.managers[who], model.inputs.values
        space.more_events += self.policy.hours * float(values["policies.events_per_hour"])
        space.more_groups += self.policy.hours * float(values["policies.groups_per_hour"])
        return "staff"


class ClusterProgramme(Programme):
    """Creative firms are settled."""

    def changes_something(self) -> bool:
        """Whether any factor is not 1."""
        return {self.policy.density, self.policy.visitors, self.policy.demand} != {1.0}

    def targets(self, model: PlainModel) -> list[tuple[int, int]]:
        """Regions."""
        return self.whole_regions(model)

    def reach(self, who: int, model: PlainModel) -> str:
        """Multiply."""
        help_ = model.areas[who].help
        help_.density *= self.policy.density
        help_.visitors *= self.policy.visitors
        help_.demand *= self.policy.demand
        return "firms"


class AwarenessCampaign(Programme):
    """Word is spread."""

    def changes_something(self) -> bool:
        """Whether word is spread, or anybody assisted."""
        p = self.policy
        return bool(p.hear_spaces > 0 or p.hear_schemes > 0 or p.assistance > 1)

    def targets(self, model: PlainModel) -> list[tuple[int, int]]:
        """Regions."""
        return self.whole_regions(model)

    def reach(self, who: int, model: PlainModel) -> str:
        """Add, and assist."""
        help_ = model.areas[who].help
        help_.hear_spaces += self.policy.hear_spaces
        help_.hear_schemes += self.policy.hear_schemes
        help_.assistance *= self.policy.assistance
        return "suppliers"


class SkillsProgramme(Programme):
    """Training places, in spaces or in regions."""

    def changes_something(self) -> bool:
        """Whether there are places."""
        return bool(self.policy.places > 0)

    def targets(self, model: PlainModel) -> list[tuple[int, int]]:
        """Open spaces or regions."""
        model.courses.append(Course(self.policy, {}))
        return super().targets(model) if self.policy.where == "inside" else self.whole_regions(model)

    def cost(self, who: int, model: PlainModel) -> int:
        """The places of a week."""
        return int(self.policy.places * self.policy.place_price)

    def reach(self, who: int, model: PlainModel) -> str:
        """Hold the places."""
        places = model.courses[-1].places
        if self.policy.where != "inside":
            places[who] = self.policy.places
            return "trainers"
        space = model.managers[who]
        places[space.key] = self.policy.places
        space.cash += self.cost(who, model)
        return f"space:{space.name}"


PROGRAMMES: Final[dict[str, type[Programme]]] = {
    "resource_grant": ResourceGrant,
    "community_grant": CommunityGrant,
    "cluster_programme": ClusterProgramme,
    "awareness_campaign": AwarenessCampaign,
    "skills_programme": SkillsProgramme,
}


def hold_courses_outside(model: PlainModel) -> None:
    """Places that policies have bought outside go by lot to people of the region who want one."""
    courses = [course for course in model.courses if course.policy.where == "outside"]
    rules, source, week = model.rules, model.source, model.week
    for area in model.areas if courses else ():
        wants = [
            (source.priority("training", worker.key, week, 3), worker.key, worker)
            for worker in area.workers
            if source.uniform("training", worker.key, week, 2) < rules.interest
        ]
        wants.sort(reverse=True)
        for course in courses:
            for _ in range(min(course.places.get(area.index, 0), len(wants))):
                worker = wants.pop()[2]
                left = worker.learning_hours - worker.inside_hours - worker.training_hours
                hours = max(0.0, min(rules.training_hours, left - sum(worker.course_inside) / 4))
                worker.course_outside = lesson(worker, course.policy.curriculum, hours)
