"""The terms of an appraisal, each out of the difference between a world and the same world without the policies.

A *recipient* is a person of whose membership a scheme has paid something. Person-weeks are compared where the same key
lives in both worlds. Support of recipients falls into four parts that add up: ``deadweight`` (a member without it, on
the same plan), another plan, new (no member without it), unmatched. New member-weeks of recipients fall into three:
``acceleration`` (before the first week of membership that the person has without it), ``retention`` (after it, in a
week in which he or she is no member without it) and new members (never a member without it, up to the horizon).
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.measure_registry import AFTER
from coworksim.appraisal.pairs import FAMILIES, Record, aimed
from coworksim.appraisal.record_week import STAGES, SUMS, WEEKLY
from coworksim.model.mechanisms.helpers.fees import plan_fee
from coworksim.model.policies import KINDS
from coworksim.model.scenario import Scenario

MONTH: Final = 52.0 / 12.0
YEAR: Final = 52.0
_NEVER: Final = 1 << 30

type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]


class Pair:
    """A world with policies and the same without; arrays by week and row unless said otherwise."""

    def __init__(self, scenario: Scenario, there: Record, here: Record, standing: int = 0) -> None:
        """``there`` is the world with the policies, ``here`` the one without; the first ``standing`` act in both."""
        self.policies = scenario.policies[standing:]
        self.scenario, self.there, self.here = scenario, there, here
        self.width = max(there.sums.shape[2], here.sums.shape[2])
        self.people = there.key.shape[1]
        self.same: Flags = there.key == here.key
        self.member: Flags = there.space >= 0
        self.member_without: Flags = here.space >= 0
        self.person = there.person(self.width)
        paid = np.bincount(self.person.ravel(), there.support.ravel(), self.people * self.width)
        self.recipient: Flags = paid > 0  # by number of the person
        self.receives: Flags = self.recipient[self.person]  # in any week
        purposes = {f"{how}:{policy.name}" for policy in self.policies for how in ("support", "policy")}
        paid_for = (p for p in there.postings if p.payer == "treasury" and (p.purpose in purposes or not standing))
        posted = [posting.week for posting in paid_for]
        self.last_paid = max(posted, default=None)
        first = np.full(self.people * self.width, _NEVER, np.int64)  # week of membership without, by number of a person
        week, row = np.nonzero(self.member_without)
        np.minimum.at(first, here.person(self.width)[week, row], week)
        self.first_without = first[self.person]
        self.spaces = np.unique([there.space_key, here.space_key])  # keys of all there were in either world

    def by_space(self, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return a column of spaces by week and space (not row) in one order for both worlds: with, and without."""
        there, here = (self._by_space(record, getattr(record, name)) for record in (self.there, self.here))
        return there, here

    def _by_space(self, record: Record, values: NDArray[Any]) -> NDArray[Any]:
        found = np.zeros((len(values), len(self.spaces)), values.dtype)
        np.put_along_axis(found, np.searchsorted(self.spaces, record.space_key), values, axis=1)
        return found

    def space_of(self, week: NDArray[Any], row: NDArray[Any]) -> NDArray[np.int64]:
        """Return which space, in the order of :meth:`by_space`, people are members of in the world with policies."""
        return np.asarray(np.searchsorted(self.spaces, self.there.space_key[week, self.there.space[week, row]]))

    def sums(self, name: str) -> tuple[Floats, Floats]:
        """Return a sum by row and generation, in the world with the policies and in the one without."""
        at = SUMS.index(name)
        return self.widened(self.there.sums[at]), self.widened(self.here.sums[at])

    def widened[T: np.generic](self, columns: NDArray[T]) -> NDArray[T]:
        """Return an array by row and generation with room for the generations of both worlds."""
        return np.pad(columns, ((0, 0), (0, self.width - columns.shape[1])))

    def gained(self, name: str) -> Floats:
        """Return what each person (by row and generation) has more of with the policies."""
        there, here = self.sums(name)
        return there - here

    def weekly(self, name: str) -> Floats:
        """Return, by week, what everybody together has more of with the policies."""
        at = WEEKLY.index(name)
        return np.asarray(self.there.weekly[at] - self.here.weekly[at])


