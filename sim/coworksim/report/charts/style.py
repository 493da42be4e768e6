"""The look that all charts share, and how they are kept as SVG.

Colours are those of Okabe and Ito (2008), which people with any kind of colour vision tell apart. Nothing is told by
colour alone: lines differ in dash and marker, bars in hatching, and each carries its name. Text is drawn as outlines: a
chart looks the same everywhere; no name from a file is read as a formula.
"""

import math
import re
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from coworksim.files.errors import printable
from coworksim.model.hashed import CHART_SALT

INK: Final = "#222222"
GREY: Final = "#6b6b6b"
PALE: Final = "#dddddd"
_PANEL_HEAD: Final = 0.65  # inches over a panel for its name and unit


class Look(NamedTuple):
    """How one place is drawn, in lines and in bars; ``ink`` is the colour, dark enough for text on white."""

    colour: str
    ink: str
    dash: Literal["-", "--", "-.", ":"]
    marker: str
    hatch: str

    @property
    def line(self) -> dict[str, Any]:
        """A line with signs on it."""
        line = {"color": self.colour, "linestyle": self.dash, "linewidth": 1.8}
        return {**line, "marker": self.marker, "markersize": 4.5}


#: In the order in which places are drawn; the first two differ most, in grey too.
LOOKS: Final = (
    Look("#d55e00", "#b34700", "-", "o", ""),
    Look("#0072b2", "#00629a", "--", "s", "////"),
    Look("#009e73", "#00704f", "-.", "^", "...."),
    Look("#cc79a7", "#9c4577", ":", "D", "xxxx"),
)

_RC: Final[Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "white",
    "hatch.linewidth": 0.8,
    "svg.fonttype": "path",
    "svg.hashsalt": CHART_SALT,
    "savefig.dpi": 160,
}


