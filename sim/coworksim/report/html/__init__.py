"""The report of a comparison, one HTML file that needs nothing but itself: its parts, put into the template."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coworksim.appraisal.result import Appraisal
from coworksim.files.checked_folder import ALTERED, altered_line
from coworksim.report.html import grounds, headline, illustrations, studies_beside, tables, uncertainty
from coworksim.report.html.illustrations import MOST_ARMS, Illustration
from coworksim.report.html.studies_beside import Pilot, Study
from coworksim.report.sentences import limitations, pattern_drivers, value_for_money
from coworksim.report.sentences.appraisal_text import brings
from coworksim.report.sentences.estimates_in_words import says
from coworksim.report.sentences.pattern_drivers import PatternTables
from coworksim.report.sentences.ranking_text import unswitched
from coworksim.report.sentences.rival_text import rival_sentences

#: A report fits into a letter.
MOST_BYTES: Final = 1_950_000
#: All that is given is escaped; names that were not given are refused.
_STRICT: Final[Any] = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
_TEMPLATES: Final = Environment(loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"), **_STRICT)


def parts(
    source: Appraisal, found: PatternTables, study: Study | None = None, pilot: Pilot | None = None
) -> dict[str, Any]:
    """Return everything that the template shows but the data inside."""
    first = source.acting[0]
    beside = [one.altered for one in (found, study, pilot) if one is not None]
    altered = [*source.altered, *(file for files in beside for file in files)]
    pictures: dict[str, Illustration | None] = {**illustrations.illustrations(source)}
    pictures["patterns"] = studies_beside.pattern_picture(found)
    return {
        "title": source.scenario.title,
        "altered": ALTERED if altered else "",
        "arms": source.acting,
        "arms_drawn": min(len(source.acting), MOST_ARMS),
        "idle": [arm for arm in source.arms if arm not in source.acting],
        "status": [*([says(altered_line(altered))] if altered else []), *headline.status(source)],
        "checks": headline.checks(source),
        "units": headline.units(source),
        "headlines": headline.headlines(source, first),
        "others": [brings(source, arm) for arm in source.acting[1:]],
        "verdicts": value_for_money.verdicts(source) if len(source.acting) > 1 else [],
        "question": source.scenario.question,
        "cards": headline.cards(source, first),
        "pictures": {name: one for name, one in pictures.items() if one is not None},
        "channels": tables.channel_table(source, first),
        "facts": grounds.facts(source),
        "command": grounds.command(source),
        "read_this": source.about()["read_this"],
        **_compared(source, first),
        **_limited(source),
        **_beside(found, study, pilot),
    }


def _compared(source: Appraisal, first: str) -> dict[str, Any]:
    return {
        "frame": tables.frame_table(source),
        "equalised": uncertainty.equalised_table(source),
        "appraisal": tables.appraisal_table(source),
        "nothing_of": tables.nothing_of(source),
        "funnel": tables.funnel_table(source),
        "years": tables.years_table(source),
        "remains": [table for arm in source.acting if (table := tables.remains_table(source, arm))],
        "rival": rival_sentences(source),
        "gains": tables.group_table(source, first),
        "landing": tables.landing_table(source),
        "gaps": tables.gap_table(source),
    }


def _limited(source: Appraisal) -> dict[str, Any]:
    log = grounds.assumption_log(source)
    return {
        "break_even": uncertainty.break_even(source),
        "ranking": uncertainty.ranking_table(source),
        "laws": uncertainty.laws_table(source),
        "switching": uncertainty.switching_table(source),
        "unswitched": unswitched(source),
        "missing": limitations.not_ranked(source, "the command at the end of this report"),
        "caveats": limitations.caveats(source),
        "left_out": limitations.left_out(source),
        "otherwise": grounds.otherwise(log),
        "known": grounds.assumption_counts(log),
        "assumed_first": [row for row in log if row.it.pressing or row.here],  # what a reader must see
        "assumed": log,
        "impacts": grounds.impact_origin(),
    }


def _beside(found: PatternTables, study: Study | None, pilot: Pilot | None) -> dict[str, Any]:
    return {
        "patterns": studies_beside.pattern_table(found),
        "drivers": studies_beside.driver_table(found),
        "placebo": [*pattern_drivers.measured_where(found), *pattern_drivers.placebo_sentence(found)],
        "study": None if study is None else study.uri,
        "sensitivity": None if study is None else studies_beside.sensitivity_table(study),
        "pilot": None if pilot is None else studies_beside.pilot_table(pilot),
        "pilot_picture": None if pilot is None else pilot.uri,
        "pilot_says": [] if pilot is None else studies_beside.pilot_sentences(pilot),
    }


def report(
    source: Appraisal, found: PatternTables | None = None, study: Study | None = None, pilot: Pilot | None = None
) -> str:
    """Return the report as one HTML file of at most MOST_BYTES, with as much of the data inside as there is room for.

    ``found`` is what was measured of patterns, by default what comes with the package; ``study`` is a study of
    sensitivity and ``pilot`` a simulated pilot, where there are any.
    """
    content = parts(source, found or studies_beside.own_patterns(), study, pilot)
    template = _TEMPLATES.get_template("report.html.j2")
    bare = template.render(**content, downloads=[])
    return template.render(**content, downloads=grounds.downloads(source, MOST_BYTES - len(bare.encode())))
