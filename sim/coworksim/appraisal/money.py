"""Money of an appraisal, out of the books of both worlds, and who gets what.

Public cost is what the treasury pays, with a declared share for administration and error on top. Social value counts
resources: what clients and employers pay for people's work is output, in which projects taken from others cancel; rent,
staff, suppliers, what the treasury buys elsewhere, training places that it buys in spaces, administration and people's
time are resource costs. Money that only changes hands (support, membership fees, sponsorship, capital) nets out and
stands in the table of incidence. Prices are those of the year in which the spaces open: the model has no inflation.
Nothing after the horizon counts.

Groups are fixed in the world without the policies, as people stood at the start or on coming later. Income is
smoothed income from work before tax: the model has neither taxes nor households, so that nothing is equivalised. Fifths
are cut at the start over everybody. Sex, ethnicity and disability are not in the model.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coworksim.appraisal.measure_registry import TAB
from coworksim.appraisal.measures import YEAR, Flags, Pair, terms
from coworksim.appraisal.pairs import Record
from coworksim.model.parameters.skills import FIFTHS, FLAGS, GROUPS
from coworksim.model.policies import KINDS
from coworksim.model.scenario import Scenario
from coworksim.model.state.world import Posting

_OUTPUT: Final = ("clients", "employers")
_WORK: Final = ("fees", "wages")
_RESOURCES: Final = ("landlord", "staff", "suppliers")
_TRANSFERS: Final = ("space", "workers", "employers")
#: Whose invoices hold VAT; wages and grants, to spaces and to firms, do not.
_INVOICED: Final = ("suppliers", "trainers")


def financial_year(starts: datetime.date, week: int) -> str:
    """Return the UK financial year (April to March) in which a week since the start begins.

    >>> financial_year(datetime.date(2022, 11, 7), 0), financial_year(datetime.date(2022, 11, 7), 21)
    ('2022-23', '2023-24')
    """
    day = starts + datetime.timedelta(weeks=week)
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def discounted(pence_by_week: Iterable[tuple[int, int]], rate: float) -> float:
    """Return the present value, GBP, of pence in weeks since the start: factor ``(1 + rate)**(-w/52)``.

    >>> round(discounted([(0, 100), (52, 10_350)], 0.035), 9)
    101.0
    """
    return float(sum(pence * (1.0 + rate) ** (-week / YEAR) for week, pence in pence_by_week)) / 100.0


def _net(postings: list[Posting], sign: int = 1) -> list[tuple[int, int, str, str]]:
    """Return what the treasury pays as (week, pence, payee, purpose); what comes back is negative."""
    paid = [(p.week, sign * p.pence, p.payee, p.purpose) for p in postings if p.payer == "treasury"]
    return paid + [(p.week, -sign * p.pence, p.payer, p.purpose) for p in postings if p.payee == "treasury"]


def _held(scenario: Scenario) -> frozenset[str]:
    """Return the purposes for which the treasury pays spaces to hold training, rather than to have what it pays for."""
    return frozenset(f"policy:{policy.name}" for policy in scenario.policies if KINDS[policy.kind].holds_training)


def public_accounts(pair: Pair) -> dict[str, float]:
    """Return the treasury's accounts: paid by year, payee and purpose; commitments by year; what of budgets is left."""
    scenario, starts = pair.scenario, pair.scenario.starts
    net = _net(pair.there.postings) + _net(pair.here.postings, -1)
    table: Counter[tuple[str, str, str]] = Counter()
    for week, pence, payee, purpose in net:
        table[financial_year(starts, week), payee, purpose] += pence
    found = {TAB.join(("paid", *key)): pence / 100.0 for key, pence in table.items()}
    paid, held = sum(table.values()) / 100.0, _held(scenario)
    taxed = sum(  # memberships, training in spaces, and what is invoiced
        pence
        for (_, payee, purpose), pence in table.items()
        if purpose.startswith("support:") or purpose in held or payee.partition(":")[0] in _INVOICED
    )
    names = ("vat_rate", "administration", "discount_rate")
    vat, share, discount = (float(scenario[f"appraisal.{name}"]) for name in names)
    administration = share * paid
    budget = sum(policy.budget for policy in pair.policies) / 100.0
    years = [financial_year(starts, week) for week in range(pair.there.weeks)]
    committed = 0.0
    for year in dict.fromkeys(years):
        last = len(years) - 1 - years[::-1].index(year)
        before, committed = committed, float(pair.there.committed[last].sum()) / 100.0
        found[TAB.join(("committed", year))] = committed - before
        found[TAB.join(("outturn", year))] = sum(found[k] for k in found if k.startswith(f"paid{TAB}{year}{TAB}"))
    return found | {
        "budget_gbp": budget,
        "committed_gbp": committed,
        "public_paid_gbp": paid,
        "administration_gbp": administration,
        "public_cost_gbp": paid + administration,
        "public_cost_without_vat_gbp": paid - taxed / 100.0 * vat / (1.0 + vat) + administration,
        "public_cost_present_gbp": discounted([flow[:2] for flow in net], discount) * (1.0 + share),
        "underspend_gbp": budget - paid,
        "unpaid_commitments_gbp": committed - paid,
        "largest_support_gbp": largest_support(pair.there.postings, scenario),
    }


