"""The page: every part of a report in its order, put into the template."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colearn.report.html import doubts, headline, patterns, provenance, tables, uncertainty
from colearn.report.html.illustrations import MOST_ARMS, Illustration, illustrations
from colearn.report.html.policy_words import policy_sentence
from colearn.report.html.sensitivity import Study, sensitivity_table
from colearn.report.html.source import Source
from colearn.report.html.words import Name

if TYPE_CHECKING:
    import pandas as pd
    from jinja2 import Environment

__all__ = ["MOST_BYTES", "parts", "report"]

#: A report fits into a letter.
MOST_BYTES: Final = 1_950_000
_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"


@cache
def _environment() -> Environment:
    """Return an environment that escapes all it is given, and refuses names it was not given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def parts(source: Source, shares: pd.DataFrame | None = None, study: Study | None = None) -> dict[str, Any]:
    """Return everything that the template shows but the data inside."""
    first = source.arms[0]
    pictures: dict[str, Illustration | None] = {**illustrations(source)}
    pictures["patterns"] = None if shares is None else patterns.pattern_picture(shares)
    return {
        "title": source.scenario.title,
        "arm": first,
        "arms": source.arms,
        "arms_drawn": min(len(source.arms), MOST_ARMS),
        "status": headline.status(source),
        "headlines": headline.headlines(source, first),
        "others": [headline.brings(source, arm) for arm in source.arms[1:]],
        "cards": headline.cards(source, first),
        "pictures": {name: one for name, one in pictures.items() if one is not None},
        "frame": tables.frame_table(source),
        "what": [policy_sentence(policy) for policy in source.policies(first)],
        "appraisal": tables.appraisal_table(source),
        "years": tables.years_table(source),
        "gains": tables.group_table(source, first),
        "landing": tables.landing_table(source),
        "gaps": tables.gap_table(source),
        "ranking": uncertainty.ranking_tables(source),
        "study": None if study is None else study.uri,
        "sensitivity": None if study is None else sensitivity_table(study),
        "laws": uncertainty.laws_table(source),
        "switching": uncertainty.switching_table(source),
        "patterns": None if shares is None else patterns.pattern_table(shares),
        "equalised": [Name(f"{one['arm']}: {one['verdict']}") for one in source.about.get("equalised") or []],
        "break_even": doubts.break_even(source),
        "missing": doubts.missing_parts(source),
        "caveats": doubts.caveats(source),
        "left_out": doubts.left_out(source),
        "assumed": doubts.assumptions(source),
        "known": doubts.assumption_counts(source),
        "channels": tables.channel_table(source, first),
        "facts": provenance.facts(source),
        "command": provenance.command(source),
        "read_this": source.about.get("read_this") or [],
    }


def report(source: Source, shares: pd.DataFrame | None = None, study: Study | None = None) -> str:
    """Return the report as one HTML file of at most MOST_BYTES, with as much of the data inside as there is room for.

    ``shares`` are those of patterns and ``study`` a study of sensitivity, where there are any.
    """
    template, content = _environment().get_template("report.html.j2"), parts(source, shares, study)
    bare = template.render(**content, downloads=[])
    return template.render(**content, downloads=provenance.downloads(source, MOST_BYTES - len(bare.encode())))
