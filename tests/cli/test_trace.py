"""The commands that look closely: one person week by week, one quantity at a time."""

from __future__ import annotations

import json

import numpy as np
from click.testing import CliRunner

from colearn import CoworkingModel
from colearn.cli import commands
from colearn.observe.trace import trace
from tests.worlds import busy

SETTINGS = [word for text in ("membership.constant=0", "awareness.at_opening=1") for word in ("--set", text)]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, ["trace", "tiny", *arguments, *SETTINGS])
    return result.exit_code, result.output


def test_a_trace_tells_utility_chance_meetings_and_gains() -> None:
    code, text = run("--worker", "64", "--weeks", "0:12")
    assert code == 0
    assert text.count("Week ") == 13
    for word in ("reviews membership", "price -", "chance", "<- best", "learnt, points", "tie "):
        assert word in text, word


def test_the_best_score_is_what_happens() -> None:
    model = CoworkingModel(busy())
    model.run_for(12)
    keys = model.world.workers.key[:30].tolist()
    reviewed = 0
    for key in keys:
        for week in trace(busy(), key, 0, 8):
            if week.alternatives:
                reviewed += 1
                best = max(week.alternatives, key=lambda alternative: alternative.score)
                wins = week.outside_chance is not None and best.score > week.outside_chance
                assert week.plan == (best.plan if wins else None)
                for alternative in week.alternatives:
                    assert (
                        sum(alternative.terms.values()) == alternative.value
                        or abs(sum(alternative.terms.values()) - alternative.value) < 1e-9
                    )
    assert reviewed > 20


def test_a_trace_changes_nothing() -> None:
    """What the trace says of the last week is what an untraced run holds."""
    (*_, last) = trace(busy(), 64, -3, 10)
    model = CoworkingModel(busy())
    model.run_for(12 + 11)
    row = int(np.flatnonzero(model.world.workers.key == 64)[0])
    assert last.week == 10
    assert (last.income, last.work) == (model.worker(row).income, model.worker(row).work)
    assert last.days == model.worker(row).days_present


def test_json_and_mistakes() -> None:
    code, text = run("--worker", "64", "--weeks", "0:1", "--json")
    assert code == 0
    assert [week["week"] for week in json.loads(text)] == [0, 1]
    assert run("--worker", "5")[0] == 2
    assert "nobody has the key 5" in run("--worker", "5")[1]
    assert "for example" in run()[1]
    assert "write first:last" in run("--worker", "64", "--weeks", "3")[1]
