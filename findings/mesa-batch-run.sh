#!/usr/bin/env bash
# Mesa 3.5.1: batch_run takes an iterable parameter apart, and changes how the whole program starts processes.
#
# A parameter that is iterable is a list of values, and only text is spared. A pydantic model is iterable (over its
# fields), as are a dict and a numpy array: {"setup": scenario} builds one model for each field, with a tuple for a
# scenario. Write {"setup": [scenario]}. And batch_run calls multiprocessing.set_start_method("spawn", force=True), with
# one process too: whatever the program does later starts its processes so.
# Seen: "values: ('a', 1), ('b', 2)", "start method: fork -> spawn". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check "mesa[network]==3.5.1" pydantic 2>/dev/null
cat > "$folder/batch.py" <<'PY'
import multiprocessing

import mesa
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector
from pydantic import BaseModel

multiprocessing.set_start_method("fork", force=True)
seen = []


class Setup(BaseModel):
    a: int = 1
    b: int = 2


class Model(mesa.Model):
    def __init__(self, setup, rng=None):
        super().__init__(rng=rng)
        seen.append(setup)
        self.datacollector = DataCollector()

    def step(self):
        self.running = False


batch_run(Model, {"setup": Setup(a=1, b=2)}, display_progress=False)
print("values:", ", ".join(map(str, seen)))
assert seen == [("a", 1), ("b", 2)]
print("start method: fork ->", multiprocessing.get_start_method())
assert multiprocessing.get_start_method() == "spawn"
PY
"$folder/venv/bin/python" "$folder/batch.py"