def _months(flags: Flags) -> float:
    """Return person-weeks as member-months."""
    return float(np.count_nonzero(flags)) / MONTH


def _pounds(pence: NDArray[np.integer[Any]]) -> float:
    return int(pence.sum(dtype=np.int64)) / 100.0


def take_up(pair: Pair) -> dict[str, float]:
    """Count who could get support, had heard of it, wished for it, applied, was awarded it, used it, and gained."""
    there = pair.there
    called = {stage: "aware" if stage == "heard" else stage for stage in STAGES}
    found = {f"{name}_people": float(np.count_nonzero(there.reached(stage))) for stage, name in called.items()}
    found["additional_people"] = float(additional_by_week(pair)[-1])
    recipients, months = float(np.count_nonzero(pair.recipient)), _months(there.support > 0)
    return found | {"recipients": recipients, "supported_member_months": months}


def additional_by_week(pair: Pair) -> Floats:
    """Count, by week, who uses an award and has been a member in more weeks by then than without the policies."""
    used = pair.widened(pair.there.reached("used")).ravel()
    without, more = pair.here.person(pair.width), np.zeros(used.shape)
    found = np.zeros(len(pair.person))
    for week, person in enumerate(pair.person):
        more[person] += pair.member[week]
        more[without[week]] -= pair.member_without[week]
        found[week] = np.count_nonzero(more[used] > 0)
    return found


def strata(pair: Pair) -> dict[str, float]:
    """Count person-weeks and people by membership in both worlds, with the Frechet bounds of the shares.

    The margins alone allow ``max(0, p + q - 1) <= both <= min(p, q)``, and so on for the other three.
    """
    a, b, same = pair.member, pair.member_without, pair.same
    found = {f"weeks_{name}": float(np.count_nonzero(cell & same)) for name, cell in _four(a, b).items()}
    found["weeks_unmatched"] = float(np.count_nonzero(~same))
    total = float(np.count_nonzero(same))
    p, q = (float(np.count_nonzero(flags & same)) / total for flags in (a, b))
    both = max(0.0, p + q - 1.0), min(p, q)
    bounds = {
        "both": both,
        "only_with": (p - both[1], p - both[0]),
        "only_without": (q - both[1], q - both[0]),
        "neither": (1.0 - p - q + both[0], 1.0 - p - q + both[1]),
    }
    for name, (low, high) in bounds.items():
        found[f"share_{name}"] = found[f"weeks_{name}"] / total
        found[f"share_{name}_least"], found[f"share_{name}_most"] = low, high
    size = pair.people * pair.width
    ever, ever_without = (np.bincount(pair.person[f & same], minlength=size) > 0 for f in (a, b))
    lives = np.bincount(pair.person[same], minlength=size) > 0
    for name, cell in _four(ever, ever_without).items():
        found[f"people_{name}"] = float(np.count_nonzero(cell & lives))
    return found


def _four(a: Flags, b: Flags) -> dict[str, Flags]:
    return {"both": a & b, "only_with": a & ~b, "only_without": ~a & b, "neither": ~a & ~b}


