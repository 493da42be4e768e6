"""Calibration: known answers on small numbers, and a list of moved defaults that cannot go stale."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from colearn.mechanisms.membership import Membership, Offer, membership_value
from colearn.model import CoworkingModel
from colearn.observe.calibration import Calibration, calibrate
from colearn.observe.calibration.below import arc_elasticity, join_probability, response, settling
from colearn.observe.calibration.comparison import fortunes
from colearn.observe.calibration.intervals import around, batches, ratio_interval, wilson
from colearn.observe.calibration.people import Before, attendance, independents, poor_freelancers, training_gap
from colearn.observe.calibration.spells import Spell, churn, spells
from colearn.observe.calibration.targets import MOVED, TARGETS
from colearn.observe.results import simulate
from colearn.quantities import QUANTITIES
from colearn.report.calibration import calibration_text
from colearn.world.population import DAY, EMPLOYEE, FREELANCER, HOT, Population
from tests.worlds import busy


def test_wilson() -> None:
    low, high = wilson(8, 10) or (0.0, 0.0)  # Newcombe 1998: .490 to .943
    assert (low, high) == pytest.approx((0.4901, 0.9433), abs=1e-4)
    assert wilson(0, 0) is None
    low, high = wilson(0, 20) or (1.0, 0.0)
    assert low == pytest.approx(0.0, abs=1e-12)
    assert high == pytest.approx(0.1611, abs=1e-4)


def test_batch_means() -> None:
    weeks = [0.0, 1.0, 1.0, 3.0, 3.0]  # the first week is in no block of two
    blocks = batches(5, 2)
    means = [float(np.mean([w for w, b in zip(weeks, blocks, strict=True) if b == k])) for k in (0, 1)]
    assert means == [1.0, 3.0]
    assert around(2.0, means) == pytest.approx((2 - 1.96, 2 + 1.96))  # sd sqrt(2) over sqrt(2)
    assert around(2.0, [2.0]) is None
    assert batches(52)[:13] == [0] * 13
    assert max(batches(52)) == 3


def test_interval_of_a_ratio_holds_the_ratio() -> None:
    low, high = ratio_interval(20, 100, 40, 100) or (0.0, 0.0)
    assert low * high == pytest.approx(0.25)
    assert ratio_interval(0, 100, 40, 100) is None


def log(*rows: tuple[int, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["week", "event", "key", "space"])


def test_spells_and_churn_of_a_hand_made_log() -> None:
    one, two, three = 1 << 6, 2 << 6, 3 << 6
    told = log(
        (0, "joins", one, 0), (0, "joins", two, 0), (1, "chat", one, 0), (2, "joins", three, 1),
        (4, "leaves", one, 0),
        (5, "moves", two, 0),  # another plan of the same space: no end
        (6, "moves", two, 1),
        (7, "arrives", three + 1, -1),  # the next holder of the place: the first has gone for good
        (7, "joins", three + 1, 1),
    )  # fmt: skip
    found = spells(told)
    assert found[:3] == [Spell(1, 0, 0, 4), Spell(2, 0, 0, 6), Spell(3, 1, 2, 7)]
    assert found[3:] == [Spell(2, 1, 6, None), Spell(3, 1, 7, None)]
    assert [spell.weeks(10) for spell in found] == [4, 6, 5, 4, 3]
    assert churn(3, sum(spell.weeks(10) for spell in found)) == pytest.approx(3 / 22 * 52 / 12)


def test_elasticity_of_one_offer_is_the_closed_form() -> None:
    p = Membership(CoworkingModel(busy()).world).parameters
    offer = Offer(price=36.0, disposable=90.0, member=False, ties=1, expected_gain=0.4, crowd=0.0, km=3.0, plan=HOT)
    rise = 1e-5
    before, after = response([offer], lambda o: membership_value(o, 0.2, False, p), rise)
    wanted = -p.price_weight * offer.price / offer.disposable * (1 - before)
    assert arc_elasticity(before, after, rise) == pytest.approx(wanted, rel=1e-4)


def test_probability_of_several_offers() -> None:
    assert join_probability([]) == 0.0
    assert join_probability([float("-inf")]) == 0.0
    assert join_probability([0.0, float("nan")]) == pytest.approx(0.5)
    assert join_probability([800.0, -800.0]) == pytest.approx(1.0)
    assert arc_elasticity(0.0, 0.0) is None


def test_fortunes_leave_out_capital_and_investment() -> None:
    rows = [
        ("investors", "space:a/0", "capital", 1000.0), ("workers:a", "space:a/0", "membership", 100.0),
        ("space:a/0", "landlord", "rent", 90.0), ("space:a/0", "suppliers", "investment", 900.0),
        ("employers", "space:a/1", "sponsorship", 100.0), ("space:a/1", "staff", "staff", 104.0),
        ("space:a/2", "staff", "staff", 1.0), ("clients", "workers:a", "fees", 5.0),
    ]  # fmt: skip
    profit, loss = fortunes(pd.DataFrame(rows, columns=["payer", "payee", "purpose", "amount_gbp"]))
    assert (profit.value, loss.value) == pytest.approx((1 / 3, 1 / 3))
    assert profit.basis == "3 spaces"


def people() -> tuple[Population, Before]:
    """Two creative freelancers and two employees, a year in which a counter or two has moved."""
    w = Population.empty(4)
    w.key[:] = [64, 128, 192, 256]
    w.status[:] = [FREELANCER, FREELANCER, EMPLOYEE, EMPLOYEE]
    before = Before.of(w)
    w.earned[:] = [2_400_000, 2_600_000, 0, 0]
    w.member_of[:] = [0, 0, 0, -1]
    w.plan[:] = [HOT, HOT, DAY, -1]
    w.member_weeks[:] = [4, 4, 4, 0]
    w.days_total[:] = [19, 18, 4, 0]
    w.training_hours_total[:] = [7.0, 6.0, 0.0, 0.0]
    w.employer_hours[:] = [0.0, 0.0, 1.0, 0.2]
    return w, before


def test_people_of_a_hand_made_year() -> None:
    w, before = people()
    assert attendance(w, before, 4).value == pytest.approx(1 / 3)
    assert independents(w).value == pytest.approx(2 / 3)
    assert poor_freelancers(w, before, 52).value == 0.5
    assert training_gap(w, before, 52).value == 0.5
    w.employer_hours[:] = 0.0
    missing = training_gap(w, before, 52)
    assert missing.value is None
    assert missing.note


def test_a_newcomer_counts_from_nothing_and_is_no_member_of_last_year() -> None:
    w, before = people()
    w.key[0] += 1
    w.earned[0] = 5
    assert before.since(w, "earned")[0] == 5
    assert poor_freelancers(w, before, 52).value == 0.0


def test_settling_is_points_a_year_and_needs_half_a_year() -> None:
    weeks = np.arange(-60, 5)
    series = pd.DataFrame({"week": weeks, "people": 10, "sc_points": 2.0 * weeks / 52})
    assert settling(series, "sc") == pytest.approx(2.0)
    assert settling(series[series["week"] > -20], "sc") is None


def test_a_tolerance_widens_the_range() -> None:
    by_name = {target.name: target for target in TARGETS}
    assert [by_name["price"].meets(value) for value in (141, 142, 172, 173)] == [False, True, True, False]
    assert [by_name["attendance"].meets(value) for value in (0.34, 0.36, 0.48, 0.5)] == [False, True, True, False]
    assert [by_name["churn"].meets(value) for value in (0.029, 0.03, 0.12)] == [False, True, False]


def test_moved_defaults_are_the_defaults() -> None:
    for moved in MOVED:
        assert QUANTITIES[moved.name].default == moved.after, moved.name
        assert moved.before != moved.after
    low, high = QUANTITIES["membership.constant"].sampled or (0.0, 0.0)
    assert f"range {low:g} to {high:g}" in next(m.reason for m in MOVED if m.name == "membership.constant")


def test_explanations_name_quantities_that_exist() -> None:
    for target in TARGETS:
        for name in re.findall(r"\b[a-z]+\.[a-z_]+", target.why):
            assert name in QUANTITIES, (target.name, name)


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate(simulate(busy(), events=True))


def test_a_run_measures_what_its_tables_say(found: Calibration) -> None:
    result = simulate(busy())
    spaces = result.spaces[result.spaces["open"]]
    by_name = {row.target.name: row.measured for row in found.rows}
    assert by_name["members per space"].value == pytest.approx(spaces["members"].mean())
    assert by_name["price"].value == pytest.approx(spaces["price_gbp_month"].median())
    assert by_name["events"].value == pytest.approx(spaces["events"].mean() * 52 / 12)
    assert by_name["occupancy"].value == pytest.approx(
        (spaces["occupancy"] * spaces["desks"]).sum() / spaces["desks"].sum()
    )
    days = (result.spaces["occupancy"] * 5 * result.spaces["desks"])[result.spaces["open"]].sum()
    contacts = by_name["contacts"].value
    assert contacts is not None
    assert 0.5 * contacts < spaces["encounters"].sum() / days <= contacts  # a visitor's side does not count
    assert sum(fifth.people for fifth in found.below.elasticities) == len(result.workers)


def test_spells_account_for_every_member_week() -> None:
    result = simulate(busy(), events=True)
    assert result.events is not None
    told = spells(result.events)
    at_end = sum(spell.end is None for spell in told)
    assert at_end == result.workers["member"].sum()
    weeks = sum(spell.weeks(result.scenario.weeks) for spell in told)
    assert weeks == result.series[result.series["week"] >= 0]["members"].sum()


def test_calibration_leaves_the_run_as_it_was() -> None:
    result = simulate(busy(), events=True)
    first = calibrate(result)
    assert calibrate(result) == first
    assert result.digest == simulate(busy()).digest


def test_a_run_without_a_log_is_refused() -> None:
    with pytest.raises(ValueError, match="event log"):
        calibrate(simulate(busy(weeks=2)))


@pytest.mark.parametrize("settings", [{"mechanisms.membership": "off"}, {"membership.constant": -20.0}, {"weeks": 1}])
def test_a_table_comes_of_empty_and_short_runs(settings: dict[str, object]) -> None:
    text = calibration_text(calibrate(simulate(busy(**settings), events=True)))
    assert all(f"\n{target.name} " in text for target in TARGETS)
    assert "nan" not in text.split("Missed")[0]


def test_names_from_files_are_escaped(found: Calibration) -> None:
    text = calibration_text(dataclasses.replace(found, title="a\x1b[2J"))
    assert "a\\x1b[2J" in text
    assert "\x1b" not in text
