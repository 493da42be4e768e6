"""What classes of your own answer: a rule that gives something else than is asked for is told, not carried along."""

from __future__ import annotations

import math
from typing import Any

import pytest

from coworksim import CoworkingModel, Freelancer, Manager
from coworksim.model.state.world import Decision
from tests.worlds import busy

WEEKS = 30
LONG = [0.0] * 8


def answering(base: type, rule: str, answer: Any) -> type:
    """Return a class whose rule answers always the same."""
    return type("Own", (base,), {rule: lambda self, *asked: answer})


def run(kind: type) -> CoworkingModel:
    model = CoworkingModel(busy())
    assert model.cast(kind, lambda agent: True) > 0
    model.run_for(WEEKS)
    return model


@pytest.mark.parametrize(
    ("base", "rule", "answer"),
    [
        (Freelancer, "membership_value", math.nan),
        (Freelancer, "membership_value", None),
        (Freelancer, "membership_value", "5"),
        (Freelancer, "membership_value", True),
        (Freelancer, "accepts_encounter", None),
        (Freelancer, "accepts_encounter", 0.3),
        (Freelancer, "learn_from", [0.001]),
        (Freelancer, "learn_from", 0.001),
        (Freelancer, "learn_from", [*LONG[:7], math.nan]),
        (Freelancer, "learn_from", [*LONG[:7], math.inf]),
        (Freelancer, "learn_from", [*LONG, 0.0]),
        (Freelancer, "learn_from", None),
        (Manager, "new_price", -5),
        (Manager, "new_price", 15700.5),
        (Manager, "new_price", None),
        (Manager, "new_events", math.nan),
        (Manager, "new_events", -0.5),
        (Manager, "new_events", math.inf),
        (Manager, "investment", "desk"),
        (Manager, "investment", None),
        (Manager, "decide", None),
        (Manager, "decide", (15700, 0.5)),
    ],
    ids=str,
)
def test_an_answer_of_another_kind_is_refused(base: type, rule: str, answer: Any) -> None:
    with pytest.raises(ValueError, match=r"^Own\.(decide|" + rule + r") gave .*; "):
        run(answering(base, rule, answer))


@pytest.mark.parametrize(
    ("base", "rule", "answer"),
    [
        (Freelancer, "membership_value", -math.inf),
        (Freelancer, "membership_value", 3),
        (Freelancer, "accepts_encounter", False),
        (Freelancer, "learn_from", LONG),
        (Freelancer, "learn_from", (0.001,) * 8),
        (Manager, "new_price", 15700),
        (Manager, "new_events", 0),
        (Manager, "investment", ""),
        (Manager, "decide", Decision(15700, 0.5)),
    ],
    ids=str,
)
def test_an_answer_as_asked_for_is_taken(base: type, rule: str, answer: Any) -> None:
    assert run(answering(base, rule, answer)).world.week == WEEKS
