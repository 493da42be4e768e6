"""Summaries are what the tables say."""

from __future__ import annotations

import json

import pytest

from colearn.report.findings import findings
from colearn.report.summary import summary, summary_text
from tests.report.standin import RATES, standin


def test_a_summary_counts_and_adds_up() -> None:
    found = summary(standin(weeks=100, people=60))
    (place,) = found["places"]
    assert (place["people"], place["members"], place["desks"]) == (60, 20, 64)
    assert place["member_share"] == {"independent": pytest.approx(1 / 3), "employed": pytest.approx(1 / 3)}
    assert place["occupancy_last_quarter"] == 0.5
    assert place["fees_gbp"] == 70_000
    members = place["points_gained"]["members"]["independent"]
    assert members["people"] == 10
    assert members["td_in_space"] == pytest.approx(100 * (RATES["space_social"] + RATES["space_resource"]))
    assert members["sc_in_total"] == pytest.approx(100 * sum(RATES.values()))
    everyone = place["points_gained"]["everyone"]["independent"]
    assert everyone["td_in_total"] == pytest.approx(100 * sum(RATES.values()) * (1 + 2 * 0.1) / 3)


def test_where_there_is_nobody_there_is_no_mean() -> None:
    empty = standin(weeks=4)
    empty.workers["member"] = False
    found = json.loads(json.dumps(summary(empty), allow_nan=False))
    assert found["places"][0]["points_gained"]["members"]["employed"]["sc_in_space"] is None
    assert "0 of 60" in summary_text(found)
    assert dict(zip(*[iter(findings([empty])[2])] * 2, strict=True)) == {
        "Social-cognitive points: in the space, in total": "nobody, nobody"
    }


def test_no_space_is_said() -> None:
    none = standin(weeks=4)
    none.spaces = none.spaces.iloc[:0]
    assert "No coworking space." in summary_text(summary(none))


def test_findings_follow_the_numbers() -> None:
    rows = {row[0]: row[1:] for row in findings([standin(), standin({"Elsewhere": "other"}, people=90)])}
    assert rows[""] == ("Somewhere", "Elsewhere")
    assert rows["Members after three years"] == ("20 of 60 (33 %)", "30 of 90 (33 %)")
    assert rows["Technical-digital in the space: from people, equipment"] == ("+4.7, +3.1", "+4.7, +3.1")
