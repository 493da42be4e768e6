"""Tables of regions and lists of spaces of the user's own: what they resolve to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim.evidence.survey.respondents import flags_by
from coworksim.files.built_in import data_folder
from coworksim.files.errors import InputNote
from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.plausibility import warnings_of
from coworksim.files.scenario_writer import diff, to_yaml, write_scenario
from coworksim.files.uk_regions import COLUMNS, NUMBERS, OPTIONAL, real_regions, real_table
from coworksim.model.parameters.environment import INDICATORS
from coworksim.model.scenario import Space
from coworksim.model.state.rng import run_key
from coworksim.model.state.spaces import Regions, Spaces

from .files import HEAD, load
from .own_tables import ARLE, BOTH, BRAY, COLE, HEADER, OWN, SPACES, TABLE, refused, resolved


def test_a_table_gives_each_region_a_space_a_flag_and_indicators(tmp_path: Path) -> None:
    arle, bray, cole = resolved(tmp_path, text=OWN).regions
    assert [(r.code, r.name, r.flag, r.spaces, r.own_spaces) for r in (arle, bray, cole)] == [
        ("A1", "Arle", "left-behind", 1, ()),
        ("B2", "Bray, Upper", "other", 1, ()),
        ("C3", "Cole", "other", 1, ()),
    ]
    figures = real_table().figures
    stand_in = {name: around[""].mean for name, around in figures.around.items()}
    known = {"jobs_per_head": 0.4, "jobs_trend": 0.2, "work_training": 1.0, "public_provision": 1.0}
    assert {name: bray.indicators[name] for name in known} == known
    assert bray.indicators["household_income"] == stand_in["household_income_gbp"]
    assert bray.indicators["desk_price"] == 157.0
    users = figures.per_space.uk * stand_in["info_arts_employees_per_1000_people"] / 1000.0
    assert bray.indicators["users_per_space"] == pytest.approx(users)
    assert set(bray.gaps) == set(INDICATORS) - {"jobs_per_head", "jobs_trend"}


def test_optional_columns_take_the_place_of_what_stands_in(tmp_path: Path) -> None:
    figures = "household_income_gbp,desk_price_gbp,job_training_pct_england"
    rows = [f"{HEADER},{figures}", f"{ARLE},10000,,30", f"{BRAY},20000,120,", f"{COLE},30000,200,20"]
    found = resolved(tmp_path, "\ufeff" + "\r\n".join(rows) + "\r\n\r\n", text=OWN).regions
    england = real_table().figures.around["job_training_pct_england"]["England"].mean
    names = ("household_income", "desk_price", "work_training")
    wanted = [(10000.0, 157.0, 30 / england), (20000.0, 120.0, 1.0), (30000.0, 200.0, 20 / england)]
    for region, values in zip(found, wanted, strict=True):
        assert [region.indicators[name] for name in names] == pytest.approx(values)
    assert [{*region.gaps} & {*names} for region in found] == [{"desk_price"}, {"work_training"}, set()]


def test_the_built_in_table_is_a_table(tmp_path: Path) -> None:
    table = (data_folder() / "regions" / "uk_itl3.csv").read_bytes()
    for region in resolved(tmp_path, table, text=OWN).regions:
        real = real_regions()[region.code or ""]
        assert (region.name, region.flag) == (real.name, real.flag)
        assert all(region.indicators[name] == real.indicators[name] for name in ("jobs_per_head", "jobs_trend"))
        residents = real.by_users["residents"]
        assert region.indicators["work_training"] == 1.0
        assert residents.values["users_per_space"] > 0.0


def test_a_list_gives_regions_their_spaces_and_leaves_out_those_without(tmp_path: Path) -> None:
    arle, cole = resolved(tmp_path).regions
    assert (arle.code, arle.spaces, arle.own_spaces) == ("A1", 1, (Space(),))
    assert (cole.code, cole.spaces) == ("C3", 4)
    assert cole.own_spaces == (
        Space(name="One", desks=20, price=150.5),
        Space(desks=7),
        Space(name="Three", price=99.0),
        Space(),
    )


def test_desks_and_prices_reach_the_world(tmp_path: Path) -> None:
    scenario = resolved(
        tmp_path,
        text=BOTH + "parameters: {space.desks: 30, space.size_sd: 0, space.size_by_place: 0, space.price_sd: 0}\n",
    )
    regions = Regions.of(scenario)
    spaces = Spaces.of(scenario, regions, run_key(1, 0))
    here, there = (int(15_700 * level + 0.5) for level in regions.price_level)
    assert spaces.desks[spaces.open].tolist() == [30, 20, 7, 30, 30]
    assert spaces.price[spaces.open].tolist() == [here, 15_050, there, 9_900, there]
    assert np.flatnonzero(spaces.open).tolist() == [0, 7, 8, 9, 10]  # a region has room for six more


def test_a_list_alone_is_of_the_built_in_regions(tmp_path: Path) -> None:
    scenario = resolved(tmp_path, spaces="region\nTLC12\nTLK11\nTLC12\n", text="regions: {spaces: spaces.csv}\n")
    assert [(region.code, region.spaces) for region in scenario.regions] == [("TLC12", 2), ("TLK11", 1)]


def test_the_wide_rule_flags_tables_frames_and_codes_unless_an_entry_says_otherwise(tmp_path: Path) -> None:
    wide = "parameters: {frame.left_behind: wide}\n"
    assert [r.flag for r in resolved(tmp_path, text=OWN + wide).regions] == ["left-behind", "left-behind", "other"]
    frame = [load_scenario("uk-all", {"frame.left_behind": rule}).regions for rule in ("narrow", "wide")]
    assert [[sum(r.flag == "left-behind" for r in regions) for regions in frame]] == [
        [sum(real_regions()[r.code or ""].left_behind(wide=w) for r in frame[0]) for w in (False, True)]
    ]
    between = next(c for c, r in real_regions().items() if r.left_behind(wide=True) and not r.left_behind())
    entries = f"regions:\n  - like: {between}\n  - {{name: x, like: {between}, flag: other}}\n  - like: other\n"
    assert [r.flag for r in load(tmp_path, HEAD + entries).regions] == ["other", "other", "other"]
    assert [r.flag for r in load(tmp_path, HEAD + entries + wide).regions] == ["left-behind", "other", "other"]
    assert load_scenario("tiny", {"frame.left_behind": "wide"}, region=between).regions[0].flag == "left-behind"


def test_one_region_of_a_table_can_be_run_alone(tmp_path: Path) -> None:
    resolved(tmp_path)
    (cole,) = load_scenario(tmp_path / "case.yaml", region="C3").regions
    assert (cole.name, cole.spaces) == ("Cole", 4)


def test_a_written_scenario_loads_again_without_the_tables(tmp_path: Path) -> None:
    scenario = resolved(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    again = load(tmp_path / "elsewhere", to_yaml(scenario))
    assert (again.digest, again.regions) == (scenario.digest, scenario.regions)
    assert diff(again, scenario) == []
    real = load_scenario("uk-74-regions")
    assert load(tmp_path, to_yaml(real)).regions == real.regions


@pytest.mark.parametrize(
    ("old", "new", "entry"),
    [
        ("100000,50000", "100001,50000", "regions.Arle.indicators.jobs_per_head"),
        ("C3,,7,", "C3,,8,", "regions.Cole.spaces.1.desks"),
        ("Three,,99", "Three,,98", "regions.Cole.spaces.2.price"),
    ],
)
def test_digest_and_difference_follow_what_the_tables_hold(tmp_path: Path, old: str, new: str, entry: str) -> None:
    before = resolved(tmp_path)
    after = resolved(tmp_path, TABLE.replace(old, new), SPACES.replace(old, new))
    assert before.digest != after.digest
    assert entry in {one.name for one in diff(before, after)}


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    base = resolved(tmp_path / "base")
    assert load(tmp_path, HEAD + "extends: base/case.yaml\n").regions == base.regions


def test_every_column_of_figures_has_limits_that_hold_the_built_in_figures() -> None:
    assert set(COLUMNS) == {*NUMBERS, *OPTIONAL}
    for region in real_regions().values():
        for name, value in region.columns.items():
            assert (
                name not in COLUMNS or value is None or COLUMNS[name].low < value <= COLUMNS[name].high or value == 0.0
            )


CELLS = st.one_of(
    st.text(),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", " ", '"', '""', '"x"', "1e999", "0x1", "true", "~", "A1", "nan", "1 people", "\r", "\n", ","]),
)


@pytest.fixture(scope="module")
def attempt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], None]:
    folder = tmp_path_factory.mktemp("fuzz")

    def loads_or_refuses(table: str, spaces: str) -> None:
        with contextlib.suppress(ScenarioError):
            first, second = (text.encode("utf-8", "surrogatepass") for text in (table, spaces))
            scenario = resolved(folder, first, second)
            assert len(Regions.of(scenario).names) == len(scenario.regions)
            assert load(folder, to_yaml(scenario), "again.yaml").digest == scenario.digest

    return loads_or_refuses


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_cell_gives_a_scenario_or_a_refusal(attempt: Callable[[str, str], None], data: st.DataObject) -> None:
    texts = []
    for text in (TABLE, SPACES):
        cells = text.replace("\n", ",\n").split(",")
        for _ in range(data.draw(st.integers(0, 3))):
            at = data.draw(st.integers(0, len(cells) - 1))
            cells[at] = ("\n" if cells[at].startswith("\n") else "") + data.draw(CELLS)
        texts.append(",".join(cells).replace(",\n", "\n"))
    attempt(*texts)


def test_the_users_own_figures_decide_both_flags_whatever_is_built_in(tmp_path: Path) -> None:
    rows = (
        "TLC13,Darlington,North East,108210,54765,25783,86.4,11,0.1,0.05,0.0036,0.1476,",  # built in: other
        "TLE32,Sheffield,Yorkshire and The Humber,555035,278037,27805,81.7,11,0.1,0.9,0.0082,0.0658,0.3415",
        "TLL14,South West Wales,Wales,382481,164975,24709,66.4,5,1.4,0.9,0.0108,0.0095,0.2705",  # built in: left-behind
    )
    made = resolved(tmp_path, "\n".join((HEADER, *rows, "")), text=OWN)
    assert real_regions()["TLC13"].flags["narrow"] == "other"
    assert real_regions()["TLL14"].flags["wide"] == "left-behind"
    flags = [
        (place.code, flags_by(made, "narrow")[k], flags_by(made, "wide")[k]) for k, place in enumerate(made.regions)
    ]
    assert flags == [
        ("TLC13", "left-behind", "left-behind"),
        ("TLE32", "other", "left-behind"),
        ("TLL14", "other", "other"),
    ]
    write_scenario(made, tmp_path)
    again = load_scenario(tmp_path / "scenario.yaml")
    assert again.regions == made.regions
    assert again.digest == made.digest


def test_a_flag_that_the_user_gives_holds_for_every_rule(tmp_path: Path) -> None:
    made = load(tmp_path, HEAD + "regions:\n  - {like: TLC13, flag: left-behind}\n  - like: TLC14\n")
    assert [flags_by(made, rule)[0] for rule in ("narrow", "wide")] == ["left-behind", "left-behind"]
    said = load(tmp_path, HEAD + "regions:\n  - {like: TLC13, flags: {narrow: left-behind, wide: other}}\n")
    assert [flags_by(said, rule)[0] for rule in ("narrow", "wide")] == ["left-behind", "other"]


def _warned(folder: Path, table: str = TABLE, spaces: str = SPACES, text: str = BOTH) -> list[str]:
    return [line.replace(f"{folder}/", "") for line in warnings_of(resolved(folder, table, spaces, text))]


def test_the_built_in_table_as_ones_own_is_not_warned_of(tmp_path: Path) -> None:
    table = (data_folder() / "regions" / "uk_itl3.csv").read_text(encoding="utf-8")
    assert _warned(tmp_path, table, text=OWN) == []


#: Three regions as they may well be.
LIKELY = "\n".join(
    (
        HEADER,
        "TLX11,Northmoor,North East,210400,91200,24100,71.5,11,0.21,0.11,0.0041,0.019,0.19",
        "TLX12,Harbour Vale,North East,154300,60100,20900,62.2,11,-0.12,0.05,0.0032,0.0121,0.15",
        "TLX13,Castle and Weir,London,402100,231000,37400,111.3,0,1.31,0.82,0.0132,0.041,0.31",
        "",
    )
)


def test_what_can_hardly_be_a_table_of_regions_is_warned_of(tmp_path: Path) -> None:
    assert _warned(tmp_path, LIKELY, text=OWN) == []
    total = LIKELY + "UK,United Kingdom,London,766800,382300,31000,90,6,0.9,0.5,0.009,0.03,0.25\n"
    (found,) = _warned(tmp_path, total, text=OWN)
    assert found == "regions.csv:5:1: 'United Kingdom' has as many people as all other rows together: is it a total?"
    uk = LIKELY + "UK,United Kingdom,London,67000000,34000000,33000,100,6,1.03,0.6,0.012,0.03,0.3\n"
    assert "is it a total?" in _warned(tmp_path, uk, text=OWN)[0]
    thousands = LIKELY.replace("210400", "210.4")
    assert (
        "regions.csv:2:28: population is 210.4, and in the 179 ITL-3 regions"
        in _warned(tmp_path, thousands, text=OWN)[0]
    )
    poor = LIKELY.replace("111.3,0", "111.3,11")
    assert any(
        "GDP per head is 111.3 % of the UK's, and was below it in 11 of 11" in w
        for w in _warned(tmp_path, poor, text=OWN)
    )
    pounds = LIKELY.replace("37400", "374000")
    told = _warned(tmp_path, pounds, text=OWN)[-1]
    assert "'Castle and Weir': gdp_per_head_gbp over gdp_per_head_uk100 is 3360, and 337.1 in other rows" in told
    north = LIKELY.replace("North East", "North")
    assert _warned(tmp_path, north, text=OWN) == [
        "regions.csv:2:17: itl1 is 'North', which name no ITL-1 region: they are taken as labels"
    ]


def test_the_limits_of_what_is_warned_of(tmp_path: Path) -> None:
    """A total within two per cent, GDP beyond 90 and 110 % of the UK's, and columns half as much again apart."""
    rest = "90000,25000,80,11,0.9,0.5,0.006,0.02,0.2"
    rows = f"{HEADER}\nX1,One,London,150000,{rest}\nX2,Two,London,150000,{rest}\n"
    sized = f"{rows}X3,Whole,London,{{}},{rest}\n"
    for people, told in ((305_000, True), (307_000, False), (295_000, True), (293_000, False)):
        assert any("is it a total?" in line for line in _warned(tmp_path, sized.format(people), text=OWN)) is told
    gdp = f"{HEADER}\nX1,One,London,150000,90000,{{}},{{}},{{}},0.9,0.5,0.006,0.02,0.2\n"
    for share, years, told in ((110, 11, False), (110.5, 11, True), (90, 0, False), (89.5, 0, True), (89.5, 1, False)):
        found = _warned(tmp_path, gdp.format(round(300 * share), share, years), text=OWN)
        assert any("and was below it in" in line for line in found) is told
    apart = rows + "X3,Three,London,120000,90000,{},80,11,0.9,0.5,0.006,0.02,0.2\n"
    for pounds, told in ((37_400, False), (37_600, True), (16_800, False), (16_600, True)):
        assert (
            any("gdp_per_head_gbp over" in line for line in _warned(tmp_path, apart.format(pounds), text=OWN)) is told
        )


