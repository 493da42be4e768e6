"""One person's weeks: what was weighed, what chance said, who was met, what was learnt. What a dearer offer changes.

The run that is traced is the run that would have been made without looking: watchers stand between the phases of the
week, read the state, and change nothing.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.model.mechanisms.helpers.offers import Offer, of_spaces, outside_wish, wish_for
from coworksim.model.mechanisms.membership import Membership, stays_outside
from coworksim.model.parameters.skills import ENCOUNTER_KINDS
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS, FAMILIES, PLANS
from coworksim.model.state.rng import RunKey
from coworksim.model.state.world import World

if TYPE_CHECKING:
    from coworksim.model.model import CoworkingModel

#: Beyond it exp() is too large for a float.
_MOST: Final = 700.0
#: Terms of the utility of membership: what each adds, found by leaving it out of the offer.
_TERMS: Final[dict[str, dict[str, Any]]] = {
    "learning": {"expected_gain": 0.0},
    "ties": {"ties": 0},
    "habit": {"member": False},
    "price": {"price": 0.0},
    "crowding": {"crowd": 0.0},
    "distance": {"km": 0.0},
}
#: What cannot be left out: constants, the plan's own, taste, and having a desk at an employer's.
_REST: Final = "lasting"
#: The choice of no space.
OUTSIDE: Final = -1


class TraceError(LookupError):
    """There is no such person in those weeks."""


@dataclass(frozen=True)
class Alternative:
    """A plan of a space as weighed: the offer, terms of utility, their sum, and the week's chance."""

    space: str
    plan: str
    offer: dict[str, float]
    terms: dict[str, float]
    value: float
    chance: float

    @property
    def score(self) -> float:
        """Value and chance together; the best score wins."""
        return self.value + self.chance


@dataclass(frozen=True)
class Review:
    """A review of membership: staying outside, of utility 0 and a chance of its own, against the alternatives."""

    outside_chance: float
    alternatives: tuple[Alternative, ...]
    waits: bool = False  # outside, for an award that is for non-members

    @property
    def chosen(self) -> int:
        """Index of the alternative with the highest score, OUTSIDE when none beats staying outside, or who waits."""
        best, chosen = self.outside_chance, OUTSIDE
        if self.waits:
            return OUTSIDE
        for index, alternative in enumerate(self.alternatives):
            if alternative.score > best:  # never so of NaN, which is ruled out
                best, chosen = alternative.score, index
        return chosen


@dataclass(frozen=True)
class Encounter:
    """The week's encounters of one kind with one partner; ``tie`` is its strength before them, in meetings."""

    partner: int
    kind: str
    times: int
    tie: float


@dataclass(frozen=True)
class Week:
    """A week of one person as it ended; gains in skill points, money in GBP a week."""

    week: int
    key: int
    status: str
    income: float
    work: float
    space: str | None
    plan: str | None
    days: int
    hours: dict[str, float]
    review: Review | None
    encounters: tuple[Encounter, ...]
    gains: dict[str, float]


def trace(scenario: Scenario, key: int, first: int, last: int, seed: int | None = None) -> Iterator[Week]:
    """Yield the weeks ``first`` to ``last`` (since the start, both included) that the person with that key lives.

    Raises TraceError when nobody has the key in any of these weeks.
    """
    from coworksim.model.model import CoworkingModel  # with agents, and so Mesa, which appraisals do without

    model = CoworkingModel(scenario, seed, collect=False)
    watch = _Watch(model, key)
    seen = False
    while (week := model.world.week - model.world.start) <= last:
        model.step()
        row = watch.row(model.world)
        if week >= first and row is not None:
            seen = True
            yield watch.told(model, week, row)
    if not seen:
        raise TraceError(f"nobody has the key {key} in weeks {first} to {last}; the table of workers lists the keys")


def people(scenario: Scenario, week: int, seed: int | None, count: int) -> list[dict[str, Any]]:
    """Name up to ``count`` people of a week whose weeks may be of interest: members first, every status among them."""
    from coworksim.model.model import CoworkingModel

    model = CoworkingModel(scenario, seed, collect=False)
    while model.world.week - model.world.start <= week:
        model.step()
    w = model.world.workers
    once, seen = [], set()
    for row in np.lexsort((w.key, w.member_of < 0)).tolist():  # the first of each status, members before others
        if w.status[row] not in seen:
            seen.add(w.status[row])
            once.append(row)
    members = [row for row in np.flatnonzero(w.member_of >= 0).tolist() if row not in once]
    agents = [model.worker(row) for row in sorted([*once, *members[: count - len(once)]])]
    plain = ("key", "region", "status", "occupation")
    return [
        {name: getattr(agent, name) for name in plain}
        | {"career_years": round(agent.career_years, 1), "plan": agent.plan or "none"}
        for agent in agents
    ]


def plain(week: Week) -> dict[str, Any]:
    """The week as JSON can hold it: what is ruled out has no value and no score; ``chosen`` is written out."""
    found = asdict(week)
    if week.review is not None:
        found["review"]["chosen"] = week.review.chosen
        for told, alternative in zip(found["review"]["alternatives"], week.review.alternatives, strict=True):
            told["score"] = alternative.score
            told.update({name: None for name in ("value", "score") if not math.isfinite(told[name])})
            told["terms"] = {name: value if math.isfinite(value) else None for name, value in told["terms"].items()}
    return found


@dataclass
class _Watcher:
    """A phase that only looks."""

    step: Callable[[World], None]
    name: str = "watch"


