#!/usr/bin/env bash
# numba 0.68.1: a compiled function that calls another with a written integer makes a version of the callee per number.
#
# The documentation asks for numba.literally() where a value is to become part of a type. All the same `index(a, 0)`,
# `index(a, 1)`, `index(a, 2)` inside a compiled function give three compiled versions of `index`, one per literal, and a
# fourth for a variable; called from Python with the same numbers there is one. Kernels that name channels, streams or
# plans by small constants are compiled many times over: one function of ours had 29 versions, and 186 versions in all
# became 140 when literals were taken away. Nothing warns; only `signatures` shows it.
# Seen: "from compiled code: 4", "from Python: 1". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check numba==0.68.1 numpy==2.3.5 2>/dev/null
cat > "$folder/literals.py" <<'PY'
import numba
import numpy as np


@numba.njit
def index(values, at):
    return values[at]


@numba.njit
def caller(values):
    total = index(values, 0) + index(values, 1) + index(values, 2)
    for at in range(len(values)):
        total += index(values, at)
    return total


@numba.njit
def alone(values, at):
    return values[at]


values = np.arange(3.0)
assert caller(values) == 6.0
for at in (0, 1, 2):
    alone(values, at)
print(f"from compiled code: {len(index.signatures)}")
print(f"from Python: {len(alone.signatures)}")
PY
found=$("$folder/venv/bin/python" "$folder/literals.py")
printf '%s\n' "$found"
[ "$found" = $'from compiled code: 4\nfrom Python: 1' ]
