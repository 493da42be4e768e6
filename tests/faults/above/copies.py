"""Copies of the tree in which faults are planted, kept from one run to the next: compiled rules are kept by path."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.faults.above.sample import Planted
from tests.faults.catalogue import PACKAGE, ROOT

__all__ = ["Copy"]

_LEFT_OUT: Final = {".git", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}


def _sources(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name not in _LEFT_OUT:
            if path.is_dir():
                yield from _sources(path)
            else:
                yield path


class Copy:
    """One copy, brought up to date, with a Python of its own that imports the package from it."""

    def __init__(self, number: int) -> None:
        """Bring the copy up to date."""
        of = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
        self.root = Path(tempfile.gettempdir()) / f"faults-above-{of}" / str(number)
        self.root.mkdir(parents=True, exist_ok=True)
        here = {path.relative_to(ROOT) for path in _sources(ROOT)}
        for path in [path for path in _sources(self.root) if path.relative_to(self.root) not in here]:
            path.unlink()
        for name in here:
            self._bring(name)
        self.python = self.root / ".venv" / "bin" / "python"
        if not self.python.exists():
            venv.create(self.root / ".venv", symlinks=True)
        site = next((self.root / ".venv" / "lib").glob("python*/site-packages"))
        packages = [path for path in sys.path if "site-packages" in path]
        (site / "copy.pth").write_text("\n".join([str(self.root / PACKAGE.parent), *packages]) + "\n")

    def _bring(self, name: Path) -> None:
        old, new = ROOT / name, self.root / name
        was, now = old.stat(), new.stat() if new.exists() else None
        if now is None or (was.st_mtime_ns, was.st_size) != (now.st_mtime_ns, now.st_size):
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old, new)

    @contextmanager
    def holding(self, file: Path, text: str) -> Iterator[None]:
        """Let a file hold another text for a while."""
        (self.root / file).write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            shutil.copy2(ROOT / file, self.root / file)

    @contextmanager
    def planted(self, fault: Planted) -> Iterator[None]:
        """Hold a fault for a while."""
        with self.holding(PACKAGE / fault.file, fault.planted()):
            yield
