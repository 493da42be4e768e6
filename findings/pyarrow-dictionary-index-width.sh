#!/usr/bin/env bash
# pandas 3.1.1 with pyarrow 26.0.1: two results of one program, one short and one long, are not read together.
#
# A categorical column is written to Parquet as a dictionary whose index is as narrow as its words allow: int8 for up to
# 128 of them, int16 for more. Each file is valid, and each is read alone. `pandas.read_parquet([short, long])` takes the
# schema of the first file and raises ArrowInvalid for the second; with the long one first it works. polars reads both
# orders. So whether half a year and three years of the same simulation can be put together hangs on their order.
# What helps: fix the index (int32), or write plain text.
# Seen: "short first: ArrowInvalid", "long first: 250 rows", "polars: 250 rows". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 2>/dev/null
cat > "$folder/read.py" <<'PY'
import pandas as pd
import polars as pl
import pyarrow as pa

for name, weeks in (("short", 50), ("long", 200)):
    dates = pd.Categorical([f"week {week}" for week in range(weeks)])
    pd.DataFrame({"date": dates, "members": range(weeks)}).to_parquet(f"{name}.parquet")
try:
    found = f"{len(pd.read_parquet(['short.parquet', 'long.parquet']))} rows"
except pa.ArrowInvalid as error:
    found = type(error).__name__
print("short first:", found)
print("long first:", len(pd.read_parquet(["long.parquet", "short.parquet"])), "rows")
print("polars:", len(pl.read_parquet(["short.parquet", "long.parquet"])), "rows")
PY
found=$(cd "$folder" && venv/bin/python read.py)
printf '%s\n' "$found"
[ "$found" = $'short first: ArrowInvalid\nlong first: 250 rows\npolars: 250 rows' ]
