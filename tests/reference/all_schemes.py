"""All policies of a scenario in the plain twin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from .in_kind import InKind
from .programmes import PROGRAMMES, Programme
from .schemes import Scheme

if TYPE_CHECKING:
    from coworksim.model.policy import Policy

    from .model import PlainModel

__all__ = ["Schemes"]

KINDS: Final[dict[str, type[Scheme] | type[Programme]]] = {
    **PROGRAMMES,
    "training_voucher": InKind,
    "equipment_loan": InKind,
}


class Schemes:
    """All policies in the order of the scenario; to call them is to live the week of those that people apply for."""

    def __init__(self, model: PlainModel, policies: Iterable[Policy]) -> None:
        self._model = model
        self._schemes: list[Scheme | Programme] = [
            KINDS.get(policy.kind, Scheme)(number, policy) for number, policy in enumerate(policies)
        ]
        # Where policies are off there is nothing to apply for either.
        on = model.inputs.mechanisms["policies"]
        self.awards = [scheme for scheme in self._schemes if isinstance(scheme, Scheme) and on]
        self.programmes = [one for one in self._schemes if isinstance(one, Programme)]

    def __call__(self) -> None:
        """Awards end, people apply, awards are made."""
        model = self._model
        if model.week >= model.start:
            for scheme in self.awards:
                scheme.live(model, model.week - model.start)
            for worker in model.workers:
                worker.loan_access, worker.taught = 0.0, [0.0] * 4
            for scheme in self.awards:
                if isinstance(scheme, InKind):
                    scheme.bring(model)

    def __getitem__(self, number: int) -> Scheme | Programme:
        return self._schemes[number]

    def __iter__(self) -> Iterator[Scheme | Programme]:
        return iter(self._schemes)

    def __len__(self) -> int:
        return len(self._schemes)
