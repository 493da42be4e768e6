"""What ``coworksim ablate`` found: a heat map of pattern by mechanism, a table, sentences, and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coworksim.evidence.patterns.declaration import ABLATIONS, DECLARED, MEASURES, measure_of
from coworksim.files.folder_content import plain_rows
from coworksim.files.result_folder import published
from coworksim.report.charts.style import INK, LOOKS, applied, bare, headings, save_chart
from coworksim.report.sentences.pattern_text import percent, write_findings
from coworksim.report.sentences.text import NO_FORECAST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coworksim.evidence.patterns.patterns import Ablation


_OFF: Final = (DECLARED.name, *ABLATIONS)
#: Share of runs with nothing off under which nothing is said of what carries a pattern.
_OFTEN: Final = 0.8


def _cells(found: Ablation) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = found.table.to_dict("records")
    return {(row["pattern"], row["place"], row["off"]): {str(k): v for k, v in row.items()} for row in rows}


def _remains(cell: Mapping[str, Any]) -> str:
    """Say what is left of a value: as a ratio to that of the world as declared.

    >>> _remains({"defined": 0, "of_declared": float("nan")}), _remains({"defined": 3, "of_declared": -0.5})
    ('-', '-.50')
    """
    return percent(cell["of_declared"]) if cell["defined"] else "-"


def ablation_rows(found: Ablation) -> list[Sequence[str]]:
    """Return the table: what is off down, patterns across; share of runs that show it."""
    cells = _cells(found)
    rows: list[Sequence[str]] = [("off", *(f"{p}{'' if q == 'space' else ' total'}" for p, q in MEASURES))]
    for off in _OFF:
        rows.append((off, *(percent(cells[p, q, off]["share"]) for p, q in MEASURES)))
    return rows


def ablation_sentences(found: Ablation) -> list[str]:
    """Say which mechanisms each pattern cannot do without, by the change of its value."""
    n = int(found.table["n"].max())
    head = f"Share of {n} runs that show the pattern; half-width of a share {_half(found)} at most."
    return [head, *_carried(found), "A world in which nobody uses a space has no value, and does not show a pattern."]


def _half(found: Ablation) -> str:
    return percent(float(found.table["half_width"].max()))


def _carried(found: Ablation) -> Iterator[str]:
    cells, seldom = _cells(found), []
    for pattern, place in MEASURES:
        whole = cells[pattern, place, DECLARED.name]
        if whole["share"] < _OFTEN:
            seldom.append(f"{measure_of(pattern, place)} ({whole['shown']} of {whole['n']})")
            continue
        lost = [name for name in ABLATIONS if " + " not in name and _gone(cells[pattern, place, name])]
        weaker = [
            f"{name} ({_remains(cells[pattern, place, name])})"
            for name in ABLATIONS
            if " + " not in name and name not in lost and cells[pattern, place, name]["change_high"] < 0
        ]
        yield (
            f"{measure_of(pattern, place)}: needs {', '.join(lost) or 'no single mechanism'}; weaker without "
            f"{', '.join(weaker) or 'none'} (what is left of the value)."
        )
    if seldom:
        yield f"Shown too seldom with nothing off to say what carries them: {', '.join(seldom)}."


def _gone(cell: Mapping[str, Any]) -> bool:
    """Whether half of the runs or more do not show it."""
    return bool(cell["n"] > 0 and cell["share"] <= 0.5)


def ablation_map(found: Ablation) -> Figure:
    """Return the heat map: share of runs that show the pattern; in each cell what is left of the mean value."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    cells = _cells(found)
    share = np.array([[cells[p, q, off]["share"] for p, q in MEASURES] for off in _OFF])
    height = 3.6 + 0.3 * len(_OFF)
    figure = Figure(figsize=(13.2, height))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.215, right=0.985, top=1 - 2.55 / height, bottom=0.55 / height)
    colours = LinearSegmentedColormap.from_list("shares", ["white", LOOKS[1].colour])
    axes.imshow(np.nan_to_num(share), cmap=colours, vmin=0, vmax=1.25, aspect="auto")
    for (row, column), value in np.ndenumerate(share):
        cell = cells[(*MEASURES[column], _OFF[row])]
        often = share[0, column] >= _OFTEN
        text = percent(cell["share"]) if row == 0 else _remains(cell) if often else ""
        ink = "white" if value > 0.75 else INK
        axes.text(column, row, text, ha="center", va="center", size=8, color=ink)
    axes.set_yticks(range(len(_OFF)), ["nothing (share shown)", *ABLATIONS], size=9)
    axes.set_xticks(range(len(MEASURES)), [measure_of(*measure) for measure in MEASURES], size=9)
    axes.xaxis.tick_top()
    for label in axes.get_xticklabels():
        label.set(rotation=40, ha="left", rotation_mode="anchor")
    axes.axhline(0.5, color=INK, linewidth=1)
    bare(axes)
    n = int(found.table["n"].max())
    headings(
        figure,
        "Which mechanism carries which pattern?",
        f"Rows: what is off. Colour: share of {n} runs that show the pattern, from none (white) to all (dark).\n"
        "Number: what is left of its mean value (1.00: as much as with nothing off; below 0: the sign has turned).\n"
        "A dash: nothing to measure (no users, encounters or hours). "
        f"No number: shown by fewer than {percent(_OFTEN)} of runs with nothing off.",
        f"{found.scenario.name}; shares have half-widths of up to {_half(found)}; {NO_FORECAST}",
    )
    return figure


def ablation_json(found: Ablation) -> dict[str, Any]:
    """Return what was found, as JSON has it."""
    return {
        "scenario": {"name": found.scenario.name, "digest": found.scenario.digest},
        "seed": found.seed,
        "runs": found.batch.counts,
        "digest": found.batch.digest,
        "folder": str(found.batch.folder),
        "table": plain_rows(found.table),
    }


def write_ablation(
    found: Ablation, folder: Path, *, command: Sequence[str] = (), png: bool = False, force: bool = False
) -> Path:
    """Write table, heat map and findings into ``folder``, whole or not at all."""
    with published(folder, force=force) as staging:
        about = {name: value for name, value in ablation_json(found).items() if name != "table"}
        write_findings(
            {"ablation": found.table}, staging, {"command": list(command), **about}, ablation_sentences(found)
        )
        with applied():
            save_chart(ablation_map(found), staging / "ablation.svg", title="Pattern by mechanism", png=png)
    return folder
