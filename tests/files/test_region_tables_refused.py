"""Flaws in tables of regions and lists of spaces: each is told where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.errors import Mark, Problems
from coworksim.files.region_tables import CONVERT, _figure
from coworksim.files.uk_regions import COLUMNS
from coworksim.files.yaml_reader import Scalar

from .own_tables import ARLE, HEADER, OWN, SPACES, TABLE, refused, resolved

REGION_FLAWS = {
    "misspelt column": (",jobs,", ",job,", ["regions.csv:1:27: unknown column 'job'; write jobs"]),
    "missing column": (
        "years_gdp_below_uk,",
        "",
        [f"regions.csv:1:163: the table lacks years_gdp_below_uk; write the columns {HEADER.replace(',', ', ')}"],
    ),
    "column twice": ("code,name", "code,code,name", ["regions.csv:1:6: a second column code; keep one"]),
    "semicolons": (
        ",",
        ";",
        [f"regions.csv:1:1: cells are separated by semicolons; separate them by commas; {CONVERT}"],
    ),
    "no number": (
        ",50000,",
        ",many,",
        ["regions.csv:2:22: jobs is the text 'many'; write a number, bare or as 148292 jobs"],
    ),
    "empty": (
        ",50000,",
        ",,",
        ["regions.csv:2:22: jobs is nothing; write a number, bare or as 148292 jobs"],
    ),
    "behind blanks": (
        ",50000,",
        ",  y,",
        ["regions.csv:2:24: jobs is the text 'y'; write a number, bare or as 148292 jobs"],
    ),
    "infinite": (
        ",50000,",
        ",inf,",
        ["regions.csv:2:22: jobs is inf, which is no finite number; write a number, bare or as 148292 jobs"],
    ),
    "behind quotation marks": (
        "200000",
        "-3",
        ["regions.csv:3:24: population is -3, but its logarithm is taken; write a number from 1 to 10000000000 people"],
    ),
    "out of range": (
        ",11,0.2,0.2",
        ",12,0.2,0.2",
        ["regions.csv:2:37: years_gdp_below_uk is 12; write a number from 0 to 11 years"],
    ),
    "code twice": (
        "C3,",
        "A1,",
        ["regions.csv:4:1: a second region with the code 'A1' (the first is in line 2); write each code once"],
    ),
    "name twice": (
        "Cole",
        "Arle",
        ["regions.csv:4:4: a second region with the name 'Arle' (the first is in line 2); write each name once"],
    ),
    "no name": (
        "Cole",
        "",
        [
            "regions.csv:4:4: name is ''; write one line of at most 100 printable characters, "
            "with no space at either end"
        ],
    ),
    "too few cells": (
        ",0.06,0.4",
        ",0.06",
        ["regions.csv:4:58: 12 cells for 13 columns; write 13, those with a comma inside between quotation marks"],
    ),
    "too many cells": (
        '"Bray, Upper"',
        "Bray, Upper",
        ["regions.csv:3:65: 14 cells for 13 columns; write 13, those with a comma inside between quotation marks"],
    ),
    "open quotation mark": (
        'Upper"',
        "Upper",
        [
            "regions.csv:3:4: a quotation mark opens or ends inside a cell; "
            "put the whole cell between quotation marks in one line, and double those inside it"
        ],
    ),
    "invisible character": ("Cole", "Co\x07le", ["regions.csv:4:6: invisible character U+0007; delete it"]),
}


def test_a_flaw_of_a_table_is_told_where_it_is(tmp_path: Path) -> None:
    assert [flaw for flaw, (old, *_) in REGION_FLAWS.items() if old not in TABLE] == []
    found = {flaw: refused(tmp_path, TABLE.replace(old, new), text=OWN) for flaw, (old, new, _) in REGION_FLAWS.items()}
    assert found == {flaw: told for flaw, (*_, told) in REGION_FLAWS.items()}


#: Least and most of each column, and whether a logarithm is taken of it.
LIMITS = {
    "population": ("1", "1e10", True),
    "jobs": ("1", "1e10", True),
    "gdp_per_head_gbp": ("0", "1e9", False),
    "gdp_per_head_uk100": ("0.01", "1e6", True),
    "years_gdp_below_uk": ("0", "11", False),
    "jobs_trend_pct": ("-100", "100", False),
    "population_growth_pct": ("-100", "100", False),
    "creative_gva_share": ("1e-6", "1", True),
    "telecom_it_gva_share": ("0", "1", False),
    "home_working_share": ("0", "1", False),
    "desk_price_gbp": ("0.01", "1e6", True),
    "job_training_pct_england": ("0.001", "100", True),
    "job_training_4wk_pct_scotland": ("0.001", "100", True),
    "fe_learners_per_100k_england": ("0.001", "1e6", True),
    "household_income_gbp": ("0.01", "1e9", True),
    "businesses_per_1000_people": ("0.001", "1e6", True),
    "professional_occupations_pct": ("0.001", "100", True),
    "creative_digital_gva_share": ("1e-6", "1", True),
    "info_arts_employees_per_1000_people": ("0.001", "1e6", True),
    "people_within_30km": ("1", "1e10", True),
}


def _read(text: str, column: str) -> tuple[float | None, str]:
    problems = Problems()
    value = _figure(Scalar(Mark("t.csv", 2, 1), text), column, problems)
    return value, " ".join(map(str, problems.listed()))


def test_a_figure_lies_within_the_limits_of_its_column(subtests: pytest.Subtests) -> None:
    assert list(LIMITS) == list(COLUMNS)
    for column, (low, high, log) in LIMITS.items():
        with subtests.test(column):
            assert _read(low, column) == (float(low), "")
            assert _read(high, column) == (float(high), "")
            for beyond in (float(low) - 1e-7, float(high) + 1.0):
                value, said = _read(str(beyond), column)
                assert value is None
                assert f"write a number from {float(low):.12g} to {float(high):.12g}" in said
            assert ("but its logarithm is taken" in _read("-200", column)[1]) is log
            assert ("but its logarithm is taken" in _read("0", column)[1]) is log
            assert "but its logarithm is taken" not in _read("1e11", column)[1]


def test_where_the_names_of_the_columns_cannot_be_read_nothing_is_said_of_the_rows(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, TABLE.replace("code,", '"code,', 1), text=OWN)
    assert told.startswith("regions.csv:1:1: a quotation mark opens or ends inside a cell")


SPACE_FLAWS = {
    "C3,One,20,150.5": {
        "C33,One,20,150.5": "spaces.csv:2:1: no region has the code 'C33'; "
        "write the code of a region of this table: A1, B2, C3",
        "Cole,One,20,150.5": "spaces.csv:2:1: no region has the code 'Cole'; write C3 (Cole)",
        "C3,One,2.5,150.5": "spaces.csv:2:8: desks is the number 2.5; it must be a whole number",
        "C3,One,20,-1": "spaces.csv:2:11: price_gbp_month is the number -1; it must lie between 0 and 5000 GBP/month",
        "C3,One\u200b,20,1": "spaces.csv:2:4: name is 'One\\u200b'; "
        "write one line of at most 100 printable characters, with no space at either end",
    },
    "region,": {
        "regions,": "spaces.csv:1:1: unknown column 'regions'; write region",
    },
}


def test_a_flaw_of_a_list_is_told_where_it_is(tmp_path: Path) -> None:
    for old, flaws in SPACE_FLAWS.items():
        found = {new: refused(tmp_path, spaces=SPACES.replace(old, new, 1)) for new in flaws}
        assert found == {new: [told] for new, told in flaws.items()}


def test_flaws_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, TABLE.replace("50000", "x").replace("0.05,", "0,"), SPACES.replace("C3,,7", "C3,,x"))
    assert [line.partition(" ")[0] for line in found] == ["regions.csv:2:22:", "regions.csv:4:49:", "spaces.csv:4:5:"]


def test_at_most_500_spaces_in_a_region_and_1024_regions(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, spaces="region\n" + "C3\n" * 501)
    assert told == "spaces.csv:502:1: more than 500 spaces in 'C3'; write at most 500 spaces in a region"
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


def test_a_file_that_cannot_be_read_is_told_where_it_is_named(tmp_path: Path) -> None:
    found = {text: refused(tmp_path, text=text + "\n") for text in FILES}
    assert {text: [line.replace(f"'{tmp_path}'", "''") for line in told] for text, told in found.items()} == {
        text: [told] for text, told in FILES.items()
    }


CONTENT: dict[bytes, str] = {
    b"": "1:1: the file is empty; write in its first line region",
    b"region\n": "1:1: the table has no rows; write one line for each region or space",
    b"region\nA1\n\xff": "3:1: byte 0xff is not UTF-8 text; save the file as UTF-8",
    b"region\n" + b" " * 5_000_000: "1:1: the file is larger than 5 MB; write a smaller file",
}


def test_a_file_that_is_no_table(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for content, told in CONTENT.items():
        with subtests.test(told):
            assert refused(tmp_path, spaces=content) == [f"spaces.csv:{told}"]
