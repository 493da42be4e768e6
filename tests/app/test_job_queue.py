"""Comparisons go to a process of their own and come back from it, also when it ends by itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path

import psutil
import pytest

from coworksim.app.form import filled
from coworksim.app.job_queue import KEPT, Desk, Job, WatchError
from coworksim.app.job_queue import PROGRAM as WORKER
from coworksim.app.page_scenarios import Worlds
from coworksim.app.page_worker import Lasting
from coworksim.app.question import FormError, Question, read
from tests.app.desks import QuietDesk

#: Speaks as the process that simulates does: a question with seed 13 ends it, one with seed 7 is never finished.
PROGRAM = (
    sys.executable,
    "-c",
    """
import json, os, sys
def tell(**message):
    print(json.dumps(message), flush=True)
tell(ready=True, seconds=0.0)
for line in sys.stdin:
    message = json.loads(line)
    if "stop" in message:
        tell(job=message["stop"], end="cancelled", error="")
    elif "watch" in message:
        os._exit(1) if message["given"]["seed"] == 13 else tell(watch=message["watch"], frames={"weeks": []})
    else:
        seed = message["question"]["seed"]
        if seed == 13:
            os._exit(9)
        tell(job=message["job"], done=2, left=1.0)
        if seed != 7:
            tell(job=message["job"], end="done", error="")
