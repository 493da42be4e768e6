"""Casting: who acts as which class, now and as people come and go."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest

from coworksim import CoworkingModel, Employee, Freelancer, Manager, Worker
from coworksim.model.agents import KINDS, RemoteEmployee
from coworksim.model.mechanisms.helpers.offers import Offer
from coworksim.model.state.world import Books
from tests.worlds import busy

#: Three in ten leave in a year, and half of all freelancers take a job.
COMING = {"turnover.exit": 0.3, "turnover.to_employee": 0.5, "turnover.to_freelancer": 0.3, "weeks": 156}


class Hermit(Freelancer):
    """A freelancer who never joins."""

    def membership_value(self, offer: Offer) -> float:
        return -math.inf


class Quiet(Worker):
    """Anybody who never joins, whatever his or her status."""

    def membership_value(self, offer: Offer) -> float:
        return -math.inf


class Dear(Manager):
    """A manager who asks 200 pounds, full or empty."""

    def new_price(self, books: Books) -> int:
        return 20000


def anyone(agent: Any) -> bool:
    return True


def share(model: CoworkingModel, kind: type[Worker], base: type[Worker]) -> float:
    found = model.agents.select(agent_type=base) if base is not Worker else model.agents.select(agent_type=Worker)
    return sum(type(worker) is kind for worker in found) / len(found)


def test_a_cast_wears_off_and_a_standing_one_does_not() -> None:
    once, standing = CoworkingModel(busy(**COMING)), CoworkingModel(busy(**COMING))
    assert once.cast(Hermit, anyone) == standing.cast(Hermit, anyone, newcomers=True) > 0
    for week in range(155):
        for model in (once, standing):
            model.step()
        assert share(standing, Hermit, Freelancer) == 1.0, week
    assert share(once, Hermit, Freelancer) < 0.8
    assert not any(standing.agents.select(agent_type=Freelancer).get("member"))
    assert any(once.agents.select(agent_type=Freelancer).get("member"))


def test_a_standing_cast_acts_in_weeks_in_which_nobody_looks() -> None:
    model = CoworkingModel(busy(**COMING))
    model.cast(Hermit, anyone, newcomers=True)
    model.run_for(80)
    w = model.world.workers
    assert (w.member_of[w.status == 0] == -1).all()
    assert (w.member_of >= 0).any()
    assert {worker.status for worker in model.agents_by_type[Hermit]} == {"freelancer"}


def test_newcomers_are_asked_as_they_come() -> None:
    model = CoworkingModel(busy(**COMING))
    model.cast(Hermit, lambda worker: worker.key % 2 == 0, newcomers=True)
    model.run_for(80)
    for worker in model.agents.select(agent_type=Freelancer):
        assert type(worker) is (Hermit if worker.key % 2 == 0 else Freelancer)


def test_the_latest_cast_that_wants_a_newcomer_has_it() -> None:
    class Other(Freelancer):
        """Another."""

    model = CoworkingModel(busy(**COMING))
    model.cast(Hermit, anyone, newcomers=True)
    model.cast(Other, lambda worker: worker.region == "other", newcomers=True)
    model.run_for(80)
    for worker in model.agents.select(agent_type=Freelancer):
        assert type(worker) is (Other if worker.region == "other" else Hermit)


def test_a_subclass_of_worker_is_cast_among_everybody_and_stays_whatever_the_job() -> None:
    model = CoworkingModel(busy(**COMING))
    assert model.cast(Quiet, anyone) == len(model.world.workers)
    status = {worker.key: worker.status for worker in model.agents.select(agent_type=Worker)}
    model.run_for(80)
    stayed = [worker for worker in model.agents.select(agent_type=Worker) if worker.key in status]
    assert {type(worker) for worker in stayed} == {Quiet}
    assert any(worker.status != status[worker.key] for worker in stayed)
    assert not any(worker.member for worker in stayed)
    assert 0 < share(model, Quiet, Worker) < 1


def test_a_subclass_of_worker_may_stand_for_newcomers_too() -> None:
    model = CoworkingModel(busy(**COMING))
    model.cast(Quiet, anyone, newcomers=True)
    model.run_for(80)
    assert share(model, Quiet, Worker) == 1.0
    assert (model.world.workers.member_of == -1).all()


def test_a_standing_cast_of_nobody_changes_no_bit() -> None:
    plain, model = CoworkingModel(busy()), CoworkingModel(busy())
    assert model.cast(Hermit, lambda worker: False, newcomers=True) == 0
    plain.run_for(38), model.run_for(38)
    for name in ("skill", "gain", "member_of", "income", "fees"):
        assert (getattr(plain.world.workers, name) == getattr(model.world.workers, name)).all()


def test_managers_are_cast_too() -> None:
    model = CoworkingModel(busy())
    there = [model.world.regions.names[region] == "other" for region in model.world.spaces.region]
    assert model.cast(Dear, lambda manager: manager.region == "other") == sum(there) > 0
    model.run_for(30)
    assert [type(manager) is Dear for manager in model.world.managers] == there
    assert len(model.agents_by_type[Dear]) == sum(there)
    ran = model.world.spaces.open
    assert [price == 20000 for price in model.world.spaces.price[ran].tolist()] == [
        dear for dear, running in zip(there, ran, strict=True) if running
    ]


def test_casting_a_kind_of_the_model_takes_a_cast_back() -> None:
    plain, model = CoworkingModel(busy()), CoworkingModel(busy())
    model.cast(Hermit, anyone)
    model.cast(Freelancer, anyone)
    plain.run_for(30), model.run_for(30)
    assert (plain.world.workers.member_of == model.world.workers.member_of).all()
    assert {type(agent) for agent in model.agents} == {Manager, *KINDS}


def test_a_decorated_rule_is_asked() -> None:
    """functools.wraps copies whatever marks a method; the class decides in plain Python all the same."""
    asked: list[int] = []

    def logged(self: Freelancer, offer: Offer) -> float:
        asked.append(self.key)
        return Freelancer.membership_value(self, offer)

    wrapped = functools.wraps(Freelancer.membership_value)(logged)
    model = CoworkingModel(busy())
    model.cast(type("Logged", (Freelancer,), {"membership_value": wrapped}), anyone)
    model.run_for(30)
    assert asked


class Stepping(Freelancer):
    """One who believes that the model calls ``step``."""

    def step(self) -> None:
        self.income = 0.0


class Deaf(Freelancer):
    """One with a rule that nobody asks where nobody meets."""

    def accepts_encounter(self, partner: Worker, invitation: Any) -> bool:
        return False


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Stepping, "Stepping.step is never called"),
        (object, "cast takes a class made from Worker"),
        (dict, "cast takes a class made from Worker"),
        (lambda worker: 5, "cast takes a class made from Worker"),
    ],
)
def test_a_class_that_would_do_nothing_is_refused(kind: Any, said: str) -> None:
    model = CoworkingModel(busy())
    with pytest.raises(TypeError, match=said):
        model.cast(kind, anyone)
    assert {type(agent) for agent in model.agents} == {Manager, *KINDS}


def test_rules_of_mechanisms_that_are_off_are_refused() -> None:
    model = CoworkingModel(busy(**{"mechanisms.encounters": False}))
    with pytest.raises(LookupError, match=r"Deaf\.accepts_encounter is asked by encounters, which .* switched off"):
        model.cast(Deaf, anyone)
    with pytest.raises(LookupError, match="management"):
        CoworkingModel(busy(**{"mechanisms.management": False})).cast(Dear, anyone)
    assert model.cast(Hermit, anyone) > 0


def test_a_rule_replaced_in_the_class_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Freelancer, "membership_value", Hermit.membership_value)
    with pytest.raises(TypeError, match=r"Freelancer\.membership_value .* write a subclass"):
        CoworkingModel(busy())


def test_workers_of_no_row_are_refused() -> None:
    model = CoworkingModel(busy())
    for row in (-1, len(model.world.workers)):
        with pytest.raises(IndexError, match="rows 0 to 59"):
            model.worker(row)


def test_whoever_a_mechanism_of_your_own_hires_is_another_agent() -> None:
    class Hiring:
        name = "hiring"

        def __init__(self, world: Any) -> None:
            pass

        def step(self, world: Any) -> None:
            world.workers.status[:] = 4

    model = CoworkingModel(busy(), week=[Hiring])
    assert model.cast(Hermit, anyone) > 0 if any(p.name == "membership" for p in model.phases) else model.agents
    model.step()
    assert {type(worker) for worker in model.agents.select(agent_type=Worker)} == {RemoteEmployee}
    assert not model.agents_by_type[Employee]
