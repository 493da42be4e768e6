"""``python -m tests.faults [--fresh] [--quick] [NAME ...]``: plant every fault and write ``results/mutants.md``.

What is done is kept in ``results/mutants.json``, so that a stopped run goes on. Faults that are named are tried again;
``--fresh`` tries all again, which is due when tests have changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

import click

from tests.faults.catalogue import ROOT, Fault, read_faults
from tests.faults.page import page
from tests.faults.runner import Finding, control, look_again, try_fault

STORE = ROOT / "results" / "mutants.json"
PAGE = ROOT / "results" / "mutants.md"
AT_ONCE = 2


def load(store: Path, faults: list[Fault]) -> dict[str, Finding]:
    """Return the findings that still stand: those of faults that are as they were."""
    if not store.exists():
        return {}
    digests = {fault.name: fault.digest for fault in faults}
    kept = {name: Finding(**entry) for name, entry in json.loads(store.read_text(encoding="utf-8")).items()}
    return {name: found for name, found in kept.items() if digests.get(name) == found.digest}


def save(store: Path, findings: Mapping[str, Finding]) -> None:
    """Write the findings, whole or not at all."""
    draft = store.with_suffix(".tmp")
    draft.write_text(json.dumps({name: asdict(found) for name, found in findings.items()}, indent=1), encoding="utf-8")
    draft.replace(store)


def check_names(names: tuple[str, ...], faults: list[Fault]) -> None:
    """Refuse names that the catalogue does not have."""
    known = [fault.name for fault in faults]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.0)[0]
            raise click.BadParameter(f"no fault is called {name!r}; the nearest is {near!r}", param_hint="NAME")


class Session:
    """The findings so far, kept in a file after every fault."""

    def __init__(self, store: Path, findings: dict[str, Finding]) -> None:
        """Go on with what has been found."""
        self.findings = findings
        self._store = store

    def work(self, faults: Sequence[Fault], look: Callable[[Fault], Finding]) -> None:
        """Look at faults, two at a time; a stop loses only those that are being looked at."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = {pool.submit(look, fault): fault for fault in faults}
            try:
                for at, job in enumerate(as_completed(jobs), 1):
                    fault, found = jobs[job], job.result()
                    self.findings[fault.name] = found
                    save(self._store, self.findings)
                    text = found.seen or "not seen"
                    click.echo(f"{at}/{len(faults)} {fault.phase}, {fault.name}: {text} ({found.seconds:.0f} s)")
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


@click.command()
@click.option("--fresh", is_flag=True, help="Forget earlier findings.")
@click.option("--quick", is_flag=True, help="Do not look again at what the nearest tests and docking miss.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def main(fresh: bool, quick: bool, names: tuple[str, ...]) -> None:
    """Plant every fault that has not been tried yet, or the named ones again, two at a time."""
    faults = read_faults()
    check_names(names, faults)
    session = Session(STORE, {} if fresh else load(STORE, faults))
    found = session.findings
    left = [fault for fault in faults if fault.name in names or (not names and fault.name not in found)]
    if left:
        click.echo("The tests without any fault ...")
        control(sorted({fault.phase for fault in left}))
        session.work(left, try_fault)
    missed = [f for f in faults if f.name in found and not found[f.name].seen and found[f.name].whole is None]
    if not quick:
        session.work(missed, lambda fault: look_again(fault, found[fault.name]))
    if len(found) < len(faults):
        click.echo(f"{len(faults) - len(found)} faults are still to be tried.")
        return
    PAGE.write_text(page(faults, found), encoding="utf-8")
    click.echo(f"Written to {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
