"""``python -m tests.baseline [ENTRY ...]``: make the baseline anew and say what changed.

With ``--show`` print the values behind the digests instead, to be set beside those of another version of the code. With
``--beside FILE``, which holds what was printed elsewhere, say what is not the same to eight digits: so far numbers may
differ between versions of the packages, and no sentence may.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.baseline.entries import ENTRIES
from tests.baseline.file import FILE, changes, digests, recorded
from tests.baseline.values import near, plain

#: Digests over what a regression found in each run, which libraries of linear algebra round otherwise in the last bit.
_FITTED = ("survey: digest",)


def beside(file: Path) -> list[str]:
    """Make the entries that a file holds, and name those parts that are others."""
    text, decoder, found = file.read_text(encoding="utf-8").strip(), json.JSONDecoder(), []
    while text:
        there, end = decoder.raw_decode(text)
        text = text[end:].strip()
        for name, parts in there.items():
            with tempfile.TemporaryDirectory() as folder:
                here = {part: plain(value) for part, value in ENTRIES[name].make(Path(folder)).items()}
            print(f"{name}: {', '.join(here)}", flush=True)
            found += [f"{name}: {part}" for part in {**parts, **here} if not near(here.get(part), parts.get(part))]
    return [part for part in found if part not in _FITTED]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.baseline", description=__doc__)
    parser.add_argument("entries", nargs="*", metavar="ENTRY", help="entries to make; all where none is named")
    parser.add_argument("--show", action="store_true", help="print values and write nothing")
    parser.add_argument("--fast", action="store_true", help="only entries that take less than a quarter of a second")
    parser.add_argument("--beside", type=Path, metavar="FILE", help="compare with what --show printed elsewhere")
    given = parser.parse_args()
    if given.beside:
        other = beside(given.beside)
        sys.exit(f"not the same to eight digits: {'; '.join(other)}" if other else 0)
    if unknown := [name for name in given.entries if name not in ENTRIES]:
        parser.error(f"there is no entry {unknown[0]!r}; there are {', '.join(ENTRIES)}")
    known = recorded()
    kept = {name: parts for name, parts in known.items() if name in ENTRIES}
    for name in given.entries or [name for name, one in ENTRIES.items() if not (given.fast and one.slow)]:
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
