"""Left-behind regions against others: measured as is published, and mapped into worlds as declared."""

from __future__ import annotations

import math
from typing import Any

import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.files.load import load_scenario
from coworksim.model.parameters.environment import FIELDS, TREND
from coworksim.report.region_contrasts import Contrast, contrasts, measured

#: Ratios of geometric means over regions with figures, worked out apart from this code (95 %).
PUBLISHED = {
    "creative_share": (0.50, 0.41, 0.61),
    "household_income": (0.88, 0.84, 0.92),
    "people_within_30km": (0.30, 0.20, 0.46),
    "work_training": (0.93, 0.85, 1.01),
    "public_provision": (1.08, 1.00, 1.19),
}


def test_measured_contrasts_are_those_found_apart_from_this_code() -> None:
    for indicator, wanted in PUBLISHED.items():
        found = measured(indicator, "creative_employees", figures_alone=True).ratio
        assert [round(end, 2) for end in found] == pytest.approx(wanted, abs=0.025), indicator


def table(name: str, **settings: object) -> dict[str, dict[str, Any]]:
    rows = contrasts(load_scenario(name, {f"environment.{key}": value for key, value in settings.items()}))
    return {str(row["field"]): {str(key): value for key, value in row.items()} for row in rows.to_dict("records")}


def test_the_fields_of_the_uk_have_the_contrasts_that_are_mapped() -> None:
    for users_by in ("creative_employees", "residents", "professionals", "businesses"):
        found = table("uk-all", users_by=users_by)
        assert set(found) == set(FIELDS)
        for field, row in found.items():
            assert row["mapped_low"] <= row["here"] <= row["mapped_high"], (users_by, field)


def test_a_sample_of_the_uk_has_them_within_the_errors_of_both() -> None:
    assert {field: row["agrees"] for field, row in table("uk-74-regions").items()} == dict.fromkeys(FIELDS, True)


def test_a_world_without_differences_or_with_other_responses_is_told_apart() -> None:
    none = table("uk-74-regions", differences="none")["firm_density"]
    assert none["here"] == pytest.approx(1.0)
    assert not none["mapped_low"] <= none["here"] <= none["mapped_high"]
    half, whole = (table("uk-all", firm_density_response=e)["firm_density"] for e in (0.5, 1.0))
    assert half["mapped"] == pytest.approx(math.sqrt(whole["mapped"]))
    assert half["here"] == pytest.approx(math.sqrt(whole["here"]))


def test_a_contrast_by_hand() -> None:
    found = Contrast.of([1.0, 2.0, 3.0], [0.0, 2.0], 0.25)
    assert found.value == 1.0
    assert found.half == pytest.approx(1.959964 * math.sqrt(1.0 / 3.0 + 2.0 / 2.0 + 0.25))


def test_a_scenario_with_one_kind_of_region_has_no_contrast() -> None:
    assert math.isnan(table("uk-left-behind")[TREND]["here"])


def test_the_command_shows_contrasts_and_the_frame_beside_published_counts() -> None:
    shown = CliRunner().invoke(commands, ["regions", "uk-all", "--contrasts"])
    assert shown.exit_code == 0, shown.output
    assert all(any(line.startswith(field) for line in shown.output.splitlines()) for field in FIELDS)
    frame = CliRunner().invoke(commands, ["regions", "uk-all", "--frame"])
    assert "Manchester" in frame.output
    assert "0.53" in frame.output
    both = CliRunner().invoke(commands, ["regions", "uk-all", "--frame", "--contrasts"])
    assert (both.exit_code, "give one of" in both.output) == (2, True)
