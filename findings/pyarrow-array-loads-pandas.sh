#!/usr/bin/env bash
# pyarrow 26.0.1: making an array of plain numbers loads pandas, wherever it is installed.
#
# `pa.array([1.0])` and `pa.table({...})` ask whether what they are given is a pandas object, and import pandas to know:
# half a second and 40 MB for a process that needs nothing of it. `Array.from_buffers` and `Table.from_arrays` do not.
# Seen: "buffers: False" and "list: True". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pyarrow==26.0.1 pandas==3.1.1 numpy 2>/dev/null
"$folder/venv/bin/python" - <<'PY'
import sys

import pyarrow as pa

pa.Table.from_arrays([pa.Array.from_buffers(pa.float64(), 1, [None, pa.py_buffer(bytes(8))])], names=["x"])
print("buffers:", before := "pandas" in sys.modules)
pa.array([1.0])
print("list:", after := "pandas" in sys.modules)
sys.exit((before, after) != (False, True))
PY
