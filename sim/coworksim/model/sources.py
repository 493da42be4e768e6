"""What source files of this package do, and what they import: kept on disk, as reading them takes most of a second."""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from coworksim.model.own_folders import opened, read_json, roots, write_json

PACKAGE: Final = Path(__file__).resolve().parents[1]
#: Where a text is compared or looked up.
_DECIDES: Final = (ast.Compare, ast.Subscript, ast.MatchValue, ast.MatchMapping)
_WORDS: Final = 3
#: Entries above which those of other sources are forgotten.
_MOST: Final = 2_000


class _Facts(NamedTuple):
    """What a file does, as a hash, and what it imports, without and with what is for the type checker alone."""

    does: str
    imports: list[str]
    typed: list[str]


@cache
def _facts(path: Path) -> _Facts:
    """Return what is known of a source file, as it was when first asked about: its module stays loaded."""
    content = path.read_bytes()
    key = hashlib.sha256(_reader() + content).hexdigest()
    found = _known(_kept().get(key))
    if found is None:
        tree, parts = ast.parse(content, path.name), list[str]()
        _take(tree, parts, decides=False)
        does = hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
        found = _Facts(does, *(list(_imports(tree, typed=typed)) for typed in (False, True)))
        _new.add(key)
    _asked[key] = found
    return found


_asked: Final = dict[str, _Facts]()
_new: Final = set[str]()


@cache
def _reader() -> bytes:
    """Return what the facts depend on beside the file."""
    return f"{sys.implementation.cache_tag}\0".encode() + Path(__file__).read_bytes()


@cache
def _place() -> Path | None:
    for root in roots():
        with suppress(OSError):
            return opened(root, ("coworksim",)) / "sources.json"
    return None


@cache
def _kept() -> dict[str, Any]:
    place = _place()
    found = read_json(place) if place else None
    return found if isinstance(found, dict) else {}


def _known(entry: Any) -> _Facts | None:
    """Return facts as they were kept; None for what is none."""
    match entry:
        case [str(does), list(imports), list(typed)] if all(isinstance(name, str) for name in (*imports, *typed)):
            return _Facts(does, imports, typed)
    return None


def _keep() -> None:
    """Keep what was found out."""
    if _new and (place := _place()):
        before = _kept() if len(_kept()) + len(_new) <= _MOST else {}
        write_json(place, {**before, **_asked})
        _new.clear()


def tree_hash(path: Path) -> str:
    """Return a hash of what a source file does."""
    return _facts(path).does


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
            text = one.value if isinstance(one, ast.Expr) else None
            if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):  # a docstring does nothing
                _take(one, parts, decides=decides)
        parts.append("]")
    else:
        sentence = isinstance(node, str) and not decides and len(node.split()) >= _WORDS
        parts.append("sentence" if sentence else repr(node))


def trees_hash(paths: Iterable[Path]) -> str:
    """Return a hash of what files of the package do and where they lie, in whatever order they are given."""
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(PACKAGE).as_posix(), path) for path in paths):
        digest.update(f"{name}\0{tree_hash(path)}\0".encode())
    _keep()
    return digest.hexdigest()


def imported(*modules: str) -> set[Path]:
    """Return the files of modules of this package and of all that they import from it, inside functions too.

    Imports for the type checker alone count in ``__init__.py``, which fetches what it names when it is asked for.
    """
    found, waiting = set[Path](), list(modules)
    while waiting:
        path = _file(waiting.pop())
        if path is not None and path not in found:
            found.add(path)
            waiting += _facts(path).typed if path.name == "__init__.py" else _facts(path).imports
    _keep()
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
