"""The synthetic frame of spaces: how they are shared out and sampled, and how near it comes to published counts."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.files.allocation import Exponents, declared, share_out
from coworksim.files.frame import allocated, misfit, sampled, size_of
from coworksim.files.load import load_scenario
from coworksim.files.published_spaces import WHOLE, count, published, shares
from coworksim.files.scenario_writer import to_yaml
from coworksim.files.uk_regions import real_regions
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import MOST_SPACES
from tools.frame_exponents import DECIMALS, fitted, misses

DEFAULT = (1534, 0.28, declared())


def test_the_frame_has_its_spaces_and_london_its_share() -> None:
    counts = allocated(*DEFAULT)
    assert sum(counts.values()) == 1534
    london = sum(count for code, count in counts.items() if real_regions()[code].itl1 == "London")
    assert london == 430
    assert max(counts.values()) <= MOST_SPACES


def test_exponents_of_zero_share_out_evenly() -> None:
    counts = allocated(179, 0.0, Exponents(0.0, 0.0, 0.0))
    outside = [count for code, count in counts.items() if real_regions()[code].itl1 != "London"]
    assert max(outside) - min(outside) <= 1


def test_a_higher_exponent_of_jobs_moves_spaces_to_where_the_jobs_are() -> None:
    low, high = (allocated(1534, 0.28, Exponents(0.0, jobs, 0.5)) for jobs in (0.5, 1.5))
    many = max(
        (code for code in real_regions() if real_regions()[code].itl1 != "London"),
        key=lambda code: real_regions()[code].columns["jobs"] or 0.0,
    )
    assert high[many] > low[many]


@given(st.integers(0, 600), st.lists(st.floats(0.01, 1e6), min_size=10, max_size=20))
def test_sharing_out_loses_nothing_and_overfills_nobody(number: int, weights: list[float]) -> None:
    counts = share_out(number, {str(at): weight for at, weight in enumerate(weights)})
    assert sum(counts.values()) == number
    assert all(0 <= count <= MOST_SPACES for count in counts.values())


def test_the_sample_lies_in_the_frame_and_depends_on_the_draw() -> None:
    frame = tuple(allocated(*DEFAULT).items())
    one, other = sampled(frame, 161, 74, 1), sampled(frame, 161, 74, 2)
    for sample in (one, other):
        assert sum(sample.values()) == 161
        assert 70 <= len(sample) <= 74  # 161 spaces may lie in fewer regions than are asked for
        assert all(count <= dict(frame)[code] for code, count in sample.items())
    assert one != other


@pytest.mark.slow
def test_each_space_is_as_likely_to_come_first() -> None:
    # 400 draws of one space: the chance of London is .28; 4 standard errors are .09, error rate about 1 in 16,000.
    frame = tuple(allocated(*DEFAULT).items())
    firsts = [next(iter(sampled(frame, 1, 1, draw))) for draw in range(400)]
    share = sum(real_regions()[code].itl1 == "London" for code in firsts) / len(firsts)
    assert abs(share - 430 / 1534) < 0.09


def test_published_counts_of_nations_add_up_to_the_whole_and_every_region_lies_in_one() -> None:
    nations = [one for one in published() if one.definition == "broad-2024" and one.name != WHOLE]
    assert sum(one.spaces for one in nations) == count(WHOLE, "broad-2024") == 2806
    for code in real_regions():
        assert sum(one.holds(code) for one in nations) == 1, code
    assert math.fsum(shares().values()) == pytest.approx(1.0)


def test_a_definition_fills_what_is_not_set() -> None:
    assert size_of("broad-2025") == {"frame.spaces": 4152, "frame.london_share": round(1200 / 4152, 4)}
    wide = load_scenario("uk-all", {"frame.definition": "broad-2024"})
    assert (wide["frame.spaces"], wide["frame.london_share"]) == (2806, 0.2808)
    assert sum(region.spaces for region in wide.regions) == 2806
    own = load_scenario("uk-all", {"frame.definition": "broad-2024", "frame.spaces": 600})
    assert (own["frame.spaces"], own["frame.london_share"]) == (600, 0.2808)
    assert load_scenario("uk-all")["frame.spaces"] == 1534


def test_a_saved_scenario_keeps_the_size_that_its_definition_gave(tmp_path: Path) -> None:
    wide = load_scenario("uk-left-behind", {"frame.definition": "broad-2025"})
    (tmp_path / "again.yaml").write_text(to_yaml(wide), encoding="utf-8")
    again = load_scenario(tmp_path / "again.yaml")
    assert (again.digest, again["frame.spaces"]) == (wide.digest, 4152)


def test_the_exponents_are_those_that_fit_published_counts() -> None:
    found = fitted()
    for name, value in found._asdict().items():
        assert PARAMETERS[f"frame.{name}_exponent"].default == pytest.approx(round(value, DECIMALS), abs=1e-12)
    errors = [float(np.mean(misses(by) ** 2)) for by in (found, declared(), Exponents(0.0, 1.0, 0.5))]
    assert errors == sorted(errors)


def test_the_misfit_is_counted_area_by_area() -> None:
    fits = {one.area: one for one in misfit(load_scenario("uk-all").values)}
    assert sum(one.frame for one in fits.values()) == 1534
    assert math.fsum(one.scaled for one in fits.values()) == pytest.approx(1534)
    assert fits["Manchester"].scaled == pytest.approx(1534 * 128 / 4152)
    assert fits["Manchester"].frame == allocated(*DEFAULT)["TLD33"]
    assert fits["London"].ratio == pytest.approx(1.0, abs=0.01)
