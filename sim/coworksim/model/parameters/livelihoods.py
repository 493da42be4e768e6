"""Quantities of the week that move people, their work and their money, before anyone enters a space."""

from __future__ import annotations

from typing import Final

from coworksim.model.parameters.parameter import Quantity, Role, integer, real

__all__ = ["LIVELIHOODS"]

_B, _C, _E = Role.BEHAVIOUR, Role.CONSTANT, Role.ENVIRONMENT
_MODEL = "prior range of the design"

_TURNOVER = (
    real("turnover.exit", "1/year", 0.02, (0, 1),
         "leaves for other reasons than the end of a career; a newcomer follows",
         _B, "guess", "G", (0.0, 0.05)),
    real("turnover.nomad_stay", "weeks", 26, (1, 5200), "mean stay of a digital nomad", _B, "guess", "G", (8, 52)),
    real("turnover.to_employee", "1/year", 0.06, (0, 1), "freelancers who take a job", _B, "guess", "G", (0.0, 0.12)),
    real("turnover.to_freelancer", "1/year", 0.03, (0, 1), "employees who go freelance", _B, "guess", "G", (0.0, 0.06)),
)  # fmt: skip

_FRONTIER = (
    real("frontier.drift", "1/year", 0.03, (0, 1), "growth of the TD frontier in other occupations (g_td)",
         _E, _MODEL, "G", (0.01, 0.12)),
    real("frontier.drift_creative", "1/year", 0.06, (0, 1), "growth of the TD frontier in creative occupations",
         _E, _MODEL, "G", (0.01, 0.12)),
    integer("frontier.ai_week", "weeks", -1, (-1, 5000),
         "week after the opening of a jump in generative AI; -1 is never",
            _E, "scenario input", "G"),
    real("frontier.ai_jump", "share", 0.5, (0, 10), "size of that jump for generative-AI skills", _E, "guess", "G",
         (0.2, 1.0)),
    real("frontier.ai_spill", "share", 0.1, (0, 1), "part of the jump that reaches the other TD skills", _E,
         "guess", "G",
         (0.0, 0.3)),
)  # fmt: skip

_ADOPTION = (
    real("adoption.start", "share", 0.10, (0, 1), "users of new tools at the start of burn-in", _C, "guess", "G"),
    real("adoption.innovation", "1/week", 0.0008, (0, 1), "takes up new tools unprompted (Bass p)",
         _B, "Bass form; 33 % of all businesses use AI in 2026", "G", (0.0002, 0.002), log=True),
    real("adoption.imitation", "1/week", 0.008, (0, 1), "takes them up as all one's ties have (Bass q)",
         _B, "Bass form", "G", (0.002, 0.03), log=True),
    real("adoption.creative_factor", "ratio", 1.6, (0, 20), "how much earlier creative occupations are",
         _B, "51 % of creative businesses use AI, 33 % of all (2026)", "D", (1.0, 2.5)),
)  # fmt: skip

_INCOME = (
    real("income.projects", "projects/week", 0.5, (0.01, 20), "projects of a freelancer of middling skill",
         _B, _MODEL, "G", (0.25, 1.0), log=True),
    real("income.fee", "GBP/project", 440, (1, 1e6), "median fee", _B,
         "set so that incomes of creative freelancers meet ACE/Essex 2024", "G", (280, 640)),
    real("income.fee_spread", "ln", 0.6, (0, 3), "spread of fees (lognormal)", _B, _MODEL, "G", (0.3, 0.9)),
    real("income.owner_factor", "ratio", 1.6, (0.1, 20), "fees of owners with staff over those of freelancers", _B,
         "guess", "G", (1.0, 2.5)),
    real("income.skill_return", "1/skill", 1.0, (0, 10), "how projects follow skill (eps); 0 means not at all",
         _B, _MODEL, "G", (0.0, 2.0)),
    real("income.own_expansion", "share", 0.5, (0, 1), "share of projects that skill adds rather than takes (kappa)",
         _B, _MODEL, "G", (0.0, 1.0)),
    real("income.complementarity", "exponent", 0.5, (-5, 1),
         "creativity and AI skills in one job: 1 adds them, lower values demand both in tandem (rho)",
         _B, "guess", "G", (-1.0, 1.0)),
    real("income.wage", "GBP/week", 560, (0, 1e5), "median wage of employees", _B,
         "order of magnitude of UK median earnings", "G", (450, 700)),
    real("income.wage_return", "1/skill", 0.5, (0, 10), "how wages follow skill", _B, _MODEL, "G", (0.0, 1.0)),
    real("income.smoothing", "1/week", 0.08, (0.001, 1), "weight of the newest week in smoothed income and workload",
         _C, _MODEL, "G"),
)  # fmt: skip

_AWARENESS = (
    real("awareness.at_opening", "share", 0.50, (0, 1), "hear of a space in the week in which it opens", _B, "guess",
         "G", (0.1, 0.6)),
    real("awareness.unprompted", "1/week", 0.003, (0, 1), "hears of a space or scheme unprompted (p_b)", _B,
         "Bass .03 a year is the lower end; swept", "G", (0.0006, 0.01), log=True),
    real("awareness.by_ties", "1/week", 0.03, (0, 1), "hears of it from ties who use it (q_b)", _B,
         "Bass .38 a year is the lower end; swept", "G", (0.007, 0.1), log=True),
)  # fmt: skip

_SCHEMES = (
    real("schemes.hassle", "GBP", 300, (0, 1e6), "mean cost of applying, in money (exponential over people)", _B,
         "half of a usual benefit", "G", (50, 1000)),
    real("schemes.early_hassle", "ratio", 0.5, (0, 10), "how much more it costs at the start of a career", _B, "guess",
         "G", (0.0, 1.0)),
)  # fmt: skip

LIVELIHOODS: Final[tuple[Quantity, ...]] = (
    *_TURNOVER,
    *_FRONTIER,
    *_ADOPTION,
    *_INCOME,
    *_AWARENESS,
    *_SCHEMES,
)
