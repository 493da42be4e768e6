"""The one source of chance: counter-based random words, addressed by what they decide.

A word is ``threefry2x64`` with 13 rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
1, 2, 3") of a counter under the 128-bit key of the run. The counter's first word says *who* draws (an entity key,
or two sorted 32-bit keys for a pair), its second says *what for*: stream (16 bits), week (16 bits), index (32
bits). So a number depends on nothing but its own address: not on the order of drawing, not on who else exists, not
on the policy.
"""

from __future__ import annotations

import hashlib
import math
from types import MappingProxyType
from typing import Final

import numpy as np

from coworksim.model.hashed import RUN_SALT
from coworksim.model.kernels import CHECKED, kernel, rule

POPULATION: Final = 1
PROJECTS: Final = 2
OUTSIDE_CONTACTS: Final = 3
MEMBERSHIP: Final = 4
ATTENDANCE: Final = 5
SEAT: Final = 6
TABLE: Final = 7
MEETING: Final = 8
TURNOVER: Final = 9
ADOPTION: Final = 10
AWARENESS: Final = 11
SCHEME: Final = 12
FIRM: Final = 13
OUTSIDE_TIE: Final = 14
EVENT: Final = 15
EVENT_TABLE: Final = 16
EVENT_MEETING: Final = 17
EVENT_COUNT: Final = 18
INTRODUCTION: Final = 19
ACCEPT: Final = 20
TRAINING: Final = 21
SPACE: Final = 22
ENVIRONMENT: Final = 23
FRAME: Final = 24
GRAPH: Final = 25
PERMUTATION: Final = 26
POLICY: Final = 27
SURVEY: Final = 28
PILOT: Final = 40

#: Every stream, its number, and what one word of it decides.
STREAMS: Final = MappingProxyType(
    {
        "population": (POPULATION, "a person at the start: one index per attribute"),
        "projects": (PROJECTS, "index 0: number of projects of a week; k: fee of the k-th"),
        "outside_contacts": (OUTSIDE_CONTACTS, "index 0: number of contacts outside; 4q + v: whom, at the v-th try"),
        "membership": (
            MEMBERSHIP,
            "taste of the week for staying outside (0), for a plan of a space (1 + 4*ordinal + plan)",
        ),
        "attendance": (ATTENDANCE, "index 0-4: comes on that day; 8-12: place in the queue for a desk"),
        "seat": (SEAT, "where a person sits in a space"),
        "table": (TABLE, "which table on a day"),
        "meeting": (
            MEETING,
            "index 0-4: how often a pair at one table meets on a day; 8-12: whether on a joint project",
        ),
        "turnover": (TURNOVER, "index 0: leaves; 1: changes status; 2-4: what the new employer offers"),
        "adoption": (ADOPTION, "takes up new tools"),
        "awareness": (AWARENESS, "hears of a space (its ordinal) or a policy (2**31 + its code)"),
        "scheme": (SCHEME, "index 2*code of the policy in week 0: hassle; 2*code + 1: place in the queue or lot"),
        "firm": (FIRM, "index 0: number of contacts with colleagues; 4q + v: whom, at the v-th try"),
        "outside_tie": (OUTSIDE_TIE, "whether a contact outside becomes a tie"),
        "event": (EVENT, "comes to event 16*ordinal + e"),
        "event_table": (EVENT_TABLE, "which table at event 16*ordinal + e"),
        "event_meeting": (EVENT_MEETING, "how often a pair at one table of an event meets"),
        "event_count": (EVENT_COUNT, "index 0: events of a space in a week; 1: introductions"),
        "introduction": (INTRODUCTION, "index 8q: whom a manager introduces; 8q + 1 + v: to whom, at the v-th try"),
        "accept": (ACCEPT, "index 2*kind + side: whether a person accepts an encounter"),
        "training": (TRAINING, "index 0: wants a training place; 1: place in the queue or lot; 2, 3: the same outside"),
        "space": (SPACE, "index 0, 1 in week 0: where a space lies"),
        "environment": (ENVIRONMENT, "noise of the field of that index; the entity is the region's code or name"),
        "frame": (FRAME, "place of the space of that index in the lots of the frame; the entity is the region's code"),
        "graph": (GRAPH, "ties in week 0: the index counts what was asked; the entity is the region's first place"),
        "permutation": (PERMUTATION, "place in the permutation of that index; the entity is what is permuted"),
        "pilot": (
            PILOT,
            "of a pilot, k-th survey in month m (its week): 4k answers; 4k + 1, 2 errors; 4k + 3 lot; week 0: a region",
        ),
        "policy": (POLICY, "index code of the policy: place in its queue, of a space or region (region * 2**22 - 1)"),
        "survey": (
            SURVEY,
            "week 0: a member (0 whether, 1 way of answering, 2 trial, 8 + item); 1: a space; 2: its manager",
        ),
    }
)

