"""How many threads a run takes: all processors when it is alone, one in a batch."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from coworksim import simulate
from coworksim.files.errors import RefusedError
from coworksim.runs.run import Run
from coworksim.runs.threads import SETTING, threads_of_a_run
from coworksim.runs.worker import one_run
from tests.worlds import busy


def threads_in_hand(payload: Mapping[str, object]) -> dict[str, float]:
    return {"threads": float(threads_of_a_run())}


def test_a_run_alone_takes_every_processor_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 2, 5}, raising=False)
    assert threads_of_a_run() == 3
    monkeypatch.setenv(SETTING, "2")
    assert threads_of_a_run() == 2
    assert threads_of_a_run(5) == 5


def test_a_run_of_a_batch_takes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "4")
    assert one_run(threads_in_hand, Run("a", 0, {}), None).values == {"threads": 1.0}
    assert threads_of_a_run() == 4  # the batch is over


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5"])
def test_a_setting_that_is_no_number_of_threads_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, said)
    with pytest.raises(RefusedError, match=r"COWORKSIM_THREADS is .*; set it to a whole number from 1"):
        threads_of_a_run()


@pytest.mark.parametrize("asked", [0, -2, True])
def test_what_is_no_number_of_threads_is_refused(asked: int) -> None:
    with pytest.raises(ValueError, match=r"threads is .*; write a whole number from 1"):
        simulate(busy(weeks=1, burn_in_weeks=0), threads=asked)
