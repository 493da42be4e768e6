"""The contrasts E3a and E3b: known answers, a planted difference, and the placebo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.patterns.patterns import run_patterns
from coworksim.files.errors import RefusedError
from coworksim.files.load import load_scenario
from coworksim.runs.simulation import simulate
from tests.evidence.patterns.contrasts import contrasts


def table(slopes: list[float], behind: int) -> pd.DataFrame:
    """Return ten users a region whose gains follow their inputs exactly, each region with a level of its own."""
    rows = []
    for region, slope in enumerate(slopes):
        for x in range(10):
            gain = region + slope * x
            rows.append((f"r{region}", "left-behind" if region < behind else "other", 1, gain, 0.0, gain, 0.0, x, 0, x))
    names = [
        "region",
        "flag",
        "days_in_space",
        "gain_td_space_social_points",
        "gain_td_space_resource_points",
        "gain_sc_space_social_points",
        "gain_sc_space_resource_points",
        "equipment_hours",
        "training_hours",
        "encounters",
    ]
    return pd.DataFrame(rows, columns=names)


def test_slopes_by_hand_whatever_the_level_of_a_region() -> None:
    for found in contrasts(table([0.5, 0.7, 0.2, 0.2, 0.2, 0.2], 2), permutations=99):
        assert found.left_behind == pytest.approx(0.6)
        assert found.other == pytest.approx(0.2)
        assert found.difference == pytest.approx(0.4)
        assert found.regions == 2


def test_one_kind_of_region_is_refused() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        contrasts(table([0.5, 0.5], 2))


@pytest.mark.slow
def test_placebo_contrasts_are_chance_and_a_planted_one_is_found() -> None:
    """74 regions with one environment and two spaces, 14 flagged by the wide rule; fixed seed, 999 permutations.

    As many people and spaces in each: where most flagged regions have one space and others more, E3b differs by that.
    Both contrasts over their errors lie inside the central 95 % of their permutation distribution (by construction they
    would do so in 19 of 20 draws), and the errors are under a fifth of the slope itself (a contrast of two fifths of
    the slope is what one sample can tell from chance); a slope four times as steep in flagged regions is then
    found, with its noise.
    """
    overrides = {"frame.left_behind": "wide", "burn_in_weeks": 52, "market": "new", "weeks": 104}
    scenario = load_scenario("placebo", overrides=overrides)
    alike = tuple(one.model_copy(update={"spaces": 2, "people": 1600}) for one in scenario.regions)
    workers = simulate(scenario.model_copy(update={"regions": alike})).workers
    for found in contrasts(workers):
        assert found.regions == 14
        assert found.p > 0.05, found
        assert found.error < 0.2 * abs(found.other), found
    steeper = workers.copy()
    flagged = (workers["flag"] == "left-behind").to_numpy()
    gains = [name for name in workers.columns if name.startswith("gain_") and "_space_" in name]
    steeper[gains] *= np.where(flagged, 4.0, 1.0)[:, None]
    for found in contrasts(steeper):
        assert found.p < 0.05, found


def test_patterns_without_a_run_to_do_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="there is nothing to run: ask for draws or replicates"):
        run_patterns("patterns", {}, draws=0, replicates=0, decompose=0, folder=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
