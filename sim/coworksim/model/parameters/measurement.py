"""Parameters of an appraisal and of the virtual survey. No number of a run reads them."""

from __future__ import annotations

from typing import NamedTuple

from coworksim.model.parameters.parameter import Role, choice, group, integer, real

_M = Role.MEASUREMENT
_SURVEY = "prior range of the design; the survey's own figure is not public"


# A declaration is read as the row of a table.
# fmt: off
@group("appraisal", 170)
class AppraisalParameters(NamedTuple):
    """Rules of the public purse and of economic appraisal."""

    vat_rate: float = real("share", 0.20, (0, 1), None, "VAT in prices and purchases, on top of the price without it",
        "UK standard rate since 2011; check the newest rule", "M", role=_M)
    discount_rate: float = real("1/year", 0.035, (0, 1), None, "rate by which later weeks are discounted",
        "HM Treasury, Green Book: social time preference rate; check the newest edition", "M", role=_M)
    welfare_elasticity: float = real("exponent", 1.3, (0, 5), None, "elasticity of the marginal utility of income",
        "HM Treasury, Green Book; check the newest edition", "M", role=_M)
    administration: float = real("share", 0.05, (0, 5), (0.0, 0.15),
        "administration and error over what is paid out, beside what the books show", role=_M)
    time_value: float = real("GBP/h", 8.0, (0, 500), (0.0, 20.0), "value of an hour of work that encounters take",
        role=_M)
    sd_year_value: float = real("GBP", 2000.0, (0, 1e6), (0.0, 20_000.0),
        "what a standard deviation of a skill, held for a year, is held to be worth in the net benefit",
        "guess; the acceptability curve shows all others", role=_M)
    subsidy_threshold: float = real("GBP", 315_000, (0, 1e9), None,
        "support of one enterprise over three financial years above which subsidy control must be looked at",
        "Subsidy Control Act 2022, Minimal Financial Assistance; check the newest rule", "M", role=_M)


@group("survey", 180)
class SurveyParameters(NamedTuple):
    """Who answers, and how answers follow from what happened."""

    space_response: float = real("share", 0.9, (0.01, 1), (0.5, 1.0),
        "spaces of the scenario that answer, where they are as full as the mean one",
        "guess; a scenario's spaces stand for those that were ready to answer", role=_M)
    space_selection: float = real("ln odds per sd", 0.5, (-5, 5), (-1.0, 1.0),
        "how much sooner spaces with more members answer", "guess; the range includes the wrong sign", role=_M)
    manager_response: float = real("share", 0.8, (0, 1), (0.5, 1.0),
        "managers of answering spaces who answer themselves", role=_M)
    members: int = integer("people/space", 6, (1, 1000), (3, 12), "members of an answering space who answer, at most",
        "guess; the survey's number of respondents is not public", role=_M)
    member_selection: float = real("ln weight per sd", 0.5, (-5, 5), (-1.0, 1.0),
        "how much sooner members answer who have gained more in the space", "guess; the range includes the wrong sign",
        role=_M)
    reliability: float = real("share", 0.6, (0.01, 1), (0.4, 0.8),
        "part of a scale (the mean of its items before they are cut, without the common factor) that is true", _SURVEY,
        role=_M)
    common_method: float = real("share", 0.2, (0, 0.95), (0.0, 0.5),
        "part of each answer that a person's way of answering makes up, the same for all items", _SURVEY, role=_M)
    threshold_step: float = real("sd", 0.9, (0.05, 5), (0.6, 1.2), "distance of the cuts between the five answers",
        role=_M)
    threshold_lift: float = real("sd", 0.4, (-3, 3), (0.0, 0.8),
        "how far answers lie above the middle: more is a lower ceiling",
        "guess; answers about oneself lie above the middle", role=_M)
    felt: int = choice("logarithmic", ("logarithmic", "linear"),
        "how an amount is felt: ln(1 + amount/median of users), or as it is",
        "rival forms: a difference of slopes can depend on the scale", role=_M)
    trial_weeks: int = integer("weeks", 52, (1, 5200), None, "last weeks of a run in which the randomised trials act",
        "arbitrary: a year", role=_M)
    trial_introductions: float = real("introductions/space/week", 2.0, (0, 8), None,
        "what the trial of introductions adds in every space, between members present, drawn by lot",
        "arbitrary: small beside what happens anyway", role=_M)
    trial_hours: float = real("h/week", 0.5, (0, 100), None,
        "what the trial of machine hours adds for half of all people, drawn by lot, in weeks in which they come",
        "arbitrary: small beside what happens anyway", role=_M)
