"""What results say to people: sentences, charts, tables and pages. Results look these functions up when asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coworksim.evidence.patterns.pattern_runs import PatternResult
    from coworksim.evidence.survey.surveys import Survey
    from coworksim.runs.study_run import Study

__all__ = ["report_patterns", "report_study", "report_survey"]


def report_study(study: Study, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a study found in sentences; write tables, charts and the page into ``folder``, where one is given."""
    from coworksim.report.study_files import findings, write_study

    if folder is not None:
        write_study(study, folder, png=png)
    return "\n".join(findings(study))


def report_survey(survey: Survey, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what a survey says in sentences; write its tables and chart into ``folder``, where one is given."""
    from coworksim.report.charts.survey_chart import write_survey
    from coworksim.report.sentences.survey_text import rule_shown, survey_sentences

    if folder is not None:
        write_survey(survey, folder, png=png)
    return "\n".join(survey_sentences(survey, rule_shown(survey)))


def report_patterns(found: PatternResult, folder: Path | None = None, *, png: bool = False) -> str:
    """Return what patterns, an ablation or a contrast say; write tables and charts into ``folder``, if one is given."""
    from coworksim.evidence.patterns.ablation import Ablation
    from coworksim.evidence.patterns.hypotheses import Contrast
    from coworksim.evidence.patterns.patterns import Patterns
    from coworksim.report.sentences.ablation_text import ablation_sentences, write_ablation
    from coworksim.report.sentences.hypotheses_text import contrast_sentences, write_contrast
    from coworksim.report.sentences.pattern_text import pattern_sentences, write_patterns

    match found:
        case Patterns():
            told = pattern_sentences(found)
            _ = folder and write_patterns(found, folder, png=png)
        case Ablation():
            told = ablation_sentences(found)
            _ = folder and write_ablation(found, folder, png=png)
        case Contrast():
            told = contrast_sentences(found)
            _ = folder and write_contrast(found, folder, png=png)
    return "\n".join(told)
