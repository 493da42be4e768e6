"""Whether a linear rule can tell two worlds apart by what a survey would show, and what each question adds.

The rule is Fisher's, on standardised statistics, made on four fifths of the draws and judged on the fifth that it has
not seen, both worlds of a draw on the same side (``coworksim.statistics.ranks``).
The area under the curve (AUC) is the chance that it ranks a survey of the one world above a survey of the other: .5 is
a coin, 1 is certainty. Its standard error is that of Hanley and McNeil (1982).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from coworksim.evidence.patterns.shares import tidy
from coworksim.evidence.patterns.survey_outcomes import ASKED, MODERATORS, block_of
from coworksim.statistics.ranks import FOLDS, auc_error, fisher_area

__all__ = ["OFTEN", "Told", "questions", "told_apart"]

#: Share of draws in which a statistic must be there.
OFTEN: Final = 0.85


class Told(NamedTuple):
    """How well a set of questions tells two worlds apart."""

    questions: str
    statistics: int
    n: int  # surveys of each world
    auc: float
    error: float


def told_apart(one: pd.DataFrame, other: pd.DataFrame) -> list[Told]:
    """Return the area for what the survey asked, with each further question, and with all of them.

    The tables have a row a draw, matched by ``point``. Statistics that too many draws lack (``OFTEN`` is what is
    asked for) are left out, and then draws that lack any of the others in one of the worlds.
    """
    both = sorted(set(one["point"]) & set(other["point"]))
    a, b = (table.set_index("point").loc[both] for table in (one, other))
    names = [name for name in a.columns if name.startswith("ask.") and name in b.columns]
    a, b = a[names].astype(np.float64), b[names].astype(np.float64)
    names = [name for name in names if min(a[name].notna().mean(), b[name].notna().mean()) >= OFTEN]
    whole = a[names].notna().all(axis=1) & b[names].notna().all(axis=1)
    a, b = a[whole], b[whole]
    sets = {"as asked": [ASKED]}
    sets |= {f"+ {question}": [ASKED, question] for question in MODERATORS}
    sets |= {"+ all four": [ASKED, *MODERATORS]}
    found = []
    for label, blocks in sets.items():
        chosen = [name for name in names if block_of(name) in blocks]
        value = fisher_area(a[chosen].to_numpy(), b[chosen].to_numpy()) if chosen and len(a) >= 2 * FOLDS else math.nan
        found.append(Told(label, len(chosen), len(a), value, auc_error(value, len(a), len(b))))
    return found


def questions(told: Sequence[Told]) -> pd.DataFrame:
    """Return the areas as a table, with what each question adds to what was asked."""
    table = tidy(one._asdict() for one in told)
    table["added"] = table["auc"] - table["auc"].iloc[0]
    return table
