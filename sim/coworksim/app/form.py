"""The form as text: every field with its default, what was filled in, and the address that says the same again.

The assumptions as sliders: what each means, its range and source, and whether it was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from coworksim.app.choices import ARMS, OFFERS, arm_defaults
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.parameter import Evidence, Kind, Parameter

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario


#: Field -> text. A field of policy 2 begins with ``a2.``, an assumption with ``q.``.
type Form = dict[str, str]

ASSUMPTIONS: Final = "q."
#: Settings of the frame of regions, which these worlds do not draw from, and the number of a draw.
_APART: Final = ("frame", "environment.draw")
SWEPT: Final[dict[str, Parameter]] = {
    name: quantity
    for name, quantity in PARAMETERS.items()
    if (quantity.sampled or quantity.choices) and quantity.group not in _APART and name not in _APART
}
_LONGEST: Final = 100


def text_of(value: float | int | str) -> str:
    """Write a value as a field of the form holds it.

    >>> text_of(0.05), text_of(24), text_of(157.0), text_of("queue")
    ('0.05', '24', '157', 'queue')
    """
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def defaults() -> Form:
    """Return every field but the assumptions, as it stands at the start."""
    form = {"region": "left-behind", "size": "town", "file": "", "replicates": "100", "seed": "1"}
    for at in ARMS:
        form |= {f"a{at}.{name}": text for name, text in arm_defaults(at).items()}
    return form


def filled(given: Iterable[tuple[str, str]]) -> Form:
    """Return the form with what is given, cut to a length that any honest value has; unknown names are left out."""
    form = defaults()
    for name, text in given:
        known = name in form or (name.startswith(ASSUMPTIONS) and name[len(ASSUMPTIONS) :] in SWEPT)
        if known:
            form[name] = text.strip()[:_LONGEST]
    return form


def without_unchanged(form: Form, values: Mapping[str, float | int | str]) -> Form:
    """Leave out assumptions that are as the world has them.

    >>> without_unchanged({"q.space.desks": "24.0", "q.space.price": "99", "seed": "1"}, {"space.desks": 24,
    ...                    "space.price": 157.0})
    {'q.space.price': '99', 'seed': '1'}
    """
    return {name: text for name, text in form.items() if not _is_unchanged(name, text, values)}


def _is_unchanged(name: str, text: str, values: Mapping[str, float | int | str]) -> bool:
    if not name.startswith(ASSUMPTIONS):
        return False
    value = values[name[len(ASSUMPTIONS) :]]
    if isinstance(value, str):
        return text == value
    try:
        return abs(float(text) - value) <= 1e-9 * max(1.0, abs(value))
    except ValueError:
        return False


def query(form: Form, version: str) -> str:
    """Return the address of a form: the version, and what differs from the defaults and matters."""
    base = defaults()
    pairs = [("v", version)]
    for name, text in sorted(form.items()):
        if base.get(name) != text and _matters(name, form):
            pairs.append((name, text))
    return urlencode(pairs)


def _matters(name: str, form: Form) -> bool:
    """Whether a field says anything: numbers of kinds that are not chosen, and policies left out, do not."""
    if name in ("region", "size"):
        return not form["file"]
    arm, _, field = name.partition(".")
    if not (arm[:1] == "a" and arm[1:].isdigit()):
        return True
    kind = form[f"{arm}.kind"]
    offer = OFFERS.get(kind, OFFERS["none"])
    if field == "kind":
        return True
    if field.startswith("much."):
        return field == f"much.{kind}"
    if field in ("name",):
        return kind != "none"
    if field in ("runs", "budget", "where"):
        return bool(offer.key)
    return bool(offer.key) and offer.people


def assumption(quantity: Parameter, text: str) -> float | int | str | None:
    """Read the value of an assumption; None when it is none."""
    if quantity.kind is Kind.CHOICE:
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if quantity.kind is Kind.INTEGER and number == int(number) else number


_WORDS: Final = {
    Evidence.MEASURED: "measured",
    Evidence.DERIVED: "derived from measurements",
    Evidence.GUESS: "a guess",
}
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


def _slider(name: str, quantity: Parameter, form: Form, values: Mapping[str, float | int | str]) -> Slider:
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
        field,
        name,
        quantity.meaning,
        quantity.unit,
        text_of(own),
        text,
        field in form,
        text_of(min(ends)),
        text_of(max(ends)),
        f"{low:g} to {high:g} {quantity.unit}" if quantity.sampled else "",
        quantity.source,
        _WORDS[quantity.evidence],
        quantity.choices,
        quantity.kind is Kind.INTEGER,
    )
