"""Arms over replicates: the same worlds however they are run, enough of them, and what pairing gains."""

from __future__ import annotations

import math
import threading

import pytest

from coworksim.appraisal.comparison import compare
from coworksim.appraisal.result import Appraisal
from coworksim.files.errors import InputError, RunnerError
from coworksim.model.scenario import Scenario
from coworksim.runs.run import Progress
from tests.appraisal.worlds import EASY, easy, scheme
from tests.worlds import town

#: Nothing that one member does reaches another through price, crowding, desks, ties or news.
FROZEN: dict[str, object] = {
    "mechanisms.management": False,
    "membership.crowding_weight": 0.0,
    "membership.ties_weight": 0.0,
    "membership.learning_weight": 0.0,
    "space.desks": 400,
    "awareness.by_ties": 0.0,
}


@pytest.fixture(scope="module")
def found() -> Appraisal:
    """Two arms in six worlds."""
    return compare(easy(), {"half": [scheme()], "nothing": [scheme(share=0.0)]}, replicates=6, workers=1)


@pytest.mark.slow
def test_workers_change_no_number(found: Appraisal) -> None:
    again = compare(easy(), {"half": [scheme()], "nothing": [scheme(share=0.0)]}, replicates=6, workers=2)
    assert again.numbers.equals(found.numbers)
    assert all(table.equals(found.tables[name]) for name, table in again.tables.items())


@pytest.mark.slow
def test_another_arm_beside_it_changes_no_number(found: Appraisal) -> None:
    alone = compare(easy(), {"half": [scheme()]}, replicates=6, workers=1)
    half = found.numbers[found.numbers["arm"] == "half"].reset_index(drop=True)
    assert alone.numbers.equals(half)


def test_every_number_has_a_unit_an_interval_and_the_number_of_replicates(found: Appraisal) -> None:
    table = found.numbers
    assert not table.duplicated(["arm", "term"]).any()
    assert (table["unit"] != "").all()
    assert (table["meaning"] != "").all()
    assert (table["n"] == 6).mean() > 0.9
    told = table[table["part"] != "pairing"]
    undefined = told["value"].isna()
    assert (told.loc[undefined, "reason"] != "").all()
    assert told.loc[~undefined, ["low", "high"]].notna().all().all()


def test_an_arm_that_does_nothing_has_no_ratio_and_says_why(found: Appraisal) -> None:
    row = found.number("nothing", "public_cost_per_td_total_sd_years")
    assert math.isnan(row["value"])
    assert "no additional technical-digital" in row["reason"]
    assert found.number("nothing", "net_benefit_td_total")["value"] == 0.0
    assert found.number("nothing", "variance_ratio_member_months")["reason"] == "the paired difference does not vary"


def test_weeks_and_months_are_those_of_the_numbers(found: Appraisal) -> None:
    weekly = found.weekly
    members = weekly[(weekly["arm"] == "half") & (weekly["measure"] == "members")]["mean"]
    assert members.sum() * 12 / 52 == pytest.approx(found.number("half", "additional_member_months")["value"])
    months = found.take_up[found.take_up["arm"] == "half"]
    assert months["month"].tolist() == list(range(6))
    assert months["supported"].iloc[-1] > 0


@pytest.mark.slow
def test_replicates_grow_until_the_tolerance_is_met() -> None:
    wide = compare(easy(), {"half": [scheme()]}, tolerance={"additional_member_months": 1000.0}, workers=1)
    row = wide.number("half", "additional_member_months")
    assert wide.replicates == row["n"] == 8
    half = (row["high"] - row["low"]) / 2
    narrow = compare(easy(), {"half": [scheme()]}, tolerance={"additional_member_months": 0.8 * half}, workers=1)
    more = narrow.number("half", "additional_member_months")
    assert narrow.replicates > 8
    assert (more["high"] - more["low"]) / 2 <= 0.8 * half


@pytest.mark.parametrize(
    ("arms", "options", "said"),
    [
        ({}, {}, "no policies to compare"),
        ({"without": ()}, {}, "the world without is there"),
        ({"x": ()}, {"tolerance": {"additional_member_month": 1.0}}, "write additional_member_months"),
        ({"x": ()}, {"tolerance": {"support_gbp": 0.0}}, "a half-width above 0 GBP"),
        ({"x": ()}, {"replicates": 0}, "from 1 to 2000"),
    ],
)
def test_what_nobody_could_run_is_refused(arms: dict[str, tuple[()]], options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        compare(easy(), arms, workers=1, **options)  # type: ignore[arg-type]  # cases of all kinds


def test_a_stop_leaves_nothing_half_done() -> None:
    stop = threading.Event()

    def at_once(at: Progress) -> None:
        stop.set()

    with pytest.raises(KeyboardInterrupt):
        compare(easy(), {"half": [scheme()]}, replicates=40, workers=1, progress=at_once, stop=stop)


def test_where_every_replicate_fails_the_first_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no desks")

    monkeypatch.setattr("coworksim.appraisal.replicate.burnt_in", broken)
    with pytest.raises(RunnerError, match="ValueError: no desks"):
        compare(easy(), {"half": [scheme()]}, replicates=2, workers=1)


def ratios(scenario: Scenario) -> dict[str, float]:
    tenth = scheme(name="a tenth", share=0.1, months=12, end=52)
    found = compare(scenario, {"tenth": [tenth]}, replicates=20, workers=1)
    names = ("member_months", "td_point_years", "sc_point_years")
    return {name: float(found.number("tenth", f"variance_ratio_{name}")["value"]) for name in names}


@pytest.mark.slow
def test_pairing_gains_a_factor_of_twenty_where_feedbacks_are_frozen() -> None:
    """A tenth off for all of 300 people; with feedbacks on, one more member reaches what everybody learns.

    Of members, and of TD skill, which courses teach most, 20 worlds cannot tell: two ratios of variances that are 1.4
    times apart differ so by chance often.
    """
    frozen, linked = ratios(town(300, **EASY, **FROZEN)), ratios(town(300, **EASY))
    print(f"variance ratio without feedbacks {frozen}, with them {linked}")
    assert min(frozen.values()) >= 20
    assert frozen["sc_point_years"] > linked["sc_point_years"]


@pytest.mark.slow
def test_subsidy_control_is_flagged_above_the_declared_threshold(found: Appraisal) -> None:
    assert found.flags == []
    most = max(found.values["half"]["largest_support_gbp"])
    low = easy(**{"appraisal.subsidy_threshold": most - 1})
    (flag,) = compare(low, {"half": [scheme()]}, replicates=6, workers=1).flags
    assert "Minimal Financial Assistance" in flag
    assert "check the newest rule" in flag
