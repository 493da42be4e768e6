"""The picture of docs/architecture.md: the folders of the package as layers, and who imports whom.

Layers and arrows come from the import graph, the line in each box from the docstring of the folder.
"""

from __future__ import annotations

import ast
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Final, NamedTuple

import networkx as nx

__all__ = ["PACKAGE", "architecture_svg", "folders", "imports", "layers", "purpose"]

PACKAGE: Final = Path(__file__).resolve().parents[1] / "sim" / "coworksim"
_WIDTH: Final = 960
_BOX_WIDTH: Final = 400  # at most
_BOX_HEIGHT: Final = 80
_GAP: Final = 40
_LETTER: Final = 7.1  # width of one of the small text, about


def folders(below: Path = PACKAGE) -> list[str]:
    """Return every folder of the package that holds a file of its own, as a path from the package."""
    found = {path.parent.relative_to(below).as_posix() for path in below.rglob("*") if path.is_file()}
    return sorted(name for name in found if name != "." and "__pycache__" not in name)


def purpose(folder: str) -> str:
    """Return the first sentence of the docstring of a folder."""
    text = ast.get_docstring(ast.parse((PACKAGE / folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return text.split("\n\n", maxsplit=1)[0].replace("\n", " ").replace("``", "").split(". ")[0].rstrip(".") + "."


@cache
def imports() -> nx.DiGraph[str]:
    """Return the graph of the top folders: an edge says that a module of the first imports from the second."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in PACKAGE.glob("*/**/*.py"):
        own = path.relative_to(PACKAGE).parts[0]
        graph.add_node(own)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("coworksim."):
                other = str(node.module).split(".")[1]
                if other != own and (PACKAGE / other).is_dir():
                    graph.add_edge(own, other)
    return graph


def layers() -> list[list[str]]:
    """Return the folders from the lowest layer up: each imports from lower layers only."""
    return [sorted(layer) for layer in nx.topological_generations(imports().reverse())]


class _Place(NamedTuple):
    """Middle and head of a box, and its width."""

    x: float
    y: float
    width: float


def architecture_svg() -> str:
    """Return the picture. Arrows that follow from two others are left out.

    Raises:
        networkx.NetworkXError: folders import each other in a circle.
    """
    rows = layers()
    height = len(rows) * (_BOX_HEIGHT + _GAP) - _GAP + 20
    places: dict[str, _Place] = {}
    for at, row in enumerate(rows):
        y, share = height - 10 - _BOX_HEIGHT - at * (_BOX_HEIGHT + _GAP), _WIDTH / len(row)
        places |= {name: _Place(share * (k + 0.5), y, min(_BOX_WIDTH, share - 20)) for k, name in enumerate(row)}
    arrows = [_arrow(places[one], places[other]) for one, other in sorted(nx.transitive_reduction(imports()).edges)]
    boxes = [_box(name, place) for name, place in places.items()]
    title = "The folders of coworksim in layers; each imports only from layers below it"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
            'font-family="Helvetica, Arial, sans-serif">',
            f"<title>{title}</title>",
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0 10 5 0 10z" fill="#6b6b6b"/></marker></defs>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *arrows,
            *boxes,
            "</svg>\n",
        ]
    )


def _box(name: str, place: _Place) -> str:
    x, y, width = place
    lines = "".join(
        _text(line, x, y + 47 + 17 * k, 'font-size="13"')
        for k, line in enumerate(wrap(purpose(name), int(width / _LETTER)))
    )
    return (
        f'<rect x="{x - width / 2:g}" y="{y:g}" width="{width:g}" height="{_BOX_HEIGHT}" rx="6" fill="#f3f0e8" '
        f'stroke="#6b6b6b"/>{_text(name, x, y + 26, 'font-size="18" font-weight="bold"')}{lines}'
    )


def _text(words: str, x: float, y: float, look: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" {look} fill="#222222" text-anchor="middle">{escape(words)}</text>'


def _arrow(one: _Place, other: _Place) -> str:
    """Draw from the foot of the upper box to the head of the lower one, both a little towards each other."""
    lean = (other.x - one.x) * 0.25
    return (
        f'<path d="M{one.x + lean:g} {one.y + _BOX_HEIGHT:g} L{other.x - lean:g} {other.y - 1:g}" stroke="#6b6b6b" '
        'stroke-width="1.5" fill="none" marker-end="url(#tip)"/>'
    )
