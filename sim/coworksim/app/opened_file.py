"""Reads an opened scenario file in a process of its own, with limits of time and memory.

``python -m coworksim.app.opened_file NAME``: in the folder of the file; prints the scenario, or what is wrong with it,
as JSON.

A file that takes long to read would otherwise hold up everybody who looks at the page, or end it.
"""

import json
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final

from coworksim.files.errors import InputError, Problem
from coworksim.files.load import load_scenario
from coworksim.model.scenario import Scenario

#: Seconds and bytes in which a scenario file is read; the largest that come with coworksim need a second and 100 MB.
SECONDS: Final = 15
BYTES: Final = 2**30
PROGRAM: Final = "coworksim.app.opened_file"


def read_opened(path: Path, shown: str) -> Scenario:
    """Read a scenario file within the limits; messages call it ``shown``. Raises InputError."""
    program = [sys.executable, "-m", PROGRAM, path.name]
    try:
        done = subprocess.run(program, cwd=path.parent, capture_output=True, timeout=SECONDS, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        text = f"it takes more than {SECONDS} seconds or 1 GB of memory to read; write a simpler file"
        found = {"problems": [("", 0, 0, text)]}
    if "problems" in found:
        called = {"": shown, path.name: shown}
        raise InputError(
            Problem(called.get(file, file), line, column, text.replace(path.name, shown))
            for file, line, column, text in found["problems"]
        )
    return Scenario.model_validate(found["scenario"])


def _limit() -> None:
    """Keep this process within the limits, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, BYTES)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main(name: str) -> None:
    """Print a scenario file of this folder as it was read, or its problems."""
    _limit()
    try:
        found: dict[str, Any] = {"scenario": load_scenario(Path(name), quiet=True).model_dump(mode="json")}
    except InputError as error:
        found = {"problems": [astuple(problem) for problem in error.problems]}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