def support(pair: Pair) -> dict[str, float]:
    """Divide what was paid for recipients, and the member-weeks that it brought."""
    there, here, same = pair.there, pair.here, pair.same
    paid, a, b = there.support, pair.member, pair.member_without
    plan = there.plan == here.plan
    new = a & ~b & same & pair.receives
    week = np.arange(there.weeks)[:, None]
    earlier, later = week < pair.first_without, week > pair.first_without
    never = pair.first_without == _NEVER
    both = a & b & same & pair.receives
    first, last = (np.full(pair.people * pair.width, end, np.int64) for end in (_NEVER, -1))
    weeks, rows = np.nonzero(paid)
    np.minimum.at(first, pair.person[weeks, rows], weeks)
    np.maximum.at(last, pair.person[weeks, rows], weeks)
    while_supported = (first[pair.person] <= week) & (week <= last[pair.person])
    return {
        "usual_member_months": _months(while_supported & same & b),
        "support_gbp": _pounds(paid),
        "deadweight_gbp": _pounds(paid[same & b & plan]),
        "support_other_plan_gbp": _pounds(paid[same & b & ~plan]),
        "support_new_gbp": _pounds(paid[same & ~b]),
        "support_unmatched_gbp": _pounds(paid[~same]),
        "deadweight_member_months": _months((paid > 0) & same & b & plan),
        "recipients_new_member_months": _months(new),
        "acceleration_member_months": _months(new & earlier & ~never),
        "retention_member_months": _months(new & later),
        "new_members_member_months": _months(new & never),
        "recipients_lost_member_months": _months(~a & b & same & pair.receives),
        "upgraded_member_months": _months(both & (there.plan > here.plan)),
        "upgrading_days": float((there.days.astype(np.int64) - here.days)[both].sum()),
    }


def displacement(pair: Pair) -> dict[str, float]:
    """Count what others lose: members who get no support, spaces without supported members, independents."""
    a, b, same, others = pair.member, pair.member_without, pair.same, ~pair.receives
    lost, gained = _months(~a & b & same & others), _months(a & ~b & same & others)
    supported = np.zeros(len(pair.spaces), np.bool_)
    supported[pair.space_of(*np.nonzero((pair.there.support > 0) & a))] = True
    members, without = pair.by_space("members")
    weeks = (without - members).sum(axis=0)
    earned = pair.gained("earned").ravel()
    independent = (pair.widened(pair.here.first["status"]).ravel() < 3) & ~pair.recipient
    fewer = -earned[independent] / 100.0
    days = np.where(same, pair.there.days.astype(np.int64) - pair.here.days, 0)
    return {
        "recipients_new_days": float(days[pair.receives].sum()),
        "displaced_days": 0.0 - float(days[others].sum()),
        "displaced_member_months": lost,
        "others_new_member_months": gained,
        "displaced_net_member_months": lost - gained,
        "other_spaces_lost_member_months": float(weeks[~supported].sum()) / MONTH,
        "others_fees_lost_gbp": float(fewer[fewer > 0].sum()),
        "others_fees_lost_net_gbp": float(fewer.sum()),
    }


def learning(pair: Pair) -> dict[str, float]:
    """Add up skill over everybody (point-years), and what learning elsewhere it cost."""
    found = {"additional_member_months": float(pair.weekly("members").sum()) / MONTH}
    for family, deviation in pair.here.deviation.items():
        for name, key in ((family, f"{family}_total"), (f"{family}_space", f"{family}_in_space")):
            weekly = pair.weekly(name)
            found[f"{key}_point_years"] = 100.0 * float(weekly.sum()) / YEAR
            found[f"{key}_points_at_end"] = 100.0 * float(weekly[-1])
        for key in (f"{family}_total", f"{family}_in_space"):
            found[f"{key}_sd_years"] = found[f"{key}_point_years"] / (100.0 * deviation) if deviation else 0.0
    for name in ("outside_hours", "course_hours"):
        found[f"{name}_lost"] = 0.0 - float(pair.gained(name).sum())
    changed = pair.there.status != pair.here.status
    found["substitution_person_weeks"] = float(np.count_nonzero(changed & pair.same))
    found.update(leakage(pair))
    return found


def leakage(pair: Pair) -> dict[str, float]:
    """Return the benefit of people, and of regions, that no policy is meant for.

    What nobody applies for is meant for all people of the regions where it acts.
    """
    policies, regions = pair.policies, pair.scenario.regions
    acting = [policy for policy in policies if not KINDS[policy.kind].is_award]
    by_region = [[aimed(some, region) for region in regions] for some in (policies, acting)]
    meant, reached = np.array(by_region)[:, pair.there.region, None]
    target, found = pair.widened(pair.there.reached("eligible")) | reached, dict[str, float]()
    outside_area = ~meant & np.ones_like(target)
    for where, who in (("group", ~target), ("area", outside_area)):
        for family in FAMILIES:
            gained = float(pair.gained(family)[who].sum())
            found[f"leakage_{where}_{family}_point_years"] = 100.0 * gained / YEAR
        weeks = (pair.member.astype(np.int64) - pair.member_without)[who.ravel()[pair.person]]
        found[f"leakage_{where}_member_months"] = float(weeks.sum()) / MONTH
    return found


