"""Write what became of the sample as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.faults.above.sample import KNOWN, SEED, Planted
from tests.faults.above.trial import Finding

HEAD = """# Planted faults above the model

A sample of {total} (seed {seed}) of the mistakes that rules find in whatever lies above the model, from files to
commands (`tests/faults/above`), and {known} known kinds: what nothing noticed once, and the guards of the engine of
runs, each taken away. Of every part the kinds are drawn in turn: by number alone, half would be negated comparisons and
swapped arguments, which most tests notice. Each is planted in a copy of the tree, and the tests that execute its line
are run: those of the fast tier first, and the slow ones for what these do not see. "At first sight" is what the fast
tier saw as it stood when the seed was drawn. Survivors were then looked at one by one, and a test that states a law was
written, or the reason noted why nobody could see a difference. So the first number tells how good the fast tests are,
and the others what is left of this sample.{rest} Written by `make mutants-above`.

| part | faults | by the fast tier at first sight | by the fast tier now | caught now |
|---|--:|--:|--:|--:|
"""


def row(name: str, faults: Sequence[Planted], found: Mapping[str, Finding]) -> str:
    """Return what became of some faults as a row of a table."""
    seen = [found[fault.digest] for fault in faults]
    columns = [[one.at_first for one in seen], [one.fast for one in seen], [one.fast or one.slow or "" for one in seen]]
    counts = [sum(1 for one in by if one) for by in columns]
    return f"| {name} | {len(seen)} | {' | '.join(f'{count} ({count / len(seen):.1%})' for count in counts)} |\n"


def _mended(one: Finding) -> bool:
    """Whether the fast tier sees a fault that it did not see at first sight."""
    return bool(one.fast) and not one.at_first


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
    counted = [fault for fault in faults if not fault.equivalent]
    rest = f" Only {len(tried)} of {len(counted)} have been tried so far." if len(tried) < len(counted) else ""
    parts = [HEAD.format(total=len(drawn), known=len(tried) - len(drawn), seed=SEED, rest=rest)]
    parts += [row(part, [f for f in tried if f.part == part], found) for part in dict.fromkeys(f.part for f in tried)]
    parts.append(row("all but known kinds", drawn, found))
    for title, chosen in (
        ("Not caught", [f for f in tried if not (found[f.digest].fast or found[f.digest].slow)]),
        ("Caught by slow tests only", [f for f in tried if found[f.digest].slow]),
        ("Missed by the fast tier at first sight, caught by it now", [f for f in tried if _mended(found[f.digest])]),
        ("Caught by the fast tier", [f for f in tried if found[f.digest].fast and not _mended(found[f.digest])]),
    ):
        if not chosen:
            continue
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
