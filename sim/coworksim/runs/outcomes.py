"""What a study measures: one run, from plain data to plain data, and the outcomes that may be asked for.

An outcome is one number a run, with its unit and meaning; NaN only where its entry says so. Gains are those of the
people who live there at the end, since the start or since coming later, means of a family of skills: 1 point = 0.01
of the frontier at the start. Weekly series may come along, thinned: one row a kept week and region.

Outcomes in pairs set an arm beside the same world without policies. Only their names stand here, so that the reader of
studies knows them; the appraisal, which stands to the right, measures them (``coworksim.appraisal.paired_study``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from coworksim.runs.simulation import Result, simulate, since_opening
from coworksim.runs.worker import check_deadline

if TYPE_CHECKING:
    import pyarrow as pa


#: Weeks at the end over which occupancy is averaged.
LAST_WEEKS: Final = 13
#: The arm that stands for the world without policies.
WITHOUT: Final = "without"
_NOBODY: Final = "nobody was a member"
_CLOSED: Final = "no space is open"
_LAST: Final = f"the last {LAST_WEEKS} weeks"
_MEETINGS: Final = "encounters in spaces since the start, a week of membership"
_KINDS: Final = "one kind of region has nobody"
_PLACES: Final = {True: ("in_space", "in spaces"), False: ("total", "from all sources, forgetting taken off")}

type _People = NDArray[np.bool_] | slice  # some of the people, or all of them
type _Measure = Callable[..., float]  # of a result, and, where it can be had of some of the people, of these


@dataclass(frozen=True, slots=True)
class Paired:
    """A difference between worlds; ``both_kinds``: undefined unless there are people in both kinds of regions."""

    name: str
    unit: str
    meaning: str
    both_kinds: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Outcome(Paired):
    """One scalar outcome of a world; ``undefined`` says when it is NaN, and is empty where it never is."""

    of: _Measure
    undefined: str = ""


@dataclass(frozen=True, slots=True)
class Ratio(Paired):
    """``above`` over ``below``, two differences; ``instead`` is what to look at where it is undefined."""

    above: str
    below: str
    instead: str


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


def _members(result: Result) -> float:
    return float(np.count_nonzero(result.world.workers.member_of >= 0))


def _member_share(result: Result, people: _People = slice(None)) -> float:
    members = result.world.workers.member_of[people] >= 0
    return _ratio(float(np.count_nonzero(members)), float(len(members)))


def _since_opening(result: Result, column: str) -> float:
    """Add up a count of the weekly series over the weeks since the start."""
    record = result.recorder
    first = result.world.start - record.first_week
    return float(record.counts[max(first, 0) : record.weeks, :, :, COUNTS.index(column)].sum())


def _member_weeks(result: Result) -> float:
    weeks = result.scenario.weeks
    return _ratio(_since_opening(result, "members"), _since_opening(result, "people") / weeks)


def _gained(result: Result, family: str, *, inside: bool) -> NDArray[np.float64]:
    """Return what each person gained, in points."""
    wanted = [k for k, channel in enumerate(CHANNELS) if channel in SPACE_CHANNELS or not inside]
    found: NDArray[np.float64] = result.world.workers.gain[:, list(FAMILIES).index(family), wanted].sum(axis=1)
    return 100.0 * found


def _gain(result: Result, people: _People = slice(None), *, family: str, inside: bool) -> float:
    gained = _gained(result, family, inside=inside)[people]
    return _ratio(float(gained.sum()), float(len(gained)))


def _per_member_year(result: Result, family: str) -> float:
    weeks = float(result.world.workers.member_weeks.sum())
    return _ratio(float(_gained(result, family, inside=True).sum()), weeks / 52)


def _encounters(result: Result) -> float:
    return _ratio(_since_opening(result, "encounters"), _since_opening(result, "members"))


def _price(result: Result) -> float:
    spaces = result.world.spaces
    prices = spaces.price[spaces.open]
    return float(prices.mean()) / 100 if len(prices) else math.nan


def _occupancy(result: Result) -> float:
    record, first = result.recorder, result.world.start - result.recorder.first_week
    last = record.spaces[max(first, record.weeks - LAST_WEEKS) : record.weeks]
    seen = {name: last[:, :, SPACE_COLUMNS.index(name)] for name in ("open", "desks", "desk_days")}
    return _ratio(float(seen["desk_days"].sum()), 5.0 * float((seen["desks"] * seen["open"]).sum()))


def _spaces_open(result: Result) -> float:
    return float(np.count_nonzero(result.world.spaces.open))


def _income(result: Result) -> float:
    return float(np.median(result.world.workers.income))


def _difference(of: _Measure, result: Result) -> float:
    """Return an outcome of left-behind regions less that of the others."""
    flagged = np.array([region.flag == "left-behind" for region in result.scenario.regions])
    behind = flagged[result.world.workers.region]
    return of(result, behind) - of(result, ~behind)


def _gain_outcome(family: str, inside: bool) -> Outcome:
    name, words = _PLACES[inside]
    of = partial(_gain, family=family, inside=inside)
    return Outcome(f"gain_{family}_{name}", "points", f"{FAMILIES[family]} skill gained a person {words}", of)


def _per_year_outcome(family: str) -> Outcome:
    words = f"{FAMILIES[family]} skill gained in spaces, a year of membership"
    of = partial(_per_member_year, family=family)
    return Outcome(f"gain_{family}_per_member_year", "points/year", words, of, _NOBODY)


def _between(outcome: Outcome) -> Outcome:
    """Return the difference between kinds of regions of an outcome that can be had of some of the people."""
    meaning = f"{outcome.meaning}: left-behind regions minus the others"
    of = partial(_difference, outcome.of)
    return Outcome(f"{outcome.name}_difference", outcome.unit, meaning, of, _KINDS, both_kinds=True)


_SHARE: Final = Outcome("member_share", "share", "members of a space at the end, of all people", _member_share)
_BY_KIND: Final = (_SHARE, *(_gain_outcome(family, inside) for inside in _PLACES for family in FAMILIES))
_ALL: Final = (
    Outcome("members_at_end", "people", "members of a space at the end", _members),
    _SHARE,
    Outcome("member_weeks_per_person", "weeks", "weeks of membership since the start, a person", _member_weeks),
    *_BY_KIND[1:],
    *(_per_year_outcome(family) for family in FAMILIES),
    Outcome("encounters_per_member_week", "encounters/week", _MEETINGS, _encounters, _NOBODY),
    Outcome("price", "GBP/month", "price of a hot desk at the end, mean of open spaces", _price, _CLOSED),
    Outcome("occupancy", "share", f"desk-days used of those offered in {_LAST}", _occupancy, f"{_CLOSED} in {_LAST}"),
    Outcome("spaces_open", "spaces", "spaces open at the end", _spaces_open),
    Outcome("income_median", "GBP/week", "median of smoothed income at the end", _income),
    *(_between(outcome) for outcome in _BY_KIND),
)

#: Every outcome that a study may name.
OUTCOMES: Final[Mapping[str, Outcome]] = MappingProxyType({outcome.name: outcome for outcome in _ALL})

# --- worlds in pairs

_COST: Final = "public_cost_gbp"
_GAP: Final = "change of the regional gap"
_WORDS: Final = {"td": "technical-digital", "sc": "social-cognitive"}
_DIFFERENCES: Final = (
    Paired("additional_member_months", "member-months", "more membership, over everybody"),
    Paired("displaced_net_member_months", "member-months", "lost by people without support, net of gains"),
    Paired("deadweight_gbp", "GBP", "paid for member-weeks that would have been anyway"),
    Paired(_COST, "GBP", "net public cost, VAT included"),
    Paired("public_cost_present_gbp", "GBP", "net public cost, present value at the start"),
    Paired("output_gain_gbp", "GBP", "more paid for people's work, present value"),
    Paired("social_value_gbp", "GBP", "output gain less resource cost, present value"),
    *(
        Paired(f"{family}_{place}_{measure}", unit, f"additional {word} skill {where}")
        for family, word in _WORDS.items()
        for place, where in (("total", "from all sources"), ("in_space", "gained in spaces"))
        for measure, unit in (("point_years", "point-years"), ("points_at_end", "points"), ("sd_years", "sd-years"))
    ),
    *(
        Paired(f"net_benefit_{family}_gbp", "GBP", f"value of additional {word} skill, as declared, less public cost")
        for family, word in _WORDS.items()
    ),
    Paired("gini_income_change", "coefficient", "change of the Gini coefficient of income from work"),
    *(
        Paired(f"regional_gap_{family}_change", "points", f"{_GAP} in {word} skill", both_kinds=True)
        for family, word in _WORDS.items()
    ),
)


def _cost_of(unit: str, what: str, below: str, instead: str, family: str = "") -> Ratio:
    name = f"cost_per_{family}{unit.replace('-', '_')}_gbp"
    return Ratio(name, f"GBP per {unit}", f"public cost of a {what}", _COST, below, instead)


def _cost_of_skill(family: str, word: str) -> Ratio:
    below, instead = f"{family}_total_point_years", f"net_benefit_{family}_gbp"
    return _cost_of("point-year", f"point-year of {word} skill", below, instead, f"{family}_")


_MONTHS: Final = "additional_member_months"
_RATIOS: Final = (
    _cost_of("member-month", "month of additional membership", _MONTHS, f"{_COST} and {_MONTHS}"),
    *(_cost_of_skill(family, word) for family, word in _WORDS.items()),
)

#: Differences that a study may ask for.
PAIRED: Final[Mapping[str, Paired]] = MappingProxyType({one.name: one for one in _DIFFERENCES})
#: Ratios of two of them.
RATIOS: Final[Mapping[str, Ratio]] = MappingProxyType({one.name: one for one in _RATIOS})
#: Everything that a study may ask for.
ALL_OUTCOMES: Final[Mapping[str, Paired]] = MappingProxyType({**OUTCOMES, **PAIRED, **RATIOS})


def is_paired(name: str) -> bool:
    """Say whether an outcome compares worlds."""
    return name in PAIRED or name in RATIOS


def measured(outcomes: Iterable[str]) -> tuple[str, ...]:
    """Return what a run must measure: outcomes, with both parts of a ratio in its place, each once.

    >>> measured(["cost_per_member_month_gbp", "public_cost_gbp"])
    ('public_cost_gbp', 'additional_member_months')
    """
    parts = ((RATIOS[name].above, RATIOS[name].below) if name in RATIOS else (name,) for name in outcomes)
    return tuple(dict.fromkeys(name for some in parts for name in some))


# --- one run

_THINNED: Final = ("people", "members", "encounters")


def thinned(result: Result, every: int) -> pa.Table:
    """Return ``week, region, people, members, encounters`` of every so many weeks since the start, the last included.

    >>> from coworksim import load_scenario, simulate
    >>> table = thinned(simulate(load_scenario("tiny")), every=10)
    >>> table["week"].to_pylist()[::2], table["people"].to_pylist()[:2]
    ([5, 15, 25], [30.0, 30.0])
    """
    import pyarrow as pa

    record = result.recorder
    weeks = np.arange(record.weeks) + record.first_week - result.world.start
    kept = np.flatnonzero((weeks >= 0) & ((weeks[-1] - weeks) % every == 0))
    counts = record.counts[kept].sum(axis=2)  # over groups of people
    names = [region.name for region in result.scenario.regions]
    told = {name: counts[:, :, COUNTS.index(name)].ravel().astype(np.float64) for name in _THINNED}
    return pa.table({"week": np.repeat(weeks[kept], len(names)), "region": names * len(kept), **told})


def study_work(payload: Mapping[str, object]) -> Found:
    """Load the scenario, simulate, and return the outcomes by name; the deadline is asked after each week.

    An outcome that its entry allows to be undefined is left out where it is: NaN would condemn the whole run, while
    any other NaN is a fault. With ``series`` (weeks from row to row) in the payload, weekly series come along. With
    ``keep`` the run begins in a world at the start that is kept for others.

    >>> run = {"scenario": "tiny", "overrides": {"weeks": 4}, "seed": 1, "replicate": 0, "outcomes": ["spaces_open"]}
    >>> study_work(run)
    {'spaces_open': 2.0}
    """
    given: Any = payload
    scenario = scenario_of(str(given["scenario"]), given.get("overrides") or {}, given.get("policies"))
    seed, replicate = int(given["seed"]), int(given["replicate"])
    run = since_opening if given.get("keep") else simulate
    result = run(scenario, seed, replicate, progress=lambda done, total: check_deadline())
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
    return load_scenario(name, dict(overrides), quiet=True)
