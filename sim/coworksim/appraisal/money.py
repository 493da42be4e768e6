"""Money of an appraisal: out of the books of both worlds, by payee and financial year, and what it is worth to all.

Public cost is what the treasury pays (and does not get back), with a declared share for administration and error on
top. Social value counts resources: what clients and employers pay for people's work is output, in which projects taken
from others cancel; rent, staff, suppliers, what the treasury buys elsewhere, training places that it buys in spaces,
administration and people's time are resource costs. Money that only changes hands (support, membership fees,
sponsorship, capital) nets out and stands in the table of incidence. Prices are those of the year in which the spaces
open: the model has no inflation. Nothing after the horizon counts.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from coworksim.appraisal.measure_registry import TAB
from coworksim.appraisal.measures import YEAR, Pair
from coworksim.appraisal.pairs import Record
from coworksim.model.policies import KINDS
from coworksim.model.scenario import Scenario
from coworksim.model.state.world import Posting

_OUTPUT: Final = ("clients", "employers")
_WORK: Final = ("fees", "wages")
_RESOURCES: Final = ("landlord", "staff", "suppliers")
_TRANSFERS: Final = ("space", "workers", "employers")
#: Whose invoices hold VAT; wages and grants, to spaces and to firms, do not.
_INVOICED: Final = ("suppliers", "trainers")
_THREE_YEARS: Final = 3


def financial_year(starts: datetime.date, week: int) -> str:
    """Return the UK financial year (April to March) in which a week since the opening begins.

    >>> financial_year(datetime.date(2022, 11, 7), 0), financial_year(datetime.date(2022, 11, 7), 21)
    ('2022-23', '2023-24')
    """
    day = starts + datetime.timedelta(weeks=week)
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def discounted(pence_by_week: Iterable[tuple[int, int]], rate: float) -> float:
    """Return the present value, GBP, of pence in weeks since the opening: factor ``(1 + rate)**(-w/52)``.

    >>> round(discounted([(0, 100), (52, 10_350)], 0.035), 9)
    101.0
    """
    return float(sum(pence * (1.0 + rate) ** (-week / YEAR) for week, pence in pence_by_week)) / 100.0


def _class(account: str) -> str:
    return account.partition(":")[0]


def _net(postings: list[Posting]) -> list[tuple[int, int, str, str]]:
    """Return what the treasury pays as (week, pence, payee, purpose); what comes back is negative."""
    paid = [(p.week, p.pence, p.payee, p.purpose) for p in postings if p.payer == "treasury"]
    return paid + [(p.week, -p.pence, p.payer, p.purpose) for p in postings if p.payee == "treasury"]


def _held(scenario: Scenario) -> frozenset[str]:
    """Return the purposes for which the treasury pays spaces to hold training, rather than to have what it pays for."""
    return frozenset(f"policy:{policy.name}" for policy in scenario.policies if KINDS[policy.kind].holds_training)


def _holds_vat(name: str, held: frozenset[str]) -> bool:
    """Return whether a sum of the table ``paid`` holds VAT: memberships, training in spaces, and what is invoiced."""
    _, _, payee, purpose = name.split(TAB)
    return purpose.startswith("support:") or purpose in held or _class(payee) in _INVOICED


def public_accounts(pair: Pair) -> dict[str, float]:
    """Return the treasury's accounts: paid by year, payee and purpose; commitments by year; what of budgets is left."""
    scenario, starts = pair.scenario, pair.scenario.starts
    table: Counter[str] = Counter()
    for week, pence, payee, purpose in _net(pair.there.postings):
        table[TAB.join(("paid", financial_year(starts, week), payee, purpose))] += pence
    for week, pence, payee, purpose in _net(pair.here.postings):
        table[TAB.join(("paid", financial_year(starts, week), payee, purpose))] -= pence
    found = {name: pence / 100.0 for name, pence in table.items()}
    paid = sum(table.values()) / 100.0
    rates = {name: float(scenario[f"appraisal.{name}"]) for name in ("vat_rate", "administration", "discount_rate")}
    held = _held(scenario)
    taxed = sum(pence for name, pence in table.items() if _holds_vat(name, held)) / 100.0
    administration = rates["administration"] * paid
    budget = sum(policy.budget for policy in scenario.policies) / 100.0
    committed = float(pair.there.committed[-1].sum()) / 100.0
    years = [financial_year(starts, week) for week in range(pair.there.weeks)]
    before = 0.0
    for year in dict.fromkeys(years):
        last = len(years) - 1 - years[::-1].index(year)
        now = float(pair.there.committed[last].sum()) / 100.0
        found[TAB.join(("committed", year))], before = now - before, now
        found[TAB.join(("outturn", year))] = sum(found[k] for k in found if k.startswith(f"paid{TAB}{year}{TAB}"))
    by_week = [(week, pence) for week, pence, _, _ in _net(pair.there.postings)]
    by_week += [(week, -pence) for week, pence, _, _ in _net(pair.here.postings)]
    present = discounted(by_week, rates["discount_rate"])
    return found | {
        "budget_gbp": budget,
        "committed_gbp": committed,
        "public_paid_gbp": paid,
        "administration_gbp": administration,
        "public_cost_gbp": paid + administration,
        "public_cost_without_vat_gbp": paid - taxed * rates["vat_rate"] / (1.0 + rates["vat_rate"]) + administration,
        "public_cost_present_gbp": present * (1.0 + rates["administration"]),
        "underspend_gbp": budget - paid,
        "unpaid_commitments_gbp": committed - paid,
        "largest_support_gbp": largest_support(pair.there.postings, scenario),
    }


