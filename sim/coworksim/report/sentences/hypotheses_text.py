"""What ``coworksim contrast`` found: shares under both forms, what a survey would have to ask, and files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coworksim.evidence.patterns.declaration import PATTERNS, measure_of
from coworksim.evidence.patterns.pattern_measures import RELIABILITY, RESPONDENTS
from coworksim.files.folder_content import plain_rows
from coworksim.files.result_folder import published
from coworksim.report.charts.style import GREY, LOOKS, PALE, applied, bare, headings, save_chart
from coworksim.report.sentences.pattern_text import CONDITIONAL, percent, write_findings
from coworksim.report.sentences.text import NO_FORECAST
from coworksim.statistics.intervals import Z95
from coworksim.statistics.nonparametric import FOLDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coworksim.evidence.patterns.hypotheses import Contrast


def contrast_rows(found: Contrast) -> list[Sequence[str]]:
    """Return the table of patterns, then that of questions."""
    rows: list[Sequence[str]] = [
        ("pattern", "role", found.one.name, found.other.name, "difference", "95 %", "shown more often under")
    ]
    for row in found.table.to_dict("records"):
        rows.append(
            (
                measure_of(row["pattern"], row["place"]),
                row["role"],
                percent(row["share_a"]),
                percent(row["share_b"]),
                percent(row["difference"]),
                f"{percent(row['low'])} to {percent(row['high'])}",
                row["fits"] or "-",
            )
        )
    rows += [("", "", "", "", "", "", ""), ("questions", "statistics", "AUC", "s.e.", "added", "", "")]
    for row in found.questions.to_dict("records"):
        rows.append(
            (
                row["questions"],
                str(row["statistics"]),
                percent(row["auc"]),
                percent(row["error"]),
                percent(row["added"]),
                "",
                "",
            )
        )
    return rows


def contrast_sentences(found: Contrast) -> list[str]:
    """Say which patterns tell the forms apart, and which question would."""
    n = int(found.table["n"].max()) if len(found.table) else 0
    apart = found.table[found.table["fits"] != ""]
    told = [
        f"{measure_of(r['pattern'], r['place'])} ({percent(r['share_a'])} against {percent(r['share_b'])})"
        for r in apart.to_dict("records")
    ]
    said = [
        f"{found.one.name}: {found.one.says}.",
        f"{found.other.name}: {found.other.says}.",
        f"Shares over {n} draws, the same in both worlds; {len(found.table)} comparisons, so that about "
        f"{0.05 * len(found.table):.1f} differ by chance alone.",
        f"Patterns that differ: {'; '.join(told) or 'none beyond chance'}.",
    ]
    return [*said, _questions(found), *CONDITIONAL]


def _questions(found: Contrast) -> str:
    rows = found.questions.to_dict("records")
    first = rows[0]
    if math.isnan(first["auc"]):
        return "Too few surveys to say how well they tell the forms apart."
    best = max(rows[1:-1], key=lambda row: row["auc"] if not math.isnan(row["auc"]) else 0.0)
    added = (
        f"asking {best['questions'].removeprefix('+ ')} too brings it to {percent(best['auc'])}"
        if best["auc"] > first["auc"]
        else "no further question raises it"
    )
    clear = "" if best["added"] > Z95 * best["error"] else " (which chance alone could bring)"
    return (
        f"A survey of up to {RESPONDENTS} users (reliability {RELIABILITY:g}) tells the two apart with an area under "
        f"the curve of {percent(first['auc'])} (s.e. {percent(first['error'])}; .50 is a coin, n {first['n']} surveys "
        f"of each, {FOLDS}-fold); {added}{clear}."
    )


def contrast_chart(found: Contrast) -> Figure:
    """Return both shares of each pattern, and the area under the curve by questions asked."""
    from matplotlib.figure import Figure

    height = 2.0 + 0.34 * len(found.table)
    figure = Figure(figsize=(12.6, height))
    left, right = figure.subplots(1, 2, width_ratios=[1.25, 1.0])
    figure.subplots_adjust(left=0.275, right=0.97, top=1 - 1.15 / height, bottom=0.8 / height, wspace=0.62)
    _shares(left, found)
    _areas(right, found)
    bare(left)
    bare(right)
    n = int(found.table["n"].max())
    headings(
        figure,
        f"{found.one.name} or {found.other.name}: what would tell?",
        f"Left: share of {n} draws that show each pattern under {found.one.name} (ring) and {found.other.name} "
        "(square); grey: no difference beyond\nchance. Right: how well a linear rule tells surveys of the two worlds "
        "apart (area under the curve, cross-validated, with 95 % intervals).",
        f"{found.scenario.name}, ranges {found.ranges_hash[:12]}; {NO_FORECAST}",
    )
    return figure


def _shares(axes: Axes, found: Contrast) -> None:
    rows = found.table.to_dict("records")
    for y, row in enumerate(rows):
        colours = (LOOKS[0].colour, LOOKS[1].colour) if row["fits"] else (GREY, GREY)
        axes.plot([row["share_a"], row["share_b"]], [y, y], color=PALE, linewidth=3, zorder=1)
        axes.plot(row["share_a"], y, "o", color=colours[0], markersize=9, markerfacecolor="none", markeredgewidth=1.6)
        axes.plot(row["share_b"], y, "s", color=colours[1], markersize=5.5)
    names = [f"{PATTERNS[row['pattern']].label}: {measure_of(row['pattern'], row['place'])}" for row in rows]
    axes.set_yticks(range(len(rows)), names, size=8.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel("share of draws that show it")


def _areas(axes: Axes, found: Contrast) -> None:
    rows = found.questions.to_dict("records")
    for y, row in enumerate(rows):
        if math.isnan(row["auc"]):
            continue
        half = Z95 * row["error"]
        axes.plot([max(0.0, row["auc"] - half), min(1.0, row["auc"] + half)], [y, y], color=LOOKS[1].colour)
        axes.plot(row["auc"], y, "s", color=LOOKS[1].colour)
    axes.axvline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(rows)), [row["questions"] for row in rows], size=8.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0.2, 1.02)
    axes.set_xlabel("area under the curve (dotted: a coin)")


def contrast_json(found: Contrast) -> dict[str, Any]:
    """Return what was found, as JSON has it."""
    return {
        "scenario": {"name": found.scenario.name, "digest": found.scenario.digest},
        "forms": [{"name": form.name, "says": form.says} for form in (found.one, found.other)],
        "seed": found.seed,
        "ranges_hash": found.ranges_hash,
        "runs": found.batch.counts,
        "digest": found.batch.digest,
        "folder": str(found.batch.folder),
        "table": plain_rows(found.table),
        "questions": plain_rows(found.questions),
    }


def write_contrast(
    found: Contrast, folder: Path, *, command: Sequence[str] = (), png: bool = False, force: bool = False
) -> Path:
    """Write tables, chart and findings into ``folder``, whole or not at all."""
    with published(folder, force=force) as staging:
        about = {k: v for k, v in contrast_json(found).items() if k not in ("table", "questions")}
        tables = {"patterns": found.table, "questions": found.questions}
        write_findings(tables, staging, {"command": list(command), **about}, contrast_sentences(found))
        with applied():
            save_chart(contrast_chart(found), staging / "contrast.svg", title="Two rival forms", png=png)
    return folder
