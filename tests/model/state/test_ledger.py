"""Double-entry money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coworksim.model.state.world import Ledger, Posting, Postings

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


@given(st.lists(st.builds(Posting, st.integers(0, 9999), ACCOUNT, ACCOUNT, ACCOUNT, st.integers(0, 2**62))))
def test_postings_are_a_list_to_whoever_reads_them(made: list[Posting]) -> None:
    postings = Postings(made)
    assert postings == made
    assert len(postings) == len(made)
    for part in (slice(None), slice(1, None), slice(-2, 9), slice(None, None, -2)):
        assert postings[part] == made[part]
    if made:
        assert postings[-1] == made[-1]
    with pytest.raises(IndexError):
        postings[len(made)]
    copy = postings.copy()
    copy.append(Posting(1, "a", "b", "c", 7))
    assert len(copy) == len(made) + 1
    assert postings == made
    copy.clear()
    assert (len(copy), postings == copy) == (0, not made)
