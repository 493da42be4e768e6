"""What every column of a result table means, its unit and its type: the one schema of each table.

A column has one type in every table, part and file, so that tables of several runs can be read together and joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.parameters.skills import SKILLS

if TYPE_CHECKING:
    import pandas as pd

#: The two families of skills.
FAMILIES: Final = {"sc": "social-cognitive (SC)", "td": "technical-digital (TD)"}

#: Where a change of skill comes from.
CHANNELS: Final = {
    "own": "by own work",
    "outside": "by hours of learning outside a space, and by contacts outside",
    "firm": "by contacts with colleagues",
    "employer": "by employer training",
    "space_social": "by meeting people in the space",
    "space_resource": "by equipment hours and training places of the space",
    "decay": "by forgetting (negative)",
}

#: The channels that exist only inside a space.
SPACE_CHANNELS: Final = ("space_social", "space_resource")

_POINT = "points"  # 1 point = 0.01 of the frontier at the start, mean over the skills of a family
_GAIN = "gain since the start, or coming later (before the start: since the burn-in began)"

_NOTES: Final = {
    "week": "weeks: since the start; negative in burn-in and spin-up",
    "date": "date: first day of the week",
    "region": "name: region",
    "region_code": "code: region as the scenario gives it, such as TLC12; missing where it gives none",
    "space": "number: coworking space in its region, from 0",
    "space_key": "id: coworking space, the same in every table; -1 where there is none",
    "space_name": "name: coworking space; missing where the scenario gives none",
    "account": "name: coworking space in the ledger",
    "opened_week": "weeks: when it opened, counted from week 0; of spaces older than the run below 0",
    "from_start": "true or false: open from week 0",
    "spaces": "count: spaces of the region that are open from week 0",
    "flag": "class: left-behind or other, read by the analysis only",
    "status": "class: freelancer, owner (with staff), nomad, employee (on site) or remote_employee",
    "occupation_group": "class: creative or other",
    "occupation": "class: occupation",
    "people": "people: potential users",
    "members": "people: members of a coworking space",
    "member": "true or false: member at the end",
    "td_points": f"{_POINT}: technical-digital (TD) skill, mean of the row",
    "sc_points": f"{_POINT}: social-cognitive (SC) skill, mean of the row",
    "income_gbp_week": "GBP/week: smoothed income",
    "days_per_member": "days/week: days present, mean of members",
    "encounters_per_member": "encounters/week: work-related conversations inside, mean of members",
    "desks": "desks: desks of the space",
    "occupancy": "share: desk-days used of those offered",
    "price_gbp_month": "GBP/month: price of a hot-desk membership",
    "fees_gbp": "GBP: membership fees",
    "equipment_hours_used": "h/week: equipment hours used",
    "equipment_hours_offered": "h/week: equipment hours offered",
    "encounters": "encounters: work-related conversations inside",
    "key": "id: entity key of the worker; in the events -1 where nobody in particular acts",
    "key_a": "id: entity key of the worker with the lower key",
    "key_b": "id: entity key of the worker with the higher key",
    "career_years": "years: since the career began",
    "entered_week": "weeks: since the start, when the person came; negative before it",
    "uses_tools": "true or false: uses the new tools",
    "tool_users": "people: users of the new tools",
    "plan": "class: plan of membership, none without one",
    "open": "true or false: the space is open; closed ones have rows too",
    "desk_days_turned_away": "desk-days/week: wanted in vain",
    "result_gbp": "GBP: what the week brought, with a host's help",
    "cash_gbp": "GBP: cash of the space",
    "training_places_used": "places/week: training places used",
    "training_places_offered": "places/week: training places offered",
    "training_places_turned_away": "places/week: training places wanted in vain",
    "events": "events/week: community events",
    "groups": "groups: circles of people that meet in the space",
    "contacts_outside_per_person": "encounters/week: with contacts outside and colleagues, mean of people",
    "supported_gbp": "GBP: membership paid by schemes",
    "training_hours": "h: in training places of the space",
    "outside_hours": "h: learnt outside, since the person came",
    "course_hours": "h: of courses, from employers or bought, since the person came",
    "encounters_outside": "encounters: with contacts outside and colleagues",
    "partners_new_per_month": "people/month: partners met for the first time in a space, since the start or coming",
    "partners_outside_contacts": "contacts: fresh outside contacts of one's ties, mean",
    "event": "class: what happened",
    "other": "id: entity key of the partner in an encounter, else -1",
    "number": "count: times for encounters; for awards the scheme's place in the scenario",
    "tenure_weeks": "weeks: as a member, without a break",
    "member_weeks": "weeks: as a member, all spells together",
    "days_in_space": "days: present in the space",
    "earned_gbp": "GBP: earned since the person came, burn-in included",
    "equipment_hours": "h: on the shared equipment of the space",
    "workload": "ratio: smoothed projects to those of a freelancer of middling skill; 1 for the employed",
    "partners_new": "people: partners met for the first time",
    "outside_contacts": "contacts: stock of fresh contacts outside",
    "ties": "ties: at the end",
    "payer": "name: who pays",
    "payee": "name: who is paid",
    "purpose": "class: what the payment is for",
    "amount_gbp": "GBP: amount",
    "weight": "meetings: strength of the tie, faded to the end",
    "replicate": "number: world, from 0",
    "respondent": "number: respondent of a survey, from 1",
    "role": "class: member, or manager of the space",
    "flag_narrow": "class: left-behind or other by the narrow rule, read by the analysis only",
    "flag_wide": "class: left-behind or other by the wide rule, read by the analysis only",
    "independent": "1 or 0: freelancer, owner or nomad; missing of managers",
    "creative": "1 or 0: in one of the four creative occupations; missing of managers",
    "career_stage": "class: early (under 5 years), middle, established (15 years and more); missing of managers",
    "months_member": "months: as a member, all spells together, rounded; missing of managers",
    "networking": "1 to 5: talks with others in the space spontaneously",
    "community": "1 to 5: takes part in the community of the space; in the model the same encounters as networking",
    "infrastructure": "1 to 5: uses the space's equipment; of managers: how much it is used in the space",
    "targeted_training": "1 to 5: uses the space's training; of managers: how much it is used in the space",
    "partners_new_felt": "1 to 5: meets new people in the space; not asked by the original survey",
    "partners_outside_felt": "1 to 5: the people one meets have contacts outside; not asked by the original survey",
    "workload_felt": "1 to 5: own workload; not asked by the original survey",
    "outside_learning_felt": "1 to 5: time learnt outside spaces; not asked by the original survey",
}


#: Beginnings of the names of items about developed skills; of two that fit, the one whose rest is a skill.
_LEARNT: Final = {"learnt_anywhere_": "from all sources; not asked by the original survey", "learnt_": "in the space"}


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    TRUTH = "true or false"
    WHOLE = "whole number"
    REAL = "real number"


class Column(NamedTuple):
    """What is declared of a column."""

    unit: str
    meaning: str
    kind: Kind


_KINDS: Final = {
    **dict.fromkeys(("name", "class", "code"), Kind.TEXT),
    **dict.fromkeys(("id", "number", "count"), Kind.WHOLE),
    "date": Kind.DATE,
    "true or false": Kind.TRUTH,
}
#: Whole numbers with a unit of their own; what else has one is a real number.
_WHOLE: Final = frozenset(
    {
        "week",
        "people",
        "members",
        "tool_users",
        "desks",
        "events",
        "groups",
        "encounters",
        "encounters_outside",
        "entered_week",
        "opened_week",
    }
    | {"tenure_weeks", "member_weeks", "days_in_space", "partners_new", "ties", "opened_week"}
    | {"desk_days_turned_away"}
    | {f"training_places_{what}" for what in ("used", "offered", "turned_away")}
)


def about(column: str) -> Column:
    """Return unit, meaning and kind of a column; KeyError for a column that nobody declared.

    >>> about("gain_td_own_points").meaning.rpartition("began), ")[2], about("week").kind
    ('technical-digital (TD), by own work', <Kind.WHOLE: 'whole number'>)
    """
    unit, _, meaning = note(column).partition(": ")
    return Column(unit, meaning, Kind.WHOLE if column in _WHOLE else _KINDS.get(unit, Kind.REAL))


def note(column: str) -> str:
    """Return ``unit: meaning`` of a column; KeyError for a column that nobody declared."""
    if column in _NOTES:
        return _NOTES[column]
    if column in INDICATORS:
        return f"{INDICATORS[column].unit}: {INDICATORS[column].meaning}"
    if column.removesuffix("_points") in SKILLS:
        return f"{_POINT}: {column.removesuffix('_points').replace('_', ' ')}"
    if column.startswith("gain_") and column.endswith("_points"):
        family, _, channel = column.removeprefix("gain_").removesuffix("_points").partition("_")
        return f"{_POINT}: {_GAIN}, {FAMILIES[family]}, {CHANNELS[channel]}"
    for prefix, where in _LEARNT.items():
        if column.removeprefix(prefix) in SKILLS:
            return f"1 to 5: has developed {column.removeprefix(prefix).replace('_', ' ')} {where}"
    raise KeyError(column)


def text(words: Sequence[str | None], codes: NDArray[np.integer[Any]]) -> pd.Categorical[str]:
    """Return the column ``words[codes]``, of which each word is kept once; words may occur twice, None is missing."""
    import pandas as pd

    known: dict[str, int] = {}
    at = [-1 if word is None else known.setdefault(word, len(known)) for word in words]
    column: NDArray[np.integer[Any]] = np.array(at, np.int16 if len(known) < 2**15 else np.int32)[codes]
    return pd.Categorical.from_codes(column, pd.Index(list(known)))


def frame(rows: Any, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table; pandas is loaded when one is first made, so that runs without tables do not wait for it."""
    import pandas as pd

    return pd.DataFrame(rows, columns=None if columns is None else list(columns))


def own_table(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return arrays that are nobody else's as a table that takes them as they are.

    Pandas would copy all of them at once, which doubles the peak of memory. A column of the world must be copied by
    the caller, or a change of the table would change the world.
    """
    import pandas as pd

    return pd.DataFrame(dict(columns), copy=False)


def content(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the bytes of an array in C order, without a copy where it stands so in memory."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)
