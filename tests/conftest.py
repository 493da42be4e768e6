"""Settings of every test: generated cases are the same each time, Ctrl-C is heard, and no world is kept."""

from __future__ import annotations

import gc
import os
import signal

from hypothesis import settings

# Started in the background, a shell has Ctrl-C ignored, and children inherit that: tests that send it would wait.
signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ["COWORKSIM_KEEP_GB"] = "0"  # each test makes its own worlds, but for tests of worlds that are kept
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was imported and collected: it stays to the end."""
    gc.freeze()
