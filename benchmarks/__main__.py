"""``python -m benchmarks [--quick]``: measure, print and write ``results/benchmark.md``."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import coworksim
from benchmarks.floor.week import LEFT_OUT, FloorComparison, against_the_floor
from benchmarks.mechanisms import by_mechanism
from benchmarks.peer import Comparison, against_the_peer
from benchmarks.scale import fresh, table
from benchmarks.start import start_up
from benchmarks.waiting import Wait, waiting

ROOT = Path(__file__).parents[1]


def peer_table(rows: list[Comparison]) -> str:
    """Return the comparison with the plain twin as a Markdown table."""
    head = (
        "| workers | coworksim, us per worker-week | plain twin, us | ratio (lowest to highest) |\n|--:|--:|--:|--:|\n"
    )
    return head + "".join(
        f"| {row.workers:,} | {row.product_us:.3f} | {row.peer_us:.2f} | "
        f"{row.ratio:.0f} ({row.lowest:.0f} to {row.highest:.0f}) |\n"
        for row in rows
    )


def floor_table(rows: list[FloorComparison]) -> str:
    """Return the comparison with the floor as a Markdown table."""
    head = "| workers | coworksim, us per worker-week | floor, us | ratio (lowest to highest) |\n|--:|--:|--:|--:|\n"
    return head + "".join(
        f"| {row.workers:,} | {row.product_us:.3f} | {row.floor_us:.3f} | "
        f"{row.ratio:.2f} ({row.lowest:.2f} to {row.highest:.2f}) |\n"
        for row in rows
    )


def waiting_table(rows: list[Wait]) -> str:
    """Return what somebody waits for as a Markdown table."""
    head = "| what | seconds | beside | ratio |\n|---|--:|---|--:|\n"
    return head + "".join(f"| {row.what} | {row.seconds:.3f} | {row.beside} | {row.ratio:.2f} |\n" for row in rows)


def report(quick: bool) -> str:
    """Measure everything and return the page."""
    sizes = (1_000,) if quick else (1_000, 10_000)
    settle = 12 if quick else 52
    # First of all: a process begins with the peak of memory of the one that starts it.
    growth = table([fresh(workers) for workers in ((1_000, 10_000) if quick else (1_000, 10_000, 100_000))])
    peers = [against_the_peer(workers, settle) for workers in sizes]
    floors = [against_the_floor(workers, settle) for workers in sizes]
    shares = by_mechanism(sizes[-1], settle)
    state = ", ".join(f"{name} {value:.2f}" for name, value in peers[-1].state.items())
    lines = "".join(f"| {name} | {us:.3f} |\n" for name, us in shares.items())
    covered = 1.0 - sum(shares[name] for name in LEFT_OUT) / (shares["all"] - shares["recorder"])
    return (
        "# Benchmark\n\n"
        f"coworksim {coworksim.__version__}, Python {platform.python_version()}, {platform.machine()}, one thread. "
        "Ratios are medians of stretches run in turn in one process, by processor time.\n\n"
        "## Against the plain twin drawing from Mesa's own generator\n\n"
        f"{peer_table(peers)}\nState of the largest world when timed: {state}; theta TD .6, SC .3.\n\n"
        "## Against the floor\n\n"
        "The same draws, rates and ties from the same people as bare compiled loops over arrays: no model, no "
        "dispatch, no books, many weeks in one call. A test holds its state to the product's within 1e-9. "
        f"{', '.join(LEFT_OUT).capitalize()} are off on both sides; the rest makes up {100 * covered:.0f} % of the "
        "product's week. Encounters, the resource pool and the merging of ties are the product's own loops, called "
        "from compiled code; the other loops are written afresh on the product's rules.\n\n"
        f"{floor_table(floors)}\n"
        f"## By mechanism, us per worker-week\n\n{sizes[-1]:,} workers.\n\n| phase | us |\n|---|--:|\n{lines}\n"
        "## By number of workers\n\n"
        f"The worlds of `python -m benchmarks.scale`, each in a fresh process.\n\n{growth}\n"
        f"## Start-up\n\nFrom nothing to the first simulated week with cached kernels: {start_up():.2f} s "
        "(median of 5 fresh processes).\n\n"
        "## Waiting\n\n"
        "Medians of actions timed in turn: where a machine has other work, only ratios mean anything.\n\n"
        f"{waiting_table(waiting(quick))}"
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
