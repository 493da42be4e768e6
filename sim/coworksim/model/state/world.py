"""A whole world at the start of a week, with its books, and what people decide in their own way."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

from coworksim.model.kernels import Flags, Floats, kernel
from coworksim.model.scenario import Scenario
from coworksim.model.state.consideration import reconsider
from coworksim.model.state.exchange import Exchange
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers, Schemes
from coworksim.model.state.prospects import Prospect, Prospects
from coworksim.model.state.rng import RunKey
from coworksim.model.state.season import season
from coworksim.model.state.spaces import GROUPS, Regions, Spaces, account_of, prospects_of
from coworksim.model.state.ties import MOST_WEEKS, Meetings, Ties


class Books(NamedTuple):
    """What a manager sees every four weeks; money in pence, sums over the last four weeks."""

    occupancy: float  # desk-days used / offered
    cash: int
    weekly_cost: int  # rent, staff and events of this week
    patience: float  # weeks of cost that the owner lends
    price: int  # a month, hot desk
    list_price: int  # the same at the opening
    desks: int
    turned_away: int  # desk-days wanted in vain
    equipment_use: float  # hours used / offered
    training_turned_away: int  # training places wanted in vain
    events: float  # mean number a week


class Decision(NamedTuple):
    """What a manager decides; ``invest`` is empty or one of desks, equipment, training."""

    price: int
    events: float
    invest: str = ""
    close: bool = False


class Outlook(NamedTuple):
    """What a founder expects of a space; money in pence a week."""

    desks: int
    price: int  # list price, a month
    members: float
    income: float  # fees, and what offices, rooms and events yield
    cost: float  # rent, staff and events
    optimism: float  # factor on income


@dataclass(slots=True)
class Behaviours:
    """For each behaviour by name: the rows that decide for themselves, and how."""

    people: int
    _own: dict[str, dict[int, Callable[..., Any]]] = field(default_factory=dict)
    _masks: dict[str, Flags] = field(default_factory=dict)

    def set(self, name: str, row: int, decide: Callable[..., Any]) -> None:
        """Let one row decide ``name`` by its own function."""
        self._own.setdefault(name, {})[row] = decide
        self.mask(name)[row] = True

    def clear(self, row: int) -> None:
        """Let one row follow the compiled rules again."""
        for name, own in self._own.items():
            if own.pop(row, None) is not None:
                self._masks[name][row] = False

    def mask(self, name: str) -> Flags:
        """Return which rows decide ``name`` for themselves."""
        if name not in self._masks:
            self._masks[name] = np.zeros(self.people, np.bool_)
        return self._masks[name]

    @property
    def own_way(self) -> bool:
        """Whether anybody decides anything in his or her own way."""
        return any(self._own.values())

    def anyone(self, name: str) -> bool:
        """Return whether anybody decides ``name`` in his or her own way."""
        return bool(self._own.get(name))

    def own(self, name: str) -> Iterator[tuple[int, Callable[..., Any]]]:
        """Iterate over the rows that decide ``name`` for themselves."""
        return iter(self._own.get(name, {}).items())

    def of(self, name: str, row: int) -> Callable[..., Any] | None:
        """Return one row's own function, if it has one."""
        return self._own.get(name, {}).get(row)


class Posting(NamedTuple):
    """One movement of money."""

    week: int
    payer: str
    payee: str
    purpose: str
    pence: int


class Postings(Sequence[Posting]):
    """Postings in the order in which they were made: numbers and the names of accounts, a sixth of so many objects."""

    __slots__ = ("_codes", "_names", "_pence", "_terms")

    def __init__(self, postings: Iterable[Posting] = ()) -> None:
        self._pence, self._terms = array("q"), array("i")  # of each posting: week, payer, payee, purpose
        self._names: list[str] = []
        self._codes: dict[str, int] = {}
        for posting in postings:
            self.append(posting)

    def append(self, posting: Posting) -> None:
        """Add one."""
        for name in posting[1:4]:
            if name not in self._codes:
                self._codes[name] = len(self._names)
                self._names.append(name)
        self._terms.extend((posting.week, *(self._codes[name] for name in posting[1:4])))
        self._pence.append(posting.pence)

    def __len__(self) -> int:
        return len(self._pence)

    @overload
    def __getitem__(self, at: SupportsIndex) -> Posting: ...
    @overload
    def __getitem__(self, at: slice) -> list[Posting]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Posting | list[Posting]:
        """Return one posting, or a list of those in a slice."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        row = range(len(self))[at]
        week, payer, payee, purpose = self._terms[4 * row : 4 * row + 4]
        return Posting(week, self._names[payer], self._names[payee], self._names[purpose], self._pence[row])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it grows

    def __repr__(self) -> str:
        return repr(list(self))

    def columns(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], Sequence[str]]:
        """Return weeks; payer, payee and purpose as places among names; pence; and names."""
        terms = np.array(self._terms, np.int32).reshape(-1, 4)
        return terms[:, 0].astype(np.int64), terms[:, 1:], np.array(self._pence, np.int64), self._names

    def clear(self) -> None:
        """Forget all of them."""
        del self._pence[:], self._terms[:]

    def copy(self) -> "Postings":
        """Return a copy that grows by itself."""
        return Postings(self)


@dataclass(slots=True)
class Ledger:
    """Every posting, and the balance of every account.

    >>> books = Ledger()
    >>> books.post(3, "workers:North", "space:North/0", "membership", 15700)
    >>> books.balances["space:North/0"], sum(books.balances.values())
    (15700, 0)
    """

    postings: Postings = field(default_factory=Postings)
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

    def bring_forward(self, week: int) -> None:
        """Put one posting of a week in the place of all that have one payer, payee and purpose.

        >>> books = Ledger()
        >>> for week in range(3):
        ...     books.post(week, "clients", "space:North/0", "rooms", 500)
        >>> books.bring_forward(2)
        >>> books.postings, books.balances["space:North/0"]
        ([Posting(week=2, payer='clients', payee='space:North/0', purpose='rooms', pence=1500)], 1500)
        """
        sums: dict[tuple[str, str, str], int] = {}
        for posting in self.postings:
            sums[posting[1:4]] = sums.get(posting[1:4], 0) + posting.pence
        self.postings = Postings(Posting(week, *about, pence) for about, pence in sums.items())


SNAPSHOT_WEEKS = 4
#: What people have done and paid in spaces: counted from the week in which policies can begin.
SINCE_START = (
    "member_weeks", "days_total", "encounters", "encounter_hours", "partners_new", "inside_hours_total",
    "training_hours_total", "fees", "supported",
)  # fmt: skip  # a list of names
MEMORY_WEEKS = 13


@kernel
def _remember(w: Population) -> None:
    """Blend the week's gain in the space (points, mean over skills) into the memory of a quarter, and reset it."""
    for i in range(len(w.week_gain)):
        w.recent_gain[i] = w.recent_gain[i] * (1.0 - 1.0 / MEMORY_WEEKS) + 100.0 * w.week_gain[i] / 8.0
        w.week_gain[i] = 0.0


