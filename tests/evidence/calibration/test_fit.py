"""A whole calibration: what a run measures, and the runs of which little can be measured."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from coworksim.evidence.calibration import EARLIER, Calibration, calibrate
from coworksim.evidence.calibration.fit import MOVED, TARGETS
from coworksim.model.model import CoworkingModel
from coworksim.model.parameters import PARAMETERS
from coworksim.report.sentences.calibration_text import calibration_json, calibration_text
from coworksim.runs.simulation import Result, simulate
from tests.worlds import busy


def lived(**settings: object) -> Result:
    return simulate(busy(**settings), events=True, earlier=EARLIER)


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate(lived())


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


def test_calibration_leaves_the_run_as_it_was() -> None:
    result = lived()
    first = calibrate(result)
    assert calibrate(result) == first
    assert result.digest == simulate(busy()).digest


def test_a_run_without_a_log_or_earlier_weeks_is_refused() -> None:
    for result in (simulate(busy(weeks=2), earlier=EARLIER), simulate(busy(weeks=2), events=True)):
        with pytest.raises(ValueError, match="event log and earlier weeks"):
            calibrate(result)


@pytest.mark.parametrize("settings", [{"mechanisms.membership": "off"}, {"membership.appeal": -16.0}, {"weeks": 1}])
def test_a_table_comes_of_empty_and_short_runs(settings: dict[str, object]) -> None:
    text = calibration_text(calibrate(lived(**settings)))
    assert all(f"\n{target.name} " in text for target in TARGETS)
    assert "nan" not in text.split("Missed")[0]


def test_names_from_files_are_escaped(found: Calibration) -> None:
    text = calibration_text(dataclasses.replace(found, title="a\x1b[2J"))
    assert "a\\x1b[2J" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(("weeks", "back"), [(20, 4), (20, 20), (20, 52)])
def test_people_are_kept_as_they_stood(weeks: int, back: int) -> None:
    scenario = busy(weeks=weeks)
    result = simulate(scenario, earlier=(back,))
    model = CoworkingModel(scenario)
    for _ in range(scenario.burn_in_weeks + weeks - min(back, weeks)):
        model.step()
    w, kept = model.world.workers, result.earlier[back]
    assert (w.key == kept.key).all()
    assert (w.status == kept.status).all()
    assert all((getattr(w, name) == values).all() for name, values in kept.counters.items())
    assert (kept.since(result.model.world.workers, "outside_hours_total") > 0).any()


def test_plain_data_holds_the_figures_of_the_text(found: Calibration) -> None:
    told = json.loads(json.dumps(calibration_json(found), allow_nan=False))
    rows = {row["name"]: row for row in told["targets"]}
    assert list(rows) == [target.name for target in TARGETS]
    for row in found.rows:
        assert rows[row.target.name]["measured"]["value"] == row.measured.value
        assert rows[row.target.name]["within"] == row.within
    assert told["below"]["median_completed"] == found.below.median_completed
    assert len(told["below"]["elasticities"]) == 5
    assert {setting["name"] for setting in told["set_here"]} >= {"membership.appeal", "space.desks"}


def test_a_tolerance_widens_the_range() -> None:
    by_name = {target.name: target for target in TARGETS}
    assert [by_name["price"].meets(value) for value in (141, 142, 172, 173)] == [False, True, True, False]
    assert [by_name["attendance"].meets(value) for value in (0.34, 0.36, 0.48, 0.5)] == [False, True, True, False]
    assert [by_name["churn"].meets(value) for value in (0.029, 0.03, 0.12)] == [False, True, False]


#: The least and the greatest value that meets each target: its range, widened by its tolerance.
MET = {
    "price": (141.3, 172.7),
    "members per space": (59.2, 88.8),
    "attendance": (0.35, 0.49),
    "churn": (0.03, 0.11),
    "contacts": (1.17, 1.95),
    "events": (3.375, 5.625),
    "independents": (0.35, 0.65),
    "training gap": (0.4, 0.6),
    "profitable spaces": (0.46, 0.62),
    "loss-making spaces": (0.1, 0.26),
    "freelancers under 25,000": (0.68, 0.78),
    "occupancy": (0.67, 0.83),
}


def test_every_target_is_met_from_its_least_value_to_its_greatest() -> None:
    assert [target.name for target in TARGETS] == list(MET)
    for target in TARGETS:
        low, high = MET[target.name]
        step = 1e-9 * high
        met = [target.meets(value) for value in (low - step, low + step, high - step, high + step)]
        assert met == [False, True, True, False], target.name


def test_moved_defaults_are_the_defaults() -> None:
    """A default may have moved more than once: each move begins where the one before has ended."""
    last: dict[str, float] = {}
    for moved in MOVED:
        assert moved.before == last.get(moved.name, moved.before) != moved.after, moved.name
        last[moved.name] = moved.after
    for name, after in last.items():
        assert PARAMETERS[name].default == after, name
        low, high = PARAMETERS[name].sampled or (after, after)
        assert low <= after <= high, name


def test_explanations_name_quantities_that_exist() -> None:
    for target in TARGETS:
        for name in re.findall(r"\b[a-z]+\.[a-z_]+", target.why):
            assert name in PARAMETERS, (target.name, name)
