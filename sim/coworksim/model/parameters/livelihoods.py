"""Parameters of the week that move people, their work and their money, before anyone enters a space."""

from __future__ import annotations

from typing import NamedTuple

from coworksim.model.parameters.parameter import Role, borrowed, integer, mechanism, real

_C, _E = Role.CONSTANT, Role.ENVIRONMENT
_MODEL = "prior range of the design"


# A declaration is read as the row of a table.
# fmt: off
@mechanism("turnover", 10, "careers end and begin, people change status")
class TurnoverParameters(NamedTuple):
    """Careers, and what a new employer offers."""

    exit: float = real("1/year", 0.02, (0, 1), (0.0, 0.05),
        "leaves for other reasons than the end of a career; a newcomer follows")
    nomad_stay: float = real("weeks", 26, (1, 5200), (8, 52), "mean stay of a digital nomad")
    to_employee: float = real("1/year", 0.06, (0, 1), (0.0, 0.12), "freelancers who take a job")
    to_freelancer: float = real("1/year", 0.03, (0, 1), (0.0, 0.06), "employees who go freelance")
    employer_training: float = borrowed("population.employer_training")
    sponsored_share: float = borrowed("population.sponsored_share")
    sponsorship: float = borrowed("population.sponsorship")
    remote_share: float = 0.0  # of employees


@mechanism("frontier", 20, "the best possible skill moves on")
class FrontierParameters(NamedTuple):
    """How the best possible skill moves."""

    drift: float = real("1/year", 0.03, (0, 1), (0.01, 0.12), "growth of the TD frontier in other occupations (g_td)",
        _MODEL, role=_E)
    drift_creative: float = real("1/year", 0.06, (0, 1), (0.01, 0.12),
        "growth of the TD frontier in creative occupations", _MODEL, role=_E)
    ai_week: int = integer("weeks", -1, (-1, 5000), None,
        "week after the opening of a jump in generative AI; -1 is never", "scenario input", role=_E)
    ai_jump: float = real("share", 0.5, (0, 10), (0.2, 1.0), "size of that jump for generative-AI skills", role=_E)
    ai_spill: float = real("share", 0.1, (0, 1), (0.0, 0.3), "part of the jump that reaches the other TD skills",
        role=_E)


@mechanism("adoption", 30, "who takes up new tools")
class AdoptionParameters(NamedTuple):
    """The take-up of new tools."""

    start: float = real("share", 0.10, (0, 1), None, "users of new tools at the start of burn-in", role=_C)
    innovation: float = real("1/week", 0.0008, (0, 1), (0.0002, 0.002), "takes up new tools unprompted (Bass p)",
        "Bass form; 33 % of all businesses use AI in 2026", log=True)
    imitation: float = real("1/week", 0.008, (0, 1), (0.002, 0.03), "takes them up as all one's ties have (Bass q)",
        "Bass form", log=True)
    creative_factor: float = real("ratio", 1.6, (0, 20), (1.0, 2.5), "how much earlier creative occupations are",
        "51 % of creative businesses use AI, 33 % of all (2026)", "D")


@mechanism("income", 50, "projects, fees and wages")
class IncomeParameters(NamedTuple):
    """Projects, fees and wages."""

    projects: float = real("projects/week", 0.5, (0.01, 20), (0.25, 1.0), "projects of a freelancer of middling skill",
        _MODEL, log=True)
    fee: float = real("GBP/project", 440, (1, 1e6), (280, 640), "median fee",
        "set so that incomes of creative freelancers meet ACE/Essex 2024")
    fee_spread: float = real("ln", 0.6, (0, 3), (0.3, 0.9), "spread of fees (lognormal)", _MODEL)
    owner_factor: float = real("ratio", 1.6, (0.1, 20), (1.0, 2.5),
        "fees of owners with staff over those of freelancers")
    skill_return: float = real("1/skill", 1.0, (0, 10), (0.0, 2.0),
        "how projects follow skill (eps); 0 means not at all", _MODEL)
    own_expansion: float = real("share", 0.5, (0, 1), (0.0, 1.0),
        "share of projects that skill adds rather than takes (kappa)", _MODEL)
    complementarity: float = real("exponent", 0.5, (-5, 1), (-1.0, 1.0),
        "creativity and AI skills in one job: 1 adds them, lower values demand both in tandem (rho)")
    wage: float = real("GBP/week", 560, (0, 1e5), (450, 700), "median wage of employees",
        "order of magnitude of UK median earnings")
    wage_return: float = real("1/skill", 0.5, (0, 10), (0.0, 1.0), "how wages follow skill", _MODEL)
    smoothing: float = real("1/week", 0.08, (0.001, 1), None,
        "weight of the newest week in smoothed income and workload", _MODEL, role=_C)


@mechanism("awareness", 60, "who has heard of which space and scheme")
class AwarenessParameters(NamedTuple):
    """How word of spaces and schemes spreads."""

    at_opening: float = real("share", 0.50, (0, 1), (0.1, 0.6), "hear of a space in the week in which it opens")
    unprompted: float = real("1/week", 0.003, (0, 1), (0.0006, 0.01), "hears of a space or scheme unprompted (p_b)",
        "Bass .03 a year is the lower end; swept", log=True)
    by_ties: float = real("1/week", 0.03, (0, 1), (0.007, 0.1), "hears of it from ties who use it (q_b)",
        "Bass .38 a year is the lower end; swept", log=True)


@mechanism("schemes", 70, "who applies for support, and who gets it")
class SchemesParameters(NamedTuple):
    """What applying for support costs."""

    hassle: float = real("GBP", 300, (0, 1e6), (50, 1000), "mean cost of applying, in money (exponential over people)",
        "half of a usual benefit")
    early_hassle: float = real("ratio", 0.5, (0, 10), (0.0, 1.0), "how much more it costs at the start of a career")
