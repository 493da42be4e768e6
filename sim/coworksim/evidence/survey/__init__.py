"""The virtual survey of a finished run, and the regression that a statistician would fit to its answers."""

from coworksim.evidence.survey.regression import Coefficients, Term, fit
from coworksim.evidence.survey.respondents import survey, survey_world

__all__ = ["Coefficients", "Term", "fit", "survey", "survey_world"]
