"""The part of a report on arms of equal cost: what was scaled, and whether the cost was met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from colearn.report.html.source import Source
from colearn.report.html.tables import Table
from colearn.report.html.words import Fact, Name, Part, Sentence, figure, says

__all__ = ["equalised_table"]

_VERDICTS: Final = {
    "met": "met", "short": "not met: it cannot spend as much at any size, which is a finding",
    "coarse": "not met: its cost moves in steps, and none is nearer", "open": "not met: the nearest of the sizes tried",
    "nothing": "it costs nothing at any size",
}  # fmt: skip


def equalised_table(source: Source) -> Table | None:
    """Return, for each arm that was to have one net public cost, what was scaled, whether it has, and what it costs."""
    found = source.about.get("equalised") or []
    if not found:
        return None
    rows = []
    for one in found:
        cost = source.estimate(one["arm"], "public_cost_gbp")
        verdict = _VERDICTS.get(one["verdict"], "not known")
        rows.append((says(Name(one["arm"])), says(verdict), _changes(one["changed"]),
                     says(cost) if cost else says("not defined")))  # fmt: skip
    first = found[0]
    caption = says(
        "Every arm was to be scaled until its net public cost is ", Fact.count(first["wanted_gbp"], "GBP"), " (within ",
        Fact.count(100.0 * first["tolerance"], "%"), "), judged by the mean over the first ",
        Fact.count(first["pilots"]), " worlds; over the worlds of this report it may differ by chance.",
    )  # fmt: skip
    heads = ("Arm", "Equal cost", "What was scaled", "Net public cost here")
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def _changes(changed: list[Mapping[str, Any]]) -> Sentence:
    parts: list[Part] = []
    for one in changed:
        before, after = Fact(figure(float(one["before"]))), Fact(f"{figure(float(one['after']))} {one['unit']}")
        what = Name(f"{one['policy']}: {one['key'].replace('_', ' ')}")
        parts += ["; " if parts else "", what, " from ", before, " to ", after]
    return says(*parts) if parts else says("nothing")
