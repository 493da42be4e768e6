"""Tables of regions and lists of spaces of the user's own: what they resolve to, and where each flaw is told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colearn.quantities.regions import INDICATORS
from colearn.scenario import Scenario, ScenarioError, Space, diff, load_scenario
from colearn.scenario.regions import NUMBERS, TEXT, real_regions
from colearn.scenario.registry import data_folder
from colearn.scenario.tables import COLUMNS, OPTIONAL
from colearn.world.draws import run_key
from colearn.world.regions import Regions
from colearn.world.spaces import Spaces

from .files import HEAD, load

HEADER = ",".join((*TEXT, *NUMBERS))
ARLE = "A1,Arle,North,100000,50000,20000,70,11,0.2,0.2,0.004,0.02,"
BRAY = 'B2,"Bray, Upper",North,200000,80000,30000,90,11,0.2,0.9,0.01,0.03,0.3'
COLE = "C3,Cole,South,400000,300000,60000,140,2,1.5,0.8,0.05,0.06,0.4"
TABLE = f"{HEADER}\n{ARLE}\n{BRAY}\n{COLE}\n"
SPACES = "region,name,desks,price_gbp_month\nC3,One,20,150.5\nA1,,,\nC3,,7,\nC3,Three,,99\nC3,,,\n"
OWN = "regions: {table: regions.csv}\n"
BOTH = "regions: {table: regions.csv, spaces: spaces.csv}\n"


def resolved(folder: Path, table: str | bytes = TABLE, spaces: str | bytes = SPACES, text: str = BOTH) -> Scenario:
    for name, content in (("regions.csv", table), ("spaces.csv", spaces)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return load(folder, HEAD + text)


def refused(folder: Path, table: str | bytes = TABLE, spaces: str | bytes = SPACES, text: str = BOTH) -> list[str]:
    with pytest.raises(ScenarioError) as found:
        resolved(folder, table, spaces, text)
    return [str(problem).replace(f"{folder}/", "") for problem in found.value.problems]


def test_a_table_gives_each_region_a_space_a_flag_and_indicators(tmp_path: Path) -> None:
    arle, bray, cole = resolved(tmp_path, text=OWN).regions
    assert [(r.code, r.name, r.flag, r.spaces, r.own_spaces) for r in (arle, bray, cole)] == [
        ("A1", "Arle", "left-behind", 1, ()),
        ("B2", "Bray, Upper", "other", 1, ()),
        ("C3", "Cole", "other", 1, ()),
    ]
    assert dict(bray.indicators) == {
        "population": 200_000.0, "jobs_per_head": 0.4, "gdp_per_head": 90.0, "jobs_trend": 0.2,
        "creative_share": 0.01, "digital_skills": 79.0, "desk_price": 157.0,
    }  # fmt: skip
    assert bray.uk_values == ("digital_skills", "desk_price")


def test_optional_columns_replace_the_uk_values_and_gdp(tmp_path: Path) -> None:
    rows = [f"{HEADER},{','.join(OPTIONAL)}", f"{ARLE},70,,10000", f"{BRAY},,120,20000", f"{COLE},88,200,30000"]
    found = resolved(tmp_path, "\ufeff" + "\r\n".join(rows) + "\r\n\r\n", text=OWN).regions
    names = ("gdp_per_head", "digital_skills", "desk_price")
    assert [tuple(region.indicators[name] for name in names) for region in found] == [
        (50.0, 70.0, 157.0), (100.0, 79.0, 120.0), (150.0, 88.0, 200.0),
    ]  # fmt: skip
    assert [region.uk_values for region in found] == [("desk_price",), ("digital_skills",), ()]


def test_the_built_in_table_is_a_table(tmp_path: Path) -> None:
    table = (data_folder() / "regions" / "uk_itl3.csv").read_bytes()
    for region in resolved(tmp_path, table, text=OWN).regions:
        real = real_regions()[region.code or ""]
        same = set(INDICATORS) - {"digital_skills", "desk_price"}
        assert (region.name, region.flag) == (real.name, real.flag)
        assert all(region.indicators[name] == real.indicators[name] for name in same)


def test_a_list_gives_regions_their_spaces_and_leaves_out_those_without(tmp_path: Path) -> None:
    arle, cole = resolved(tmp_path).regions
    assert (arle.code, arle.spaces, arle.own_spaces) == ("A1", 1, (Space(),))
    assert (cole.code, cole.spaces) == ("C3", 4)
    assert cole.own_spaces == (
        Space(name="One", desks=20, price=150.5), Space(desks=7), Space(name="Three", price=99.0), Space(),
    )  # fmt: skip


def test_desks_and_prices_reach_the_world(tmp_path: Path) -> None:
    scenario = resolved(tmp_path, text=BOTH + "quantities: {management.spare_spaces: 1, space.desks: 30}\n")
    regions = Regions.of(scenario)
    spaces = Spaces.of(scenario, regions, run_key(1, 0))
    here, there = (int(15_700 * level + 0.5) for level in regions.price_level)
    assert spaces.desks.tolist() == [30, 30, 20, 7, 30, 30, 30]
    assert spaces.price.tolist() == [here, here, 15_050, there, 9_900, there, there]
    assert spaces.open.tolist() == [True, False, True, True, True, True, False]


def test_a_list_alone_is_of_the_built_in_regions(tmp_path: Path) -> None:
    scenario = resolved(tmp_path, spaces="region\nTLC12\nTLK11\nTLC12\n", text="regions: {spaces: spaces.csv}\n")
    assert [(region.code, region.spaces) for region in scenario.regions] == [("TLC12", 2), ("TLK11", 1)]


def test_the_wide_rule_flags_tables_frames_and_codes_unless_an_entry_says_otherwise(tmp_path: Path) -> None:
    wide = "quantities: {frame.left_behind: wide}\n"
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
    again = load(tmp_path / "elsewhere", scenario.to_yaml())
    assert (again.digest, again.regions) == (scenario.digest, scenario.regions)
    assert diff(again, scenario) == []
    real = load_scenario("uk-74-regions")
    assert load(tmp_path, real.to_yaml()).regions == real.regions


@pytest.mark.parametrize(
    ("old", "new", "entry"),
    [
        ("100000,50000", "100001,50000", "regions.Arle.indicators.population"),
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


REGION_FLAWS = {
    "misspelt column": (",jobs,", ",job,", ["regions.csv:1:27: unknown column 'job'; write jobs"]),
    "missing column": (
        "years_gdp_below_uk,", "",
        [f"regions.csv:1:163: the table lacks years_gdp_below_uk; write the columns {HEADER.replace(',', ', ')}"],
    ),
    "column twice": ("code,name", "code,code,name", ["regions.csv:1:6: a second column code; keep one"]),
    "semicolons": (",", ";", ["regions.csv:1:1: cells are separated by semicolons; separate them by commas"]),
    "no number": (
        ",50000,", ",many,",
        ["regions.csv:2:22: jobs is the text 'many'; write a number, bare or as 121527 jobs"],
    ),
    "empty": (
        ",50000,", ",,", ["regions.csv:2:22: jobs is nothing; write a number, bare or as 121527 jobs"],
    ),
    "behind blanks": (
        ",50000,",
        ",  x,",
        ["regions.csv:2:24: jobs is the text 'x'; write a number, bare or as 121527 jobs"],
    ),
    "infinite": (
        ",50000,", ",inf,",
        ["regions.csv:2:22: jobs is inf, which is no finite number; write a number, bare or as 121527 jobs"],
    ),
    "behind quotation marks": (
        "200000", "-3",
        ["regions.csv:3:24: population is -3, but its logarithm is taken; "
         "write a number from 1 to 10000000000 people"],
    ),
    "out of range": (
        ",11,0.2,0.2", ",12,0.2,0.2",
        ["regions.csv:2:37: years_gdp_below_uk is 12; write a number from 0 to 11 years"],
    ),
    "code twice": (
        "C3,", "A1,",
        ["regions.csv:4:1: a second region with the code 'A1' (the first is in line 2); write each code once"],
    ),
    "name twice": (
        "Cole", "Arle",
        ["regions.csv:4:4: a second region with the name 'Arle' (the first is in line 2); write each name once"],
    ),
    "no name": (
        "Cole", "",
        ["regions.csv:4:4: name is ''; write one line of at most 100 printable characters, "
         "with no space at either end"],
    ),
    "too few cells": (
        ",0.06,0.4", ",0.06",
        ["regions.csv:4:58: 12 cells for 13 columns; write 13, those with a comma inside between quotation marks"],
    ),
    "too many cells": (
        '"Bray, Upper"', "Bray, Upper",
        ["regions.csv:3:65: 14 cells for 13 columns; write 13, those with a comma inside between quotation marks"],
    ),
    "open quotation mark": (
        'Upper"', "Upper",
        ["regions.csv:3:4: a quotation mark opens or ends inside a cell; "
         "put the whole cell between quotation marks in one line, and double those inside it"],
    ),
    "invisible character": ("Cole", "Co\x07le", ["regions.csv:4:6: invisible character U+0007; delete it"]),
}  # fmt: skip


@pytest.mark.parametrize("flaw", REGION_FLAWS)
def test_a_flaw_of_a_table_is_told_where_it_is(tmp_path: Path, flaw: str) -> None:
    old, new, told = REGION_FLAWS[flaw]
    assert old in TABLE
    assert refused(tmp_path, TABLE.replace(old, new), text=OWN) == told


SPACE_FLAWS = {
    "C3,One,20,150.5": {
        "C33,One,20,150.5": "spaces.csv:2:1: no region has the code 'C33'; "
        "write the code of a region of this table, such as C3 (Cole)",
        "Cole,One,20,150.5": "spaces.csv:2:1: no region has the code 'Cole'; "
        "write the code of a region of this table, such as C3 (Cole)",
        "C3,One,2.5,150.5": "spaces.csv:2:8: desks is the number 2.5; it must be a whole number",
        "C3,One,20,-1": "spaces.csv:2:11: price_gbp_month is the number -1; it must lie between 0 and 5000 GBP/month",
        "C3,One\u200b,20,1": "spaces.csv:2:4: name is 'One\\u200b'; "
        "write one line of at most 100 printable characters, with no space at either end",
    },
    "region,": {
        "regions,": "spaces.csv:1:1: unknown column 'regions'; write region",
    },
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, flaws in SPACE_FLAWS.items() for new in flaws])
def test_a_flaw_of_a_list_is_told_where_it_is(tmp_path: Path, old: str, new: str) -> None:
    assert refused(tmp_path, spaces=SPACES.replace(old, new, 1)) == [SPACE_FLAWS[old][new]]


def test_flaws_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, TABLE.replace("50000", "x").replace("0.05,", "0,"), SPACES.replace("C3,,7", "C3,,x"))
    assert [line.partition(" ")[0] for line in found] == ["regions.csv:2:22:", "regions.csv:4:49:", "spaces.csv:4:5:"]


def test_at_most_64_spaces_in_a_region_and_1024_regions(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, spaces="region\n" + "C3\n" * 65)
    assert told == "spaces.csv:66:1: one space more than 64 in 'C3'; write at most 64 spaces in a region"
    rows = [ARLE.replace("A1,Arle", f"A{k},Arle {k}") for k in range(1025)]
    assert refused(tmp_path, "\n".join([HEADER, *rows]), text=OWN) == [
        "regions.csv:1026:1: 1025 regions; write at most 1024"
    ]
    assert len(resolved(tmp_path, "\n".join([HEADER, *rows[1:]]), text=OWN).regions) == 1024


FILES = {
    "regions: {table: none.csv}": "case.yaml:3:18: there is no file 'none.csv'; write the path of a file",
    "regions: {table: .}": "case.yaml:3:18: '' is not a file; write the path of a file",
    "regions: {table: ../x.csv}": "case.yaml:3:18: the path '../x.csv' leaves the folder of this file; "
    "write a path that stays in the folder of this file",
    "regions: {tabel: x.csv}": "case.yaml:3:11: unknown key 'tabel' in regions; write table",
    "regions: {}": "case.yaml:3:10: regions names no tables; write {table: FILE.csv} or {spaces: FILE.csv} or both",
    "regions: {table: [x]}": "case.yaml:3:18: regions.table is a list; write text",
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_that_cannot_be_read_is_told_where_it_is_named(tmp_path: Path, text: str) -> None:
    assert [line.replace(f"'{tmp_path}'", "''") for line in refused(tmp_path, text=text + "\n")] == [FILES[text]]


CONTENT: dict[bytes, str] = {
    b"": "1:1: the file is empty; write in its first line region",
    b"region\n": "1:1: the table has no rows; write one line for each region or space",
    b"region\nA1\n\xff": "3:1: byte 0xff is not UTF-8 text; save the file as UTF-8",
    b"region\n" + b" " * 5_000_000: "1:1: the file is larger than 5 MB; write a smaller file",
}


@pytest.mark.parametrize("content", CONTENT, ids=["empty", "no rows", "not UTF-8", "too large"])
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, spaces=content) == [f"spaces.csv:{CONTENT[content]}"]


def test_every_column_of_figures_has_limits_that_hold_the_built_in_figures() -> None:
    assert set(COLUMNS) == {*NUMBERS, *OPTIONAL}
    for region in real_regions().values():
        for name, value in region.columns.items():
            assert value is None or COLUMNS[name].low < value <= COLUMNS[name].high or value == 0.0


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
            assert load(folder, scenario.to_yaml(), "again.yaml").digest == scenario.digest

    return loads_or_refuses


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
