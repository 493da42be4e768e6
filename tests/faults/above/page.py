"""Write what became of the sample as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.faults.above.sample import KNOWN, SEED, Planted
from tests.faults.above.trial import Finding

__all__ = ["page", "row"]

HEAD = """# Planted faults above the model

A sample of {total} (seed {seed}) of the mistakes that rules find in appraisal, experiments, survey, calibration, region
files, reports and the page (`tests/faults/above`), and those that nothing noticed once. Of every part the kinds are
drawn in turn: by number alone, half would be negated comparisons and swapped arguments, which most tests notice. Each
is planted in a copy of the tree, and the tests that execute its line are run. Written by `make mutants-above`.

| part | faults | caught | by the fast tier |
|---|--:|--:|--:|
"""


def row(name: str, faults: Sequence[Planted], found: Mapping[str, Finding]) -> str:
    """Return what became of some faults as a row of a table."""
    seen = [found[fault.digest] for fault in faults]
    caught, fast = sum(bool(one.fast or one.slow) for one in seen), sum(bool(one.fast) for one in seen)
    share = f"{caught} ({caught / len(seen):.1%})", f"{fast} ({fast / len(seen):.1%})"
    return f"| {name} | {len(seen)} | {share[0]} | {share[1]} |\n"


def _line(fault: Planted, by: str) -> str:
    cells = (
        fault.change.kind,
        f"`{fault.name.partition(' ')[0]}`",
        _code(fault.change.old),
        _code(fault.change.new),
        by,
    )
    return f"| {' | '.join(cells)} |\n"


def _code(text: str) -> str:
    short = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return f"`{short if len(short) <= 60 else short[:57] + '...'}`"


def page(faults: Sequence[Planted], found: Mapping[str, Finding]) -> str:
    """Return the page; faults that have not been tried are left out."""
    tried = [fault for fault in faults if fault.digest in found and not fault.equivalent]
    drawn = [fault for fault in tried if fault.part != KNOWN]
    parts = [HEAD.format(total=len(drawn), seed=SEED)]
    parts += [row(part, [f for f in tried if f.part == part], found) for part in dict.fromkeys(f.part for f in tried)]
    parts.append(row("all but known kinds", drawn, found))
    for title, chosen in (
        ("Not caught", [f for f in tried if not (found[f.digest].fast or found[f.digest].slow)]),
        ("Caught by slow tests only", [f for f in tried if found[f.digest].slow]),
        ("Caught by the fast tier", [f for f in tried if found[f.digest].fast]),
    ):
        parts.append(
            f"\n## {title}\n\n| kind | where | what was | what is planted | seen by |\n|---|---|---|---|---|\n"
        )
        for fault in chosen:
            one = found[fault.digest]
            parts.append(_line(fault, f"`{(one.fast or one.slow or '').rpartition('::')[2] or '-'}`"))
    parts.append("\n## Left out\n\nThese change nothing that anybody could see, and count nowhere above.\n\n")
    parts += [
        f"- `{f.name.partition(' ')[0]}`: {_code(f.change.old)} to {_code(f.change.new)}. {f.equivalent}\n"
        for f in faults
        if f.equivalent
    ]
    return "".join(parts)
