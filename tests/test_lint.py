"""Rules of the code base that no single file shows: who imports whom, who draws, what arithmetic is allowed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import coworksim
from coworksim.model.state.acquaintances import Chance
from coworksim.model.state.rng import STREAMS

PACKAGE = Path(coworksim.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

#: From left to right; nothing imports to its right.
ORDER = (
    ("hashed", "sources"),
    ("kernels",),
    ("quantities",),
    ("scenario",),
    ("world",),
    ("mechanisms", "policies"),
    ("agents", "model"),
    ("statistics",),
    ("observe",),
    ("experiments",),
    ("appraisal",),
    ("report",),
    ("app", "cli", "warm"),
)


#: The sample of the frame is drawn from the one source of chance, which itself stands on the kernels alone.
ALLOWED = {("files/uk_frame.py", "coworksim.model.state.rng")}


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rank(name: str) -> int:
    return next(at for at, names in enumerate(ORDER) if name in names)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def wrong_way(path: Path) -> list[str]:
    own = rank(part(path))
    file = path.relative_to(PACKAGE).as_posix()
    free = tuple(module for name, module in ALLOWED if name == file)
    modules = [m for m in imported(path) if m.startswith("coworksim.") and not (free and m.startswith(free))]
    names = {module.split(".")[1] for module in modules}
    return [name for name in names if any(name in level for level in ORDER) and rank(name) > own]


@pytest.mark.parametrize("path", [f for f in FILES if part(f) != "__init__"], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_imports_to_its_right(path: Path) -> None:
    assert wrong_way(path) == []


def test_the_order_covers_the_package() -> None:
    assert {part(path) for path in FILES} - {"__init__"} == {name for level in ORDER for name in level}


#: networkx asks a generator of the standard library: a subclass of it that answers from the one source of chance.
BASE_CLASS_ONLY = {"model/state/acquaintances.py": ["random"]}
#: The key of a page must be one that nobody can work out: no number of the model depends on it.
KEYS = {"app/server.py": ["secrets"]}

FORBIDDEN = ("random", "secrets", "numpy.random", "scipy.stats", "uuid", "pickle", "marshal", "shelve")


def draws_elsewhere(source: str) -> list[str]:
    """Name every way of drawing, evaluating or unpickling in a source."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
            found += [module for name in FORBIDDEN if module == name or module.startswith(name + ".")]
        elif isinstance(node, ast.Attribute) and node.attr in ("random", "rng", "default_rng", "urandom"):
            found.append(f"line {node.lineno}: .{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
            found.append(f"line {node.lineno}: {node.func.id}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_but_draws_draws(path: Path) -> None:
    allowed = (BASE_CLASS_ONLY | KEYS).get(path.relative_to(PACKAGE).as_posix(), [])
    assert draws_elsewhere(path.read_text()) == allowed


def test_the_generator_that_networkx_asks_overrides_every_draw() -> None:
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


STATE = [f for f in FILES if part(f) in ("world", "mechanisms", "policies", "observe")]
#: Statistics of finished runs may multiply matrices and take logarithms: their numbers are promised to 1e-9, not to the
#: bit, and go into no state and no digest, because nothing of the model or of a run imports them.
REGRESSIONS = ("cluster_robust", "mixed_model", "permutation_test", "discriminant")
TRANSCENDENTAL = {"exp", "log", "log1p", "expm1", "power", "sin", "cos", "tanh", "dot", "matmul", "einsum", "prange"}


@pytest.mark.parametrize("path", STATE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_arithmetic_that_depends_on_the_processor(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numba"):
            assert node.attr not in TRANSCENDENTAL, f"line {node.lineno}: {node.value.id}.{node.attr}"
        assert not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow | ast.MatMult) or _constant(node)


def test_no_state_and_no_digest_stands_on_a_regression() -> None:
    """What may multiply matrices is imported by the survey and by what lies to the right of all runs, only."""
    assert all((PACKAGE / "statistics" / f"{name}.py").is_file() for name in REGRESSIONS)
    far = ("coworksim.evidence.survey", *(f"coworksim.statistics.{name}" for name in REGRESSIONS))
    runs = [f for f in STATE if not f.is_relative_to(PACKAGE / "observe" / "survey")]
    runs += [f for f in FILES if part(f) in ("kernels", "agents", "model")]
    assert [f for f in runs for module in imported(f) if module.startswith(far)] == []


def _constant(node: ast.BinOp) -> bool:
    return isinstance(node.left, ast.Constant | ast.UnaryOp) and isinstance(node.right, ast.Constant | ast.UnaryOp)


@pytest.mark.parametrize("stream", list(STREAMS))
def test_every_stream_is_drawn_somewhere(stream: str) -> None:
    constant = stream.upper()
    assert any(
        constant in path.read_text()
        for path in (
            *STATE,
            PACKAGE / "scenario" / "frame.py",
            PACKAGE / "appraisal" / "pilot_survey.py",
            PACKAGE / "statistics" / "resampling.py",
        )
        if path.name != "draws.py"
    )
