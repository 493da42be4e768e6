"""Worlds that are kept: a folder of a test's own to keep them in, and how many weeks are simulated."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.model.weeks import Weeks


class Lived:
    """Counts the weeks that models of this process live."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lived, step = 0, Weeks.step

        def counted(model: Weeks) -> None:
            self.lived += 1
            step(model)

        monkeypatch.setattr(Weeks, "step", counted)

    def since(self) -> int:
        """Return how many there were since the last call."""
        lived, self.lived = self.lived, 0
        return lived


def keep_in(folder: Path, monkeypatch: pytest.MonkeyPatch, gigabytes: str = "1") -> Path:
    """Let worlds be kept below a folder from now on, and return where."""
    monkeypatch.setenv("COWORKSIM_CACHE", str(folder))
    monkeypatch.setenv("COWORKSIM_KEEP_GB", gigabytes)
    return folder / "coworksim" / "worlds"
