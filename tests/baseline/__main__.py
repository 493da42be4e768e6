"""``python -m tests.baseline [ENTRY ...]``: make the baseline anew and say what changed.

With ``--show`` print the values behind the digests instead, to be set beside those of another version of the code.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from tests.baseline.entries import ENTRIES
from tests.baseline.file import FILE, changes, digests, recorded
from tests.baseline.values import plain


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.baseline", description=__doc__)
    parser.add_argument("entries", nargs="*", metavar="ENTRY", help="entries to make; all where none is named")
    parser.add_argument("--show", action="store_true", help="print values and write nothing")
    given = parser.parse_args()
    if unknown := [name for name in given.entries if name not in ENTRIES]:
        parser.error(f"there is no entry {unknown[0]!r}; there are {', '.join(ENTRIES)}")
    known = recorded()
    kept = {name: parts for name, parts in known.items() if name in ENTRIES}
    for name in given.entries or ENTRIES:
        with tempfile.TemporaryDirectory() as folder:
            parts = ENTRIES[name].make(Path(folder))
        if given.show:
            print(json.dumps({name: {part: plain(value) for part, value in parts.items()}}, indent=1))
            continue
        kept[name] = digests(parts)
        for change in changes(known.get(name, {}), kept[name]):
            print(f"{name}: {change}")
    if not given.show:
        for name in known.keys() - ENTRIES.keys():
            print(f"{name}: gone")
        ordered = {name: kept[name] for name in ENTRIES if name in kept}
        FILE.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