def test_a_space_named_twice_in_a_scenario_file_is_warned_of(tmp_path: Path) -> None:
    named = HEAD + "regions:\n  - like: other\n    spaces: [{name: One}, {name: One}, {desks: 3}, {desks: 3}]\n"
    (told,) = warnings_of(load(tmp_path, named))
    assert told.endswith("the space 'One' is listed more than once")


def test_a_space_that_is_listed_twice_is_warned_of(tmp_path: Path) -> None:
    spaces = "region,name\nTLX11,Yard\nTLX12,Yard\nTLX11,Yard\nTLX11,\nTLX11,\n"
    found = [line for line in _warned(tmp_path, LIKELY, spaces) if line.startswith("spaces.csv")]
    assert found == ["spaces.csv:4:7: the space 'Yard' of TLX11 is listed more than once (first in line 2)"]


def test_further_columns_are_not_read_and_a_misspelt_one_is_asked_about(tmp_path: Path) -> None:
    spaces = "region,name,dseks,lat,price_gbp_month\nTLX11,Yard,20,54.7,150\n"
    with pytest.warns(InputNote, match="spaces.csv:1:1: further columns are not read: 'lat'"):
        made = resolved(tmp_path, LIKELY, spaces, BOTH)
    assert made.regions[0].own_spaces == (Space(name="Yard", price=150.0),)
    assert any("spaces.csv:1:13: column 'dseks' is not read; is it desks?" in line for line in made.odd_figures)
    with pytest.raises(ScenarioError, match="unknown column 'populatoin'; write population"):
        resolved(tmp_path, LIKELY.replace("population,", "populatoin,", 1), text=OWN)


