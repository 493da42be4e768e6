"""What remains of awards by the rival: its own comparison, beside the scenario's, where anything can remain at all."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coworksim.appraisal import rival_run
from coworksim.appraisal.comparison import compare
from coworksim.appraisal.result import Appraisal
from coworksim.appraisal.rival import COLUMNS, DIFFERENCE, FORM, REMAINS, ended, part_of, remains, rival_of
from coworksim.model.scenario import Scenario
from coworksim.runs.batch import RunCache
from coworksim.runs.engines import Inline
from coworksim.runs.run import Outcome
from tests.appraisal.worlds import easy, scheme
from tests.runs.kept import Lived, keep_in
from tests.worlds import with_policies

#: A month of help for those who apply in the first four weeks, and half a year after it.
SHORT = scheme(months=1, end=4)
WORLD = easy(weeks=40)
ARMS = {"short": (SHORT,), "long": (scheme(months=12, end=40),)}
PROGRAMME = "{name: c, kind: community_grant, hours: 10, hour_price: 20, end: 4, budget: 9000}"


def asked(scenario: Scenario = WORLD, arms: Any = None, **more: Any) -> Appraisal:
    return compare(scenario, arms or ARMS, replicates=3, executor=Inline, **more)


def failing(given: Any) -> Any:
    raise ArithmeticError("it broke")


@pytest.fixture(scope="module")
def found() -> Appraisal:
    return asked()


def test_the_rival_is_the_same_scenario_with_the_other_form() -> None:
    other = rival_of(WORLD)
    assert (WORLD[FORM], other[FORM]) == ("habit", "taste")
    assert rival_of(other).digest == WORLD.digest != other.digest
    assert {name for name, value in other.values.items() if value != WORLD[name]} == {FORM}


@pytest.mark.parametrize(("replicates", "part"), [(1, 1), (7, 7), (8, 8), (32, 8), (33, 9), (64, 16)])
def test_a_quarter_of_the_replicates_is_asked_and_eight_at_least(replicates: int, part: int) -> None:
    assert part_of(replicates) == part


def test_what_remains_by_hand() -> None:
    """Two replicates have both forms; the scenario has one more, and one without a number."""
    name = "members_after_6_months"
    own = {"a": {name: {0: 5.0, 1: 7.0, 2: 9.0, 3: math.nan}}, "b": {}}
    other = {0: {f"0\t{name}": 1.0}, 1: {f"0\t{name}": 5.0, f"1\t{name}": 2.0}}
    table = remains(["a", "b"], own, other, ("habit", "taste"))
    assert list(table.columns) == COLUMNS
    assert table[["arm", "term", "persistence", "value", "n"]].to_numpy().tolist() == [
        ["a", name, "habit", 7.0, 3],
        ["a", name, "taste", 3.0, 2],
        ["a", name, DIFFERENCE, -3.0, 2],
    ]
    assert table["low"].tolist()[1:] == pytest.approx([3 - 12.706 * 2, -3 - 12.706 * 1], rel=1e-3)


@pytest.mark.parametrize("theirs", [{0: math.nan, 1: math.nan}, {2: 4.0}, {}])
def test_what_no_replicate_has_by_both_forms_is_left_out(theirs: dict[int, float]) -> None:
    """A sentence, a table or the page could say nothing of it."""
    name = "occupancy_after_12_months"
    other = {k: {f"0\t{name}": value} for k, value in theirs.items()}
    assert remains(["a"], {"a": {name: {0: 0.5, 1: 0.25}}}, other, ("habit", "taste")).empty


def test_its_numbers_are_those_of_a_comparison_of_its_own(found: Appraisal) -> None:
    table, alone = found.tables["remains"], asked(rival_of(WORLD), rival=False)
    assert set(table["arm"]) == {"short"}  # the other still pays at the end
    assert len(table) == 3 * len(set(table["term"])) > 0
    assert any(term.endswith("after_6_months") for term in table["term"])
    for form, source in (("habit", found), ("taste", alone)):
        rows = table[table["persistence"] == form]
        for row in rows.to_dict("records"):
            number = source.number("short", str(row["term"]))
            assert [row[key] for key in ("value", "low", "high", "n")] == [
                number[key] for key in ("value", "low", "high", "n")
            ]
            assert row["unit"] == number["unit"]
    assert found.rival == {"own": "habit", "other": "taste", "replicates": 3, "reason": ""}


def test_asking_it_changes_no_other_number(found: Appraisal) -> None:
    plain = asked(rival=False)
    assert plain.rival is None
    assert "remains" not in plain.tables
    assert plain.numbers.equals(found.numbers)
    assert all(table.equals(found.tables[name]) for name, table in plain.tables.items())


def test_it_is_asked_where_an_award_has_ended_long_enough_before_the_horizon(monkeypatch: pytest.MonkeyPatch) -> None:
    (programme,) = with_policies([PROGRAMME]).policies
    values = {"members_after_0_months": [1.0], "members_after_6_months": [1.0]}
    arms = {"award": (SHORT,), "programme": (programme,), "nothing": (), "late": (SHORT,)}
    told = dict.fromkeys(arms, values) | {"late": {"members_after_0_months": [1.0]}}
    assert list(ended(arms, told)) == ["award"]
    monkeypatch.setattr(rival_run, "run_in_memory", None)  # nothing is run
    assert asked(easy(weeks=20)).rival is None
    assert asked(arms={"programme": (programme,)}).rival is None


def test_where_no_constants_are_found_it_says_so_and_nothing_else_fails() -> None:
    """By lasting taste alone nobody can leave as seldom as this."""
    seldom = easy(weeks=40, **{"membership.churn": 0.01})
    found = asked(seldom, {"short": (SHORT,)})
    assert found.rival
    assert found.rival["replicates"] == 0
    assert found.rival["reason"].startswith("no tastes give an elasticity of -0.7")
    assert "remains" not in found.tables
    assert found.numbers.equals(asked(seldom, {"short": (SHORT,)}, rival=False).numbers)


def test_where_each_of_its_worlds_fails_it_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rival_run, "work", failing)
    found = asked(arms={"short": (SHORT,)})
    assert found.rival
    assert "no world of it succeeded; the first says: replicate 0:" in found.rival["reason"]
    assert "it broke" in found.rival["reason"]


def test_it_goes_on_where_it_was_interrupted(found: Appraisal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill after the second world of the rival: the same command does the third alone, and finds the same."""
    weeks, add = Lived(monkeypatch), RunCache.add

    def killed(cache: RunCache, run: Any, outcome: Outcome) -> None:
        add(cache, run, outcome)
        if len(cache.known) == 3 + 2:
            raise KeyboardInterrupt

    with RunCache(tmp_path / "runs") as cache, monkeypatch.context() as patch:
        patch.setattr(RunCache, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            asked(cache=cache)
    first = weeks.since()
    with RunCache(tmp_path / "runs") as cache:
        assert len(cache.known) == 3 + 2
        again = asked(cache=cache)
        assert len(cache.known) == 3 + 3
    assert 0 < weeks.since() < first / 3
    pd.testing.assert_frame_equal(again.tables["remains"], found.tables["remains"])


def test_a_second_question_lives_the_arm_of_the_rival_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_in(tmp_path / "kept", monkeypatch)
    weeks = Lived(monkeypatch)
    first = asked(arms={"short": (SHORT,)})
    assert weeks.since() == 3 * WORLD.burn_in_weeks + 2 * 3 * (40 + 40)  # in a new market both have one burn-in
    again = asked(arms={"less": (scheme(months=1, end=4, share=0.4),)})
    assert weeks.since() == 2 * 3 * 40
    assert not again.tables["remains"].equals(first.tables["remains"])


def test_saved_it_is_read_again(found: Appraisal, tmp_path: Path) -> None:
    loaded = Appraisal.load(found.save(tmp_path / "saved", charts=False))
    assert loaded.rival == found.rival
    pd.testing.assert_frame_equal(
        loaded.tables["remains"], found.tables["remains"], check_categorical=False, check_dtype=False
    )
    assert set(REMAINS) >= {row["term"] for row in found.plain()["remains"]} > set()
    assert found.plain()["rival"] == found.rival