def largest_support(postings: list[Posting], scenario: Scenario) -> float:
    """Return the most that the books show of public money for one space over three financial years in a row, GBP."""
    received: dict[str, Counter[int]] = {}
    for week, pence, payee, _ in _net(postings):
        if payee.partition(":")[0] == "space":
            received.setdefault(payee, Counter())[int(financial_year(scenario.starts, week)[:4])] += pence
    sums = (sum(years[first + k] for k in range(3)) for years in received.values() for first in years)
    return max([0, *sums]) / 100.0


def transfers(pair: Pair) -> dict[str, float]:
    """Return by kind of account how much more it has with the policies, GBP; all of them add up to nothing."""
    balance: Counter[str] = Counter()
    for sign, record in ((1, pair.there), (-1, pair.here)):
        for posting in record.postings:
            balance[posting.payer.partition(":")[0]] -= sign * posting.pence
            balance[posting.payee.partition(":")[0]] += sign * posting.pence
    return {TAB.join(("balance", name)): pence / 100.0 for name, pence in sorted(balance.items())}


def _flows(record: Record, held: frozenset[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return output and resource costs in the books of one world, as weeks and pence.

    ``held``: purposes for which the treasury pays spaces to do something themselves.
    """
    output, cost = [], []
    for p in record.postings:
        payer, payee = p.payer.partition(":")[0], p.payee.partition(":")[0]
        if payer in _OUTPUT and payee == "workers" and p.purpose in _WORK:
            output.append((p.week, p.pence))
        elif payee in _RESOURCES or (payer == "treasury" and (payee not in _TRANSFERS or p.purpose in held)):
            cost.append((p.week, p.pence))
    return output, cost


def social_value(pair: Pair, weighted_output: float, administration: float) -> dict[str, float]:
    """Return present values, GBP: output gains less resource costs, plain and with distributional weights on output."""
    scenario, rate = pair.scenario, float(pair.scenario["appraisal.discount_rate"])
    held = _held(scenario)  # the books of a space show no trainer: the price of a place is the resource
    flows = zip(_flows(pair.there, held), _flows(pair.here, held), strict=True)
    output, cost = (discounted(there, rate) - discounted(here, rate) for there, here in flows)
    time = float(pair.gained("encounter_hours_now").sum()) * float(scenario["appraisal.time_value"])
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
    found, share = public_accounts(pair), float(pair.scenario["appraisal.administration"])
    administration = found["public_cost_present_gbp"] * share / (1.0 + share) if found["public_paid_gbp"] else 0.0
    return found | transfers(pair) | social_value(pair, weighted_output, administration)


def every_number(pair: Pair) -> dict[str, float]:
    """Return every number of one pair of worlds that has a name in the registry, and those of tables."""
    groups = distribution(pair)
    return terms(pair) | groups | money(pair, groups["weighted_output_gain_gbp"])


type Integers = NDArray[np.int64]


def gini(values: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of values that are not negative; 0 where they add up to nothing.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    n, total = len(values), float(values.sum())
    if total <= 0.0:
        return 0.0
    return float(2.0 * (np.arange(1, n + 1) * np.sort(values)).sum() / (n * total) - (n + 1.0) / n)


def weights(medians: NDArray[np.float64], median: float, elasticity: float) -> NDArray[np.float64]:
    """Return the weight of each group, ``(median of all / median of the group)**elasticity``.

    >>> weights(np.array([50.0, 100.0]), 100.0, 1.0)
    array([2., 1.])
    """
    return np.asarray((median / np.maximum(medians, 1e-9)) ** elasticity, np.float64)


def groups(pair: Pair) -> dict[str, tuple[tuple[str, ...], Integers]]:
    """Return, by dimension, the names of groups and the group of each person by row and generation."""
    first = {name: pair.widened(fact) for name, fact in pair.here.first.items()}
    cuts = np.quantile(first["income"][:, 0], (0.2, 0.4, 0.6, 0.8))
    behind = np.array([FLAGS.index(region.flag) for region in pair.scenario.regions])[pair.here.region]
    places = {
        "income fifth": np.searchsorted(cuts, first["income"], side="right"),
        "region": np.broadcast_to(behind[:, None], first["income"].shape),
        "status": first["status"],
        "occupation": first["occupation"],
        "career": np.searchsorted((5.0, 15.0), first["career"], side="right"),
    }
    return {dimension: (GROUPS[dimension], place.astype(np.int64)) for dimension, place in places.items()}


def distribution(pair: Pair) -> dict[str, float]:
    """Return people, money and gains by group; gaps and Gini with and without; output with distributional weights."""
    lives, found = _lives(pair), dict[str, float]()
    for dimension, (names, group) in groups(pair).items():
        found |= _by_group(pair, lives, dimension, names, group)
    return found | _weighted(pair, lives) | _gaps(pair)


def by_region(pair: Pair) -> dict[str, float]:
    """Return people, money and gains by region, as ``distribution`` does by kinds of regions."""
    lives, names = _lives(pair), tuple(region.name for region in pair.scenario.regions)
    region = np.broadcast_to(pair.here.region.astype(np.int64)[:, None], lives.shape)
    return _by_group(pair, lives, "region", names, region)


def _lives(pair: Pair) -> Flags:
    """Return by row and generation who lives in both worlds for some time."""
    weeks = pair.sums("weeks")
    return np.asarray((weeks[0] > 0) & (weeks[1] > 0))


def _by_group(pair: Pair, lives: Flags, dimension: str, names: tuple[str, ...], group: Integers) -> dict[str, float]:
    shape = lives.shape
    support = np.bincount(pair.person.ravel(), pair.there.support.ravel(), lives.size).reshape(shape) / 100.0
    measures = {
        "people": lives.astype(np.float64),
        "recipients": pair.recipient.reshape(shape).astype(np.float64),
        "support_gbp": support,
        "td_point_years": 100.0 * pair.gained("td") / YEAR,
        "sc_point_years": 100.0 * pair.gained("sc") / YEAR,
        "earned_gbp": pair.gained("earned") / 100.0,
    }
    found = {}
    for measure, amount in measures.items():
        sums = np.bincount(group[lives], amount[lives], len(names))
        for name, value in zip(names, sums.tolist(), strict=True):
            found[TAB.join(("group", dimension, name, measure))] = value
    return found


def _weighted(pair: Pair, lives: Flags) -> dict[str, float]:
    """Return the present value of output gains, each fifth's multiplied by its weight in the world without."""
    (_, fifth), start = groups(pair)["income fifth"], pair.here.first["income"][:, 0]
    median = float(np.median(start))
    members = [start[fifth[:, 0] == k] for k in range(5)]
    medians = np.array([float(np.median(one)) if len(one) else median for one in members])
    weight = weights(medians, median, float(pair.scenario["appraisal.welfare_elasticity"]))
    gained = pair.gained("earned_now") / 100.0
    total = float((gained * weight[fifth])[lives].sum()) + float(gained[~lives].sum())
    named = {TAB.join(("weight", name)): w for name, w in zip(FIFTHS, weight.tolist(), strict=True)}
    return named | {"weighted_output_gain_gbp": total}


def _gaps(pair: Pair) -> dict[str, float]:
    """Return inequality at the horizon, with, without and the difference; the gap between kinds of regions."""
    found = {}
    behind = np.array([region.flag == "left-behind" for region in pair.scenario.regions])[pair.here.region]
    for name, unit in {"td": 100.0, "sc": 100.0, "income": 1.0}.items():
        worlds = pair.there.last[name], pair.here.last[name]
        values = {f"gini_{name}": [gini(world) for world in worlds]}
        if 0 < behind.sum() < len(behind):
            gaps = [unit * (float(world[behind].mean()) - float(world[~behind].mean())) for world in worlds]
            values[f"regional_gap_{name}"] = gaps
        for key, (with_it, without) in values.items():
            found[f"{key}_with"], found[f"{key}_without"] = with_it, without
            found[f"{key}_change"] = with_it - without
    return found
