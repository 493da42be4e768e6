"""Letters between regions: what one has for another arrives when the week is over, in one fixed order.

Regions do not look at each other in the middle of a week. What is to cross a border is sent, and read in the week
after. A region reads its letters by their order, a number that the sender draws (then by the sender's key): so it does
not matter who has sent first, nor how a world is cut into parts (:mod:`coworksim.model.world_parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from coworksim.model.kernels import Integers, Words


class Letters(NamedTuple):
    """Letters about one subject; one entry each."""

    region: Integers  # to which region
    order: Words  # place among the region's letters, lowest first: such as a word of the week
    sender: Words  # key of who sends it
    number: Integers  # what it says

    @classmethod
    def none(cls) -> Letters:
        """Return no letters."""
        numbers, words = np.zeros(0, np.int64), np.zeros(0, np.uint64)
        return cls(numbers, words, words, numbers)

    def chosen(self, which: Any) -> Letters:
        """Return some of the letters, by a mask or by their places."""
        return Letters(self.region[which], self.order[which], self.sender[which], self.number[which])

    def to(self, first: int, last: int) -> Letters:
        """Return the letters to regions ``first`` to before ``last``."""
        return self.chosen((first <= self.region) & (self.region < last))


def joined(pieces: Iterable[Letters]) -> Letters:
    """Return all letters of several pieces, one after the other."""
    region, order, sender, number = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return Letters(region, order, sender, number)


@dataclass(slots=True)
class Exchange:
    """The letters of a world, or of a part of one, by subject."""

    arrived: dict[str, Letters] = field(default_factory=dict)  # when the last week ended
    sent: dict[str, list[Letters]] = field(default_factory=dict)  # this week

    def send(self, subject: str, letters: Letters) -> None:
        """Send letters; they arrive when the week is over."""
        self.sent.setdefault(subject, []).append(letters)

    def read(self, subject: str) -> Letters:
        """Return the letters that have arrived about a subject: by region, in their order."""
        return self.arrived.get(subject, Letters.none())


def deliver(exchanges: Sequence[tuple[Exchange, int, int]]) -> None:
    """Sort all letters sent, and give each exchange those to its regions, from a first one to before a last.

    Raises ValueError where two letters about a subject to a region have one order and one sender: nothing would say
    which is read first.
    """
    subjects = sorted({subject for one, _, _ in exchanges for subject in one.sent})
    sent = {
        subject: joined(some for one, _, _ in exchanges for some in one.sent.get(subject, ())) for subject in subjects
    }
    for one, _, _ in exchanges:
        one.arrived, one.sent = {}, {}
    for subject, some in sent.items():
        letters = some.chosen(np.lexsort((some.sender, some.order, some.region)))
        same = [column[1:] == column[:-1] for column in letters[:3]]
        if np.logical_and.reduce(same).any():
            raise ValueError(f"two letters about {subject} to one region have the same order and the same sender")
        for one, first, last in exchanges:
            one.arrived[subject] = letters.to(first, last)
