"""Replicates of a comparison put together: what each number, week and month comes to, with intervals."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from coworksim.appraisal.estimates import Ratio, no_ratio, paired, ratio, share
from coworksim.appraisal.measure_registry import COSTS, COUNTED, EFFECTS, SHARES, TAB, term
from coworksim.appraisal.measures import LEVELS, MONTH
from coworksim.appraisal.record_week import STAGES
from coworksim.appraisal.replicate import SERIES, WITHOUT
from coworksim.appraisal.result import Appraisal
from coworksim.appraisal.rival import Rival
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.statistics.intervals import Estimate, counted, estimate, gain_of_pairing

#: What shares are parts of, in words that fit a sentence.
_OF: Final = {
    "eligible_people": "number of eligible people",
    "support_gbp": "support paid for recipients",
    "supported_member_months": "number of supported member-months",
}
#: Levels by week: measure -> unit. Skills are means over everybody.
LEVELS_BY_WEEK: Final = {"members": "people", "td": "points a person", "sc": "points a person"}
#: How far people come with a policy, in this order.
FUNNEL: Final = (*STAGES, "additional")
#: Numbers that are kept for each replicate.
PLOTTED: Final = (*EFFECTS, *COSTS, "social_value_gbp", "weighted_social_value_gbp", "support_gbp", "deadweight_gbp")

type _Row = tuple[str | float, ...]


@dataclass(frozen=True)
class Pooled:
    """Arms beside the same worlds without them, replicate by replicate.

    ``values[arm][name]`` has a number for each replicate, in their order (NaN where a replicate has none); ``without``
    the levels of the world without; ``series`` a row for each replicate, arm and week; ``failed`` says which replicates
    are missing, and why. ``tolerance`` are half-widths that were asked for. ``rival`` is what the rival was asked.
    """

    scenario: Scenario
    seed: int
    arms: Mapping[str, Sequence[Policy]]
    values: Mapping[str, Mapping[str, Sequence[float]]]
    without: Mapping[str, Sequence[float]]
    series: pd.DataFrame
    replicates: int
    tolerance: Mapping[str, float] = field(default_factory=dict)
    failed: Sequence[str] = ()
    rival: Rival | None = None

    @cached_property
    def appraisal(self) -> Appraisal:
        """What the replicates come to."""
        worlds = [(WITHOUT, 0, "_without"), *((arm, at, "_with") for at, arm in enumerate(self.arms))]
        tables = {
            "weekly": self.weekly,
            "take-up": self.take_up,
            "funnel": self.funnel,
            "replicates": replicates_of(self.values, self.numbered),
            "levels": _by_week(self.series, worlds, LEVELS_BY_WEEK),
        }
        asked = None if self.rival is None else self.rival.about
        if self.rival is not None and self.rival.table is not None:
            tables["remains"] = self.rival.table
        found = (self.numbers, tables, self.values, self.flags, self.tolerance, self.failed)
        return Appraisal(self.scenario, self.seed, self.arms, self.replicates, *found, rival=asked)

    @property
    def numbered(self) -> list[int]:
        """Numbers of the replicates that succeeded, in their order."""
        return [int(number) for number in self.series["replicate"].drop_duplicates()]

    def by_number(self, arm: str, name: str) -> dict[int, float]:
        """Return a number of an arm by the number of the replicate; nothing where no replicate has it."""
        return dict(zip(self.numbered, self.values[arm].get(name, ()), strict=False))

    def paired(self, arm: str, *names: str) -> list[list[float]]:
        """Return numbers of an arm in the replicates that have all of them; a name without any number stands for 0."""
        return paired(self.values[arm], self.replicates, *names)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Every number: ``arm, part, term, unit, value, low, high, n, reason, meaning``; a reason where undefined."""
        rows: list[_Row] = []
        for arm in self.arms:
            rows += [self._mean(arm, name) for name in self.values[arm] if not name.startswith("level")]
            for effect, unit in EFFECTS.items():
                rows += self._costs(arm, effect, unit)
            rows.append(self._net_benefit(arm, "td_total_sd_years", "sc_total_sd_years"))
            for name, (above, below, meaning) in SHARES.items():
                part, whole = self.paired(arm, above, below)
                rows.append(_row(arm, "shares", name, "share", share(part, whole, _OF[below]), meaning))
            rows += self._group_shares(arm) + self._pairing(arm)
        columns = ["arm", "part", "term", "unit", "value", "low", "high", "n", "reason", "meaning"]
        return pd.DataFrame(rows, columns=columns)

    def _costs(self, arm: str, effect: str, unit: str) -> list[_Row]:
        """Return cost per effect, and of a skill its net benefit."""
        rows, what = [], term(effect).meaning
        for cost in COSTS:
            paid, gained = self.paired(arm, cost, effect)
            name, meaning = f"{cost.removesuffix('_gbp')}_per_{effect}", f"{term(cost).meaning} per unit of: {what}"
            rows.append(_row(arm, "cost-effectiveness", name, unit, ratio(paid, gained, what), meaning))
        return [*rows, self._net_benefit(arm, effect)] if effect.endswith("sd_years") else rows

    def _mean(self, arm: str, name: str) -> _Row:
        (values,) = self.paired(arm, name)
        what = term(name)
        share = what.unit == "share" and what.part != "afterwards"  # of those it is a difference
        found = counted(values, 1.0 if share else math.inf) if share or what.part in COUNTED else estimate(values)
        return _row(arm, what.part, name.replace(TAB, " | "), what.unit, found, what.meaning)

    def _net_benefit(self, arm: str, *effects: str) -> _Row:
        """Return skill at its assumed worth less public cost, of which there is one, whatever it brings."""
        worth = float(self.scenario["appraisal.sd_year_value"])
        paid, *gained = self.paired(arm, COSTS[0], *effects)
        found = estimate([worth * math.fsum(one) - a for a, *one in zip(paid, *gained, strict=True)])
        sold = " and ".join(effects)
        meaning = f"{worth:,.0f} GBP times {sold} less public cost; a skill is given a value by assumption"
        name = effects[0].removesuffix("_sd_years") if len(effects) == 1 else "skill_total"
        return _row(arm, "cost-effectiveness", f"net_benefit_{name}", "GBP", found, meaning)

    def _group_shares(self, arm: str) -> list[_Row]:
        """Return each group's share of people, recipients, money and gains; none where some groups lose."""
        rows, tables = [], dict[tuple[str, str], list[str]]()
        for name in (name for name in self.values[arm] if name.startswith(f"group{TAB}")):
            _, dimension, _, measure = name.split(TAB)
            tables.setdefault((dimension, measure), []).append(name)
        for (_, measure), names in tables.items():
            columns = self.paired(arm, *names)
            total = [math.fsum(row) for row in zip(*columns, strict=True)]
            signed = any(value < 0.0 for column in columns for value in column)
            none = no_ratio(len(total), "some groups gain and others lose, so that there are no shares")
            for name, column in zip(names, columns, strict=True):
                found = none if signed else share(column, total, f"{measure} of all groups")
                shown = name.replace(TAB, " | ").replace("group | ", "share | ", 1)
                rows.append(_row(arm, "distribution", shown, "share", found, f"part of the group in: {measure}"))
        return rows

    def _pairing(self, arm: str) -> list[_Row]:
        """Return, by level, what pairing gains."""
        rows, n = [], self.replicates
        what = "variance of the difference with independent seeds over that of the paired one"
        for name in LEVELS:
            (there,) = self.paired(arm, f"level{TAB}{name}")
            value, same = gain_of_pairing(there, list(self.without[name])), "the paired difference does not vary"
            found = Ratio(value, math.nan, math.nan, n) if math.isfinite(value) else no_ratio(n, same)
            rows.append(_row(arm, "pairing", f"variance_ratio_{name}", "ratio", found, what))
        return rows

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """``arm, week, measure, unit, mean, low, high, q10, q90, n``: means, intervals, spread of replicates."""
        return _by_week(self.series, [(arm, at, "") for at, arm in enumerate(self.arms)], SERIES)

    @cached_property
    def take_up(self) -> pd.DataFrame:
        """``arm, month, supported, low, high, share, n``: people with support a week, and among the eligible."""
        rows, names, month = [], list(self.arms), (self.series["week"] / MONTH).astype(int)
        keys: Any  # pandas knows no types of group keys
        for keys, block in self.series.groupby([self.series["arm"], month], sort=True):
            arm, at = names[int(keys[0])], int(keys[1])
            found = estimate(block.groupby("replicate", sort=True)["supported"].mean().to_numpy(np.float64).tolist())
            eligible = estimate(self.paired(arm, "eligible_people")[0]).value
            share = found.value / eligible if eligible else math.nan
            rows.append((arm, at, found.value, found.low, found.high, share, found.n))
        return pd.DataFrame(rows, columns=["arm", "month", "supported", "low", "high", "share", "n"])

    @cached_property
    def funnel(self) -> pd.DataFrame:
        """``arm, month, stage, people, low, high, n``: how many have come so far by the end of a month, a world."""
        rows, names, month = [], list(self.arms), (self.series["week"] / MONTH).astype(int)
        keys: Any  # pandas knows no types of group keys
        for keys, block in self.series.groupby([self.series["arm"], month], sort=True):
            last = block[block["week"] == block["week"].max()].sort_values("replicate")
            for stage in FUNNEL:
                found = estimate(last[f"{stage}_so_far"].to_numpy(np.float64).tolist())
                rows.append((names[int(keys[0])], int(keys[1]), stage, found.value, found.low, found.high, found.n))
        return pd.DataFrame(rows, columns=["arm", "month", "stage", "people", "low", "high", "n"])

    @property
    def flags(self) -> list[str]:
        """Return sentences on subsidy control: who would get more than the declared threshold."""
        threshold, found = float(self.scenario["appraisal.subsidy_threshold"]), []
        for arm in self.arms:
            most = max(self.paired(arm, "largest_support_gbp")[0], default=0.0)
            if most > threshold:
                found.append(
                    f"{arm}: one space gets up to {most:,.0f} GBP over three financial years, above the declared "
                    f"threshold of {threshold:,.0f} GBP (Minimal Financial Assistance); check the newest rule"
                )
        return found


