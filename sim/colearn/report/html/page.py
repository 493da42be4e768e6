"""The page: every part of a report in its order, put into the template."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.report.html import doubts, headline, provenance, tables
from colearn.report.html.illustrations import MOST_ARMS, illustrations
from colearn.report.html.policy_words import policy_sentence
from colearn.report.html.source import Source

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["parts", "report"]

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"


@cache
def _environment() -> Environment:
    """Return an environment that escapes all it is given, and refuses names it was not given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def parts(source: Source) -> dict[str, Any]:
    """Return everything that the template shows."""
    first = source.arms[0]
    return {
        "title": source.scenario.title,
        "scenario": source.scenario.name,
        "arm": first,
        "arms": source.arms,
        "arms_drawn": min(len(source.arms), MOST_ARMS),
        "status": headline.status(source),
        "headlines": headline.headlines(source, first),
        "cards": headline.cards(source, first),
        "pictures": illustrations(source),
        "frame": tables.frame_table(source),
        "what": [policy_sentence(policy) for policy in source.policies(first)],
        "appraisal": tables.appraisal_table(source),
        "years": tables.years_table(source),
        "gains": tables.group_table(source, first),
        "gaps": tables.gap_table(source, first),
        "break_even": doubts.break_even(source),
        "missing": doubts.missing_parts(source),
        "caveats": doubts.caveats(source),
        "left_out": doubts.left_out(source),
        "assumed": doubts.assumptions(source),
        "known": doubts.assumption_counts(source),
        "channels": tables.channel_table(source, first),
        "facts": provenance.facts(source),
        "command": provenance.command(source),
        "downloads": provenance.downloads(source),
        "read_this": source.about.get("read_this") or [],
    }


def report(source: Source) -> str:
    """Return the report as one HTML file."""
    return _environment().get_template("report.html.j2").render(**parts(source))
