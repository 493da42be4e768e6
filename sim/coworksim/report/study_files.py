"""What a study found: plain sentences, and the folder of tables, charts and a page; and its runs as one table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from coworksim.files.checked_folder import marked
from coworksim.files.errors import printable
from coworksim.files.manifest import MANIFEST
from coworksim.files.result_folder import published, write_json
from coworksim.files.table_files import write_table, write_tables
from coworksim.report.charts.sensitivity_charts import write_sensitivity_charts
from coworksim.report.sentences.text import (
    SHARES,
    Form,
    as_share,
    hundredths,
    no_share,
    with_interval,
    wrapped,
    written,
)
from coworksim.runs.batch import MISSING
from coworksim.runs.outcomes import ALL_OUTCOMES, RATIOS
from coworksim.runs.parts import write_whole
from coworksim.runs.sensitivity import Analysis
from coworksim.runs.study_run import Study
from coworksim.statistics.factors import DUMMY
from coworksim.statistics.indices import not_zero

PAGE: Final = "findings.txt"
_WIDTH: Final = 110
#: Inputs that a sentence names.
MOST_NAMED: Final = 5
_ROUNDING: Final = 1e-9
_DOUBT: Final = " (there are no intervals: what is little larger may be chance)"
_VERBS: Final = {
    "ST": ("explains", "of the variance of {}, interactions counted"),
    "S1": ("explains", "of the variance of {} by itself"),
    "mu_star": ("moves", "in {} on average over its range"),
    "median": ("has a PAWN index", "for {}"),
    "delta": ("has a delta index", "for {}"),
}


def sentences(analysis: Analysis) -> list[str]:
    """Say what an analysis found: for each outcome what was left out, what matters, and how much is chance."""
    found: list[str] = []
    for _, outcome in analysis.outcomes.iterrows():
        table = analysis.table
        rows = table[table["outcome"] == outcome["outcome"]] if len(table) else table
        found += [*_left_out(outcome), *_told(analysis, outcome, rows)]
        if not math.isnan(outcome["chance"]):
            found.append(
                f"Chance makes {hundredths(outcome['chance'])} of the variance of {outcome['outcome']} between means "
                f"of {outcome['replicates']} runs, and {hundredths(outcome['chance_of_a_run'])} between single runs; "
                "the rest is due to what varies."
            )
    return found


def _left_out(outcome: pd.Series[Any]) -> Iterator[str]:
    """Say which points do not count, and that what follows holds for the others."""
    name, lost = outcome["outcome"], outcome["blocks"] - outcome["blocks_used"]
    counts = {"failed": "failed", "infeasible": "are infeasible", "undefined": "have it undefined"}
    told = [f"{outcome[key]} {what}" for key, what in counts.items() if outcome[key]]
    if told:
        blocks = f", with them {lost} of {outcome['blocks']} blocks" if outcome["blocks"] > 1 else ""
        yield (
            f"{name}: of {outcome['points']} points {', '.join(told)}; they are left out{blocks}, "
            "and what follows holds for the rest."
        )
    if outcome["undefined"] and name in RATIOS:
        ratio = RATIOS[name]
        yield (
            f"{name}: where it is undefined (points {outcome['undefined_at']}), {ratio.below} is not clearly above "
            f"zero; what such points come to is told by {ratio.instead}."
        )
    if outcome["note"]:
        yield f"{name}: no indices, because of this: {outcome['note']}."


def _told(analysis: Analysis, outcome: pd.Series[Any], rows: pd.DataFrame) -> Iterator[str]:
    if not len(rows):
        return
    if analysis.main is not None:
        yield from _ranking(rows[rows["measure"] == analysis.main], str(outcome["outcome"]), analysis.main)
    elif analysis.method == "combinations":
        yield from _together(rows, str(outcome["outcome"]))
    elif analysis.method == "replicates":
        yield from (_needed(row) for _, row in rows.iterrows())
    else:
        yield from _largest(rows, str(outcome["outcome"]))


def _ranking(rows: pd.DataFrame, outcome: str, index: str) -> Iterator[str]:
    """Name the inputs larger than chance, the greatest first, then those not zero; without a dummy, the greatest."""
    form: Form = hundredths if index in SHARES else ".3g"
    floor = float(rows["floor"].iloc[0])
    ordered = rows[rows["input"] != DUMMY].sort_values("value", ascending=False, kind="stable").to_dict("records")
    beyond = [row for row in ordered if index in SHARES and no_share(row["value"], row["high"])]
    inputs = [as_share(row) if index in SHARES else row for row in ordered if row not in beyond]
    larger = [row for row in inputs if math.isnan(floor) or row["above"] is True]
    verb, what = _VERBS[index]
    told, tail = _listed(larger, f" {verb}", form)
    if math.isnan(floor):
        said = f"{told} {what.format(outcome)}{tail}; " if told else f"{outcome}: "
        yield f"{said}without a dummy nothing tells what chance alone comes to."
    else:
        doubt = _DOUBT if index == "ST" and rows["low"].isna().all() else ""
        alone = f"chance alone (noise floor {written(min(floor, 1.0) if index in SHARES else floor, form)})"
        said = f"{told} {what.format(outcome)}{tail}; no other" if told else f"{outcome}: no"
        yield f"{said} input is larger than {alone}{doubt}."
        rest = [row for row in inputs if row not in larger and not_zero(index, row["low"])]
        if rest:
            named, tail = _listed(rest, "", form)
            yield f"{outcome}: not zero, but not larger than chance alone: {named}{tail}."
    if beyond:
        named, tail = _listed(beyond, "", form)
        yield f"{outcome}: estimates that no share can have: {named}{tail}. That is sampling error: take more points."


def _listed(rows: list[dict[Any, Any]], verb: str, form: Form) -> tuple[str, str]:
    """Return the first inputs with their indices, and how many more there are."""
    told = ", ".join(f"{row['input']}{verb} {with_interval(row, form)}" for row in rows[:MOST_NAMED])
    more = len(rows) - MOST_NAMED
    return told, f"; {more} more inputs follow" if more > 0 else ""


def _needed(row: pd.Series[Any]) -> str:
    head = f"{row['outcome']}: {row['mean']:.4g} +- {row['half_width']:.2g} after {row['runs']} runs"
    if math.isnan(row["runs_needed"]):
        return f"{head}."
    return f"{head}; a half-width of {row['wanted']:g} needs {row['runs_needed']:.0f} runs."


def _together(rows: pd.DataFrame, outcome: str) -> Iterator[str]:
    """Name single effects, and interactions, whose interval leaves out 0."""
    clear = rows[(rows["low"] > _ROUNDING) | (rows["high"] < -_ROUNDING)]
    rows_of = clear.to_dict("records")
    both = [f"{row['input']}: {_difference(row)}" for row in rows_of if row["level"] == "together"]
    alone = [f"{row['input']}, {row['level']}: {_difference(row)}" for row in rows_of if row["level"] != "together"]
    yield f"{outcome}, on average over all else: {'; '.join(alone) or 'no effect beyond chance'}."
    what = "by how much the effect of one is greater with the other"
    yield f"{outcome}, {what}: {'; '.join(both) or 'no interaction beyond chance'}."


def _difference(row: Mapping[Any, Any]) -> str:
    return with_interval(row, "+.3g", "difference")


def _largest(rows: pd.DataFrame, outcome: str) -> Iterator[str]:
    """Name the greatest differences whose interval leaves out 0."""
    rounding = _ROUNDING * rows["mean"].abs().clip(lower=1.0)
    clear = rows[(rows["low"] > rounding) | (rows["high"] < -rounding)]
    order = clear["difference"].abs().sort_values(ascending=False, kind="stable").index[:MOST_NAMED]
    named = clear.loc[order].to_dict("records")
    told = [f"{row['input']} at {row['level']} changes it by {_difference(row)}" for row in named]
    yield f"{outcome}: {'; '.join(told) or 'no input changes it beyond chance'}."


def tally(counts: dict[str, int]) -> str:
    """Say how many runs there are of how many, and what became of the others.

    >>> tally({"done": 96, "failed": 1, "missing": 3})
    '96 of 100 runs are done (1 failed, 3 missing)'
    """
    total = sum(counts.values())
    others = [f"{number:,} {status}" for status, number in sorted(counts.items()) if status != "done"]
    return f"{counts.get('done', 0):,} of {total:,} runs are done" + (f" ({', '.join(others)})" if others else "")


def findings(found: Study) -> list[str]:
    """Return what the analysis says in sentences, under the name of the arm where there are several."""
    told: list[str] = []
    for arm, analysis in found.analyses.items():
        told += [*([f"Under {arm}:"] if len(found.study.arms) > 1 else []), *sentences(analysis)]
    return marked(found.altered) + (told or ["No run is done, so there is nothing to say."])


def page(found: Study) -> str:
    """Return the page: the question, how much of the study is there, what was found, and how to do it again."""
    study = found.study
    errors = found.runs.loc[found.runs["error"] != "", "error"].value_counts().head(3)
    about = [
        f"Method: {study.method}; size {found.plan.size}, {found.plan.replicates} replicates, seed {study.seed}.",
        f"{tally(found.counts)}, of a design with {len(found.plan.design):,} points.",
        *(f"{count:,} runs: {error}." for error, count in errors.items()),
        *found.notes,
        "All intervals are of 95 %. A simulation, not a forecast.",
    ]
    command = " ".join(str(word) for word in found.manifest.get("command") or ())
    origin = [
        f"Study digest: {found.plan.digest}",
        f"Digest of the runs: {found.digest}",
        f"Scenario digest: {study.scenario_digest}",
        f"Code version: {found.plan.code}",
        "To do it again: take study_file from the manifest of the runs, and this version of coworksim with its lock; "
        "the digest of the runs must be the same.",
        *([f"Command: {command}"] if command else []),
    ]
    blocks = [[*marked(found.altered), study.title, study.question], about, findings(found), origin]

    def lines(text: str) -> str:
        return "\n  ".join(wrapped(printable(text), _WIDTH, break_on_hyphens=False) or [""])

    return "\n\n".join("\n".join(map(lines, block)) for block in blocks) + "\n"


def write_study(found: Study, folder: Path, *, png: bool = True, force: bool = False) -> Path:
    """Write tables (CSV and Parquet), charts (SVG, PNG) and the page into ``folder``, whole or not at all.

    Tables have a row an arm, outcome and so on; charts of several arms are in a folder for each, by number.
    """
    units = {name: ALL_OUTCOMES[name].unit for name in found.study.outcomes}
    with published(folder, force=force) as staging:
        first = "indices" if any(one.main is not None for one in found.analyses.values()) else "effects"
        write_tables({first: _of_arms(found, "table"), "outcomes": _of_arms(found, "outcomes")}, staging)
        for number, analysis in enumerate(found.analyses.values(), 1):
            inner = staging / f"arm-{number}" if len(found.study.arms) > 1 else staging
            inner.mkdir(exist_ok=True)
            write_sensitivity_charts(analysis, inner, units, png=png)
        (staging / PAGE).write_text(page(found), encoding="utf-8", newline="\n")
        about = {
            "study": found.plan.digest,
            "digest": found.digest,
            "model_version": found.plan.code,
            "runs": {**found.counts, "total": sum(found.counts.values())},
            "plan": found.plan.about,
            "arms": list(found.analyses),
            "altered": list(found.altered),
        }
        write_json(staging / MANIFEST, about)
    return folder


def _of_arms(found: Study, what: str) -> pd.DataFrame:
    tables = [getattr(analysis, what).copy() for analysis in found.analyses.values()]
    for arm, table in zip(found.analyses, tables, strict=True):
        table.insert(0, "arm", arm)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"arm": []})


def export_runs(found: Study, file: Path) -> int:
    """Write one row a run that came to an end, as CSV or Parquet by the ending: inputs, dummy last, and outcomes."""
    import pyarrow as pa

    rows, content = found.runs[found.runs["status"] != MISSING], pa.BufferOutputStream()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_table(rows, {file.suffix.removeprefix("."): content})
    write_whole(file, content.getvalue().to_pybytes())
    return len(rows)
