"""The form as text: every field with its default, what was filled in, and the address that says the same again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from colearn.app.choices import ARMS, OFFERS, arm_defaults
from colearn.quantities import QUANTITIES, Kind
from colearn.quantities.quantity import Quantity

__all__ = [
    "ASSUMPTIONS",
    "SWEPT",
    "Form",
    "assumption",
    "defaults",
    "filled",
    "query",
    "text_of",
    "without_unchanged",
]

#: Field -> text. A field of policy 2 begins with ``a2.``, an assumption with ``q.``.
type Form = dict[str, str]

ASSUMPTIONS: Final = "q."
#: Settings of the frame of regions, which these worlds do not draw from, and the number of a draw.
_APART: Final = ("frame", "environment.draw")
SWEPT: Final[dict[str, Quantity]] = {
    name: quantity
    for name, quantity in QUANTITIES.items()
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


def assumption(quantity: Quantity, text: str) -> float | int | str | None:
    """Read the value of an assumption; None when it is none."""
    if quantity.kind is Kind.CHOICE:
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if quantity.kind is Kind.INTEGER and number == int(number) else number
