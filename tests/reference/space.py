"""Coworking spaces of the plain twin: one Mesa agent, the manager, per space, who runs its week."""

from __future__ import annotations

from bisect import bisect_left, insort
from math import sqrt
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import mesa

from .books import Books, Decision, decide
from .calendar import closes_in
from .gatherings import SLOTS, Group, end
from .laws import fixed, proximity_mean, rounded, tables_for, unfixed, weekly
from .programmes import lesson
from .traits import FOUNDED, Traits, name_of

if TYPE_CHECKING:
    from .agents import Worker
    from .model import PlainModel
    from .region import Area

__all__ = ["DAY", "DEDICATED", "HOT", "NO_PLAN", "PLANS", "Manager"]

PLANS: Final = range(3)
DAY, HOT, DEDICATED = PLANS
NO_PLAN: Final = -1
_DAYS: Final = range(5)
#: Share of people who have heard of a space when a market opens that runs before week 0.
_HEARD: Final = 0.8
_key: Final = attrgetter("key")


class Manager(mesa.Agent):
    """Runs one space: its desks, prices, floor and pool; knows its members in the order of their keys.

    ``opened`` is the week of its opening, which may lie before the world began; word of it gets round from
    ``first_week`` on, in which a person hears of it with the chance ``first_share``.
    """

    def __init__(self, model: PlainModel, area: Area, row: int, ordinal: int, traits: Traits, opened: int) -> None:
        super().__init__(model)
        rules, values = model.rules, model.inputs.values
        self.rules = rules
        self.area = area
        self.row = row
        self.ordinal = ordinal
        self.key = area.index << 22 | ordinal
        self.name = name_of(area.name, ordinal)
        self.traits = traits
        self.location, self.cluster = traits.location, traits.cluster
        self.desks = traits.desks
        self.list_price = traits.list_price
        self.luck = traits.luck
        self.open = True
        self.closed = -1
        self.opened = self.first_week = opened
        self.first_share = rules.aware_at_opening
        if ordinal < FOUNDED and opened <= model.begins:
            self.first_week = model.opening
            if model.inputs.market != "new":
                self.first_share = _HEARD
        #: Whether the scenario lists it: then it does not close before the start.
        self.listed = ordinal < len(model.inputs.regions[area.index].own_spaces)
        self.day_ratio = float(values["space.day_ratio"])
        self.dedicated_ratio = float(values["space.dedicated_ratio"])
        self.set_price(self.list_price)
        self.equipment_hours = rules.equipment_hours * self.desks
        self.training_places = rounded(float(values["space.training_places"]) * self.desks)
        self.events = float(values["space.events"])
        self.more_events = self.more_groups = 0.0
        self.groups: list[Group | None] = [None] * SLOTS
        self.tables = tables_for(self.desks)
        self.side = sqrt(float(values["space.floor_per_desk"]) * self.desks)
        self.usual_proximity = proximity_mean(self.side, rules.distance)
        self.nbar = 0.0
        self.crowding = 0.0
        self.members: list[Worker] = []
        self.present: list[list[Worker]] = [[] for _ in _DAYS]
        self.cash = self.early_fees = 0
        self.turned_away = self.training_turned_away = 0
        self.events_held = self.encounters_week = self.fees_pence_week = 0
        self.equipment_hours_week = 0.0
        self.begin_month()

    def begin_month(self) -> None:
        """Start counting what the manager looks at every four weeks."""
        self.month_desk_days = self.month_offered = 0
        self.month_hours_offered = 0.0
        self.month_equipment_hours = 0.0
        self.month_turned_away = 0
        self.month_training_turned_away = 0

    def add_to_month(self) -> None:
        """Count the week."""
        self.month_offered += 5 * self.desks
        self.month_hours_offered += self.equipment_hours
        self.month_desk_days += sum(map(len, self.present))
        self.month_equipment_hours += self.equipment_hours_week
        self.month_turned_away += self.turned_away
        self.month_training_turned_away += self.training_turned_away

    def set_price(self, price_pence_month: int) -> None:
        """Set the price of a hot desk, and with it the weekly fees of all plans, in pence."""
        self.price_pence_month = price_pence_month
        self.fees = (
            rounded(price_pence_month * self.day_ratio),
            weekly(price_pence_month),
            weekly(rounded(price_pence_month * self.dedicated_ratio)),
        )

    def admit(self, worker: Worker) -> None:
        """Enter a member in the list."""
        insort(self.members, worker, key=_key)

    def dismiss(self, worker: Worker) -> None:
        """Strike a member off the list."""
        del self.members[bisect_left(self.members, worker.key, key=_key)]

    def feel_crowd(self) -> None:
        """Crowding, as reviewers will feel it: weight * max(0, nbar/desks - .9) / .1."""
        self.crowding = self.rules.crowding_weight * max(0.0, self.nbar / self.desks - 0.9) / 0.1

    def collect(self, model: PlainModel) -> None:
        """Collect the week's fee from every member, their employers, and the schemes that support them."""
        own = by_employers = 0
        by_scheme = [0] * len(model.schemes)
        for worker in self.members:
            part, sponsored, supports = worker.bill(self.fees[worker.plan], model.week)
            for scheme, support in supports:
                scheme.pay(worker, support)
                by_scheme[scheme.number] += support
            worker.fees_pence += part
            worker.tenure += 1
            worker.member_weeks += 1
            worker.last_member = model.week
            own += part
            by_employers += sponsored
        payee = f"space:{self.name}"
        model.post(f"workers:{self.area.name}", payee, "membership", own)
        model.post("employers", payee, "sponsorship", by_employers)
        for policy, amount in zip(model.schemes, by_scheme, strict=True):
            model.post("treasury", payee, f"support:{policy.name}", amount)
        self.fees_pence_week = own + by_employers + sum(by_scheme)
        if model.week < model.begins:
            self.early_fees += self.fees_pence_week

    def open_doors(self, model: PlainModel) -> None:
        """Members come with the chance season*days/5 on each day, day members with season/5.

        When desks run short, some go home: dedicated desks are kept, a keyed priority decides among the rest. Occupancy
        nbar (those who found a desk, mean of the five days) follows smoothly.
        """
        week, uniform, season = model.week, model.source.uniform, model.season
        # The model's text leaves open whether the smoothed occupancy of a closed space fades. Here it does.
        for worker in self.members:
            worker.day_mask = worker.days_present = 0
        present = self.turned_away = 0
        for day in _DAYS:
            come = []
            for worker in self.members:
                days = worker.days if worker.plan != DAY else 1
                if uniform("attendance", worker.key, week, day) < min(1.0, season * days / 5):
                    come.append(worker)
            if len(come) > self.desks:
                self.turned_away += len(come) - self.desks
                come = self.seat(come, day, model)
            for worker in come:
                worker.day_mask |= 1 << day
                worker.days_present += 1
                worker.days_total += 1
            self.present[day] = come
            present += len(come)
        self.nbar += self.rules.occupancy_smoothing * (present / 5 - self.nbar)

    def seat(self, come: list[Worker], day: int, model: PlainModel) -> list[Worker]:
        """Those who find a desk on a day, in the order of keys."""
        week, priority = model.week, model.source.priority
        ranks = sorted((w.plan != DEDICATED, priority("attendance", w.key, week, 8 + day), w.key, w) for w in come)
        return sorted((rank[3] for rank in ranks[: self.desks]), key=_key)

    def share_pool(self, model: PlainModel) -> None:
        """Share equipment and training places among the members who have come this week."""
        self.share_equipment()
        self.hold_courses(self.share_training(model), model)

    def share_equipment(self) -> None:
        """Members want hours * psi/(psi+access) * days/5, and get less in proportion when equipment is short."""
        psi = self.rules.inclination
        wanted = [
            worker.learning_hours * psi / (psi + worker.access()) * worker.days_present / 5 for worker in self.members
        ]
        total = unfixed(sum(map(fixed, wanted)))
        share = min(1.0, self.equipment_hours / total) if total > 0 else 1.0
        self.equipment_hours_week = 0.0
        for worker, hours in zip(self.members, wanted, strict=True):
            worker.inside_hours = hours * share
            self.equipment_hours_week += worker.inside_hours

    def share_training(self, model: PlainModel) -> list[Worker]:
        """Give training places to those who have waited longest; return those who go without and wait on."""
        rules, source, week = self.rules, model.source, model.week
        hopeful = []
        for worker in self.members:
            worker.training_hours = 0.0
            if worker.days_present and source.uniform("training", worker.key, week, 0) < rules.interest:
                hopeful.append((-worker.waiting, source.priority("training", worker.key, week, 1), worker.key, worker))
        hopeful.sort()
        for number, (_, _, _, worker) in enumerate(hopeful):
            if number < self.training_places:
                worker.training_hours = min(rules.training_hours, worker.learning_hours - worker.inside_hours)
                worker.waiting = 0
            else:
                worker.waiting += 1
        self.training_turned_away = max(0, len(hopeful) - self.training_places)
        return [worker for _, _, _, worker in hopeful[self.training_places :]]

    def hold_courses(self, without: list[Worker], model: PlainModel) -> None:
        """Give places that policies have bought here to those without one, in their order, who came often enough."""
        for course in model.courses:
            places = course.places.get(self.key, 0) if course.policy.where == "inside" else 0
            served = [worker for worker in without if worker.days_present >= course.policy.days][:places]
            for worker in served:
                hours = max(0.0, min(self.rules.training_hours, worker.learning_hours - worker.inside_hours))
                worker.course_inside = lesson(worker, course.policy.curriculum, hours)
                worker.waiting = 0
                without.remove(worker)
                self.training_turned_away -= 1

    def decide(self, weekly_cost: int, model: PlainModel) -> Decision:
        """Look at the books of the last four weeks, and decide; nothing is changed yet.

        A space may also close for other reasons, with ``exit`` a year.
        """
        closes = closes_in(model, self.area.index, self.ordinal)
        may_close = (model.week >= model.start or not self.listed) and (closes is None or model.week >= closes)
        chance = 1 - (1 - self.rules.closing) ** (4 / 52)
        if may_close and model.source.uniform("management", self.key, model.week, 1) < chance:
            return Decision(self.price_pence_month, self.events, closes=True)
        offered_hours = self.month_hours_offered
        books = Books(
            occupancy=self.month_desk_days / self.month_offered,
            cash=self.cash,
            price=self.price_pence_month,
            list_price=self.list_price,
            desks=self.desks,
            equipment_hours=self.equipment_hours,
            equipment_use=self.month_equipment_hours / offered_hours if offered_hours else 0.0,
            training_places=self.training_places,
            training_turned_away=self.month_training_turned_away,
            turned_away=self.month_turned_away,
            weekly_cost=weekly_cost,
            events=self.events,
            patience=self.traits.patience,
            may_close=may_close,
        )
        return decide(books, self.rules)

    def carry_out(self, decision: Decision, week: int) -> None:
        """Do what has been decided."""
        self.set_price(decision.price)
        self.events = decision.events
        self.desks += decision.desks
        self.equipment_hours += decision.equipment_hours
        self.training_places += decision.training_places
        self.cash -= decision.investment
        if decision.closes:
            self.shut(week)

    def shut(self, week: int) -> None:
        """Close for good: members leave, groups end."""
        self.open, self.closed = False, week
        self.area.is_changed = True
        for worker in tuple(self.members):
            worker.leave()
        for group in filter(None, tuple(self.groups)):
            end(group, self.area)
