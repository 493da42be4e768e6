"""Fields that a form keeps, and a stream that ends with its comparison."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coworksim.app import form as choices
from coworksim.app import pages
from coworksim.app.form import ASSUMPTIONS, defaults, filled
from coworksim.app.job_queue import Job


def test_unknown_fields_are_left_out_and_values_cut() -> None:
    known = f"{ASSUMPTIONS}membership.churn"
    found = filled(
        [
            (known, " 0.5 "),
            (f"{ASSUMPTIONS}no.such", "1"),
            ("membership.churn", "0.1"),
            ("seed", "7"),
            ("other", "x"),
            ("file", "y" * 10_000),
        ]
    )
    assert found[known] == "0.5"
    assert found["seed"] == "7"
    assert set(found) == {*defaults(), known}
    assert 0 < len(found["file"]) < 10_000


def test_the_stream_of_a_comparison_that_has_ended_ends() -> None:
    question: Any = SimpleNamespace(replicates=20)
    job = Job("a", "key", question, Path(), "", state="done", done=20)
    page: Any = SimpleNamespace(_standing=lambda job: {"state": job.state})

    async def all_of_it() -> list[str]:
        return [text async for text in pages.Pages._stream(page, job)]

    assert asyncio.run(asyncio.wait_for(all_of_it(), 10)) == ['data: {"state": "done"}\n\n']
    assert job.waiting == set()


def test_as_many_worlds_are_offered_as_the_page_says() -> None:
    assert choices.REPLICATES == ("20", "50", "100", "200")
    assert defaults()["replicates"] in choices.REPLICATES


def test_a_number_that_differs_by_rounding_alone_is_as_the_world_has_it() -> None:
    values: dict[str, Any] = {"a": 0.0, "b": 0.0, "c": 1e6, "d": 1e6}
    form = {
        f"{ASSUMPTIONS}{name}": text
        for name, text in zip("abcd", ("1e-9", "1.1e-9", "1000000.0009", "1000000.0011"), strict=True)
    }
    assert set(choices.without_unchanged(form, values)) == {f"{ASSUMPTIONS}b", f"{ASSUMPTIONS}d"}


@pytest.mark.parametrize("name", ["region", "size"])
def test_a_world_from_a_file_has_its_own_region_and_size(name: str) -> None:
    form = {**defaults(), name: "another"}
    assert f"{name}=another" in choices.query(form, "1")
    assert f"{name}=" not in choices.query({**form, "file": "mark"}, "1")
