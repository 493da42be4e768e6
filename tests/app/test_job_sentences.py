"""Where a comparison stands, in a sentence, and numbers that a form may hold."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coworksim.app.job_queue import Job
from coworksim.app.question import Trouble, _whole


def job(state: str, **more: Any) -> Job:
    question: Any = SimpleNamespace(replicates=20)
    return Job("a", "key", question, Path(), "", state=state, **{"done": 3, "error": "it broke", **more})


def test_where_a_comparison_stands() -> None:
    told = [
        (job("failed"), "The comparison ended with a fault in coworksim: it broke"),
        (job("done"), "Done: 3 replicates."),
        (job("cancelled"), "Cancelled after 3 of 20 replicates."),
        (
            job("cancelled", answer={"a": 1}),
            "Cancelled after 3 of 20 replicates; the answer below is that of the 3 that were finished.",
        ),
        (job("stopping"), "Cancelling: what is not done in a second is given up."),
        (job("running", done=0), "Replicate 1 of 20."),
        (job("running"), "Replicate 4 of 20."),
        (job("running", done=19), "Replicate 20 of 20."),
        (job("running", done=20), "All 20 replicates are done; tables and charts are being written."),
        (job("running", left=0.2), "Replicate 4 of 20, about 1 s left."),
    ]
    assert [one.sentence(True) for one, _ in told] == [said for _, said in told]
    assert {one.state for one, _ in told if one.ended} == {"done", "cancelled", "failed"}
    assert {one.state for one, _ in told if not one.ended} == {"stopping", "running"}


def test_a_model_that_is_being_loaded_is_said_before_any_replicate() -> None:
    assert job("running").sentence(False).startswith("The model is being loaded: a few seconds")
    assert job("done").sentence(False) == "Done: 3 replicates."


@pytest.mark.parametrize(
    ("text", "value"), [("1000", 1000), ("2500000", 2_500_000), ("999", 0), ("2500001", 0), ("x", 0), ("", 0)]
)
def test_a_whole_number_of_a_form_lies_between_its_limits(text: str, value: int) -> None:
    troubles: list[Trouble] = []
    form: Any = {"budget": text}
    assert _whole(form, "budget", "the budget", 1000, 2_500_000, troubles, "GBP") == value
    told = [f"the budget is {text!r}; write a whole number from 1,000 to 2,500,000 GBP"] if not value else []
    assert [trouble.text for trouble in troubles] == told
