"""Courses and loans by intent: what they are worth to whom, and who uses what."""

import numpy as np
import pytest

from coworksim.model.mechanisms.helpers.lessons_and_loans import gain_on_average, gain_today, hours_worth
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.mechanisms.schemes import Schemes
from coworksim.model.parameters.week import TrainingParameters
from coworksim.model.scenario import by_default
from coworksim.model.state.policy_state import APPLIED, AWARDED, IN_USE
from tests.model.policies.test_kinds_by_hand import awarded, opened, purse

USUAL = by_default(TrainingParameters)._replace(value=6.0)
LOAN = "{name: e, kind: equipment_loan, access: 0.95, loan_price: 60, months: 3, budget: 9000, lag: 0}"
COURSE = "{name: t, kind: training_voucher, hours: 2, hour_price: 12, months: 3, budget: 900000, lag: 0}"


def test_nobody_values_an_award_above_its_price() -> None:
    """Whoever would buy it gains the price, whoever would not have it as a gift nothing, and all others between."""
    gains = [gain_today(2.0, v, 24.0) for v in (-3.0, 0.0, 5.0, 12.0, 40.0)]
    assert gains == [0.0, 0.0, 10.0, 24.0, 24.0]


def test_the_mean_over_all_wishes() -> None:
    """Against the mean over a million quantiles of the logistic distribution."""
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    v = 6.0 + 5.0 * np.log(u / (1 - u))
    mean = float((np.maximum(0, 2 * v) - np.maximum(0, 2 * v - 24)).mean())
    assert gain_on_average(2.0, 24.0, USUAL) == pytest.approx(mean, rel=1e-4)
    assert gain_on_average(0.0, 24.0, USUAL) == 0.0


def test_hours_count_as_far_as_there_is_time_and_practice_for_less() -> None:
    world, _ = opened(COURSE)
    w, places = world.workers, world.regions
    w.learning_hours[0], w.inside_hours[0], w.training_hours[0] = 3.0, 1.0, 0.5
    assert hours_worth(0, 0, w, places, world.schemes, 2.0) == 1.5
    w.learning_hours[0] = 1.0
    assert hours_worth(0, 0, w, places, world.schemes, 2.0) == 0.0
    world, _ = opened(LOAN)
    w, places = world.workers, world.regions
    w.learning_hours[0], w.inside_hours[0] = 3.0, 1.0
    more = 0.95 - float(places.outside_access[w.region[0]])
    assert hours_worth(0, 0, w, places, world.schemes, 2.0) == pytest.approx(more * 2.0 / 2.0)
    places.outside_access[:] = 0.97
    assert hours_worth(0, 0, w, places, world.schemes, 2.0) == 0.0


def test_who_does_not_come_is_not_paid_for() -> None:
    """With a wish below nothing at the last look, an award lies unused; with one above, all of it is paid."""
    assert purse(awarded(COURSE, worth=5.0)) == {"trainers": 24_00}
    idle = awarded(COURSE, worth=-5.0)
    assert purse(idle) == {}
    assert idle.schemes.state[0, 0] == AWARDED
    assert not idle.workers.taught.any()


@pytest.mark.parametrize("policy", [COURSE, LOAN], ids=["course", "loan"])
def test_without_hassle_and_lag_every_award_is_used(policy: str) -> None:
    world, _ = opened(policy, **{"schemes.hassle": 0.0, "membership.review_weeks": 2})
    world.schemes.aware[:], world.schemes.budget[:] = True, 10**12
    phases = Schemes(world), Membership(world)
    seen = 0
    for _ in range(8):
        applied = world.schemes.state[:, 0] == APPLIED
        for phase in phases:
            phase.step(world)
            if phase is phases[0]:
                assert (world.schemes.state[applied, 0] == IN_USE).all()
                seen += int(applied.sum())
        world.week += 1
    assert seen > 20


def test_the_lag_takes_its_share_of_the_wishes() -> None:
    """The longer the wait, the fewer apply: the surplus is multiplied by the chance that the wish lives."""
    counts = []
    for lag in (0, 13, 52):
        world, _ = opened(COURSE.replace("lag: 0", f"lag: {lag}"), **{"membership.review_weeks": 1})
        world.schemes.aware[:] = True
        Membership(world).step(world)
        counts.append(int((world.schemes.state[:, 0] == APPLIED).sum()))
    assert counts[0] > counts[1] > counts[2]
