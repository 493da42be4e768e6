"""``coworksim regions TLC12``: one region beside the others, how each figure is known, and the regions most like it."""

from __future__ import annotations

import json
import math

import pytest
from click.testing import CliRunner

from coworksim.cli import commands
from coworksim.files.load import load_scenario
from coworksim.files.uk_regions import real_regions
from coworksim.model.parameters.environment import FIELDS
from coworksim.model.state.spaces import environment_of
from coworksim.report.region_page import NEAREST, page_of

call = CliRunner().invoke


def test_a_region_by_code_or_name_shows_each_field_with_its_rank() -> None:
    shown = call(commands, ["regions", "TLC12"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("South Teesside (TLC12), North East; left behind by the wide rule")
    assert call(commands, ["regions", "south teesside"]).output == shown.output
    found = json.loads(call(commands, ["regions", "TLC12", "--json"]).output)
    assert [row["field"] for row in found["fields"]] == list(FIELDS)
    world = load_scenario("uk-all", {"environment.draw": 0}, quiet=True)
    all_ = {region.code: environment_of(region, world) for region in world.regions}
    for row in found["fields"]:
        values = [of[row["field"]] for of in all_.values()]
        assert row["value"] == all_["TLC12"][row["field"]]
        # the frame leaves out regions without a space, which the page counts
        assert 0 <= row["rank"] - 1 - sum(value > row["value"] for value in values) <= 179 - len(values)


def test_ranks_of_a_field_are_those_of_all_regions() -> None:
    pages = [page_of(code) for code in real_regions()]
    for at, field in enumerate(FIELDS):
        rows = [page.fields[at] for page in pages]
        assert {row.field for row in rows} == {field}
        by_value = sorted(rows, key=lambda row: -row.value)
        assert [row.rank for row in by_value] == sorted(row.rank for row in rows)
        assert by_value[0].rank == 1
        assert min(row.value for row in rows) <= rows[0].median <= max(row.value for row in rows)


def test_the_nearest_regions_are_the_nearest_and_distance_is_mutual() -> None:
    pages = {code: page_of(code) for code in real_regions()}
    for code, page in pages.items():
        distances = [one.distance for one in page.nearest]
        assert (len(distances), distances) == (NEAREST, sorted(distances))
        assert code not in {one.code for one in page.nearest}
        for one in page.nearest:
            back = {other.code: other.distance for other in pages[one.code].nearest}
            if code in back:
                assert math.isclose(back[code], one.distance)
            else:
                assert max(back.values()) <= one.distance


def test_a_figure_that_stands_in_is_not_shown_as_the_region_s_own() -> None:
    region = next(one for one in load_scenario("uk-all", quiet=True).regions if one.gaps and one.code)
    rows = {row.follows: row for row in page_of(region.code or "").fields}
    blank = [row for row in rows.values() if row.figure is None]
    assert len(blank) == len(region.gaps)
    assert {row.known for row in blank} == {"no figure of the region: a value stands in"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Highland", "the authority Highland lies in TLM61"),
        ("Newcastle", "write one of these: Newcastle upon Tyne, Newcastle-under-Lyme"),
        ("tinny", "no scenario is called 'tinny'"),
    ],
)
def test_what_is_no_one_region_is_refused(said: str, words: str) -> None:
    done = call(commands, ["regions", said])
    assert done.exit_code == 2
    assert words in " ".join(done.output.split())
