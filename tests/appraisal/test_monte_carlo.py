"""Arms over draws of parameters and laws: the same however they are run, nothing dropped, and every table adds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from coworksim.appraisal.comparison import compare
from coworksim.appraisal.monte_carlo import HEADLINES, NOTHING, Uncertainty, uncertainty
from coworksim.files.errors import InputError, RunnerError
from coworksim.model.scenario import Scenario
from coworksim.runs.opening import burnt_in
from tests.appraisal.worlds import easy, scheme

pytestmark = pytest.mark.slow  # worlds that several tests share take a while to simulate


DRAWS = 18


def world() -> Scenario:
    """A small busy world: what makes it so is held, all else is drawn."""
    return easy(burn_in_weeks=4, weeks=20)


#: Why a draw may be left out: not every elasticity goes with every share of spells that end.
NO_CONSTANTS = "no tastes give an elasticity"
ARMS = {"half": [scheme()], "all": [scheme(share=1.0, name="all")]}


@pytest.fixture(scope="session")
def found() -> Uncertainty:
    """Two arms in eighteen draws."""
    return uncertainty(world(), ARMS, DRAWS, seed=1, workers=1)


@pytest.mark.slow  # starts two processes
def test_workers_change_no_number(found: Uncertainty) -> None:
    again = uncertainty(world(), ARMS, DRAWS, seed=1, workers=2)
    assert again.draws.equals(found.draws)
    assert again.ranking.equals(found.ranking)


def test_every_draw_has_every_arm_and_doing_nothing_changes_nothing(found: Uncertainty) -> None:
    assert found.arms == (NOTHING, "half", "all")
    assert all(NO_CONSTANTS in text for text in found.failed)
    assert len(found.failed) <= DRAWS // 9
    assert found.draws.groupby("arm", observed=True)["draw"].count().tolist() == [DRAWS - len(found.failed)] * 3
    nothing = found.draws[found.draws["arm"] == NOTHING]
    assert (nothing[["td_total_sd_years", "public_cost_gbp", "recipients"]] == 0.0).all().all()
    assert set(HEADLINES) < set(found.draws.columns)
    half = found.draws[found.draws["arm"] == "half"]
    assert (half["recipients"] > 0).mean() > 0.5
    same = half["occupancy_without"].to_numpy() == nothing["occupancy_without"].to_numpy()
    assert same.all()


def test_a_draw_is_the_appraisal_of_its_own_scenario(found: Uncertainty) -> None:
    """One draw alone, by the way of ordinary replicates."""
    from coworksim.appraisal.monte_carlo import drawn

    draw = found.sample.draws[3]
    alone = compare(drawn(world(), draw.values), ARMS, seed=draw.seed, replicates=1, workers=1)
    rows = found.draws[found.draws["draw"] == 3].set_index("arm")
    for arm in ARMS:
        for term in ("td_total_sd_years", "public_cost_gbp", "social_value_gbp", "occupancy_with"):
            assert rows.loc[arm, term] == alone.number(arm, term)["value"]


def test_probabilities_add_up_at_every_worth_and_no_arm_is_dropped(found: Uncertainty) -> None:
    by_worth = found.ranking.groupby(["criterion", "sd_year_value_gbp"], observed=True, dropna=False)
    assert (by_worth["arm"].count() == 3).all()
    assert by_worth["probability_best"].sum().to_numpy() == pytest.approx(1.0)
    assert (found.ranking["expected_regret_gbp"] >= 0.0).all()
    declared = found.ranking[found.ranking["declared"]]
    assert declared["criterion"].tolist() == ["td"] * 3 + ["sc"] * 3 + ["social_value"] * 3
    worthless = found.ranking[found.ranking["sd_year_value_gbp"] == 0.0]
    assert worthless[worthless["arm"] == NOTHING]["expected_regret_gbp"].tolist() == [0.0, 0.0]


def test_each_law_has_its_share_of_every_headline(found: Uncertainty) -> None:
    laws = found.laws
    assert laws["cell"].nunique() == 6
    whole = laws[(laws["arm"] == "half") & (laws["term"] == "public_cost_gbp")]
    assert whole["draws"].max() == 3
    assert whole["draws"].sum() == DRAWS - len(found.failed)
    mean = found.draws[found.draws["arm"] == "half"]["public_cost_gbp"].mean()
    assert np.average(whole["value"], weights=whole["draws"]) == pytest.approx(mean)


def test_switching_values_name_input_interval_or_reason(found: Uncertainty) -> None:
    table = found.switching
    assert not (table["arm"] == NOTHING).any()
    assert (table["sentence"] != "").all()
    told = table["value"].notna()
    assert table.loc[told, ["low", "high"]].notna().all().all()
    assert {"assumed", "drawn", "seen"} == set(table["kind"])


def test_a_draw_that_fails_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real, bad = burnt_in, uncertainty_seed(2)

    def broken(scenario: Scenario, seed: int, replicate: int) -> Any:
        if seed == bad:
            raise ValueError("no desks")
        return real(scenario, seed, replicate)

    monkeypatch.setattr("coworksim.appraisal.replicate.burnt_in", broken)
    some = uncertainty(world(), {"half": [scheme()]}, 6, seed=1, workers=1)
    ours, others = "draw 2: ValueError: no desks", [text for text in some.failed if NO_CONSTANTS in text]
    assert sorted(some.failed) == sorted([ours, *others])
    assert len(others) <= 1
    assert (some.about["asked"], some.about["counted"]) == (6, 5 - len(others))
    assert 2 not in set(some.draws["draw"])
    assert (some.ranking["draws"] == 5 - len(others)).all()

    def hopeless(*_: object) -> None:
        raise ValueError("no desks")

    monkeypatch.setattr("coworksim.appraisal.replicate.burnt_in", hopeless)
    with pytest.raises(RunnerError, match="no draw succeeded"):
        uncertainty(world(), {"half": [scheme()]}, 6, seed=1, workers=1)


def uncertainty_seed(draw: int) -> int:
    from coworksim.appraisal.monte_carlo import sample

    return sample(world(), 6, 1).draws[draw].seed


def test_an_arm_without_policies_is_doing_nothing() -> None:
    some = uncertainty(world(), {"do-nothing": [], "half": [scheme()]}, 6, seed=1, workers=1)
    assert some.arms == ("do-nothing", "half")
    assert not (some.switching["arm"] == "do-nothing").any()


@pytest.mark.parametrize(
    ("options", "arms", "said"),
    [
        ({"draws": 3}, {"half": [scheme()]}, "from 6 to 4096"),
        ({"draws": 6, "draw_replicates": 0}, {"half": [scheme()]}, "from 1 to 2000"),
        ({"draws": 6}, {NOTHING: [scheme()]}, "another name"),
    ],
)
def test_draws_that_cannot_be_are_refused(options: Mapping[str, int], arms: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        compare(world(), arms, replicates=1, workers=1, **options)  # type: ignore[arg-type]  # cases of all kinds
