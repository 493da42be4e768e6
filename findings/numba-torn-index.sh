#!/usr/bin/env bash
# numba 0.68.1: two first runs at the same time can leave a cache that gives the code of one signature for another.
#
# Each file of the cache of `njit(cache=True)` is replaced at once, "in a race condition-free way (hopefully)", as a
# comment there says. But a save reads the index of a function, takes the next free number, writes the index and then
# the code under that number, and nothing holds others off. Two processes that compile the same function for different
# signatures both take number 1: the index names the signature of the one that wrote it last, the file holds the code
# that was written last. These need not be the same process. A later process asks for float64, is given the code for
# int64, and runs that.
# Here both saves are made in one process, step by step, in an order that two processes can have.
# Seen: "index: float64, code: int64". Fails if that changes. Way out: a file per signature, named by it, no index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check numba==0.68.1 numpy==2.3.5 2>/dev/null
cat > "$folder/torn.py" <<'PY'
import sys

from numba.core.caching import IndexDataCacheFile

one, other = (IndexDataCacheFile(sys.argv[1], "f", "stamp") for _ in range(2))
read = other._load_index()  # before the other process has written anything
plain = one._dump


def held(content):
    """Let the other process write its index and its code when ours has written its index, and not yet its code."""
    if content == "int64":
        other._load_index = lambda: read
        other.save("float64", "float64")
    return plain(content)


one._dump = held
one.save("int64", "int64")
later = IndexDataCacheFile(sys.argv[1], "f", "stamp")
print(f"index: {', '.join(later._load_index())}, code: {later.load('float64')}")
PY
found=$("$folder/venv/bin/python" "$folder/torn.py" "$folder")
printf '%s\n' "$found"
[ "$found" = "index: float64, code: int64" ]
