"""Fills in the templates of the page, and says in one of them why something is refused."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

_STRICT: Final[Any] = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
_TEMPLATES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), **_STRICT)


def render(name: str, **given: Any) -> str:
    """Fill in a template; whatever is put into it is escaped."""
    return _TEMPLATES.get_template(name).render(**given)


def refusal(status: int, title: str, text: str, door: str | None = None) -> Response:
    """Return a page that says why something is refused; ``door`` is where the key leads that it asks for."""
    return HTMLResponse(render("refused.html", title=title, text=text, door=door), status)


def gone() -> Response:
    """Return the page of every address that there is not, or no longer."""
    return refusal(404, "Not here", "There is nothing here (any more): go back to the page and compare again.")