class _Watch:
    """What is read on the way through a week: gains at its start, the review before it is made."""

    def __init__(self, model: "CoworkingModel", key: int) -> None:
        self._key = key
        self._review: Review | None = None
        self._before: NDArray[np.float64] = model.world.workers.gain.copy()
        at = next((n for n, phase in enumerate(model.phases) if isinstance(phase, Membership)), None)
        if at is not None:
            phase = model.phase(Membership)
            model.phases.insert(at, _Watcher(lambda world: self._weigh(phase, world)))
        model.phases.insert(0, _Watcher(self._begin))

    def row(self, world: World) -> int | None:
        """The row of the person, None when nobody has the key."""
        rows = np.flatnonzero(world.workers.key == self._key)
        return int(rows[0]) if len(rows) else None

    def _begin(self, world: World) -> None:
        self._review = None
        row = self.row(world)
        self._before = np.zeros((2, len(CHANNELS))) if row is None else world.workers.gain[row].copy()

    def _weigh(self, phase: Membership, world: World) -> None:
        row = self.row(world)
        if row is not None and world.open and row in phase.due(world):
            weighed = tuple(_alternative(phase, world, row, *choice) for choice in phase.offers(world, row))
            self._review = Review(float(outside_wish(*_look(world, row))), weighed)

    def told(self, model: "CoworkingModel", week: int, row: int) -> Week:
        """The week that has just ended."""
        world, w, agent = model.world, model.world.workers, model.worker(row)
        member_of = int(w.member_of[row])
        review = self._review
        if review is not None and stays_outside(row, world.start + week, world.schemes):
            review = replace(review, waits=True)
        spent = {"equipment": w.inside_hours, "training": w.training_hours, "encounters": w.encounter_hours}
        return Week(
            week=week,
            key=self._key,
            status=agent.status,
            income=agent.income,
            work=agent.work,
            space=None if member_of < 0 else world.spaces.name(member_of, world.regions),
            plan=agent.plan,
            days=agent.days_present,
            hours={name: float(hours[row]) for name, hours in spent.items()},
            review=review,
            encounters=_encounters(world, row),
            gains=_gains(100.0 * (w.gain[row] - self._before)),
        )


def _look(world: World, row: int) -> tuple[RunKey, int, int]:
    """Return what the wishes of a person's last look are drawn from: the key of who leads the team."""
    return world.run, int(world.workers.lead[row]), int(world.workers.look[row])


def _alternative(phase: Membership, world: World, row: int, space: int, plan: int, offer: Offer) -> Alternative:
    """Split the utility of one alternative into its terms, each found by leaving it out."""
    value = phase.value(world, row, offer)
    rests = {name: phase.value(world, row, offer._replace(**without)) for name, without in _TERMS.items()}
    terms = {name: value - rest if math.isfinite(value) else 0.0 for name, rest in rests.items()}
    terms[_REST] = value - sum(terms.values())
    look, p, ordinal = _look(world, row), phase.parameters, int(world.spaces.ordinal[space])
    chance = float(of_spaces(*look, p) + wish_for(*look, ordinal, plan, p))
    return Alternative(world.spaces.name(space, world.regions), PLANS[plan], offer._asdict(), terms, value, chance)


def _encounters(world: World, row: int) -> tuple[Encounter, ...]:
    met, key = world.meetings, world.workers.key
    found = []
    for e in np.flatnonzero((met.one == row) | (met.other == row)).tolist():
        partner = int(key[met.other[e] if met.one[e] == row else met.one[e]])
        found.append(Encounter(partner, ENCOUNTER_KINDS[met.kind[e]], int(met.times[e]), float(met.strength[e])))
    return tuple(found)


def _gains(change: NDArray[np.float64]) -> dict[str, float]:
    """Points gained in the week, by family and channel; what is nothing is left out."""
    return {
        f"{family} {channel}": float(change[f, c])
        for f, family in enumerate(FAMILIES)
        for c, channel in enumerate(CHANNELS)
        if change[f, c] != 0.0
    }


# --- the arc elasticity of the chance to be a member, were people to review now

#: By how much everything on offer is dearer.
RISE: Final = 0.10


def evenly(number: int, most: int) -> list[int]:
    """Return at most ``most`` of ``number`` positions, evenly spread."""
    return list(range(number)) if number <= most else [at * number // most for at in range(most)]


def join_probability(values: Iterable[float], mu: float = 1.0) -> float:
    """Return the chance that a look ends in a space, ``S**mu/(1 + S**mu)`` with ``S`` the sum of ``exp(V/mu)``.

    ``mu`` is how far apart wishes for two spaces are (``membership.dissimilarity``); staying outside has utility 0.

    >>> join_probability([0.0, 0.0]), round(join_probability([0.0, 0.0], 0.5), 12) == round(2**0.5 / (1 + 2**0.5), 12)
    (0.6666666666666666, True)
    """
    known = [value for value in values if not math.isnan(value) and value > -math.inf]
    if not known:
        return 0.0
    top = max(known)
    inside = top + mu * math.log(sum(math.exp((value - top) / mu) for value in known))
    return 1.0 / (1.0 + math.exp(min(-inside, _MOST)))


def arc_elasticity(before: float, after: float, rise: float = RISE) -> float | None:
    """Return the arc elasticity of a quantity to a price that rises by a share; None of nothing."""
    mean = (before + after) / 2
    return (after - before) / mean / (rise / (1 + rise / 2)) if mean > 0 else None


def response(
    offers: Sequence[Offer], value: Callable[[Offer], float], mu: float, rise: float = RISE
) -> tuple[float, float]:
    """Return one person's chance of membership at today's prices, and when all of them are higher by a share."""
    dearer = [offer._replace(price=offer.price * (1 + rise)) for offer in offers]
    return join_probability(map(value, offers), mu), join_probability(map(value, dearer), mu)
