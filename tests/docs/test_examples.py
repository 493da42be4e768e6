"""Examples in documents print what they say that they print."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from coworksim.model.state.people import FAMILIES, SPACE_SOCIAL
from coworksim.model.state.rng import STREAMS
from tests.docs.examples import printed, python_blocks, shown, unsaid

ROOT = Path(__file__).parents[2]
#: Every document but the lists of what changed.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "scenarios").rglob("*.md"))]
WITH_CODE = [page for page in PAGES if python_blocks(page.read_text())]


@pytest.fixture
def _same_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Mesa's batch_run from changing how the processes of other tests start."""
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *args, **more: None)


def run(page: Path) -> tuple[list[str], list[str], dict[str, object]]:
    """Return what the examples of a page print, what they say, and the names that they leave."""
    names: dict[str, object] = {}
    blocks = python_blocks(page.read_text())
    return [line for block in blocks for line in printed(block, names)], [x for b in blocks for x in shown(b)], names


@pytest.mark.usefixtures("_same_start")
@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.name)
def test_examples_print_what_they_say(page: Path) -> None:
    told, said, _ = run(page)
    assert told == said, f"write into {page.relative_to(ROOT)} what its examples print"


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.name)
def test_whatever_an_example_prints_is_shown(page: Path) -> None:
    assert [line for block in python_blocks(page.read_text()) for line in unsaid(block)] == []


def test_a_wrong_or_missing_value_is_seen() -> None:
    block = "x = 2\nprint(x)  # -> 3\nfor k in (1, 2):\n    print(\n        k\n    )  # -> 1; 2\nprint(x)\n"
    assert shown(block) == ["3", "1", "2"]
    assert printed(block, {}) == ["2", "1", "2", "2"]
    assert unsaid(block) == ["print(x)"]


def test_the_first_example_counts_all_members_of_a_region() -> None:
    """Not those of the last status and group of occupations, which the last row of a region would be."""
    names = run(ROOT / "README.md")[2]
    result = names["result"]
    people = result.workers  # type: ignore[attr-defined]  # whatever the page calls result
    expected = people.groupby("region", observed=True)["member"].sum().to_dict()  # a region may have none
    (line,) = printed("print(last.groupby('region', observed=True)['members'].sum().to_dict())", names)
    assert line == str(expected)
    assert sum(expected.values()) > max(expected.values())


@pytest.mark.usefixtures("_same_start")
@pytest.mark.slow
def test_the_lunch_keeps_the_rule_that_it_claims() -> None:
    """Who has company of the own occupation in the space gains, and nobody else; what is learnt is in the books."""
    names = run(ROOT / "docs/own-mechanism.md")[2]
    world = names["with_lunch"].fork().world  # type: ignore[attr-defined]  # whatever the page calls so
    w = world.workers
    w.member_of[:], w.days_present[:] = -1, 0
    w.member_of[:5], w.days_present[:5] = (0, 0, 0, 1, 0), (2, 1, 3, 2, 0)
    w.occupation[:5] = (1, 1, 2, 1, 1)  # the first two share space and occupation; the last stays at home
    w.skill[:, 0], w.week_gain[:] = 0.5, 0.0
    before, booked = w.skill.copy(), w.gain.copy()
    names["Lunch"](world).step(world)  # type: ignore[operator]  # whatever the page calls so
    gained = w.skill - before
    assert np.flatnonzero(gained.any(axis=1)).tolist() == [0, 1]
    np.testing.assert_allclose(gained[:2, 0], 0.005 * (world.frontier[1, 0] - 0.5))
    assert not gained[:, 1:].any()
    np.testing.assert_allclose((w.gain - booked)[:, FAMILIES.index("sc"), SPACE_SOCIAL], gained[:, :4].mean(axis=1))
    np.testing.assert_allclose(w.week_gain, gained.sum(axis=1))


def test_streams_from_1000_on_are_free() -> None:
    assert max(number for number, _ in STREAMS.values()) < 1000
