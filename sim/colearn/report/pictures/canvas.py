"""What the charts of a report share beyond the look: paper, numbers on axes, a note, and SVG text."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

from colearn.report.style import GREY, LOOKS, Look, bare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["as_svg", "look", "paper", "plain_axes", "svg_uri", "zero"]


def paper(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches that fits its parts together by itself."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def look(at: int) -> Look:
    """Return the look of the arm at a place in the list."""
    return LOOKS[at % len(LOOKS)]


def plain_axes(axes: Axes, size: float = 8.5) -> None:
    """Take away what carries no information; numbers on axes have thousands apart."""
    bare(axes)
    axes.tick_params(labelsize=size)


def zero(axes: Axes, *, across: bool) -> None:
    """Draw the line of no difference."""
    (axes.axhline if across else axes.axvline)(0, color=GREY, linewidth=0.9)


def as_svg(figure: Figure) -> bytes:
    """Return a figure as SVG; the same figure gives the same bytes."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure)
    stream = BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "colearn"})
    return stream.getvalue()


def svg_uri(svg: bytes) -> str:
    """Return a picture as an address that holds it; as an image it can neither run nor style anything around it."""
    return "data:image/svg+xml;base64," + b64encode(svg).decode()
