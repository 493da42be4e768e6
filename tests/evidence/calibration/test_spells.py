"""Spells of membership, by hand and against the series of a run."""

from __future__ import annotations

import pandas as pd
import pytest

from coworksim.evidence.calibration.figures import Spell, churn, spells
from coworksim.runs.simulation import simulate
from tests.worlds import busy


def log(*rows: tuple[int, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["week", "event", "key", "space"])


def test_spells_and_churn_of_a_hand_made_log() -> None:
    one, two, three = 1 << 6, 2 << 6, 3 << 6
    told = log(
        (0, "joins", one, 0),
        (0, "joins", two, 0),
        (1, "chat", one, 0),
        (2, "joins", three, 1),
        (4, "leaves", one, 0),
        (5, "moves", two, 0),  # another plan of the same space: no end
        (6, "moves", two, 1),
        (7, "arrives", three + 1, -1),  # the next holder of the place: the first has gone for good
        (7, "joins", three + 1, 1),
    )
    found = spells(told)
    assert found[:3] == [Spell(1, 0, 0, 4), Spell(2, 0, 0, 6), Spell(3, 1, 2, 7)]
    assert found[3:] == [Spell(2, 1, 6, None), Spell(3, 1, 7, None)]
    assert [spell.weeks(10) for spell in found] == [4, 6, 5, 4, 3]
    assert churn(3, sum(spell.weeks(10) for spell in found)) == pytest.approx(3 / 22 * 52 / 12)


def test_spells_account_for_every_member_week() -> None:
    result = simulate(busy(), events=True)
    assert result.events is not None
    told = spells(result.events)
    at_end = sum(spell.end is None for spell in told)
    assert at_end == result.workers["member"].sum()
    weeks = sum(spell.weeks(result.scenario.weeks) for spell in told)
    assert weeks == result.series[result.series["week"] >= 0]["members"].sum()
