"""Tables without needless copies: they say the same, and share nothing with the world."""

from __future__ import annotations

import numpy as np
import pytest

from coworksim.files.columns import content, text
from coworksim.model.parameters.skills import STATUSES
from coworksim.model.state.ties import strength
from coworksim.runs.simulation import Result, simulate
from tests.worlds import busy


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(busy(weeks=8))


def test_no_table_shares_memory_with_the_world(result: Result) -> None:
    world = result.model.world
    state = [getattr(world.workers, name) for name in world.workers.__slots__]
    state += [world.ties.source, world.ties.target, world.ties.weight, world.ties.last]
    for table in (result.workers, result.ties):
        for name, column in table.items():
            if column.dtype != "category":
                assert not any(np.may_share_memory(column.to_numpy(), array) for array in state), name


def test_text_says_the_word_of_each_row_though_words_occur_twice() -> None:
    words, codes = ["core", "left-behind", "core"], np.array([2, 1, 0, 1])
    assert list(text(words, codes)) == [words[code] for code in codes]
    many = [f"region {number}" for number in range(40_000)]
    assert list(text(many, np.array([39_999, 0]))) == ["region 39999", "region 0"]


def test_strengths_of_the_table_are_those_of_the_rule(result: Result) -> None:
    world = result.model.world
    ties = world.ties
    faded = [strength(float(ties.weight[a]), world.week - int(ties.last[a]), world.log_rho) for a in range(len(ties))]
    assert result.ties["weight"].tolist() == faded
    assert any(value != weight for value, weight in zip(faded, ties.weight[: len(ties)].tolist(), strict=True))


@pytest.mark.parametrize("array", [np.arange(12.0).reshape(3, 4).T, np.array([True, False]), np.zeros((0, 3))])
def test_content_is_the_bytes_in_c_order(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> None:
    assert content(array).tobytes() == np.ascontiguousarray(array).tobytes()


def test_groups_of_text_leave_out_nothing_and_add_nothing(result: Result) -> None:
    counts = result.workers.groupby("status")["key"].size()
    assert counts.to_dict() == {status: n for status, n in zip(STATUSES, _people(result), strict=True) if n}


def _people(result: Result) -> list[int]:
    codes = result.model.world.workers.status.tolist()
    return [codes.count(code) for code in range(len(STATUSES))]
