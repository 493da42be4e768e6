"""Which spaces people consider: of those that are open the nearest eight, in the order of their rows.

Where a space opens or closes, those whom it concerns consider afresh; what they have heard of the others stays.
"""

import math

from coworksim.model.kernels import kernel, rule
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.spaces import Spaces


@rule
def distance(i: int, s: int, w: Population, spaces: Spaces) -> float:
    """Return the km between the home of person i and the space in row s."""
    east = spaces.home[s, 0] - w.home[i, 0]
    north = spaces.home[s, 1] - w.home[i, 1]
    return math.sqrt(east * east + north * north)


@kernel
def consider(i: int, first: int, last: int, w: Population, spaces: Spaces) -> None:
    """Fill the consideration set of row i out of the open spaces from row ``first`` to before ``last``."""
    w.candidate[i, :] = -1
    count = 0
    for s in range(first, last):
        if not spaces.open[s]:
            continue
        if count == SLOTS:
            farthest, most = 0, -1.0
            for c in range(SLOTS):
                far = distance(i, w.candidate[i, c], w, spaces)
                if far >= most:  # of two as far away the later one
                    farthest, most = c, far
            if distance(i, s, w, spaces) >= most:
                continue
            for c in range(farthest, SLOTS - 1):
                w.candidate[i, c] = w.candidate[i, c + 1]
            count -= 1
        w.candidate[i, count] = s
        count += 1


@kernel
def reconsider(
    row: int, people: tuple[int, int], rows: tuple[int, int], everyone_aware: bool, w: Population, spaces: Spaces
) -> None:
    """Let those consider afresh whom the opening or the closing of a space concerns."""
    for i in range(people[0], people[1]):
        concerned, known, farthest, count = False, 0, 0.0, 0
        for c in range(SLOTS):
            s = w.candidate[i, c]
            concerned |= s == row
            if s >= 0:
                count += 1
                farthest = max(farthest, distance(i, s, w, spaces))
        if spaces.open[row] and not concerned:
            concerned = count < SLOTS or distance(i, row, w, spaces) < farthest
        if not concerned:
            continue
        before = w.candidate[i].copy()
        heard = w.aware[i]
        consider(i, rows[0], rows[1], w, spaces)
        for c in range(SLOTS):
            s = w.candidate[i, c]
            for d in range(SLOTS):
                if s >= 0 and before[d] == s and heard >> d & 1:
                    known |= 1 << c
            if everyone_aware and s >= 0:
                known |= 1 << c
        w.aware[i] = known
