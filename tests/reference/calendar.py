"""Spaces of a list that open and close by date, in the plain twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .laws import pence
from .traits import traits_of

if TYPE_CHECKING:
    from .model import PlainModel
    from .region import Area

__all__ = ["closes_in", "opens_in", "turn_page"]


def _week(model: PlainModel, index: int, ordinal: int, key: str) -> int | None:
    listed = model.inputs.regions[index].own_spaces
    day = getattr(listed[ordinal], key) if ordinal < len(listed) else None
    return None if day is None else model.start + (day - model.inputs.starts).days // 7


def opens_in(model: PlainModel, index: int, ordinal: int) -> int | None:
    """The week in which the list says that a space opens."""
    return _week(model, index, ordinal, "opened")


def closes_in(model: PlainModel, index: int, ordinal: int) -> int | None:
    """The week in which the list says that a space closes."""
    return _week(model, index, ordinal, "closed")


def turn_page(model: PlainModel) -> None:
    """What closes this week closes; what opens in the next one is made, and its investors pay."""
    for manager in model.managers:
        if manager.open and closes_in(model, manager.area.index, manager.ordinal) == model.week:
            manager.shut(model.week)
    for area in model.areas:
        _open(model, area)


def _open(model: PlainModel, area: Area) -> None:
    for ordinal in range(model.inputs.regions[area.index].spaces):
        opens, closes = opens_in(model, area.index, ordinal), closes_in(model, area.index, ordinal)
        soon = opens == model.week + 1 and opens > model.begins and (closes is None or closes > opens)
        if opens is None or not soon:
            continue
        space = model.open_space(area, ordinal, ordinal, traits_of(model, area, ordinal), opens)
        space.cash = pence(model.rules.capital * space.desks)
        model.post("investors", f"space:{space.name}", "capital", space.cash)
