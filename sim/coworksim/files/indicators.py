"""From figures of a region to its indicators, and to what stands in where there is no figure.

A missing figure is drawn: around the mean of its nation with the nation's spread, or, where the nation has none, around
that of the UK with the spread within nations. Spreads are standard deviations of logarithms. Indicators that only
exist within nations are relative to the nation's mean, and never compared across.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from coworksim.files.allocation import Row, allocate, declared
from coworksim.files.published_spaces import LONDON, PerSpace, people_per_space
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS

#: Indicator -> the column that it is.
PLAIN: Final = {
    "jobs_trend": "jobs_trend_pct",
    "household_income": "household_income_gbp",
    "desk_price": "desk_price_gbp",
    "creative_share": "creative_digital_gva_share",
    "people_within_30km": "people_within_30km",
}
#: Indicator relative to the nation -> nation -> its column.
RELATIVE: Final = {
    "work_training": {"England": "job_training_pct_england", "Scotland": "job_training_4wk_pct_scotland"},
    "public_provision": {"England": "fe_learners_per_100k_england"},
}
#: Who counts as a user -> column of how many of them there are, and of how many.
USERS: Final = {
    "creative_employees": ("info_arts_employees_per_1000_people", 1000.0),
    "residents": (None, 1.0),
    "professionals": ("professional_occupations_pct", 100.0),
    "businesses": ("businesses_per_1000_people", 1000.0),
}
USERS_PER_SPACE: Final = "users_per_space"
#: ITL-1 regions that are nations; all other known ones are English.
NATIONS: Final = ("Wales", "Scotland", "Northern Ireland")


def indicators_of_column(column: str) -> tuple[str, ...]:
    """Return the indicators that a column of figures moves, however users are counted.

    >>> [indicators_of_column(name) for name in ("jobs", "job_training_pct_england", "gigabit_pct")]
    [('jobs_per_head',), ('work_training',), ()]
    """
    moved = {
        "jobs_per_head": ("jobs", "population"),
        **{name: (plain,) for name, plain in PLAIN.items()},
        **{name: tuple(columns.values()) for name, columns in RELATIVE.items()},
        USERS_PER_SPACE: ("population", *(users for users, _ in USERS.values())),
    }
    return tuple(name for name in INDICATORS if column in moved[name])


class Around(NamedTuple):
    """A value, the spread around it, and of how many figures they are."""

    mean: float
    spread: float
    n: int = 0


class Indicators(NamedTuple):
    """What a region has: its indicators, and the spread of each that stands for a missing figure."""

    values: Mapping[str, float]
    gaps: Mapping[str, float]


def rounded(value: float) -> float:
    """Round to 12 significant digits, which are the same where logarithms differ in the last bit."""
    return float(f"{value:.12g}")


def nation_of(itl1: str, known: frozenset[str]) -> str:
    """Return the nation of an ITL-1 region; nothing where it is not among those that are known.

    >>> [nation_of(name, frozenset({"Wales", "London"})) for name in ("Wales", "London", "Utopia")]
    ['Wales', 'England', '']
    """
    return itl1 if itl1 in NATIONS else "England" if itl1 in known else ""


class Figures(NamedTuple):
    """What figures are compared with and drawn around; worked out from all regions of a table."""

    known: frozenset[str]  # ITL-1 regions
    around: Mapping[str, Mapping[str, Around]]  # column -> nation, or "" for the others -> mean and spread
    per_space: PerSpace
    london: Mapping[str, float]  # column of users -> that of all London, whose regions share people at work

    @classmethod
    def of(cls, rows: Mapping[str, Row], desk_price: Around) -> Self:
        """Work them out; ``desk_price`` is that of the UK, with the spread of ITL-1 regions that have one."""
        known = frozenset(row.itl1 for row in rows.values())
        names = [name for name in PLAIN.values() if name != PLAIN["desk_price"]]
        names += [name for columns in RELATIVE.values() for name in columns.values()]
        names += [name for name, _ in USERS.values() if name is not None]
        around: dict[str, Mapping[str, Around]] = {
            name: _around(rows, name, known) for name in names if name != PLAIN["jobs_trend"]
        }
        around[PLAIN["desk_price"]] = {"": desk_price}
        people = {code: row.columns["population"] or 0.0 for code, row in rows.items()}
        users = [name for name, _ in USERS.values() if name is not None]
        london = {
            name: _by_people({code: row for code, row in rows.items() if row.itl1 == LONDON}, name) for name in users
        }
        return cls(known, MappingProxyType(around), people_per_space(people), MappingProxyType(london))

    def indicators(self, code: str, row: Row, users_by: str) -> Indicators:
        """Return the indicators of a region, in their order; ``users_by`` says who counts as a user."""
        people, jobs = row.columns["population"] or 0.0, row.columns["jobs"] or 0.0
        found = {"jobs_per_head": Around(jobs / people, 0.0)}
        found |= {name: self._figure(column, row) for name, column in PLAIN.items()}
        found |= {name: self._relative(columns, row) for name, columns in RELATIVE.items()}
        found[USERS_PER_SPACE] = self._users_per_space(code, row, *USERS[users_by])
        values = {name: rounded(found[name].mean) for name in INDICATORS}
        gaps = {name: rounded(found[name].spread) for name in INDICATORS if found[name].spread > 0.0}
        return Indicators(MappingProxyType(values), MappingProxyType(gaps))

    def _stand_in(self, column: str, row: Row) -> Around:
        by_nation = self.around[column]
        return by_nation.get(nation_of(row.itl1, self.known), by_nation[""])

    def _figure(self, column: str, row: Row) -> Around:
        value = row.columns.get(column)
        return self._stand_in(column, row) if value is None else Around(value, 0.0)

    def _relative(self, columns: Mapping[str, str], row: Row) -> Around:
        """Return a figure over the mean of its nation; 1 where there is none."""
        nations = {nation: self.around[column].get(nation, Around(1.0, 0.0)) for nation, column in columns.items()}
        for nation, column in columns.items():
            if (value := row.columns.get(column)) is not None:
                return Around(value / nations[nation].mean, 0.0)
        own = nations.get(nation_of(row.itl1, self.known))
        return Around(1.0, own.spread if own and own.n > 1 else pooled(nations.values()))

    def _users_per_space(self, code: str, row: Row, column: str | None, of: float) -> Around:
        area = Around(
            self.per_space.people.get(code, self.per_space.uk),
            0.0 if code in self.per_space.published else self.per_space.spread,
        )
        head = Around(1.0, 0.0) if column is None else self._figure(column, row)
        if column is not None and row.itl1 == LONDON and code in self.per_space.published:
            head = Around(self.london[column], 0.0)
        return Around(area.mean * head.mean / of, math.sqrt(area.spread**2 + head.spread**2))


def _around(rows: Mapping[str, Row], column: str, known: frozenset[str]) -> Mapping[str, Around]:
    """Return mean and spread of a column by nation, and those of the UK for where there is none."""
    logs: dict[str, list[float]] = {}
    for row in rows.values():
        if (value := row.columns.get(column)) is not None:
            logs.setdefault(nation_of(row.itl1, known), []).append(math.log(value))
    found = {nation: mean_of(values) for nation, values in logs.items()}
    whole = mean_of([value for values in logs.values() for value in values])
    return {**found, "": Around(whole.mean, pooled(found.values()))}


def _by_people(rows: Mapping[str, Row], column: str) -> float:
    """Return the mean of a column, weighted by people."""
    pairs = [(row.columns["population"] or 0.0, value) for row in rows.values() if (value := row.columns.get(column))]
    people = math.fsum(number for number, _ in pairs)
    return rounded(math.fsum(number * value for number, value in pairs) / people) if people else 1.0


def pooled(groups: Iterable[Around]) -> float:
    """Return the spread within groups.

    >>> pooled([Around(1.0, 0.3, 5), Around(2.0, 0.3, 9), Around(5.0, 0.0, 1)])
    0.3
    """
    many = [one for one in groups if one.n > 1]
    free = sum(one.n - 1 for one in many)
    return rounded(math.sqrt(math.fsum((one.n - 1) * one.spread**2 for one in many) / free)) if free else 0.0


def mean_of(scaled: Iterable[float]) -> Around:
    """Return the geometric mean, and the sample standard deviation of logarithms."""
    logs = list(scaled)
    if not logs:
        return Around(1.0, 0.0)
    spread = statistics.stdev(logs) if len(logs) > 1 else 0.0
    return Around(rounded(math.exp(math.fsum(logs) / len(logs))), rounded(spread), len(logs))


def compared_with(rows: Mapping[str, Row], figures: Figures, users_by: str) -> Mapping[str, float]:
    """Return what each indicator is compared with: x0, at which the field of the mean person of the UK is the base.

    It is the mean over people of what is no logarithm, and else the power mean ``(sum people*x**e/sum people)**(1/e)``
    with the declared response ``e``; 1 for what is relative to a nation; and for users per space the mean over the
    spaces of the default frame, to which spreads belong: there the mean catchment is the one of the scenario.
    """
    of = {code: figures.indicators(code, row, users_by) for code, row in rows.items()}
    people = [row.columns["population"] or 0.0 for row in rows.values()]
    found = {}
    for indicator, response, _ in FIELDS.values():
        values = [one.values[indicator] for one in of.values()]
        e = response if INDICATORS[indicator].scale == "ln" else 1.0
        found[indicator] = 1.0 if indicator in RELATIVE else _power_mean(values, people, e)
    size = (PARAMETERS[f"frame.{name}"].default for name in ("spaces", "london_share"))
    spaces, london_share = (float(value) for value in size)
    counts = allocate(rows, int(spaces), london_share, declared())
    drawn = [
        one.values[USERS_PER_SPACE] * math.exp(one.gaps.get(USERS_PER_SPACE, 0.0) ** 2 / 2.0) for one in of.values()
    ]
    found[USERS_PER_SPACE] = _power_mean(drawn, [float(counts[code]) for code in of], 1.0)
    return MappingProxyType({name: found[name] for name in INDICATORS})


def _power_mean(values: Sequence[float], weights: Sequence[float], power: float) -> float:
    """Return ``(sum w*x**e / sum w)**(1/e)``.

    >>> _power_mean([1.0, 9.0], [1.0, 1.0], 0.5), _power_mean([1.0, 9.0], [3.0, 1.0], 1.0)
    (4.0, 3.0)
    """
    total = math.fsum(weight * value**power for value, weight in zip(values, weights, strict=True))
    return rounded((total / math.fsum(weights)) ** (1.0 / power))
