"""Draws: every swept quantity around what the scenario sets, laws of learning in balance, what is set is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from statistics import median

import pandas as pd
import pytest

from coworksim.appraisal import monte_carlo
from coworksim.appraisal.monte_carlo import GRID, Uncertainty, cell_of, drawn, sample
from coworksim.files.errors import InputError
from coworksim.files.load import load_scenario
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import Outcomes
from coworksim.runs.run import Outcome, Run
from coworksim.statistics.factors import is_swept
from tests.appraisal.worlds import easy, scheme

TINY = load_scenario("tiny")
#: Its spaces are all alike: an amount of 0 is decided.
ALIKE = {"space.size_sd", "space.size_by_place"}


def test_everything_that_is_swept_is_drawn_but_which_regions_there_are() -> None:
    drawn_names = set(sample(TINY, 6, 1).draws[0].values)
    swept = {q.name for q in PARAMETERS.values() if is_swept(q)}
    assert all(TINY[name] == 0.0 != PARAMETERS[name].default for name in ALIKE)
    assert drawn_names == {name for name in swept if not name.startswith("frame.")} - ALIKE
    assert set(GRID) < drawn_names


def test_rent_staff_capital_and_what_spaces_offer_are_drawn() -> None:
    """They used to be as the scenario has them in every draw, however little is known of them."""
    money = {f"management.{name}" for name in ("rent", "staff", "capital")}
    offers = {f"space.{name}" for name in ("price", "desks", "events", "training_places")}
    assert money | offers | {"resource_pool.equipment_hours"} < set(sample(TINY, 6, 1).draws[0].values)


def test_laws_are_drawn_around_what_the_scenario_sets() -> None:
    own = {**TINY.values, "social_learning.theta_sc": 0.3, "resource_learning.theta_td": 0.0}
    found = sample(TINY.model_copy(update={"values": own}), 6, 1)
    assert found.laws == {"social_learning.theta_sc": (0.0, 0.3, 1.0), "resource_learning.theta_td": (0.0,)}
    assert Counter(one.values["social_learning.theta_sc"] for one in found.draws) == {0.0: 2, 0.3: 2, 1.0: 2}


def test_a_choice_that_the_scenario_makes_is_in_every_draw() -> None:
    own = TINY.model_copy(update={"values": {**TINY.values, "membership.money": "logarithmic"}})
    found = sample(own, 6, 1)
    assert "membership.money" not in found.draws[0].values
    assert {drawn(own, one.values)["membership.money"] for one in found.draws} == {"logarithmic"}


@pytest.mark.parametrize("number", [12, 30, 60])
def test_each_law_has_as_many_draws(number: int) -> None:
    cells = Counter(cell_of(one.values) for one in sample(TINY, number, 1).draws)
    assert set(cells.values()) == {number // 6}


def test_no_law_goes_with_a_place_of_the_sequence() -> None:
    """In a fixed order, a law would have all the high halves of some input, and none of another."""
    found = sample(TINY, 96, 1)
    (_, td), numbers = GRID, [factor.name for factor in found.factors if not factor.choices]
    linear = [one.values for one in found.draws if one.values[td] == 1.0]
    for name in numbers:
        middle = median(float(one.values[name]) for one in found.draws)
        high = sum(float(values[name]) > middle for values in linear) / len(linear)
        assert 0.25 < high < 0.75, name


def test_fewer_draws_are_the_first_of_more() -> None:
    few, many = sample(TINY, 12, 1).draws, sample(TINY, 48, 1).draws
    assert [one.seed for one in few] == [one.seed for one in many[:12]]
    assert [dict(one.values) for one in few] == [dict(one.values) for one in many[:12]]
    assert len({one.seed for one in many}) == 48


def test_another_seed_draws_otherwise() -> None:
    assert dict(sample(TINY, 6, 1).draws[0].values) != dict(sample(TINY, 6, 2).draws[0].values)


def test_what_is_set_is_held_and_said() -> None:
    scenario = load_scenario("tiny", {"membership.elasticity": -1.1, "resource_learning.theta_td": 0.5})
    found = sample(scenario, 6, 1)
    assert found.held == ("membership.elasticity", "resource_learning.theta_td")
    assert {one.values["resource_learning.theta_td"] for one in found.draws} == {0.5}
    assert all("membership.elasticity" not in one.values for one in found.draws)


def test_points_at_which_shares_exceed_the_whole_are_passed_over() -> None:
    found = sample(TINY, 64, 1)
    assert len(found.draws) == 64
    parts = [f"population.{name}_share" for name in ("freelancer", "owner", "nomad", "remote")]
    assert all(sum(float(one.values[name]) for name in parts) <= 1.0 + 1e-9 for one in found.draws)


def test_shares_without_room_are_refused_with_a_sentence() -> None:
    full = load_scenario(
        "tiny",
        {
            "population.freelancer_share": 1.0,
            "population.owner_share": 0.0,
            "population.nomad_share": 0.0,
            "population.remote_share": 0.0,
        },
    )
    assert len(sample(full, 6, 1).draws) == 6
    base = {**load_scenario("tiny").values, "population.owner_share": 0.99}
    tight = full.model_copy(update={"values": base, "origins": {**TINY.origins, "population.owner_share": "override"}})
    with pytest.raises(InputError, match="leave no room"):
        sample(tight, 6, 1)


def values(scenario: Scenario) -> dict[str, object]:
    return dict(scenario.values)


def test_a_drawn_scenario_differs_in_what_is_drawn_only() -> None:
    one = sample(TINY, 6, 1).draws[0]
    other = drawn(TINY, one.values)
    assert {name for name in TINY.values if other[name] != TINY[name]} <= set(one.values)
    assert other["membership.churn"] == one.values["membership.churn"]
    assert other.regions == TINY.regions


def test_ranges_and_values_are_told_as_they_were_run() -> None:
    chosen = sample(load_scenario("patterns"), 12, 1)
    found = Uncertainty(chosen, ("a",), ("a",), 1, pd.DataFrame({"draw": [0], "arm": ["a"]}), (), 1.0)
    told = {one["name"]: (one["low"], one["high"]) for one in found.about["inputs"] if not one["choices"]}
    assert told["environment.catchment"] == pytest.approx((120, 480))
    assert told["management.staff"] == pytest.approx((383 * 300 / 620, 383 * 1200 / 620))
    assert found.about["laws_of_learning"] == {name: list(levels) for name, levels in GRID.items()}
    for name, (low, high) in told.items():
        assert found.inputs[name].between(low, high).all(), name


def test_a_draw_is_the_mean_of_the_replicates_that_have_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def answered(runs: Iterable[Run], *given: object, total: int, says: str) -> Outcomes:
        found = {}
        for run in runs:
            values = {"0\trecipients": 4.0 + 2.0 * (run.number % 3)}
            if run.number % 3 < 2:  # one replicate of three has no such number
                values["0\tprice_elasticity"] = -1.0 - run.number % 3
            found[run.number] = Outcome(run.run_id, "done", values)
        return Outcomes(found)

    monkeypatch.setattr(monte_carlo, "run_in_memory", answered)
    found = monte_carlo.uncertainty(easy(weeks=4), {"half": [scheme()]}, 6, seed=1, replicates=3).draws
    half = found[found["arm"] == "half"]
    assert half["recipients"].tolist() == [6.0] * 6
    assert half["price_elasticity"].tolist() == [-1.5] * 6


def test_the_grid_of_laws_is_three_by_two() -> None:
    names = ("social_learning.theta_sc", "resource_learning.theta_td")
    found = {tuple(one.values[name] for name in names) for one in sample(TINY, 12, 1).draws}
    assert found == {(sc, td) for sc in (0.0, 0.5, 1.0) for td in (0.0, 1.0)}
