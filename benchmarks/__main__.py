"""``python -m benchmarks [--quick]``: measure, print and write ``results/benchmark.md``."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import colearn
from benchmarks.mechanisms import by_mechanism
from benchmarks.peer import Comparison, against_the_peer
from benchmarks.start import start_up

ROOT = Path(__file__).parents[1]


def peer_table(rows: list[Comparison]) -> str:
    """Return the comparison with the plain twin as a Markdown table."""
    head = "| workers | colearn, us per worker-week | plain twin, us | ratio (lowest to highest) |\n|--:|--:|--:|--:|\n"
    return head + "".join(
        f"| {row.workers:,} | {row.product_us:.3f} | {row.peer_us:.2f} | "
        f"{row.ratio:.0f} ({row.lowest:.0f} to {row.highest:.0f}) |\n"
        for row in rows
    )


def report(quick: bool) -> str:
    """Measure everything and return the page."""
    peers = [
        against_the_peer(workers, settle=12 if quick else 52) for workers in ((1_000,) if quick else (1_000, 10_000))
    ]
    shares = by_mechanism(1_000 if quick else 10_000)
    state = ", ".join(f"{name} {value:.2f}" for name, value in peers[-1].state.items())
    lines = "".join(f"| {name} | {us:.3f} |\n" for name, us in shares.items())
    return (
        "# Benchmark\n\n"
        f"colearn {colearn.__version__}, Python {platform.python_version()}, {platform.machine()}, one thread. "
        "Ratios are medians of stretches run in turn in one process.\n\n"
        "## Against the plain twin drawing from Mesa's own generator\n\n"
        f"{peer_table(peers)}\nState of the largest world when timed: {state}; theta TD .6, SC .3.\n\n"
        f"## By mechanism, us per worker-week\n\n| phase | us |\n|---|--:|\n{lines}\n"
        f"## Start-up\n\nFrom nothing to the first simulated week with cached kernels: {start_up():.2f} s "
        "(median of 5 fresh processes).\n"
    )


def main() -> None:
    """Print the page; a full run also writes it."""
    quick = "--quick" in sys.argv[1:]
    page = report(quick)
    print(page)
    if not quick:
        target = ROOT / "results" / "benchmark.md"
        target.write_text(page)
        print(f"Written to {target.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
