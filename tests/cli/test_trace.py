"""``coworksim trace``: one person's weeks, told so that a stranger can follow, and without changing anything."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from coworksim import CoworkingModel
from coworksim.cli import commands
from coworksim.model.parameters.skills import ENCOUNTER_KINDS, STATUSES
from coworksim.model.scenario import Scenario
from coworksim.model.state.people import CHANNELS, PLANS
from coworksim.report.sentences import run_text as told
from coworksim.runs import trace as observed
from coworksim.runs.trace import TraceError, Week, people, trace
from tests.worlds import busy, schemes

SETTINGS = [
    word
    for text in ("membership.appeal=9", "membership.review_weeks=3", "awareness.at_opening=1")
    for word in ("--set", text)
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["trace", "tiny", *arguments, *SETTINGS])


def reviews(scenario: Scenario, weeks: int = 13, count: int = 12) -> list[tuple[Week, observed.Review]]:
    keys = CoworkingModel(scenario).world.workers.key[:count].tolist()
    found = []
    for key in keys:
        try:
            found += [(week, week.review) for week in trace(scenario, key, 0, weeks - 1) if week.review]
        except TraceError:  # gone before the opening
            continue
    return found


def test_a_trace_tells_utility_chance_meetings_and_gains() -> None:
    done = run("--worker", "64", "--weeks", "0:12")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.count("\nWeek ") == 13
    for word in (
        "Reviews membership",
        "price",
        "chance",
        "score",
        "\n  > ",
        "Met: ",
        "tie ",
        "In the space: ",
        "Learnt, technical-digital: ",
        "equipment",
    ):
        assert word in done.stdout, word
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert run("--worker", "64").stdout.count("\nWeek ") == 8


FORMS = [
    lambda: busy(**{"membership.money": "logarithmic"}),
    lambda: busy(**{"membership.persistence": "taste", "membership.appeal": 9.0}),
]


def test_who_waits_outside_for_an_award_is_said_to_wait() -> None:
    waits = [week for week, review in reviews(schemes(), count=40) if review.waits]
    assert waits
    assert all(week.space is None for week in waits)
    review = waits[0].review
    assert review is not None
    assert any("waits outside" in line for line in told._review(review))


@pytest.mark.parametrize("world", [busy, schemes, *FORMS], ids=["busy", "schemes", "logarithmic", "taste"])
def test_the_best_score_is_what_happens(world: Callable[[], Scenario]) -> None:
    found = reviews(world())
    assert len(found) > 10
    for week, review in found:
        wins = None if review.chosen < 0 else review.alternatives[review.chosen]
        assert (week.space, week.plan) == (None if wins is None else (wins.space), None if wins is None else wins.plan)
        if review.waits:
            assert week.space is None
            continue
        scores = [0.0 + review.outside_chance, *(alternative.score for alternative in review.alternatives)]
        assert scores[review.chosen + 1] == max(scores)
    assert len({review.chosen for _, review in found}) > 1


def test_terms_are_those_of_the_rule() -> None:
    scenario = busy()
    for _, review in reviews(scenario):
        for a in review.alternatives:
            assert sum(a.terms.values()) == pytest.approx(a.value, abs=1e-9)
            price = -a.offer["pound"] * a.offer["price"]
            assert a.terms["price"] == pytest.approx(price, abs=1e-9)
            ties = scenario["membership.ties_weight"] * math.log(1 + a.offer["ties"])
            assert a.terms["ties"] == pytest.approx(ties, abs=1e-9)


def test_a_traced_world_is_the_untraced_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole state after a trace, compared column by column with a run at which nobody looked."""
    kept: list[CoworkingModel] = []

    class Kept(CoworkingModel):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            kept.append(self)

    monkeypatch.setattr("coworksim.model.model.CoworkingModel", Kept)
    assert len(list(trace(schemes(), 64, -3, 20))) > 0
    untraced = CoworkingModel(schemes())
    untraced.run_for(12 + 21)
    (model,) = kept
    for part in ("workers", "spaces", "ties", "schemes"):
        mine, other = getattr(model.world, part), getattr(untraced.world, part)
        for name in mine.__slots__:
            np.testing.assert_array_equal(getattr(mine, name), getattr(other, name), err_msg=f"{part}.{name}")
    assert model.world.ledger.postings == untraced.world.ledger.postings


