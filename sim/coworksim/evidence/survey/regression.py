"""The regression of developed skill on what respondents say, with errors that hold for few regions.

``development ~ social + resource + left_behind + social:left_behind + resource:left_behind + independent + creative +
independent:creative + career stage + time as a member``. Development and scales are in standard deviations of the
respondents, so a slope says how many standard deviations more development goes with one more of social interaction.
Estimates are least squares, their intervals CR2 over regions; the mixed model stands beside them, and what the flag
goes with has a p-value by permutation. They are associations among those who answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.survey.regressors import designs
from coworksim.statistics.cluster_models import ClusteredDesign, kept_columns, least_squares, mixed_model, shares_beyond
from coworksim.statistics.intervals import t_quantile, two_sided

PERMUTATIONS: Final = 999


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient: 95 % interval, p-value by t, p-value by permutation of the flag (NaN: not about the flag)."""

    name: str
    estimate: float
    error: float
    freedom: float
    low: float
    high: float
    p: float
    p_permutation: float
    mixed_estimate: float
    mixed_error: float


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A fitted regression. Terms that are sums of others are left out."""

    outcome: str
    rule: str
    form: str
    respondents: int
    spaces: int
    regions: int
    left_behind_regions: int
    slope_sd: float  # the larger one of the slopes over regions, in the mixed model
    terms: tuple[Term, ...]

    def __getitem__(self, name: str) -> Term:
        """Return a term; KeyError names those there are."""
        for term in self.terms:
            if term.name == name:
                return term
        raise KeyError(f"no term {name}; the regression has {', '.join(term.name for term in self.terms)}")

    def table(self) -> pd.DataFrame:
        """Return one row a term."""
        head = {"outcome": self.outcome, "rule": self.rule, "form": self.form}
        tail = {name: getattr(self, name) for name in ("respondents", "spaces", "regions", "left_behind_regions")}
        rows = [head | {("term" if k == "name" else k): v for k, v in asdict(t).items()} | tail for t in self.terms]
        return pd.DataFrame(rows)


def fit(
    table: pd.DataFrame,
    outcome: str,
    *,
    rule: str = "flag",
    form: str = "direct",
    permutations: int = PERMUTATIONS,
) -> Coefficients:
    """Fit the regression of an outcome (``sc_space``, ``td_space``, ``sc_total``, ``td_total``) to respondents.

    ``rule`` is the column that holds the flag (``flag``, ``flag_narrow``, ``flag_wide``), ``form`` one of FORMS.
    Raises ValueError, a sentence, where the table does not bear the regression.
    """
    return fits(table, (outcome,), rule=rule, form=form, permutations=permutations)[0]


def fits(
    table: pd.DataFrame, outcomes: Sequence[str], *, rule: str, form: str, permutations: int = PERMUTATIONS
) -> list[Coefficients]:
    """Fit several outcomes, which share all but what they explain; see :func:`fit`."""
    found = designs(table, outcomes, rule, form)
    return [fit_design(d, outcome, rule, form, permutations=permutations) for outcome, d in found.items()]


def fit_design(
    d: ClusteredDesign, outcome: str = "", rule: str = "flag", form: str = "direct", *, permutations: int = PERMUTATIONS
) -> Coefficients:
    """Fit a design."""
    d = _independent(d)
    robust, mixed = least_squares(d.x, d.y, d.first_cluster), mixed_model(d)
    p_permutation = dict.fromkeys(d.terms, float("nan"))
    p_permutation |= zip(d.flagged, shares_beyond(d, permutations).tolist(), strict=True)
    terms = []
    for k, name in enumerate(d.terms):
        estimate, error, freedom = (float(column[k]) for column in robust[:3])
        half = t_quantile(freedom) * error
        p = two_sided(estimate / error, freedom) if error > 0.0 else float("nan")
        terms.append(
            Term(
                name,
                estimate,
                error,
                freedom,
                estimate - half,
                estimate + half,
                p,
                p_permutation[name],
                float(mixed.estimate[k]),
                float(mixed.error[k]),
            )
        )
    slope_sd = float(mixed.components[1 : d.sloped].max()) if d.sloped > 1 else float("nan")
    return Coefficients(
        outcome,
        rule,
        form,
        len(d.y),
        len(d.first_group),
        len(d.first_cluster),
        int(d.flag.sum()),
        slope_sd,
        tuple(terms),
    )


def _independent(d: ClusteredDesign) -> ClusteredDesign:
    """Leave out columns that are sums of others; those with a slope by region, and the flag's, must stay."""
    kept: NDArray[np.bool_] = kept_columns(d.x)
    lost = [term for term, stays in zip(d.terms, kept.tolist(), strict=True) if not stays]
    needed = [term for k, term in enumerate(d.terms) if k < d.sloped or term in d.flagged]
    if missing := [term for term in lost if term in needed]:
        raise ValueError(f"respondents do not differ in {missing[0]}; the regression needs more or other respondents")
    if len(d.y) <= 2 * int(kept.sum()):
        raise ValueError(f"{len(d.y)} respondents are too few for {int(kept.sum())} terms; ask more members or spaces")
    return replace(d, terms=tuple(t for t in d.terms if t not in lost), x=d.x[:, kept])
