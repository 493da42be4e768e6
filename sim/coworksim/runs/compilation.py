"""Compile every kernel before it is needed, in two processes that share the folder of compiled code.

Which kernels a run calls, and with what, is found by a run whose kernels are plain Python: that takes two seconds, and
nobody has to keep a list. Whatever it misses is compiled by the first run that needs it.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np

from coworksim.model.kernels import CHECKED, PLACE
from coworksim.model.scenario import Scenario

#: More would compile what several kernels share once more each.
PROCESSES: Final = 2


class Asked(NamedTuple):
    """A kernel by module and name, and the types that it was called with."""

    module: str
    name: str
    types: tuple[Any, ...]


def compile_all(scenario: Scenario) -> int:
    """Compile what a run of a scenario calls; return how many kernels were asked for.

    Args:
        scenario: A small world with every mechanism and kind of policy.
    """
    if CHECKED or PLACE.folder is None or any(PLACE.folder.rglob("*.nbc")):
        return 0  # nothing is compiled, or nothing that another process could find, or a run finds most of it there
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context) as pool:
        begun = [pool.submit(_begin) for _ in range(PROCESSES)]
        found = asked_by(scenario)
        found.sort(key=lambda asked: -_size(_kernel(asked), set()))
        done = [*begun, *(pool.submit(_compile, asked) for asked in found)]
        for one in done:
            one.result()
    return len(found)


def asked_by(scenario: Scenario) -> list[Asked]:
    """Return which kernels Python calls in a run, with which types; nothing is compiled."""
    from coworksim.runs.simulation import simulate

    found: dict[Asked, None] = {}
    with _plain(lambda kernel, types: found.setdefault(Asked(kernel.__module__, kernel.__name__, types))):
        simulate(scenario)
    return [asked for asked in found if hasattr(_kernel(asked), "py_func")]  # some have another name than what they do


@contextmanager
def _plain(note: Callable[[Any, tuple[Any, ...]], object]) -> Iterator[None]:
    """Let kernels run as plain Python, and note each that no other kernel calls."""
    running = False

    def looked_at(kernel: Any) -> Callable[..., Any]:
        def called(*args: Any) -> Any:
            nonlocal running
            if running:
                return kernel.py_func(*args)
            note(kernel, tuple(kernel.typeof_pyval(arg) for arg in args))
            running = True
            try:
                return kernel.py_func(*args)
            finally:
                running = False

        return lambda *args, **named: called

    kernels = _kernels()
    for kernel in kernels:
        kernel._compile_for_args = looked_at(kernel)
    try:
        with np.errstate(over="ignore"):
            yield
    finally:
        for kernel in kernels:
            del kernel._compile_for_args


def _kernels() -> list[Any]:
    """Return every kernel of the modules that are loaded."""
    modules = [module for name, module in sys.modules.items() if name.startswith("coworksim.")]
    found = {id(one): one for module in modules for one in vars(module).values() if hasattr(one, "py_func")}
    return list(found.values())


def _kernel(asked: Asked) -> Any:
    return getattr(sys.modules[asked.module], asked.name)


def _size(kernel: Any, seen: set[str]) -> int:
    """Return how much code is compiled for a kernel: its own and that of all that it calls."""
    code, names = kernel.py_func.__code__, kernel.py_func.__globals__
    called = [names.get(name) for name in code.co_names if name not in seen]
    seen.update(code.co_names)
    return len(code.co_code) + sum(_size(one, seen) for one in called if hasattr(one, "py_func"))


def _begin() -> None:
    """Load the model, while the processes wait for work."""
    import coworksim.runs.simulation  # noqa: F401  # every module of a run


def _compile(asked: Asked) -> None:
    _kernel(asked).compile(asked.types)
