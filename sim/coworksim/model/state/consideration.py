"""Which spaces people consider: of those that are open the nearest eight, in the order of their rows.

Where a space opens or closes, those whom it concerns consider afresh; what they have heard of the others stays.
"""

import math

from coworksim.model.kernels import kernel, rule
from coworksim.model.state.people import SLOTS, Population
from coworksim.model.state.spaces import Spaces


@rule
def _distance(i: int, s: int, w: Population, spaces: Spaces) -> float:
    east = spaces.home[s, 0] - w.home[i, 0]
    north = spaces.home[s, 1] - w.home[i, 1]
    return math.sqrt(east * east + north * north)


@kernel
def consider(i: int, first: int, last: int, w: Population, spaces: Spaces) -> None:
    """Fill the consideration set of row i out of the open spaces from row ``first`` to before ``last``."""
    w.candidate[i, :] = -1
    w.distance[i, :] = 0.0
    count = 0
    for s in range(first, last):
        if not spaces.open[s]:
            continue
        far = _distance(i, s, w, spaces)
        if count == SLOTS:
            farthest = SLOTS - 1
            for c in range(SLOTS - 1, -1, -1):
                if w.distance[i, c] > w.distance[i, farthest]:
                    farthest = c
            if far >= w.distance[i, farthest]:
                continue
            for c in range(farthest, SLOTS - 1):
                w.candidate[i, c], w.distance[i, c] = w.candidate[i, c + 1], w.distance[i, c + 1]
            count -= 1
        w.candidate[i, count], w.distance[i, count] = s, far
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
                farthest = max(farthest, w.distance[i, c])
        if spaces.open[row] and not concerned:
            concerned = count < SLOTS or _distance(i, row, w, spaces) < farthest
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
