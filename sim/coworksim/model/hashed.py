"""What goes into hashes, and must keep its bytes whatever is renamed: salts, and what a digest is taken over.

A hashed name stays; what it is called in the code may change, and then this file says so. A column that is new is not
in a digest until a new version takes it in. So neither a new name nor a new column moves a digest. How a version is
raised: docs/decisions/frozen-digests-and-salts.md.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

# Frozen for ever: another byte is another world. They keep the program's first name, which nothing else depends on.
#: Before seed and replicate, in the key of the random numbers of a run.
RUN_SALT: Final = "colearn run"
#: Before seed and number of the stream, in the seed of the runs of a point of a study.
STUDY_SALT: Final = "colearn study"
#: In the names of the parts of an SVG, so that a chart of the same numbers is the same file.
CHART_SALT: Final = "colearn"

#: Counts up when DIGEST_COLUMNS change, so that digests of one version can be set beside each other.
DIGEST_VERSION: Final = 3


def _same(names: str) -> dict[str, str]:
    """Return names that the code has kept."""
    return {name: name for name in names.split()}


#: What the digest of a run is taken over, in this order, as hashed name -> name in the code. ``counts``, ``sums`` and
#: ``spaces`` are columns of the series of that name; ``people`` and ``ties`` are columns of the state.
DIGEST_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "counts": _same("people members days encounters encounters_outside tools"),
    "sums": _same(
        "sc td gain_sc_own gain_sc_outside gain_sc_firm gain_sc_employer gain_sc_space_social gain_sc_space_resource "
        "gain_sc_decay gain_td_own gain_td_outside gain_td_firm gain_td_employer gain_td_space_social "
        "gain_td_space_resource gain_td_decay income"
    ),
    "spaces": _same(
        "open members desks desk_days turned_away price fees cash meetings events_held training_places training_used "
        "training_turned_away ordinal opened list_price result groups"
    ),
    "people": _same(
        "key region entered status occupation career_start career_end sociability learning_hours days taste "
        "earning_power offers sponsor look last_member home seat candidate aware tools skill "
        "skill_at_opening income work outside_contacts member_of plan tenure member_weeks days_present day_mask "
        "days_total encounters outside_met encounter_hours partners_new inside_hours inside_hours_total training_hours "
        "training_hours_total outside_hours_total lessons lessons_total loan_access taught course waiting week_gain "
        "recent_gain gain earned fees supported lead group"
    ),
    "ties": {"one": "source", "other": "target"} | _same("weight last"),
}

#: What is hashed as another type than it is kept in, which may change: by hashed name.
HASHED_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("tenure", "member_weeks", "days_total", "encounters"), "int64"),
    **dict.fromkeys(("outside_met", "partners_new", "waiting"), "int64"),
    "last": "int32",
}

#: Counts up when something else of a run goes into the digest of a study.
ROWS_VERSION: Final = 2
#: Names of outcomes, and of columns of series, that are no longer called what they are hashed as: today's -> hashed.
HASHED_NAMES: Final[Mapping[str, str]] = {}


PACKAGE: Final = Path(__file__).resolve().parents[1]
#: Where a text is compared or looked up.
_DECIDES: Final = (ast.Compare, ast.Subscript, ast.MatchValue, ast.MatchMapping)
_WORDS: Final = 3


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), path.name)


@cache
def tree_hash(path: Path) -> str:
    """Return a hash of what a source file does, as it was when first asked about: its module stays loaded."""
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
