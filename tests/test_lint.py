"""Rules of the code base that no single file shows: who imports whom, who draws, what arithmetic is allowed."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

import coworksim
from coworksim.model.state.build import Chance
from coworksim.model.state.rng import STREAMS

PACKAGE = Path(coworksim.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

#: From left to right; nothing imports to its right, and folders of one place do not import each other.
ORDER = (("model",), ("files", "statistics"), ("runs",), ("appraisal", "evidence"), ("report",), ("app",), ("cli",))


def name_of(path: Path) -> str:
    """Return a file as it is named in the lists below: its path in the package."""
    return path.relative_to(PACKAGE).as_posix()


def module_of(path: Path) -> str:
    return ".".join(("coworksim", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}


def imported(source: str) -> Iterator[str]:
    """Name every module that a source imports anywhere, for the type checker alone too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def graph() -> dict[str, frozenset[str]]:
    return {name: frozenset(imported(path.read_text())) & MODULES.keys() for name, path in MODULES.items()}


def rank(module: str) -> int | None:
    """Return the place of a module in ORDER, None for the top of the package."""
    folder = module.split(".")[1:2]
    return next((at for at, names in enumerate(ORDER) if folder and folder[0] in names), None)


def wrong_ways(imports: Mapping[str, frozenset[str]]) -> list[str]:
    """Name imports to the right, and between folders of one place."""
    found = []
    for module, names in imports.items():
        for name in sorted(names):
            own, other = rank(module), rank(name)
            beside = own == other and module.split(".")[1] != name.split(".")[1] if own is not None else False
            if own is not None and other is not None and (other > own or beside):
                found.append(f"{module} -> {name}")
    return found


