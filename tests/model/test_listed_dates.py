"""Spaces of a user's own list that open and close by date."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from coworksim.files.load import load_scenario
from coworksim.files.plausibility import warnings_of
from coworksim.files.scenario_writer import to_yaml
from coworksim.model.model import CoworkingModel
from coworksim.model.scenario import Scenario
from coworksim.model.weeks import Engine
from coworksim.runs.simulation import simulate
from tests.docking.harness import dock, pair

STARTS = datetime.date(2022, 11, 7)


def _day(week: int) -> str:
    """Return a day in the middle of a week since the start of policies."""
    return (STARTS + datetime.timedelta(weeks=week, days=3)).isoformat()


def _scenario(folder: Path, *spaces: str, people: int = 60, settings: Mapping[str, object] = {}) -> Scenario:
    listed = "\n".join(f"    - {{{space}}}" for space in spaces)
    text = (
        "# What opens and closes?\ntitle: dates\nextends: tiny\nstarts: 2022-11-07\nmarket: mature\n"
        "burn_in_weeks: 3\nspin_up_weeks: 30\nweeks: 20\nregions:\n"
        f"  - name: here\n    like: other\n    people: {people}\n    spaces:\n{listed}\n"
    )
    (folder / "dates.yaml").write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_scenario(folder / "dates.yaml", {"management.founders": 0.0, **settings})


def _open(model: Engine) -> dict[int, bool]:
    spaces = model.world.spaces
    return {int(k): bool(o) for k, o in zip(spaces.ordinal, spaces.open, strict=True) if k >= 0}


def test_spaces_open_and_close_in_the_weeks_of_their_days(tmp_path: Path) -> None:
    scenario = _scenario(
        tmp_path,
        "name: always",
        f"name: late, opened: {_day(6)}",
        f"name: ends, closed: {_day(9)}",
        f"name: both, opened: {_day(-5)}, closed: {_day(4)}",
        f"name: old, opened: {_day(-500)}",
        settings={"management.exit": 0.0, "management.patience": 5000.0},
    )
    model, seen = Engine(scenario), dict[int, set[int]]()
    for _ in range(scenario.start_week + 20):
        week = model.world.week - scenario.start_week
        model.step()
        seen[week] = {k for k, is_open in _open(model).items() if is_open}
    # after the week before its own a space is open, as those of founders; after its last week it is not
    assert [week for week in seen if 1 in seen[week]] == list(range(5, 20))
    assert [week for week in seen if 2 not in seen[week]] == list(range(9, 20))
    assert [week for week in seen if 3 in seen[week]] == list(range(-6, 4))
    assert all({0, 4} <= seen[week] for week in seen)
    spaces = model.world.spaces
    assert int(spaces.opened[4]) == scenario.start_week - 500
    assert int(spaces.opened[1]) == scenario.start_week + 6
    capital = [p for p in model.world.ledger.postings if p.purpose == "capital" and p.payee == "space:here/1"]
    assert [posting.week for posting in capital] == [scenario.start_week + 5]


def test_a_space_with_a_day_stays_until_then_and_others_do_not(tmp_path: Path) -> None:
    poor = {"management.rent": 500.0, "management.patience": 0.0, "management.capital": 1.0, "management.hosted": 0.0}
    scenario = _scenario(tmp_path, "name: without", f"name: known, closed: {_day(13)}", settings=poor)
    model = Engine(scenario)
    model.live(scenario.start_week + 12)
    assert _open(model) == {0: False, 1: True}
    model.live(2)
    assert not any(_open(model).values())


def test_no_founder_and_no_policy_takes_the_row_of_a_space_that_is_to_come(tmp_path: Path) -> None:
    many = ["name: now"] + [f"name: s{k}, opened: {_day(10)}" for k in range(6)]
    scenario = _scenario(
        tmp_path, *many, settings={"management.founders": 900.0, "management.optimism": 5.0, "management.exit": 0.0}
    )
    model = Engine(scenario)
    model.live(scenario.start_week + 9)
    assert set(range(1, 7)).isdisjoint(_open(model))
    assert len(_open(model)) == 1 + 6  # founders have taken all the room that there is beside
    model.live(1)
    assert set(range(1, 7)) <= set(_open(model))


def test_days_are_written_and_read_again_and_are_part_of_the_digest(tmp_path: Path) -> None:
    scenario = _scenario(tmp_path, f"name: a, opened: {_day(6)}, closed: {_day(9)}", "name: b")
    (tmp_path / "again.yaml").write_text(to_yaml(scenario), encoding="utf-8")
    again = load_scenario(tmp_path / "again.yaml", quiet=True)
    assert (again.digest, again.regions) == (scenario.digest, scenario.regions)
    assert scenario.digest != _scenario(tmp_path, "name: a", "name: b").digest


@pytest.mark.parametrize(
    ("space", "overrides", "told"),
    [
        (f"opened: {_day(30)}", {}, "1 space is left out: it opens after the 20 weeks that are run"),
        (f"closed: {_day(-25)}", {}, "1 space is left out: it closes before the simulated market begins on 2022-06-"),
        (f"opened: {_day(6)}", {"mechanisms.management": False}, "only where the mechanism management is on"),
        (f"opened: {_day(6)}, closed: {_day(9)}", {}, ""),
    ],
)
def test_days_that_do_nothing_are_told(tmp_path: Path, space: str, overrides: dict[str, object], told: str) -> None:
    found = [one for one in warnings_of(_scenario(tmp_path, "name: now", space, settings=overrides)) if "space" in one]
    assert [told in one for one in found] == [True] * bool(told)


def test_a_world_with_days_agrees_with_its_plain_twin(tmp_path: Path) -> None:
    scenario = _scenario(
        tmp_path,
        "name: now",
        f"name: late, opened: {_day(6)}",
        f"name: ends, closed: {_day(9)}",
        f"name: both, opened: {_day(-5)}, closed: {_day(4)}",
        f"name: gone, closed: {_day(-26)}",
        f"name: soon, opened: {_day(14)}",
        people=50,
        settings={"management.founders": 200.0, "management.optimism": 3.0, "management.exit": 0.3},
    )
    model, twin = pair(scenario, seed=3)
    dock(model, twin, scenario.start_week + 18)
    assert sum(manager.open for manager in twin.managers) > 1


def test_tables_say_which_spaces_are_there_in_week_0(tmp_path: Path) -> None:
    days = (
        f"opened: {_day(2)}",
        f"closed: {_day(-3)}",
        f"closed: {_day(3)}",
        f"opened: {_day(-9)}, closed: {_day(-1)}",
    )
    result = simulate(_scenario(tmp_path, "name: now", *days, settings={"weeks": 5, "management.exit": 0.0}))
    assert result.regions["spaces"].tolist() == [2]
    listed = result.space_list.set_index("space")["from_start"]
    # a space that has closed stays in the tables until another takes its row
    assert listed.to_dict() == {0: True, 1: False, 2: False, 3: True, 4: False}


@pytest.mark.slow
def test_five_hundred_spaces_have_keys_and_ordinals_of_their_own_and_run(tmp_path: Path) -> None:
    spaces = [f"name: s{k}, desks: 4" for k in range(499)] + [f"name: late, desks: 4, opened: {_day(2)}"]
    scenario = _scenario(tmp_path, *spaces, people=3000, settings={"spin_up_weeks": 6, "awareness.unprompted": 0.2})
    model = CoworkingModel(scenario, 1)
    model.run_for(scenario.start_week + 6)
    columns, taken = model.world.spaces, model.world.spaces.ordinal >= 0
    assert len(np.unique(columns.key[taken])) == int(taken.sum()) == 500
    assert columns.ordinal[taken].max() == 499
    used = np.unique(model.world.workers.member_of)
    assert used.max() > 300  # rows beyond eight bits, and beyond 255, have members
    assert {int(k) for k in columns.ordinal[used[used >= 0]]} <= set(range(500))
