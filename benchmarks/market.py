"""What the market of spaces is like over many worlds of a scenario, against published figures.

``python -m benchmarks.market uk-74-regions 16`` runs 16 worlds, seeds 1 to 16, and writes ``results/market-NAME.md``.
Each world takes a line of ``results/market-NAME.jsonl`` when it is done; the same command goes on where it stopped.
Intervals are of 95 %, by Student's t over worlds: of chance alone.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from coworksim.evidence.calibration import EARLIER, calibrate, figures
from coworksim.evidence.calibration.fit import LATELY, YEAR
from coworksim.evidence.calibration.settled_market import market_drift
from coworksim.files.load import load_scenario
from coworksim.model.recorder import SPACE_COLUMNS
from coworksim.model.state.prospects import FOUNDED
from coworksim.runs.simulation import Result, simulate

__all__ = ["lives", "measured", "table"]

RESULTS: Final = Path(__file__).resolve().parents[1] / "results"
YEARS: Final = (1, 2, 3, 5)
#: Regions up to which every event is kept: of more, the log would take ten gigabytes.
FEW_REGIONS: Final = 8
LOGGED: Final = ("week", "event", "key", "other", "space_key", "number")
#: Desks from which on a space is of the next class.
CLASSES: Final = (0, 20, 50, 100)
#: name -> what was published, and where.
PUBLISHED: Final[dict[str, str]] = {
    "left after 1 years": ".95 (.85 to 1.05); ONS business demography, births of 2007",
    "left after 2 years": ".81 (.71 to .91)",
    "left after 3 years": ".63 (.53 to .73)",
    "left after 5 years": ".45 (.35 to .55)",
    "profitable spaces": ".54 or .40 (10 points); Deskmag 2025, 2016-17",
    "loss-making spaces": ".18 or .26 (10 points)",
    "spaces that break even": ".28 or .34 (10 points)",
    "churn": ".03 to .11 a month; operators, Nexudus",
    "members per space": "74 (20 %); Deskmag 2017",
    "attendance": ".40 to .44 (5 points); Deskmag",
    "contacts": "1.56 a member-day (25 %); Deskmag",
    "events": "4.5 a space-month (25 %); Deskmag, Emergent",
    "independents": ".45 to .55 (10 points); Deskmag",
    "training gap": ".4 to .6; IPSE, Good Work Review 2023",
    "freelancers under 25,000": ".73 (5 points); ACE/Essex 2024",
    "occupancy": ".67 to .83; Workthere, Deskmag",
    "price": "157 GBP a month (10 %); CoworkingCafe",
}


def lives(result: Result) -> list[tuple[int, int, int, bool, int]]:
    """Return each space of a run: ordinal, first and last week that it was open, whether it closed, desks at first."""
    record = result.recorder
    spaces = record.spaces[: record.weeks]
    at = {name: spaces[:, :, SPACE_COLUMNS.index(name)] for name in ("ordinal", "open", "desks")}
    found = []
    for row in range(spaces.shape[1]):
        for ordinal in np.unique(at["ordinal"][:, row]).tolist():
            weeks = np.flatnonzero((at["ordinal"][:, row] == ordinal) & (at["open"][:, row] > 0))
            if ordinal >= 0 and len(weeks):
                first, last = int(weeks[0]), int(weeks[-1])
                found.append((int(ordinal), first, last, last < len(spaces) - 1, int(at["desks"][first, row])))
    return found


def survival(result: Result) -> dict[str, float]:
    """Return the share left after some years of spaces founded in the running market, and how many there were."""
    end, found = result.recorder.weeks, dict[str, float]()
    founded = [(first, last, closed) for ordinal, first, last, closed, _ in lives(result) if ordinal >= FOUNDED]
    for years in YEARS:
        old = [life for life in founded if life[0] + 52 * years < end]
        left = [not (closed and last - first < 52 * years) for first, last, closed in old]
        found[f"left after {years} years"] = float(np.mean(left)) if left else math.nan
    return {**found, "founded": len(founded)}


def by_class(result: Result) -> dict[str, float]:
    """Return which share of the spaces at week 0 of each class of desks is left at the end."""
    start, found = result.scenario.start_week - result.recorder.first_week, dict[str, float]()
    there = [life for life in lives(result) if life[1] <= start <= life[2]]
    for low, high in zip(CLASSES, (*CLASSES[1:], math.inf), strict=True):
        mine = [not closed for _, _, _, closed, desks in there if low <= desks < high]
        found[f"of {low} desks and more, left at the end"] = float(np.mean(mine)) if mine else math.nan
    return found


def measured(name: str, seed: int) -> dict[str, float]:
    """Run a world, and measure it; what needs the log of events only where there are few people."""
    scenario = load_scenario(name, quiet=True)
    logged = len(scenario.regions) <= FEW_REGIONS
    result = simulate(scenario, seed, events=logged, earlier=EARLIER, threads=1)
    values: dict[str, float | None]
    if logged:
        values = {row.target.name: row.measured.value for row in calibrate(result).rows}
    else:
        values = {figure: found.value for figure, found in without_log(result).items()}
    drift = market_drift(scenario, result.recorder, result.world.spaces.region)
    changes = asdict(drift) if drift else {}
    values |= {f"{what}: change in the year before week 0": change for what, change in changes.items()}
    plain = {key: math.nan if value is None else float(value) for key, value in values.items()}
    plain["spaces that break even"] = 1.0 - plain["profitable spaces"] - plain["loss-making spaces"]
    open_at: NDArray[np.bool_] = result.recorder.spaces[: result.recorder.weeks, :, SPACE_COLUMNS.index("open")] > 0
    start = scenario.start_week - result.recorder.first_week
    counts = {"spaces at week 0": float(open_at[start].sum()), "spaces at the end": float(open_at[-1].sum())}
    return {**survival(result), **by_class(result), **plain, **counts}


def without_log(result: Result) -> dict[str, figures.Measured]:
    """Return the published figures that need no log of events."""
    w, before, window = result.world.workers, result.earlier[YEAR], min(YEAR, result.scenario.weeks)
    year, nothing = (
        figures.last_weeks(result.spaces, window),
        pd.DataFrame({name: pd.Series(dtype=np.int64) for name in LOGGED}),
    )
    found = figures.in_spaces(result, nothing.astype({"event": str}), year, [], window)
    people = {
        "attendance": figures.attendance(w, result.earlier[LATELY], min(LATELY, window)),
        "independents": figures.independents(w),
        "training gap": figures.training_gap(w, before, window),
        "freelancers under 25,000": figures.poor_freelancers(w, before, window),
    }
    return {figure: value for figure, value in {**found, **people}.items() if figure not in ("churn", "contacts")}


def table(name: str, worlds: Sequence[Mapping[str, float]]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"# The market of `{name}` over {len(worlds)} worlds\n"
    yield f"`python -m benchmarks.market {name} {len(worlds)}`. Means over worlds with 95 % intervals of chance.\n"
    yield "| figure | model | published |\n|---|---|---|"
    for figure in worlds[0]:
        values = np.array([world.get(figure, math.nan) for world in worlds])
        values = values[~np.isnan(values)]
        text = "-"
        if len(values):
            half = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)) if len(values) > 1 else math.nan
            digits = 1 if values.mean() >= 20 else 3
            text = f"{values.mean():.{digits}f} (+-{half:.{digits}f})"
        yield f"| {figure} | {text} | {PUBLISHED.get(figure, '')} |"


def main() -> None:
    name, number = sys.argv[1], int(sys.argv[2])
    kept = RESULTS / f"market-{name}.jsonl"
    worlds = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    for seed in range(len(worlds) + 1, number + 1):
        worlds.append(measured(name, seed))
        with kept.open("a") as lines:
            lines.write(json.dumps(worlds[-1]) + "\n")
        print(f"world {seed} of {number}", flush=True)
    (RESULTS / f"market-{name}.md").write_text("\n".join(table(name, worlds[:number])) + "\n")


if __name__ == "__main__":
    main()
