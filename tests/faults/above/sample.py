"""Draw the sample: so many faults of every part, by a hash that no move of a file changes."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from tests.faults.above.rules import KINDS, Change, changes
from tests.faults.catalogue import PACKAGE, ROOT

SEED: Final = 20261130
KNOWN: Final = "known kinds"
#: Parts of the product above the model, with the files and folders (below the package) that belong to them.
FOLDERS: Final[dict[str, tuple[str, ...]]] = {
    "files": ("files",),
    "statistics": ("statistics",),
    "runs": ("runs",),
    "appraisal": ("appraisal",),
    "patterns": ("evidence/patterns",),
    "survey": ("evidence/survey",),
    "calibration": ("evidence/calibration",),
    "report": ("report",),
    "page": ("app",),
    "commands": ("cli",),
}
#: How many of each part are drawn.
DRAWN: Final = {
    "files": 30,
    "statistics": 13,
    "runs": 26,
    "appraisal": 26,
    "patterns": 9,
    "survey": 9,
    "calibration": 7,
    "report": 26,
    "page": 13,
    "commands": 9,
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: a change of a file."""

    part: str
    file: str  # below the package
    change: Change
    twin: int  # how many like it stand before it in the same function

    @property
    def digest(self) -> str:
        """Return a hash of what is planted where; the file does not count, so that it may move."""
        change = self.change
        text = "\0".join((str(SEED), self.part, change.kind, change.place, change.old, change.new, str(self.twin)))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """Return what is said about it."""
        old, new = (" ".join(text.split()) for text in (self.change.old, self.change.new))
        return f"{self.file}:{self.change.lines[0]} {self.change.kind}: {old} -> {new}"

    def original(self, root: Path = ROOT) -> str:
        """Return the text of the file without it."""
        return (root / PACKAGE / self.file).read_text(encoding="utf-8")

    @property
    def equivalent(self) -> str:
        """Return the reason why it changes nothing that anybody could see; "" where it does."""
        key = (self.file, self.change.place, self.change.old, self.change.new, self.twin)
        return equivalents().get(key, "")

    def planted(self, root: Path = ROOT) -> str:
        """Return the text of the file with the fault in it."""
        data, change = self.original(root).encode(), self.change
        if data[change.start : change.end].decode() != change.old:
            raise ValueError(f"{self.name}: the file has changed since")
        text = (data[: change.start] + change.new.encode() + data[change.end :]).decode()
        ast.parse(text)
        return text


def files(folders: tuple[str, ...], root: Path = ROOT) -> list[Path]:
    """Return the sources of a part, in order."""
    found: list[Path] = []
    for name in folders:
        path = root / PACKAGE / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return found


def every_fault(root: Path = ROOT) -> dict[str, list[Planted]]:
    """Return all faults of every part, by their hash; what reads as it did is none."""
    found: dict[str, list[Planted]] = defaultdict(list)
    for part, folders in FOLDERS.items():
        seen: Counter[tuple[str, str, str, str]] = Counter()
        for path in files(folders, root):
            file = path.relative_to(root / PACKAGE).as_posix()
            for change in changes(path.read_text(encoding="utf-8")):
                key = (change.kind, change.place, change.old, change.new)
                found[part].append(Planted(part, file, change, seen[key]))
                seen[key] += 1
        found[part].sort(key=lambda one: one.digest)
    return dict(found)


def known(root: Path = ROOT) -> list[Planted]:
    """Return the mistakes that nothing noticed once, which are planted beside the sample."""
    found = []
    for entry in YAML(typ="safe", pure=True).load((Path(__file__).parent / "known.yaml").read_text(encoding="utf-8")):
        data = (root / PACKAGE / entry["file"]).read_bytes()
        old = str(entry["old"]).encode()
        if data.count(old) != 1:
            raise ValueError(f"{entry['old']!r} occurs {data.count(old)} times in {entry['file']}, not once")
        start = data.index(old)
        line = data.count(b"\n", 0, start) + 1
        change = Change(entry["kind"], "known", start, start + len(old), (line, line), entry["old"], entry["new"])
        found.append(Planted(KNOWN, entry["file"], change, 0))
    return found


@cache
def equivalents() -> dict[tuple[str, str, str, str, int], str]:
    """Return why a fault changes nothing that anybody could see, by file, place, both texts, number among twins."""
    text = Path(__file__).with_name("equivalent.yaml").read_text(encoding="utf-8")
    return {
        (one["file"], one["place"], one["old"], one["new"], one.get("twin", 0)): one["reason"]
        for one in YAML(typ="safe", pure=True).load(text)
    }


def sample(root: Path = ROOT) -> list[Planted]:
    """Return the faults that are planted: of every part, the kinds in turn, each by its hash.

    Taken by hash alone, half would be negated comparisons and swapped arguments, which most tests notice.
    """
    drawn: list[Planted] = []
    for part, faults in every_fault(root).items():
        by_kind = [[fault for fault in faults if fault.change.kind == kind] for kind in KINDS]
        turns = [fault for turn in zip_longest(*by_kind) for fault in turn if fault is not None]
        drawn += turns[: DRAWN[part]]
    return drawn
