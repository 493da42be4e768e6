"""What stands below a calibration table: spells, elasticity, who is shut out, crowding, the graph, burn-in."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import networkx as nx
import numpy as np
import pandas as pd

from coworksim.evidence.calibration.figures import Spell
from coworksim.evidence.calibration.settled_market import MarketDrift, market_drift
from coworksim.model.mechanisms.membership import Membership
from coworksim.model.parameters.skills import OCCUPATIONS, TD
from coworksim.model.state.careers import frontier_rule
from coworksim.runs.simulation import Result
from coworksim.runs.trace import arc_elasticity, evenly, response

MOST_REVIEWS = 600
MOST_NODES = 2000
#: A group is shut out when its share of members is under this part of everybody's.
SHUT_OUT = 0.25
#: Points a year under which mean skills have settled.
SETTLED = 0.5


@dataclass(frozen=True)
class Elasticity:
    """Arc price elasticity of being a member after a review, in one fifth of incomes (None where nobody would be)."""

    people: int
    probability: float | None
    everybody: float | None
    non_members: float | None


@dataclass(frozen=True)
class Below:
    """Figures without a target. Drifts are points a year over the year before the start, None where it is too short."""

    completed: int
    median_completed: float | None
    ongoing: int
    median_ongoing: float | None
    elasticities: tuple[Elasticity, ...]
    poor_share: float
    member_share: float
    capped_share: float | None
    degree: float
    degree_members: float | None
    clustering: float
    clustering_nodes: int
    drift_sc: float | None
    drift_td: float | None
    market: MarketDrift | None = None

    @property
    def shut_out(self) -> bool:
        """Whether the bottom third of incomes is shut out."""
        return self.poor_share < SHUT_OUT * self.member_share

    @property
    def settled(self) -> bool | None:
        """Whether skills had settled by the start, None when what came before was too short to tell."""
        if self.drift_sc is None or self.drift_td is None:
            return None
        return max(abs(self.drift_sc), abs(self.drift_td)) < SETTLED


def below(result: Result, year: pd.DataFrame, told: Sequence[Spell]) -> Below:
    """Measure it; ``year`` has the open spaces of the last year."""
    w, now = result.world.workers, result.scenario.weeks
    completed, ongoing = ([s.weeks(now) for s in told if (s.end is None) == lasts] for lasts in (False, True))
    members, ties = w.member_of >= 0, result.workers["ties"].to_numpy()
    poor = np.argsort(w.income, kind="stable")[: max(1, len(w) // 3)]
    graph = result.model.graph  # clustering is of people spread evenly by row, in the whole graph
    nodes = [list(graph)[at] for at in evenly(len(graph), MOST_NODES)]
    early = by_frontier(result)
    return Below(
        completed=len(completed),
        median_completed=statistics.median(completed) if completed else None,
        ongoing=len(ongoing),
        median_ongoing=statistics.median(ongoing) if ongoing else None,
        elasticities=_elasticities(result),
        poor_share=float(members[poor].mean()),
        member_share=float(members.mean()),
        capped_share=float((year["desk_days_turned_away"] > 0).mean()) if len(year) else None,
        degree=float(ties.mean()),
        degree_members=float(ties[members].mean()) if members.any() else None,
        clustering=float(nx.average_clustering(graph, nodes)),
        clustering_nodes=len(nodes),
        drift_sc=settling(early, "sc"),
        drift_td=settling(early, "td"),
        market=market_drift(result.scenario, result.recorder, result.world.spaces.region),
    )


def _elasticities(result: Result) -> tuple[Elasticity, ...]:
    """By income fifth of everybody, over at most 600 people spread evenly by row, were they to review now."""
    world, w = result.world, result.world.workers
    try:
        membership = result.model.phase(Membership)
    except LookupError:
        return ()
    rank = np.argsort(np.argsort(w.income, kind="stable"), kind="stable")
    found, people = np.zeros((5, 2, 2)), np.zeros(5, np.int64)  # fifth, member or not, price
    for row in evenly(len(w), MOST_REVIEWS):
        offers = [offer for _, _, offer in membership.offers(world, row)]
        fifth = 5 * int(rank[row]) // len(w)
        people[fifth] += 1
        found[fifth, int(w.member_of[row] >= 0)] += response(
            offers, partial(membership.value, world, row), membership.parameters.dissimilarity
        )
    fifths = []
    for both, number in zip(found, people.tolist(), strict=True):
        chance = float(both[:, 0].sum() / number) if number else None
        everybody, others = (arc_elasticity(*prices.tolist()) for prices in (both.sum(axis=0), both[0]))
        fifths.append(Elasticity(number, chance, everybody, others))
    return tuple(fifths)


def by_frontier(result: Result) -> pd.DataFrame:
    """Return the series before the start with TD points as shares of the moving frontier of each occupation group."""
    early = result.series[result.series["week"] < 0].copy()
    rows = {"creative": OCCUPATIONS.index("designer"), "other": OCCUPATIONS.index("other")}
    best = {week: frontier_rule(result.scenario)(week)[:, TD].mean(axis=1) for week in early["week"].unique().tolist()}
    pairs = zip(early["week"].tolist(), early["occupation_group"].tolist(), strict=True)
    early["td_points"] /= [float(best[week][rows[name]]) for week, name in pairs]
    return early


def settling(series: pd.DataFrame, family: str) -> float | None:
    """Return the change of mean skill over the last 52 weeks before the start, points of the frontier a year.

    Burn-in and spin-up of less than a year are taken from their first week; of less than half a year, not at all.
    """
    early = series[(series["week"] < 0) & (series["week"] >= -53)]
    if early.empty or early["week"].min() > -27:
        return None
    points = early.assign(total=early[f"{family}_points"].fillna(0.0) * early["people"])
    by_week = points.groupby("week")[["total", "people"]].sum()
    means = (by_week["total"] / by_week["people"]).tolist()
    return float(means[-1] - means[0]) * 52 / (len(means) - 1)
