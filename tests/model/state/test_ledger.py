"""Double-entry money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.state.world import Ledger, Posting

ACCOUNT = st.sampled_from(["clients", "workers:N", "space:N/0"])


@given(st.lists(st.tuples(st.integers(0, 99), ACCOUNT, ACCOUNT, st.integers(0, 10**9))))
def test_every_penny_has_a_payer_and_a_payee(moves: list[tuple[int, str, str, int]]) -> None:
    books = Ledger()
    for week, payer, payee, amount in moves:
        books.post(week, payer, payee, "test", amount)
    assert sum(books.balances.values()) == 0
    for account, balance in books.balances.items():
        got = sum(p.pence for p in books.postings if p.payee == account)
        paid = sum(p.pence for p in books.postings if p.payer == account)
        assert balance == got - paid


def test_a_negative_posting_is_refused() -> None:
    with pytest.raises(ValueError, match="swap payer and payee"):
        Ledger().post(0, "a", "b", "test", -1)


def test_a_posting_says_when_who_whom_and_what_for() -> None:
    books = Ledger()
    books.post(3, "clients", "workers:N", "fees", 5)
    books.post(4, "clients", "workers:N", "fees", 0)
    assert books.postings == [Posting(3, "clients", "workers:N", "fees", 5)]
    assert books.balances == {"clients": -5, "workers:N": 5}
