"""A calibration as text and as plain data: the table of targets, and what a reader should know beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from coworksim.evidence.calibration import Calibration, Row
from coworksim.evidence.calibration.diagnostics import Below, Elasticity
from coworksim.evidence.calibration.fit import Target
from coworksim.evidence.calibration.settled_market import SETTLED_MARKET, MarketDrift
from coworksim.files.errors import printable
from coworksim.model.parameters import PARAMETERS
from coworksim.report.sentences.text import aligned, capital, shown, wrapped, written

WIDTH: Final = 110

CAPTION: Final = (
    "Intervals: 95 %, for chance within one run (Wilson for shares; 1.96 standard errors between the units in the last "
    "column for means, so with four blocks they are too narrow). They are not parameter uncertainty. Role: input was "
    "typed in as a parameter, fitted means that a parameter was set to meet the target, check that nothing was set. "
    "Within: inside the target range widened by the tolerance."
)
NOTES: Final = (
    "Members per space are judged against the trimmed mean 74, not the mean 129: the mean is carried by a tail of very "
    "large spaces, and spaces here all open with the same number of desks.",
    "Profit is by the ledger, of spaces open in all the weeks measured: turnover less rent, staff and events, without "
    "capital, investment and what owners take out. Within a month's turnover a space breaks even.",
    "Events attended per member (target 1.8 a month) is left out: the log tells who met at an event, not who came.",
)
_PERCENT: Final = {"share", "share a month", "of members", "of spaces", "of creative ones", "of desk-days"}
_HEAD: Final = ("target", "role", "measured", "95 % interval", "wanted", "tolerance", "verdict", "units of analysis")


def calibration_text(found: Calibration) -> str:
    """``found`` as lines for a terminal."""
    head = f"{printable(found.title)}: the last {found.weeks} weeks, seed {found.seed}"
    lines = [head, "", *aligned([_HEAD, *map(_cells, found.rows)]), ""]
    notes: dict[str, Row] = {}
    for row in found.rows:
        notes.setdefault(row.measured.note, row)
    told = [
        f"{capital(row.target.name)}: {'not measured: ' if row.within is None else ''}{note}."
        for note, row in notes.items()
        if note
    ]
    lines += [line for text in (CAPTION, *NOTES, *told) for line in wrapped(text, WIDTH)]
    lines += ["", *_misses(found.rows), "", *_below_lines(found.below, found.rows), "", *_moved(found)]
    return "\n".join(lines)


def calibration_json(found: Calibration) -> dict[str, Any]:
    """``found`` as plain data: shares as shares of one, None where nothing was measured."""
    below = {**asdict(found.below), "shut_out": found.below.shut_out, "settled": found.below.settled}
    if found.below.market is not None:
        below["market"]["settled"] = found.below.market.settled
    return {
        "scenario": {"name": found.name, "title": found.title},
        "seed": found.seed,
        "weeks": found.weeks,
        "targets": [
            {**asdict(row.target), "measured": asdict(row.measured), "within": row.within} for row in found.rows
        ],
        "below": below,
        "moved": [moved._asdict() for moved in found.moved],
        "set_here": [{"name": name, "default": before, "value": value} for name, before, value in found.here],
    }


def _in_unit(value: float, target: Target) -> str:
    if target.unit in _PERCENT:
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if target.low >= 50 else f"{value:.2f}"


def _span(low: float, high: float, target: Target) -> str:
    return f"{_in_unit(low, target).removesuffix(' %')} to {_in_unit(high, target)}"


def _cells(row: Row) -> tuple[str, ...]:
    target, measured = row.target, row.measured
    wanted = _in_unit(target.low, target) if target.low == target.high else _span(target.low, target.high, target)
    wanted += "" if target.unit in _PERCENT else f" {target.unit}"
    wanted += " (mean 129)" if target.name == "members per space" else ""
    tolerance = f"{100 * target.tolerance:.0f} {'%' if target.relative else 'points'}" if target.tolerance else "none"
    verdict = {True: "within", False: "missed", None: "not measured"}[row.within]
    value = "-" if measured.value is None else _in_unit(measured.value, target)
    interval = "-" if measured.interval is None else _span(*measured.interval, target)
    return target.name, target.role, value, interval, wanted, tolerance, verdict, measured.basis


def _misses(rows: Sequence[Row]) -> Iterator[str]:
    missed = [row.target for row in rows if row.within is False]
    judged = sum(row.within is not None for row in rows)
    yield f"Missed: {len(missed)} of {judged} measured targets." if missed else f"All {judged} measured targets met."
    for target in missed:
        yield from wrapped(f"  {target.name}: {target.why}", WIDTH, "    ")


def _below_lines(below: Below, rows: Sequence[Row]) -> Iterator[str]:
    churn = next((row.measured.value for row in rows if row.target.name == "churn"), None)
    share = "churn not measured" if churn is None else f"churn {100 * churn:.1f} % a month"
    done, still = (
        "none" if weeks is None else f"{weeks:g} weeks" for weeks in (below.median_completed, below.median_ongoing)
    )
    spells = (
        f"Spells of membership: {share}; {below.completed} completed, median {done}; {below.ongoing} going on, median "
        f"{still} so far. Completed spells are the short ones of a run this long."
    )
    verdict = "It is shut out" if below.shut_out else "It is not shut out"
    poor = (
        f"Bottom third of incomes: {100 * below.poor_share:.1f} % are members, of everybody "
        f"{100 * below.member_share:.1f} %. {verdict} (shut out: under a quarter of everybody's share)."
    )
    yield from (*wrapped(spells, WIDTH), *wrapped(poor, WIDTH))
    if below.capped_share is None:
        yield "Desk cap: no open space."
    else:
        yield f"Desk cap: people were turned away in {100 * below.capped_share:.0f} % of space-weeks."
    members = "no members" if below.degree_members is None else f"members {below.degree_members:.1f}"
    yield (
        f"Ties a person: mean {below.degree:.1f}, {members}; mean clustering {below.clustering:.2f} "
        f"({below.clustering_nodes} people)."
    )
    settled = "Burn-in and spin-up: too short to tell whether skills have settled (under half a year)."
    if below.drift_sc is not None and below.drift_td is not None:
        settled = (
            f"Burn-in and spin-up: skills {'settled' if below.settled else 'not settled'}. Over the year before the "
            f"start mean social-cognitive skill moved by {below.drift_sc:+.2f} and technical-digital skill by "
            f"{below.drift_td:+.2f} points a year (settled: under 0.5 each)."
        )
    yield from (*wrapped(settled, WIDTH), *wrapped(market_sentence(below.market), WIDTH), "")
    yield from _elasticities(below.elasticities)


def market_sentence(market: MarketDrift | None) -> str:
    """Say whether the market of spaces had settled by the start."""
    if market is None:
        return (
            "Market of spaces: not there for two years with accounts before the start, so whether it has settled "
            "cannot be told."
        )
    names = {"members": "members", "spaces": "open spaces", "price": "mean price", "age": "mean age of spaces"}
    told = ", ".join(f"{words} {written(getattr(market, name), '+.1%', 'none')}" for name, words in names.items())
    return (
        f"Market of spaces: {'settled' if market.settled else 'not settled'}. From the last year but one before the "
        f"start to the last: {told} (settled: under {SETTLED_MARKET:.0%} each; one small world can move by more by "
        "chance)."
    )


def _elasticities(fifths: Sequence[Elasticity]) -> Iterator[str]:
    if not fifths:
        yield "Price elasticity: not measured, membership is switched off."
        return
    yield "Arc price elasticity of membership at a review, prices up 10 % (the model's own rule, last week's state):"
    rows: list[tuple[str, ...]] = [("income fifth", "people", "chance of membership", "everybody", "who is no member")]
    names = ("lowest", "second", "third", "fourth", "highest")
    for name, fifth in zip(names, fifths, strict=True):
        chance = "-" if fifth.probability is None else f"{100 * fifth.probability:.1f} %"
        elasticities = (written(value, "+.2f") for value in (fifth.everybody, fifth.non_members))
        rows.append((name, str(fifth.people), chance, *elasticities))
    yield from (f"  {line}" for line in aligned(rows))


def _moved(found: Calibration) -> Iterator[str]:
    moved = [(one.name, one.before, one.after, one.reason) for one in found.moved]
    parts: dict[str, Sequence[tuple[str, Any, Any, str]]] = {"Defaults that calibration moved:": moved}
    if found.here:
        here = [(name, before, after, PARAMETERS[name].unit) for name, before, after in found.here]
        parts["What this scenario, or the command line, sets otherwise than the default:"] = here
    for title, rows in parts.items():
        yield title
        cells = [(name, shown(before), f"-> {shown(after)}", more) for name, before, after, more in rows]
        yield from (f"  {line}" for line in aligned(cells))
