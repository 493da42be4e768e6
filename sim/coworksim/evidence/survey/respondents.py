"""Who answers, and the table of answers.

Spaces answer with a chance whose log odds rise with the number of their members; of each space that answers, at most
so many members do, drawn by lot with weights that rise with what they have gained there; and, by chance, its manager,
who says how the space's shared resources are used.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coworksim.evidence.survey import questionnaire as form
from coworksim.evidence.survey.questionnaire import standardised
from coworksim.files.columns import own_table, text
from coworksim.files.uk_regions import RULES
from coworksim.model.parameters.skills import CREATIVE, INDEPENDENT, OCCUPATIONS, STATUSES
from coworksim.model.scenario import Scenario
from coworksim.model.state.rng import RunKey, run_key, space_key
from coworksim.model.state.world import World
from coworksim.runs.simulation import Result

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

#: Stages of a career, and the years at which the second and the third begin.
CAREER_STAGES: Final = ("early", "middle", "established")
STAGE_YEARS: Final = (5.0, 15.0)
ROLES: Final = ("member", "manager")
#: Rules of the flag, each a column ``flag_RULE`` of the table.


def survey(result: Result, seed: int) -> pd.DataFrame:
    """Return the answers of a survey in the last week of a run; ``seed`` fixes who answers, and what.

    One row a respondent, members and managers; items are 1 to 5, missing where they were not asked.
    """
    return survey_world(result.world, seed)


def survey_world(world: World, seed: int) -> pd.DataFrame:
    """Return the answers of a survey of a world as it stands."""
    run, scenario = run_key(seed), world.scenario
    rows = form.members(world)
    amounts = form.truths(world, rows)
    felt = form.scores(amounts, form.scales_of(amounts, logarithmic=scenario["survey.felt"] == "logarithmic"))
    spaces = _answering_spaces(world, rows, run)
    chosen = _answering_members(world, rows, (felt["sc_space"] + felt["td_space"]) / 2.0, spaces, run)
    lots = form.uniforms(run, world.spaces.key[spaces], form.MANAGER, form.WHETHER)
    managers = spaces[lots < float(scenario["survey.manager_response"])]
    p = form.Answering.of(scenario)
    said = form.answers(run, world.workers.key[rows[chosen]], form.MEMBER, {k: x[chosen] for k, x in felt.items()}, p)
    known = form.answers(run, world.spaces.key[managers], form.MANAGER, _of_spaces(world, rows, felt, managers), p)
    return _table(world, rows[chosen], said, managers, known)


def _answering_spaces(world: World, rows: Rows, run: RunKey) -> Rows:
    """Return the rows of the spaces that answer, of those that have members to ask."""
    asked = np.unique(world.workers.member_of[rows]).astype(np.int64)
    share, slope = float(world.scenario["survey.space_response"]), float(world.scenario["survey.space_selection"])
    if share >= 1.0:
        return asked
    full = standardised(world.spaces.members[asked].astype(np.float64))
    odds = math.log(share / (1.0 - share))
    chance = np.array([1.0 / (1.0 + math.exp(-(odds + slope * z))) for z in full.tolist()])
    return asked[form.uniforms(run, world.spaces.key[asked], form.SPACE, form.WHETHER) < chance]


def _answering_members(world: World, rows: Rows, gained: Floats, spaces: Rows, run: RunKey) -> Rows:
    """Return places in ``rows`` of the members who answer, by space, at most ``survey.members`` each.

    The smallest exponential numbers ``-ln(u)/weight`` are taken (Efraimidis and Spirakis 2006).
    """
    slope, most = float(world.scenario["survey.member_selection"]), int(world.scenario["survey.members"])
    lots = form.uniforms(run, world.workers.key[rows], form.MEMBER, form.WHETHER)
    waits = [-math.log(u) * math.exp(-slope * z) for u, z in zip(lots.tolist(), gained.tolist(), strict=True)]
    space = world.workers.member_of[rows]
    order = np.lexsort((np.array(waits), space))
    begins = np.searchsorted(space[order], spaces)
    ends = np.searchsorted(space[order], spaces, side="right")
    parts = [np.sort(order[a : min(a + most, b)]) for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _of_spaces(world: World, rows: Rows, felt: dict[str, Floats], spaces: Rows) -> dict[str, Floats]:
    """Return, for spaces, what their members' use of shared resources is like, standardised over these spaces."""
    own = world.workers.member_of[rows]
    at = np.minimum(np.searchsorted(spaces, own), max(len(spaces) - 1, 0))
    theirs = spaces[at] == own if len(spaces) else np.zeros(len(rows), np.bool_)
    count = np.maximum(np.bincount(at[theirs], minlength=len(spaces)), 1)
    sums = {name: np.bincount(at[theirs], felt[name][theirs], len(spaces)) for name in ("equipment", "training")}
    return {name: standardised(total / count) for name, total in sums.items()}


