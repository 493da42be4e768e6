"""A dearer space draws nobody in, all else equal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim import CoworkingModel, Scenario
from coworksim.model.mechanisms.helpers.fees import support
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.state.policy_state import NO_LIMIT
from coworksim.model.state.world import World
from coworksim.runs.trace import join_probability
from tests.laws.worlds import scenarios

FORMS = ("linear", "logarithmic")


def chances(world: World, phase: Membership, row: int, space: int) -> tuple[float, float]:
    """Return the chances to be in any space, and in one of them, after a review."""
    offers = phase.offers(world, row)
    values = [phase.value(world, row, offer) for _, _, offer in offers]
    anywhere = join_probability(values)
    elsewhere = join_probability(v for v, (s, _, _) in zip(values, offers, strict=True) if s != space)
    return anywhere, (anywhere - elsewhere) / (1.0 - elsewhere)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20)
@given(data=st.data(), rise=st.integers(1, 100_00), weeks=st.integers(1, 10))
def test_a_price_rise_never_raises_the_chance_to_join(form: str, data: st.DataObject, rise: int, weeks: int) -> None:
    """At most one scheme pays, and employers: the chance to be anywhere, and there against staying outside."""
    scenario: Scenario = data.draw(
        scenarios(
            {"membership.money": form, "membership.dissimilarity": 1.0}, on=("membership",), fewest_spaces=1, policies=1
        )
    )
    model = CoworkingModel(scenario)
    model.run_for(scenario.burn_in_weeks + weeks)
    world = model.world
    phase, rows, space = model.phase(Membership), range(len(world.workers)), int(np.flatnonzero(world.spaces.open)[0])
    before = [chances(world, phase, row, space) for row in rows]
    world.spaces.price[space] += rise
    for row, (anywhere, there) in zip(rows, before, strict=True):
        now = chances(world, phase, row, space)
        assert now[0] <= anywhere + 1e-12
        assert now[1] <= there + 1e-9


@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(0, 5000), st.integers(0, 20_000))
def test_what_one_scheme_leaves_to_pay_never_falls_as_the_fee_rises(
    fee: int, share: float, amount: int, left: int
) -> None:
    rest, dearer = (x - support(x, x, share, amount, left) for x in (fee, fee + 1))
    assert rest <= dearer


def test_two_schemes_that_pay_shares_round_by_a_penny_each() -> None:
    """The limit of the law: each scheme rounds its share by itself, so two of 40 % leave 1p of 1p and 0p of 2p."""

    def left_to_pay(fee: int) -> int:
        rest = fee - support(fee, fee, 0.4, NO_LIMIT, 10**6)
        return rest - support(rest, fee, 0.4, NO_LIMIT, 10**6)

    assert [left_to_pay(fee) for fee in (1, 2)] == [1, 0]