def incidence(pair: Pair) -> dict[str, float]:
    """Return what members pay more because prices rose: with support, and of others."""
    week, row = np.nonzero(pair.member)
    space, plan = pair.space_of(week, row), pair.there.plan[week, row]
    ratios = [float(pair.scenario[f"space.{name}_ratio"]) for name in ("day", "dedicated")]
    prices, place = np.unique(both := pair.by_space("price"), return_inverse=True)
    fees = np.array([[plan_fee(k, price, *ratios) for k in range(3)] for price in prices.tolist()], np.int64)
    there, here = fees[place.reshape(2, *both[0].shape)]  # pence a week, by week, space and plan
    more = (there - here)[week, space, plan]
    more = np.where(
        pair.by_space("open")[1][week, space], more, 0
    )  # a space that is closed without it has no price to compare
    supported = pair.there.support[week, row] > 0
    return {"price_supported_gbp": _pounds(more[supported]), "price_others_gbp": _pounds(more[~supported])}


def network(pair: Pair) -> dict[str, float]:
    """Count ties at the horizon, and partners and encounters up to it."""
    names = {"all": "ties", "region": "ties_between_regions", "occupation": "ties_between_occupations"}
    found = {f"{name}_at_end": pair.there.ties[kind] - pair.here.ties[kind] for kind, name in names.items()}
    sums = {"new_partners": "partners", "encounters_in_spaces": "encounters"}
    return found | {name: float(pair.weekly(column).sum()) for name, column in sums.items()}


def occupancy(record: Record, weeks: int | slice = slice(None)) -> float | None:
    """Return desk-days used of those that open spaces offer, over some weeks; None where none is open."""
    offered = 5.0 * float((record.desks * record.open)[weeks].sum())
    return float(record.desk_days[weeks].sum()) / offered if offered else None


def afterwards(pair: Pair) -> dict[str, float]:
    """Look at the world when the last money is paid, and so many months after, as far as the horizon goes."""
    if pair.last_paid is None:
        return {}
    found = {"last_paid_week": float(pair.last_paid)}
    for months, weeks in {0: 0, **AFTER}.items():
        at = pair.last_paid + weeks
        if at >= pair.there.weeks:
            continue
        end = f"after_{months}_months"
        for family in FAMILIES:
            found[f"{family}_points_{end}"] = 100.0 * float(pair.weekly(family)[at])
        found[f"members_{end}"] = float(pair.weekly("members")[at])
        found[f"cash_{end}_gbp"] = float((pair.there.cash[at] - pair.here.cash[at]).sum()) / 100.0
        worlds = (pair.there, pair.here)
        used, used_without = (occupancy(record, at) or 0.0 for record in worlds)
        found[f"occupancy_{end}"] = used - used_without
        opened = pair.by_space("open")
        closed, without = (float((one[: at + 1].any(axis=0) & ~one[at]).sum()) for one in opened)
        found[f"closures_{end}"] = closed - without  # spaces that had been open by then
    return found


def terms(pair: Pair) -> dict[str, float]:
    """Return every term of one pair of worlds by name."""
    found: dict[str, float] = {}
    for part in (take_up, strata, support, displacement, learning, incidence, network, afterwards):
        found.update(part(pair))
    return found


#: What the variance of paired differences is shown for.
LEVELS: Final = ("member_months", "td_point_years", "sc_point_years")


def levels(record: Record) -> dict[str, float]:
    """Return the level in one world of what is compared: member-months, and skill of everybody in point-years."""
    members, td, sc = (float(record.weekly[WEEKLY.index(name)].sum()) for name in ("members", "td", "sc"))
    return dict(zip(LEVELS, (members / MONTH, 100.0 * td / YEAR, 100.0 * sc / YEAR), strict=True))