def largest_support(postings: list[Posting], scenario: Scenario) -> float:
    """Return the most that the books show of public money for one space over three financial years in a row, GBP."""
    received: dict[str, Counter[int]] = {}
    for week, pence, payee, _ in _net(postings):
        if _class(payee) == "space":
            received.setdefault(payee, Counter())[int(financial_year(scenario.starts, week)[:4])] += pence
    most = 0
    for years in received.values():
        most = max(most, *(sum(years[first + k] for k in range(_THREE_YEARS)) for first in years))
    return most / 100.0


def transfers(pair: Pair) -> dict[str, float]:
    """Return by kind of account how much more it has with the policies, GBP; all of them add up to nothing."""
    balance: Counter[str] = Counter()
    for sign, record in ((1, pair.there), (-1, pair.here)):
        for posting in record.postings:
            balance[_class(posting.payer)] -= sign * posting.pence
            balance[_class(posting.payee)] += sign * posting.pence
    return {TAB.join(("balance", name)): pence / 100.0 for name, pence in sorted(balance.items())}


def _flows(record: Record, held: frozenset[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return output and resource costs in the books of one world, as weeks and pence.

    ``held``: purposes for which the treasury pays spaces to do something themselves.
    """
    output, cost = [], []
    for p in record.postings:
        payer, payee = _class(p.payer), _class(p.payee)
        if payer in _OUTPUT and payee == "workers" and p.purpose in _WORK:
            output.append((p.week, p.pence))
        elif payee in _RESOURCES or (payer == "treasury" and (payee not in _TRANSFERS or p.purpose in held)):
            cost.append((p.week, p.pence))
    return output, cost


def social_value(pair: Pair, weighted_output: float, administration: float) -> dict[str, float]:
    """Return present values, GBP: output gains less resource costs, plain and with distributional weights on output."""
    scenario = pair.scenario
    rate = float(scenario["appraisal.discount_rate"])
    held = _held(scenario)  # the books of a space show no trainer: the price of a place is the resource
    output, cost = (
        discounted(there, rate) - discounted(here, rate)
        for there, here in zip(_flows(pair.there, held), _flows(pair.here, held), strict=True)
    )
    lost = 1.0 - float(scenario["encounters.from_learning"])
    hours = float(pair.gained("encounter_hours_now").sum()) * lost
    time = hours * float(scenario["appraisal.time_value"])
    resources = cost + administration + time
    return {
        "output_gain_gbp": output,
        "weighted_output_gain_gbp": weighted_output,
        "space_resources_gbp": cost,
        "time_cost_gbp": time,
        "resource_cost_gbp": resources,
        "social_value_gbp": output - resources,
        "weighted_social_value_gbp": weighted_output - resources,
    }


def money(pair: Pair, weighted_output: float) -> dict[str, float]:
    """Return all numbers of money of one pair of worlds by name; those of tables have parts divided by tabs."""
    found = public_accounts(pair)
    paid, present = found["public_paid_gbp"], found["public_cost_present_gbp"]
    share = float(pair.scenario["appraisal.administration"])
    administration = present * share / (1.0 + share) if paid else 0.0
    return found | transfers(pair) | social_value(pair, weighted_output, administration)


def booked_support(record: Record) -> int:
    """Return the pence that the books say were paid in support of members; persons' own accounts must agree."""
    return int(np.sum([p.pence for p in record.postings if p.purpose.startswith("support:")], dtype=np.int64))
