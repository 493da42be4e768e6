"""What a worker of the plain twin learns in a week, against the rules written out once more for one person."""

from __future__ import annotations

from itertools import product
from math import exp
from typing import TYPE_CHECKING, Any

import pytest

from coworksim.model.parameters.skills import ENCOUNTER_WEIGHTS, WEIGHTS

from .encounters import Encounter
from .learning import learn_from_resources
from .social_learning import learn_from_encounters
from .trials import model_of

if TYPE_CHECKING:
    from .agents import Worker


def phi(s: float, best: float, theta: float) -> float:
    return float(best * 0.5 ** (1 - theta) * ((best - s) / best) ** theta)


@pytest.mark.parametrize("theta", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("independent", [True, False])
def test_hours_teach_as_written(theta: float, independent: bool) -> None:
    model = model_of(resource_learning__theta_td=theta, social_learning__theta_sc=theta)
    worker = next(w for w in model.workers if w.independent is independent)
    worker.lessons = 5.0
    worker.inside_hours, worker.training_hours, worker.learning_hours, worker.encounter_hours = 0.7, 0.4, 4.0, 2.0
    worker.skills[:] = [0.4 * best for best in worker.frontier]
    before, frontier, row = list(worker.skills), worker.frontier, WEIGHTS[worker.occupation]
    outside = (4.0 - 0.7 - 0.4) * worker.area.environment.outside_access
    learn_from_resources(worker)
    for k in range(4):
        assert worker.gains["own"][k] == pytest.approx(0.0006 * phi(before[k], 1.0, theta))
    for k in range(4, 8):
        law = phi(before[k], frontier[k], theta)
        weight = 0.0015 * row[k] / (sum(row[4:]) / 4) * law
        assert worker.gains["space_resource"][k] == pytest.approx(weight * (0.7 + 2.0 * 0.4))
        assert worker.gains["outside"][k] == pytest.approx(weight * (outside + 2.0 * 5.0 * independent))
        assert worker.gains["employer"][k] == pytest.approx(weight * 2.0 * 5.0 * (not independent))
        assert worker.gains["own"][k] == pytest.approx(0.0006 * law)
    assert worker.space_gain_week == pytest.approx(sum(worker.gains["space_resource"]))


@pytest.mark.parametrize("distance", ["inverted_u", "none"])
def test_an_encounter_teaches_as_written(distance: str, subtests: pytest.Subtests) -> None:
    options: dict[str, Any] = {"social_learning__cognitive_distance": distance, "social_learning__theta_sc": 0.4}
    model = model_of(**options)
    pairs = zip(model.workers[::2], model.workers[1::2], strict=False)
    for kind, (strength, meetings) in product(range(5), ((0.0, 1), (2.5, 3))):
        low, high = next(pairs)  # of their own, for what was learnt stays
        low.contacts, high.contacts, low.work, high.work = 3.0, 12.0, 0.6, 2.0
        before = {worker.key: list(worker.skills) for worker in (low, high)}
        encounter = Encounter(low, high, low.key << 32 | high.key, kind, strength)
        encounter.meetings = meetings
        learn_from_encounters([encounter], model.rules)
        channel = "space_social" if kind < 3 else ("outside", "firm")[kind - 3]
        for worker, partner in ((low, high), (high, low)):
            own, theirs = before[worker.key], before[partner.key]
            expected = lesson(partner, own, theirs, kind, strength, meetings, bends=distance == "inverted_u")
            with subtests.test(f"kind {kind}, tie {strength}, {meetings} meetings"):
                assert worker.gains[channel] == pytest.approx(expected)
                assert worker.skills == pytest.approx([s + step for s, step in zip(own, expected, strict=True)])
                assert worker.space_gain_week == pytest.approx(sum(expected) if kind < 3 else 0.0)


def lesson(
    partner: Worker,
    own: list[float],
    theirs: list[float],
    kind: int,
    f: float,
    m: int,
    *,
    bends: bool,
) -> list[float]:
    """The rule for one side of one encounter."""
    useful = m * partner.contacts / (partner.contacts + 15) * exp(-f / 4)
    d = 0.5 * sum(abs(a / sum(own[4:]) - b / sum(theirs[4:])) for a, b in zip(own[4:], theirs[4:], strict=True))
    fit = (1 - 1.76 * (d - 0.5) ** 2 if bends else 1.0) * (f + 0.5) / (f + 1.5)
    social = [
        useful
        * ENCOUNTER_WEIGHTS[kind][k]
        * (0.001 * phi(own[k], 1.0, 0.4) + 0.004 * fit * max(0.0, theirs[k] - own[k]))
        for k in range(4)
    ]
    return social + [m * 0.002 * fit * max(0.0, theirs[k] - own[k]) for k in range(4, 8)]
