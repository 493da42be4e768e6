"""Who sits at which table of a space on a day, whom the team leaves attention for, and which other tables people visit.

A member sits at the table of his or her own word of the day, or, with chance ``teams.table``, at that of who leads the
team, whether this person is there or not. Attention is short: with ``m`` of the team at the table, the rate with
anybody else is divided by ``1 + m``, on both sides.

Who is present visits ``min(8, Poisson(v*soc))`` tables by words of the day, and can meet all who sit there; a second
visit to a table, and one to the own table, bring nothing. So sociability is about whom one meets, not how often whom.
"""

from typing import Final

import numpy as np

from coworksim.model.kernels import Floats, Integers, Rows, kernel, rule
from coworksim.model.state.arithmetic import sort_by_place
from coworksim.model.state.people import Population
from coworksim.model.state.rng import TABLE, RunKey, poisson, remembered, uniform, word

#: Indices of draws for day 0: whether a person sits with the team, how many tables he or she visits, the first of them.
WITH_TEAM: Final = 8
VISITS: Final = 16
VISITED: Final = 24
#: Tables that a person visits on a day, at most.
MOST_VISITS: Final = 8


@rule
def attention(mates: int) -> float:
    """Return how much of the rate with others is left to a person with so many of the team at the table, ``1/(1 + m)``.

    >>> attention(0), attention(3)
    (1.0, 0.25)
    """
    return 1.0 / (1.0 + mates)


@rule
def visits(sociability: float, mean: float, u: float) -> int:
    """Return how many tables a person visits on a day, ``min(8, Poisson(v*soc))``.

    >>> visits(1.0, 1.0, 0.36), visits(1.0, 1.0, 0.37), visits(3.0, 0.0, 0.999), visits(50.0, 1.0, 0.5)
    (0, 1, 0, 8)
    """
    return min(MOST_VISITS, poisson(mean * sociability, u))


@rule
def table_of(run: RunKey, week: int, day: int, i: int, share: float, w: Population) -> np.uint64:
    """Return the word of the table at which row i sits on a day: the own one, or that of who leads the team."""
    who = np.uint64(w.key[i])
    if w.lead[i] != w.key[i] and uniform(word(run, who, TABLE, week, WITH_TEAM + day)) < share:
        who = np.uint64(w.lead[i])
    return np.uint64(remembered(run, who, TABLE, week, day))


@kernel
def seat(
    run: RunKey, week: int, day: int, members: Rows, share: float, w: Population, table: Rows, first: Integers,
    seated: Rows,
) -> None:  # fmt: skip  # as a list it fills a page
    """Fill each member's table of a day, -1 for who is away, and who sits there: ``seated[first[g]:first[g + 1]]``."""
    for a in range(len(members)):
        table[a] = -1
        if w.day_mask[members[a]] >> day & 1:
            table[a] = table_of(run, week, day, members[a], share, w) & np.uint64(len(first) - 2)
    sort_by_place(table, first, seated)
    for a in range(first[-1]):
        seated[a] = members[seated[a]]


@kernel
def heed(first: Integers, seated: Rows, w: Population, left: Floats) -> None:
    """Fill what attention everybody at a table has left for others than the team."""
    for g in range(len(first) - 1):
        for a in range(first[g], first[g + 1]):
            mates = -1
            for b in range(first[g], first[g + 1]):
                mates += w.lead[seated[a]] == w.lead[seated[b]]
            left[seated[a]] = attention(mates)


@kernel
def visit(
    run: RunKey, week: int, day: int, i: int, own: int, tables: int, mean: float, w: Population, found: Integers
) -> int:
    """Fill ``found`` with the tables that row i, seated at ``own``, visits on a day; return how many there are."""
    who, count = np.uint64(w.key[i]), 0
    for v in range(visits(w.sociability[i], mean, uniform(word(run, who, TABLE, week, VISITS + day)))):
        drawn = word(run, who, TABLE, week, VISITED + MOST_VISITS * day + v) & np.uint64(tables - 1)
        found[count] = drawn
        new = found[count] != own
        for b in range(count):
            new &= found[b] != found[count]
        count += new
    return count
