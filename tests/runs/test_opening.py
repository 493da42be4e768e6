"""Worlds at the opening: one that is kept serves every scenario that differs in nothing that has acted so far."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coworksim import load_scenario, simulate
from coworksim.model.mechanisms import WEEK
from coworksim.model.parameters import PARAMETERS
from coworksim.model.scenario import Scenario
from coworksim.model.sources import PACKAGE, imported
from coworksim.model.state import snapshot
from coworksim.model.weeks import Weeks
from coworksim.runs import opening, world_cache
from coworksim.runs.opening import burnt_in, forked, is_late
from coworksim.runs.outcomes import OUTCOMES, measure
from coworksim.runs.scan import ends
from coworksim.runs.simulation import since_opening
from tests.runs.kept import Lived, keep_in
from tests.worlds import busy, schemes


@pytest.fixture
def weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lived:
    keep_in(tmp_path, monkeypatch)
    return Lived(monkeypatch)


def content(model: Weeks) -> tuple[dict[str, bytes], str]:
    """Return all that a model's world is."""
    arrays, facts = snapshot.parted(model.world)
    return {name: values.tobytes() for name, values in arrays.items()}, repr(facts)


def test_a_world_is_made_once_and_comes_back_to_the_bit(weeks: Lived) -> None:
    scenario = busy()
    made, first = burnt_in(scenario, 1, 0), weeks.since()
    kept, second = burnt_in(scenario, 1, 0), weeks.since()
    assert (first, second) == (scenario.burn_in_weeks, 0)
    assert content(kept) == content(made) == content(burnt_in(scenario, 1, 0, keep=False))
    for model in (made, kept):
        model.live(scenario.weeks)
    assert content(kept) == content(made)


def test_another_seed_replicate_or_early_parameter_is_another_world(weeks: Lived) -> None:
    for scenario, seed, replicate in (
        (busy(), 1, 0),
        (busy(), 2, 0),
        (busy(), 1, 1),
        (busy(**{"income.fee": 500.0}), 1, 0),
        (busy(burn_in_weeks=11), 1, 0),
        (busy(**{"mechanisms.membership": False}), 1, 0),
    ):
        burnt_in(scenario, seed, replicate)
        assert weeks.since() == scenario.burn_in_weeks


def test_a_damaged_world_is_made_anew(weeks: Lived) -> None:
    before = content(burnt_in(busy(), 1, 0))
    folder = world_cache.usage().folder
    assert folder is not None
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    weeks.since()
    assert content(burnt_in(busy(), 1, 0)) == before
    assert weeks.since() == busy().burn_in_weeks
    assert content(burnt_in(busy(), 1, 0)) == before
    assert weeks.since() == 0


def test_a_kept_world_serves_another_horizon_other_policies_and_other_late_parameters(weeks: Lived) -> None:
    burnt_in(busy(), 1, 0)
    weeks.since()
    others = busy(
        **{
            "weeks": 9,
            "membership.churn": 0.1,
            "membership.taste_sd": 2.0,
            "management.rent": 9.0,
            "schemes.hassle": 1.0,
        }
    )
    kept = burnt_in(others, 1, 0)
    assert weeks.since() == 0
    assert content(kept) == content(burnt_in(others, 1, 0, keep=False))
    assert kept.setup == others


def late(market: str = "new") -> list[str]:
    found = (name for name in PARAMETERS if is_late(name, market) and ends(PARAMETERS[name]) is not None)
    return [name for name in found if not name.startswith("policies.")]


def moved(scenario: Scenario, name: str) -> list[str]:
    """Return the columns of the world at the opening that one parameter moves, tastes apart, which are drawn anew."""
    base = content(burnt_in(scenario, 1, 0))[0]
    found: set[str] = set()
    for value in ends(PARAMETERS[name]) or ():
        other = content(burnt_in(scenario.changed({name: value}), 1, 0))[0]
        found |= {column for column in base if base[column] != other.get(column)}
    return sorted(found - {"workers.taste"})


@pytest.mark.parametrize("name", late())
def test_a_late_parameter_moves_nothing_before_the_opening(name: str) -> None:
    assert moved(schemes(), name) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", late("mature"))
def test_a_late_parameter_of_a_mature_market_moves_nothing_before_policies(name: str) -> None:
    assert moved(schemes(market="mature", spin_up_weeks=16), name) == []


def test_what_is_late_in_a_new_market_only_is_read_while_a_mature_one_spins_up() -> None:
    mature = schemes(market="mature", spin_up_weeks=16)
    assert set(late("mature")) < set(late())
    assert moved(mature, "membership.review_weeks") != [] != moved(mature, "awareness.unprompted")


def test_an_early_parameter_would_be_seen() -> None:
    assert len(late()) > 30
    assert moved(schemes(), "income.fee") != [] != moved(schemes(), "space.price")


def test_tastes_that_are_not_drawn_anew_would_be_seen(weeks: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    burnt_in(busy(), 1, 0)
    monkeypatch.setattr(opening, "draw_tastes", lambda *_: None)
    other = busy(**{"membership.taste_sd": 2.0})
    assert content(burnt_in(other, 1, 0)) != content(burnt_in(other, 1, 0, keep=False))


@pytest.mark.parametrize("scenario", [busy(), schemes()], ids=["busy", "schemes"])
def test_a_run_from_a_kept_world_is_the_run_from_the_start(weeks: Lived, scenario: Scenario) -> None:
    whole = simulate(scenario, 1)
    weeks.since()
    first, again = since_opening(scenario, 1), since_opening(scenario, 1)
    assert weeks.since() == scenario.burn_in_weeks + 2 * scenario.weeks
    for part in (first, again):
        assert content(part.model) == content(whole.model)
        numbers = measure(part, OUTCOMES)
        assert repr(numbers) == repr(measure(whole, OUTCOMES))
        assert part.series.equals(whole.series[whole.series["week"] >= 0].reset_index(drop=True))
        assert part.spaces.equals(whole.spaces)


def test_what_a_stranger_puts_into_the_week_is_not_kept(weeks: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(WEEK[0]):  # type: ignore[misc,valid-type]  # whichever mechanism is first
        """A mechanism of somebody's own."""

    monkeypatch.setattr(opening, "WEEK", (Own, *WEEK[1:]))
    burnt_in(busy(), 1, 0)
    assert world_cache.usage().files == 0


def test_what_makes_a_world_beside_the_model_is_named() -> None:
    """Else a world could be read that another version of the code has made."""
    light = {"files", "statistics"}  # resolved into the scenario, or no part of a world
    found = {path.relative_to(PACKAGE).as_posix() for path in imported("coworksim.runs.opening")}
    beside = {name for name in found if name.partition("/")[0] not in light | {"model"}}
    runner = {"__init__.py", *(f"runs/{name}.py" for name in ("__init__", "run", "threads", "worker", "world_cache"))}
    assert beside - runner == {"runs/opening.py"}


def test_arms_of_a_kept_world_are_those_of_a_made_one(weeks: Lived) -> None:
    scenario = schemes()
    whole: Any = simulate(scenario, 1).model
    burnt_in(load_scenario("tiny"), 1, 0)
    for _ in range(2):
        arm = forked(burnt_in(scenario, 1, 0), scenario.policies)
        arm.live(scenario.weeks)
        assert content(arm) == content(whole)
        assert arm.world.schemes.spent.sum() > 0
