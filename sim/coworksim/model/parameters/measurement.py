"""Quantities of an appraisal: rules of the public purse and of economic appraisal. No number of a run reads them.

Quantities of the virtual survey: who answers, and how answers follow from what happened. No number of a run reads
them.
"""

from __future__ import annotations

from typing import Final

from coworksim.model.parameters.parameter import Quantity, Role, choice, integer, real

__all__ = ["APPRAISAL", "SURVEY"]


_M = Role.MEASUREMENT

APPRAISAL: Final[tuple[Quantity, ...]] = (
    real("appraisal.vat_rate", "share", 0.20, (0, 1), "VAT in prices and purchases, on top of the price without it",
         _M, "UK standard rate since 2011; check the newest rule", "M"),
    real("appraisal.discount_rate", "1/year", 0.035, (0, 1), "rate by which later weeks are discounted",
         _M, "HM Treasury, Green Book: social time preference rate; check the newest edition", "M"),
    real("appraisal.welfare_elasticity", "exponent", 1.3, (0, 5), "elasticity of the marginal utility of income",
         _M, "HM Treasury, Green Book; check the newest edition", "M"),
    real("appraisal.administration", "share", 0.05, (0, 5),
         "administration and error over what is paid out, beside what the books show",
         _M, "guess", "G", (0.0, 0.15)),
    real("appraisal.time_value", "GBP/h", 8.0, (0, 500), "value of an hour of work that encounters take",
         _M, "guess", "G", (0.0, 20.0)),
    real("appraisal.sd_year_value", "GBP", 2000.0, (0, 1e6),
         "what a standard deviation of a skill, held for a year, is held to be worth in the net benefit",
         _M, "guess; the acceptability curve shows all others", "G", (0.0, 20_000.0)),
    real("appraisal.subsidy_threshold", "GBP", 315_000, (0, 1e9),
         "support of one enterprise over three financial years above which subsidy control must be looked at",
         _M, "Subsidy Control Act 2022, Minimal Financial Assistance; check the newest rule", "M"),
)  # fmt: skip


_M = Role.MEASUREMENT
_SURVEY = "prior range of the design; the survey's own figure is not public"

SURVEY: Final[tuple[Quantity, ...]] = (
    real("survey.space_response", "share", 0.9, (0.01, 1),
         "spaces of the scenario that answer, where they are as full as the mean one",
         _M, "guess; a scenario's spaces stand for those that were ready to answer", "G", (0.5, 1.0)),
    real("survey.space_selection", "ln odds per sd", 0.5, (-5, 5), "how much sooner spaces with more members answer",
         _M, "guess; the range includes the wrong sign", "G", (-1.0, 1.0)),
    real("survey.manager_response", "share", 0.8, (0, 1), "managers of answering spaces who answer themselves",
         _M, "guess", "G", (0.5, 1.0)),
    integer("survey.members", "people/space", 6, (1, 1000), "members of an answering space who answer, at most",
            _M, "guess; the survey's number of respondents is not public", "G", (3, 12)),
    real("survey.member_selection", "ln weight per sd", 0.5, (-5, 5),
         "how much sooner members answer who have gained more in the space",
         _M, "guess; the range includes the wrong sign", "G", (-1.0, 1.0)),
    real("survey.reliability", "share", 0.6, (0.01, 1),
         "part of a scale (the mean of its items before they are cut, without the common factor) that is true",
         _M, _SURVEY, "G", (0.4, 0.8)),
    real("survey.common_method", "share", 0.2, (0, 0.95),
         "part of each answer that a person's way of answering makes up, the same for all items",
         _M, _SURVEY, "G", (0.0, 0.5)),
    real("survey.threshold_step", "sd", 0.9, (0.05, 5), "distance of the cuts between the five answers",
         _M, "guess", "G", (0.6, 1.2)),
    real("survey.threshold_lift", "sd", 0.4, (-3, 3), "how far answers lie above the middle: more is a lower ceiling",
         _M, "guess; answers about oneself lie above the middle", "G", (0.0, 0.8)),
    choice("survey.felt", "logarithmic", ("logarithmic", "linear"),
           "how an amount is felt: ln(1 + amount/median of users), or as it is",
           "rival forms: a difference of slopes can depend on the scale", _M),
    integer("survey.trial_weeks", "weeks", 52, (1, 5200), "last weeks of a run in which the randomised trials act",
            _M, "arbitrary: a year", "G"),
    real("survey.trial_introductions", "introductions/space/week", 2.0, (0, 8),
         "what the trial of introductions adds in every space, between members present, drawn by lot",
         _M, "arbitrary: small beside what happens anyway", "G"),
    real("survey.trial_hours", "h/week", 0.5, (0, 100),
         "what the trial of machine hours adds for half of all people, drawn by lot, in weeks in which they come",
         _M, "arbitrary: small beside what happens anyway", "G"),
)  # fmt: skip
