"""The part of a report on assumptions: the log of the model, with what this scenario has otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coworksim.appraisal.result import Appraisal
from coworksim.model.parameters import PARAMETERS, Evidence
from coworksim.report.assumption_log import Assumption, Impact, assumptions, impact_text, origin
from coworksim.report.html.tables import Table
from coworksim.report.sentences.estimates_in_words import Fact, Name, Part, Sentence, figure, says

_IMPACTS: Final = (Impact.LARGE, Impact.MIDDLING, Impact.SMALL, Impact.NONE, Impact.UNKNOWN, Impact.FIXED)
_KNOWN: Final = (Evidence.GUESS, Evidence.DERIVED, Evidence.MEASURED)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log; ``here`` is the value in this scenario where that is not the default, else empty."""

    it: Assumption
    here: str

    @property
    def impact(self) -> str:
        """How much it moves outcomes, in words."""
        return impact_text(self.it)


def assumption_log(source: Appraisal) -> list[Row]:
    """Return the log: what would most need better evidence first, then the less known and what moves more."""
    log = [Row(one, _here(source, one)) for one in assumptions()]
    return sorted(
        log,
        key=lambda row: (
            not row.it.pressing,
            _KNOWN.index(row.it.evidence),
            _IMPACTS.index(row.it.impact),
            not row.it.structure,
        ),
    )


def first_rows(log: list[Row]) -> list[Row]:
    """Return what a reader must see: guesses that move much, and what this scenario has otherwise."""
    return [row for row in log if row.it.pressing or row.here]


def _here(source: Appraisal, one: Assumption) -> str:
    parameter = None if one.structure else PARAMETERS.get(one.name)
    value = None if parameter is None else source.scenario[parameter.name]
    if parameter is None or value == parameter.default:
        return ""
    return f"{_value(value)} {parameter.unit}"


def _value(value: object) -> str:
    return figure(float(value)) if isinstance(value, int | float) else str(value)


def otherwise(log: list[Row]) -> list[Sentence]:
    """Say what this scenario assumes otherwise than the model does by itself, in one sentence."""
    parts: list[Part] = []
    for row in log:
        if row.here:
            parameter = PARAMETERS[row.it.name]
            parts += [
                "; " if parts else "",
                Name(parameter.meaning),
                " ",
                Fact(row.here.strip()),
                " (by itself ",
                Fact(_value(parameter.default)),
                ")",
            ]
    return [says("Assumed here otherwise than by the model itself: ", *parts, ".")] if parts else []


def assumption_counts(log: list[Row]) -> Table:
    """Count assumptions by how well they are known, and by how much they move outcomes."""
    rows = []
    for impact in _IMPACTS:
        own = [row.it for row in log if row.it.impact is impact]
        counts = [sum(one.evidence is evidence for one in own) for evidence in _KNOWN]
        if own:
            rows.append((says(impact.value), *(says(Fact.count(count)) for count in counts)))
    heads = ("Impact on outcomes", "guesses", "derived from measured figures", "measured")
    rules = sum(row.it.structure for row in log)
    caption = says(
        "How many assumptions there are, by what moves outcomes and how well it is known: ",
        Fact.count(len(log) - rules),
        " declared parameters and ",
        Fact.count(rules),
        " rules.",
    )
    return Table(caption, tuple(says(head) for head in heads), tuple(rows))


def impact_origin() -> Sentence:
    """Say where the impacts come from."""
    return says(
        "Impact: how much an assumption moves an outcome over its range, as a share of the greatest such "
        "effect on that outcome. ",
        Fact(origin()),
    )
