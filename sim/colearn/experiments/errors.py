"""What can go wrong with a batch of runs as a whole; a run that fails is a row, not an error."""

from __future__ import annotations

from colearn.observe.folders import FolderError

__all__ = ["RefusedError", "RunnerError", "StoreError"]


class RunnerError(Exception):
    """A batch cannot go on; the text says why, and what to do."""


class RefusedError(RunnerError):
    """What was asked for cannot be done; the text says what can."""


class StoreError(FolderError):
    """A folder cannot hold the runs of a study, or what it holds cannot be read; the text says why, and what to do."""
