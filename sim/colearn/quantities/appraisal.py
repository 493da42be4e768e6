"""Quantities of an appraisal: rules of the public purse and of economic appraisal. No number of a run reads them."""

from __future__ import annotations

from typing import Final

from colearn.quantities.quantity import Quantity, Role, real

__all__ = ["QUANTITIES"]

_M = Role.MEASUREMENT

QUANTITIES: Final[tuple[Quantity, ...]] = (
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
