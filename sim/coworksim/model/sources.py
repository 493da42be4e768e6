"""What the sources say that can change a number: their syntax trees, without docstrings, comments and sentences.

A sentence is a text of three words or more. It tells people something (what a parameter means, what is wrong) and
decides nothing, unless the code compares it or looks something up by it: then it counts. So does all else: numbers,
names, signs, the order of things.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
#: Where a text is compared or looked up.
_DECIDES: Final = (ast.Compare, ast.Subscript, ast.MatchValue, ast.MatchMapping)
_WORDS: Final = 3


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), path.name)


@cache
def tree_hash(path: Path) -> str:
    """Return a hash of what a source file does. It is the same in every release of Python that reads the file alike.

    A file that has changed since it was first asked about in this process keeps its hash, as its module stays loaded.
    """
    parts: list[str] = []
    _take(_tree(path), parts, decides=False)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _take(node: object, parts: list[str], *, decides: bool) -> None:
    """Add a tree to ``parts``: kinds of nodes, their fields that hold something, and plain values."""
    if isinstance(node, ast.AST):
        parts.append(type(node).__name__)
        decides = decides or isinstance(node, _DECIDES)
        for name in node._fields:
            value = getattr(node, name, None)
            if value is not None and value != []:
                parts.append(name)
                _take(value, parts, decides=decides or (name == "keys" and isinstance(node, ast.Dict)))
    elif isinstance(node, list):
        for one in node:
            if not _is_text(one):
                _take(one, parts, decides=decides)
        parts.append("]")
    else:
        sentence = isinstance(node, str) and not decides and len(node.split()) >= _WORDS
        parts.append("sentence" if sentence else repr(node))


def _is_text(node: object) -> bool:
    """Whether a statement is a text and nothing else: a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def trees_hash(paths: Iterable[Path]) -> str:
    """Return a hash of what files of the package do and where they lie, in whatever order they are given."""
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(PACKAGE).as_posix(), path) for path in paths):
        digest.update(f"{name}\0{tree_hash(path)}\0".encode())
    return digest.hexdigest()


def imported(*modules: str) -> set[Path]:
    """Return the files of modules of this package and of all that they import from it, directly or not.

    Imports inside functions count. Those for the type checker alone count where they name what a package fetches when
    it is asked for, in ``__init__.py``. Modules of other packages are passed over.
    """
    found, waiting = set[Path](), list(modules)
    while waiting:
        path = _file(waiting.pop())
        if path is not None and path not in found:
            found.add(path)
            waiting += _imports(_tree(path), typed=path.name == "__init__.py")
    return found


def _file(module: str) -> Path | None:
    package, *parts = module.split(".")
    place = PACKAGE.joinpath(*parts)
    here = (place.with_suffix(".py"), place / "__init__.py") if parts and package == PACKAGE.name else ()
    return next((path for path in here if path.is_file()), None)


def _imports(node: ast.AST, *, typed: bool) -> Iterator[str]:
    if not typed and isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, typed=typed)
