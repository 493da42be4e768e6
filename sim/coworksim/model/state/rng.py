"""The one source of chance: counter-based random words, addressed by what they decide.

A word is ``threefry2x64`` with 13 rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
1, 2, 3") of a counter under the 128-bit key of the run. The counter's first word says *who* draws (an entity key,
or two sorted 32-bit keys for a pair), its second says *what for*: stream (16 bits), week (16 bits), index (32
bits). So a number depends on nothing but its own address: not on the order of drawing, not on who else exists, not
on the policy.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import numpy as np

from coworksim.model.hashed import RUN_SALT
from coworksim.model.kernels import CHECKED, kernel, rule

POPULATION, PROJECTS, OUTSIDE_CONTACTS, MEMBERSHIP, ATTENDANCE, SEAT, TABLE, MEETING = range(1, 9)
TURNOVER, ADOPTION, AWARENESS, SCHEME, FIRM, OUTSIDE_TIE, EVENT, EVENT_TABLE, EVENT_MEETING, EVENT_COUNT = range(9, 19)
ACCEPT, TRAINING, SPACE, ENVIRONMENT, FRAME, GRAPH, PERMUTATION = range(20, 27)  # 19: of a law that is gone
POLICY, SURVEY, MANAGEMENT, TEAMS, PILOT = 27, 28, 29, 30, 40

#: Every stream, its number, and what one word of it decides.
STREAMS: Final[Mapping[str, tuple[int, str]]] = {
    "population": (
        POPULATION,
        "a person at the start: an index per attribute; 32 to 63: tries at offers",
    ),
    "projects": (PROJECTS, "index 0: number of projects of a week; k: fee of the k-th"),
    "outside_contacts": (OUTSIDE_CONTACTS, "index 0: number of contacts outside; 4q + v: whom, at the v-th try"),
    "membership": (
        MEMBERSHIP,
        "wish of a look for staying outside (0), a plan of a space (1 + 4*ordinal + plan), any (2**29, 2**29 + 1); "
        "2**30: whether to look; all of who leads a team",
    ),
    "attendance": (ATTENDANCE, "index 0-4: comes on that day; 8-12: place in the queue for a desk"),
    "seat": (SEAT, "where a person sits in a space"),
    "table": (
        TABLE,
        "index 0-4: which table on a day, of who leads a team; 8-12: whether with the team; 16-20: number of tables "
        "visited; 24 + 8*day + v: the v-th, from 0",
    ),
    "meeting": (
        MEETING,
        "index 0-4: how often a pair at one table meets on a day; 16-20, 24-28: where the lower, the higher row visits "
        "the other; 8-12, 32-36, 40-44: whether on a joint project",
    ),
    "turnover": (TURNOVER, "index 0: leaves; 1: changes status; 2-4: what the new employer offers"),
    "adoption": (ADOPTION, "takes up new tools"),
    "awareness": (AWARENESS, "hears of a space (its ordinal) or a policy (2**31 + its code)"),
    "scheme": (SCHEME, "index 2*code of the policy in week 0: hassle; 2*code + 1: place in the queue or lot"),
    "firm": (FIRM, "index 0: number of contacts with colleagues; 4q + v: whom, at the v-th try"),
    "outside_tie": (OUTSIDE_TIE, "whether a contact outside becomes a tie"),
    "event": (
        EVENT,
        "comes to event 16*ordinal + e, or how soon an evening is kept for it; 2**30: evenings of a week; 2**30 + 1: "
        "how soon one is kept for the group; + 2: comes to found one; + 3: wants to come to its meeting",
    ),
    "event_table": (
        EVENT_TABLE,
        "which table at event 16*ordinal + e, with the group (2**30 + 1), when one is founded",
    ),
    "event_meeting": (
        EVENT_MEETING,
        "how often a pair at one table of a gathering meets, at the same index",
    ),
    "event_count": (EVENT_COUNT, "index 0: events of a space in a week; 2: gatherings to found a group"),
    "accept": (ACCEPT, "index 2*kind + side: whether a person accepts an encounter"),
    "training": (
        TRAINING,
        "index 0: wants a training place; 1: place in the queue or lot; 2, 3: the same outside; 4: a course comes "
        "along; 5 its hours; 6 its worth; 2**31 + code of a policy: worth of an hour of it at a look",
    ),
    "space": (
        SPACE,
        "week 0: 0, 1 where a space lies; 2 size, 3 price, 4 patience, 5 host, 6 age, 7 cash, 8 luck; 9 its founder",
    ),
    "management": (MANAGEMENT, "index 0: luck of a space in a week; 1: closes for other reasons; 2: founders"),
    "teams": (TEAMS, "week 0: whether a person starts a team"),
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

type RunKey = tuple[np.uint64, np.uint64]

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
def _turn(x0: np.uint64, x1: np.uint64, left: np.uint64, right: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return both words after a round: add, rotate to the left, mix."""
    x0 = x0 + x1
    return x0, ((x1 << left) | (x1 >> right)) ^ x0


