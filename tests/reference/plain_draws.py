"""Random numbers of the plain twin: a keyed source (threefry2x64-13), and Mesa's own generator.

Both answer the same questions, each with a stream, a key, a week and an index. The keyed source computes the
answer from these four; Mesa's ignores them and draws the next number.

Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3" (threefry2x64).
"""

from __future__ import annotations

import hashlib
import random
from math import exp, log
from statistics import NormalDist
from typing import Final, Protocol

__all__ = ["STREAMS", "KeyedSource", "MesaSource", "Source", "poisson_inverse", "run_key", "threefry2x64"]

STREAMS: Final = {
    "population": 1,
    "projects": 2,
    "outside_contacts": 3,
    "membership": 4,
    "attendance": 5,
    "seat": 6,
    "table": 7,
    "meeting": 8,
    "turnover": 9,
    "adoption": 10,
    "awareness": 11,
    "scheme": 12,
    "firm": 13,
    "outside_tie": 14,
    "event": 15,
    "event_table": 16,
    "event_meeting": 17,
    "event_count": 18,
    "accept": 20,
    "training": 21,
    "space": 22,
    "environment": 23,
    "frame": 24,
    "graph": 25,
    "permutation": 26,
    "policy": 27,
    "survey": 28,
    "management": 29,
    "teams": 30,
}

ROUNDS: Final = 13
_MASK: Final = 0xFFFF_FFFF_FFFF_FFFF
_PARITY: Final = 0x1BD1_1BDA_A9FC_1A22
_ROTATIONS: Final = (16, 42, 12, 31, 16, 32, 24, 21)
#: (rotation, its complement, number of the key injection after the round or 0), for each round.
_SCHEDULE: Final = tuple(
    (_ROTATIONS[r % 8], 64 - _ROTATIONS[r % 8], 0 if (r + 1) % 4 else (r + 1) // 4) for r in range(ROUNDS)
)
_HIGHEST_POISSON: Final = 1000


def threefry2x64(counter: tuple[int, int], key: tuple[int, int]) -> tuple[int, int]:
    """Scramble a counter of two 64-bit words under a key of two: 13 rounds, a key added after each fourth.

    >>> [f"{word:016x}" for word in threefry2x64((0, 0), (0, 0))]
    ['f167b032c3b480bd', 'e91f9fee4b7a6fb5']
    """
    keys = (*key, _PARITY ^ key[0] ^ key[1])
    x0 = (counter[0] + keys[0]) & _MASK
    x1 = (counter[1] + keys[1]) & _MASK
    for left, right, injection in _SCHEDULE:
        x0 = (x0 + x1) & _MASK
        x1 = (((x1 << left) & _MASK) | (x1 >> right)) ^ x0
        if injection:
            x0 = (x0 + keys[injection % 3]) & _MASK
            x1 = (x1 + keys[(injection + 1) % 3] + injection) & _MASK
    return x0, x1


def run_key(seed: int, replicate: int) -> tuple[int, int]:
    """The key of a run: the first 16 bytes of SHA-256 of its seed and replicate, as two big-endian words."""
    digest = hashlib.sha256(f"colearn run|{seed}|{replicate}".encode()).digest()
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")


def poisson_inverse(mean: float, u: float) -> int:
    """The least k at which the Poisson distribution function of ``mean`` reaches ``u`` (at most 1000)."""
    p = exp(-mean)
    cumulative = p
    k = 0
    while u > cumulative and k < _HIGHEST_POISSON:
        k += 1
        p *= mean / k
        cumulative += p
    return k


class Source(Protocol):
    """What the rules ask of a source of random numbers."""

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        """A number in (0, 1)."""

    def normal(self, stream: str, key: int, week: int, index: int) -> float:
        """A standard normal number."""

    def exponential(self, stream: str, key: int, week: int, index: int) -> float:
        """An exponential number of mean 1."""

    def gumbel(self, stream: str, key: int, week: int, index: int) -> float:
        """A standard Gumbel number."""

    def poisson(self, stream: str, key: int, week: int, index: int, mean: float) -> int:
        """A Poisson number of the given mean."""

    def below(self, stream: str, key: int, week: int, index: int, n: int) -> int:
        """A whole number from 0 to n-1, where n is a power of two."""

    def priority(self, stream: str, key: int, week: int, index: int) -> float:
        """A rank for what is rationed; the lowest are served first."""


class KeyedSource:
    """Each number is a function of (run, stream, key, week, index), whoever asks and in whatever order."""

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.key = run_key(seed, replicate)
        self._streams = {name: code << 48 for name, code in STREAMS.items()}
        self._inverse_normal = NormalDist().inv_cdf

    def word(self, stream: str, key: int, week: int, index: int) -> int:
        """The 64-bit word behind every other answer."""
        return threefry2x64((key, self._streams[stream] | week << 32 | index), self.key)[0]

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        """The top 52 bits, put at the middle of their cell: ((x >> 12) + 1/2) * 2^-52, never 0 nor 1."""
        return ((self.word(stream, key, week, index) >> 12) + 0.5) * 2.0**-52

    def normal(self, stream: str, key: int, week: int, index: int) -> float:
        """The inverse normal distribution function of the uniform number (Wichura 1988, AS241)."""
        return self._inverse_normal(self.uniform(stream, key, week, index))

    def exponential(self, stream: str, key: int, week: int, index: int) -> float:
        """-ln u."""
        return -log(self.uniform(stream, key, week, index))

    def gumbel(self, stream: str, key: int, week: int, index: int) -> float:
        """-ln(-ln u)."""
        return -log(-log(self.uniform(stream, key, week, index)))

    def poisson(self, stream: str, key: int, week: int, index: int, mean: float) -> int:
        """Inversion of the uniform number."""
        return poisson_inverse(mean, self.uniform(stream, key, week, index))

    def below(self, stream: str, key: int, week: int, index: int, n: int) -> int:
        """The word modulo n."""
        return self.word(stream, key, week, index) % n

    def priority(self, stream: str, key: int, week: int, index: int) -> float:
        """The word itself, an exact whole number."""
        return self.word(stream, key, week, index)


class MesaSource:
    """The ordinary draws of a Mesa model, from its ``model.random``: the names are ignored."""

    def __init__(self, generator: random.Random) -> None:
        self._random = generator.random
        self._gauss = generator.gauss

    def uniform(self, stream: str, key: int, week: int, index: int) -> float:
        """The next uniform number."""
        return self._random()

    def normal(self, stream: str, key: int, week: int, index: int) -> float:
        """The next normal number."""
        return self._gauss(0.0, 1.0)

    def exponential(self, stream: str, key: int, week: int, index: int) -> float:
        """-ln(1 - u): u may be 0, never 1."""
        return -log(1.0 - self._random())

    def gumbel(self, stream: str, key: int, week: int, index: int) -> float:
        """-ln(-ln u), with the one uniform number that has no logarithm moved inside."""
        return -log(-log(self._random() or 2.0**-54))

    def poisson(self, stream: str, key: int, week: int, index: int, mean: float) -> int:
        """Inversion of the next uniform number."""
        return poisson_inverse(mean, self._random())

    def below(self, stream: str, key: int, week: int, index: int, n: int) -> int:
        """The next whole number under n."""
        return int(self._random() * n)

    def priority(self, stream: str, key: int, week: int, index: int) -> float:
        """The next uniform number."""
        return self._random()
