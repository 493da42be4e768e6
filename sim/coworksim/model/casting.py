"""Who acts as which class: agents are made when somebody first looks, follow their rows, and may be cast."""

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import numpy as np

from coworksim.model.agents import BEHAVIOURS, KINDS, MANAGERS, Manager, Worker, own_behaviours
from coworksim.model.mechanisms import Phase
from coworksim.model.mechanisms.helpers.answers import answer
from coworksim.model.views import Inhabitant, Simulation

#: Classes that agents may be made from; the first that fits says among whom a class is cast.
_BASES: tuple[type[Inhabitant], ...] = (*KINDS, Manager, Worker)


class Standing(NamedTuple):
    """A cast that newcomers are asked about too."""

    kind: type[Worker]
    base: type[Inhabitant]
    choose: Callable[[Any], bool]


def base_of(kind: Any) -> type[Inhabitant]:
    """Return among whom a class is cast. TypeError for a class that no agent can be."""
    base = next((base for base in _BASES if isinstance(kind, type) and issubclass(kind, base)), None)
    if base is None:
        names = ", ".join(one.__name__ for one in _BASES)
        raise TypeError(f"cast takes a class made from Worker or Manager (one of {names}); {kind!r} is none")
    for name in ("step", "advance"):
        if getattr(kind, name) is not getattr(Inhabitant, name):
            raise TypeError(
                f"{kind.__name__}.{name} is never called: the week asks {', '.join((*BEHAVIOURS, *MANAGERS))}. "
                "Give it another name, and call it yourself"
            )
    return base


def check_asked(kind: type[Inhabitant], running: Container[str]) -> None:
    """Refuse a class all of whose rules belong to mechanisms that do not run. LookupError."""
    own, asks = own_behaviours(kind), BEHAVIOURS | MANAGERS
    if own and not any(asks[name] in running for name in own):
        raise LookupError(
            f"{kind.__name__}.{own[0]} is asked by {asks[own[0]]}, which this scenario has switched off; "
            f"switch {asks[own[0]]} on, or cast nobody"
        )


class Home(Simulation, Protocol):
    """The model that agents are made in."""

    phases: list[Phase]


class Casting:
    """The agents of a model by row, and the casts that stand."""

    def __init__(self, model: Home) -> None:
        """Look at nobody yet. TypeError where somebody has replaced a rule in a class of the model."""
        for kind in (*KINDS, Manager):
            if own := own_behaviours(kind):
                raise TypeError(
                    f"{kind.__name__}.{own[0]} was replaced in the class itself, which compiled rules do not see; "
                    f"write a subclass of {kind.__name__} and cast it"
                )
        self.at_work = False  # only then may inhabitants be registered or leave
        self._model, self._workers, self._standing = model, dict[int, Worker](), list[Standing]()
        self._remember()

    def hire(self) -> None:
        """Make a manager for each space."""
        world = self._model.world
        world.managers[:] = [self._make(Manager, row) for row in range(len(world.spaces))]

    def worker(self, row: int) -> Worker:
        """Return the agent of a row, made if nobody has looked yet. IndexError outside the rows."""
        if row not in self._workers:
            people = len(self._model.world.workers)
            if not 0 <= row < people:
                raise IndexError(f"there is no worker in row {row}; this model has rows 0 to {people - 1}")
            if not self._workers:
                self._remember()
            self._workers[row] = self._make(KINDS[self._model.world.workers.status[row]], row)
        return self._workers[row]

    def look(self) -> None:
        """Make the agents of all rows."""
        self.follow()
        if len(self._workers) < len(self._model.world.workers):
            for row in range(len(self._model.world.workers)):
                self.worker(row)

    def cast(self, kind: type[Inhabitant], choose: Callable[[Any], bool], newcomers: bool) -> int:
        """Let chosen agents act as a class, as :meth:`coworksim.model.model.CoworkingModel.cast` says."""
        base = base_of(kind)
        check_asked(kind, {phase.name for phase in self._model.phases})
        self.look()
        agents = (
            self._model.world.managers if base is Manager else [self._workers[row] for row in sorted(self._workers)]
        )
        chosen = [agent for agent in agents if isinstance(agent, base) and choose(agent)]
        for agent in chosen:
            self._replace(agent, kind)
        if newcomers and issubclass(kind, Worker):
            self._standing.append(Standing(kind, base, choose))
        return len(chosen)

    def follow(self) -> None:
        """Let agents that somebody has looked at follow their rows: newcomers and changes of status are new agents."""
        if not self._workers:
            return
        w, (key, status) = self._model.world.workers, self._seen
        for row in np.flatnonzero((w.key != key) | (w.status != status)).tolist():
            agent, kind = self._workers.get(row), KINDS[w.status[row]]
            if agent is None or (w.key[row] == key[row] and not isinstance(agent, KINDS)):
                continue  # whoever is cast as a Worker stays it in any job
            new = self._replace(agent, kind)
            wanted = (one for one in reversed(self._standing) if one.base in (kind, Worker) and one.choose(new))
            if standing := next(wanted, None):
                self._replace(new, standing.kind)
        self._remember()

    def _remember(self) -> None:
        w = self._model.world.workers
        self._seen = (w.key.copy(), w.status.copy())

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Let inhabitants be registered, and leave."""
        before, self.at_work = self.at_work, True
        try:
            yield
        finally:
            self.at_work = before

    def _make[A: Inhabitant](self, kind: type[A], row: int) -> A:
        """Make the agent of a row."""
        with self._working():
            return kind(self._model, row)

    def _replace(self, old: Inhabitant, kind: type[Inhabitant]) -> Inhabitant:
        """Let the row of an agent be an agent of another class from now on."""
        row, behaviours = old.row, self._model.world.behaviours
        agent = self._make(kind, row)
        with self._working():
            old.remove()
        old.leave()
        if not isinstance(agent, Worker):
            self._model.world.managers[row] = agent
            return agent
        self._workers[row] = agent
        behaviours.clear(row)
        for name in own_behaviours(kind):
            behaviours.set(name, row, self._adapter(name, agent))
        return agent

    def _adapter(self, name: str, agent: Worker) -> Callable[..., Any]:
        """Return what a mechanism calls for an agent: rows of partners become agents on the way."""
        decide: Callable[..., Any] = getattr(agent, name)
        if name == "membership_value":
            return lambda offer: answer(agent, name, decide(offer))
        return lambda partner, occasion: answer(agent, name, decide(self.worker(partner), occasion))
