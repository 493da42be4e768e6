"""``python -m coworksim.cli.warm``: compile every kernel once, so that no later run waits for the compiler."""

from __future__ import annotations

import time


def warm() -> float:
    """Run the built-in scenario ``tiny`` with policies once: all kernels are compiled and cached; seconds it took."""
    started = time.perf_counter()
    from coworksim.files.load import load_scenario
    from coworksim.runs.simulation import simulate

    policies = ("programme-linked-membership", "training-vouchers", "college-places")
    simulate(load_scenario("tiny", policies=policies))
    return time.perf_counter() - started


if __name__ == "__main__":
    print("compiling kernels (once) ... ", end="", flush=True)
    print(f"done in {warm():.0f} s")