@dataclass(slots=True)
class World:
    """The state that the week's mechanisms read and change."""

    scenario: Scenario
    run: RunKey
    week: int  # since the start of burn-in
    opening: int  # week in which the market of spaces opens
    start: int  # week in which policies and records begin: when the market opens, or when it is mature
    regions: Regions
    workers: Population
    spaces: Spaces
    schemes: Schemes
    levers: Levers
    ties: Ties
    behaviours: Behaviours
    frontier: Floats  # (occupations, skills)
    weights: Floats  # (occupations, skills)
    log_rho: float  # ln(1 - 1/tau) of ties; 0 when they do not fade
    meetings: Meetings = field(default_factory=Meetings.none)
    ledger: Ledger = field(default_factory=Ledger)
    managers: list[Any] = field(default_factory=list)  # a Manager per space, set by the model
    exchange: Exchange = field(default_factory=Exchange)
    division: Any = None  # a coworksim.model.division.Division while the world is in parts

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Put together what is with the parts, for whoever only looks; asked when the world itself has it not."""
            if name in ("ties", "meetings") and self.division is not None:
                return getattr(self.division, name)()
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def open(self) -> bool:
        """Whether coworking spaces exist this week."""
        return self.week >= self.opening

    @property
    def season(self) -> float:
        """How many people come, and look at membership, this week, over a usual one."""
        return season(self.scenario, self.week - self.start)

    def each(self, do: Callable[["World"], object]) -> None:
        """Do something with each part of the world, side by side; with the world itself where it is whole."""
        if self.division is None:
            do(self)
        else:
            self.division.each(lambda part: do(self.division.parts[part].world))

    def prospects(self) -> Prospects:
        """Return the spaces that could be."""
        return prospects_of(self.scenario, self.regions, self.run)

    def account(self, region: int, ordinal: int) -> str:
        """Return the account of a space in the books."""
        return account_of(self.regions, region, ordinal)

    def free_row(self, region: int) -> int:
        """Return the first row of a region that a space can take, -1 for none."""
        spaces, (first, last) = self.spaces, self.spaces.rows_of(region)
        gone = (spaces.closed[first:last] < self.week) & (spaces.kept[first:last] <= self.week)
        free = np.flatnonzero(~spaces.open[first:last] & gone)
        return first + int(free[0]) if len(free) else -1

    def open_space(self, row: int, new: Prospect, week: int) -> str:
        """Let a space take a row and open in a week, with its capital; return its account."""
        self.spaces.furnish(row, new, week, self.scenario)
        self.spaces.cash[row] = new.capital
        self._consider(row)
        return self.account(new.region, new.ordinal)

    def close_space(self, row: int) -> None:
        """Close a space: its members are members no longer, its groups end, and nobody considers it."""
        spaces, w = self.spaces, self.workers
        spaces.open[row], spaces.closed[row], spaces.members[row], gone = False, self.week, 0, w.member_of == row
        w.member_of[gone], w.plan[gone], w.tenure[gone] = -1, -1, 0
        spaces.group_since[row], w.group[w.group // GROUPS == row] = -1, -1
        self._consider(row)

    def _consider(self, row: int) -> None:
        """Let the people of a region consider afresh, where a space in this row has opened or closed."""
        region, first = int(self.spaces.region[row]), self.regions.first_row
        people = int(first[region]), int(first[region + 1])
        aware = not self.scenario.mechanisms["awareness"]
        reconsider(row, people, self.spaces.rows_of(region), aware, self.workers, self.spaces)

    def begin_week(self) -> None:
        """Start counting what is gained when policies can begin."""
        if self.week > MOST_WEEKS:
            raise OverflowError(f"a world goes through {MOST_WEEKS} weeks at most")
        if self.week == self.start:
            self.workers.skill_at_opening[:] = self.workers.skill
            self.workers.gain[:] = 0.0

    def end_week(self) -> None:
        """Remember the week: what was learnt in the space and, every four weeks, who knows whom."""
        _remember(self.workers)
        if (self.week + 1) % SNAPSHOT_WEEKS == 0:
            self.ties.refresh()
        self.week += 1
        if self.week == self.start:
            for name in SINCE_START:
                getattr(self.workers, name)[:] = 0
