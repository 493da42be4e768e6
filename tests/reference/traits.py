"""What a space is drawn as: where it lies, how large and dear it is, and what its owner can bear."""

from __future__ import annotations

from math import exp, floor
from typing import TYPE_CHECKING, Final, NamedTuple

from .laws import pence

if TYPE_CHECKING:
    from .model import PlainModel
    from .region import Area

__all__ = ["FOUNDED", "Traits", "name_of", "ordinal_of", "traits_of"]

#: Ordinals from here on belong to spaces that the scenario does not have; so many to a week.
FOUNDED: Final = 4096
_WEEK: Final = 128
_USUAL_PEOPLE: Final = 6400
_LEAST_PART, _MOST_TIMES = 9, 3
_OLDEST: Final = 832


class Traits(NamedTuple):
    """Draws of one space. Money in pence, ``patience`` in weeks of cost, ``location`` in km.

    ``age`` (weeks) and ``cash_share`` (of the capital) are what a mature market starts with; ``optimism`` is the
    normal number of the founder; ``cluster`` says whether the space lies in a microcluster.
    """

    location: tuple[float, float]
    desks: int
    list_price: int
    patience: float
    hosted: bool
    age: int
    cash_share: float
    luck: float
    optimism: float
    cluster: bool


def ordinal_of(week: int, number: int) -> int:
    """The ordinal of a space that founder ``number`` has in mind in a week; policies count down from 127."""
    return FOUNDED + _WEEK * week + number


def name_of(region: str, ordinal: int) -> str:
    """How accounts call a space.

    >>> name_of("Northby", 3), name_of("Northby", ordinal_of(30, 5))
    ('Northby/3', 'Northby/30.5')
    """
    if ordinal < FOUNDED:
        return f"{region}/{ordinal}"
    week, number = divmod(ordinal - FOUNDED, _WEEK)
    return f"{region}/{week}.{number}"


def traits_of(model: PlainModel, area: Area, ordinal: int) -> Traits:
    """Draw a space of a region: stream "space", its key, week 0, an index for each trait."""
    source, rules, values = model.source, model.rules, model.inputs.values
    key = area.index << 22 | ordinal

    def uniform(index: int) -> float:
        return source.uniform("space", key, 0, index)

    def normal(index: int) -> float:
        return source.normal("space", key, 0, index)

    side_km = area.environment.side(float(values["population.region_side"]))
    price = float(values["space.price"]) * area.environment.price_level
    desks, list_price = _desks(model, area, normal(2)), pence(price * exp(float(values["space.price_sd"]) * normal(3)))
    cluster = uniform(10) < float(values["clusters.spaces"])
    listed = model.inputs.regions[area.index].own_spaces
    if ordinal < len(listed):
        said = listed[ordinal]
        desks = desks if said.desks is None else said.desks
        list_price = list_price if said.price is None else pence(said.price)
        cluster = cluster if said.cluster is None else said.cluster
    return Traits(
        location=(uniform(0) * side_km, uniform(1) * side_km),
        desks=desks,
        list_price=list_price,
        patience=rules.patience * source.exponential("space", key, 0, 4),
        hosted=uniform(5) < rules.hosted,
        age=floor(_OLDEST * uniform(6)),
        cash_share=uniform(7),
        luck=normal(8),
        optimism=normal(9),
        cluster=cluster,
    )


def _desks(model: PlainModel, area: Area, z: float) -> int:
    """Desks: lognormal of mean ``space.desks * (people/6400)^b``, a ninth to three times it; or all alike."""
    values = model.inputs.values
    spread, by_place, mean = (float(values[f"space.{name}"]) for name in ("size_sd", "size_by_place", "desks"))
    if spread == by_place == 0:
        return int(mean)
    drawn = mean * float((area.people / _USUAL_PEOPLE) ** by_place) * exp(spread * z - spread * spread / 2)
    return min(_MOST_TIMES * int(mean), max(1, int(mean) // _LEAST_PART, floor(drawn + 0.5)))
