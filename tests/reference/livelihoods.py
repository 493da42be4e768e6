"""What people live from, in the plain twin: the status that a number stands for, and the income to expect with it."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Final

from coworksim.model.parameters.skills import STATUSES

__all__ = ["EMPLOYED", "expected_income", "status_of"]

EMPLOYED: Final = STATUSES[3:]


def status_of(values: Mapping[str, float | int | str], u: float, *, newcomer: bool = False, nomad: bool = False) -> str:
    """The first status whose cumulative share exceeds u; on-site employees are what the others leave.

    Newcomers are nomads in the places of nomads only: elsewhere u is scaled to the shares of the rest.
    """
    shares = {name: float(values[f"population.{name}_share"]) for name in ("freelancer", "owner", "nomad")}
    remote = float(values["population.remote_share"])
    shares["employee"] = max(0.0, 1 - sum(shares.values()) - remote)
    if nomad:
        return "nomad"
    if newcomer:
        u *= 1 - shares.pop("nomad")
    cumulative = 0.0
    for status, share in shares.items():
        cumulative += share
        if u < cumulative:
            return status
    return "remote_employee"


def expected_income(
    values: Mapping[str, float | int | str], status: str, power: float, *, level: float, demand: float
) -> float:
    """GBP a week that somebody of this status and earning power can expect; nomads' demand is the UK's."""

    def number(name: str) -> float:
        return float(values[name])

    if status in EMPLOYED:
        return number("income.wage") * level * power
    projects = number("income.projects") * (1.0 if status == "nomad" else demand)
    mean_fee = number("income.fee") * exp(number("income.fee_spread") ** 2 / 2)
    factor = number("income.owner_factor") if status == "owner" else 1.0
    return projects * mean_fee * level * power * factor
