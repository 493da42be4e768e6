"""Workers of the plain twin: one Mesa agent per person, whose methods are the rules of one person's week."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final

import mesa

from coworksim.model.parameters.skills import CREATIVE, SKILLS, WEIGHTS

from .laws import rounded
from .rules import PROBLEM_SOLVING, TD_WEIGHTS, TOOLS, WEIGHT_SUMS, Rules
from .schemes import APPLIED, AWARDED, IN_USE
from .space import DEDICATED, NO_PLAN, PLANS
from .wishes import shared

if TYPE_CHECKING:
    from .gatherings import Group
    from .model import PlainModel
    from .population import PersonAtStart
    from .region import Area
    from .schemes import Scheme
    from .space import Manager

__all__ = ["CHANNELS", "Worker"]

CHANNELS: Final = ("own", "outside", "firm", "employer", "space_social", "space_resource", "decay")

#: GBP a week: a hot desk at the usual price, the income at which its fee weighs ``price_weight``, and the least one.
HOT_DESK: Final = 157 * 12 / 52
MIDDLING_INCOME: Final = 500.0
LEAST_INCOME: Final = 100.0
#: Indices of draws of the stream "membership" beyond those of plans: the nest, and whether to look.
_NEST: Final = 2**29
_LOOK: Final = 2**30
_SUPPORTED: Final = (AWARDED, IN_USE)
_PLAIN: Final = tuple(k for k in range(len(SKILLS)) if k not in (PROBLEM_SOLVING, TOOLS))


class Worker(mesa.Agent):
    """A person: skills up to the frontier, income in GBP a week, money paid and earned in pence.

    ``gains[channel][k]`` is what the channel has added to skill k since the start; ``space`` is the space
    of which the person is a member, ``aware`` holds the ordinals of those heard of.
    """

    status: str
    independent: bool
    has_office = False

    def __init__(self, model: PlainModel, person: PersonAtStart, area: Area) -> None:
        super().__init__(model)
        self.rules: Rules = model.rules
        self.area = area
        self.key = person.key
        self.place = person.key >> 6 & 0xFFFF
        self.generation = person.key & 63
        self.entered = person.entered
        self.career_start = person.career_start
        self.career_end = person.career_end
        self.occupation = person.occupation
        self.creative = CREATIVE[person.occupation]
        self.sociability = person.sociability
        self.learning_hours = person.learning_hours
        self.days = person.days
        self.taste = person.taste
        #: Whoever the team follows; one who is in no team follows nobody else.
        self.lead: Worker = self
        self.power = person.power
        self.offers = person.offers
        #: Hours of a course, this week and in all.
        self.lessons = self.lessons_total = 0.0
        self.look = 0
        #: What all wishes for plans have in common; whose they are, and of which week.
        self.nest = ((-1, -1), 0.0)
        self.last_member = -100_000
        self.sponsor = person.sponsor
        self.home = person.home
        self.tools = person.tools or not model.inputs.mechanisms["adoption"]
        self.cluster = person.cluster
        self.skills = list(person.skills)
        self.income = person.income
        self.work = person.work
        self.contacts = person.contacts
        self.weights: tuple[float, ...] = WEIGHTS[person.occupation]
        self.weight_sum = WEIGHT_SUMS[person.occupation]
        self.td_weights = TD_WEIGHTS[person.occupation]
        self.frontier = model.frontiers[person.occupation]
        uniform = model.source.uniform
        self.seat = (uniform("seat", self.key, 0, 0), uniform("seat", self.key, 0, 1))
        self.starts_team = uniform("teams", self.key, 0, 0) < 1 / self.rules.team_size
        self.enter_books(model)
        self.informed = not model.inputs.mechanisms["awareness"]
        self.aware: set[int] = set()
        self.schemes_known = set(range(len(self.scheme_state))) if self.informed else set()
        self.look_around()

    def enter_books(self, model: PlainModel) -> None:
        """Begin with nothing: no membership, no help, nothing counted."""
        self.space: Manager | None = None
        self.group: Group | None = None
        self.plan = NO_PLAN
        self.tenure = self.member_weeks = self.days_total = 0
        self.day_mask = self.days_present = self.waiting = 0
        self.inside_hours = self.training_hours = self.encounter_hours = self.loan_access = 0.0
        self.taught, self.course_inside, self.course_outside = [0.0] * 4, [0.0] * 4, [0.0] * 4
        self.recent_gain = self.space_gain_week = 0.0
        self.earned_pence = self.fees_pence = self.supported_pence = 0
        self.encounters = self.partners_new = self.outside_met = 0
        number = len(model.schemes)
        self.scheme_state = [0] * number
        self.scheme_cost = [0] * number
        self.scheme_used = [0] * number
        self.award_week = [-1] * number
        self.scheme_last_used = [0] * number
        draw = model.source.exponential
        self.reluctance = [draw("scheme", self.key, 0, 2 * scheme.code) for scheme in model.schemes]
        self.open_books()

    def open_books(self) -> None:
        """Gains count from here."""
        self.skills_at_opening = tuple(self.skills)
        self.gains = {channel: [0.0] * len(SKILLS) for channel in CHANNELS}

    def forget_counts(self) -> None:
        """What is done and paid in spaces counts from the start."""
        self.member_weeks = self.days_total = self.encounters = self.partners_new = 0
        self.fees_pence = self.supported_pence = 0
        self.encounter_hours = 0.0

    def look_around(self) -> None:
        """Find the open spaces near home; what is known stays known while near (without awareness: all is known)."""
        self.candidates = self.area.near(self.home)
        self.reachable = frozenset(manager.ordinal for manager, _ in self.candidates)
        self.aware = set(self.reachable) if self.informed else self.aware & self.reachable
        self.unaware = [manager for manager, _ in self.candidates if manager.ordinal not in self.aware]

    @property
    def member(self) -> bool:
        """Whether a member of any space."""
        return self.space is not None

    def career(self, week: int) -> float:
        """Years of career."""
        return self.career_start + (week - self.entered) / 52

    def skill(self) -> float:
        """Mean of x = s/F over the skills, weighted as the occupation weighs them.

        Creative problem-solving and generative AI count as a pair in tandem; without new tools the second is 0.
        """
        weights, skills, frontier = self.weights, self.skills, self.frontier
        total = 0.0
        for k in _PLAIN:
            total += weights[k] * skills[k] / frontier[k]
        v, w = weights[PROBLEM_SOLVING], weights[TOOLS]
        with_tools = skills[TOOLS] / frontier[TOOLS] if self.tools else 0.0
        pair = self.rules.pair(skills[PROBLEM_SOLVING] / frontier[PROBLEM_SOLVING], with_tools, v, w)
        return (total + (v + w) * pair) / self.weight_sum

    def standing(self) -> float:
        """Plain mean of x = s/F over the eight skills."""
        total = 0.0
        for s, best in zip(self.skills, self.frontier, strict=True):
            total += s / best
        return total / len(SKILLS)

    def receive(self, paid: int) -> None:
        """Book the week's pay (pence); income follows it smoothly."""
        self.income += self.rules.income_smoothing * (paid / 100 - self.income)
        self.earned_pence += paid

    def considers_tools(self, week: int) -> bool:
        """Whether to take up new tools: (innovation + imitation * share of users among ties) * creative factor."""
        rules = self.rules
        factor = rules.creative_factor if self.creative else 1.0
        u = self.model.source.uniform("adoption", self.key, week, 0)
        if u >= (rules.innovation + rules.imitation) * factor:
            return False  # not even if all ties used them
        ties = self.model.neighbours.get(self.key, ())
        share = sum(other.tools for other in ties) / len(ties) if ties else 0.0
        return bool(u < (rules.innovation + rules.imitation * share) * factor)

    def hear_of_spaces(self, week: int) -> None:
        """Word of an open space near home gets round, unprompted or by ties to its members; much in its first week."""
        friends: dict[int, tuple[int, float]] | None = None
        uniform = self.model.source.uniform
        for space in tuple(self.unaware):
            if space.open:
                u = uniform("awareness", self.key, week, space.ordinal)
                if week == space.first_week and u < space.first_share:
                    self.aware.add(space.ordinal)
                    self.unaware.remove(space)
                elif u < self.word_of_mouth(99, self.area.help.hear_spaces):  # otherwise no number of friends would do
                    friends = self.friends_in_spaces() if friends is None else friends
                    if u < self.word_of_mouth(friends.get(space.ordinal, (0, 0.0))[0], self.area.help.hear_spaces):
                        self.aware.add(space.ordinal)
                        self.unaware.remove(space)

    def hear_of_schemes(self, running: list[int], week: int) -> None:
        """Word of a scheme that runs gets round, unprompted or by ties who are supported."""
        uniform, added = self.model.source.uniform, self.area.help.hear_schemes
        for k in running:
            if k not in self.schemes_known:
                u = uniform("awareness", self.key, week, 2**31 + self.model.schemes[k].code)
                if u < self.word_of_mouth(99, added):
                    ties = self.model.neighbours.get(self.key, ())
                    if u < self.word_of_mouth(sum(other.scheme_state[k] in _SUPPORTED for other in ties), added):
                        self.schemes_known.add(k)

    def word_of_mouth(self, friends: int, added: float) -> float:
        """Chance to hear of what ``friends`` ties use: unprompted + campaigns' + by_ties * (1 - exp(-friends/2))."""
        return self.rules.unprompted + added + self.rules.by_ties * (1 - exp(-friends / 2))

    def decides(self, week: int) -> bool:
        """Whether to decide on membership: at a look, and when an award begins.

        A look comes with the chance season/R, or season/W while help is on its way, and to a team together; in the
        week in which help with fees begins, the wish of the last look is asked again.
        """
        begins = waits = False
        for scheme in self.model.schemes.awards:
            state = self.scheme_state[scheme.number]
            waits = waits or state == APPLIED or scheme.is_on_its_way(self, week)
            starts = state == AWARDED and week == self.award_week[scheme.number] + scheme.lag
            begins = begins or (starts and scheme.helps_with_fees)
        if begins:
            return True
        pause = self.rules.intent_weeks if waits else self.rules.review_weeks
        if self.model.source.uniform("membership", self.lead.key, week, _LOOK) < min(1.0, self.model.season / pause):
            self.look = week
            return True
        return False

    def bill(self, fee: int, week: int, also: Scheme | None = None) -> tuple[int, int, list[tuple[Scheme, int]]]:
        """Who pays how many pence of a week's fee: oneself, the employer, and each scheme in use.

        Schemes pay one after the other, each what it grants, at most what is left of the fee and of the award;
        the employer pays a share of the rest. ``also`` pays as if it had been awarded.
        """
        rest, supports = fee, []
        for scheme in self.model.schemes.awards:
            if scheme is also:
                rest -= min(rest, also.most(fee)) if also else 0
            elif scheme.is_usable(self, week):
                k = scheme.number
                part = min(rest, scheme.most(fee), self.scheme_cost[k] - self.scheme_used[k])
                rest -= part
                supports.append((scheme, part))
        sponsored = rounded(rest * self.sponsor) if self.sponsor else 0
        return rest - sponsored, sponsored, supports

    def pound(self) -> float:
        """Utility of a pound a week: alpha/p_ref * (y_ref/y)^eta, with y at least 100."""
        eta = 1.0 if self.rules.money_is_logarithmic else self.rules.income_elasticity
        return self.rules.price_weight / HOT_DESK * float((MIDDLING_INCOME / max(self.income, LEAST_INCOME)) ** eta)

    def burden(self, price: float) -> float:
        """What a price (GBP a week) takes off utility: as it is, or by the logarithm of what is left."""
        if not self.rules.money_is_logarithmic:
            return self.pound() * price
        income = max(self.income, LEAST_INCOME)
        return -self.pound() * income * log(1 - min(price / income, 0.9))

    def habit(self) -> float:
        """Pull of the present space: H * (1 - a*exp(-t/13))."""
        return self.rules.membership_habit * (1 - self.rules.early_habit * exp(-self.tenure / 13))

    def plans(self, week: int, also: Scheme | None = None) -> list[tuple[Manager, int, float]]:
        """Every plan that one has heard of, and its utility V over staying outside.

        V = b0 + plan + bL*E + bN*ln(1+m) + H(t)*member - burden - crowding - distance + taste - office,
        with m the neighbours who are members of the space and E their mean recent gain. A dedicated desk is not
        crowded.
        """
        rules = self.rules
        offers = [offer for offer in self.candidates if offer[0].open and offer[0].ordinal in self.aware]
        friends = self.friends_in_spaces() if offers else {}
        base = rules.constant + rules.appeal + rules.taste_scale * self.lead.taste
        base -= rules.office if self.has_office else 0.0
        tastes = (rules.day_constant, 0.0, rules.dedicated_constant)
        found = []
        for manager, km in offers:
            common = base - rules.distance_weight * km
            if manager.ordinal in friends:
                number, learnt = friends[manager.ordinal]
                common += rules.learning_weight * (learnt / number) + rules.ties_weight * log(1 + number)
            if manager is self.space:
                common += self.habit()
            for plan in PLANS:
                value = common + tastes[plan]
                if plan != DEDICATED:
                    value -= manager.crowding
                value -= self.burden(self.bill(manager.fees[plan], week, also)[0] / 100)
                found.append((manager, plan, value))
        return found

    def wish(self, manager: Manager | None, plan: int = 0) -> float:
        """Number of an alternative, that of the last look; by lasting tastes, that of a space never changes.

        A team wishes together, by the numbers of its lead. Outside: g, a Gumbel number. A plan: mu * (L + g), with L
        common to all plans.
        """
        gumbel = self.model.source.gumbel
        if manager is None:
            return float(gumbel("membership", self.lead.key, self.look, 0))
        week = 0 if self.rules.tastes_last else self.look
        mu, key = self.rules.dissimilarity, self.lead.key
        if self.nest[0] != (key, week):
            self.nest = ((key, week), mu * self._shared_wish(mu, week))
        return self.nest[1] + mu * float(gumbel("membership", key, week, 1 + 4 * manager.ordinal + plan))

    def _shared_wish(self, mu: float, week: int) -> float:
        source, key = self.model.source, self.lead.key
        turn = source.uniform("membership", key, week, _NEST)
        return shared(mu, turn, source.exponential("membership", key, week, _NEST + 1))

    def decide(self, week: int) -> tuple[Manager | None, int]:
        """Apply for help, and choose the best space and plan, or none; membership is not changed yet.

        Whoever waits for an award for non-members stays outside.
        """
        plans = self.plans(week)
        if self.look == week:
            for scheme in self.model.schemes.awards:
                scheme.consider(self, plans, week)
        found: tuple[Manager | None, int] = (None, NO_PLAN)
        if any(scheme.keeps_outside(self, week) for scheme in self.model.schemes.awards):
            return found
        best = self.wish(None)
        for manager, plan, value in plans:
            score = value + self.wish(manager, plan)
            if score > best:
                best, found = score, (manager, plan)
        return found

    def friends_in_spaces(self) -> dict[int, tuple[int, float]]:
        """Neighbours who are members of each space: their number, and the sum of their recent gains."""
        friends: dict[int, tuple[int, float]] = {}
        for other in self.model.neighbours.get(self.key, ()):
            if other.space is not None:
                number, learnt = friends.get(other.space.ordinal, (0, 0.0))
                friends[other.space.ordinal] = (number + 1, learnt + other.recent_gain)
        return friends

    def move(self, space: Manager | None, plan: int) -> None:
        """Join, leave, or change space or plan; a new space begins a new tenure."""
        if space is None:
            self.leave()
            return
        if space is not self.space:
            if self.space is not None:
                self.space.dismiss(self)
            self.space = space
            space.admit(self)
            self.tenure = 0
        self.plan = plan

    def leave(self) -> None:
        """Be no member any more; the hours of the week stay known until those of the next are."""
        if self.space is not None:
            self.space.dismiss(self)
        self.space = None
        self.plan = NO_PLAN
        self.tenure = self.day_mask = self.days_present = 0

    def access(self) -> float:
        """Outside access: that of the region, or of equipment on loan if it is more."""
        return max(self.area.environment.outside_access, self.loan_access)
