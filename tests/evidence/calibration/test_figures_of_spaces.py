"""Figures of spaces: a ledger and encounters small enough to count by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from coworksim.evidence.calibration.figures import fortunes, member_sides
from coworksim.evidence.calibration.measured import Spell, spells
from coworksim.model.parameters.skills import ENCOUNTER_KINDS
from coworksim.model.state.people import GENERATION_BITS
from coworksim.model.state.ties import INSIDE_KINDS
from coworksim.runs.simulation import simulate
from tests.worlds import busy


def test_fortunes_leave_out_capital_and_investment() -> None:
    rows = [
        ("investors", "space:a/0", "capital", 1000.0),
        ("workers:a", "space:a/0", "membership", 100.0),
        ("space:a/0", "landlord", "rent", 90.0),
        ("space:a/0", "suppliers", "investment", 900.0),
        ("employers", "space:a/1", "sponsorship", 100.0),
        ("space:a/1", "staff", "staff", 104.0),
        ("space:a/2", "staff", "staff", 1.0),
        ("clients", "workers:a", "fees", 5.0),
    ]
    profit, loss = fortunes(pd.DataFrame(rows, columns=["payer", "payee", "purpose", "amount_gbp"]))
    assert (profit.value, loss.value) == pytest.approx((1 / 3, 1 / 3))
    assert profit.basis == "3 spaces"


def test_a_side_counts_in_the_weeks_of_its_spells_only() -> None:
    one, two, three = 1 << GENERATION_BITS, 2 << GENERATION_BITS, 3 << GENERATION_BITS
    told = [Spell(1, 0, 0, 4), Spell(2, 0, 2, None), Spell(1, 1, 5, None)]
    rows = [
        (1, "chat", one, two, 0, 9),  # before the window
        (2, "chat", one, two, 0, 1),
        (4, "chat", one, two, 0, 2),  # the spell of the first has ended in week 4
        (5, "event", one + 1, three, 1, 4),  # the third is no member; another generation holds the place of the first
        (5, "outside", one, two, -1, 8),
    ]
    log = pd.DataFrame(rows, columns=["week", "event", "key", "other", "space", "number"])
    sides = member_sides(log, told, 2, 6)
    assert sorted(sides.itertuples(index=False, name=None)) == [(2, 0, 1), (2, 0, 1), (4, 0, 2), (5, 1, 4)]
    assert len(member_sides(log, [], 2, 6)) == 0


def test_sides_of_a_run_are_those_found_one_by_one() -> None:
    result = simulate(busy(), events=True)
    assert result.events is not None
    first, end = 9, result.scenario.weeks
    told = spells(result.events)
    present = {(s.place, week) for s in told for week in range(s.start, end if s.end is None else s.end)}
    log = result.events[result.events["event"].isin(ENCOUNTER_KINDS[:INSIDE_KINDS]) & (result.events["week"] >= first)]
    columns = (log[name].tolist() for name in ("week", "space", "number", "key", "other"))
    wanted = [
        (week, space, number)
        for week, space, number, *sides in zip(*columns, strict=True)
        for key in sides
        if (key >> GENERATION_BITS, week) in present
    ]
    assert len(wanted) > 100
    assert sorted(member_sides(result.events, told, first, end).itertuples(index=False, name=None)) == sorted(wanted)
