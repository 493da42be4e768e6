"""Read the faults: one YAML file per phase, one entry per fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

__all__ = ["OPERATORS", "PACKAGE", "ROOT", "Fault", "read_faults"]

ROOT: Final = Path(__file__).parents[2]
#: Place of the package below the root.
PACKAGE: Final = Path("sim/coworksim")
CATALOGUE: Final = Path(__file__).parent / "catalogue"
#: The kinds of mistake that are planted.
OPERATORS: Final = (
    "sign",
    "off-by-one week",
    "stale read",
    "swapped i and j",
    "reused key",
    "dropped channel",
    "rounding side",
    "wrong mask",
    "wrong bound",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: ``old`` occurs once in ``file`` and is replaced by ``new``."""

    phase: str
    name: str
    file: str  # below the package
    operator: str
    old: str
    new: str
    survives: str = ""  # why no test can see it, where that is so

    def planted(self, root: Path = ROOT) -> str:
        """Return the text of the file with the fault in it."""
        text = (root / PACKAGE / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.old!r} occurs {text.count(self.old)} times in {self.file}, not once")
        return text.replace(self.old, self.new)

    @property
    def digest(self) -> str:
        """Return a hash of what is planted where: a result stands as long as this does."""
        text = "\0".join((self.file, self.old, self.new))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_faults() -> list[Fault]:
    """Return every fault of the catalogue, by phase in alphabetical order, then as listed."""
    yaml = YAML(typ="safe", pure=True)
    return [
        Fault(phase=file.stem, **entry)
        for file in sorted(CATALOGUE.glob("*.yaml"))
        for entry in yaml.load(file.read_text(encoding="utf-8"))
    ]
