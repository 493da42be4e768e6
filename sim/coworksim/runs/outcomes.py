"""What a study measures: one run, from plain data to plain data, and the outcomes that may be asked for.

An outcome is one number a run, with its unit and meaning; NaN only where its entry says so. Gains are those of the
people who live there at the end, since the opening or since coming later, means of a family of skills: 1 point = 0.01
of the frontier at the start. Weekly series may come along, thinned: one row a kept week and region.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from coworksim.files.columns import FAMILIES, SPACE_CHANNELS
from coworksim.files.load import load_scenario
from coworksim.model.policy import Policy
from coworksim.model.recorder import COUNTS, SPACE_COLUMNS
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS
from coworksim.runs.run import Found
from coworksim.runs.simulation import Result, simulate
from coworksim.runs.worker import check_deadline

if TYPE_CHECKING:
    import pyarrow as pa


#: Weeks at the end over which occupancy is averaged.
LAST_WEEKS: Final = 13

type _People = NDArray[np.bool_]
type _Measure = Callable[..., float]  # of a result, and, where it can be had of some of the people, of these


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scalar outcome; ``undefined`` says when it is NaN, and is empty where it never is."""

    name: str
    unit: str
    meaning: str
    of: _Measure
    undefined: str = ""
    both_kinds: bool = False  # needs left-behind and other regions


def measure(result: Result, names: Iterable[str]) -> dict[str, float]:
    """Return outcomes of a finished run by name.

    >>> from coworksim import load_scenario, simulate
    >>> found = measure(simulate(load_scenario("tiny")), ["members_at_end", "member_share"])
    >>> found["member_share"] == found["members_at_end"] / 60
    True
    """
    return {name: float(OUTCOMES[name].of(result)) for name in names}


def _ratio(above: float, below: float) -> float:
    return above / below if below else math.nan


def _everybody(result: Result) -> _People:
    return np.ones(len(result.model.world.workers), np.bool_)


def _members(result: Result) -> float:
    return float(np.count_nonzero(result.model.world.workers.member_of >= 0))


def _member_share(result: Result, people: _People | None = None) -> float:
    who = _everybody(result) if people is None else people
    members = result.model.world.workers.member_of >= 0
    return _ratio(float(np.count_nonzero(members & who)), float(np.count_nonzero(who)))


def _since_opening(result: Result, column: str) -> float:
    """Add up a count of the weekly series over the weeks since the opening."""
    record = result.recorder
    first = result.model.world.opening - record.first_week
    return float(record.counts[max(first, 0) : record.weeks, :, :, COUNTS.index(column)].sum())


def _member_weeks(result: Result) -> float:
    weeks = result.scenario.weeks
    return _ratio(_since_opening(result, "members"), _since_opening(result, "people") / weeks)


def _gained(result: Result, family: str, *, inside: bool) -> NDArray[np.float64]:
    """Return what each person gained, in points."""
    wanted = [k for k, channel in enumerate(CHANNELS) if channel in SPACE_CHANNELS or not inside]
    found: NDArray[np.float64] = result.model.world.workers.gain[:, list(FAMILIES).index(family), wanted].sum(axis=1)
    return 100.0 * found


def _gain(result: Result, people: _People | None = None, *, family: str, inside: bool) -> float:
    who = _everybody(result) if people is None else people
    return _ratio(float(_gained(result, family, inside=inside)[who].sum()), float(np.count_nonzero(who)))


def _per_member_year(result: Result, family: str) -> float:
    weeks = float(result.model.world.workers.member_weeks.sum())
    return _ratio(float(_gained(result, family, inside=True).sum()), weeks / 52)


def _encounters(result: Result) -> float:
    return _ratio(_since_opening(result, "encounters"), _since_opening(result, "members"))


def _price(result: Result) -> float:
    spaces = result.model.world.spaces
    prices = spaces.price[spaces.open]
    return float(prices.mean()) / 100 if len(prices) else math.nan


def _occupancy(result: Result) -> float:
    record, first = result.recorder, result.model.world.opening - result.recorder.first_week
    last = record.spaces[max(first, record.weeks - LAST_WEEKS) : record.weeks]
    seen = {name: last[:, :, SPACE_COLUMNS.index(name)] for name in ("open", "desks", "desk_days")}
    return _ratio(float(seen["desk_days"].sum()), 5.0 * float((seen["desks"] * seen["open"]).sum()))


def _spaces_open(result: Result) -> float:
    return float(np.count_nonzero(result.model.world.spaces.open))


def _income(result: Result) -> float:
    return float(np.median(result.model.world.workers.income))


def _difference(of: _Measure, result: Result) -> float:
    """Return an outcome of left-behind regions less that of the others."""
    flagged = np.array([region.flag == "left-behind" for region in result.scenario.regions])
    behind: _People = flagged[result.model.world.workers.region]
    return of(result, behind) - of(result, ~behind)


_NOBODY: Final = "nobody was a member"
_CLOSED: Final = "no space is open"
_KINDS: Final = "one kind of region has nobody"
_PLACES: Final = {True: ("in_space", "in spaces"), False: ("total", "from all sources, forgetting taken off")}
_GAINS: Final = tuple((family, inside) for inside in _PLACES for family in FAMILIES)


