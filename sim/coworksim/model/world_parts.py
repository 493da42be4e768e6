"""A world cut into parts of neighbouring regions, each a world of its own, and made whole again.

People, spaces and awards of a part are views of the columns of the whole, so whoever reads the whole sees what parts
do. Rows of people count from the first of the part; regions and spaces keep their numbers. Ties and encounters are the
part's own, and those of the whole are away until it is made whole again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Record
from coworksim.model.state.exchange import Exchange, joined
from coworksim.model.state.policy_state import BY_PERSON
from coworksim.model.state.ties import NOBODY, Meetings, Ties
from coworksim.model.state.world import Behaviours, Ledger, World

#: What each part counts for itself, to be added up.
COUNTED: Final = ("committed", "spent", "lapsed")


class Part(NamedTuple):
    """Neighbouring regions as a world of their own."""

    world: World
    first: int  # region
    last: int  # the region after the last
    rows: slice  # of its people in the whole


def borders(first_row: Sequence[int], least: int, most: int) -> list[int]:
    """Return the first region of each part, and the number of regions; parts have about as many people, from ``least``.

    >>> borders([0, 10, 20, 30, 70, 100], 20, 4), borders([0, 100], 20, 4), borders([0, 5, 10], 20, 4)
    ([0, 3, 4, 5], [0, 1], [0, 2])
    """
    people, regions = first_row[-1], len(first_row) - 1
    count = max(1, min(people // least, most, regions))
    cuts = np.searchsorted(first_row, [people * k / count for k in range(1, count)])
    return sorted({0, *cuts.tolist(), regions})


def stands_apart(world: World, cuts: Sequence[int]) -> bool:
    """Return whether no tie, and no encounter of the week, crosses a border between parts."""
    ends, ties = world.regions.first_row[list(cuts)], world.ties
    pairs = ((ties.source, ties.target[: len(ties)]), (world.meetings.one, world.meetings.other))
    part = [[np.searchsorted(ends, side, side="right") for side in sides] for sides in pairs]
    return all(bool((one == other).all()) for one, other in part)


def part_of(whole: World, first: int, last: int) -> Part:
    """Return regions ``first`` to before ``last`` of a world as a world of their own."""
    begin, end = whole.regions.first_row[[first, last]].tolist()
    awards: dict[str, Any] = {name: getattr(whole.schemes, name)[begin:end] for name in BY_PERSON}
    awards |= {name: np.zeros_like(getattr(whole.schemes, name)) for name in COUNTED}
    inside = np.searchsorted(whole.spaces.region, [first, last])
    spaces = dataclasses.replace(
        whole.spaces,
        span=inside,
        member=np.zeros(end - begin, np.int32),
        member_start=np.zeros(len(whole.spaces) + 1, int),
    )
    world = dataclasses.replace(
        whole,
        regions=dataclasses.replace(whole.regions, first_row=np.clip(whole.regions.first_row, begin, end) - begin),
        workers=_each_column(whole.workers, lambda column: column[begin:end]),
        spaces=spaces,
        schemes=dataclasses.replace(whole.schemes, **awards),
        ties=_ties_of(whole.ties, begin, end),
        meetings=_meetings_of(whole.meetings, begin, end),
        behaviours=Behaviours(end - begin),
        frontier=whole.frontier.copy(),
        ledger=Ledger(),
        managers=[],
        exchange=Exchange({name: letters.to(first, last) for name, letters in whole.exchange.arrived.items()}),
    )
    return Part(world, first, last, slice(begin, end))


def _each_column[R: Record](record: R, change: Callable[[NDArray[Any]], NDArray[Any]]) -> R:
    """Return a record with each of its columns changed."""
    of: Any = record
    return cast(
        R, dataclasses.replace(of, **{one.name: change(getattr(of, one.name)) for one in dataclasses.fields(of)})
    )


def _moved(rows: NDArray[np.int32], by: int) -> NDArray[np.int32]:
    """Return rows counted from elsewhere; NOBODY stays NOBODY."""
    return np.where(rows == NOBODY, np.int32(NOBODY), rows + np.int32(by))


def _ties_of(ties: Ties, begin: int, end: int) -> Ties:
    """Return a copy of the ties of the people in some rows."""
    start, indptr = ties.source_start[begin : end + 1], ties.indptr[begin : end + 1]
    used = slice(int(start[0]), int(start[-1]))
    return Ties(
        target=_moved(ties.target[used], -begin),
        weight=ties.weight[used].copy(),
        last=ties.last[used].copy(),
        source_start=start - start[0],
        indptr=indptr - indptr[0],
        indices=_moved(ties.indices[int(indptr[0]) : int(indptr[-1])], -begin),
        epoch=ties.epoch,
    )


def _meetings_of(met: Meetings, begin: int, end: int) -> Meetings:
    """Return the encounters of the people in some rows."""
    used = slice(*np.searchsorted(met.one, [begin, end]).tolist())
    columns: Any = (column[used] for column in met)
    found = Meetings(*columns)
    return found._replace(one=_moved(found.one, -begin), other=_moved(found.other, -begin))


def meetings_of_all(parts: Sequence[Part]) -> Meetings:
    """Return the encounters of the week in all parts."""
    pieces = [
        part.world.meetings._replace(
            one=_moved(part.world.meetings.one, part.rows.start),
            other=_moved(part.world.meetings.other, part.rows.start),
        )
        for part in parts
    ]
    return Meetings(*(np.concatenate(column) for column in zip(*pieces, strict=True)))


def make_whole(whole: World, parts: Sequence[Part]) -> None:
    """Give the whole world the ties, the encounters, the members of spaces and the letters of its parts."""
    whole.meetings = meetings_of_all(parts)
    for part in parts:
        part.world.meetings = Meetings.none()
    whole.ties = ties_of_all(parts, take=True)
    members = [part.world.spaces.member[: part.world.spaces.member_start[-1]] + part.rows.start for part in parts]
    found = np.concatenate(members)
    whole.spaces.member[: len(found)] = found
    whole.spaces.member_start[:] = sum(part.world.spaces.member_start for part in parts)
    subjects = {subject for part in parts for subject in part.world.exchange.arrived}
    whole.exchange.arrived = {
        subject: joined(part.world.exchange.read(subject) for part in parts) for subject in sorted(subjects)
    }


def ties_of_all(parts: Sequence[Part], *, take: bool = False) -> Ties:
    """Return the ties of all parts; to ``take`` them leaves the parts without, as all of them twice is much memory."""
    own = [part.world.ties for part in parts]
    epoch, used = sum(ties.epoch for ties in own) + 1, [len(ties) for ties in own]
    listed = [int(ties.indptr[-1]) for ties in own]
    made: dict[str, Any] = {}
    for name in ("indices", "target", "weight", "last"):
        counts = listed if name == "indices" else used
        column = np.empty(sum(counts), getattr(own[0], name).dtype)
        end = np.cumsum(counts).tolist()
        for part, count, to in zip(parts, counts, end, strict=True):
            piece = getattr(part.world.ties, name)[:count]
            if name in ("weight", "last"):
                column[to - count : to] = piece
            else:
                column[to - count : to] = _moved(piece, part.rows.start)
            if take:
                setattr(part.world.ties, name, piece[:0].copy())
        made[name] = column
    for name in ("source_start", "indptr"):
        steps = np.concatenate([np.diff(getattr(ties, name)) for ties in own])
        made[name] = np.append(0, np.cumsum(steps))
    return Ties(**made, epoch=epoch)
