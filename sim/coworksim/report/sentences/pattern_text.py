"""What ``coworksim patterns``, ``ablate`` and ``contrast`` found: tables, sentences, and the same as JSON has it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from coworksim.evidence.patterns.declaration import ABLATIONS, DECLARED, MEASURES, NULLS, PATTERNS, SHUFFLED, measure_of
from coworksim.evidence.patterns.hypotheses import Contrast
from coworksim.evidence.patterns.pattern_measures import RELIABILITY, RESPONDENTS
from coworksim.evidence.patterns.pattern_tables import FIELDS_OF_SURFACE
from coworksim.evidence.patterns.patterns import Ablation, Patterns
from coworksim.files.result_folder import plain_rows
from coworksim.report.sentences.pattern_drivers import ABOVE, CHOSEN, LESS_OR_MORE, SHOWN
from coworksim.report.sentences.text import hundredths, with_interval
from coworksim.statistics.intervals import Z95
from coworksim.statistics.nonparametric import FOLDS

#: What a reader of shares must know.
CONDITIONAL: Final = (
    CHOSEN,
    f"{SHOWN} Clear: it is clear of 0 at the 5 % level too.",
    "The placebo tests the plumbing, not the theory. A simulation, not a forecast.",
)
#: Draws in a tenth of the range of an input under which an index is called a hint.
_ENOUGH: Final = 50
#: Share of runs with nothing off under which nothing is said of what carries a pattern.
OFTEN: Final = 0.8
#: Rows of an ablation: what is off.
OFF: Final = (DECLARED.name, *ABLATIONS)
TABLES: Final = ("shares", "shapley", "surface", "deciding", "halves")


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
        others = [at.get(("draws", pattern, place, name)) for name in nulls]
        ratios = ["" if row is None else hundredths(float(row["ratio"])) for row in others]
        label = "all, in the space" if pattern == "all" else measure_of(pattern, place)
        role = "" if pattern == "all" else PATTERNS[pattern].role
        here = f"{hundredths(own['share'])} of {own['n']}" if own else "-"
        there = (f"{hundredths(drawn['share'])} of {drawn['n']}", _span(drawn)) if drawn else ("-", "-")
        half, clear = (hundredths(drawn[name]) if drawn else "-" for name in ("half_width", "clear_share"))
        rows.append((label, role, here, *there, half, clear, *ratios))
    return rows


def _span(row: Mapping[Any, Any]) -> str:
    return f"{hundredths(row['low'])} to {hundredths(row['high'])}"


def pattern_sentences(found: Patterns) -> list[str]:
    """Say what the table means, what E3 hinges on, and under which ranges."""
    infeasible = f", {found.infeasible} left out because shares add up to more than 1" if found.infeasible else ""
    return [
        "/ placebo and so on: share of draws in that world that show it, over the share in the world as declared.",
        *_apart(found),
        *_halves(found),
        *_decides(found),
        f"Ranges: {len(found.ranges) - 1} parameters (hash {found.ranges_hash[:12]}); left-behind fields lie above or "
        f"below the others equally often{infeasible}.",
        *CONDITIONAL,
    ]


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
        told = "; ".join(f"{group} {with_interval(at[group], '+.2g')}" for group in parts)
        yield (
            f"{pattern} in the space, by what sets regions apart ({unit}, left-behind less others, n {whole['n']}): "
            f"{told}; together {with_interval(whole, '+.2g')}."
        )


def _halves(found: Patterns) -> Iterator[str]:
    if not len(found.halves):
        return
    at = {(r["pattern"], r["place"], r["field"], r["left_behind_has"]): r for r in found.halves.to_dict("records")}
    for pattern, place in dict.fromkeys(key[:2] for key in at):
        told = []
        for field in FIELDS_OF_SURFACE:
            less, more = (at[pattern, place, field, side] for side in ("less", "more"))
            low, high = (with_interval(row, hundredths, "share") for row in (less, more))
            told.append(LESS_OR_MORE.format(low, field.replace("_", " "), high))
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
            f" ({ABOVE.format(first['inputs_above'], first['inputs'])}; about 2 in 100 are by chance)."
        )


def plain_tables(found: Patterns) -> dict[str, Any]:
    """Return everything that was found, as JSON has it."""
    ranges = [[f.name, *f.ends, list(f.choices)] for f in found.ranges]
    names = ("name", "says", "sign", "unit", "role", "source")
    return {
        **_about(found),
        "ranges_hash": found.ranges_hash,
        "ranges": ranges,
        "patterns": [{name: getattr(one, name) for name in names} for one in PATTERNS.values()],
        "real_ln_ratios": dict(found.real),
        "infeasible": found.infeasible,
        "read_this": list(CONDITIONAL),
        **{name: plain_rows(getattr(found, name)) for name in TABLES},
    }


def _about(found: Patterns | Ablation | Contrast) -> dict[str, Any]:
    scenario, batch = {"name": found.scenario.name, "digest": found.scenario.digest}, found.batch
    runs = {"runs": batch.counts, "digest": batch.digest, "folder": str(batch.folder)}
    return {"scenario": scenario, "seed": found.seed, **runs}


def ablation_cells(found: Ablation) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the rows of the table by pattern, place, and what is off."""
    rows = found.table.to_dict("records")
    return {(row["pattern"], row["place"], row["off"]): {str(k): v for k, v in row.items()} for row in rows}


