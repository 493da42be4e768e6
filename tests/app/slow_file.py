"""Reads an opened file as the page does, after something that takes all the time or the memory that it may take."""

from __future__ import annotations

import os
import sys
from typing import Any
from unittest import mock

from coworksim.app import opened_file
from coworksim.files.load import load_scenario


def _greedy(*given: Any, **more: Any) -> Any:
    if os.environ["SLOW_FILE"] == "BYTES":
        bytearray(2 * opened_file.BYTES)
    while os.environ["SLOW_FILE"] == "SECONDS":
        pass
    return load_scenario(*given, **more)


if __name__ == "__main__":
    with mock.patch.object(opened_file, "load_scenario", _greedy):
        opened_file.main(sys.argv[1])
