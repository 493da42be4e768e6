"""The synthetic frame: spaces allocated to regions by a declared rule, and a sample of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.uk_regions import _shared_out, allocated, real_regions, sampled
from coworksim.model.scenario import MOST_SPACES

DEFAULT = (1534, 0.28, 0.0, 1.0, 0.5)


def test_the_frame_has_its_spaces_and_london_its_share() -> None:
    counts = allocated(*DEFAULT)
    assert sum(counts.values()) == 1534
    london = sum(count for code, count in counts.items() if real_regions()[code].itl1 == "London")
    assert london == 430
    assert max(counts.values()) <= MOST_SPACES


def test_exponents_of_zero_share_out_evenly() -> None:
    counts = allocated(179, 0.0, 0.0, 0.0, 0.0)
    outside = [count for code, count in counts.items() if real_regions()[code].itl1 != "London"]
    assert max(outside) - min(outside) <= 1


def test_a_higher_exponent_of_jobs_moves_spaces_to_where_the_jobs_are() -> None:
    low, high = allocated(1534, 0.28, 0.0, 0.5, 0.5), allocated(1534, 0.28, 0.0, 1.5, 0.5)
    many = max(
        (code for code in real_regions() if real_regions()[code].itl1 != "London"),
        key=lambda code: real_regions()[code].columns["jobs"] or 0.0,
    )
    assert high[many] > low[many]


@given(st.integers(0, 600), st.lists(st.floats(0.01, 1e6), min_size=10, max_size=20))
def test_sharing_out_loses_nothing_and_overfills_nobody(number: int, weights: list[float]) -> None:
    counts = _shared_out(number, {str(at): weight for at, weight in enumerate(weights)})
    assert sum(counts.values()) == number
    assert all(0 <= count <= MOST_SPACES for count in counts.values())


def test_the_sample_lies_in_the_frame_and_depends_on_the_draw() -> None:
    frame = tuple(allocated(*DEFAULT).items())
    one, other = sampled(frame, 161, 74, 1), sampled(frame, 161, 74, 2)
    for sample in (one, other):
        assert (sum(sample.values()), len(sample)) == (161, 74)
        assert all(count <= dict(frame)[code] for code, count in sample.items())
    assert one != other


@pytest.mark.slow
def test_each_space_is_as_likely_to_come_first() -> None:
    # 400 draws of one space: the chance of London is .28; 4 standard errors are .09, error rate about 1 in 16,000.
    frame = tuple(allocated(*DEFAULT).items())
    firsts = [next(iter(sampled(frame, 1, 1, draw))) for draw in range(400)]
    share = sum(real_regions()[code].itl1 == "London" for code in firsts) / len(firsts)
    assert abs(share - 430 / 1534) < 0.09


def test_scenarios_of_the_frame() -> None:
    whole, part = load_scenario("uk-all"), load_scenario("uk-74-regions")
    assert sum(region.spaces for region in whole.regions) == 1534
    assert (sum(region.spaces for region in part.regions), len(part.regions)) == (161, 74)
    assert load_scenario("placebo").regions == part.regions


def test_one_region_keeps_its_spaces_or_gets_one() -> None:
    known = load_scenario("uk-all").regions[0]
    (alone,) = load_scenario("uk-all", region=known.code).regions
    assert alone == known
    (new,) = load_scenario("tiny", region="TLC12").regions
    assert (new.code, new.spaces) == ("TLC12", 1)


def test_an_unknown_region_or_frame_gets_a_sentence() -> None:
    with pytest.raises(ScenarioError, match="TLZ99"):
        load_scenario("uk-all", region="TLZ99")
    with pytest.raises(ScenarioError, match="room for"):
        load_scenario("uk-all", overrides={"frame.spaces": 10_000, "frame.london_share": 1.0})
