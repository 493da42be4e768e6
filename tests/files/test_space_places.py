"""A list of spaces may say in several ways where they are; what is not sure is refused or told, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.errors import InputWarning
from coworksim.files.load import ScenarioError
from coworksim.files.uk_regions import real_regions
from coworksim.model.scenario import MOST_SPACES, Scenario

from .files import HEAD, load

LIST = "regions: {spaces: spaces.csv}\n"


def _read(folder: Path, spaces: str, text: str = LIST) -> Scenario:
    (folder / "spaces.csv").write_text(spaces, encoding="utf-8")
    return load(folder, HEAD + text)


def _refused(folder: Path, spaces: str, text: str = LIST) -> list[str]:
    with pytest.raises(ScenarioError) as found:
        _read(folder, spaces, text)
    return [str(problem).replace(f"{folder}/", "") for problem in found.value.problems]


def _names(scenario: Scenario) -> dict[str, int]:
    return {region.name: region.spaces for region in scenario.regions}


def test_degrees_metres_and_names_mean_the_same_region(tmp_path: Path) -> None:
    by_degrees = _read(tmp_path, "name,longitude,latitude\nOne,-1.50,53.83\n")
    by_metres = _read(tmp_path, "easting,northing,name\n433000,437000,One\n")
    by_name = [_read(tmp_path, f"name,place\nOne,{said}\n") for said in ("Leeds", "leeds", "E08000035", "TLE42")]
    assert [_names(one) for one in (by_degrees, by_metres, *by_name)] == [{"Leeds": 1}] * 6


def test_a_row_may_say_it_in_another_way_than_its_neighbours(tmp_path: Path) -> None:
    rows = ["region,longitude,latitude,place,desks", "TLE42,,,,5", ",-3.40,52.30,,6", ',,,"Bristol",7']
    found = _read(tmp_path, "\n".join(rows) + "\n")
    assert _names(found) == {"Leeds": 1, "Powys": 1, "Bristol, City of": 1}
    assert [region.own_spaces[0].desks for region in found.regions if region.code == "TLE42"] == [5]


def test_swapped_degrees_are_refused_with_both_as_they_should_be(tmp_path: Path) -> None:
    (told,) = _refused(tmp_path, "longitude,latitude\n53.83,-1.5\n")
    assert told == (
        "spaces.csv:2:1: longitude 53.83 and latitude -1.5 are swapped; write longitude -1.5 and latitude 53.83"
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("longitude,latitude\n2.3,55.0\n", "outside the boundaries of all regions; the nearest is TL"),
        ("longitude,latitude\n1.50,53.83\n", "with longitude -1.5 it would lie in TLE42 (Leeds)"),
        ("longitude,latitude\n-74.0,40.7\n", "are not in the UK"),
        ("longitude,latitude\n433000,437000\n", "put metres of the National Grid in easting, northing"),
        ("name,longitude,latitude\nOne,-1.5,\n", "one of longitude and latitude is missing; write both"),
        ('longitude,latitude\n"-1,5",53.83\n', "longitude is the text '-1,5'"),
        ("easting,northing\n-1.5,53.83\n", "easting -1.5 and northing 53.83 are not in the UK"),
        ("easting,northing\n10,999999\n", "outside the boundaries of all regions"),
        ("place\nTS1 3BA\n", "is a postcode: no table of postcodes comes with coworksim"),
        ("place\nBS\n", "a postcode area may lie in several regions; write its region, its longitude and latitude"),
        ("postcode,name\nLS1 4DY,One\n", "'LS1 4DY' is a postcode"),
        ("place\nNewcastle\n", "may be several places; write one of these: Newcastle upon Tyne, Newcastle-under-Lyme"),
        ("place\nHighland\n", "the authority Highland lies in TLM61"),
        ("place\nAtlantis\n", "is not the name of one place that is known"),
        ("name,place,longitude,latitude\nOne,,,\n", "stands alone in its line"),
        ("desks,place,longitude,latitude,name\n4,,,,One\n", "nothing says where this space is; write its region"),
        ("name,desks\nOne,4\n", "the table lacks region"),
        ("longitude,latitude,opened,closed\n-1.5,53.83,2020-01-02,2020-01-01\n", "closes before it has opened"),
        ("longitude,latitude,opened\n-1.5,53.83,2020\n", "write a day of the years 1900 to 2200 as YYYY-MM-DD"),
    ],
)
def test_what_is_not_sure_is_refused(tmp_path: Path, rows: str, words: str) -> None:
    told = _refused(tmp_path, rows)
    assert any(words in one for one in told), told


def test_a_place_near_a_border_is_taken_and_told(tmp_path: Path) -> None:
    with pytest.warns(InputWarning, match=r"2 spaces lie within 2\.5 km of another region \(lines 2, 3\)"):
        found = _read(tmp_path, "longitude,latitude\n-0.12,51.515\n-0.10,51.52\n-3.40,52.30\n")
    assert _names(found) == {"Camden and City of London": 2, "Powys": 1}


def test_a_place_just_off_the_simplified_coast_is_taken_for_the_nearest_region_and_told(tmp_path: Path) -> None:
    with pytest.warns(InputWarning, match=r"1 space lies a little outside the boundaries.*write the region"):
        found = _read(tmp_path, "longitude,latitude\n-0.1435,50.806\n")
    assert list(_names(found)) == ["Brighton and Hove"]


def test_a_region_that_coordinates_contradict_is_told(tmp_path: Path) -> None:
    with pytest.warns(InputWarning, match=r"the coordinates of this space lie in TLE42 \(Leeds\)"):
        found = _read(tmp_path, "region,longitude,latitude\nTLC12,-1.50,53.83\n")
    assert [region.code for region in found.regions] == ["TLC12"]


def test_the_same_space_twice_is_told_by_its_name_and_by_its_place(tmp_path: Path) -> None:
    rows = [
        "name,longitude,latitude",
        "The Mill,-1.50,53.83",
        "the  mill!,-1.55,53.85",
        "Yard,-3.4,52.3",
        "Old Yard,-3.40001,52.3",
        "Far Yard,-3.401,52.3",
    ]
    with pytest.warns(InputWarning) as found:
        _read(tmp_path, "\n".join(rows) + "\n")
    told = "\n".join(str(one.message) for one in found)
    assert "spaces.csv:3:1: the space 'the  mill!' of TLE42 is listed more than once (first in line 2)" in told
    assert "spaces.csv:5:1: this space lies 1 m from that in line 4: is it the same?" in told
    assert "spaces.csv:6" not in told


def test_a_place_outside_a_table_of_ones_own_is_refused_by_the_name_of_its_region(tmp_path: Path) -> None:
    table = (Path(__file__).parents[2] / "scenarios" / "regions" / "uk_itl3.csv").read_text(encoding="utf-8")
    head, *rows = table.splitlines()
    (tmp_path / "regions.csv").write_text("\n".join([head, *rows[:5]]) + "\n", encoding="utf-8")
    text = "regions: {table: regions.csv, spaces: spaces.csv}\n"
    (told,) = _refused(tmp_path, "longitude,latitude\n-1.50,53.83\n", text)
    assert "this space lies in TLE42 (Leeds), which this table does not have" in told


def test_five_hundred_spaces_in_a_region_and_not_one_more(tmp_path: Path) -> None:
    assert MOST_SPACES == 500
    rows = "region\n" + "TLE42\n" * 500
    found = _read(tmp_path, rows, LIST + "parameters: {environment.catchment: 100}\n")
    assert _names(found) == {"Leeds": 500}
    (told,) = _refused(tmp_path, rows + "TLE42\n")
    assert "more than 500 spaces in 'TLE42'; write at most 500 spaces in a region" in told


def test_every_region_is_found_by_its_name(tmp_path: Path) -> None:
    rows = "place\n" + "".join(f'"{place.name}"\n' for place in real_regions().values())
    assert [region.code for region in _read(tmp_path, rows).regions] == list(real_regions())


def test_more_people_than_keys_are_refused_before_anything_runs(tmp_path: Path) -> None:
    (told,) = _refused(tmp_path, "region\n" + "TLE42\n" * 400)
    assert "region Leeds has " in told
    assert "65,536 is the most" in told
    assert "its spaces times environment.catchment" in told
    assert _names(_read(tmp_path, "region\n" + "TLE42\n" * 400, LIST + "parameters: {environment.catchment: 100}\n"))
