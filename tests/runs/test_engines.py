"""What an executor of one's own must keep to, and what ours asks of Dask."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from coworksim.files.provenance import code_version
from coworksim.runs.engines import DaskEngine


def test_dask_is_told_that_equal_tasks_are_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would do equal submissions once, and one that had failed not at all (distributed 2026.8)."""
    asked: list[dict[str, Any]] = []

    class Client:
        def __init__(self, address: str, timeout: float) -> None:
            pass

        def get_executor(self, **options: Any) -> None:
            asked.append(options)

        def run(self, function: Any, **_: Any) -> dict[str, str]:
            return {"worker": code_version()}

    distributed: Any = ModuleType("distributed")
    distributed.Client = Client
    monkeypatch.setitem(sys.modules, "distributed", distributed)
    DaskEngine("tcp://there:1")
    assert asked == [{"pure": False}]
