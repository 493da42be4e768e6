"""What is written to an agent goes into the run, or is refused in a sentence: never lost without a word."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from coworksim import CoworkingModel, Freelancer, Manager, Worker
from coworksim.model.agents import KINDS
from coworksim.model.views import Column, writable
from tests.worlds import busy

WEEKS = 24
#: A value for each attribute that can be written, far from the usual.
FAR: dict[str, dict[type, Any]] = {
    "sociability": {Worker: 9.0},
    "learning_hours": {Worker: 30.0},
    "days": {Worker: 5},
    "sponsor": {Worker: 1.0},
    "tools": {Worker: True},
    "taste": {Worker: 7.5},
    "offers": {Worker: 20.0},
    "income": {Worker: 5.0},
    "outside_contacts": {Worker: 30.0},
    "price_gbp": {Manager: 1.25},
    "desks": {Manager: 2},
}


@pytest.fixture
def model() -> CoworkingModel:
    made = CoworkingModel(busy())
    made.run_for(14)
    return made


def people(model: CoworkingModel) -> Any:
    return model.agents.select(agent_type=Worker)


def bits(model: CoworkingModel) -> bytes:
    w, spaces = model.world.workers, model.world.spaces
    return b"".join(x.tobytes() for x in (w.skill, w.gain, w.income, w.member_of, w.fees, spaces.price, spaces.cash))


def test_setting_an_attribute_of_a_set_sets_the_state() -> None:
    model = CoworkingModel(busy())
    model.agents_by_type[Freelancer].set("income", 5)
    w = model.world.workers
    assert (w.income[w.status == 0] == 5.0).all()
    assert (w.income[w.status != 0] != 5.0).any()
    assert set(model.agents_by_type[Freelancer].get("income")) == {5.0}


@pytest.mark.parametrize(("pounds", "pence"), [(123.45, 12345), (1.15, 115), (8.2, 820)])
def test_a_price_is_written_in_whole_pence(model: CoworkingModel, pounds: float, pence: int) -> None:
    """100 times 1.15 is a little less than 115."""
    model.agents_by_type[Manager].set("price_gbp", pounds)
    assert (model.world.spaces.price == pence).all()
    assert model.world.spaces.price.dtype == np.int64


def test_every_attribute_that_can_be_written_has_a_value_here() -> None:
    found = {name: kind for kind in (Worker, Manager) for name in writable(kind)}
    assert {name: next(iter(value)) for name, value in FAR.items()} == found


@pytest.mark.parametrize("name", FAR)
def test_what_can_be_written_moves_the_run(name: str, model: CoworkingModel) -> None:
    ((kind, value),) = FAR[name].items()
    other = model.fork()
    other.agents.select(agent_type=kind).set(name, value)
    assert set(other.agents.select(agent_type=kind).get(name)) == {value}
    model.run_for(WEEKS), other.run_for(WEEKS)
    assert bits(other) != bits(model)


def wrong() -> list[tuple[str, Any, str]]:
    return [
        ("income", -1, "income must lie between 0"),
        ("income", float("nan"), "income must lie between 0"),
        ("income", "5", "income must be a number"),
        ("income", [5, 6], "income must be a number"),
        ("days", 9, "days must lie between 0 and 5"),
        ("days", 2.5, "days must be a whole number"),
        ("days", True, "days must be a number, not true or false"),
        ("tools", 1, "tools must be True or False"),
        ("sponsor", 1.01, "sponsor must lie between 0 and 1"),
    ]


@pytest.mark.parametrize(("name", "value", "said"), wrong(), ids=lambda value: repr(value)[:30])
def test_a_wrong_value_is_refused_and_nobody_is_changed(
    name: str, value: Any, said: str, model: CoworkingModel
) -> None:
    before = getattr(model.world.workers, name).copy()
    with pytest.raises(ValueError, match=re.escape(said)):
        people(model).set(name, value)
    np.testing.assert_array_equal(getattr(model.world.workers, name), before)


#: What the simulation keeps, what is a rule, what there is not.
KEPT = ("status", "key", "career_years", "member", "plan", "region", "skill", "skills", "frontier", "encounters", "row")
RULES = ("membership_value", "accepts_encounter", "learn_from")
NOT_SHOWN = ("earned", "member_of", "skill_at_opening", "gain")


@pytest.mark.parametrize("name", [*KEPT, *RULES, *NOT_SHOWN, "incme", "step"])
def test_whatever_would_change_nothing_is_refused(name: str, model: CoworkingModel) -> None:
    worker = model.agents_by_type[Freelancer].to_list()[0]
    said = {**dict.fromkeys(RULES, "model.cast"), "incme": "a class of your own"}.get(name, "keeps it|Mesa")
    with pytest.raises(AttributeError, match=said) as refusal:
        setattr(worker, name, 5)
    assert "income" in str(refusal.value), "the sentence lists what can be set"
    assert name not in vars(worker) or name == "row"


@pytest.mark.parametrize("name", ["cash_gbp", "open", "members", "occupancy", "decide", "new_price", "list_price"])
def test_a_manager_keeps_its_books(name: str, model: CoworkingModel) -> None:
    with pytest.raises(AttributeError, match="price_gbp"):
        model.agents_by_type[Manager].set(name, 5)


def test_a_class_of_your_own_keeps_what_it_likes_but_no_column(model: CoworkingModel) -> None:
    class Moody(Freelancer):
        mood = 0

        def __init__(self, model: Any, row: int) -> None:
            super().__init__(model, row)
            self.grudges: list[int] = []

    model.cast(Moody, lambda worker: True)
    moody = model.agents_by_type[Moody]
    moody.set("mood", 3).set("seen", 1)
    assert set(moody.get("mood")) == {3}
    for name in ("earned", "status", "membership_value"):
        with pytest.raises(AttributeError, match=name):
            moody.set(name, 3)


@pytest.mark.parametrize("name", ["taste", "income", "status", "key", "career_years", "skills"])
def test_a_class_cannot_hide_what_the_simulation_keeps(name: str) -> None:
    with pytest.raises(TypeError, match=rf"Keen\.{name} would hide"):
        type("Keen", (Freelancer,), {name: 3.0})


@pytest.mark.parametrize("name", ["skill", "frontier", "room_to_learn"])
def test_arrays_of_an_agent_are_read_only(name: str, model: CoworkingModel) -> None:
    before = model.world.frontier.copy()
    with pytest.raises(ValueError, match="read-only"):
        getattr(model.worker(0), name)[0] = 5.0
    np.testing.assert_array_equal(model.world.frontier, before)


def test_the_skills_of_an_agent_are_read_only(model: CoworkingModel) -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        model.worker(0).skills["curation"] = 1.0  # type: ignore[index]  # mypy would see it; a script would not


def test_one_who_has_left_is_no_view_of_the_next(model: CoworkingModel) -> None:
    held = {worker: worker.key for worker in people(model)}
    model.run_for(40)
    gone = [worker for worker, key in held.items() if worker not in people(model)]
    assert gone
    for worker in gone:
        with pytest.raises(LookupError, match=r"look again through model\.agents"):
            _ = worker.income
        with pytest.raises(LookupError, match=r"look again through model\.agents"):
            worker.income = 5.0
    assert all(worker.key == key for worker, key in held.items() if worker not in gone)


def test_what_is_shown_and_cannot_be_written_says_so_by_a_column() -> None:
    shown = {name for kind in KINDS for name in dir(kind) if isinstance(getattr(kind, name), Column)}
    assert set(writable(Worker)) < shown
