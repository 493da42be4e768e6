"""Which tests execute which line: noted by a plugin of pytest, in this process and in those that it starts.

The module also works as ``_reach`` in a copy of the tree, where the package imports it before anything else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, Final

import pytest

__all__ = ["Reach", "watch"]

_TOOL: Final = 4
_CONTEXT: Final = "REACH_CONTEXT"
_FILE: Final = "REACH_FILE"


class _Lines:
    """The lines seen under the present context, written to a file that processes share."""

    def __init__(self, package: Path) -> None:
        self.package = str(package) + os.sep
        self.seen: set[tuple[str, int]] = set()
        self.owner = os.getpid()

    def note(self, code: CodeType, line: int) -> Any:
        """Note a line; it is not told again before the next context."""
        one = (code.co_filename, line)
        if os.getpid() == self.owner and os.environ.get("REACH_OWNER") == str(self.owner):
            self.seen.add(one)
        else:
            self.write({one})
        return sys.monitoring.DISABLE

    def write(self, lines: set[tuple[str, int]]) -> None:
        """Append lines to the file of a process."""
        context = os.environ.get(_CONTEXT, "?")
        if lines and (file := os.environ.get(_FILE)):
            text = "".join(f"{context}\t{path.removeprefix(self.package)}\t{line}\n" for path, line in sorted(lines))
            with Path(f"{file}.{os.getpid()}").open("a", encoding="utf-8") as stream:
                stream.write(text)

    def flush(self) -> None:
        """Write what was seen, and begin anew."""
        self.write(self.seen)
        self.seen = set()


_LINES: list[_Lines] = []


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def watch(package: Path) -> None:
    """Watch every module of a package that is imported from now on."""
    if _LINES:
        return
    lines = _Lines(package)
    _LINES.append(lines)
    events = sys.monitoring.events.LINE
    sys.monitoring.use_tool_id(_TOOL, "reach")
    sys.monitoring.register_callback(_TOOL, events, lines.note)
    read = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
        code = read(self, name)
        if code is not None and code.co_filename.startswith(lines.package):
            for one in _codes(code):
                sys.monitoring.set_local_events(_TOOL, one, events)
        return code

    setattr(SourceFileLoader, "get_code", get_code)  # noqa: B010 - a method of another's class


class Reach:
    """A plugin that says under which test or shared fixture lines are executed."""

    def __init__(self) -> None:
        """Begin with what is imported while tests are collected."""
        self.tests: dict[str, dict[str, Any]] = {}
        os.environ["REACH_OWNER"] = str(os.getpid())
        os.environ[_CONTEXT] = "imports"

    def _enter(self, context: str) -> str:
        before = os.environ[_CONTEXT]
        if _LINES:
            _LINES[0].flush()
            sys.monitoring.restart_events()
        os.environ[_CONTEXT] = context
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give every test a context of its own."""
        self._enter(item.nodeid)
        entry = self.tests.setdefault(item.nodeid, {"seconds": 0.0, "failed": False})
        entry["slow"] = item.get_closest_marker("slow") is not None
        found = getattr(item, "_fixtureinfo", None)
        definitions = found.name2fixturedefs if found else {}
        entry["fixtures"] = [self._name(defs[-1]) for defs in definitions.values() if defs[-1].scope != "function"]
        try:
            return (yield)
        finally:
            self._enter("between")

    @staticmethod
    def _name(definition: Any) -> str:
        return f"fixture {definition.baseid}::{definition.argname}"

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        """Give every shared fixture a context of its own."""
        if fixturedef.scope == "function":
            return (yield)
        before = self._enter(self._name(fixturedef))
        try:
            return (yield)
        finally:
            self._enter(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the time of a test, and keep those that fail or are skipped apart."""
        entry = self.tests[report.nodeid]
        entry["seconds"] += report.duration
        entry["failed"] |= not report.passed
