#!/usr/bin/env bash
# distributed 2026.8.0: a task that failed is not tried again when it is submitted again.
#
# `client.submit(run, seed)` names a task after its function and arguments, so equal submissions are one task while a
# future of it is held. That holds for failures, too: a runner that submits a failed simulation once more (a full disk,
# a worker out of memory) gets the old error back at once, and the function is not called. Only `pure=False` calls it.
# Seen: "again: called 1 time", "again with pure=False: called 2 times". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check distributed==2026.8.0 dask==2026.8.0 2>/dev/null
cat > "$folder/again.py" <<'PY'
from pathlib import Path

from distributed import Client


def run(seed):
    with open("calls", "a") as calls:
        calls.write("called\n")
    raise OSError("the disk is full")


with Client(processes=False, dashboard_address=None) as client:
    held = []
    for options in ({}, {}, {"pure": False}):
        held.append(client.submit(run, 1, **options))
        held[-1].exception()
        counted = len(Path("calls").read_text().split())
        if len(held) == 2:
            print(f"again: called {counted} time")
    print(f"again with pure=False: called {counted} times")
PY
found=$(cd "$folder" && venv/bin/python again.py 2>/dev/null)
printf '%s\n' "$found"
[ "$found" = $'again: called 1 time\nagain with pure=False: called 2 times' ]
