"""What goes into hashes, and must keep its bytes whatever is renamed: salts, and what a digest is taken over.

A hashed name stays; what it is called in the code may change, and then this file says so. A column that is new is not
in a digest until a new version takes it in. So neither a new name nor a new column moves a digest. How a version is
raised: docs/decisions/frozen-digests-and-salts.md.
"""

from collections.abc import Mapping
from typing import Final

# Frozen for ever: another byte is another world. They keep the program's first name, which nothing else depends on.
#: Before seed and replicate, in the key of the random numbers of a run.
RUN_SALT: Final = "colearn run"
#: Before seed and number of the stream, in the seed of the runs of a point of a study.
STUDY_SALT: Final = "colearn study"
#: In the names of the parts of an SVG, so that a chart of the same numbers is the same file.
CHART_SALT: Final = "colearn"

#: Counts up when DIGEST_COLUMNS change, so that digests of one version can be set beside each other.
DIGEST_VERSION: Final = 3


def _same(names: str) -> dict[str, str]:
    """Return names that the code has kept."""
    return {name: name for name in names.split()}


#: What the digest of a run is taken over, in this order, as hashed name -> name in the code. ``counts``, ``sums`` and
#: ``spaces`` are columns of the series of that name; ``people`` and ``ties`` are columns of the state.
DIGEST_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "counts": _same("people members days encounters encounters_outside tools"),
    "sums": _same(
        "sc td gain_sc_own gain_sc_outside gain_sc_firm gain_sc_employer gain_sc_space_social gain_sc_space_resource "
        "gain_sc_decay gain_td_own gain_td_outside gain_td_firm gain_td_employer gain_td_space_social "
        "gain_td_space_resource gain_td_decay income"
    ),
    "spaces": _same(
        "open members desks desk_days turned_away price fees cash meetings events_held training_places training_used "
        "training_turned_away ordinal opened list_price result groups"
    ),
    "people": _same(
        "key region entered status occupation career_start career_end sociability learning_hours days taste "
        "earning_power offers sponsor look last_member home seat candidate aware tools skill "
        "skill_at_opening income work outside_contacts member_of plan tenure member_weeks days_present day_mask "
        "days_total encounters outside_met encounter_hours partners_new inside_hours inside_hours_total training_hours "
        "training_hours_total outside_hours_total lessons lessons_total loan_access taught course waiting week_gain "
        "recent_gain gain earned fees supported lead group"
    ),
    "ties": {"one": "source", "other": "target"} | _same("weight last"),
}

#: What is hashed as another type than it is kept in, which may change: by hashed name.
HASHED_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("tenure", "member_weeks", "days_total", "encounters"), "int64"),
    **dict.fromkeys(("outside_met", "partners_new", "waiting"), "int64"),
    "last": "int32",
}

#: Counts up when something else of a run goes into the digest of a study.
ROWS_VERSION: Final = 2
#: Names of outcomes, and of columns of series, that are no longer called what they are hashed as: today's -> hashed.
HASHED_NAMES: Final[Mapping[str, str]] = {}
