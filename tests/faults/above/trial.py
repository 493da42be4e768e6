"""Run the tests that reach a fault, cheapest first: the fast tier, then the slow ones."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tests.faults.above.copies import Copy
from tests.faults.above.sample import Planted
from tests.faults.above.server import NAMES
from tests.faults.catalogue import PACKAGE, ROOT

#: Tests of the model itself, of files and of packages: they look at nothing above it.
ELSEWHERE: Final = (
    "baseline",
    "docking",
    "faults",
    "laws",
    "model",
    "packaging",
    "reference",
    "test_benchmarks.py",
    "test_lint.py",
    "test_scale.py",
    "test_thinning.py",
    "app/test_browser.py",
)
#: Compiles all rules in a copy.
_WARM: Final = (PACKAGE.name, "warm")
#: A run counts as failed (a fault may make a loop endless) after so many seconds and so many times what it took.
_TIMEOUT: Final = (120.0, 8.0)
#: What is assumed of a test that has no time noted.
_UNKNOWN: Final[dict[str, Any]] = {"seconds": 1.0}
#: How pytest ends that is interrupted, and that cannot find a test.
_INTERRUPTED, _NO_SUCH_TEST = 2, 4
#: Tests that reach a fault above which no others of their files are asked.
_FEW: Final = 60
_NOTE: Final = (
    "import json, sys; sys.path.insert(0, {root!r})\n"
    "import pytest; from _reach import Reach\n"
    "reach = Reach()\n"
    "code = pytest.main({options!r}, plugins=[reach])\n"
    "open({out!r}, 'w').write(json.dumps(reach.tests))\n"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a fault: the first test of the fast tier, else of the slow tests, that failed ("" for none)."""

    fast: str
    slow: str | None = None  # None where nobody has looked
    reached: int = 0  # how many tests of the fast tier reach it
    seconds: float = 0.0
    first: str | None = None  # what the fast tier saw at first sight, where it was tried again

    @property
    def at_first(self) -> str:
        """Return which test of the fast tier saw it at first sight, before any was written for it."""
        return self.fast if self.first is None else self.first


def watched(text: str) -> str:
    """Return the source of the package's ``__init__`` with a watch over all that it imports; no line moves.

    >>> print(watched("import this"))
    import _reach; _reach.watch(_reach.Path(__file__).parent); import this
    """
    first = next(
        one
        for one in ast.parse(text).body
        if not isinstance(one, ast.Expr) and not (isinstance(one, ast.ImportFrom) and one.module == "__future__")
    )
    lines = text.splitlines(keepends=True)
    lines[first.lineno - 1] = f"import _reach; _reach.watch(_reach.Path(__file__).parent); {lines[first.lineno - 1]}"
    return "".join(lines)


def _imports(path: Path, fault: Planted) -> bool:
    """Whether a file imports the module of a fault."""
    *folders, name = Path(fault.file).with_suffix("").parts
    package = ".".join((PACKAGE.name, *folders))
    ways = re.compile(rf"from {package}\.{name} import|from {package} import [^\n]*\b{name}\b")
    return path.exists() and bool(ways.search(path.read_text(encoding="utf-8")))


def _there(tests: Sequence[str], said: str) -> list[str]:
    """Return what is left to ask where a fault takes away a case of a test: all its other cases, of those not found.

    >>> _there(["t.py::a[1]", "t.py::a[2]", "t.py::b", "t.py::c"], "not found: /x/t.py::a\\nnot found: /x/t.py::b\\n")
    ['t.py::a', 't.py::c']
    """
    gone = [name for name in tests if f"/{name.partition('[')[0]}\n" in said]
    return list(
        dict.fromkeys(
            name.partition("[")[0] if name in gone else name for name in tests if "[" in name or name not in gone
        )
    )


