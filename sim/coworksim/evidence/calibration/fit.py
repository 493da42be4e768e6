"""A finished run against the figures that it should come near to, with intervals of chance within the run.

Everything is measured over the last 52 weeks (all weeks after the opening, where there are fewer). Intervals are of
95 %: Wilson's for shares of people and of spaces; for means, the spread between spaces or, with fewer than five,
between blocks of 13 weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coworksim.evidence.calibration.diagnostics import Below, below
from coworksim.evidence.calibration.figures import (
    attendance,
    in_spaces,
    independents,
    last_weeks,
    poor_freelancers,
    training_gap,
)
from coworksim.evidence.calibration.measured import Measured, spells
from coworksim.evidence.calibration.targets import MOVED, TARGETS, Moved, Target
from coworksim.model.parameters import PARAMETERS
from coworksim.runs.simulation import Result

#: Weeks over which all is measured, and those from which attendance is read: few, since plans change at reviews.
YEAR, LATELY = 52, 4
#: Weeks before the end of a run at which calibration must know how people stood.
EARLIER: Final = (YEAR, LATELY)


@dataclass(frozen=True)
class Row:
    """One target and what the run came to."""

    target: Target
    measured: Measured

    @property
    def within(self) -> bool | None:
        """Whether the target is met, None when nothing could be measured."""
        return None if self.measured.value is None else self.target.meets(self.measured.value)


@dataclass(frozen=True)
class Calibration:
    """Every target, what stands below the table, which defaults were moved, and which the scenario moves further."""

    title: str
    name: str
    seed: int
    weeks: int
    rows: tuple[Row, ...]
    below: Below
    moved: tuple[Moved, ...]
    here: tuple[tuple[str, float | int | str, float | int | str], ...]  # parameter, default, value in the scenario


def calibrate(result: Result) -> Calibration:
    """Measure a run that kept its events, and how people stood so many weeks before its end (``EARLIER``).

    >>> from coworksim.runs.simulation import simulate
    >>> from coworksim.files.load import load_scenario
    >>> result = simulate(load_scenario("tiny"), events=True, earlier=EARLIER)
    >>> calibrate(result).rows[0].target.name
    'price'
    """
    if result.events is None or not {*EARLIER} <= result.earlier.keys():
        raise ValueError(
            "calibration reads the event log and earlier weeks: simulate(..., events=True, earlier=EARLIER)"
        )
    window = min(YEAR, result.scenario.weeks)
    year = last_weeks(result.spaces, window, len(result.model.world.spaces))
    told = spells(result.events)
    by_name = dict((*in_spaces(result, year, told, window), *_of_people(result, window)))
    return Calibration(
        result.scenario.title,
        result.scenario.name,
        result.seed,
        window,
        tuple(Row(target, by_name[target.name]) for target in TARGETS),
        below(result, year, told),
        MOVED,
        tuple(
            (q.name, q.default, value) for q in PARAMETERS.values() if (value := result.scenario[q.name]) != q.default
        ),
    )


def _of_people(result: Result, window: int) -> tuple[tuple[str, Measured], ...]:
    """Measure every target that is about people."""
    w, before = result.model.world.workers, result.earlier[YEAR]
    return (
        ("attendance", attendance(w, result.earlier[LATELY], min(LATELY, window))),
        ("independents", independents(w)),
        ("training gap", training_gap(w, before, window)),
        ("freelancers under 25,000", poor_freelancers(w, before, window)),
    )
