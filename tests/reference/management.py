"""Management in the plain twin: the costs of every week, and the decisions of every fourth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .laws import pence

if TYPE_CHECKING:
    from .model import PlainModel
    from .region import Area
    from .space import Manager

__all__ = ["manage"]

_FULL_MONTHS = 3


def manage(model: PlainModel) -> None:
    """Every space pays its way; every four weeks managers decide, on the books as they stand, and spaces may open."""
    since = model.week - model.opening
    running = [manager for manager in model.managers if manager.open]
    costs = []
    for manager in running:
        manager.month_offered += 5 * manager.desks
        manager.month_hours_offered += manager.equipment_hours
        if since == 0:
            _endow(manager, model)
        costs.append(_pay_costs(manager, model))
    if since % 4 != 3:
        return
    decisions = [manager.decide(cost) for manager, cost in zip(running, costs, strict=True)]
    openings = [spare for area in model.areas if (spare := _opening(area)) is not None]
    for manager, decision in zip(running, decisions, strict=True):
        manager.carry_out(decision)
        model.post(f"space:{manager.name}", "suppliers", "investment", decision.investment)
    for spare in openings:
        spare.open = spare.opened = True
        spare.first_week = model.week + 1
        _endow(spare, model)
    for manager in model.managers:
        manager.begin_month()


def _endow(manager: Manager, model: PlainModel) -> None:
    """Investors put up the capital of a space at its opening."""
    capital = pence(model.rules.capital)
    manager.cash += capital
    model.post("investors", f"space:{manager.name}", "capital", capital)


def _pay_costs(manager: Manager, model: PlainModel) -> int:
    """Rent by the desk, staff, and events; return the pence, after booking them against the fees of the week."""
    rules, level = model.rules, manager.area.environment.price_level
    rent = pence(rules.rent * level) * manager.desks
    staff = pence(rules.staff * level)
    events = manager.events_held * pence(rules.event_cost)
    payer = f"space:{manager.name}"
    model.post(payer, "landlord", "rent", rent)
    model.post(payer, "staff", "staff", staff)
    model.post(payer, "suppliers", "events", events)
    cost = rent + staff + events
    manager.cash += manager.fees_pence_week - cost
    return cost


def _opening(area: Area) -> Manager | None:
    """The spare space that opens next week, if any: after three months of full spaces that send people home."""
    running = [manager for manager in area.managers if manager.open]
    spares = [manager for manager in area.managers if not manager.opened]
    if not (running and spares):
        return None
    used = sum(manager.month_desk_days for manager in running)
    offered = sum(manager.month_offered for manager in running)
    is_full = used / offered > 0.9 and any(manager.month_turned_away for manager in running)
    area.full_months = area.full_months + 1 if is_full else 0
    if area.full_months < _FULL_MONTHS:
        return None
    area.full_months = 0
    return spares[0]
