"""What results say to people: sentences, charts, tables and pages. Results look these functions up when asked."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coworksim.appraisal.result import Appraisal
    from coworksim.evidence.patterns.pattern_runs import PatternResult
    from coworksim.evidence.survey.surveys import Survey
    from coworksim.runs.simulation import Result
    from coworksim.runs.study_run import Study

__all__ = ["draw_appraisal", "report_appraisal", "report_patterns", "report_run", "report_study", "report_survey"]


def _is_of_use(record: logging.LogRecord) -> bool:
    """Leave out what matplotlib says of the folder of its cache: without a home it makes one, and works."""
    return record.funcName != "_get_config_or_cache_dir" and "font cache" not in record.getMessage()


for _name in ("matplotlib", "matplotlib.font_manager"):
    logging.getLogger(_name).addFilter(_is_of_use)


def report_run(result: Result, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a run came to in a few lines; draw its charts into ``folder``, where one is given."""
    from coworksim.files.checked_folder import marked
    from coworksim.report.sentences.run_text import summary, summary_text

    if folder is not None:
        from coworksim.report.charts.run_charts import write_charts

        folder.mkdir(parents=True, exist_ok=True)
        write_charts([result], folder, png=png)
    return "\n".join([*marked(result.altered), summary_text(summary(result))])


def draw_appraisal(found: Appraisal, folder: Path, *, png: bool = False) -> None:
    """Draw the charts of an appraisal into ``folder``, which exists."""
    from coworksim.report.charts.appraisal_charts import write_appraisal_charts

    write_appraisal_charts(found, folder, png=png)


def report_appraisal(
    found: Appraisal,
    file: Path | None = None,
    *,
    patterns: Path | None = None,
    study: Path | None = None,
    pilot: Path | None = None,
    altered: bool = False,
) -> str:
    """Return the report of an appraisal as one HTML page, and write it to ``file``, whole or not at all.

    ``patterns``, ``study`` and ``pilot`` are folders of other commands: what they found is shown beside it; with
    ``altered`` although a file of theirs has changed since. Raises InputError where a folder is not one of them.
    """
    from coworksim.report.html import report
    from coworksim.report.html.studies_beside import read_patterns, read_pilot, read_study

    page = report(
        found,
        None if patterns is None else read_patterns(patterns, altered=altered),
        None if study is None else read_study(study, altered=altered),
        None if pilot is None else read_pilot(pilot, altered=altered),
    )
    if file is not None:
        from coworksim.runs.parts import write_whole

        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, page.encode())
    return page


def report_study(study: Study, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a study found in sentences; write tables, charts and the page into ``folder``, where one is given."""
    from coworksim.report.study_files import findings, write_study

    if folder is not None:
        write_study(study, folder, png=png)
    return "\n".join(findings(study))


def report_survey(survey: Survey, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a survey says in sentences; write its tables and chart into ``folder``, where one is given.

    Where no world is done, there is nothing to write.
    """
    from coworksim.files.checked_folder import marked
    from coworksim.report.charts.survey_charts import write_survey
    from coworksim.report.sentences.survey_text import rule_shown, survey_sentences

    if not survey.replicates:
        return "\n".join([*marked(survey.batch.altered), "No world is done, so there is nothing to say."])
    if folder is not None:
        write_survey(survey, folder, png=png)
    return "\n".join([*marked(survey.batch.altered), *survey_sentences(survey, rule_shown(survey))])


def report_patterns(found: PatternResult, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what patterns, an ablation or a contrast say; write tables and charts into ``folder``, if one is given."""
    from coworksim.files.checked_folder import marked
    from coworksim.report.charts.pattern_charts import content, write_patterns

    if folder is not None:
        write_patterns(found, folder, png=png)
    return "\n".join([*marked(found.batch.altered), *content(found)[1]])
