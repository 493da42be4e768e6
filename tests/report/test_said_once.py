"""A statement is written in one file, wherever it is told."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import coworksim

ROOT = Path(coworksim.__file__).parent
#: Words from which a text is a statement, and not a name or a part of one.
WORDS = 6
TOLD_IN = ("report", "app")


def texts(tree: ast.Module) -> Iterator[str]:
    """Return what a file says, without its docstrings; the words of a formatted text are taken part by part."""
    inside = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, inside) and _documented(node.body)]
    documented = [statement.value for statement in first if isinstance(statement, ast.Expr)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            yield node.value


def _documented(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def repeated(files: dict[str, str]) -> dict[str, list[str]]:
    """Return statements that several files hold, with these files."""
    places: dict[str, set[str]] = defaultdict(set)
    for name, content in files.items():
        for text in texts(ast.parse(content)):
            if len(text.split()) >= WORDS:
                places[" ".join(text.split())].add(name)
    return {text: sorted(names) for text, names in places.items() if len(names) > 1}


def test_no_statement_is_written_in_two_files() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in TOLD_IN
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    assert repeated(files) == {}


def test_a_statement_in_two_files_is_noticed() -> None:
    said = 'def f(n: int) -> str:\n    """Say it."""\n    return f"{n} worlds failed and are left out of it: "\n'
    assert repeated({"a.py": said, "b.py": said}) == {"worlds failed and are left out of it:": ["a.py", "b.py"]}
    assert repeated({"a.py": said, "b.py": 'def f() -> None:\n    """Say that it is one and the same text."""\n'}) == {}