def _row(arm: str, part: str, name: str, unit: str, found: Estimate | Ratio, meaning: str) -> _Row:
    reason = found.undefined if isinstance(found, Ratio) else ""
    return (arm, part, name, unit, found.value, found.low, found.high, found.n, reason, meaning)


def _by_week(series: pd.DataFrame, worlds: Iterable[tuple[str, int, str]], measures: Mapping[str, str]) -> pd.DataFrame:
    """Return means, intervals and the spread of replicates by week, for measures with a unit.

    A world has a name, the number of its arm in ``series``, and how the names of its columns end there.
    """
    rows = []
    for arm, at, end in worlds:
        for week, block in series[series["arm"] == at].groupby("week", sort=True):
            for measure, unit in measures.items():
                column = block[f"{measure}{end}"].to_numpy(np.float64)
                found, (low, high) = estimate(column.tolist()), np.quantile(column, (0.1, 0.9)).tolist()
                rows.append((arm, week, measure, unit, found.value, found.low, found.high, low, high, found.n))
    return pd.DataFrame(rows, columns=["arm", "week", "measure", "unit", "mean", "low", "high", "q10", "q90", "n"])


def replicates_of(values: Mapping[str, Mapping[str, Sequence[float]]], numbers: Sequence[int]) -> pd.DataFrame:
    """Return ``arm, replicate, term, unit, value`` of what is plotted; ``numbers`` are those of replicates."""
    rows: list[_Row] = []
    for arm, name in ((arm, name) for arm, own in values.items() for name in PLOTTED if name in own):
        found = zip(numbers, values[arm][name], strict=True)
        rows += [(arm, replicate, name, term(name).unit, value) for replicate, value in found]
    return pd.DataFrame(rows, columns=["arm", "replicate", "term", "unit", "value"])
