"""Summaries are what the tables say."""

from __future__ import annotations

import json

import pytest

from coworksim.model.parameters.skills import STATUSES
from coworksim.report.charts.places import LIVELIHOODS, places
from coworksim.report.sentences.run_text import findings, summary, summary_text
from coworksim.runs.simulation import Result, simulate
from tests.report.standin import RATES, standin
from tests.worlds import busy, schemes


@pytest.fixture(scope="module")
def run() -> Result:
    """A run with schemes, and with spaces that close."""
    return simulate(schemes(**{"management.rent": 150.0, "management.capital": 5000.0, "weeks": 60}))


def test_the_stand_in_has_the_columns_of_a_result() -> None:
    stand, result = standin(weeks=2), simulate(busy(weeks=2))
    for name in ("series", "spaces", "workers", "ledger", "ties"):
        assert list(getattr(stand, name).columns) == list(getattr(result, name).columns), name


def test_every_status_belongs_to_one_group() -> None:
    assert sorted(status for group in LIVELIHOODS.values() for status in group) == sorted(STATUSES)
    assert LIVELIHOODS["independent"] == ("freelancer", "owner", "nomad")


def test_a_summary_counts_and_adds_up() -> None:
    found = summary(standin(weeks=100, people=60))
    (place,) = found["places"]
    assert (place["people"], place["members"], place["desks"]) == (60, 20, 64)
    assert place["member_share"] == {"independent": pytest.approx(1 / 3), "employed": pytest.approx(1 / 3)}
    assert place["by_status"] == {status: {"people": 12, "members": 4} for status in STATUSES}
    members = place["points_gained"]["members"]["independent"]
    assert members["people"] == 12
    assert members["td_in_space"] == pytest.approx(100 * (RATES["space_social"] + RATES["space_resource"]))
    assert members["sc_in_total"] == pytest.approx(100 * sum(RATES.values()))
    everyone = place["points_gained"]["everyone"]["independent"]
    assert everyone["td_in_total"] == pytest.approx(100 * sum(RATES.values()) * (1 + 2 * 0.1) / 3)


def test_a_place_can_be_joined_with_the_tables_by_its_code_and_its_whole_name() -> None:
    long = "The parishes on the northern bank of the river"
    found = summary(standin({"Somewhere": "left-behind", long: "other"}))["places"]
    assert [(place["name"], place["code"]) for place in found] == [("Somewhere", "TL009"), (long, f"TL{len(long):03}")]
    assert "The parishes on the northern ba… (not left-behind): " in summary_text(summary(standin({long: "other"})))
    kinds = summary(standin({f"R{k}": "other" for k in range(5)}))["places"]
    assert [place["code"] for place in kinds] == [None]


def test_fees_are_told_with_who_pays_them() -> None:
    (place,) = summary(standin(weeks=100))["places"]
    assert place["fees_gbp"] == 70_000
    assert place["fees_paid_gbp"] == {"members": 50_000, "employers": 15_000, "schemes": 5_000}
    assert "paid by members 50,000, employers 15,000, schemes 5,000" in summary_text(summary(standin(weeks=100)))
    assert "Vouchers: 7 awarded, 5,000 GBP paid" in summary_text(summary(standin(weeks=100)))


def test_a_summary_of_a_run_leaves_nobody_and_no_penny_out(run: Result) -> None:
    found = summary(run)
    paid = 0.0
    for place in found["places"]:
        assert sum(status["people"] for status in place["by_status"].values()) == place["people"]
        assert sum(status["members"] for status in place["by_status"].values()) == place["members"]
        gained = place["points_gained"]
        assert sum(group["people"] for group in gained["everyone"].values()) == place["people"]
        assert sum(place["fees_paid_gbp"].values()) == pytest.approx(place["fees_gbp"], abs=0.01)
        paid += place["fees_paid_gbp"]["schemes"]
    assert sum(policy["paid_gbp"] for policy in found["policies"]) == pytest.approx(paid, abs=0.01) != 0
    assert sum(policy["awarded"] or 0 for policy in found["policies"]) > 0


def test_only_open_spaces_count(run: Result) -> None:
    last = run.spaces[(run.spaces["week"] == run.scenario.weeks - 1) & run.spaces["open"]]
    found = summary(run)["places"]
    assert sum(place["spaces_open"] for place in found) == len(last)
    assert sum(place["desks"] for place in found) == last["desks"].sum()
    assert sum(place["spaces_closed"] for place in found) > 0
    spare = standin(spare=range(150, 156))
    assert [(p["spaces_open"], p["desks"], p["occupancy_last_quarter"]) for p in summary(spare)["places"]] == [
        (2, 128, 0.5)
    ]
    gone = standin(closes=100, spare=range(20, 60))
    (place,) = summary(gone)["places"]
    assert (place["spaces_open"], place["spaces_closed"], place["occupancy_last_quarter"]) == (0, 2, None)
    assert "No coworking space is open at the end; 2 closed" in summary_text(summary(gone))
    assert places([gone])[0].changes() == {20: 1, 60: -1, 100: -1}
    assert ("Spaces: open, closed; share of desks used", "0, 2; none") in findings([gone])


def test_where_there_is_nobody_there_is_no_mean() -> None:
    empty = standin(weeks=4)
    empty.workers["member"] = False
    found = json.loads(json.dumps(summary(empty), allow_nan=False))
    assert found["places"][0]["points_gained"]["members"]["employed"]["sc_in_space"] is None
    assert "0 of 60" in summary_text(found)
    assert ("Social-cognitive points: in the space, in total", "nobody, nobody") in findings([empty])


def test_no_space_is_said() -> None:
    none = standin(weeks=4)
    vars(none).update(spaces=none.spaces.iloc[:0], ledger=none.ledger.iloc[:0])
    assert "No coworking space." in summary_text(summary(none))


@pytest.mark.slow
def test_places_are_called_as_people_call_them() -> None:
    regions = {"left-behind": "left-behind", "core": "other", "Leeds": "other"}
    assert [place.label for place in places([standin(regions)])] == ["Left-behind region", "Core region", "Leeds"]
    text = summary_text(summary(standin(regions)))
    assert "\nLeft-behind region: 20 of 60 people" in text
    assert "\nLeeds (not left-behind): 20 of 60 people" in text


def test_findings_follow_the_numbers() -> None:
    rows = {row[0]: row[1:] for row in findings([standin(), standin({"Elsewhere": "other"}, people=90)])}
    assert rows[""] == ("Somewhere", "Elsewhere")
    assert rows["Members after three years"] == ("20 of 60 (33 %)", "30 of 90 (33 %)")
    assert rows["Members: of the independent, of the employed"] == ("33 %, 33 %", "33 %, 33 %")
    assert rows["Spaces: open, closed; share of desks used"] == ("1, 0; 50 %", "1, 0; 50 %")
    assert rows["Technical-digital in the space: people, equipment"] == ("+4.7, +3.1", "+4.7, +3.1")
