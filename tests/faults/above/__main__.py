"""``python -m tests.faults.above [--map] [--again] [--quick] [TEXT ...]`` writes ``results/mutants-above.md``.

What is done is kept in ``results/mutants-above.json``, so that a stopped run goes on. Which tests execute which lines
is noted once, and anew of files of tests that are newer than the note; ``--map`` notes all anew, which is due when the
package has changed. ``--again`` tries survivors of the fast tier again; faults whose name holds a TEXT are tried again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, replace
from queue import SimpleQueue
from typing import Final

import click

from tests.faults.above.page import page
from tests.faults.above.sample import Planted, known, sample
from tests.faults.above.trial import ELSEWHERE, Bench, Finding, Map
from tests.faults.catalogue import ROOT

STORE: Final = ROOT / "results" / "mutants-above.json"
PAGE: Final = ROOT / "results" / "mutants-above.md"
AT_ONCE: Final = 2


def load() -> dict[str, Finding]:
    """Return the findings so far, by the hash of the fault."""
    return {k: Finding(**v) for k, v in json.loads(STORE.read_text(encoding="utf-8")).items()} if STORE.exists() else {}


def anew(bench: Bench, fault: Planted, tests: Map, before: Finding | None) -> Finding:
    """Try a fault, and keep what came of it at first sight."""
    one = bench.fast(fault, tests)
    return one if before is None else replace(one, first=before.at_first)


def save(found: dict[str, Finding]) -> None:
    """Write the findings, whole or not at all."""
    draft = STORE.with_suffix(".tmp")
    draft.write_text(json.dumps({name: asdict(one) for name, one in found.items()}, indent=1), encoding="utf-8")
    draft.replace(STORE)


def reach(bench: Bench, tier: str, fresh: bool) -> Map:
    """Return which tests of a tier execute what."""
    note = bench.copy.root.parent / f"lines-{tier}"
    known = note.with_suffix(".tests")
    if fresh or not known.exists():
        click.echo(f"What the {tier} tests execute ...")
        return Map.made(bench.copy, tier)
    newer = newer_tests(known.stat().st_mtime)
    return Map.made(bench.copy, tier, newer) if newer else Map.read(note)


def newer_tests(since: float) -> list[str]:
    """Return the files of tests that have changed since, of those that are asked at all."""
    found = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if path.stat().st_mtime > since]
    names = [path.relative_to(ROOT).as_posix() for path in found]
    return [name for name in names if not any(name.startswith(f"tests/{place}") for place in ELSEWHERE)]


def work(
    faults: Sequence[Planted],
    found: dict[str, Finding],
    benches: Sequence[Bench],
    look: Callable[[Bench, Planted], Finding],
) -> None:
    """Try faults, as many at a time as there are copies."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def one_of(fault: Planted) -> Finding:
        bench = free.get()
        try:
            return look(bench, fault)
        finally:
            free.put(bench)

    with ThreadPoolExecutor(len(benches)) as pool:
        jobs = {pool.submit(one_of, fault): fault for fault in faults}
        try:
            for at, job in enumerate(as_completed(jobs), 1):
                fault, one = jobs[job], job.result()
                found[fault.digest] = one
                save(found)
                text = one.fast or one.slow or f"NOT SEEN by {one.reached} fast tests"
                click.echo(f"{at}/{len(faults)} {fault.name[:150]}: {text} ({one.seconds:.0f} s)")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@click.command()
@click.option("--map", "fresh", is_flag=True, help="Note anew which tests execute which lines.")
@click.option("--again", is_flag=True, help="Try again what the fast tier did not see.")
@click.option("--quick", is_flag=True, help="Do not ask the slow tests.")
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
def main(fresh: bool, again: bool, quick: bool, texts: tuple[str, ...]) -> None:
    """Plant every fault of the sample that has not been tried yet."""
    everything, found = [*known(), *sample()], load()
    faults = [one for one in everything if not one.equivalent]
    found = {one.digest: found[one.digest] for one in faults if one.digest in found}
    due = [
        one
        for one in faults
        if one.digest not in found or (again and not found[one.digest].fast) or any(text in one.name for text in texts)
    ]
    benches = [Bench(number) for number in range(AT_ONCE)]
    try:
        if due or fresh:
            fast = reach(benches[0], "fast", fresh)
            due.sort(key=fast.cost)
            work(due, found, benches, lambda bench, fault: anew(bench, fault, fast, found.get(fault.digest)))
        missed = [one for one in faults if not found[one.digest].fast and found[one.digest].slow is None]
        if missed and not quick:
            slow = reach(benches[0], "slow", fresh)
            work(missed, found, benches, lambda bench, fault: bench.slow(fault, found[fault.digest], slow))
    finally:
        for bench in benches:
            bench.close()
    PAGE.write_text(page(everything, found), encoding="utf-8")
    click.echo(f"Written to {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
