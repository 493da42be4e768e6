"""What people did in the last weeks of a run, from their columns at its end and some weeks before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from colearn.observe.calibration.measured import Measured, measured_share, unmeasured
from colearn.observe.earlier import Earlier
from colearn.quantities.skills import CREATIVE, INDEPENDENT
from colearn.statistics.proportions import share_ratio, wilson
from colearn.world.population import DAY, FREELANCER, Population

__all__ = ["TRAINED_HOURS", "attendance", "independents", "poor_freelancers", "training_gap"]

#: Share of working days from which somebody comes every working day: 19 of 20.
EVERY_DAY = 0.95
#: Hours of being taught in a year from which somebody has had training: one working day.
TRAINED_HOURS = 7.0
LITTLE = 25000.0

type Flags = NDArray[np.bool_]


def _share(hits: Flags, among: Flags, people: str, note: str = "") -> Measured:
    number = int(among.sum())
    if number == 0:
        return unmeasured(f"no {people}")
    return measured_share(int((hits & among).sum()), number, f"{number} {people}", note)


def attendance(w: Population, lately: Earlier, weeks: int) -> Measured:
    """Return the share of members who came every working day of the last weeks: on 19 of 20 days, or more.

    Among people who were members in each of these weeks; ``lately`` is how people stood before them. Somebody who
    found no desk did not come.
    """
    members = (w.member_of >= 0) & (lately.since(w, "member_weeks") == weeks)
    often = lately.since(w, "days_total") >= EVERY_DAY * 5 * weeks
    by_day = 100 * float((w.plan[members] == DAY).mean()) if members.any() else 0.0
    return _share(often, members, "members", f"in the last {weeks} weeks; {by_day:.0f} % of members have a day plan")


def independents(w: Population) -> Measured:
    """Return the share of freelancers, owners and nomads among members in the last week."""
    members = w.member_of >= 0
    alone = float((w.status[members] == FREELANCER).mean()) if members.any() else 0.0
    return _share(np.array(INDEPENDENT)[w.status], members, "members", f"freelancers alone {100 * alone:.0f} %")


def training_gap(w: Population, before: Earlier, window: int) -> Measured:
    """Return independents' share of people with training in a year over that of employees (remote ones too).

    Training: at least 7 hours in a year (one working day) taught by an employer or on a space's training places,
    among people who were there all year and independent, or employed, at its start and end. Learning elsewhere is left
    out: those hours are practice, courses and reading alike, and nearly everybody has some.
    """
    own = np.array(INDEPENDENT)
    there = before.there(w)
    free, employed = there & own[w.status] & own[before.status], there & ~own[w.status] & ~own[before.status]
    taught = before.since(w, "training_hours_total") + window * w.employer_hours
    trained = taught * 52 / window >= TRAINED_HOURS
    hits, others = int((trained & free).sum()), int((trained & employed).sum())
    number, of_others = int(free.sum()), int(employed.sum())
    if not (number and of_others and others):
        return unmeasured("too few people with training")
    elsewhere = (taught + before.since(w, "outside_hours_total")) * 52 / window >= TRAINED_HOURS
    all_hours = [float(elsewhere[group].mean()) for group in (free, employed)]
    note = (
        f"{100 * hits / number:.0f} % against {100 * others / of_others:.0f} % had {TRAINED_HOURS:.0f} h or more; "
        f"with learning elsewhere {100 * all_hours[0]:.0f} % against {100 * all_hours[1]:.0f} %"
    )
    found = share_ratio(wilson(hits, number), wilson(others, of_others))
    interval = (found.low, found.high) if hits else None
    return Measured(found.ratio, interval, f"{number} + {of_others} people", note)


def poor_freelancers(w: Population, before: Earlier, window: int) -> Measured:
    """Return the share of creative freelancers who earned under 25,000 GBP in the last year.

    Among those who were freelancers at its start and end; a shorter window is scaled to a year.
    """
    among = before.there(w) & np.array(CREATIVE)[w.occupation]
    among &= (w.status == FREELANCER) & (before.status == FREELANCER)
    yearly = before.since(w, "earned") / 100 * 52 / window
    return _share(yearly < LITTLE, among, "creative freelancers")
