"""Figures of spaces, spells and intervals: a ledger, a log and encounters small enough to count by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from coworksim.evidence.calibration.figures import (
    Spell,
    _at_events,
    around,
    batches,
    churn,
    fortunes,
    in_spaces,
    last_weeks,
    measured_share,
    member_sides,
    spells,
)
from coworksim.model.parameters.skills import ENCOUNTER_KINDS
from coworksim.model.state.people import GENERATION_BITS
from coworksim.model.state.ties import INSIDE_KINDS
from coworksim.runs.simulation import simulate
from tests.worlds import busy, town


@pytest.mark.parametrize("observed", [False, True])
def test_fortunes_leave_out_capital_investment_and_payouts(observed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts are categories, of which pandas 2 groups those without a row, too, unless it is told."""
    group: Any = pd.DataFrame.groupby
    monkeypatch.setattr(pd.DataFrame, "groupby", lambda *given, **more: group(*given, **{"observed": observed, **more}))
    rows = [
        ("investors", "space:a/0", "capital", 1000.0),
        ("workers:a", "space:a/0", "membership", 100.0),
        ("space:a/0", "landlord", "rent", 90.0),
        ("space:a/0", "suppliers", "investment", 900.0),
        ("space:a/0", "investors", "payout", 10.0),
        ("employers", "space:a/1", "sponsorship", 100.0),
        ("space:a/1", "staff", "staff", 104.0),
        ("space:a/2", "staff", "staff", 1.0),
        ("space:a/3", "staff", "staff", 1.0),
        ("clients", "workers:a", "fees", 5.0),
    ]
    ledger = pd.DataFrame(rows, columns=["payer", "payee", "purpose", "amount_gbp"])
    accounts = ["space:a/0", "space:a/1", "space:a/2"]
    profit, loss = fortunes(ledger.astype(dict.fromkeys(("payer", "payee", "purpose"), "category")), accounts)
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
    log = pd.DataFrame(rows, columns=["week", "event", "key", "other", "space_key", "number"])
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
    columns = (log[name].tolist() for name in ("week", "space_key", "number", "key", "other"))
    wanted = [
        (week, space, number)
        for week, space, number, *sides in zip(*columns, strict=True)
        for key in sides
        if (key >> GENERATION_BITS, week) in present
    ]
    assert len(wanted) > 100
    assert sorted(member_sides(result.events, told, first, end).itertuples(index=False, name=None)) == sorted(wanted)


def log(*rows: tuple[int, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["week", "event", "key", "space_key"])


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


def test_batch_means() -> None:
    weeks = [0.0, 1.0, 1.0, 3.0, 3.0]  # the first week is in no block of two
    blocks = batches(5, 2)
    means = [float(np.mean([w for w, b in zip(weeks, blocks, strict=True) if b == k])) for k in (0, 1)]
    assert means == [1.0, 3.0]
    assert around(2.0, means) == pytest.approx((2 - 1.959964, 2 + 1.959964))  # sd sqrt(2) over sqrt(2)
    assert around(2.0, [2.0]) is None
    assert batches(52)[:13] == [0] * 13
    assert max(batches(52)) == 3


def test_a_measured_share_has_wilsons_interval() -> None:
    found = measured_share(8, 10, "10 members", "note")  # Newcombe 1998: .490 to .943
    assert (found.value, found.basis, found.note) == (0.8, "10 members", "note")
    assert found.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_encounters_are_counted_from_the_first_week_of_the_window_on() -> None:
    rows = [(1, "event", 5), (2, "event", 1), (3, "chat", 3), (4, "outside", 9)]
    told = pd.DataFrame(rows, columns=["week", "event", "number"])
    assert _at_events(told, 2) == "25 % of encounters happened at events"
    assert _at_events(told, 3) == "0 % of encounters happened at events"
    assert _at_events(told, 4) == ""


def test_profits_and_events_are_those_of_the_weeks_in_the_window() -> None:
    result = simulate(busy(), events=True)
    assert result.events is not None
    end = result.scenario.weeks
    for window in (4, end):
        found = in_spaces(result, result.events, last_weeks(result.spaces, window), spells(result.events), window)
        accounts = [f"space:{name}/0" for name in ("left-behind", "other")]
        profit, loss = fortunes(result.ledger[result.ledger["week"].isin(range(end - window, end))], accounts)
        assert profit.value is not None
        assert (found["profitable spaces"], found["loss-making spaces"]) == (profit, loss)
        assert found["contacts"].note == _at_events(result.events, end - window) != ""


def test_spaces_that_opened_or_closed_in_the_window_have_no_year_to_tell_of() -> None:
    settings = {"weeks": 26, "space.desks": 12, "management.founders": 40.0, "management.optimism": 1.0}
    result = simulate(town(600, **settings, **{"management.exit": 0.0}), events=True)
    assert result.events is not None
    is_open = result.spaces[result.spaces["open"]].groupby("space_key").size()
    stayed = int((is_open == 26).sum())
    assert 0 < stayed < len(is_open)
    found = in_spaces(result, result.events, last_weeks(result.spaces, 26), spells(result.events), 26)
    assert found["profitable spaces"].basis == f"{stayed} space{'s' if stayed > 1 else ''}"
