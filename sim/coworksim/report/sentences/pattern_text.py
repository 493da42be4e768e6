"""What ``coworksim patterns`` found: a table, sentences, and files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coworksim.evidence.patterns.declaration import DECLARED, NULLS, PATTERNS, SHUFFLED, measure_of
from coworksim.evidence.patterns.pattern_tables import FIELDS_OF_SURFACE
from coworksim.files.folder_content import plain_rows, write_tables
from coworksim.files.provenance import environment
from coworksim.files.result_folder import MANIFEST, published, write_json

if TYPE_CHECKING:
    from coworksim.evidence.patterns.patterns import Patterns


PAGE: Final = "findings.txt"
#: What a reader of shares must know.
CONDITIONAL: Final = (
    "Shares are conditional on ranges that were chosen by people who knew the findings of the survey.",
    "Shown: the value has the sign, however small. Clear: it is clear of 0 at the 5 % level too.",
    "The placebo tests the plumbing, not the theory. A simulation, not a forecast.",
)
#: Draws in a tenth of the range of an input under which an index is called a hint.
_ENOUGH: Final = 50
_TABLES: Final = ("shares", "shapley", "surface", "deciding", "halves")


def percent(share: float) -> str:
    """Write a share with two digits, as .75; a dash where there is none.

    >>> percent(0.754), percent(1.0), percent(float("nan")), percent(-0.04), percent(-0.001)
    ('.75', '1.00', '-', '-.04', '.00')
    """
    if math.isnan(share):
        return "-"
    text = f"{round(share, 2) + 0.0:.2f}"
    return text.replace("0.", ".", 1) if abs(round(share, 2)) < 1 else text


def pattern_rows(found: Patterns) -> list[Sequence[str]]:
    """Return the table: patterns down; shares at the scenario's values and over draws, and ratios to nulls, across."""
    nulls = (*NULLS, SHUFFLED)
    head = ("pattern", "role", "at defaults", "draws shown", "95 %", "half", "clear", *(f"/ {n}" for n in nulls))
    rows: list[Sequence[str]] = [head]
    if not len(found.shares):
        return rows
    at = {(row["part"], row["pattern"], row["place"], row["form"]): row for row in found.shares.to_dict("records")}
    for pattern, place in dict.fromkeys((key[1], key[2]) for key in at):
        own, drawn = (at.get((part, pattern, place, DECLARED.name)) for part in ("replicates", "draws"))
        ratios = [_ratio(at.get(("draws", pattern, place, name))) for name in nulls]
        label = "all, in the space" if pattern == "all" else measure_of(pattern, place)
        role = "" if pattern == "all" else PATTERNS[pattern].role
        here = f"{percent(own['share'])} of {own['n']}" if own else "-"
        there = (f"{percent(drawn['share'])} of {drawn['n']}", _interval(drawn)) if drawn else ("-", "-")
        half, clear = (percent(drawn[name]) if drawn else "-" for name in ("half_width", "clear_share"))
        rows.append((label, role, here, *there, half, clear, *ratios))
    return rows


def _interval(row: Mapping[Any, Any]) -> str:
    return f"{percent(row['low'])} to {percent(row['high'])}"


def _ratio(row: Mapping[Any, Any] | None) -> str:
    return "" if row is None else percent(float(row["ratio"]))


def pattern_sentences(found: Patterns) -> list[str]:
    """Say what the table means, what E3 hinges on, and under which ranges."""
    said = ["/ placebo and so on: share of draws in that world that show it, over the share in the world as declared."]
    said += list(_apart(found))
    said += [*_halves(found), *_decides(found)]
    infeasible = f", {found.infeasible} left out because shares add up to more than 1" if found.infeasible else ""
    said.append(
        f"Ranges: {len(found.ranges) - 1} parameters (hash {found.ranges_hash[:12]}); left-behind fields lie above or "
        f"below the others equally often{infeasible}."
    )
    return [*said, *CONDITIONAL]


def _apart(found: Patterns) -> Iterator[str]:
    if not len(found.shapley):
        return
    for pattern in ("E3a", "E3b"):
        rows = found.shapley[(found.shapley["pattern"] == pattern) & (found.shapley["place"] == "space")]
        if not len(rows):
            continue
        at = {row["group"]: row for row in rows.to_dict("records")}
        whole, unit = at["all"], PATTERNS[pattern].unit
        parts = sorted((group for group in at if group not in ("all", "none")), key=lambda g: -abs(at[g]["value"]))
        told = "; ".join(f"{group} {_signed(at[group])}" for group in parts)
        yield (
            f"{pattern} in the space, by what sets regions apart ({unit}, left-behind less others, n {whole['n']}): "
            f"{told}; together {_signed(whole)}."
        )


