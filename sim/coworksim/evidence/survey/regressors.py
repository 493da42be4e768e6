"""The columns of a regression from a table of respondents: scales, flag, who people are, and products of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.survey.questionnaire import SCALES
from coworksim.statistics.cluster_models import ClusteredDesign

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
_PEOPLE: Final = ("independent", "creative", "independent:creative", "career_middle", "career_established")
_MODERATORS: Final = ("partners_new", "partners_outside", "workload", "outside_learning")
_LEAST_REGIONS: Final = 2


def design(table: pd.DataFrame, outcome: str, rule: str, form: str) -> ClusteredDesign:
    """Return the design of a regression: regions are its clusters, spaces its groups.

    Raises ValueError, a sentence, where the table does not bear it.
    """
    return designs(table, (outcome,), rule, form)[outcome]


def designs(table: pd.DataFrame, outcomes: Sequence[str], rule: str, form: str) -> dict[str, ClusteredDesign]:
    """Return designs by outcome, which differ in ``y`` alone; ValueError where the table does not bear them."""
    _check(table, outcomes, rule, form)
    people = table.loc[table["role"] == "member", _needed(outcomes, rule)]
    if form == "by_managers":
        people = _with_managers(table, people)
    people = people.sort_values(["region", "space", "respondent"], kind="stable")
    region = people["region"].cat.codes.to_numpy().astype(np.int64)
    space = region * 4096 + people["space"].to_numpy().astype(np.int64)
    first_region, first_space = _firsts(region), _firsts(space)
    flag = (people[rule] == "left-behind").to_numpy()
    _check_regions(flag[first_region], rule)
    columns = _columns(people, flag, form)
    found = ClusteredDesign(
        terms=tuple(columns),
        x=np.column_stack(list(columns.values())),
        y=np.zeros(0),
        sloped=1 if form == "total" else 3,
        flagged=tuple(term for term in columns if term.endswith("left_behind")),
        flag=flag[first_region],
        first_cluster=first_region,
        first_group=first_space,
        group_of_cluster=np.searchsorted(first_space, first_region),
    )
    return {outcome: replace(found, y=_of_scale(people, outcome)) for outcome in outcomes}


def _needed(outcomes: Sequence[str], rule: str) -> list[str]:
    """Return the columns that regressions read."""
    scales = (*outcomes, "social", "resource", *_MODERATORS)
    who = ("region", "space", "respondent", "independent", "creative", "career_stage", "months_member")
    return [*who, rule, *(item for scale in scales for item in SCALES[scale])]


def _check(table: pd.DataFrame, outcomes: Sequence[str], rule: str, form: str) -> None:
    for what, given, known in (*(("outcome", one, OUTCOMES) for one in outcomes), ("form", form, FORMS)):
        if given not in known:
            raise ValueError(f"no {what} of the survey is called {given!r}; it has {', '.join(known)}")
    if rule not in table.columns:
        raise ValueError(f"the table has no flag {rule!r}; write flag, flag_narrow or flag_wide")


def _check_regions(flag: NDArray[np.bool_], rule: str) -> None:
    behind = int(flag.sum())
    if min(behind, len(flag) - behind) < _LEAST_REGIONS:
        raise ValueError(
            f"{behind} of {len(flag)} regions with respondents are left behind by {rule}; "
            f"the regression needs {_LEAST_REGIONS} of either kind"
        )


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
    of_people = (
        independent,
        creative,
        independent * creative,
        (stage == 1).astype(np.float64),
        (stage == 2).astype(np.float64),
    )
    one = {"intercept": np.ones(len(people))}
    who = dict(zip(_PEOPLE, of_people, strict=True))
    if form == "total":
        return one | {"left_behind": behind} | who
    scale = {name: _of_scale(people, name) for name in ("social", "resource")}
    slopes = {f"{name}:left_behind": values * behind for name, values in scale.items()}
    found = one | scale | {"left_behind": behind} | slopes | who
    found["months_member"] = _standardised(np.sqrt(people["months_member"].to_numpy(np.float64)))
    if form == "moderated":
        found |= {name: _of_scale(people, name) for name in _MODERATORS}
    return found


def _of_scale(people: pd.DataFrame, scale: str) -> Floats:
    return _standardised(people[list(SCALES[scale])].to_numpy(np.float64).mean(axis=1))


def _standardised(values: Floats) -> Floats:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))


def _firsts(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first row of each run of equal codes.

    >>> _firsts(np.array([3, 3, 5, 9, 9])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else np.zeros(0, np.int64)
