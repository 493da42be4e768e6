#!/usr/bin/env bash
# duckdb 2.0.1: reading several Parquet files rounds the numbers of the later ones to whole ones, without a word.
#
# A part of a result in which a column happens to be whole (a count, a share of 0 or 1, pounds without pence) is written
# with whole numbers, a later part with fractions. `read_parquet([first, second])` gives the column the type of the first
# file and casts the rest: 1.6 comes back as 2. Given the same two files pandas raises ArrowInvalid and polars
# SchemaError. `union_by_name=true` widens instead. What helps: fix the type of every column in every part.
# Seen: "as they are: [1, 2, 2, 2]", "by name: [1.0, 2.0, 1.6, 2.4]". Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1 2>/dev/null
cat > "$folder/read.py" <<'PY'
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

pq.write_table(pa.table({"members": [1, 2]}), "first.parquet")
pq.write_table(pa.table({"members": [1.6, 2.4]}), "second.parquet")
for how, option in (("as they are", ""), ("by name", ", union_by_name=true")):
    rows = duckdb.sql(f"select members from read_parquet(['first.parquet', 'second.parquet']{option})").fetchall()
    print(f"{how}: {[row[0] for row in rows]}")
PY
found=$(cd "$folder" && venv/bin/python read.py)
printf '%s\n' "$found"
[ "$found" = $'as they are: [1, 2, 2, 2]\nby name: [1.0, 2.0, 1.6, 2.4]' ]
