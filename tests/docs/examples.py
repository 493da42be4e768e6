"""Examples in documents: run, and held to the values that they show.

A ``print`` at the end of whose line stands ``# -> value`` must print that value; in a loop the values follow each
other, parted by a semicolon. So a page cannot tell of a number that the code does not give.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
from collections.abc import Iterator

_SHOWN = re.compile(r"#\s*-> (.+)$")


def python_blocks(text: str) -> list[str]:
    """Return the blocks of Python in a document."""
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def prints(block: str) -> Iterator[tuple[int, int]]:
    """Return first and last line of each call of print, from 1."""
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno, node.end_lineno or node.lineno


def unsaid(block: str) -> list[str]:
    """Return the lines that print something and do not show it."""
    lines = block.splitlines()
    return [lines[last - 1].strip() for _, last in prints(block) if not _SHOWN.search(lines[last - 1])]


def shown(block: str) -> list[str]:
    """Return what the block says that it prints, line by line."""
    return [
        value.strip() for line in block.splitlines() if (found := _SHOWN.search(line)) for value in found[1].split(";")
    ]


def printed(block: str, names: dict[str, object]) -> list[str]:
    """Run a block, and return what it prints, line by line."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(block, "an example", "exec"), names)  # noqa: S102 - the documents are ours, and this is their test
    return out.getvalue().splitlines()
