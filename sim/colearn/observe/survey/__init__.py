"""The virtual survey of a finished run, and the regression that a statistician would fit to its answers."""

from colearn.observe.survey.regression import Coefficients, Term, fit
from colearn.observe.survey.respondents import survey, survey_world

__all__ = ["Coefficients", "Term", "fit", "survey", "survey_world"]
