"""A whole world at the start of a week, with its books, and what people decide in their own way."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, overload

import numpy as np

from coworksim.model.kernels import Flags, Floats, Integers, kernel
from coworksim.model.scenario import Scenario
from coworksim.model.state.exchange import Exchange
from coworksim.model.state.people import Population
from coworksim.model.state.policy_state import Levers, Schemes
from coworksim.model.state.rng import RunKey
from coworksim.model.state.spaces import Regions, Spaces
from coworksim.model.state.ties import MOST_WEEKS, Meetings, Ties


class Books(NamedTuple):
    """What a manager sees every four weeks; money in pence, sums over the last four weeks."""

    occupancy: float  # desk-days used / offered
    cash: int
    weekly_cost: int  # rent, staff and events of this week
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


SNAPSHOT_WEEKS = 4
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
    opening: int  # week in which spaces open
    regions: Regions
    workers: Population
    spaces: Spaces
    schemes: Schemes
    levers: Levers
    ties: Ties
    behaviours: Behaviours
    frontier: Floats  # (occupations, skills)
    weights: Floats  # (occupations, skills)
    unmet: Integers  # by region: decisions in a row with unmet demand
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

    def each(self, do: Callable[["World"], object]) -> None:
        """Do something with each part of the world, side by side; with the world itself where it is whole."""
        if self.division is None:
            do(self)
        else:
            self.division.each(lambda part: do(self.division.parts[part].world))

    def begin_week(self) -> None:
        """Start counting what is gained when spaces open."""
        if self.week > MOST_WEEKS:
            raise OverflowError(f"a world goes through {MOST_WEEKS} weeks at most")
        if self.week == self.opening:
            self.workers.skill_at_opening[:] = self.workers.skill
            self.workers.gain[:] = 0.0

    def end_week(self) -> None:
        """Remember the week: what was learnt in the space and, every four weeks, who knows whom."""
        _remember(self.workers)
        if (self.week + 1) % SNAPSHOT_WEEKS == 0:
            self.ties.refresh()
        self.week += 1
