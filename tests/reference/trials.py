"""Small worlds to try the plain twin on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal

from coworksim.model.policy import Eligibility, Policy

from .model import PlainModel
from .plain_draws import KeyedSource
from .population import population_at_start
from .stand_in import stand_in_scenario

if TYPE_CHECKING:
    from .agents import Worker

__all__ = ["ALIKE", "BUSY", "Draws", "everyone", "model_of", "policy", "programme", "run", "weekly"]

type Draws = Literal["keyed", "mesa"]

#: All spaces are as the scenario says, and stay as many.
ALIKE: Final[dict[str, Any]] = {
    "space__size_sd": 0,
    "space__size_by_place": 0,
    "space__price_sd": 0,
    "management__founders": 0,
    "management__exit": 0,
}
#: Word gets round at once, many join, and money lasts.
BUSY: Final[dict[str, Any]] = {
    "membership__appeal": 4.0,
    "awareness__unprompted": 0.5,
    "management__capital": 1e5,
    "space__training_places": 0.1,
    "space__events": 2,
}


def model_of(draws: Draws = "keyed", **options: Any) -> PlainModel:
    """A small world in week 0, of which the first 4 weeks know no spaces."""
    scenario = stand_in_scenario(**{"people": 80, "burn_in_weeks": 4, **ALIKE, **options})
    return PlainModel(scenario, population_at_start(scenario, KeyedSource(scenario.seed)), draws=draws)


def run(draws: Draws = "keyed", weeks: int = 20, **options: Any) -> PlainModel:
    """A small world after some weeks."""
    model = model_of(draws, **options)
    for _ in range(weeks):
        model.step()
    return model


def weekly(weeks: int, draws: Draws = "keyed", **options: Any) -> Iterator[PlainModel]:
    """The same world, after each of some weeks."""
    model = model_of(draws, **options)
    for _ in range(weeks):
        model.step()
        yield model


def everyone(weeks: int, draws: Draws = "keyed", **options: Any) -> tuple[PlainModel, dict[int, Worker]]:
    """A world after some weeks, and all people who ever lived in it by key, those who left as they left."""
    people: dict[int, Worker] = {}
    for model in weekly(weeks, draws, **options):
        for worker in model.workers:
            assert people.setdefault(worker.key, worker) is worker, "a key was used twice"
    return model, people


def policy(name: str = "help", eligible: dict[str, Any] | None = None, **fields: Any) -> Policy:
    """A voucher for everybody, unless told otherwise."""
    common = {"kind": "voucher", "amount": 8000, "months": 3, "end": 100, "budget": 10**9, "lag": 2, "redeem": 8}
    return Policy(name=name, eligible=Eligibility(**(eligible or {})), **{**common, **fields})


def programme(name: str, kind: str, **fields: Any) -> Policy:
    """A policy for which nobody applies."""
    return Policy(name=name, kind=kind, **{"end": 100, "budget": 10**10, **fields})
