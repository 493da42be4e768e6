"""The worlds of the page: six scenario files of its own, and those that somebody opened."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coworksim.app.form import Form
from coworksim.app.opened_file import check_opened
from coworksim.app.question import FormError, Trouble
from coworksim.files.errors import InputError, Problem, printable

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario

#: Opened files that are kept; the oldest gives way.
MOST_FILES: Final = 20


class Worlds:
    """Reads worlds, and keeps opened scenario files in ``folder``, each named by its content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, str] = {}
        self._read: dict[str, Scenario] = {}
        self._lock = threading.Lock()

    def add(self, name: str, data: bytes) -> str:
        """Read an opened file strictly and keep it; return what stands for it in an address. Raises InputError."""
        shown = printable(name.replace("\\", "/").rpartition("/")[2])[:80] or "scenario.yaml"
        mark = hashlib.sha256(data).hexdigest()[:16]
        path = self._folder / f"{mark}.yaml"
        path.write_bytes(data)
        try:
            check_opened(path, shown)
        except InputError:
            path.unlink(missing_ok=True)
            raise
        self._names.pop(mark, None)  # it becomes the newest
        self._names[mark] = shown
        while len(self._names) > MOST_FILES:
            oldest = next(iter(self._names))
            del self._names[oldest]
            (self._folder / f"{oldest}.yaml").unlink(missing_ok=True)
        return mark

    def name(self, mark: str) -> str | None:
        """Return the name of an opened file, None when it is not here."""
        return self._names.get(mark)

    def load(self, form: Form, changed: Mapping[str, float | int | str]) -> Scenario:
        """Return the world of a form. Raises FormError."""
        mark = form["file"]
        if mark and mark not in self._names:
            text = f"The scenario file {printable(mark)[:16]} is not open here; open it again"
            raise FormError([Trouble("file", text)])
        shown = self._names[mark] if mark else f"{form['size']}-{form['region']}.yaml"
        path = self._folder / f"{mark}.yaml" if mark else Path(__file__).parent / "scenarios" / shown
        try:
            return self._load(path, changed, shown)
        except InputError as error:
            raise FormError([Trouble("file" if mark else "region", told(one)) for one in error.problems]) from None

    def _load(self, path: Path, changed: Mapping[str, float | int | str], shown: str) -> Scenario:
        """Read a file; messages and the scenario call it by the name that the user knows."""
        from coworksim.files.load import load_scenario

        key = f"{path.name} {sorted(changed.items())}"
        with self._lock:
            if key in self._read:
                return self._read[key]
        try:
            scenario = load_scenario(path, dict(changed), quiet=True)
        except InputError as error:
            raise InputError([_renamed(problem, path, shown) for problem in error.problems]) from None
        stem = shown.rpartition(".")[0] or shown
        origins = {name: text.replace(str(path), shown) for name, text in scenario.origins.items()}
        scenario = scenario.model_copy(update={"name": stem, "origins": origins})
        with self._lock:
            while len(self._read) >= MOST_FILES:
                del self._read[next(iter(self._read))]
            self._read[key] = scenario
        return scenario


def told(problem: Problem) -> str:
    """Return a problem in words for those who know no ``file:line:column``.

    >>> told(Problem("town.yaml", 5, 11, "'50' has no unit; write 50 %"))
    "town.yaml, line 5, column 11: '50' has no unit; write 50 %"
    """
    at = f", line {problem.line}, column {problem.column}" if problem.line else ""
    return f"{problem.file}{at}: {problem.message}"


def _renamed(problem: Problem, path: Path, shown: str) -> Problem:
    """Return a problem that speaks of the file as its owner calls it, and of no folder of this machine."""

    def plain(text: str) -> str:
        return text.replace(printable(str(path)), shown).replace(printable(str(path.parent)) + "/", "")

    return replace(problem, file=plain(problem.file), message=plain(problem.message))
