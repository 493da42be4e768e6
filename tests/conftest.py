"""Settings of every test: generated cases are the same each time, and Ctrl-C is heard."""

from __future__ import annotations

import gc
import signal

from hypothesis import settings

# Started in the background, a shell has Ctrl-C ignored, and children inherit that: tests that send it would wait.
signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was imported and collected: it stays to the end."""
    gc.freeze()
