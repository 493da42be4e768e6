"""What an appraisal found, as tables: every number with its unit, interval, and the number of replicates behind it.

Whether it comes from runs or from a folder makes no difference to what is said of it. Loading one imports no model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from coworksim.appraisal.appraisal_folder import BESIDE, FILE, NETWORK, READ, Equalised, read_appraisal
from coworksim.appraisal.estimates import Estimate, Finding, finding_of, of_row, paired
from coworksim.appraisal.measure_registry import NOT_MONETISED
from coworksim.files.checked_folder import ALTERED
from coworksim.files.manifest import MANIFEST
from coworksim.files.provenance import environment
from coworksim.files.result_folder import plain_rows, published, write_json
from coworksim.files.scenario_writer import write_scenario
from coworksim.files.table_files import write_tables
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Appraisal:
    """Arms beside the same worlds without them.

    ``numbers`` has every number: ``arm, part, term, unit, value, low, high, n, reason, meaning``; a reason where it is
    undefined. ``tables`` has weeks and months (``weekly``, ``take-up``, ``funnel``), what pictures plot
    (``replicates``, ``levels``), those of the draws (``DRAWN``), without which nothing is ranked, and ``remains``: what
    is left of awards that have ended, by the scenario's form of persistence and by its rival. ``drawing`` says how
    draws were made, ``rival`` how often the rival was asked, or why not. ``values[arm][name]`` has a number for each
    replicate (NaN where a replicate has none): all of them after runs, those that are plotted from a folder. ``flags``
    are sentences on subsidy control, ``failed`` on replicates that are missing. ``tolerance`` are half-widths that were
    asked for; ``equalised`` says by arm how it was brought to a net public cost; ``network`` shows ties in one pair of
    worlds. ``origin`` is what a folder says of itself.
    """

    scenario: Scenario
    seed: int
    arms: Mapping[str, Sequence[Policy]]
    replicates: int
    numbers: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    values: Mapping[str, Mapping[str, Sequence[float]]]
    flags: Sequence[str] = ()
    tolerance: Mapping[str, float] = field(default_factory=dict)
    failed: Sequence[str] = ()
    equalised: Mapping[str, Equalised] = field(default_factory=dict)
    drawing: Mapping[str, Any] | None = None
    network: Mapping[str, Any] | None = None
    rival: Mapping[str, Any] | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    @property
    def weekly(self) -> pd.DataFrame:
        """``arm, week, measure, unit, mean, low, high, q10, q90, n``: means, intervals, spread of replicates."""
        return self.tables["weekly"]

    @property
    def take_up(self) -> pd.DataFrame:
        """``arm, month, supported, low, high, share, n``: people with support a week, and among the eligible."""
        return self.tables["take-up"]

    @property
    def funnel(self) -> pd.DataFrame:
        """``arm, month, stage, people, low, high, n``: how many have come so far by the end of a month, a world."""
        return self.tables["funnel"]

    @property
    def acting(self) -> list[str]:
        """Names of the arms that have policies; all of them where none has."""
        return [arm for arm, policies in self.arms.items() if policies] or list(self.arms)

    @property
    def standing(self) -> tuple[Policy, ...]:
        """The scenario's own policies that act in every world, the one beside too, for no arm names them."""
        return self.scenario.standing(self.arms.values())

    @property
    def has_draws(self) -> bool:
        """Whether the parameters were drawn."""
        return len(self.tables.get("ranking", ())) > 0

    @property
    def altered(self) -> tuple[str, ...]:
        """Files of the folder that are not as they were written."""
        return tuple(self.origin.get("altered", ()))

    @property
    def worth(self) -> float:
        """What an sd-year of skill is held to be worth, GBP: an assumption."""
        return float(self.scenario["appraisal.sd_year_value"])

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {key: at for at, key in enumerate(zip(self.numbers["arm"], self.numbers["term"], strict=True))}

    @cached_property
    def _findings(self) -> dict[tuple[str, str], Finding]:
        return {(row["arm"], row["term"]): finding_of(row) for row in self.numbers.to_dict("records")}

    def number(self, arm: str, name: str) -> Any:
        """Look up one number of an arm.

        Args:
            arm: Name of the arm.
            name: Name of the measure.

        Returns:
            Its row of ``numbers``: unit, mean, interval, replicates.

        Raises:
            KeyError: The arm or the measure is not there.
        """
        return self.numbers.iloc[self._places[arm, name]]

    def finding(self, arm: str, term: str) -> Finding | None:
        """Look up a number of an arm as it is told.

        A cost per effect has no value where the interval of the effect is not above zero, whatever a folder says.

        Args:
            arm: Name of the arm.
            term: Name of the measure.

        Returns:
            The number and its interval; None where the comparison has none of that name.
        """
        found = self._findings.get((arm, term))
        _, per, effect = term.partition("_per_")
        if found is None or not per:
            return found
        gained = self.estimate(arm, effect)
        if gained is not None and gained.sign > 0 and found.estimate and math.isfinite(found.estimate.low):
            return found
        return replace(found, estimate=None, reason=found.reason or "the interval of the effect includes 0")

    def estimate(self, arm: str, term: str) -> Estimate | None:
        """Look up a number of an arm where it is defined.

        Args:
            arm: Name of the arm.
            term: Name of the measure.

        Returns:
            Mean and 95 % interval, in the unit of the measure; None where it has no value.
        """
        found = self.finding(arm, term)
        return found.estimate if found else None

    def terms(self, start: str) -> list[str]:
        """List the numbers whose names begin in one way.

        Args:
            start: How the name begins.

        Returns:
            Names in their order.
        """
        return list(dict.fromkeys(term for _, term in self._findings if term.startswith(start)))

    def paired(self, arm: str, *names: str) -> list[list[float]]:
        """Pick numbers of an arm in the replicates that have all of them.

        Args:
            arm: Name of the arm.
            names: Names of measures.

        Returns:
            A list for each name, in the order of replicates.

        Raises:
            KeyError: There are no numbers of that arm or name by replicate.
        """
        return paired({name: self.values[arm][name] for name in names}, self.replicates, *names)

    def by_replicate(self, arm: str, term: str) -> list[float]:
        """Look up a number replicate by replicate.

        Args:
            arm: Name of the arm.
            term: Name of the measure.

        Returns:
            Values where it is defined; empty where there is none.
        """
        return [float(value) for value in self.values.get(arm, {}).get(term, ()) if math.isfinite(value)]

    def by_week(self, arm: str, measure: str) -> pd.DataFrame:
        """Look up the paired difference of a measure by week.

        Args:
            arm: Name of the arm.
            measure: Name of the measure.

        Returns:
            One row per week.
        """
        return self.weekly[(self.weekly["arm"] == arm) & (self.weekly["measure"] == measure)]

    def in_week(self, arm: str, measure: str, week: int) -> Estimate | None:
        """Look up the paired difference of a measure in one week.

        Args:
            arm: Name of the arm.
            measure: Name of the measure.
            week: Week since the start.

        Returns:
            Mean and 95 % interval; None where the comparison does not go so far.
        """
        table = self.by_week(arm, measure)
        rows = table[table["week"] == week]
        return None if rows.empty else of_row(rows.iloc[0])

    def about(self, command: Sequence[str] = ()) -> dict[str, Any]:
        """Say where an appraisal comes from and how it is to be read.

        Args:
            command: What the user typed, for the manifest.

        Returns:
            Plain data, as JSON has it.
        """
        named = {name: getattr(self.scenario, name) for name in ("name", "title", "digest")}
        made = {
            "command": list(command),
            "scenario": named,
            "seed": self.seed,
            "replicates": self.replicates,
            "tolerance": dict(self.tolerance),
            "failed": list(self.failed),
            "arms": {name: [policy.model_dump(mode="json") for policy in arm] for name, arm in self.arms.items()},
            "price_year": self.scenario.starts.year,
            "read_this": list(READ),
            "not_monetised": list(NOT_MONETISED),
            "subsidy_control": list(self.flags),
            "equalised": [found.about for found in self.equalised.values()],
            "drawing": self.drawing,
            "rival": self.rival,
            "environment": self.origin.get("environment") or environment(),
            "about": "Replicates of a simulation, not a forecast.",
        }
        return made | {key: value for key, value in self.origin.items() if key != "command" or not command}

    def plain(self, command: Sequence[str] = ()) -> dict[str, Any]:
        """Say the same with every number, and the tables of the draws and of the rival.

        Args:
            command: What the user typed, for the manifest.

        Returns:
            Plain data, as JSON has it.
        """
        beside = {name: self.tables[name] for name in BESIDE if name in self.tables}
        rows = {name: plain_rows(table) for name, table in {"numbers": self.numbers, **beside}.items()}
        return {**self.about(command), **rows}

    def save(
        self, folder: Path, *, force: bool = False, command: Sequence[str] = (), charts: bool = True, png: bool = False
    ) -> Path:
        """Write every number as JSON, CSV and Parquet, and the charts, whole or not at all.

        Args:
            folder: Where to; it must be new, empty, or hold nothing but earlier results.
            force: Whether to write beside what is there.
            command: What the user typed, for the manifest.
            charts: Whether to draw the charts too.
            png: Whether to write charts as PNG too.

        Returns:
            The folder.

        Raises:
            FolderError: The folder holds other files, and ``force`` is not set.
        """
        with published(folder, force=force) as staging:
            self.write(staging, command=command, charts=charts, png=png)
        return folder

    def write(self, folder: Path, *, command: Sequence[str] = (), charts: bool = True, png: bool = False) -> None:
        """Write the same files into a folder that exists.

        Args:
            folder: A folder that exists.
            command: What the user typed, for the manifest.
            charts: Whether to draw the charts too.
            png: Whether to write charts as PNG too.
        """
        write_json(folder / FILE, self.plain(command))
        rows = write_tables({"numbers": self.numbers, **self.tables}, folder)
        counted = {name: n for name, n in rows.items() if name not in ("replicates", "levels")}
        write_json(folder / MANIFEST, self.about(command) | {"rows": counted})
        write_scenario(self.scenario, folder)
        if self.network is not None:
            write_json(folder / NETWORK, self.network)
        if charts:
            import_module("coworksim.report").draw_appraisal(self, folder, png=png)

    @classmethod
    def load(cls, folder: Path, *, altered: bool = False) -> Self:
        """Read an appraisal that was saved.

        Args:
            folder: Where it was saved.
            altered: Whether to read it although a file has changed since it was written.

        Returns:
            The appraisal, with the same numbers and sentences.

        Raises:
            InputError: The folder holds none, or not what was written.
        """
        return cls(**read_appraisal(folder, altered=altered))

    def report(
        self,
        file: Path | None = None,
        *,
        patterns: Any = None,
        study: Any = None,
        pilot: Any = None,
        altered: bool = False,
    ) -> str:
        """Make the report as one HTML page.

        Args:
            file: Where to write it; None writes nothing.
            patterns: Folder of ``coworksim patterns``, shown beside it.
            study: Folder of a study, shown beside it.
            pilot: Folder of ``coworksim pilot``, shown beside it.
            altered: Whether to show them although a file of theirs has changed since it was written.

        Returns:
            The page; it says of altered files that they were.
        """
        beside = {"patterns": patterns, "study": study, "pilot": pilot, "altered": altered}
        return str(import_module("coworksim.report").report_appraisal(self, file, **beside))

    def __repr__(self) -> str:
        """Return in a line what is compared."""
        draws = f", {self.drawing['counted']} draws" if self.drawing else ""
        arms = ", ".join(self.arms)
        mark = f", {ALTERED}" if self.altered else ""
        told = f"{self.replicates} replicates{draws}, seed {self.seed}{mark}"
        return f"<Appraisal of {self.scenario.name}: {arms}; {told}>"

    def _repr_html_(self) -> str:
        """Return the same for a notebook, with what arms bring and cost."""
        shown = ("additional_member_months", "td_total_sd_years", "sc_total_sd_years", "public_cost_gbp")
        chosen = self.numbers[self.numbers["term"].isin(shown)]
        columns = ["arm", "term", "unit", "value", "low", "high"]
        return f"<p>{escape(repr(self))}</p>{chosen[columns].to_html(index=False)}"
