"""What the code says about itself: docstrings of modules and rules, and the comments beside columns, as Markdown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["Column", "Rule", "columns_of", "markdown", "module_text", "rules_of"]

_ROLE: Final = re.compile(r":[a-z]+:`~?([^`]+)`")
_LITERAL: Final = re.compile(r"``([^`]+)``")


class Rule(NamedTuple):
    """A compiled rule of one person's numbers: how it is called, and what it returns, in symbols."""

    call: str
    text: str


class Column(NamedTuple):
    """A state variable: its name, its type, and its meaning with the unit (empty where the name says it all)."""

    name: str
    kind: str
    meaning: str


def markdown(docstring: str) -> str:
    r"""Return a docstring as Markdown, its examples left out, a paragraph a line.

    >>> markdown("Decay.\n\n``s *= 1``: see\n:mod:`coworksim.model.state.x`.\n\n>>> 1 + 1\n2\n")
    'Decay.\n\n`s *= 1`: see `coworksim.model.state.x`.'
    """
    paragraphs = re.split(r"\n\s*\n", docstring)
    kept = [" ".join(line.strip() for line in p.split("\n")) for p in paragraphs if not p.lstrip().startswith(">>>")]
    text = "\n\n".join(paragraph.strip() for paragraph in kept if paragraph.strip())
    return _LITERAL.sub(r"`\1`", _ROLE.sub(r"`\1`", text))


@cache
def _source(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"no module is called {module}")
    return Path(spec.origin).read_text(encoding="utf-8")


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_source(module))


def module_text(module: str) -> str:
    """Return what a module says about itself."""
    return markdown(ast.get_docstring(_tree(module)) or "")


def rules_of(module: str) -> Iterator[Rule]:
    """Go through the rules of a module, in order."""
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(one) == "rule" for one in node.decorator_list):
            names = [one.arg for one in node.args.args]
            text = markdown(ast.get_docstring(node) or "")
            yield Rule(f"{node.name}({', '.join(names)})", text.removeprefix("Return "))


def columns_of(module: str, name: str) -> Iterator[Column]:
    """Go through the fields of a class, with the comment that stands beside each."""
    lines = _source(module).split("\n")
    for node in _tree(module).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    _, mark, comment = lines[(field.end_lineno or field.lineno) - 1].partition("  # ")
                    yield Column(field.target.id, _kind(ast.unparse(field.annotation)), comment.strip() if mark else "")


def _kind(annotation: str) -> str:
    """Say in a word what a column holds.

    >>> _kind("NDArray[np.uint32]"), _kind("Floats"), _kind("int")
    ('whole numbers', 'numbers', 'whole number')
    """
    if annotation in ("int", "str"):
        return {"int": "whole number", "str": "text"}[annotation]
    for sign, word in (
        ("bool", "yes or no"),
        ("int", "whole numbers"),
        ("Integers", "whole numbers"),
        ("Rows", "whole numbers"),
        ("Flags", "yes or no"),
        ("float", "numbers"),
        ("Floats", "numbers"),
        ("str", "texts"),
    ):
        if sign in annotation:
            return word
    return annotation
