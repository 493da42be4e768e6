"""What rules in plain Python may answer: anything else is refused, as it would be carried along as a number."""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from coworksim.model.parameters.skills import SKILLS
from coworksim.model.state.world import Decision


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool)


def _is_value(given: Any) -> bool:
    return _is_number(given) and not math.isnan(given)


def _is_gains(given: Any) -> bool:
    if not isinstance(given, Sequence | np.ndarray) or len(given) != len(SKILLS):
        return False
    return all(_is_number(gain) and math.isfinite(gain) for gain in given)


def _is_pence(given: Any) -> bool:
    return isinstance(given, int | np.integer) and not isinstance(given, bool) and int(given) >= 0


def _is_decision(given: Any) -> bool:
    if not isinstance(given, Decision):
        return False
    whole = _is_pence(given.price)
    events = _is_number(given.events) and 0 <= given.events < math.inf
    return whole and events and given.invest in ("", "desks", "equipment", "training")


#: For each rule: whether an answer is one, and what is wanted.
_ASKED: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = MappingProxyType(
    {
        "membership_value": (_is_value, "return a number (-inf rules an offer out)"),
        "accepts_encounter": (lambda given: isinstance(given, bool | np.bool_), "return True or False"),
        "learn_from": (_is_gains, f"return {len(SKILLS)} finite numbers, one for each skill"),
        "hosting": (_is_pence, "return whole pence from 0"),
        "founds": (lambda given: isinstance(given, bool | np.bool_), "return True or False"),
        "decide": (
            _is_decision,
            "return a Decision: price in whole pence, events from 0, invest one of desks, equipment, training, ''",
        ),
    }
)


def answer(agent: Any, rule: str, given: Any) -> Any:
    """Return what an agent's rule gave. ValueError where it is not what was asked for."""
    is_one, wanted = _ASKED[rule]
    if not is_one(given):
        raise ValueError(f"{type(agent).__name__}.{rule} gave {given!r}; {wanted}")
    return given
