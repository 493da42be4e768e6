"""The plain source of random numbers against published vectors and closed forms."""

from __future__ import annotations

import random
from math import exp, log
from statistics import NormalDist, fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .plain_draws import STREAMS, KeyedSource, MesaSource, Source, poisson_inverse, run_key, threefry2x64

ONES = 0xFFFF_FFFF_FFFF_FFFF
WORD = st.integers(0, ONES)


@pytest.mark.parametrize(
    ("counter", "key", "published"),
    [
        ((0, 0), (0, 0), (0xF167B032C3B480BD, 0xE91F9FEE4B7A6FB5)),
        ((ONES, ONES), (ONES, ONES), (0xCCDEC5C917A874B1, 0x4DF53ABCA26CEB01)),
        (
            (0x243F6A8885A308D3, 0x13198A2E03707344),
            (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0xC3AAC71561042993, 0x3FE7AE8801AFF316),
        ),
    ],
)
def test_threefry_reproduces_the_published_vectors(
    counter: tuple[int, int], key: tuple[int, int], published: tuple[int, int]
) -> None:
    assert threefry2x64(counter, key) == published


@given(WORD, WORD, WORD, WORD)
def test_words_fit_in_64_bits(c0: int, c1: int, k0: int, k1: int) -> None:
    assert all(0 <= word <= ONES for word in threefry2x64((c0, c1), (k0, k1)))


@given(WORD, WORD, WORD, st.integers(0, 63))
def test_one_bit_of_the_counter_changes_the_words(c0: int, c1: int, k0: int, bit: int) -> None:
    assert threefry2x64((c0, c1), (k0, 0)) != threefry2x64((c0 ^ (1 << bit), c1), (k0, 0))


def test_the_run_key_depends_on_seed_and_replicate() -> None:
    assert len({run_key(seed, replicate) for seed in range(4) for replicate in range(4)}) == 16


def test_a_keyed_number_has_a_name_of_its_own() -> None:
    source = KeyedSource(1)
    names = [
        (stream, key, week, index)
        for stream in STREAMS
        for key in (0, 1, 1 << 22, 1 << 32)
        for week in (0, 1, 300)
        for index in (0, 1, 12)
    ]
    words = {source.word(*name) for name in names}
    assert len(words) == len(names)
    assert [source.word(*name) for name in reversed(names)] == [KeyedSource(1).word(*n) for n in names[::-1]]


def test_the_counter_is_laid_out_as_declared() -> None:
    source = KeyedSource(3, 2)
    expected = threefry2x64(((5 << 32) | 9, (8 << 48) | (77 << 32) | 4), run_key(3, 2))[0]
    assert source.word("meeting", (5 << 32) | 9, 77, 4) == expected


class Fixed(KeyedSource):
    """A keyed source whose word is given."""

    def __init__(self, word: int) -> None:
        super().__init__(0)
        self.given = word

    def word(self, stream: str, key: int, week: int, index: int) -> int:
        return self.given


@pytest.mark.parametrize("word", [0, ONES])
def test_the_extreme_words_give_finite_numbers(word: int) -> None:
    source = Fixed(word)
    assert 0 < source.uniform("seat", 0, 0, 0) < 1
    assert abs(source.normal("seat", 0, 0, 0)) < 9
    assert source.exponential("seat", 0, 0, 0) > 0
    assert abs(source.gumbel("seat", 0, 0, 0)) < 40


@given(WORD)
def test_numbers_are_inverse_distribution_functions_of_the_uniform(word: int) -> None:
    source = Fixed(word)
    u = source.uniform("seat", 0, 0, 0)
    assert u == ((word >> 12) + 0.5) / 2**52
    assert NormalDist().cdf(source.normal("seat", 0, 0, 0)) == pytest.approx(u, abs=1e-12)
    assert exp(-source.exponential("seat", 0, 0, 0)) == pytest.approx(u, rel=1e-12)
    assert exp(-exp(-source.gumbel("seat", 0, 0, 0))) == pytest.approx(u, rel=1e-9, abs=1e-12)


@given(st.floats(0.001, 30), st.floats(1e-9, 1 - 1e-9))
def test_poisson_is_the_least_count_whose_distribution_function_reaches_u(mean: float, u: float) -> None:
    k = poisson_inverse(mean, u)
    terms = [exp(-mean)]
    for i in range(1, k + 1):
        terms.append(terms[-1] * mean / i)
    assert sum(terms) >= u - 1e-12
    assert k == 0 or sum(terms[:-1]) < u + 1e-12


def test_poisson_of_mean_0_is_0_and_an_absurd_mean_stops_at_1000() -> None:
    assert poisson_inverse(0.0, 0.999999) == 0
    assert poisson_inverse(5000.0, 0.5) == 1000


@pytest.mark.parametrize("source", [KeyedSource(11), MesaSource(random.Random(11))], ids=["keyed", "mesa"])
def test_both_sources_have_the_declared_means(source: Source) -> None:
    keys = range(4000)
    assert fmean(source.uniform("seat", key, 0, 0) for key in keys) == pytest.approx(0.5, abs=0.02)
    assert fmean(source.normal("seat", key, 0, 1) for key in keys) == pytest.approx(0, abs=0.06)
    assert fmean(source.exponential("seat", key, 0, 2) for key in keys) == pytest.approx(1, abs=0.06)
    assert fmean(source.gumbel("seat", key, 0, 3) for key in keys) == pytest.approx(0.5772, abs=0.08)
    assert fmean(source.poisson("seat", key, 0, 4, 1.5) for key in keys) == pytest.approx(1.5, abs=0.08)
    assert fmean(source.below("seat", key, 0, 5, 8) for key in keys) == pytest.approx(3.5, abs=0.15)
    ranks = [source.priority("seat", key, 0, 6) for key in keys]
    assert len(set(ranks)) == len(ranks)


def test_exponential_of_a_keyed_source_is_minus_the_logarithm() -> None:
    source = KeyedSource(5)
    assert source.exponential("seat", 1, 2, 3) == -log(source.uniform("seat", 1, 2, 3))