def flags_by(scenario: Scenario, rule: str) -> list[str]:
    """Return the flag of each region by a rule: what the scenario says of it, or the one flag that it has."""
    return [region.flags.get(rule, region.flag) for region in scenario.regions]


def with_categories(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return answers that were read from a file with the kinds of text, in the order, that a survey gives them."""
    kinds: dict[str, Any] = {
        "role": ROLES,
        "status": STATUSES,
        "occupation": OCCUPATIONS,
        "career_stage": CAREER_STAGES,
        "region": [place.name for place in scenario.regions],
        "flag": [place.flag for place in scenario.regions],
        **{f"flag_{rule}": flags_by(scenario, rule) for rule in RULES},
    }
    typed = {name: pd.CategoricalDtype(list(dict.fromkeys(words))) for name, words in kinds.items()}
    return table.astype({name: kind for name, kind in typed.items() if name in table})


def with_codes(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return answers with what joins them to other tables: code of the region, key and name of the space."""
    if "region" not in table:
        return table
    regions = scenario.regions
    at = pd.Categorical(table["region"], [place.name for place in regions]).codes.astype(np.int64)
    places = list(zip(at.tolist(), table["space"].tolist(), strict=True))
    own = [regions[r].own_spaces[k].name if k < len(regions[r].own_spaces) else None for r, k in places]
    more: dict[str, dict[str, Any]] = {
        "region": {"region_code": text([place.code for place in regions], at)},
        "space": {
            "space_key": [space_key(r, k) for r, k in places],
            "space_name": text(own, np.arange(len(own))),
        },
    }
    columns = [one for name in table.columns for one in (name, *more.get(str(name), ()))]
    return table.assign(**{name: column for of in more.values() for name, column in of.items()})[columns]


def _table(
    world: World, rows: Rows, said: dict[str, NDArray[np.int8]], managers: Rows, known: dict[str, NDArray[np.int8]]
) -> pd.DataFrame:
    """Put members and managers into one table, in the order of spaces, managers last in each."""
    space = np.concatenate([world.workers.member_of[rows].astype(np.int64), managers])
    role = np.concatenate([np.zeros(len(rows), np.int64), np.ones(len(managers), np.int64)])
    region, places = world.spaces.region[space], world.scenario.regions
    columns: dict[str, Any] = {
        "role": text(ROLES, role),
        "region": text(world.regions.names, region),
        "flag": text([place.flag for place in places], region),
        **{f"flag_{rule}": text(flags_by(world.scenario, rule), region) for rule in RULES},
        "space": world.spaces.ordinal[space],
        **_who(world, rows, len(managers)),
    }
    unasked = np.full(len(managers), np.nan)
    for item in form.ITEMS:
        columns[item.name] = np.concatenate([said[item.name], known.get(item.name, unasked)]).astype(np.float64)
    table = own_table(columns).iloc[np.lexsort((role, space))].reset_index(drop=True)
    table.insert(0, "respondent", np.arange(1, len(table) + 1))
    return table


def _who(world: World, rows: Rows, managers: int) -> dict[str, Any]:
    """Return what members are asked about themselves, missing for the managers after them."""
    w = world.workers
    years = w.career_start[rows] + (world.week - w.entered[rows]) / 52.0
    stage = (years >= STAGE_YEARS[0]).astype(np.int64) + (years >= STAGE_YEARS[1])

    def numbers(values: NDArray[Any]) -> Floats:
        return np.concatenate([values.astype(np.float64), np.full(managers, np.nan)])

    def words(names: tuple[str, ...], codes: NDArray[Any]) -> pd.Categorical[str]:
        known = np.concatenate([codes.astype(np.int64), np.full(managers, -1)])
        return pd.Categorical.from_codes(known, pd.Index(list(names)))

    return {
        "status": words(STATUSES, w.status[rows]),
        "occupation": words(OCCUPATIONS, w.occupation[rows]),
        "independent": numbers(np.array(INDEPENDENT)[w.status[rows]]),
        "creative": numbers(np.array(CREATIVE)[w.occupation[rows]]),
        "career_stage": words(CAREER_STAGES, stage),
        "months_member": numbers(np.floor(w.member_weeks[rows] / (52.0 / 12.0) + 0.5)),
    }