def test_a_trace_says_what_the_state_says() -> None:
    model = CoworkingModel(busy())
    model.run_for(12 + 21)
    w = model.world.workers
    row = int(np.argmax(np.where(w.entered == 0, w.encounters, -1)))
    agent = model.worker(row)
    weeks = list(trace(busy(), agent.key, -12, 20))
    assert [week.week for week in weeks] == list(range(-12, 21))
    last = weeks[-1]
    assert (last.status, last.income, last.work, last.plan) == (agent.status, agent.income, agent.work, agent.plan)
    assert (last.days, last.hours["equipment"]) == (agent.days_present, agent.inside_hours)
    since = [week for week in weeks if week.week >= 0]
    inside = [e.times for week in since for e in week.encounters if e.kind in ENCOUNTER_KINDS[:3]]
    assert sum(inside) == w.encounters[row] > 0
    assert sum(week.days for week in since) == w.days_total[row]
    for f, family in enumerate(("sc", "td")):
        for c, channel in enumerate(CHANNELS):
            gained = sum(week.gains.get(f"{family} {channel}", 0.0) for week in since)
            assert gained == pytest.approx(100 * w.gain[row, f, c], abs=1e-9)


def test_newcomers_and_leavers_are_followed_as_long_as_they_live() -> None:
    model = CoworkingModel(busy())
    model.run_for(12 + 20)
    (came, *_) = np.flatnonzero(model.world.workers.entered > 12).tolist()
    key, entered = int(model.world.workers.key[came]), int(model.world.workers.entered[came]) - 12
    assert [week.week for week in trace(busy(), key, 0, 19)] == list(range(entered, 20))
    assert [week.week for week in trace(busy(), key - 1, 0, 19)] == list(range(entered))


def test_everything_has_a_word() -> None:
    assert set(told._CHANNELS) == set(CHANNELS)
    assert set(told._MEETINGS) == set(ENCOUNTER_KINDS)
    assert set(told._PLANS) == set(PLANS)


def test_json_repeats_the_weeks() -> None:
    done = run("--worker", "64", "--weeks", "-2:12", "--json")
    assert done.exit_code == 0
    weeks = json.loads(done.stdout)
    assert [week["week"] for week in weeks] == list(range(-2, 13))
    assert all(week["status"] in STATUSES for week in weeks)


def test_without_a_worker_some_are_named_who_can_be_followed() -> None:
    done = run("--json", "--weeks", "0:12")
    named = json.loads(done.stdout)
    assert 1 <= len(named) <= 8
    assert {one["plan"] for one in named} > {"none"} or "none" not in {one["plan"] for one in named}
    for one in named:
        assert run("--worker", str(one["key"]), "--weeks", "12:12").exit_code == 0
    text = run("--weeks", "0:12").stdout
    assert all(f"\n{one['key']} " in text for one in named)
    assert "--worker KEY" in text
    members = CoworkingModel(busy())
    members.run_for(12 + 13)
    assert {"none"} != {one["plan"] for one in people(busy(), 12, None, 5)}
    assert len(people(busy(), 12, None, 500)) <= 5 + int((members.world.workers.member_of >= 0).sum())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--worker", "5"), "nobody has the key 5 in weeks 0 to 7"),
        (("--worker", "-1"), "--worker"),
        (("--worker", "64", "--weeks", "3"), "write first:last"),
        (("--worker", "64", "--weeks", "3:2"), "write first:last"),
        (("--worker", "64", "--weeks", "0:26"), "which are -12 to 25"),
        (("--weeks", "-13:2"), "which are -12 to 25"),
        (("--worker", "64", "--set", "space.prize=1"), "space.price"),
    ],
)
def test_mistakes_end_with_2_and_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
