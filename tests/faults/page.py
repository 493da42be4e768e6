"""Write what became of every fault as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.faults.catalogue import Fault
from tests.faults.runner import Finding

__all__ = ["page", "totals"]

HEAD = """# Planted faults

{total} mistakes are planted one by one in a copy of the package (`tests/faults/catalogue`). The tests nearest to each
are run, those of the mechanism; then, where these let it live, the comparison with the plain twin (docking); then,
where that lets it live too, all tests of rules. Written by `make mutants`.

| faults | killed | without docking | with docking only | by the whole suite only | survived |
|--:|--:|--:|--:|--:|--:|
| {total} | {killed} ({share:.0%}) | {alone} | {docked} | {whole} | {survived} |
"""


def totals(faults: Sequence[Fault], findings: Mapping[str, Finding]) -> dict[str, int]:
    """Count what became of the faults."""
    found = [findings[fault.name] for fault in faults]
    killed = sum(bool(f.seen) for f in found)
    return {
        "total": len(found),
        "killed": killed,
        "alone": sum(bool(f.without_docking) for f in found),
        "docked": sum(bool(f.docking) and not f.without_docking for f in found),
        "whole": sum(bool(f.whole) for f in found),
        "survived": len(found) - killed,
    }


def _by(test: str) -> str:
    """Return the short name of a test."""
    return f"`{test.rpartition('::')[2]}`" if test else "-"


def _survivors(faults: Sequence[Fault], findings: Mapping[str, Finding]) -> str:
    rows = [f for f in faults if not any((findings[f.name].without_docking, findings[f.name].docking))]
    lines = [
        f"- **{fault.name}** (`{fault.file}`): "
        + (f"seen by {_by(findings[fault.name].whole or '')}. " if findings[fault.name].whole else "not seen. ")
        + fault.survives
        for fault in rows
    ]
    return "\n".join(line.rstrip() for line in lines) or "None."


def page(faults: Sequence[Fault], findings: Mapping[str, Finding]) -> str:
    """Return the page."""
    counts = totals(faults, findings)
    parts = [HEAD.format(share=counts["killed"] / max(1, counts["total"]), **counts)]
    parts.append(f"\n## Missed by the nearest tests and by docking\n\n{_survivors(faults, findings)}\n")
    parts.append("\n## All faults\n\n| phase | fault | kind | killed by |\n|---|---|---|---|\n")
    for fault in faults:
        found = findings[fault.name]
        row = (fault.phase, fault.name, fault.operator, _by(found.seen))
        parts.append(f"| {' | '.join(row)} |\n")
    return "".join(parts)