@rule
def threefry(k0: np.uint64, k1: np.uint64, x0: np.uint64, x1: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return both words of threefry2x64-13 of counter ``(x0, x1)`` under key ``(k0, k1)``."""
    k2 = k0 ^ k1 ^ _PARITY
    x0, x1 = _turn(x0 + k0, x1 + k1, _S[0], _C[0])
    x0, x1 = _turn(x0, x1, _S[1], _C[1])
    x0, x1 = _turn(x0, x1, _S[2], _C[2])
    x0, x1 = _turn(x0, x1, _S[3], _C[3])
    # after every four rounds the key is added
    x0, x1 = _turn(x0 + k1, x1 + k2 + _ONE, _S[4], _C[4])
    x0, x1 = _turn(x0, x1, _S[5], _C[5])
    x0, x1 = _turn(x0, x1, _S[6], _C[6])
    x0, x1 = _turn(x0, x1, _S[7], _C[7])
    x0, x1 = _turn(x0 + k2, x1 + k0 + _TWO, _S[0], _C[0])
    x0, x1 = _turn(x0, x1, _S[1], _C[1])
    x0, x1 = _turn(x0, x1, _S[2], _C[2])
    x0, x1 = _turn(x0, x1, _S[3], _C[3])
    return _turn(x0 + k0, x1 + k1 + _THREE, _S[4], _C[4])


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


@contextmanager
def drawing_aside() -> Iterator[None]:
    """Draw for another world than the one at hand, whose addresses are known again afterwards."""
    known = _drawn.copy()
    try:
        yield
    finally:
        _drawn.clear()
        _drawn.update(known)


def forget_draws() -> None:
    """Start a new register of addresses (checked mode); called when a world is made."""
    _drawn.clear()


def _checked_remembered(run: RunKey, who: np.uint64, stream: int, week: int, index: int) -> np.uint64:
    with np.errstate(over="ignore"):
        return _word(run, who, stream, week, index)


word = _checked_word if CHECKED else _word
#: The word of an address that may be asked for again: what a person wished at the last look.
remembered = _checked_remembered if CHECKED else _word


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
def _terms(total: float, r: float, c3: float, c2: float, c1: float, c0: float) -> float:
    """Return ``total*r**4 + c3*r**3 + c2*r**2 + c1*r + c0``: four more terms of a polynomial, highest power first."""
    return (((total * r + c3) * r + c2) * r + c1) * r + c0


@rule
def normal(u: float) -> float:
    """Return the standard normal number of a uniform one (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        a = _terms(0.0, r, 2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987)
        a = _terms(a, r, 13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665)
        b = _terms(0.0, r, 5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597)
        b = _terms(b, r, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0)
        return q * a / b
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        a = _terms(0.0, r, 0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684)
        a = _terms(a, r, 3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835)
        b = _terms(0.0, r, 1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008)
        b = _terms(b, r, 0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0)
    else:
        r -= 5.0
        a = _terms(0.0, r, 2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124)
        a = _terms(a, r, 0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103)
        b = _terms(0.0, r, 2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133)
        b = _terms(b, r, 0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0)
    return -a / b if q < 0.0 else a / b


@rule
def pence(gbp: float) -> int:
    """Return an amount in whole pence, halves rounded up."""
    return int(math.floor(gbp * 100.0 + 0.5))


#: Stands for a whole region, and for no space at all, where the ordinal of a space would stand.
WHOLE_REGION: Final = 2**22 - 1
NO_SPACE: Final = 2**22 - 2


def space_key(region: int, ordinal: int) -> int:
    """Return the key of a space: region (10 bits) and ordinal (22), in a key space of their own."""
    return region << 22 | ordinal


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
    return (np.uint64(low) << _BITS32) | np.uint64(max(one, other))