def _signed(row: Mapping[Any, Any]) -> str:
    """Write a value and its interval; one replicate has none.

    >>> _signed({"value": 0.5, "low": float("nan"), "high": float("nan")})
    '+0.5'
    """
    if math.isnan(row["low"]):
        return f"{row['value']:+.2g}"
    return f"{row['value']:+.2g} ({row['low']:+.2g} to {row['high']:+.2g})"


def _halves(found: Patterns) -> Iterator[str]:
    """Say how the shares of E3 change with the two fields of the surface."""
    if not len(found.halves):
        return
    at = {(r["pattern"], r["place"], r["field"], r["left_behind_has"]): r for r in found.halves.to_dict("records")}
    for pattern, place in dict.fromkeys(key[:2] for key in at):
        told = []
        for field in FIELDS_OF_SURFACE:
            less, more = (at[pattern, place, field, side] for side in ("less", "more"))
            told.append(
                f"{percent(less['share'])} ({_interval(less)}) where left-behind regions have less "
                f"{field.replace('_', ' ')}, {percent(more['share'])} ({_interval(more)}) where more"
            )
        yield f"{measure_of(pattern, place)}, share of draws: {'; '.join(told)}."


def _decides(found: Patterns) -> Iterator[str]:
    if not len(found.deciding):
        return
    slices = int(found.deciding["n"].max()) // 10
    if slices < _ENOUGH:
        yield f"What patterns hinge on is a hint: {slices} draws in each slice of an input, and {_ENOUGH} are wanted."
    for (pattern, place), rows in found.deciding.groupby(["pattern", "place"], sort=False, observed=True):
        above = rows[rows["above"]].head(3)
        first = rows.iloc[0]
        told = ", ".join(f"{row['input']} ({'+' if row['direction'] > 0 else '-'})" for row in above.to_dict("records"))
        yield (
            f"{measure_of(str(pattern), str(place))} hinges on: {told or 'nothing above the noise floor'}"
            f" ({first['inputs_above']} of {first['inputs']} inputs above the floor; about 2 in 100 are by chance)."
        )


def plain_tables(found: Patterns) -> dict[str, Any]:
    """Return everything that was found, as JSON has it."""
    tables = {name: plain_rows(getattr(found, name)) for name in _TABLES}
    return {
        "scenario": {"name": found.scenario.name, "digest": found.scenario.digest},
        "seed": found.seed,
        "ranges_hash": found.ranges_hash,
        "ranges": [[f.name, f.low, f.high, list(f.choices)] for f in found.ranges],
        "patterns": [
            {"name": p.name, "says": p.says, "sign": p.sign, "unit": p.unit, "role": p.role, "source": p.source}
            for p in PATTERNS.values()
        ],
        "real_ln_ratios": dict(found.real),
        "runs": found.batch.counts,
        "infeasible": found.infeasible,
        "digest": found.batch.digest,
        "folder": str(found.batch.folder),
        "read_this": list(CONDITIONAL),
        **tables,
    }


def write_findings(
    tables: Mapping[str, pd.DataFrame], folder: Path, about: Mapping[str, Any], sentences: Sequence[str]
) -> None:
    """Write tables, a page of sentences and the manifest into ``folder``, which is being made."""
    rows = write_tables(tables, folder)
    (folder / PAGE).write_text("\n".join(sentences) + "\n", encoding="utf-8", newline="\n")
    write_json(folder / MANIFEST, {**about, "rows": rows, "environment": environment()})


def write_patterns(
    found: Patterns, folder: Path, *, command: Sequence[str] = (), png: bool = False, force: bool = False
) -> Path:
    """Write tables, charts and findings into ``folder``, whole or not at all."""
    from coworksim.report.charts.pattern_charts import write_pattern_charts

    with published(folder, force=force) as staging:
        about = {name: value for name, value in plain_tables(found).items() if name not in _TABLES}
        tables = {name: getattr(found, name) for name in _TABLES if len(getattr(found, name))}
        write_findings(tables, staging, {"command": list(command), **about}, pattern_sentences(found))
        write_pattern_charts(found, staging, png=png)
    return folder
