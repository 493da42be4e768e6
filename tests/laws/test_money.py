"""Laws of money: every penny has a payer and a payee, and no scheme promises more than it has."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings

from coworksim import CoworkingModel, Scenario, simulate
from coworksim.model.state.policy_state import AWARDED, IN_USE
from coworksim.model.state.world import Posting, World
from tests.laws.worlds import by_phase, end_of, scenarios

#: Who pays whom for what; ``workers`` and ``space`` stand for all of their accounts.
ALLOWED: dict[str, tuple[str, str | None]] = {
    "courses": ("employers", "trainers"),  # the independent pay for their own: see OTHERWISE
    "rooms": ("clients", "space"),  # what is lost on them is paid the other way: see OTHERWISE
    "hosting": ("hosts", "space"),
    "payout": ("space", "investors"),
    "fees": ("clients", "workers"),
    "wages": ("employers", "workers"),
    "membership": ("workers", "space"),
    "sponsorship": ("employers", "space"),
    "support": ("treasury", "space"),
    "policy": ("treasury", None),  # whoever delivers
    "rent": ("space", "landlord"),
    "staff": ("space", "staff"),
    "events": ("space", "suppliers"),
    "investment": ("space", "suppliers"),
    "capital": ("investors", "space"),
}
#: Who else pays whom: where offices and rooms cost more than they bring, and where people pay for their own courses.
OTHERWISE = {"rooms": ("space", "suppliers"), "courses": ("workers", "trainers")}
#: Who is paid for what policies buy beside fees.
DELIVER = ("space", "staff", "trainers", "suppliers", "firms")


def kinds(posting: Posting) -> tuple[str, tuple[str, str]]:
    payer, payee = (account.split(":")[0] for account in (posting.payer, posting.payee))
    return posting.purpose.split(":")[0], (payer, payee)


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios())
def test_every_penny_has_a_payer_and_a_payee_and_the_accounts_balance(scenario: Scenario) -> None:
    ledger = simulate(scenario).model.world.ledger
    balances: Counter[str] = Counter()
    for posting in ledger.postings:
        purpose, accounts = kinds(posting)
        payer, payee = OTHERWISE[purpose] if accounts == OTHERWISE.get(purpose) else ALLOWED[purpose]
        assert accounts[0] == payer
        assert accounts[1] == payee or (payee is None and accounts[1] in DELIVER)
        assert posting.pence > 0
        balances[posting.payer] -= posting.pence
        balances[posting.payee] += posting.pence
    assert dict(balances) == ledger.balances
    assert sum(ledger.balances.values()) == 0


def posted(world: World, since: int, key: str) -> dict[str, dict[str, int]]:
    """Return the pence of postings from place ``since`` on: by purpose, then by payer or payee."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for posting in world.ledger.postings[since:]:
        sums[posting.purpose.split(":")[0]][getattr(posting, key)] += posting.pence
    return sums


def by_region(world: World, pence: np.ndarray[tuple[int], np.dtype[np.int64]]) -> dict[str, int]:
    """Return sums over the people of each region, by account, without empty ones."""
    sums = np.zeros(len(world.regions.names), np.int64)
    np.add.at(sums, world.workers.region, pence)
    return {f"workers:{name}": int(sum_) for name, sum_ in zip(world.regions.names, sums, strict=True) if sum_}


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios(fewest_spaces=1))
def test_the_books_say_what_people_and_spaces_hold(scenario: Scenario) -> None:
    """Phase by phase: what people earn, pay and are given, and what spaces take, is what was posted, to the penny."""
    model = CoworkingModel(scenario)
    world, at = model.world, 0
    for phase, before in by_phase(model):
        w, spaces = world.workers, world.spaces
        if phase.name == "income":
            got = posted(world, at, "payee")
            earned = Counter(got["fees"]) + Counter(got["wages"])
            assert dict(earned) == by_region(world, w.earned - before.earned)
        if phase.name == "membership":
            paid, taken = posted(world, at, "payer"), posted(world, at, "payee")
            assert dict(paid["membership"]) == by_region(world, w.fees - before.fees)
            assert sum(paid["support"].values()) == int((w.supported - before.supported).sum())
            total = sum((Counter(taken[purpose]) for purpose in ("membership", "sponsorship", "support")), Counter())
            fees = {spaces.name(s, world.regions): int(spaces.fees[s]) for s in range(len(spaces)) if spaces.fees[s]}
            assert dict(total) == fees or not world.open
        at = len(world.ledger.postings)
    if scenario.mechanisms["management"]:
        for s in range(len(world.spaces)):
            account = world.spaces.name(s, world.regions)
            assert world.ledger.balances.get(account, 0) == world.spaces.cash[s]


@pytest.mark.slow
@settings(max_examples=60)
@given(
    scenarios(
        {"schemes.hassle": 5.0, "awareness.unprompted": 0.4, "turnover.exit": 1.0},
        on=("schemes", "membership", "turnover", "awareness"),
        fewest_spaces=1,
    )
)
def test_no_scheme_exceeds_its_budget_or_its_number(scenario: Scenario) -> None:
    """What is committed is what has been spent and what is still promised, whoever leaves or lets an award lapse."""
    model = CoworkingModel(scenario)
    for phase, _ in by_phase(model):
        schemes = model.world.schemes
        assert (schemes.spent <= schemes.committed).all(), phase.name
        assert (schemes.committed <= schemes.budget).all(), phase.name
        assert (schemes.awarded <= schemes.number).all(), phase.name
        assert (schemes.used <= schemes.cost).all(), phase.name
        promised = np.where(np.isin(schemes.state, (AWARDED, IN_USE)), schemes.cost - schemes.used, 0)
        assert (schemes.committed == schemes.spent + promised.sum(axis=0)).all(), phase.name
    paid: Counter[str] = Counter()
    for posting in model.world.ledger.postings:
        paid[posting.purpose] += posting.pence
    for policy, spent in zip(scenario.policies, model.world.schemes.spent.tolist(), strict=True):
        assert paid[f"support:{policy.name}"] + paid[f"policy:{policy.name}"] == spent <= policy.budget


@pytest.mark.slow
@settings(max_examples=30)
@given(scenarios({"schemes.hassle": 5.0, "awareness.unprompted": 0.4}, on=("schemes", "awareness"), fewest_spaces=1))
def test_awards_of_the_log_number_no_more_than_allowed_and_go_to_those_who_applied(scenario: Scenario) -> None:
    result = simulate(scenario, events=True)
    assert result.events is not None
    schemes, weeks = result.model.world.schemes, end_of(scenario)
    for k, policy in enumerate(scenario.policies):
        mine = result.events[result.events["number"] == k]
        awarded = mine[mine["event"] == "is_awarded"]
        lapsed = int(schemes.lapsed[k])  # never used: their place is free, and one may apply for it again
        most = weeks * 200 if policy.number is None else policy.number
        assert len(awarded) - lapsed <= int(schemes.awarded[k]) - lapsed <= most
        # Where first-come serves at once, and in the week of a draw, applying does not last to the end of the week.
        assert (awarded["week"] >= policy.start).all()
        assert (awarded["week"] < policy.end).all()
        assert len(awarded) - awarded["key"].nunique() <= lapsed
