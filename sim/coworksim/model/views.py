"""An agent as a view on one row of the state: what it shows, what may be written, and why the rest may not.

Nothing that is written to an agent is lost: it goes into the columns, or is refused in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, NoReturn, Protocol

import mesa
import numpy as np

from coworksim.model.mechanisms import Phase
from coworksim.model.parameters.parameter import Parameter
from coworksim.model.state.world import World

#: What Mesa keeps in an agent of its own.
_MESA: Final = ("model", "unique_id", "pos")


class Simulation(Protocol):
    """What an agent needs of the model that it lives in."""

    world: World

    def phase[P: Phase](self, kind: type[P]) -> P:
        """Return the phase of a kind that the model runs."""


class Flag:
    """What may be written to a column of yes and no."""

    def problem(self, value: object) -> str | None:
        """Say in a clause what is wrong with a value, or None."""
        return None if isinstance(value, bool) else "must be True or False"

    def held(self, value: bool) -> bool:
        """Return a value as the column holds it."""
        return value


class Column:
    """An agent's entry in one column of ``world.workers`` or ``world.spaces``, as an attribute (``worker.income``).

    ``accepts`` says what may be written; without it the simulation alone writes. ``scale`` is what one unit of the
    attribute is in the column: 100 where pounds are shown and pence are held.
    """

    def __init__(
        self,
        convert: Callable[[Any], Any],
        doc: str,
        name: str = "",
        accepts: Parameter | Flag | None = None,
        scale: int = 1,
    ) -> None:
        self._convert, self._name, self.__doc__, self.accepts, self._scale = convert, name, doc, accepts, scale

    def __set_name__(self, owner: type, name: str) -> None:
        self._shown, self._name = name, self._name or name

    def __get__(self, agent: Inhabitant | None, owner: type[Inhabitant]) -> Any:
        if agent is None:
            return self
        held = self._entries(agent)[agent.row]
        return self._convert(held) if self._scale == 1 else int(held) / self._scale

    def __set__(self, agent: Inhabitant, value: Any) -> None:
        if self.accepts is None:
            agent.refuse(self._shown)
        plain = value.item() if isinstance(value, np.generic) else value
        if problem := self.accepts.problem(plain):
            raise ValueError(f"{self._shown} {problem}; it was to be {value!r}")
        held = self.accepts.held(plain)
        self._entries(agent)[agent.row] = held if self._scale == 1 else round(held * self._scale)

    def _entries(self, agent: Inhabitant) -> Any:
        return getattr(getattr(agent.model.world, agent.columns), self._name)


def writable(kind: type[Inhabitant]) -> tuple[str, ...]:
    """Return the attributes that may be written to agents of a class."""
    found = ((name, getattr(kind, name)) for one in reversed(kind.__mro__) for name in vars(one))
    return tuple(dict.fromkeys(n for n, value in found if isinstance(value, Column) and value.accepts))


def _home(kind: type, name: str) -> type | None:
    """Return the class of this package, or of Mesa, that gives agents of a class an attribute."""
    homes = (one for one in kind.__mro__ if name in vars(one) and _is_ours(one))
    return next(homes, None)


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in ("coworksim", "mesa")


class Inhabitant(mesa.Agent):
    """An agent that is a view on one row of columns."""

    columns: ClassVar[str]  # where in the world
    model: Simulation

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name in () if _is_ours(cls) else vars(cls):
            if isinstance(vars(_home(cls, name) or object).get(name), Column | property):
                write = f"set it: worker.{name} = ..." if name in writable(cls.__mro__[1]) else "choose another name"
                raise TypeError(
                    f"{cls.__name__}.{name} would hide what the simulation keeps, and change nothing; {write}"
                )

    def __init__(self, model: Simulation, row: int) -> None:
        """Look at one row; the model makes its agents itself.

        Args:
            model: The model that the agent lives in.
            row: Row of the columns, from 0.
        """
        self.row = row
        super().__init__(model)

    def __getattr__(self, name: str) -> Any:
        if name == "row":
            raise LookupError(
                f"this {type(self).__name__} is here no longer: the person has left, changed status or been cast; "
                "look again through model.agents"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        known, missing = _home(type(self), name), object()
        free = name in _MESA or (name == "row" and "row" not in vars(self))
        if not free and known is not None and not isinstance(vars(known).get(name, missing), Column):
            self.refuse(name)
        if not free and known is None and (name == "row" or _is_ours(type(self)) or self._is_state(name)):
            self.refuse(name)
        super().__setattr__(name, value)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("an agent is a view on a running model, which model.fork() copies and model.save(path) writes")

    def _is_state(self, name: str) -> bool:
        return name in getattr(self._world, self.columns).__slots__

    def refuse(self, name: str) -> NoReturn:
        """Raise AttributeError: why an attribute cannot be set, and which ones can."""
        kind, known = type(self).__name__, _home(type(self), name)
        if known is not None and callable(vars(known)[name]):
            ours = known is not Inhabitant and known.__module__.startswith("coworksim")
            why = "write a subclass that overrides it, and cast it with model.cast" if ours else "Mesa calls it"
        elif known is not None or name == "row" or self._is_state(name):
            why = "the simulation keeps it"
        else:
            why = "no agent has it; what is your own goes into a class of your own"
        raise AttributeError(f"{name} of a {kind} cannot be set: {why}. You can set {', '.join(writable(type(self)))}")

    def leave(self) -> None:
        """Be a view of nobody: the row is another agent's from now on."""
        super().__delattr__("row")

    def step(self) -> None:
        """Refuse, as Mesa's agents would do nothing."""
        raise RuntimeError(
            "an agent does not step by itself: model.step() asks everybody what the week's mechanisms ask; "
            "to let agents do something more, give it another name"
        )

    advance = step

    @property
    def _world(self) -> World:
        return self.model.world

    @property
    def region(self) -> str:
        """Name of the region."""
        return self._world.regions.names[int(getattr(self._world, self.columns).region[self.row])]