def circles(imports: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Name the modules of every circle of imports."""
    whole = nx.DiGraph([(module, name) for module, names in imports.items() for name in names])
    return sorted(sorted(part) for part in nx.strongly_connected_components(whole) if len(part) > 1)


def test_nothing_imports_to_its_right() -> None:
    assert wrong_ways(graph()) == []


def test_no_circle_of_imports() -> None:
    assert circles(graph()) == []


#: A result reports itself, and the report stands to its right: it asks for it by name, when it is told to.
ASKED_BY_NAME = {"appraisal/result.py", "runs/batch.py", "runs/simulation.py"}
#: What is found by lying in a folder, or warmed up by name: to the left, or in the same folder.
FOUND = {
    "__init__.py",
    "app/page_worker.py",
    "model/mechanisms/__init__.py",
    "model/parameters/__init__.py",
    "model/policies/__init__.py",
}


def test_nothing_else_is_imported_by_name() -> None:
    calls = {
        name_of(path): [
            ast.unparse(node.args[0])
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__"))
        ]
        for path in FILES
    }
    assert {name for name, asked in calls.items() if asked} == ASKED_BY_NAME | FOUND
    assert {asked for name in ASKED_BY_NAME for asked in calls[name]} == {"'coworksim.report'"}


def test_a_planted_import_is_seen() -> None:
    planted = {**graph(), "coworksim.model.kernels": frozenset({"coworksim.model.state.rng", "coworksim.files.load"})}
    assert wrong_ways(planted) == ["coworksim.model.kernels -> coworksim.files.load"]
    assert any("coworksim.model.kernels" in circle for circle in circles(planted))
    assert wrong_ways({"coworksim.files.load": frozenset({"coworksim.statistics.nonparametric"})})


def test_the_order_covers_the_package() -> None:
    folders = {path.relative_to(PACKAGE).parts[0] for path in FILES if path.parent != PACKAGE}
    assert folders == {name for level in ORDER for name in level}


def test_no_file_name_stands_twice() -> None:
    names = Counter(path.name for path in FILES if path.name != "__init__.py")
    assert [name for name, times in names.items() if times > 1] == []


#: networkx asks a generator of the standard library: a subclass of it that answers from the one source of chance.
BASE_CLASS_ONLY = {"model/state/build.py": ["random"]}
#: The key of a page must be one that nobody can work out: no number of the model depends on it.
KEYS = {"app/server.py": ["secrets"]}
#: Compiled code has no other form; it is read from folders that nobody else can write.
COMPILED = {"model/kernel_cache.py": ["pickle"]}

DRAWING = ("random", "default_rng", "urandom")
FORBIDDEN = ("random", "secrets", "numpy.random", "scipy.stats", "uuid", "pickle", "marshal", "shelve")


def _of_mesa(node: ast.Attribute) -> bool:
    """Whether this is Mesa's own generator; ``rng`` alone is the module of the one source of chance."""
    return node.attr == "rng" and ast.unparse(node.value) in ("self", "model", "self.model")


def draws_elsewhere(source: str) -> list[str]:
    """Name every way of drawing, evaluating or unpickling in a source."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
            found += [module for name in FORBIDDEN if module == name or module.startswith(name + ".")]
        elif isinstance(node, ast.Attribute) and (node.attr in DRAWING or _of_mesa(node)):
            found.append(f"line {node.lineno}: .{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
            found.append(f"line {node.lineno}: {node.func.id}")
    return found


def test_nothing_but_the_source_of_chance_draws() -> None:
    found = {name_of(path): draws_elsewhere(path.read_text()) for path in FILES}
    assert {name: lines for name, lines in found.items() if lines} == BASE_CLASS_ONLY | KEYS | COMPILED


def test_the_generator_of_graphs_overrides_every_draw() -> None:
    """What the base class would draw by itself stands on these two."""
    assert {"random", "getrandbits"} <= set(vars(Chance))


@pytest.mark.parametrize(
    "planted",
    [
        "import random",
        "from numpy.random import default_rng",
        "x = np.random.rand()",
        "model.rng.integers(3)",
        "eval('1')",
    ],
)
def test_the_lint_catches_a_planted_draw(planted: str) -> None:
    assert draws_elsewhere(planted)


#: What makes a number of a run, or of a table of it.
STATE = [
    path
    for path in FILES
    if name_of(path).startswith(("model/state/", "model/mechanisms/", "model/policies/", "evidence/calibration/"))
    or name_of(path) in ("model/recorder.py", "runs/simulation.py", "runs/run_tables.py")
]
#: Statistics of finished runs may multiply matrices and take logarithms: their numbers are promised to 1e-9, not to the
#: bit, and go into no state and no digest, because nothing of the model or of a run imports them.
REGRESSIONS = tuple(f"coworksim.statistics.{name}" for name in ("cluster_models", "nonparametric"))
TRANSCENDENTAL = {"exp", "log", "log1p", "expm1", "power", "sin", "cos", "tanh", "dot", "matmul", "einsum", "prange"}


def inexact(source: str) -> list[str]:
    """Name arithmetic whose last bit depends on the processor."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numba"):
            found += [f"line {node.lineno}: {node.value.id}.{node.attr}"] if node.attr in TRANSCENDENTAL else []
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.MatMult) and not _constant(node):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def _constant(node: ast.BinOp) -> bool:
    return isinstance(node.left, ast.Constant | ast.UnaryOp) and isinstance(node.right, ast.Constant | ast.UnaryOp)


def test_no_arithmetic_that_depends_on_the_processor() -> None:
    found = {name_of(path): inexact(path.read_text()) for path in STATE}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_planted_arithmetic_is_seen() -> None:
    assert [inexact(source) != [] for source in ("np.exp(x)", "x @ y", "x ** y", "2 ** 3", "math.exp(x)")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_no_state_and_no_digest_stands_on_a_regression() -> None:
    """What may multiply matrices is imported by the survey and by what lies to the right of all runs, only."""
    assert set(REGRESSIONS) <= MODULES.keys()
    model = {name for name in MODULES if name.startswith("coworksim.model")} | {module_of(path) for path in STATE}
    assert [name for name in model for other in graph()[name] if other in REGRESSIONS] == []


def test_every_stream_is_drawn_somewhere() -> None:
    text = "".join(path.read_text() for path in FILES if name_of(path) != "model/state/rng.py")
    assert [stream for stream in STREAMS if stream.upper() not in text] == []
