"""The random source: published vectors, the plain twin, ranges and inverse distributions."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.state import rng
from tests.reference import plain_draws

WORD = st.integers(0, 2**64 - 1)
U = st.integers(0, 2**64 - 1).map(lambda x: rng.uniform(np.uint64(x)))

#: Known answers of threefry2x64 with 13 rounds that Salmon et al. publish: counter, key, output.
VECTORS = [
    ((0, 0), (0, 0), (0xF167B032C3B480BD, 0xE91F9FEE4B7A6FB5)),
    ((2**64 - 1, 2**64 - 1), (2**64 - 1, 2**64 - 1), (0xCCDEC5C917A874B1, 0x4DF53ABCA26CEB01)),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344),
        (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0xC3AAC71561042993, 0x3FE7AE8801AFF316),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_published_vectors(counter: tuple[int, int], key: tuple[int, int], expected: tuple[int, int]) -> None:
    words = rng.threefry(np.uint64(key[0]), np.uint64(key[1]), np.uint64(counter[0]), np.uint64(counter[1]))
    assert tuple(int(word) for word in words) == expected


@given(WORD, WORD, WORD, st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1))
def test_word_equals_the_plain_twin(k0: int, k1: int, who: int, stream: int, week: int, index: int) -> None:
    plain = plain_draws.threefry2x64((who, stream << 48 | week << 32 | index), (k0, k1))[0]
    assert int(rng.word((np.uint64(k0), np.uint64(k1)), np.uint64(who), stream, week, index)) == plain


@given(WORD)
def test_uniform_lies_inside_the_unit_interval(x: int) -> None:
    assert 0.0 < rng.uniform(np.uint64(x)) < 1.0


def test_uniform_ends() -> None:
    assert rng.uniform(np.uint64(0)) == 2.0**-53
    assert rng.uniform(np.uint64(2**64 - 1)) == 1.0 - 2.0**-53


@given(U)
def test_normal_agrees_with_the_standard_library(u: float) -> None:
    assert rng.normal(u) == pytest.approx(NormalDist().inv_cdf(u), abs=1e-12)


@given(st.floats(0, 30), U)
def test_poisson_is_the_smallest_count_that_reaches_u(mean: float, u: float) -> None:
    def cumulated(k: int) -> float:
        terms = [
            math.exp(-mean + j * math.log(mean) - math.lgamma(j + 1)) if mean > 0 else float(j == 0)
            for j in range(k + 1)
        ]
        return math.fsum(terms)

    k = rng.poisson(mean, u)
    assert cumulated(k) >= u - 1e-9
    assert k == 0 or cumulated(k - 1) <= u + 1e-9


@given(U, U)
def test_gumbel_and_exponential_are_monotone(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    assert rng.gumbel(low) <= rng.gumbel(high)
    assert rng.exponential(low) >= rng.exponential(high) >= 0


@given(st.integers(-(10**9), 10**9))
def test_pence_rounds_halves_up(tenths: int) -> None:
    assert rng.pence(tenths / 1000) == pytest.approx(math.floor(tenths / 10 + 0.5), abs=1)
    assert rng.pence(0.125) == 13
    assert rng.pence(1.0) == 100


def test_streams_have_numbers_of_their_own() -> None:
    numbers = [number for number, _ in rng.STREAMS.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(0 < number < 2**16 for number in numbers)


def test_run_keys_differ_by_seed_and_replicate() -> None:
    keys = {rng.run_key(seed, replicate) for seed in range(30) for replicate in range(30)}
    assert len(keys) == 900


def test_pair_key_does_not_care_who_comes_first() -> None:
    assert rng.pair_key(7, 2) == rng.pair_key(2, 7) == 2 << 32 | 7


def test_bits_look_fair() -> None:
    """Chi-square on 16 cells of 20,000 uniforms, 15 degrees of freedom; a fair source fails for 1 key in 1,000."""
    run = rng.run_key(5)
    cells = np.zeros(16)
    for who in range(20_000):
        cells[int(16 * rng.uniform(np.uint64(rng.word(run, np.uint64(who), 1, 0, 0))))] += 1
    assert ((cells - 1250) ** 2 / 1250).sum() < 37.7