type RunKey = tuple[np.uint64, np.uint64]

_MASK: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_PARITY: Final = np.uint64(0x1BD11BDAA9FC1A22)
_S: Final = tuple(np.uint64(bits) for bits in (16, 42, 12, 31, 16, 32, 24, 21))
_C: Final = tuple(np.uint64(64 - bits) for bits in (16, 42, 12, 31, 16, 32, 24, 21))
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_BITS48, _BITS32, _BITS12 = np.uint64(48), np.uint64(32), np.uint64(12)
_STEP: Final = 2.0**-52


def run_key(seed: int, replicate: int = 0) -> RunKey:
    """Return the 128-bit key of a run, from seed and replicate only (never from a policy).

    >>> run_key(1) == run_key(1, 0), run_key(1) == run_key(1, 1)
    (True, False)
    """
    block = hashlib.sha256(f"{RUN_SALT}|{seed}|{replicate}".encode()).digest()
    return np.uint64(int.from_bytes(block[:8], "big")), np.uint64(int.from_bytes(block[8:16], "big"))


@rule
def threefry(k0: np.uint64, k1: np.uint64, x0: np.uint64, x1: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return both words of threefry2x64-13 of counter ``(x0, x1)`` under key ``(k0, k1)``."""
    k2 = k0 ^ k1 ^ _PARITY
    x0 = x0 + k0
    x1 = x1 + k1
    # rounds 1 to 4, then the first key injection
    x0 = x0 + x1
    x1 = ((x1 << _S[0]) | (x1 >> _C[0])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[1]) | (x1 >> _C[1])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[2]) | (x1 >> _C[2])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[3]) | (x1 >> _C[3])) ^ x0
    x0 = x0 + k1
    x1 = x1 + k2 + _ONE
    # rounds 5 to 8, second injection
    x0 = x0 + x1
    x1 = ((x1 << _S[4]) | (x1 >> _C[4])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[5]) | (x1 >> _C[5])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[6]) | (x1 >> _C[6])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[7]) | (x1 >> _C[7])) ^ x0
    x0 = x0 + k2
    x1 = x1 + k0 + _TWO
    # rounds 9 to 12, third injection
    x0 = x0 + x1
    x1 = ((x1 << _S[0]) | (x1 >> _C[0])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[1]) | (x1 >> _C[1])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[2]) | (x1 >> _C[2])) ^ x0
    x0 = x0 + x1
    x1 = ((x1 << _S[3]) | (x1 >> _C[3])) ^ x0
    x0 = x0 + k0
    x1 = x1 + k1 + _THREE
    # round 13
    x0 = x0 + x1
    x1 = ((x1 << _S[4]) | (x1 >> _C[4])) ^ x0
    return x0, x1


@rule
def _word(run: RunKey, who: np.uint64, stream: int, week: int, index: int) -> np.uint64:
    """Return the word at one address. ``who`` is an entity or pair key."""
    what = (np.uint64(stream) << _BITS48) | (np.uint64(week) << _BITS32) | np.uint64(index)
    return threefry(run[0], run[1], np.uint64(who), what)[0]


_drawn: set[tuple[int, ...]] = set()


def _checked_word(run: RunKey, who: np.uint64, stream: int, week: int, index: int) -> np.uint64:
    """Draw as :func:`_word`, and refuse an address that was drawn before."""
    if not (0 <= stream < 1 << 16 and 0 <= week < 1 << 16 and 0 <= index < 1 << 32):
        raise ValueError(f"no such address of a draw: stream {stream}, week {week}, index {index}")
    address = (int(run[0]), int(run[1]), int(who), int(stream), int(week), int(index))
    if address in _drawn:
        raise RuntimeError(f"second draw with one key: entity {who}, stream {stream}, week {week}, index {index}")
    _drawn.add(address)
    with np.errstate(over="ignore"):
        return _word(run, who, stream, week, index)


def forget_draws() -> None:
    """Start a new register of addresses (checked mode); called when a world is made."""
    _drawn.clear()


word = _checked_word if CHECKED else _word


@rule
def uniform(word: np.uint64) -> float:
    """Return a uniform number inside (0, 1): the middle of one of 2**52 equal cells."""
    return (float(word >> _BITS12) + 0.5) * _STEP


@rule
def gumbel(u: float) -> float:
    """Return the standard Gumbel number of a uniform one."""
    return -math.log(-math.log(u))


@rule
def exponential(u: float) -> float:
    """Return the exponential number, mean 1, of a uniform one."""
    return -math.log(u)


@rule
def poisson(mean: float, u: float) -> int:
    """Return the Poisson number of a uniform one: the smallest k whose cumulated probability reaches u (k <= 1000)."""
    term = math.exp(-mean)
    total = term
    k = 0
    while u > total and k < 1000:
        k += 1
        term *= mean / k
        total += term
    return k


@rule
def normal(u: float) -> float:
    """Return the standard normal number of a uniform one (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        a = (
            (
                (
                    (
                        ((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
                        + 4.5921953931549871457e4
                    )
                    * r
                    + 1.3731693765509461125e4
                )
                * r
                + 1.9715909503065514427e3
            )
            * r
            + 1.3314166789178437745e2
        ) * r + 3.3871328727963666080e0
        b = (
            (
                (
                    (
                        ((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
                        + 2.1213794301586595867e4
                    )
                    * r
                    + 5.3941960214247511077e3
                )
                * r
                + 6.8718700749205790830e2
            )
            * r
            + 4.2313330701600911252e1
        ) * r + 1.0
        return q * a / b
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        a = (
            (
                (
                    (
                        ((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1)
                        * r
                        + 1.27045825245236838258e0
                    )
                    * r
                    + 3.64784832476320460504e0
                )
                * r
                + 5.76949722146069140550e0
            )
            * r
            + 4.63033784615654529590e0
        ) * r + 1.42343711074968357734e0
        b = (
            (
                (
                    (
                        ((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2)
                        * r
                        + 1.48103976427480074590e-1
                    )
                    * r
                    + 6.89767334985100004550e-1
                )
                * r
                + 1.67638483018380384940e0
            )
            * r
            + 2.05319162663775882187e0
        ) * r + 1.0
    else:
        r -= 5.0
        a = (
            (
                (
                    (
                        ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3)
                        * r
                        + 2.65321895265761230930e-2
                    )
                    * r
                    + 2.96560571828504891230e-1
                )
                * r
                + 1.78482653991729133580e0
            )
            * r
            + 5.46378491116411436990e0
        ) * r + 6.65790464350110377720e0
        b = (
            (
                (
                    (
                        ((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5)
                        * r
                        + 7.86869131145613259100e-4
                    )
                    * r
                    + 1.48753612908506148525e-2
                )
                * r
                + 1.36929880922735805310e-1
            )
            * r
            + 5.99832206555887937690e-1
        ) * r + 1.0
    return -a / b if q < 0.0 else a / b


@rule
def pence(gbp: float) -> int:
    """Return an amount in whole pence, halves rounded up."""
    return int(math.floor(gbp * 100.0 + 0.5))


@rule
def worker_key(region: int, ordinal: int, generation: int) -> int:
    """Return a worker's entity key, fixed by origin: region (10 bits), ordinal of the place (16), generation (6).

    So keys and rows are in the same order, whoever has come and gone.
    """
    return (region << 22) | (ordinal << 6) | generation


@kernel
def pair_key(one: int, other: int) -> np.uint64:
    """Return the key of a pair: two sorted 32-bit keys in one word."""
    low = min(one, other)
    high = max(one, other)
    return (np.uint64(low) << _BITS32) | np.uint64(high)
