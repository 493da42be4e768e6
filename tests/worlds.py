"""Small worlds in which much happens: members, encounters, short equipment, ties that fade."""

from __future__ import annotations

from colearn.scenario import Scenario, load_scenario

#: Two regions, one space each, that fill within weeks; both rationed desks and rationed equipment occur.
BUSY = {
    "weeks": 26,
    "burn_in_weeks": 12,
    "membership.constant": -1.5,
    "space.desks": 8,
    "encounters.rate": 3.0,
    "resource_pool.equipment_hours": 0.5,
}


def busy(**overrides: object) -> Scenario:
    """Return the built-in scenario tiny, made busy, with further overrides."""
    return load_scenario("tiny", overrides={**BUSY, **overrides})


def town(people: int, **overrides: object) -> Scenario:
    """Return one region of ``people`` workers around one space with a desk for every tenth."""
    settings = {
        "burn_in_weeks": 12,
        "weeks": 52,
        "membership.constant": -2.5,
        "environment.catchment": float(people),
        "environment.catchment_elasticity": 0.0,
        "space.desks": people // 10,
    }
    return load_scenario("uk-core", overrides={**settings, **overrides})
