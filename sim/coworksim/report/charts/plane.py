"""Chart: cost against effect, world by world; and the share of worlds in which an effect is worth its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coworksim.report.charts.style import GREY, look, paper, plain_axes, zero
from coworksim.report.sentences.text import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_STEPS: Final = 301
_MOST_POINTS: Final = 200

type Points = tuple[Sequence[float], Sequence[float]]


def shares_worth_it(cost: Sequence[float], gained: Sequence[float], worth: float) -> float:
    """Return the share of worlds in which ``worth`` times the effect exceeds the cost.

    >>> shares_worth_it([10.0, 10.0], [1.0, 3.0], 5.0)
    0.5
    """
    return float(np.mean([worth * b > a for a, b in zip(cost, gained, strict=True)]))


def plane(
    arms: Mapping[str, Points], words: str, declared: float, curves: Mapping[str, Points] | None = None
) -> Figure:
    """``arms``: name -> costs and effects by world; ``declared``: what one effect is held to be worth.

    ``curves``: name -> worths and in which share of draws the arm is best; without them, the share of worlds in which
    an arm pays.
    """
    figure = paper(9.6, 3.7)
    left, right = figure.subplots(1, 2)
    most = _most(arms, declared)
    for at, (arm, (cost, gained)) in enumerate(arms.items()):
        own, label = look(at), shortened(arm, 40)
        left.plot(
            gained[:_MOST_POINTS],
            cost[:_MOST_POINTS],
            own.marker,
            color=own.colour,
            alpha=0.35,
            markersize=4.5,
            markeredgewidth=0,
        )
        left.plot(
            [np.mean(gained)],
            [np.mean(cost)],
            own.marker,
            color=own.ink,
            markersize=9,
            label=label,
            markeredgecolor="white",
            linestyle=own.dash,
        )
        if not curves:
            worth = np.linspace(0.0, most, _STEPS)
            shares = [shares_worth_it(cost, gained, value) for value in worth.tolist()]
            right.plot(worth, shares, color=own.ink, linestyle=own.dash, linewidth=1.7, label=label)
    zero(left, across=True)
    zero(left, across=False)
    _worth_line(left, declared)
    right.axvline(declared, color=GREY, linewidth=0.9, linestyle=":")
    right.annotate(
        "as declared", (declared, 1.03), fontsize=8, color=GREY, ha="center", va="bottom", annotation_clip=False
    )
    right.set_ylim(-0.03, 1.03)
    _words(left, right, words)
    if curves:
        _best(right, curves, list(arms))
    return figure


def _best(axes: Axes, curves: Mapping[str, Points], arms: Sequence[str]) -> None:
    """Draw how often each arm is best; worth grows tenfold from mark to mark, so that all of it can be seen."""
    for name, (worth, shares) in curves.items():
        own = look(arms.index(name)) if name in arms else None
        colour, dash, marker = (own.ink, own.dash, own.marker) if own else (GREY, (0, (1, 1)), "x")
        axes.plot(
            worth,
            shares,
            color=colour,
            linestyle=dash,
            marker=marker,
            markersize=5,
            linewidth=1.5,
            label=shortened(name, 40),
        )
    axes.set_title("Share of draws in which it is the best", fontsize=9.5, loc="left", pad=14)
    axes.set_xscale("symlog", linthresh=500, linscale=0.4)
    axes.set_xticks([0, 500, 5_000, 50_000])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.minorticks_off()
    axes.legend(frameon=False, fontsize=8, loc="best", handlelength=2.5)


def _most(arms: Mapping[str, Points], declared: float) -> float:
    """Return how far the axis of worth goes: twice the middle cost of an effect, of arms that have one."""
    means = [(float(np.mean(cost)), float(np.mean(gained))) for cost, gained in arms.values()]
    ratios = sorted(a / b for a, b in means if a > 0.0 and b > 0.0)
    return max(1.25 * declared, 2.0 * ratios[len(ratios) // 2]) if ratios else max(1.25 * declared, 1.0)


def _worth_line(axes: Axes, declared: float) -> None:
    """Draw the line on which an effect is just worth its cost; under it, it is."""
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    ends: Any = np.array([low, high])
    axes.plot(ends, declared * ends, color=GREY, linewidth=0.9, linestyle=":", label="worth its cost, as declared")
    axes.set_xlim(low, high)
    axes.set_ylim(bottom, top)


def _words(left: Axes, right: Axes, words: str) -> None:
    left.set_title("Net public cost, GBP", fontsize=9.5, loc="left")
    left.set_xlabel(words, fontsize=8.5)
    right.set_title("Share of worlds in which it pays", fontsize=9.5, loc="left", pad=14)
    right.set_xlabel("what one sd-year is held to be worth, GBP", fontsize=8.5)
    left.yaxis.set_major_formatter("{x:,.10g}")
    right.xaxis.set_major_formatter("{x:,.10g}")
    for axes in (left, right):
        axes.locator_params(axis="x", nbins=6)
        plain_axes(axes)
    left.legend(frameon=False, fontsize=8, loc="best", handlelength=2.5)
