"""Management in the plain twin: the accounts of every week, the decisions of every fourth, and founders."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from .accounts import accounts_of, followed
from .calendar import turn_page
from .founders import found
from .laws import pence

if TYPE_CHECKING:
    from .model import PlainModel
    from .space import Manager

__all__ = ["manage"]


def manage(model: PlainModel) -> None:
    """Every space keeps its accounts; every four weeks managers decide, on the books as they stand; founders look."""
    since = model.week - model.begins
    running = [manager for manager in model.managers if manager.open]
    for manager in running if since == 0 else ():
        _endow(manager, model)
    costs = []
    for manager in running:
        manager.add_to_month()
        if model.week > max(manager.opened, model.begins):
            manager.luck = followed(manager.luck, model.source.normal("management", manager.key, model.week, 0))
        costs.append(_keep_accounts(manager, model))
    if since % 4 == 3:
        _decide(running, costs, model)
    turn_page(model)
    found(model)


def _decide(running: list[Manager], costs: list[int], model: PlainModel) -> None:
    """Managers decide, then all is done; some close for other reasons."""
    decisions = [manager.decide(cost, model) for manager, cost in zip(running, costs, strict=True)]
    for manager, decision in zip(running, decisions, strict=True):
        manager.carry_out(decision, model.week)
        model.post(f"space:{manager.name}", "suppliers", "investment", decision.investment)
    for manager in model.managers:
        manager.begin_month()


def _endow(manager: Manager, model: PlainModel) -> None:
    """Give a space of the scenario its cash: all its capital where the market is new, a part of it where not.

    What members have paid before goes to investors.
    """
    model.post(f"space:{manager.name}", "investors", "payout", manager.early_fees)
    cash = pence(model.rules.capital * manager.desks)
    if model.inputs.market != "new":
        cash = floor(manager.traits.cash_share * cash)
    manager.cash += cash
    model.post("investors", f"space:{manager.name}", "capital", cash)


def _keep_accounts(manager: Manager, model: PlainModel) -> int:
    """Book the week; return what it cost."""
    week = accounts_of(
        model.rules,
        manager.area.environment.price_level,
        desks=manager.desks,
        events=manager.events_held,
        fees=manager.fees_pence_week,
        luck=manager.luck,
        hosted=manager.traits.hosted,
        cash=manager.cash,
        age=model.week - manager.opened,
    )
    space = f"space:{manager.name}"
    model.post(space, "landlord", "rent", week.rent)
    model.post(space, "staff", "staff", week.staff)
    model.post(space, "suppliers", "events", week.events)
    model.post("clients", space, "rooms", max(0, week.other))
    model.post(space, "suppliers", "rooms", max(0, -week.other))
    model.post("hosts", space, "hosting", week.host)
    model.post(space, "investors", "payout", week.payout)
    manager.cash += manager.fees_pence_week + week.other - week.cost + week.host - week.payout
    return week.cost
