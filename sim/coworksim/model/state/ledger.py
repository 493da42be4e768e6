"""Double-entry money in whole pence: one posting per payer class, payee, purpose and week.

What people spend at home is outside the books.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Posting(NamedTuple):
    """One movement of money."""

    week: int
    payer: str
    payee: str
    purpose: str
    pence: int


@dataclass(slots=True)
class Ledger:
    """Every posting, and the balance of every account.

    >>> books = Ledger()
    >>> books.post(3, "workers:North", "space:North/0", "membership", 15700)
    >>> books.balances["space:North/0"], sum(books.balances.values())
    (15700, 0)
    """

    postings: list[Posting] = field(default_factory=list)
    balances: dict[str, int] = field(default_factory=dict)

    def post(self, week: int, payer: str, payee: str, purpose: str, pence: int) -> None:
        """Move ``pence`` from payer to payee; nothing is written for nothing."""
        if pence < 0:
            raise ValueError(f"a posting of {pence} pence from {payer} to {payee}: swap payer and payee instead")
        if pence == 0:
            return
        self.postings.append(Posting(week, payer, payee, purpose, pence))
        self.balances[payer] = self.balances.get(payer, 0) - pence
        self.balances[payee] = self.balances.get(payee, 0) + pence
