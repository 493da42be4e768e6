"""Draws around what a scenario sets: a drawn value is carried over from the default to the scenario's own value.

The range of a parameter was declared around its default. A scenario that sets another value, for a small town or a
quarter of the UK's spaces, is drawn around that value. Let ``x`` be the drawn value, ``v`` the scenario's own and ``d``
the usual one: the default or, where that is an end of the limits, the middle of the range.

Amounts, rates, weights and sizes are multiplied: ``v * x/d``. So is how a field responds to an indicator, which 0
switches off. Of shares and chances, whose limits lie within 0 and 1, the odds are multiplied: odds of ``v`` times odds
of ``x`` over odds of ``d``. All else that may have either sign (tastes, exponents, trends) is shifted, ``v + (x - d)``,
as 0 is a value like any other. The result is cut to the limits, and rounded where it is a whole number.

At ``x = d`` it is the scenario's own value, and where a scenario has the default, it is ``x``. What a scenario decides
stays: a choice, and what it switches off (0) or on altogether (a share of 1).
"""

from coworksim.model.parameters import Kind, Parameter


def _is_share(parameter: Parameter) -> bool:
    return parameter.limits[0] >= 0 and parameter.limits[1] <= 1


def _is_shifted(parameter: Parameter) -> bool:
    return parameter.limits[0] < 0 < parameter.limits[1]


def stays(parameter: Parameter, own: object) -> bool:
    """Say whether a scenario that sets ``own`` has decided the matter, so that nothing is drawn.

    >>> from coworksim.model.parameters import PARAMETERS
    >>> [stays(PARAMETERS["membership.money"], own) for own in ("logarithmic", "linear")]
    [True, False]
    >>> stays(PARAMETERS["space.events"], 0.0), stays(PARAMETERS["membership.day_constant"], 0.0)
    (True, False)
    """
    if own == parameter.default:
        return False
    if parameter.kind is Kind.CHOICE:
        return True
    return not _is_shifted(parameter) and (own == 0 or (_is_share(parameter) and own == 1))


def around(parameter: Parameter, own: float, drawn: float) -> float:
    """Return what a draw comes to in a scenario that sets ``own``, a number.

    >>> from coworksim.model.parameters import PARAMETERS
    >>> around(PARAMETERS["space.desks"], 13, 96), around(PARAMETERS["membership.day_constant"], -3.0, -2.0)
    (24, -3.5)
    >>> round(around(PARAMETERS["income.own_expansion"], 0.8, 0.2), 9)  # odds of 4, by a quarter
    0.5
    """
    if own == parameter.default:
        return drawn
    if stays(parameter, own):
        return own
    usual = _usual(parameter)
    if _is_shifted(parameter):
        found = own + (drawn - usual)
    elif _is_share(parameter):
        yes, no = own * drawn * (1 - usual), (1 - own) * (1 - drawn) * usual
        found = yes / (yes + no)
    else:
        found = own * (drawn / usual)
    low, high = parameter.limits
    cut = min(max(found, low), high)
    return round(cut) if parameter.kind is Kind.INTEGER else cut


def _usual(parameter: Parameter) -> float:
    """Return the value that the scenario's own one stands for."""
    if parameter.default in parameter.limits and parameter.sampled:
        return sum(parameter.sampled) / 2
    return float(parameter.default)
