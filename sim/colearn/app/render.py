"""Templates of the page and of its files; whatever is put into them is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["render"]

_FOLDER: Final = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["address"] = _address
    return made


def _address(svg: str) -> str:
    """Return a picture as an address, so that it can neither run nor style anything around it."""
    return "data:image/svg+xml," + quote(svg)


def render(name: str, **given: Any) -> str:
    """Fill in a template."""
    return _environment().get_template(name).render(**given)
