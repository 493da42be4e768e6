"""One quantity at a time: set each swept quantity to the ends of its range around the scenario, and see what moves.

A quantity that moves nothing is dead: it should be mended or taken out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Unpack

import numpy as np

from coworksim.files.errors import RunnerError
from coworksim.model.parameters import PARAMETERS, Kind, Parameter
from coworksim.model.scenario import Scenario
from coworksim.runs.announcement import counted, will_replace
from coworksim.runs.batch import run_in_memory
from coworksim.runs.run import Limits, Options, Run, run_of
from coworksim.runs.simulation import Result, simulate
from coworksim.runs.worker import check_deadline
from coworksim.statistics.around import stays
from coworksim.statistics.factors import factor_of


def _mean(column: str) -> Callable[[Result], float]:
    return lambda result: float(result.workers[column].mean())


_AS_NAMED: Final = ("member_weeks", "days_in_space", "encounters", "encounters_outside", "ties", "income_gbp_week")
_TOTALS: Final = ("fees_gbp", "supported_gbp", "equipment_hours", "training_hours", "outside_hours")
#: What a scan looks at: sums and means over everybody at the end of a run.
OUTCOMES: Final[dict[str, Callable[[Result], float]]] = {
    "member_share": _mean("member"),
    **{column: _mean(column) for column in (*_AS_NAMED, *_TOTALS)},
    "tool_users": _mean("uses_tools"),
    "sc_points": lambda result: float(100 * result.model.world.workers.skill[:, :4].mean()),
    "td_points": lambda result: float(100 * result.model.world.workers.skill[:, 4:].mean()),
    "cash_gbp": lambda result: float(result.model.world.spaces.cash.sum() / 100),
    "newcomers": lambda result: float((result.workers["key"] % 64 > 0).mean()),
}

type _Span = tuple[float | str, float | str]


class Effect(NamedTuple):
    """What one quantity moves: outcomes at the low and the high end of its range, and the outcome that moved most."""

    quantity: str
    low: float | str
    high: float | str
    outcome: str
    at_low: float
    at_high: float
    as_is: float

    @property
    def moves(self) -> bool:
        """Whether anything moved at all."""
        return self.outcome != ""


def ends(quantity: Parameter, own: float | str | None = None) -> _Span | None:
    """Return the ends of the range around what a scenario sets, or two rival forms; None where there is none."""
    if quantity.kind is Kind.CHOICE:
        return quantity.choices[0], quantity.choices[-1]
    if own is None or own == quantity.default or quantity.sampled is None:
        return quantity.sampled
    factor = factor_of(quantity, own=own)
    return None if stays(quantity, own) else (factor.value(0.0), factor.value(1.0))


def scan(
    scenario: Scenario,
    vary: Callable[[str, float | str], Scenario],
    names: Iterable[str] = tuple(PARAMETERS),
    **options: Unpack[Options],
) -> list[Effect]:
    """Return the effect of every swept parameter among ``names``; ``vary(name, value)`` changes one value.

    It is a batch: the scenario as it is, and a point for each end. ``options`` are the fields of ``Limits``. Raises
    RunnerError where a run fails.
    """
    spans = {name: span for name in names if (span := ends(PARAMETERS[name], scenario[name])) is not None}
    places = [(name, value) for name, span in spans.items() for value in span]

    def runs() -> Iterator[Run]:
        for number in range(len(places) + 1):
            world = scenario if number == 0 else vary(*places[number - 1])
            payload = {"scenario": world.model_dump(mode="json"), "digest": world.digest}
            yield run_of(scan_work, number, payload | {"seed": world.seed})

    made = f"the scenario, and both ends of {counted(len(spans), 'parameter')}"
    there = sum(bool(scenario[name] == value) for name, value in places)  # a world that is run already
    made += f", {there} of which it is itself" if there else ""
    replaced = will_replace(scenario, (factor_of(PARAMETERS[name], own=scenario[name]) for name in spans), drawn=False)
    says = "\n".join(filter(None, (replaced, f"To do: {counted(len(places) + 1 - there, 'run')} ({made}).")))
    found = run_in_memory(runs(), scan_work, None, Limits(**options), total=len(places) + 1, says=says)
    if failed := found.failed("run"):
        raise RunnerError(f"a run of the scan failed; {failed[0].partition(': ')[2]}")
    base, *values = (dict(outcome.values) for outcome in found.done.values())
    return [_effect(name, span, base, *values[2 * k : 2 * k + 2]) for k, (name, span) in enumerate(spans.items())]


def scan_work(payload: Mapping[str, object]) -> dict[str, float]:
    """Simulate a world, and return what a scan looks at."""
    given: Any = payload
    result = simulate(Scenario.model_validate(given["scenario"]), progress=lambda done, total: check_deadline())
    return {name: measure(result) for name, measure in OUTCOMES.items()}


def _effect(
    name: str, span: _Span, base: Mapping[str, float], low: Mapping[str, float], high: Mapping[str, float]
) -> Effect:
    """Return the outcome that moved most, relative to what it is."""
    change = np.array([max(abs(low[n] - base[n]), abs(high[n] - base[n])) / (abs(base[n]) or 1.0) for n in base])
    most = list(base)[int(change.argmax())] if change.any() else ""
    return Effect(name, *span, most, low.get(most, np.nan), high.get(most, np.nan), base.get(most, np.nan))
