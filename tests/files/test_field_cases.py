"""Tables as they lie on people's machines: what the strict reader says of each, and what the converter makes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from coworksim.cli import commands

HEAD = (
    "code,name,itl1,population,jobs,gdp_per_head_gbp,gdp_per_head_uk100,years_gdp_below_uk,jobs_trend_pct,"
    "population_growth_pct,creative_gva_share,telecom_it_gva_share,home_working_share\n"
)
ROWS = """TLX11,Northmoor,North,210400,91200,24100,71.5,11,0.21,0.11,0.0041,0.019,0.19
TLX12,Harbour Vale,North,154300,60100,20900,62.2,11,-0.12,0.05,0.0032,0.0121,0.15
TLX13,Castle and Weir,South,402100,231000,37400,111.3,0,1.31,0.82,0.0132,0.041,0.31
"""
REGIONS = HEAD + ROWS
SPACES = "region,name,desks,price_gbp_month\nTLC13,Loft One,24,150\nTLI31,Yard,40,\n"
TOTAL = "UK,United Kingdom,UK,67000000,34000000,33000,100,0,1.03,0.6,0.012,0.03,0.3\n"
SCENARIO = "# Does a table read?\ntitle: T\nextends: tiny\nregions: {KIND: TABLE.csv}\n"
CONVERT = "coworksim table FILE --to NEW.csv converts tables as offices publish them"


def _grouped(text: str) -> str:
    """Put commas between thousands."""
    for figure in ("210400", "154300", "402100", "91200", "60100", "231000", "24100", "20900", "37400"):
        text = text.replace(f",{figure},", f',"{int(figure):,}",')
    return text


#: The text of a table, the exit code of validate, what it says, and the table that the converter must give.
CASES: dict[str, tuple[str, int, str, str | None]] = {
    "nuts codes": (
        SPACES.replace("TL", "UK"),
        2,
        "no region has the code 'UKC13'; write TLC13 (Darlington): UKC13 is its NUTS code",
        SPACES,
    ),
    "codes of authorities": (
        SPACES.replace("TLC13", "E06000005").replace("TLI31", "E09000007"),
        2,
        "no region has the code 'E09000007'; write TLI31 (Camden and City of London), where the authority Camden lies",
        SPACES,
    ),
    "semicolons and decimal commas": (
        "\ufeff" + REGIONS.replace(",", ";").replace(".", ","),
        2,
        f"cells are separated by semicolons; separate them by commas; {CONVERT}",
        REGIONS,
    ),
    "thousands": (
        _grouped(REGIONS),
        2,
        "population is the text '210,400', where the comma may mark decimals or thousands; write it without a sign",
        REGIONS,
    ),
    "percent signs": (
        HEAD + ROWS.replace(",0.0041,0.019,0.19", ",0.41%,1.90%,19%"),
        2,
        "home_working_share is the text '19%'; write 0.19",
        REGIONS,
    ),
    "a suppressed figure": (
        HEAD + ROWS.replace("0.019,0.19\n", "0.019,[c]\n"),
        2,
        "home_working_share is the text '[c]'; leave the cell empty",
        HEAD + ROWS.replace("0.019,0.19\n", "0.019,\n"),
    ),
    "footnotes": (
        f'{REGIONS}\nNotes,,,,,,,,,,,,\n"Source: Office for National Statistics, April 2024",,,,,,,,,,,,\n',
        2,
        f"'Notes' stands alone in its line; take notes out; {CONVERT}",
        REGIONS,
    ),
    "a merged header": (
        f"Region,,,Labour market,,Output,,,Change,,Industry,,Work\n{REGIONS}",
        2,
        "the first line names no column of the table; begin with code, name",
        REGIONS,
    ),
    "a total": (REGIONS + TOTAL, 0, "'United Kingdom' has as many people as all other rows together", REGIONS),
    "people in thousands": (
        REGIONS.replace("210400", "210.4").replace("154300", "154.3").replace("402100", "402.1"),
        0,
        "population is 210.4, and in the 179 ITL-3 regions it lies between 22,540 and 1,200,899",
        None,
    ),
    "a space listed twice": (
        SPACES.replace("TLI31", "TLC13,Loft One,24,150\nTLI31"),
        0,
        "the space 'Loft One' of TLC13 is listed more than once (first in line 2)",
        None,
    ),
    "further columns": (
        "".join(f"{line},{more}\n" for line, more in zip(REGIONS.splitlines(), ("lat", 54.7, 54.7, 54.7), strict=True)),
        0,
        "further columns are not read: 'lat'",
        REGIONS,
    ),
}


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    """Write a table and a scenario that reads it."""

    def written(text: str) -> tuple[Path, Path]:
        kind = "spaces" if "Loft One" in text else "table"
        table, scenario = tmp_path / "given.csv", tmp_path / "s.yaml"
        table.write_text(text, encoding="utf-8")
        scenario.write_text(SCENARIO.replace("KIND", kind).replace("TABLE", "given"), encoding="utf-8")
        return table, scenario

    return written


@pytest.mark.parametrize("what", CASES)
def test_a_table_as_it_comes_is_told_or_converted(what: str, put: Callable[[str], tuple[Path, Path]]) -> None:
    text, code, said, wanted = CASES[what]
    table, scenario = put(text)
    done = CliRunner().invoke(commands, ["validate", str(scenario)])
    assert done.exit_code == code
    assert said in done.output
    new = table.with_name("new.csv")
    converted = CliRunner().invoke(commands, ["table", str(table), "--to", str(new)])
    assert converted.exit_code == 0, converted.output
    if wanted is not None:
        clean = table.with_name("clean.csv")
        clean.write_text(wanted, encoding="utf-8")
        pd.testing.assert_frame_equal(pd.read_csv(new), pd.read_csv(clean))
        assert CliRunner().invoke(commands, ["validate", str(put(new.read_text("utf-8"))[1])]).exit_code == 0


@pytest.mark.parametrize(
    "what", [name for name, (_, code, _, _) in CASES.items() if code == 0 and "further" not in name]
)
def test_what_is_hardly_meant_is_refused_where_the_user_is_strict(
    what: str, put: Callable[[str], tuple[Path, Path]]
) -> None:
    done = CliRunner().invoke(commands, ["validate", str(put(CASES[what][0])[1]), "--strict"])
    assert done.exit_code == 2
    assert CASES[what][2] in done.output


def test_a_sweep_of_a_price_that_the_list_of_spaces_fixes_says_that_nothing_reads_it(
    put: Callable[[str], tuple[Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, scenario = put(SPACES.replace("TLI31,Yard,40,", "TLC13,Loft Two,24,120"))
    monkeypatch.chdir(scenario.parent)
    done = CliRunner().invoke(
        commands,
        ["sweep", scenario.name, "--vary", "space.price=50:500", "--replicates", "1", "--workers", "1", "--strict"],
    )
    assert done.exit_code == 2
    assert "--vary space.price=50:500: space.price is varied, and nothing reads it: the list of spaces" in done.stderr
