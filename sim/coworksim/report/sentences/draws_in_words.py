"""Equal cost, rankings and switching values in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from coworksim.appraisal.appraisal_folder import Equalised
from coworksim.appraisal.estimates import Estimate
from coworksim.appraisal.result import Appraisal
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, figure, says

#: What became of the search for the size of an arm at which it has a given cost.
EQUAL_COST: Final = {
    "met": "met",
    "short": "not met: it cannot spend as much at any size, which is a finding",
    "coarse": "not met: its cost moves in steps, and none is nearer",
    "open": "not met: the nearest of the sizes tried",
    "nothing": "it costs nothing at any size",
}
#: Criteria of a ranking, in words.
CRITERIA: Final = {
    "td": "Net benefit in TD skill",
    "sc": "Net benefit in SC skill",
    "social_value": "Social value in the books",
}


def criterion_words(criterion: str) -> str:
    """Return what arms are ranked by."""
    return CRITERIA.get(criterion, "Net benefit")


def scaled(found: Equalised) -> Sentence:
    """Return every number of an arm's policies that was scaled, from where to where."""
    parts: list[Part] = []
    for one in found.changed:
        before, after = Fact(figure(one.before)), Fact(f"{figure(one.after)} {one.unit}")
        what = Name(f"{one.policy}: {one.key.replace('_', ' ')}")
        parts += ["; " if parts else "", what, " from ", before, " to ", after]
    return says(*parts) if parts else says("nothing")


def rows_of(source: Appraisal, key: str) -> list[dict[Any, Any]]:
    """Return the rows of a table of the draws; none where there are no draws."""
    return source.tables[key].to_dict("records") if key in source.tables else []


def estimated(row: Mapping[str, Any], names: tuple[str, str, str], unit: str, n: int) -> Estimate | None:
    """Return three columns of a row as an estimate; None where the first is not defined."""
    value, low, high = (float(row[name]) for name in names)
    return None if math.isnan(value) else Estimate(value, low, high, unit, n, "draw")


def turn(row: Mapping[str, Any]) -> Estimate | None:
    """Return where net benefit becomes nothing; None where it does not, or where no interval is known."""
    found = estimated(row, ("value", "low", "high"), str(row["unit"]), 0)
    return None if found is None or math.isnan(found.low) else found


def unswitched(source: Appraisal) -> list[Sentence]:
    """Say for each criterion which arms nothing turns in the range drawn, and what was tried."""
    lines, tried = [], list[str]()
    for criterion, words in CRITERIA.items():
        parts: list[Part] = []
        for arm in source.arms:
            rows = [row for row in rows_of(source, "switching") if (row["criterion"], row["arm"]) == (criterion, arm)]
            left = [row for row in rows if turn(row) is None]
            tried += [str(row["what"]) for row in left]
            if left:
                of = Fact.count(len(left)), " of ", Fact.count(len(rows)), " things"
                parts += ["; " if parts else "", Name(arm), ", ", *of]
        if parts:
            lines.append(says(f"{words} does not turn within the range drawn, or too few draws tell: ", *parts, "."))
    if lines:
        lines.append(
            says(
                "Tried were: ",
                Name("; ".join(dict.fromkeys(tried))),
                ". Why each does not turn stands in ",
                Name("switching.csv"),
                ", inside this file.",
            )
        )
    return lines
