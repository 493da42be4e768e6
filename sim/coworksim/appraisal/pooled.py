"""Replicates of a comparison put together: what each number, week and month comes to, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from coworksim.appraisal.estimates import Ratio, paired, ratio, share
from coworksim.appraisal.measure_registry import COSTS, COUNTED, EFFECTS, SHARES, TAB, term
from coworksim.appraisal.measures import LEVELS, MONTH
from coworksim.appraisal.picture_data import levels_of, replicates_of
from coworksim.appraisal.replicate import SERIES
from coworksim.appraisal.result import Appraisal
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.statistics.intervals import Estimate, counted, estimate, gain_of_pairing

#: What shares are parts of, in words that fit a sentence.
_OF: Final = {"eligible_people": "number of eligible people", "support_gbp": "support paid for recipients"}
_NO_SHARES: Final = Ratio(
    math.nan, math.nan, math.nan, 0, "some groups gain and others lose, so that there are no shares"
)


@dataclass(frozen=True)
class Pooled:
    """Arms beside the same worlds without them, replicate by replicate.

    ``values[arm][name]`` has a number for each replicate, in their order (NaN where a replicate has none); ``without``
    the levels of the world without; ``series`` a row for each replicate, arm and week; ``failed`` says which replicates
    are missing, and why. ``tolerance`` are half-widths that were asked for.
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

    @cached_property
    def appraisal(self) -> Appraisal:
        """What the replicates come to."""
        names = self.series["replicate"].drop_duplicates().tolist()
        tables = {
            "weekly": self.weekly,
            "take-up": self.take_up,
            "replicates": replicates_of(self.values, names),
            "levels": levels_of(self.series, list(self.arms)),
        }
        return Appraisal(
            self.scenario,
            self.seed,
            self.arms,
            self.replicates,
            self.numbers,
            tables,
            self.values,
            self.flags,
            self.tolerance,
            self.failed,
        )

    def paired(self, arm: str, *names: str) -> list[list[float]]:
        """Return numbers of an arm in the replicates that have all of them; a name without any number stands for 0."""
        return paired(self.values[arm], self.replicates, *names)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Every number: ``arm, part, term, unit, value, low, high, n, reason, meaning``; a reason where undefined."""
        rows: list[dict[str, Any]] = []
        for arm in self.arms:
            for name in self.values[arm]:
                if not name.startswith("level"):
                    rows.append(self._mean(arm, name))
            rows += self._ratios(arm)
            rows += self._pairing(arm)
        return pd.DataFrame(rows)

    def _mean(self, arm: str, name: str) -> dict[str, Any]:
        (values,) = self.paired(arm, name)
        what = term(name)
        found = counted(values) if what.part in COUNTED else estimate(values)
        return _row(arm, what.part, name.replace(TAB, " | "), what.unit, found, what.meaning)

    def _ratios(self, arm: str) -> list[dict[str, Any]]:
        """Return cost per effect, net benefits, and shares of money and people."""
        rows, part = [], "cost-effectiveness"
        for effect, unit in EFFECTS.items():
            what = term(effect).meaning
            for cost in COSTS:
                paid, gained = self.paired(arm, cost, effect)
                found = ratio(paid, gained, what)
                name = f"{cost.removesuffix('_gbp')}_per_{effect}"
                rows.append(_row(arm, part, name, unit, found, f"{term(cost).meaning} per unit of: {what}"))
            if effect.endswith("sd_years"):
                rows.append(self._net_benefit(arm, effect))
        rows.append(self._net_benefit(arm, "td_total_sd_years", "sc_total_sd_years"))
        for name, (above, below, meaning) in SHARES.items():
            part_of, whole = self.paired(arm, above, below)
            found = share(part_of, whole, _OF[below])
            rows.append(_row(arm, "shares", name, "share", found, meaning))
        return rows + self._group_shares(arm)

    def _net_benefit(self, arm: str, *effects: str) -> dict[str, Any]:
        """Return skill at its assumed worth less public cost, of which there is one, whatever it brings."""
        worth = float(self.scenario["appraisal.sd_year_value"])
        paid, *gained = self.paired(arm, COSTS[0], *effects)
        found = estimate([worth * math.fsum(one) - a for a, *one in zip(paid, *gained, strict=True)])
        meaning = (
            f"{worth:,.0f} GBP times {' and '.join(effects)} less public cost; a skill is given a value by assumption"
        )
        name = effects[0].removesuffix("_sd_years") if len(effects) == 1 else "skill_total"
        return _row(arm, "cost-effectiveness", f"net_benefit_{name}", "GBP", found, meaning)

    def _group_shares(self, arm: str) -> list[dict[str, Any]]:
        """Return each group's share of people, recipients, money and gains; none where some groups lose."""
        rows = []
        tables: dict[tuple[str, str], list[str]] = {}
        for name in (name for name in self.values[arm] if name.startswith(f"group{TAB}")):
            _, dimension, _, measure = name.split(TAB)
            tables.setdefault((dimension, measure), []).append(name)
        for (_, measure), names in tables.items():
            columns = self.paired(arm, *names)
            total = [math.fsum(row) for row in zip(*columns, strict=True)]
            signed = any(value < 0.0 for column in columns for value in column)
            for name, column in zip(names, columns, strict=True):
                found = (
                    replace(_NO_SHARES, n=len(total)) if signed else share(column, total, f"{measure} of all groups")
                )
                shown = name.replace(TAB, " | ").replace("group | ", "share | ", 1)
                rows.append(_row(arm, "distribution", shown, "share", found, f"part of the group in: {measure}"))
        return rows

    def _pairing(self, arm: str) -> list[dict[str, Any]]:
        """Return, by level, what pairing gains."""
        rows, n = [], self.replicates
        what = "variance of the difference with independent seeds over that of the paired one"
        for name in LEVELS:
            (there,) = self.paired(arm, f"level{TAB}{name}")
            value = gain_of_pairing(there, list(self.without[name]))
            reason = "" if math.isfinite(value) else "the paired difference does not vary"
            found = Ratio(math.nan if reason else value, math.nan, math.nan, n, reason)
            rows.append(_row(arm, "pairing", f"variance_ratio_{name}", "ratio", found, what))
        return rows

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """``arm, week, measure, unit, mean, low, high, q10, q90, n``: means, intervals, spread of replicates."""
        rows = []
        names = list(self.arms)
        keys: Any  # pandas knows no types of group keys
        for keys, block in self.series.groupby(["arm", "week"], sort=True):
            arm, week = names[int(keys[0])], int(keys[1])
            for measure, unit in SERIES.items():
                column = block[measure].to_numpy(np.float64)
                found = estimate(column.tolist())
                low, high = np.quantile(column, (0.1, 0.9)).tolist()
                rows.append((arm, week, measure, unit, found.value, found.low, found.high, low, high, found.n))
        columns = ["arm", "week", "measure", "unit", "mean", "low", "high", "q10", "q90", "n"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def take_up(self) -> pd.DataFrame:
        """``arm, month, supported, low, high, share, n``: people with support a week, and among the eligible."""
        rows = []
        names = list(self.arms)
        month = (self.series["week"] / MONTH).astype(int)
        keys: Any  # as above
        for keys, block in self.series.groupby([self.series["arm"], month], sort=True):
            arm, at = names[int(keys[0])], int(keys[1])
            by_replicate = block.groupby("replicate", sort=True)["supported"].mean().to_numpy(np.float64).tolist()
            found = estimate(by_replicate)
            eligible = estimate(self.paired(arm, "eligible_people")[0]).value
            share = found.value / eligible if eligible else math.nan
            rows.append((arm, at, found.value, found.low, found.high, share, found.n))
        return pd.DataFrame(rows, columns=["arm", "month", "supported", "low", "high", "share", "n"])

    @property
    def flags(self) -> list[str]:
        """Return sentences on subsidy control: who would get more than the declared threshold."""
        threshold = float(self.scenario["appraisal.subsidy_threshold"])
        found = []
        for arm in self.arms:
            most = max(self.paired(arm, "largest_support_gbp")[0], default=0.0)
            if most > threshold:
                found.append(
                    f"{arm}: one space gets up to {most:,.0f} GBP over three financial years, above the declared "
                    f"threshold of {threshold:,.0f} GBP (Minimal Financial Assistance); check the newest rule"
                )
        return found


def _row(arm: str, part: str, name: str, unit: str, found: Estimate | Ratio, meaning: str) -> dict[str, Any]:
    reason = found.undefined if isinstance(found, Ratio) else ""
    return {
        "arm": arm,
        "part": part,
        "term": name,
        "unit": unit,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "reason": reason,
        "meaning": meaning,
    }