""",
)


def question(tmp_path: Path, seed: int, *fields: tuple[str, str]) -> Question:
    return read(filled([("seed", str(seed)), *fields]), Worlds(tmp_path).load)


def test_a_seed_has_63_bits(tmp_path: Path) -> None:
    assert question(tmp_path, 2**63 - 1).plain["seed"] == 2**63 - 1
    for seed in (2**63, -1):
        with pytest.raises(FormError, match="Seed"):
            question(tmp_path, seed)


async def until(job: Job, done: Callable[[Job], bool]) -> None:
    async with asyncio.timeout(20):
        while not done(job):
            await asyncio.sleep(0.01)


def lived(tmp_path: Path, program: Sequence[str], act: Callable[[Desk], Awaitable[None]]) -> None:
    """Let a desk with a program work, and end it."""

    async def live() -> None:
        desk = Desk(tmp_path, program)
        await desk.start()
        try:
            await act(desk)
        finally:
            await desk.close()

    asyncio.run(live())


def test_a_comparison_runs_to_its_end_and_one_in_its_place_stops_it(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        endless = await desk.ask(question(tmp_path, 7), "")
        await until(endless, lambda job: job.state == "running")
        other = await desk.ask(question(tmp_path, 1), "", endless.name)
        await until(other, lambda job: job.ended)
        assert (endless.state, other.state) == ("cancelled", "done")
        assert await desk.ask(question(tmp_path, 1), "") is other
        assert await desk.ask(question(tmp_path, 7), "") is not endless, "what was cancelled can be asked again"

    lived(tmp_path, PROGRAM, act)


def test_a_process_that_ends_is_replaced_and_the_comparison_says_so(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        fatal = await desk.ask(question(tmp_path, 13), "")
        await until(fatal, lambda job: job.ended)
        assert fatal.state == "failed"
        assert "another one has been started" in fatal.sentence(desk.ready)
        with pytest.raises(WatchError, match="another one has been started"):
            await desk.watch(question(tmp_path, 13), "50 % of the fee")
        after = await desk.ask(question(tmp_path, 1), "")
        await until(after, lambda job: job.ended)
        assert after.state == "done"
        assert await desk.watch(question(tmp_path, 1), "50 % of the fee") == {"weeks": []}

    lived(tmp_path, PROGRAM, act)


def test_what_waits_behind_a_comparison_that_ends_the_process_fails_with_it(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        await until(await desk.ask(question(tmp_path, 7), ""), lambda job: job.state == "running")
        behind = [await desk.ask(question(tmp_path, seed), "") for seed in (13, 14)]
        for job in behind:
            await until(job, lambda job: job.ended)
        assert behind[0].state == "failed"

    lived(tmp_path, PROGRAM, act)


def test_a_program_that_never_gets_ready_is_not_started_for_ever(tmp_path: Path) -> None:
    count = tmp_path / "count"

    async def act(desk: Desk) -> None:
        for _ in range(300):
            await asyncio.sleep(0.01)
            if count.exists() and len(count.read_text()) >= 3:
                break
        await asyncio.sleep(0.3)
        assert count.read_text() == "xxx"

    lived(tmp_path, (sys.executable, "-c", f"open({str(count)!r}, 'a').write('x')"), act)


def test_old_comparisons_and_their_files_are_let_go(tmp_path: Path) -> None:
    async def act() -> None:
        desk = QuietDesk(tmp_path)
        for seed in range(KEPT + 3):
            job = await desk.ask(question(tmp_path, seed), "")
            desk.hear(job=job.name, end="done", error="")
            if seed == 0:
                job.folder.rmdir()  # somebody has tidied up
        assert len(list(tmp_path.glob("job-*"))) == KEPT
        assert desk.of(question(tmp_path, 0).key) is None
        assert desk.of(question(tmp_path, KEPT + 2).key) is not None

    asyncio.run(act())


def test_two_single_runs_at_a_time_are_refused(tmp_path: Path) -> None:
    async def act() -> None:
        desk = QuietDesk(tmp_path)
        first = asyncio.create_task(desk.watch(question(tmp_path, 1), "50 % of the fee"))
        await asyncio.sleep(0)
        with pytest.raises(WatchError, match="Another single run"):
            await desk.watch(question(tmp_path, 1), "50 % of the fee")
        desk.hear(watch=desk.sent[0]["watch"], frames={"weeks": [1]})
        assert await first == {"weeks": [1]}

    asyncio.run(act())


def simulating(program: psutil.Process) -> set[int]:
    return {one.pid for one in program.children(recursive=True) if "spawn_main" in " ".join(one.cmdline())}


@pytest.mark.slow
def test_worlds_that_take_long_are_given_up_when_a_comparison_is_cancelled(tmp_path: Path) -> None:
    async def act(desk: Desk) -> None:
        async with asyncio.timeout(120):
            while not desk.ready:
                await asyncio.sleep(0.05)
        (program,) = (
            one for one in psutil.Process().children() if "coworksim.app.page_worker" in " ".join(one.cmdline())
        )
        before = simulating(program)
        long = await desk.ask(question(tmp_path, 1, ("size", "region"), ("replicates", "200")), "")
        async with asyncio.timeout(120):
            while long.answer is None:
                await asyncio.sleep(0.01)
        await desk.stop(long)
        await until(long, lambda job: job.ended)
        assert long.state == "cancelled"
        assert (long.folder / "files" / "report.html").is_file()
        assert not (long.folder / "files" / "network.json").exists(), "it takes a pair of worlds of its own"
        assert before
        assert not before & simulating(program), "those that had a world in hand are gone"
        asked = question(tmp_path, 1)
        assert (await desk.watch(asked, next(iter(asked.plain["arms"]))))["weeks"]
        after = await desk.ask(asked, "")
        await until(after, lambda job: job.done > 0)

    lived(tmp_path, WORKER, act)


@pytest.mark.slow
def test_processes_that_ended_while_nothing_was_asked_of_them_are_made_anew() -> None:
    pool = Lasting(1, os.getpid)
    try:
        first = pool.submit(os.getpid).result(timeout=60)
        pool.give_up()
        deadline = time.monotonic() + 60
        while True:  # the pool needs a moment to see that its process is gone
            with contextlib.suppress(BrokenExecutor):
                second = pool.submit(os.getpid).result(timeout=60)
                break
            assert time.monotonic() < deadline
        assert second != first
    finally:
        pool.end()


@pytest.mark.slow
def test_what_simulates_ends_with_all_its_processes_when_nobody_listens_any_more() -> None:
    with subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert json.loads(worker.stdout.readline())["ready"]
        processes = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
        worker.stdin.close()
        _, alive = psutil.wait_procs(processes, timeout=20)
        for process in alive:
            process.kill()
    assert len(processes) >= 2
    assert alive == []
