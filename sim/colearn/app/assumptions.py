"""The assumptions as sliders: what each means, its range and source, and whether it was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from colearn.app.form import ASSUMPTIONS, SWEPT, Form, text_of
from colearn.quantities.quantity import Evidence, Kind, Quantity

if TYPE_CHECKING:
    from colearn.scenario import Scenario

__all__ = ["Group", "Slider", "groups"]

_WORDS: Final = {
    Evidence.MEASURED: "measured", Evidence.DERIVED: "derived from measurements", Evidence.GUESS: "a guess",
}  # fmt: skip
#: What each part of the model is called on the page, in this order.
_TITLES: Final = {
    "appraisal": "How gains and costs are valued",
    "membership": "Joining and leaving a space",
    "schemes": "Applying for support",
    "awareness": "Hearing of spaces and support",
    "space": "Spaces at their opening",
    "resource_pool": "Equipment and training in spaces",
    "resource_learning": "Learning from hours and own work",
    "social_learning": "Learning from each other",
    "encounters": "Who meets whom",
    "income": "Projects, fees and wages",
    "population": "Who lives there",
    "environment": "The surroundings",
    "turnover": "Careers and changes of status",
    "frontier": "How skills move on",
    "adoption": "New tools",
    "decay": "Forgetting, and ties that fade",
    "management": "Running a space",
    "policies": "What policies buy",
    "graph": "Ties at the start",
}


@dataclass(frozen=True)
class Slider:
    """An assumption on the page; texts as the form holds them."""

    field: str
    name: str
    meaning: str
    unit: str
    own: str
    text: str
    changed: bool
    least: str
    most: str
    sampled: str
    source: str
    evidence: str
    choices: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class Group:
    """Assumptions of one part of the model."""

    title: str
    sliders: tuple[Slider, ...]

    @property
    def changed(self) -> int:
        """How many of them were changed."""
        return sum(slider.changed for slider in self.sliders)


def groups(form: Form, scenario: Scenario) -> list[Group]:
    """Return all assumptions; ``scenario`` is the world before any was changed."""
    found: dict[str, list[Slider]] = {name: [] for name in _TITLES}
    for name, quantity in SWEPT.items():
        found.setdefault(quantity.group, []).append(_slider(name, quantity, form, scenario.values))
    return [Group(_TITLES.get(name, name), tuple(sliders)) for name, sliders in found.items() if sliders]


def _slider(name: str, quantity: Quantity, form: Form, values: Mapping[str, float | int | str]) -> Slider:
    own, field = values[name], f"{ASSUMPTIONS}{name}"
    text = form.get(field, text_of(own))
    low, high = quantity.sampled or (0.0, 0.0)
    ends = [low, high]
    for value in (own, text):
        try:
            ends.append(float(value))
        except ValueError:
            continue
    return Slider(
        field, name, quantity.meaning, quantity.unit, text_of(own), text, field in form, text_of(min(ends)),
        text_of(max(ends)), f"{low:g} to {high:g} {quantity.unit}" if quantity.sampled else "", quantity.source,
        _WORDS[quantity.evidence], quantity.choices, quantity.kind is Kind.INTEGER,
    )  # fmt: skip