@dataclass(slots=True)
class Map:
    """Which tests execute which lines."""

    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)  # by file, by line: contexts

    @staticmethod
    def made(copy: Copy, tier: str, files: Sequence[str] = ()) -> Map:
        """Run the tests of a tier once in a copy and note what they execute; of some files beside what is known."""
        note, start = copy.root.parent / f"lines-{tier}", PACKAGE / "__init__.py"
        kept = {}
        if files:
            before = json.loads(Path(f"{note}.tests").read_text(encoding="utf-8"))
            kept = {name: test for name, test in before.items() if name.partition("::")[0] not in files}
        else:
            for stale in note.parent.glob(f"{note.name}.*"):
                stale.unlink()
        text = watched((ROOT / start).read_text(encoding="utf-8"))
        (copy.root / PACKAGE.parent / "_reach.py").write_bytes(Path(__file__).with_name("reach.py").read_bytes())
        marked = "slow" if tier == "slow" else "not slow"
        ignored = [f"--ignore=tests/{name}" for name in ELSEWHERE]
        options = ["-q", "-n0", "-p", "no:cacheprovider", "--doctest-modules", *NAMES, "-m", marked, *ignored]
        out, places = Path(f"{note}.tests"), files or ("tests", PACKAGE.as_posix())
        program = _NOTE.format(root=str(copy.root), options=[*options, *places], out=str(out))
        with copy.holding(start, text):
            subprocess.run(
                [copy.python, "-c", program],
                cwd=copy.root,
                check=False,
                env=os.environ | {"REACH_FILE": str(note)},
            )
        out.write_text(json.dumps(kept | json.loads(out.read_text(encoding="utf-8"))), encoding="utf-8")
        return Map.read(note)

    @staticmethod
    def read(note: Path) -> Map:
        """Read what was noted."""
        found = Map(json.loads(Path(f"{note}.tests").read_text(encoding="utf-8")))
        for file in note.parent.glob(f"{note.name}.*[0-9]"):
            for row in file.read_text(encoding="utf-8").splitlines():
                context, name, line = row.split("\t")
                found.lines.setdefault(name, defaultdict(set))[int(line)].add(context)
        if not found.lines:
            raise RuntimeError(f"{note} notes no line of the package: its tests were not watched")
        return found

    def reaching(self, fault: Planted) -> list[str]:
        """Return the tests that execute a fault, cheapest first.

        Of what runs on import, and of what is compiled and so leaves no trace, all that use the file.
        """
        lines = self.lines.get(fault.file, {})
        first, last = fault.change.lines
        contexts = set().union(*(lines.get(at, set()) for at in range(first, last + 1)))
        near = [] if "imports" in contexts or not fault.change.place else self._of(contexts)
        return near or self._of(set().union(*lines.values(), self.readers(fault))) or self._of(self._importers(fault))

    def readers(self, fault: Planted) -> set[str]:
        """Return the tests of files that import the module: they may read what it declares, and run nothing of it."""
        files = {name.partition("::")[0] for name in self.tests}
        using = {file for file in files if _imports(ROOT / file, fault)}
        return {name for name in self.tests if name.partition("::")[0] in using}

    def _importers(self, fault: Planted) -> set[str]:
        """Return under what the modules run that import one in which nothing but constants stands."""
        using = [file for file in self.lines if _imports(ROOT / PACKAGE / file, fault)]
        return set().union(*(contexts for file in using for contexts in self.lines[file].values()))

    def cost(self, fault: Planted) -> float:
        """Return the seconds that the tests take which execute a fault."""
        return self.seconds(self.reaching(fault))

    def seconds(self, tests: Sequence[str]) -> float:
        """Return the seconds that tests take."""
        return float(sum(self.tests.get(name, _UNKNOWN)["seconds"] for name in tests))

    def _of(self, contexts: set[str]) -> list[str]:
        found = [
            name
            for name, test in self.tests.items()
            if not test["failed"] and (name in contexts or not contexts.isdisjoint(test["fixtures"]))
        ]
        return sorted(found, key=lambda name: (float(self.tests[name]["seconds"]), name))

    def files_of(self, tests: Sequence[str]) -> list[str]:
        """Return all tests of the files in which some tests stand."""
        files = {name.partition("::")[0] for name in tests}
        return [n for n, test in self.tests.items() if n.partition("::")[0] in files and not test["failed"]]


class Bench:
    """A copy, and the process that runs tests in it."""

    def __init__(self, number: int) -> None:
        """Bring the copy up to date and start the process."""
        self.copy = Copy(number)
        subprocess.run([self.copy.python, "-m", *_WARM], cwd=self.copy.root, check=True)
        self._process = subprocess.Popen(
            [self.copy.python, "-m", "tests.faults.above.server"],
            cwd=self.copy.root,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def first_failure(self, tests: Sequence[str], reach: Map) -> str:
        """Run tests and return the first that fails, "" when all pass."""
        if not tests:
            return ""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timeout = _TIMEOUT[0] + _TIMEOUT[1] * reach.seconds(tests)
        self._process.stdin.write(json.dumps({"tests": list(tests), "timeout": timeout}) + "\n")
        self._process.stdin.flush()
        code, name = json.loads(self._process.stdout.readline())
        if code is None:
            return f"no end within {timeout:.0f} s"
        if code == _NO_SUCH_TEST:
            said = (self.copy.root / "output.txt").read_text(encoding="utf-8", errors="replace")
            return self.first_failure(_there(tests, said), reach)
        if code == _INTERRUPTED and not name:
            return "a test interrupts pytest itself"
        if code == 99 or (code != 0 and not name):
            text = (self.copy.root / "output.txt").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"pytest ended with {code}:\n{text[-3000:]}")
        return str(name)

    def fast(self, fault: Planted, reach: Map) -> Finding:
        """Plant a fault and say which test of the fast tier sees it."""
        began = time.monotonic()
        near = reach.reaching(fault)
        nearest = reach.readers(fault)
        own, others = [name for name in near if name in nearest], [name for name in near if name not in nearest]
        with self.copy.planted(fault):
            seen = self.first_failure(own, reach) or self.first_failure(others, reach)
            if not seen and len(near) <= _FEW:  # a later test may use a result that an earlier one has computed
                more = set(near)
                seen = self.first_failure([name for name in reach.files_of(near) if name not in more], reach)
        return Finding(seen, None, len(near), round(time.monotonic() - began, 1))

    def slow(self, fault: Planted, found: Finding, reach: Map) -> Finding:
        """Plant a fault that the fast tier has not seen and say which slow test does."""
        began = time.monotonic()
        with self.copy.planted(fault):
            seen = self.first_failure(reach.reaching(fault), reach)
        return replace(found, slow=seen, seconds=round(found.seconds + time.monotonic() - began, 1))
