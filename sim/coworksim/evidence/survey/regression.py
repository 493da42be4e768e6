"""The regression of developed skill on what respondents say, with errors that hold for few regions.

``development ~ social + resource + left_behind + social:left_behind + resource:left_behind + independent + creative +
independent:creative + career stage + time as a member``. Development and scales are in standard deviations of the
respondents, so a slope says how many standard deviations more development goes with one more of social interaction.
Estimates are least squares, their intervals CR2 over regions; the mixed model stands beside them, and what the flag
goes with has a p-value by permutation. They are associations among those who answered.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.survey.questionnaire import SCALES, standardised
from coworksim.statistics.cluster_models import ClusteredDesign, kept_columns, least_squares, mixed_model, shares_beyond
from coworksim.statistics.intervals import t_quantile, two_sided

type Floats = NDArray[np.float64]

#: Outcome -> what it is.
OUTCOMES: Final = {
    "sc_space": "SC skill developed in the space",
    "td_space": "TD skill developed in the space",
    "sc_total": "SC skill developed anywhere",
    "td_total": "TD skill developed anywhere",
}
#: Form of the regression -> what it asks.
FORMS: Final = {
    "direct": "given social interaction and resource use: the survey's kind of regression",
    "total": "whoever one is and wherever one works, whatever one does in the space",
    "moderated": "direct, given also what the survey did not ask",
    "by_managers": "direct, with resource use as the manager reports it for the space",
}
_MODERATORS: Final = ("partners_new", "partners_outside", "workload", "outside_learning")


def designs(table: pd.DataFrame, outcomes: Sequence[str], rule: str, form: str) -> dict[str, ClusteredDesign]:
    """Return designs by outcome, which differ in ``y`` alone: regions are clusters, spaces groups.

    Raises ValueError, a sentence, where the table does not bear them.
    """
    for what, given, known in (*(("outcome", one, OUTCOMES) for one in outcomes), ("form", form, FORMS)):
        if given not in known:
            raise ValueError(f"no {what} of the survey is called {given!r}; it has {', '.join(known)}")
    if rule not in table.columns:
        raise ValueError(f"the table has no flag {rule!r}; write flag, flag_narrow or flag_wide")
    who = ("region", "space", "respondent", "independent", "creative", "career_stage", "months_member")
    scales = (*outcomes, "social", "resource", *_MODERATORS)
    columns = [*who, rule, *(item for scale in scales for item in SCALES[scale])]
    people = table.loc[table["role"] == "member", columns]
    if form == "by_managers":
        people = _with_managers(table, people)
    people = people.sort_values(["region", "space", "respondent"], kind="stable")
    region = people["region"].cat.codes.to_numpy().astype(np.int64)
    space = region * 4096 + people["space"].to_numpy().astype(np.int64)
    first_region, first_space = _firsts(region), _firsts(space)
    flag = (people[rule] == "left-behind").to_numpy()
    _check_regions(flag[first_region], rule)
    terms = _columns(people, flag, form)
    found = ClusteredDesign(
        terms=tuple(terms),
        x=np.column_stack(list(terms.values())),
        y=np.zeros(0),
        sloped=1 if form == "total" else 3,
        flagged=tuple(term for term in terms if term.endswith("left_behind")),
        flag=flag[first_region],
        first_cluster=first_region,
        first_group=first_space,
        group_of_cluster=np.searchsorted(first_space, first_region),
    )
    return {outcome: replace(found, y=_of_scale(people, outcome)) for outcome in outcomes}


def _check_regions(flag: NDArray[np.bool_], rule: str) -> None:
    behind = int(flag.sum())
    if min(behind, len(flag) - behind) < 2:
        what = f"{behind} of {len(flag)} regions with respondents are left behind by {rule}"
        raise ValueError(f"{what}; the regression needs 2 of either kind")


def _with_managers(table: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Put the manager's answers about resources in the place of the members' own; leave out spaces without any."""
    said = table[table["role"] == "manager"].set_index(["region", "space"])[list(SCALES["resource"])]
    keys = pd.MultiIndex.from_frame(people[["region", "space"]])
    items = said.reindex(keys).to_numpy(np.float64)
    people = people.assign(**dict(zip(said.columns, items.T, strict=True)))
    return people[people[SCALES["resource"][0]].notna()]


def _columns(people: pd.DataFrame, flag: NDArray[np.bool_], form: str) -> dict[str, Floats]:
    """Return the columns by term. Scales and time as a member are in standard deviations of the respondents."""
    behind = flag.astype(np.float64)
    independent, creative = (people[name].to_numpy(np.float64) for name in ("independent", "creative"))
    stage = people["career_stage"].cat.codes.to_numpy()
    one = {"intercept": np.ones(len(people))}
    who = {
        "independent": independent,
        "creative": creative,
        "independent:creative": independent * creative,
        "career_middle": (stage == 1).astype(np.float64),
        "career_established": (stage == 2).astype(np.float64),
    }
    if form == "total":
        return one | {"left_behind": behind} | who
    scale = {name: _of_scale(people, name) for name in ("social", "resource")}
    slopes = {f"{name}:left_behind": values * behind for name, values in scale.items()}
    found = one | scale | {"left_behind": behind} | slopes | who
    found["months_member"] = standardised(np.sqrt(people["months_member"].to_numpy(np.float64)))
    if form == "moderated":
        found |= {name: _of_scale(people, name) for name in _MODERATORS}
    return found


def _of_scale(people: pd.DataFrame, scale: str) -> Floats:
    return standardised(people[list(SCALES[scale])].to_numpy(np.float64).mean(axis=1))


def _firsts(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first row of each run of equal codes.

    >>> _firsts(np.array([3, 3, 5, 9, 9])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else np.zeros(0, np.int64)


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
    table: pd.DataFrame, outcome: str, *, rule: str = "flag", form: str = "direct", permutations: int = PERMUTATIONS
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
    return [_fitted(_independent(d), outcome, rule, form, permutations) for outcome, d in found.items()]


def _fitted(d: ClusteredDesign, outcome: str, rule: str, form: str, permutations: int) -> Coefficients:
    robust, mixed = least_squares(d.x, d.y, d.first_cluster), mixed_model(d)
    p_permutation = dict.fromkeys(d.terms, float("nan"))
    p_permutation |= zip(d.flagged, shares_beyond(d, permutations).tolist(), strict=True)
    terms = []
    for k, name in enumerate(d.terms):
        estimate, error, freedom = (float(column[k]) for column in robust[:3])
        half = t_quantile(freedom) * error
        p = two_sided(estimate / error, freedom) if error > 0.0 else float("nan")
        found = (estimate, error, freedom, estimate - half, estimate + half, p, p_permutation[name])
        terms.append(Term(name, *found, float(mixed.estimate[k]), float(mixed.error[k])))
    slope_sd = float(mixed.components[1 : d.sloped].max()) if d.sloped > 1 else float("nan")
    sizes = (len(d.y), len(d.first_group), len(d.first_cluster), int(d.flag.sum()))
    return Coefficients(outcome, rule, form, *sizes, slope_sd, tuple(terms))


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
