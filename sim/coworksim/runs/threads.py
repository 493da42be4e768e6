"""How many threads a run takes: as many as there are processors when it runs alone, one in a batch."""

import os
from contextvars import ContextVar
from typing import Final

from coworksim.files.errors import RefusedError

#: The setting that says how many threads a run takes that is in no batch.
SETTING: Final = "COWORKSIM_THREADS"
#: Set while a run of a batch is under way.
in_batch: ContextVar[bool] = ContextVar("in_batch", default=False)


def threads_of_a_run(asked: int | None = None) -> int:
    """Return how many threads a run takes: as asked; else one in a batch; else as the setting says, or all there are.

    Raises ValueError where ``asked`` is not a whole number from 1, and RefusedError where the setting is not.
    """
    if asked is not None:
        if isinstance(asked, bool) or asked < 1:
            raise ValueError(f"threads is {asked!r}; write a whole number from 1")
        return asked
    if in_batch.get():
        return 1
    said = os.environ.get(SETTING)
    if said:
        if not said.isdecimal() or int(said) < 1:
            raise RefusedError(f"{SETTING} is {said!r}; set it to a whole number from 1")
        return int(said)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
