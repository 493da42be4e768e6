"""What a scenario may well say and hardly mean: told as a warning before anything runs, never as a refusal.

A warning names what was found, and what it comes to. ``--strict`` refuses instead.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple

from coworksim.files.built_in import OURS
from coworksim.files.dated_spaces import of_dates
from coworksim.files.errors import Problems, echo
from coworksim.files.uk_regions import YEARS, real_regions
from coworksim.files.yaml_reader import Scalar
from coworksim.model.parameters import MECHANISMS, PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS, OUTSIDE_ACCESS
from coworksim.model.parameters.parameter import GROUPS
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import KINDS
from coworksim.model.policies.kinds import Award, Programme, Terms, weekly
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario

#: So far beyond the figures of the 179 regions, as a part of their span, a figure still passes.
_MARGIN: Final = 0.1
#: A region with fewer people is hardly meant.
_FEWEST_PEOPLE: Final = 10
#: A budget so many times what can be spent at the most is hardly meant.
_SLACK: Final = 1.25


#: Parameters of mechanisms that are read beside them: when spaces or people are made, by grants, and for places.
_READ_BESIDE: Final = frozenset(
    {
        "resource_pool.equipment_hours",
        *(f"training.{name}" for name in ("employees", "ratio", "fee", "lost", "value_spread", "clumping")),
        *(f"management.{name}" for name in ("capital", "equipment_cost", "training_cost", "desk_cost")),
    }
)


#: The dearest of the 179 regions has 1.78 times the price level of the UK; this is beyond it.
_DEAREST: Final = 2.0


#: GDP per head in per cent of the UK's beyond which it can hardly have been above, or below, it in every year.
_POOR: Final = (90.0, 110.0)
#: A row with as many people as all others, give or take this share, is their total.
_TOTAL: Final = 0.02
#: By so much the ratio of two columns may differ between rows.
_APART: Final = 1.5


class Span(NamedTuple):
    """The least and the most of a figure over the 179 regions, and whether it is looked at in logarithms."""

    low: float
    high: float
    log: bool

    def holds(self, value: float) -> bool:
        """Whether a value lies within the span, widened by a tenth on either side.

        >>> Span(0.0, 9.0, False).holds(9.5), Span(10.0, 1000.0, True).holds(1600)
        (True, False)
        """
        if self.log and value <= 0:
            return False
        low, high, at = (math.log(x) if self.log else x for x in (self.low, self.high, value))
        return low - _MARGIN * (high - low) <= at <= high + _MARGIN * (high - low)


@cache
def spans() -> Mapping[str, Span]:
    """Return the span of every column of the table of regions, and of every indicator, over the 179 regions."""
    found: dict[str, Span] = {}
    for name in next(iter(real_regions().values())).columns:
        values = [v for place in real_regions().values() if (v := place.columns[name]) is not None]
        found[name] = Span(min(values), max(values), min(values) > 0 and max(values) > 10 * min(values))
    for name, indicator in INDICATORS.items():
        values = [one.values[name] for place in real_regions().values() for one in place.by_users.values()]
        found[name] = Span(min(values), max(values), indicator.scale == "ln")
    return MappingProxyType(found)


def beyond(name: str, value: float) -> str | None:
    """Say that a figure lies outside what the 179 regions have; None where it does not.

    >>> beyond("population", 67e6)
    'population is 67,000,000, and in the 179 ITL-3 regions it lies between 22,540 and 1,200,899'
    """
    span = spans().get(name)
    if span is None or span.holds(value):
        return None
    between = f"between {_shown(span.low)} and {_shown(span.high)}"
    return f"{name} is {_shown(value)}, and in the 179 ITL-3 regions it lies {between}"


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


#: A row of a table of regions: its labels and its figures.
type Row = tuple[Mapping[str, str], Mapping[str, float | None]]


def warn_of_regions(rows: Sequence[Mapping[str, Scalar]], read: Sequence[Row], problems: Problems) -> None:
    """Warn of rows that are hardly regions, of figures beyond those of the 179, and of columns that contradict."""
    people = math.fsum(figures["population"] or 0.0 for _, figures in read)
    ratios = sorted(_pounds_of_a_point(figures) for _, figures in read)
    known = {place.itl1 for place in real_regions().values()}
    for row, (labels, figures) in zip(rows, read, strict=True):
        mark, own, name = row["code"].mark, figures["population"] or 0.0, echo(labels["name"])
        rest = people - own
        if len(read) > 2 and (abs(own - rest) < _TOTAL * rest or (own > rest and beyond("population", own))):
            problems.warn(mark, f"{name} has as many people as all other rows together: is it a total?")
        for column, value in figures.items():
            if value is not None and (found := beyond(column, value)):
                problems.warn(row[column].mark, found)
        share, years = figures["gdp_per_head_uk100"] or 0.0, figures["years_gdp_below_uk"]
        if (share > _POOR[1] and years == YEARS) or (share < _POOR[0] and years == 0):
            found = f"GDP per head is {share:g} % of the UK's, and was below it in {years:g} of {YEARS} years"
            problems.warn(row["years_gdp_below_uk"].mark, f"{name}: {found}")
        usual, ratio = ratios[len(ratios) // 2], _pounds_of_a_point(figures)
        if not 1 / _APART < ratio / usual < _APART:
            found = f"gdp_per_head_gbp over gdp_per_head_uk100 is {ratio:.4g}, and {usual:.4g} in other rows"
            problems.warn(row["gdp_per_head_gbp"].mark, f"{name}: {found}")
    if unknown := list(dict.fromkeys(echo(labels["itl1"]) for labels, _ in read if labels["itl1"] not in known)):
        found = f"itl1 is {', '.join(unknown)}, which name no ITL-1 region: they are taken as labels"
        problems.warn(rows[0]["itl1"].mark, found)


def _pounds_of_a_point(figures: Mapping[str, float | None]) -> float:
    """Return GDP per head in pounds over the same in per cent of the UK's."""
    return max(figures["gdp_per_head_gbp"] or 0.0, 1e-9) / (figures["gdp_per_head_uk100"] or 1.0)


