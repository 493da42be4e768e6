"""The product against the plain twin that draws from Mesa's own generator: same rules, ordinary draws."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.worlds import product_and_peer, state

__all__ = ["Comparison", "against_the_peer"]


class Comparison(NamedTuple):
    """Microseconds per worker-week of both, the median ratio of stretches run in turn, and the state of the world."""

    workers: int
    product_us: float
    peer_us: float
    ratio: float
    lowest: float
    highest: float
    state: dict[str, float]


def seconds(step: Callable[[], object], weeks: int) -> float:
    """Return the processor seconds of ``weeks`` weeks: what others do on the machine hardly counts."""
    begun = time.process_time()
    for _ in range(weeks):
        step()
    return time.process_time() - begun


def against_the_peer(workers: int, settle: int = 52, stretches: int = 5) -> Comparison:
    """Live ``settle`` weeks on both sides, then time stretches in turn: peer 4 weeks, product 4 weeks, and so on."""
    model, peer = product_and_peer(workers)
    seconds(model.step, settle)
    seconds(peer.step, settle)
    pairs = [(seconds(model.step, 4), seconds(peer.step, 4)) for _ in range(stretches)]
    ratios = [peer_s / product_s for product_s, peer_s in pairs]
    per = 1e6 / (4 * workers)
    return Comparison(
        workers,
        per * statistics.median(product_s for product_s, _ in pairs),
        per * statistics.median(peer_s for _, peer_s in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        state(model),
    )
