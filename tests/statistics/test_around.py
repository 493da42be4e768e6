"""Draws around a scenario's own value: laws over all swept parameters, and known answers."""

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coworksim.model.parameters import PARAMETERS, Evidence, Kind, Parameter, Role
from coworksim.statistics.around import around, stays
from coworksim.statistics.factors import Factor, factor_of, factors_around, is_swept

NUMBERS = [one for one in PARAMETERS.values() if is_swept(one) and one.kind is not Kind.CHOICE]
CHOICES = [one for one in PARAMETERS.values() if is_swept(one) and one.kind is Kind.CHOICE]


@st.composite
def own_values(draw: st.DrawFn) -> tuple[Parameter, float]:
    """A parameter, and a value that a scenario may set: near its range, or anywhere within its limits."""
    parameter = draw(st.sampled_from(NUMBERS))
    (low, high), (least, most) = parameter.sampled or (0.0, 0.0), parameter.limits
    near = max(least, low - (high - low)), min(most, high + 2 * (high - low))
    ends = draw(st.sampled_from((near, parameter.limits)))
    whole = parameter.kind is Kind.INTEGER
    value = draw(st.integers(math.ceil(ends[0]), math.floor(ends[1])) if whole else st.floats(*ends))
    assume(value != parameter.default and not stays(parameter, value))
    return parameter, value


def usual(parameter: Parameter) -> float:
    low, high = parameter.sampled or (0.0, 0.0)
    return (low + high) / 2 if parameter.default in parameter.limits else float(parameter.default)


@given(own_values())
def test_the_usual_value_brings_back_the_scenarios_own(given_: tuple[Parameter, float]) -> None:
    parameter, own = given_
    assert around(parameter, own, usual(parameter)) == pytest.approx(own, rel=1e-9, abs=1e-12)


@given(own_values(), st.floats(0, 1), st.floats(0, 1))
def test_values_rise_with_what_is_drawn_and_keep_to_the_limits(
    given_: tuple[Parameter, float], one: float, other: float
) -> None:
    parameter, own = given_
    factor = factor_of(parameter, own=own)
    low, high = (float(factor.value(u)) for u in sorted((one, other)))
    assert parameter.problem(low) is None
    assert parameter.problem(high) is None
    signs = math.copysign(1, own) * math.copysign(1, usual(parameter))
    if parameter.unit == "per standard deviation" and signs < 0:
        low, high = high, low  # of the other sign than the default: more of what is drawn is more of that
    assert low <= high


def test_levels_relative_to_the_uk_or_a_nation_have_a_range_and_are_not_swept() -> None:
    """They multiply what is drawn by itself: projects, fees and wages, prices and rents, courses, contacts."""
    uk, nation = (
        ("demand", "income_level", "price_level", "firm_density", "reach"),
        ("work_training", "public_provision"),
    )
    levels = {f"environment.{name}" for name in (*uk, *nation)}
    assert all(PARAMETERS[name].sampled for name in levels)
    assert levels.isdisjoint(one.name for one in NUMBERS)
    assert factor_of(PARAMETERS["environment.demand"]).ends == PARAMETERS["environment.demand"].sampled


def test_so_few_parameters_are_swept_that_each_can_be_known() -> None:
    assert len(NUMBERS) + len(CHOICES) <= 110


@pytest.mark.parametrize("parameter", NUMBERS, ids=lambda one: one.name)
def test_the_default_has_the_declared_range(parameter: Parameter) -> None:
    factor = factor_of(parameter, own=parameter.default)
    assert factor == factor_of(parameter)
    assert factor.ends == parameter.sampled
    assert around(parameter, float(parameter.default), 0.123) == 0.123


def test_each_value_that_is_multiplied_has_something_to_be_multiplied_with() -> None:
    """The usual value is not 0, and of a share neither 0 nor 1, unless the parameter is shifted."""
    for one in NUMBERS:
        if one.limits[0] >= 0 or one.limits[1] <= 0 or one.unit == "per standard deviation":
            assert usual(one) != 0, one.name
        if one.limits[0] >= 0 and one.limits[1] <= 1:
            assert usual(one) < 1, one.name


@pytest.mark.parametrize(
    ("name", "own", "drawn", "found"),
    [
        ("environment.catchment", 240.0, 400, 120.0),  # a multiple
        ("management.staff", 155.0, 1240, 310.0),
        ("space.desks", 13, 100, 25),
        ("environment.reach_response", 0.6, 0.9, 1.8),
        ("management.optimism", 0.1, 0.3, 0.4),  # a shift from a default of 0
        ("income.own_expansion", 0.8, 0.2, 0.5),  # odds
        ("population.freelancer_share", 0.5, 0.4, 14 / 23),
        ("social_learning.theta_sc", 0.3, 1.0, 1.0),
        ("income.complementarity", -1.0, 1.0, -0.5),  # a shift
        ("income.complementarity", 0.9, 1.0, 1.0),  # cut to its limits
        ("environment.demand_trend", 0.01, -0.02, -0.01),
        ("membership.day_constant", 0.5, -1.0, 1.0),
    ],
)
def test_draws_by_hand(name: str, own: float, drawn: float, found: float) -> None:
    assert around(PARAMETERS[name], own, drawn) == pytest.approx(found)


@pytest.mark.parametrize("parameter", CHOICES, ids=lambda one: one.name)
def test_a_choice_that_the_scenario_makes_stays(parameter: Parameter) -> None:
    other = next(one for one in parameter.choices if one != parameter.default)
    assert factors_around([parameter], {parameter.name: other}) == ()
    assert factors_around([parameter], {parameter.name: parameter.default}) == (factor_of(parameter),)


def test_what_a_scenario_switches_off_or_on_altogether_stays() -> None:
    for name, own in (("space.events", 0.0), ("income.own_expansion", 1.0), ("environment.demand_response", 0.0)):
        assert stays(PARAMETERS[name], own)
        assert around(PARAMETERS[name], own, 0.4) == own
        assert factors_around([PARAMETERS[name]], {name: own}) == ()
    assert not stays(PARAMETERS["membership.day_constant"], 0.0)
    assert not stays(PARAMETERS["social_learning.theta_sc"], 0.0)  # its default


def test_what_is_never_positive_is_multiplied() -> None:
    """A price elasticity, for example: 0 is no answer to prices at all."""
    response = Parameter("membership.response", Kind.REAL, "ratio", -0.7, "", Role.BEHAVIOUR, "", Evidence.GUESS)
    response = replace(response, limits=(-10.0, 0.0), sampled=(-1.4, -0.35))
    assert [around(response, -0.2, drawn) for drawn in (-1.4, -0.7, -0.35)] == pytest.approx([-0.4, -0.2, -0.1])
    assert stays(response, 0.0)


def test_a_range_of_the_users_own_is_not_touched() -> None:
    found = factor_of(PARAMETERS["environment.catchment"], (100, 300), own=240.0)
    assert found.ends == (100.0, 300.0)


def test_what_a_range_is_drawn_around_is_part_of_it() -> None:
    one, other, plain = (Factor("space.price", low=110, high=250, own=own) for own in (100.0, 200.0, None))
    assert one.content[:-1] == other.content[:-1] == plain.content
    assert one.content != other.content