def test_strict_tables_say_what_to_write_for_what_offices_print(tmp_path: Path) -> None:
    cases = {
        ",0.19\n": {
            ",19%\n": "home_working_share is the text '19%'; write 0.19; ",
            ",[c]\n": "home_working_share is the text '[c]'; leave the cell empty; ",
        },
        "210400": {
            "[c]": "population is the text '[c]'; give a figure, or take the row out; ",
            '"210,400"': "population is the text '210,400', where the comma may mark decimals or thousands; write it "
            "without a sign between digits; ",
            "210400r": "population is the text '210400r'; write 210400; ",
        },
        ",0.21,": {",0.21%,": "jobs_trend_pct is the text '0.21%'; write 0.21; "},
        "TLX13": {"Note,,,,,,,,,,,,\nTLX13": "'Note' stands alone in its line; take notes out; "},
        HEADER: {
            f"A title\n{HEADER}": "the first line names no column of the table; begin with code, name, itl1",
            HEADER.replace(",", ";"): "cells are separated by semicolons; separate them by commas; ",
            "PK": "this is a workbook, or another packed file, and no table of text; coworksim table FILE --to NEW.csv",
        },
    }
    for old, tried in cases.items():
        for new, told in tried.items():
            first = refused(tmp_path, LIKELY.replace(old, new, 1), text=OWN)[0]
            assert told in first, (new, first)
            assert "coworksim table FILE --to NEW.csv" in first