@contextmanager
def applied() -> Iterator[None]:
    """The shared look, whatever the user's own settings of matplotlib are; a sign without a glyph is no error."""
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def bare(axes: Axes, size: float | None = None, title: str = "", x: str = "", **about: Any) -> None:
    """Take away what carries no information; write the title, which looks as ``about`` says, and what is across."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    if size is not None:
        axes.tick_params(labelsize=size)
    if title:
        axes.set_title(title, loc="left", **{"fontsize": 9.5, **about})
    if x:
        axes.set_xlabel(x, fontsize=8.5)


def headings(figure: Figure, title: str, subtitle: str, source: str) -> Figure:
    """Title (the question), subtitle (what is plotted, in which unit) and source, at fixed places in inches."""
    height = figure.get_figheight()
    figure.text(0.02, 1 - 0.14 / height, printable(title), size=14, weight="bold", va="top")
    lines = "\n".join(printable(line) for line in subtitle.splitlines())
    figure.text(0.02, 1 - 0.46 / height, lines, size=9.5, va="top", color=INK, linespacing=1.35)
    figure.text(0.02, 0.1 / height, printable(source), size=8, va="bottom", color=GREY)
    return figure


def key(figure: Figure, handles: Sequence[Artist]) -> None:
    """The look and the name of each place, one to a line under the subtitle."""
    about: Any = {"frameon": False, "borderpad": 0, "borderaxespad": 0, "labelspacing": 0.4, "handlelength": 3.2}
    about |= {"loc": "upper left", "bbox_to_anchor": (0.02, 1 - 1.0 / figure.get_figheight()), "fontsize": 10}
    figure.legend(handles=list(handles), bbox_transform=figure.transFigure, **about)


def line_key(look: Look, label: str, **more: Any) -> Line2D:
    """A line of a key: dash, marker and colour of a look, and what they stand for."""
    about: dict[str, Any] = {"color": look.ink, "linestyle": look.dash, "marker": look.marker, **more}
    return Line2D([], [], label=label, **about)


def framed(
    height: float, lines: int, panels: tuple[int, int], margins: tuple[float, float, float, float], **more: Any
) -> tuple[Figure, Any]:
    """A figure with ``height`` inches under its headings and a key of ``lines`` lines; and its panels.

    ``panels``: rows and columns; ``margins``: left, right and below as shares of the figure, and what the top is lower;
    ``more``: how far panels stand apart, and which axes they share.
    """
    above, (left, right, bottom, lower) = 1.0 + 0.23 * lines, margins
    figure = Figure(figsize=(10.5, above + height))
    apart = {name: more.pop(name) for name in ("hspace", "wspace") if name in more}
    axes = figure.subplots(*panels, squeeze=False, **more)
    top = (height - _PANEL_HEAD) / (above + height) - lower
    figure.subplots_adjust(left=left, right=right, top=top, bottom=bottom, **apart)
    return figure, axes


def sheet(
    width: float,
    height: float,
    margins: tuple[float, float, float, float],
    columns: int = 1,
    rows: int = 1,
    ratios: Sequence[float] | None = None,
    **apart: float,
) -> tuple[Figure, Any]:
    """A figure of so many inches and its panels: one, or an array with rows and columns.

    ``margins``: left and right as shares of the width from the left, above and below in inches; ``ratios``: widths of
    columns beside each other; ``apart``: how far panels stand apart.
    """
    left, right, above, below = margins
    figure = Figure(figsize=(width, height))
    axes = figure.subplots(rows, columns, squeeze=rows == columns == 1, width_ratios=ratios)
    figure.subplots_adjust(left=left, right=right, top=1 - above / height, bottom=below / height, **apart)
    return figure, axes


def named_rows(axes: Axes, names: Sequence[str], size: float, above: float = 0.5, below: float = 0.5) -> None:
    """Name the rows of a chart from the top down; ``above`` and ``below``: what is left before the first, and last."""
    axes.set_yticks(range(len(names)), list(names), size=size)
    axes.set_ylim(len(names) - 1 + below, -above)


def interval(axes: Axes, place: float, low: float, high: float, **about: Any) -> None:
    """Draw an interval across at a height, where it is known."""
    if math.isfinite(low):
        axes.plot([low, high], [place, place], **about)


def tilted(axes: Axes) -> None:
    """Put the names of columns above them, aslant."""
    axes.xaxis.tick_top()
    for label in axes.get_xticklabels():
        label.set(rotation=40, ha="left", rotation_mode="anchor")


def save_chart(figure: Figure, path: Path, *, title: str, png: bool = False) -> None:
    """Write ``path`` (.svg) with a title that screen readers say, and the same as .png on request."""
    path.write_bytes(titled(figure, title))
    if png:
        path.with_suffix(".png").write_bytes(as_png(figure))


def titled(figure: Figure, title: str) -> bytes:
    """Return a figure as SVG with a title that screen readers say."""
    said = f"<title>{escape(printable(title))}</title>"
    head = re.compile(r"(<svg\b)([^>]*>)")
    svg = head.sub(lambda found: f'{found[1]} role="img"{found[2]}\n {said}', as_svg(figure).decode(), count=1)
    return svg.encode()


def as_png(figure: Figure) -> bytes:
    """Return a figure as PNG."""
    FigureCanvasAgg(figure)
    stream = BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": "coworksim"})
    return stream.getvalue()


def save_charts(folder: Path, charts: Mapping[str, tuple[Callable[[], Figure], str]], *, png: bool = False) -> None:
    """Draw charts into ``folder`` as SVG (and PNG): by name what draws each, and its title."""
    with applied():
        for name, (draw, title) in charts.items():
            save_chart(draw(), folder / f"{name}.svg", title=title, png=png)


def paper(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches that fits its parts together by itself."""
    return Figure(figsize=(width, height), layout="constrained")


def look(at: int) -> Look:
    """Return how the arm at a place in the list is drawn: past the last look a colour comes back with another dash."""
    colours, lines = LOOKS[at % len(LOOKS)], LOOKS[(at + at // len(LOOKS)) % len(LOOKS)]
    return Look(colours.colour, colours.ink, lines.dash, lines.marker, lines.hatch)


def zero(axes: Axes, *, across: bool) -> None:
    """Draw the line of no difference."""
    (axes.axhline if across else axes.axvline)(0, color=GREY, linewidth=0.9)


def as_svg(figure: Figure) -> bytes:
    """Return a figure as SVG; the same figure gives the same bytes."""
    FigureCanvasSVG(figure)
    stream = BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "coworksim"})
    return stream.getvalue()


def svg_uri(svg: bytes) -> str:
    """Return a picture as an address that holds it; as an image it can neither run nor style anything around it."""
    return "data:image/svg+xml;base64," + b64encode(svg).decode()
