"""The worlds of the page: six scenario files of its own, and those that somebody opened."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coworksim.app.form import ASSUMPTIONS, REGIONS, SIZES, Form
from coworksim.app.opened_file import read_opened
from coworksim.app.question import FormError, Trouble
from coworksim.files.built_in import called
from coworksim.files.errors import Problem, printable

if TYPE_CHECKING:
    from coworksim.model.scenario import Scenario

#: Opened files that are kept; the oldest gives way.
MOST_FILES: Final = 20


class Worlds:
    """Reads worlds, and keeps opened ones, each named by the content of its file; ``folder`` is for reading them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[str, tuple[str, Scenario]] = {}
        self._lock = threading.Lock()

    def add(self, name: str, data: bytes) -> str:
        """Read an opened file strictly and keep it; return what stands for it in an address. Raises InputError."""
        shown = printable(name.replace("\\", "/").rpartition("/")[2])[:80] or "scenario.yaml"
        mark = hashlib.sha256(data).hexdigest()[:16]
        with tempfile.TemporaryDirectory(dir=self._folder) as place:
            path = Path(place, f"{mark}.yaml")
            path.write_bytes(data)
            scenario = _placed(read_opened(path, shown), path.name, called(Path(shown)), shown)
        with self._lock:
            self._opened.pop(mark, None)  # it becomes the newest
            self._opened[mark] = (shown, scenario)
            while len(self._opened) > MOST_FILES:
                del self._opened[next(iter(self._opened))]
        return mark

    def name(self, mark: str) -> str | None:
        """Return the name of an opened file, None when it is not here."""
        return self._opened[mark][0] if mark in self._opened else None

    def load(self, form: Form, changed: Mapping[str, float | int | str]) -> Scenario:
        """Return the world of a form. Raises FormError."""
        mark = form["file"]
        if mark and mark not in self._opened:
            text = f"The scenario file {printable(mark)[:16]} is not open here; open it again"
            raise FormError([Trouble("file", text)])
        if not mark and not (form["size"] in SIZES and form["region"] in REGIONS):
            raise FormError([Trouble("region", "There is no such world; choose another")])
        world = self._opened[mark][1] if mark else _own(f"{form['size']}-{form['region']}")
        try:
            return world.changed(changed) if changed else world
        except ValueError as error:  # values that exclude each other
            field = next((f"{ASSUMPTIONS}{name}" for name in changed if name in str(error)), "region")
            raise FormError([Trouble(field, str(error))]) from None


@cache
def _own(name: str) -> Scenario:
    """Return a world of the page itself."""
    from coworksim.files.load import load_scenario

    path = Path(__file__).parent / "scenarios" / f"{name}.yaml"
    return _placed(load_scenario(path, quiet=True), printable(str(path)), called(name), path.name)


def _placed(scenario: Scenario, path: str, place: str, shown: str) -> Scenario:
    """Return a scenario that calls its file as the user does, and speaks of no folder of this machine."""
    origins = {name: text.replace(path, place) for name, text in scenario.origins.items()}
    odd = tuple(text.replace(path, place) for text in scenario.odd_figures)
    name = shown.rpartition(".")[0] or shown
    return scenario.model_copy(update={"name": name, "origins": origins, "odd_figures": odd})


def told(problem: Problem) -> str:
    """Return a problem in words for those who know no ``file:line:column``.

    >>> told(Problem("town.yaml", 5, 11, "'50' has no unit; write 50 %"))
    "town.yaml, line 5, column 11: '50' has no unit; write 50 %"
    """
    at = f", line {problem.line}, column {problem.column}" if problem.line else ""
    return f"{problem.file}{at}: {problem.message}"