def read_by_nothing(scenario: Scenario, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Say which of these parameters nothing reads in this scenario, and why not."""
    off = {name for name, on in scenario.mechanisms.items() if not on}
    own = [space for region in scenario.regions for space in region.own_spaces]
    listed = sum(region.spaces for region in scenario.regions) == len(own) > 0
    for name in names:
        readers = _readers().get(name, frozenset())
        if readers and readers <= off:
            yield name, f"{_and(sorted(readers))} {'is' if len(readers) == 1 else 'are'} off"
        for key in ("price", "desks"):
            if name == f"space.{key}" and listed and all(getattr(space, key) is not None for space in own):
                yield name, f"the list of spaces gives each its {key}"
        field = name.removeprefix("environment.").removesuffix("_response")
        if name.endswith("_response") and scenario["environment.differences"] == "none":
            yield name, "regions do not differ, as environment.differences is none"
        elif name.startswith("environment.") and field in (*FIELDS, OUTSIDE_ACCESS):
            if all(field in region.environment for region in scenario.regions):
                yield name, f"every region sets its {field.replace('_', ' ')} outright"
            elif field == "catchment" and all(region.people is not None for region in scenario.regions):
                yield name, "every region says how many people it has"
            elif field == "price_level" and listed and all(space.price is not None for space in own):
                yield name, "the list of spaces gives each its price"


@cache
def _readers() -> Mapping[str, frozenset[str]]:
    """Return by parameter the mechanisms that read it; one that anything else may read, too, is left out."""
    found: dict[str, set[str]] = {}
    for group in GROUPS.values():
        for name in (*group.fields.values(), *(one.name for one in group.parameters)):
            found.setdefault(name, set()).add(group.name)
    return MappingProxyType(
        {name: frozenset(by) for name, by in found.items() if by <= set(MECHANISMS) and name not in _READ_BESIDE}
    )


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def warnings_of(
    scenario: Scenario, arms: Iterable[Sequence[Policy]] | None = None, *, beside: bool = False
) -> tuple[str, ...]:
    """Return a sentence for whatever is allowed in a scenario and hardly meant.

    Args:
        scenario: The scenario, as it stands now: changed values are looked at, too.
        arms: The policies of each option that it is run with; None stands for its own policies.
        beside: Whether to leave out what is said of the scenario with its own policies.

    Returns:
        The sentences, each once.
    """
    options = None if arms is None else [tuple(arm) for arm in arms]
    sets = [(*scenario.standing(options), *arm) for arm in options] if options else [scenario.policies]
    worlds = [scenario.model_copy(update={"policies": policies}) for policies in sets]
    regions = [*_of_regions(scenario), *of_dates(scenario)]
    found = [*scenario.odd_figures, *_of_switches(worlds), *regions, *chain(*map(_of_policies, worlds))]
    told = warnings_of(scenario) if beside else ()
    return tuple(one for one in dict.fromkeys(found) if one not in told)


def _of_switches(worlds: Sequence[Scenario]) -> Iterator[str]:
    scenario = worlds[0]
    if not any(scenario.mechanisms.values()):
        yield "every mechanism is off: nothing will happen"
        return
    # what a scenario builds on may well be idle in it
    places = {name: scenario.origins.get(name, "default") for name in PARAMETERS}
    said = [name for name, place in places.items() if place != "default" and not place.startswith(OURS)]
    if len(said) == len(PARAMETERS):
        said = []  # a resolved copy says everything, and nothing in particular
    for name, why in read_by_nothing(scenario, said):
        yield f"{scenario.origins[name]}: {name} is set, and nothing reads it: {why}"
    acts = scenario.mechanisms["policies"] or scenario.mechanisms["schemes"]
    if not acts and any(one.policies for one in worlds):
        yield "the scenario has policies, and the mechanisms policies and schemes are off"


def _of_regions(scenario: Scenario) -> Iterator[str]:
    for region, people in zip(scenario.regions, _people(scenario), strict=True):
        for name, value in region.indicators.items():
            if name not in region.gaps and (found := beyond(name, value)):
                yield f"region {echo(region.name)}: {found}"
        if people < _FEWEST_PEOPLE:
            yield f"region {echo(region.name)} has {people} {'person' if people == 1 else 'people'}"


def _people(scenario: Scenario) -> list[int]:
    """Return about how many people each region has: as it says, or spaces times catchment."""
    usual = float(scenario["environment.catchment"])
    return [
        region.people or round(region.spaces * region.environment.get("catchment", usual))
        for region in scenario.regions
    ]


def _of_policies(scenario: Scenario) -> Iterator[str]:
    for policy in scenario.policies:
        name, run = f"policy {echo(policy.name)}", f"the {scenario.weeks} weeks that are run"
        if policy.start >= scenario.weeks:
            yield f"{name} does nothing: it starts in week {policy.start}, after {run}"
            continue
        if policy.end > scenario.weeks:
            yield f"{name} ends in week {policy.end}, after {run}: its end is not seen"
        if _is_idle(policy):
            yield f"{name} does nothing: it neither pays nor changes anything"
            continue
        if not _reaches(policy, scenario):
            yield f"{name} is for nobody who lives in this scenario"
        elif (most := _most(policy, scenario)) is not None and policy.budget > _SLACK * most:
            budget, most_gbp = f"{policy.budget / 100:,.0f} GBP", f"{most / 100:,.0f} GBP"
            paid = "if everybody who may apply were paid for the dearest desk, that would come to about"
            yield f"{name} has a budget of {budget}; {paid} {most_gbp}"
    yield from _together(scenario)


def _is_idle(policy: Policy) -> bool:
    made = KINDS[policy.kind](policy, 0)
    if policy.budget == 0 or policy.number == 0:
        return True
    if isinstance(made, Programme):
        return made.idle()
    terms = made.terms() if isinstance(made, Award) else None
    return terms is not None and (terms.share == 0.0 or terms.amount == 0) and terms.flat == 0


def _reaches(policy: Policy, scenario: Scenario) -> bool:
    """Whether anybody may apply: there is a region, a status and an occupation of those that are named."""
    allowed = policy.eligible
    somebody = all(
        not named or any(_share(scenario, name, known) > 0 for name in named)
        for named, known in ((allowed.statuses, STATUSES), (allowed.occupations, OCCUPATIONS))
    )
    return somebody and any(allowed.includes(region.name, region.flag) for region in scenario.regions)


def _share(scenario: Scenario, name: str, known: Sequence[str]) -> float:
    """Return the share of people of a status or occupation; the one without a parameter of its own is the rest."""
    said = {one: scenario.values.get(f"population.{one.removesuffix('_employee')}_share") for one in known}
    rest = 1.0 - math.fsum(float(value) for value in said.values() if value is not None)
    own = said[name]
    return float(own) if own is not None else max(0.0, round(rest, 9))


def _most(policy: Policy, scenario: Scenario) -> int | None:
    """Return what a policy that people apply for could pay at the very most, pence; None for other policies.

    That is the dearest desk for all people of its regions, for as long as an award lasts; newcomers are counted by
    doubling the people.
    """
    made = KINDS[policy.kind](policy, 0)
    if not isinstance(made, Award):
        return None
    terms = made.terms()
    fee = 0
    people = 0
    for region, count in zip(scenario.regions, _people(scenario), strict=True):
        if policy.eligible.includes(region.name, region.flag):
            people += count
            own = [space.price for space in region.own_spaces if space.price is not None]
            price = max([*own, float(scenario["space.price"]) * _DEAREST])
            fee = max(fee, weekly(round(100 * price * max(1.0, float(scenario["space.dedicated_ratio"])))))
    people = 2 * people if policy.number is None else min(policy.number, 2 * people)
    pays = fee * terms.share if terms.amount is None else min(fee * terms.share, terms.amount)
    weeks = min(math.ceil((policy.months or 0) * 52 / 12), scenario.weeks)
    return round((pays + terms.flat) * weeks * people)


def _together(scenario: Scenario) -> Iterator[str]:
    """Say where policies that help with fees together offer more than the whole fee at the same time."""
    helping = [(p, t.share) for p in scenario.policies if (t := _help(p)) is not None and t.amount is None and t.share]
    for policy, _ in helping:
        beside = [
            (other.name, share)
            for other, share in helping
            if other.start <= policy.start < other.end and _meet(policy, other, scenario)
        ]
        if len(beside) > 1 and sum(share for _, share in beside) > 1.0 + 1e-9:
            names = _and([echo(name) for name, _ in beside])
            total = 100 * sum(share for _, share in beside)
            yield f"policies {names} together offer {total:.0f} % of a fee; no more than all of it is paid"
            return


def _help(policy: Policy) -> Terms | None:
    made = KINDS[policy.kind](policy, 0)
    return made.terms() if isinstance(made, Award) else None


def _meet(one: Policy, other: Policy, scenario: Scenario) -> bool:
    return any(
        one.eligible.includes(region.name, region.flag) and other.eligible.includes(region.name, region.flag)
        for region in scenario.regions
    )