def _gain_outcome(family: str, inside: bool) -> Outcome:
    name, words = _PLACES[inside]
    of = partial(_gain, family=family, inside=inside)
    return Outcome(f"gain_{family}_{name}", "points", f"{FAMILIES[family]} skill gained a person {words}", of)


def _between(outcome: Outcome) -> Outcome:
    """Return the difference between kinds of regions of an outcome that can be had of some of the people."""
    meaning = f"{outcome.meaning}: left-behind regions minus the others"
    of = partial(_difference, outcome.of)
    return Outcome(f"{outcome.name}_difference", outcome.unit, meaning, of, _KINDS, both_kinds=True)


_SHARE: Final = Outcome("member_share", "share", "members of a space at the end, of all people", _member_share)
_BY_KIND: Final = (_SHARE, *(_gain_outcome(family, inside) for family, inside in _GAINS))
_ALL: Final = (
    Outcome("members_at_end", "people", "members of a space at the end", _members),
    _SHARE,
    Outcome("member_weeks_per_person", "weeks", "weeks of membership since the opening, a person", _member_weeks),
    *_BY_KIND[1:],
    *(
        Outcome(
            f"gain_{family}_per_member_year",
            "points/year",
            f"{name} skill gained in spaces, a year of membership",
            partial(_per_member_year, family=family),
            _NOBODY,
        )
        for family, name in FAMILIES.items()
    ),
    Outcome(
        "encounters_per_member_week",
        "encounters/week",
        "encounters in spaces since the opening, a week of membership",
        _encounters,
        _NOBODY,
    ),
    Outcome("price", "GBP/month", "price of a hot desk at the end, mean of open spaces", _price, _CLOSED),
    Outcome(
        "occupancy",
        "share",
        f"desk-days used of those offered in the last {LAST_WEEKS} weeks",
        _occupancy,
        f"{_CLOSED} in the last {LAST_WEEKS} weeks",
    ),
    Outcome("spaces_open", "spaces", "spaces open at the end", _spaces_open),
    Outcome("income_median", "GBP/week", "median of smoothed income at the end", _income),
    *(_between(outcome) for outcome in _BY_KIND),
)

#: Every outcome that a study may name.
OUTCOMES: Final[Mapping[str, Outcome]] = MappingProxyType({outcome.name: outcome for outcome in _ALL})


def thinned(result: Result, every: int) -> pa.Table:
    """Return ``week, region, people, members, encounters`` of every so many weeks since the opening, the last included.

    >>> from coworksim import load_scenario, simulate
    >>> table = thinned(simulate(load_scenario("tiny")), every=10)
    >>> table["week"].to_pylist()[::2], table["people"].to_pylist()[:2]
    ([5, 15, 25], [30.0, 30.0])
    """
    import pyarrow as pa

    record = result.recorder
    weeks = np.arange(record.weeks) + record.first_week - result.model.world.opening
    kept = np.flatnonzero((weeks >= 0) & ((weeks[-1] - weeks) % every == 0))
    counts = record.counts[kept].sum(axis=2)  # over groups of people
    names = [region.name for region in result.scenario.regions]
    return pa.table(
        {
            "week": np.repeat(weeks[kept], len(names)),
            "region": names * len(kept),
            **{
                name: counts[:, :, COUNTS.index(name)].ravel().astype(np.float64)
                for name in ("people", "members", "encounters")
            },
        }
    )


# --- one run


def study_work(payload: Mapping[str, object]) -> Found:
    """Load the scenario, simulate, and return the outcomes by name; the deadline is asked after each week.

    An outcome that its entry allows to be undefined is left out where it is: NaN would condemn the whole run, while
    any other NaN is a fault. With ``series`` (weeks from row to row) in the payload, weekly series come along.

    >>> run = {"scenario": "tiny", "overrides": {"weeks": 4}, "seed": 1, "replicate": 0, "outcomes": ["spaces_open"]}
    >>> study_work(run)
    {'spaces_open': 2.0}
    """
    given: Any = payload
    scenario = scenario_of(str(given["scenario"]), given.get("overrides") or {}, given.get("policies"))
    seed, replicate = int(given["seed"]), int(given["replicate"])
    result = simulate(scenario, seed, replicate, progress=lambda done, total: check_deadline())
    found = measure(result, list(given["outcomes"]))
    defined = {name: value for name, value in found.items() if not (math.isnan(value) and OUTCOMES[name].undefined)}
    every = given.get("series")
    return defined if every is None else (defined, thinned(result, int(every)))


def scenario_of(name: str, overrides: Mapping[str, object], policies: Sequence[Any] | None) -> Scenario:
    """Return a scenario with the values of a point, and, unless None, with policies in place of its own."""
    scenario = _loaded(name, tuple(overrides.items()))
    if policies is None:
        return scenario
    # the study's reader has fitted them to horizon and regions, so nothing is left to check
    return scenario.model_copy(update={"policies": tuple(Policy.model_validate(policy) for policy in policies)})


@lru_cache(maxsize=16)
def _loaded(name: str, overrides: tuple[tuple[str, object], ...]) -> Scenario:
    """Load a scenario once for all replicates (and arms) of a point that a process works on."""
    return load_scenario(name, dict(overrides))
