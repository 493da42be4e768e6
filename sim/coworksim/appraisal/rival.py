"""What remains when awards have ended, by either account of why people stay members.

By habit whoever has come stays for a while, by lasting taste alone an award leaves nothing behind in anybody. Both have
the same members and churn (``membership.persistence``), so that figures which are usually known do not tell them apart,
while what remains of an award does. Therefore the rival is asked too: the same scenario with the other form, in a part
of the same replicates. It is asked of no more than stands in ``REMAINS``.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from coworksim.appraisal.measure_registry import AFTER, TAB, TERMS
from coworksim.model.parameters import PARAMETERS
from coworksim.model.policies import KINDS
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from coworksim.statistics.intervals import estimate

#: What tells the two apart.
FORM: Final = "membership.persistence"
#: The rival is asked in one replicate of so many, and in so many at least.
ONE_OF: Final = 4
FEWEST: Final = 8
#: What it is asked.
REMAINS: Final = tuple(name for name, term in TERMS.items() if term.part == "afterwards")
#: Name of the rows that hold what the rival has more than the scenario, replicate by replicate.
DIFFERENCE: Final = "difference"
COLUMNS: Final = ["arm", "term", "unit", "persistence", "value", "low", "high", "n", "meaning"]
_SOONEST: Final = f"members_after_{min(AFTER)}_months"


class Rival(NamedTuple):
    """What the rival was asked, and what it said: a row an arm, number and form; none where ``reason`` says why."""

    own: str
    other: str
    replicates: int = 0
    reason: str = ""
    table: pd.DataFrame | None = None

    @property
    def about(self) -> dict[str, Any]:
        """The same as JSON has it, without the table."""
        return {"own": self.own, "other": self.other, "replicates": self.replicates, "reason": self.reason}


def rival_of(scenario: Scenario) -> Scenario:
    """Return the scenario with the other form of persistence, and without policies."""
    (other,) = (form for form in PARAMETERS[FORM].choices if form != scenario[FORM])
    return scenario.model_copy(update={"values": {**scenario.values, FORM: other}})


def part_of(replicates: int) -> int:
    """Return in how many of so many replicates the rival is asked.

    >>> [part_of(n) for n in (1, 8, 20, 64, 65)]
    [1, 8, 8, 16, 17]
    """
    return min(replicates, max(FEWEST, math.ceil(replicates / ONE_OF)))


def ended(
    arms: Mapping[str, Sequence[Policy]], values: Mapping[str, Mapping[str, Sequence[float]]]
) -> dict[str, Sequence[Policy]]:
    """Return the arms with an award whose money ended so long before the horizon that something can remain."""
    return {
        arm: policies
        for arm, policies in arms.items()
        if any(KINDS[policy.kind].is_award for policy in policies) and _SOONEST in values[arm]
    }


def remains(
    arms: Sequence[str], own: Mapping[str, Mapping[str, Mapping[int, float]]], other: Mapping[int, Mapping[str, float]],
    forms: tuple[str, str],
) -> pd.DataFrame:  # fmt: skip  # as a list it fills a page
    """Set what remains by two forms beside each other, and what the second has more where both were asked.

    Args:
        arms: Names of arms, in the order in which ``other`` counts them.
        own: Numbers of the scenario by arm, name and replicate.
        other: What the rival gave by replicate: numbers by arm (counted from 0) and name.
        forms: The scenario's form, and the rival's.

    Returns:
        The columns ``COLUMNS``, three rows an arm and number that both have in one replicate at least.
    """
    rows = []
    for at, arm in enumerate(arms):
        for name in REMAINS:
            mine = _known(own[arm].get(name, {}))
            theirs = _known({k: found[key] for k, found in other.items() if (key := f"{at}{TAB}{name}") in found})
            more = [theirs[k] - mine[k] for k in sorted(mine.keys() & theirs.keys())]
            if not more:
                continue
            told = (forms[0], [*mine.values()]), (forms[1], [*theirs.values()]), (DIFFERENCE, more)
            for form, numbers in told:
                found, what = estimate(numbers), TERMS[name]
                rows.append((arm, name, what.unit, form, found.value, found.low, found.high, found.n, what.meaning))
    return pd.DataFrame(rows, columns=COLUMNS)


def _known(numbers: Mapping[int, float]) -> dict[int, float]:
    """Return the numbers of replicates that have one."""
    return {k: value for k, value in numbers.items() if not math.isnan(value)}
