"""``python -m colearn.warm``: compile every kernel once, so that no later run waits for the compiler."""

from __future__ import annotations

import time

__all__ = ["warm"]


def warm() -> float:
    """Run the built-in scenario ``tiny`` once, which compiles and caches all kernels; seconds that it took."""
    started = time.perf_counter()
    from colearn.observe.results import simulate
    from colearn.scenario import load_scenario

    simulate(load_scenario("tiny"))
    return time.perf_counter() - started


if __name__ == "__main__":
    print("compiling kernels (once) ... ", end="", flush=True)
    print(f"done in {warm():.0f} s")