def remains(cell: Mapping[str, Any]) -> str:
    """Say what is left of a value: as a ratio to that of the world as declared; of one that is turned round, nothing.

    >>> remains({"defined": 0, "of_declared": float("nan")}), remains({"defined": 3, "of_declared": -0.5})
    ('-', '<0')
    """
    left = cell["of_declared"] if cell["defined"] else math.nan
    return "<0" if left < 0.0 else hundredths(left)


def ablation_rows(found: Ablation) -> list[Sequence[str]]:
    """Return the table: what is off down, patterns across; share of runs that show it."""
    cells = ablation_cells(found)
    head = ("off", *(f"{p}{'' if q == 'space' else ' total'}" for p, q in MEASURES))
    return [head, *((off, *(hundredths(cells[p, q, off]["share"]) for p, q in MEASURES)) for off in OFF)]


def ablation_sentences(found: Ablation) -> list[str]:
    """Say which mechanisms each pattern cannot do without, by the change of its value."""
    n = int(found.table["n"].max())
    half = hundredths(found.table["half_width"].max())
    head = f"Share of {n} runs that show the pattern; half-width of a share {half} at most."
    return [head, *_carried(found), "A world in which nobody uses a space has no value, and does not show a pattern."]


def _carried(found: Ablation) -> Iterator[str]:
    cells, seldom = ablation_cells(found), []
    for pattern, place in MEASURES:
        whole = cells[pattern, place, DECLARED.name]
        if whole["share"] < OFTEN:
            seldom.append(f"{measure_of(pattern, place)} ({whole['shown']} of {whole['n']})")
            continue
        single = {name: cells[pattern, place, name] for name in ABLATIONS if " + " not in name}
        lost = [name for name, cell in single.items() if cell["n"] > 0 and cell["share"] <= 0.5]  # half of the runs
        less = {name: cell for name, cell in single.items() if name not in lost and cell["change_high"] < 0}
        weaker = [f"{name} ({remains(cell)})" for name, cell in less.items()]
        yield (
            f"{measure_of(pattern, place)}: needs {', '.join(lost) or 'no single mechanism'}; weaker without "
            f"{', '.join(weaker) or 'none'} (what is left of the value; <0: it is turned round)."
        )
    if seldom:
        yield f"Shown too seldom with nothing off to say what carries them: {', '.join(seldom)}."


def ablation_json(found: Ablation) -> dict[str, Any]:
    """Return what was found, as JSON has it."""
    return {**_about(found), "table": plain_rows(found.table)}


def contrast_rows(found: Contrast) -> list[Sequence[str]]:
    """Return the table of patterns, then that of questions."""
    rows: list[Sequence[str]] = [
        ("pattern", "role", found.one.name, found.other.name, "difference", "95 %", "shown more often under")
    ]
    for row in found.table.to_dict("records"):
        shares = [hundredths(row[name]) for name in ("share_a", "share_b", "difference")]
        rows.append((measure_of(row["pattern"], row["place"]), row["role"], *shares, _span(row), row["fits"] or "-"))
    rows += [("", "", "", "", "", "", ""), ("questions", "statistics", "AUC", "s.e.", "added", "", "")]
    for row in found.questions.to_dict("records"):
        numbers = [hundredths(row[name]) for name in ("auc", "error", "added")]
        rows.append((row["questions"], str(row["statistics"]), *numbers, "", ""))
    return rows


def contrast_sentences(found: Contrast) -> list[str]:
    """Say which patterns tell the forms apart, and which question would."""
    n = int(found.table["n"].max()) if len(found.table) else 0
    apart = found.table[found.table["fits"] != ""]
    told = [
        f"{measure_of(r['pattern'], r['place'])} ({hundredths(r['share_a'])} against {hundredths(r['share_b'])})"
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
        f"asking {best['questions'].removeprefix('+ ')} too brings it to {hundredths(best['auc'])}"
        if best["auc"] > first["auc"]
        else "no further question raises it"
    )
    clear = "" if best["added"] > Z95 * best["error"] else " (which chance alone could bring)"
    return (
        f"A survey of up to {RESPONDENTS} users (reliability {RELIABILITY:g}) tells the two apart with an area under "
        f"the curve of {hundredths(first['auc'])} (s.e. {hundredths(first['error'])}; .50 is a coin, n {first['n']} "
        f"surveys of each, {FOLDS}-fold); {added}{clear}."
    )


def contrast_json(found: Contrast) -> dict[str, Any]:
    """Return what was found, as JSON has it."""
    forms = [{"name": form.name, "says": form.says} for form in (found.one, found.other)]
    tables = {name: plain_rows(getattr(found, name)) for name in ("table", "questions")}
    return {**_about(found), "forms": forms, "ranges_hash": found.ranges_hash, **tables}
