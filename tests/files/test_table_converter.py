"""Tables as offices publish them: what surely means something is read, all else is refused, every change is told."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coworksim.cli import commands
from coworksim.files.built_in import data_folder
from coworksim.files.errors import InputError
from coworksim.files.load import load_scenario
from coworksim.files.loose_figures import AS_PRINTED, Readings, plain
from coworksim.files.table_converter import Converted, convert

HEADER = (
    "code,name,itl1,population,jobs,gdp_per_head_gbp,gdp_per_head_uk100,years_gdp_below_uk,jobs_trend_pct,"
    "population_growth_pct,creative_gva_share,telecom_it_gva_share,home_working_share"
)
ROWS = (
    "TLX11,Northmoor,North,210400,91200,24100,71.5,11,0.21,0.11,0.0041,0.019,0.19",
    "TLX12,Harbour Vale,North,154300,60100,20900,62.2,11,-0.12,0.05,0.0032,0.0121,0.15",
    "TLX13,Castle and Weir,South,402100,231000,37400,111.3,0,1.31,0.82,0.0132,0.041,0.31",
)
STRICT = "\n".join((HEADER, *ROWS, ""))


def _converted(folder: Path, text: str | bytes, name: str = "found.csv", readings: Readings = AS_PRINTED) -> Converted:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return convert(path, None, readings)


def _refused(folder: Path, text: str | bytes, name: str = "found.csv") -> str:
    with pytest.raises(InputError) as refused:
        _converted(folder, text, name)
    return str(refused.value)


def test_a_strict_table_comes_back_as_it_is(tmp_path: Path) -> None:
    found = _converted(tmp_path, STRICT)
    assert (found.kind, found.text, found.changes) == ("regions", STRICT, ())


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    text = "﻿" + STRICT.replace(",", ";").replace(".", ",")
    found = _converted(tmp_path, text)
    assert found.text == STRICT
    assert {change.why for change in found.changes} == {"cells separated by another sign", "figure, written plainly"}


def test_thousands_in_groups(tmp_path: Path) -> None:
    text = STRICT.replace("210400", '"210,400"').replace("91200", '"91,200"').replace("402100", "402 100")
    found = _converted(tmp_path, text)
    assert found.text == STRICT
    assert [(c.line, c.column, c.found) for c in found.changes] == [
        (2, "jobs", "91,200"),
        (2, "population", "210,400"),
        (4, "population", "402 100"),
    ]


def test_percentages_are_written_in_the_unit_of_their_column(tmp_path: Path) -> None:
    text = STRICT.replace("0.0041", "0.41%").replace(",0.19\n", ",19 %\n").replace(",0.21,", ",0.21%,")
    assert _converted(tmp_path, text).text == STRICT
    assert "population is '210400%'; write a number (people)" in _refused(tmp_path, STRICT.replace("210400", "210400%"))


@pytest.mark.parametrize("mark", ["[c]", "[x]", "..", ":", "z", "*", "N/A"])
def test_a_mark_in_the_place_of_a_figure_leaves_the_cell_empty(tmp_path: Path, mark: str) -> None:
    found = _converted(tmp_path, STRICT.replace(",0.19\n", f",{mark}\n"))
    assert found.text == STRICT.replace(",0.19\n", ",\n")
    assert [(c.line, c.column, c.found, c.written) for c in found.changes] == [(2, "home_working_share", mark, "")]


def test_a_mark_where_a_figure_must_be_is_refused_by_name_and_line(tmp_path: Path) -> None:
    said = _refused(tmp_path, "Title\n" + STRICT.replace("91200", "[c]"))
    assert "found.csv:3: " in said
    assert "jobs" in said


def test_a_mark_behind_a_figure_is_taken_off(tmp_path: Path) -> None:
    found = _converted(tmp_path, STRICT.replace("91200", "91200 [p]").replace("60100", "60100r"))
    assert found.text == STRICT
    assert {c.why for c in found.changes} == {"mark behind a figure, taken off"}


def test_a_dash_is_read_as_the_user_says_and_as_nothing_else(tmp_path: Path) -> None:
    text = STRICT.replace(",0.21,", ",-,").replace(",0.19\n", ",–\n")
    assert "which means zero in some tables and missing in others; say which with --dash" in _refused(tmp_path, text)
    said = _refused(tmp_path, text)
    assert said.count("--dash zero or --dash missing") == 2
    zero = _converted(tmp_path, text, readings=Readings(dash="zero"))
    assert zero.text == STRICT.replace(",0.21,", ",0,").replace(",0.19\n", ",0\n")


def test_a_comma_with_two_readings_is_read_as_the_user_says(tmp_path: Path) -> None:
    header = "region;name;desks;price_gbp_month\n"
    text = header + "TLC13;Loft;24;1,150\n"
    said = _refused(tmp_path, text)
    assert "price_gbp_month is '1,150', where the comma may mark decimals or thousands" in said
    strict = header.replace(";", ",")
    assert _converted(tmp_path, text, readings=Readings(decimal="point")).text == strict + "TLC13,Loft,24,1150\n"
    assert _converted(tmp_path, text, readings=Readings(decimal="comma")).text == strict + "TLC13,Loft,24,1.150\n"


def test_groups_of_three_behind_points_are_thousands_where_commas_mark_decimals_and_asked_about_alone(
    tmp_path: Path,
) -> None:
    text = STRICT.replace(",", ";").replace("210400", "210x400").replace(".", ",").replace("x", ".")
    assert _converted(tmp_path, text).text == STRICT
    alone = "region;desks;price_gbp_month\nTLC13;24;1.150\n"
    assert "price_gbp_month is '1.150', where the point may mark decimals or thousands" in _refused(tmp_path, alone)


def test_titles_notes_totals_and_merged_headers_are_left_out_and_told(tmp_path: Path) -> None:
    text = "\n".join(
        (
            "Table 4: regions of the North and the South,,,,,,,,,,,,",
            "",
            "Region,,,Labour market,,Output,,,Change,,Industry,,Work",
            HEADER,
            *ROWS,
            "UK,United Kingdom,UK,67000000,34000000,33000,100,0,1.03,0.6,0.012,0.03,0.3",
            "K02000001,United Kingdom,UK,67000000,34000000,33000,100,0,1.03,0.6,0.012,0.03,0.3",
            "",
            "Notes,,,,,,,,,,,,",
            '"Source: Office for National Statistics, April 2024",,,,,,,,,,,,',
            "[c] = confidential,,,,,,,,,,,,",
        )
    )
    found = _converted(tmp_path, text)
    assert found.text == STRICT
    assert [(c.line, c.why) for c in found.changes] == [
        (1, "line above the table, left out"),
        (3, "line above the table, left out"),
        (8, "total, left out"),
        (9, "total, left out"),
        (11, "note, left out"),
        (12, "note, left out"),
        (13, "note, left out"),
    ]


def test_further_columns_are_left_out_and_told(tmp_path: Path) -> None:
    text = "\n".join((HEADER + ",lad_code,lat", *(f"{row},E06000001,54.7" for row in ROWS), ""))
    found = _converted(tmp_path, text)
    assert found.text == STRICT
    assert [(c.found, c.why) for c in found.changes] == [
        ("lad_code", "further column, left out"),
        ("lat", "further column, left out"),
    ]


def test_nuts_codes_authorities_and_names_become_codes_of_regions(tmp_path: Path) -> None:
    text = "region,name,desks\nUKC13,One,24\nE06000005,Two,\nCamden and City of London,Three,40\n"
    found = _converted(tmp_path, text)
    assert found.text == "region,name,desks\nTLC13,One,24\nTLC13,Two,\nTLI31,Three,40\n"
    assert [(c.line, c.found, c.written) for c in found.changes] == [
        (2, "UKC13", "TLC13"),
        (3, "E06000005", "TLC13"),
        (4, "Camden and City of London", "TLI31"),
    ]


def test_an_authority_in_a_table_of_regions_stays_for_it_is_no_region(tmp_path: Path) -> None:
    text = STRICT.replace("TLX11", "E06000005").replace("TLX12", "UKC13")
    found = _converted(tmp_path, text)
    assert [line.split(",")[0] for line in found.text.splitlines()] == ["code", "E06000005", "TLC13", "TLX13"]


def test_what_is_missing_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    said = _refused(tmp_path, STRICT.replace(",jobs,", ",jobs_other,"))
    assert "found.csv:1: the table of regions lacks jobs; add these columns" in said
    assert "no row names the columns of a table" in _refused(tmp_path, "a,b\n1,2\n")
    assert "no row names the columns of a table" in _refused(tmp_path, "")
    assert "a second column name, 'region_name'" in _refused(tmp_path, STRICT.replace(",itl1,", ",region_name,"))


def test_other_encodings_are_read_and_told(tmp_path: Path) -> None:
    text = STRICT.replace("Northmoor", "Ynys Môn")
    for encoding in ("windows-1252", "utf-16"):
        found = _converted(tmp_path, text.encode(encoding))
        assert found.text == text
        assert [c.why for c in found.changes] == ["text in another encoding"]


# --- the whole built-in table, dressed up by lot

_SHARES = ("creative_gva_share", "telecom_it_gva_share", "home_working_share")


@st.composite
def _dress(draw: st.DrawFn) -> tuple[str, bool, str, str, str]:
    sign = draw(st.sampled_from([",", ";", "\t", "|"]))
    comma = sign != "," and draw(st.booleans())
    group = draw(st.sampled_from(["", " ", "\u00a0", "." if comma else ","]))
    return sign, comma, group, draw(st.sampled_from(["", "%", " %"])), draw(st.sampled_from(["", "[c]", "..", "z"]))


@pytest.mark.slow
@given(_dress())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_built_in_table_survives_what_offices_do_to_it(
    tmp_path_factory: pytest.TempPathFactory, dress: tuple[str, bool, str, str, str]
) -> None:
    sign, comma, group, percent, mark = dress
    source = (data_folder() / "regions" / "uk_itl3.csv").read_text(encoding="utf-8")
    header, *rows = list(csv.reader(io.StringIO(source)))

    def dressed(name: str, cell: str) -> str:
        if not cell:
            return mark if name == "home_working_share" else cell
        if name in ("code", "name", "itl1"):
            return cell
        if name in _SHARES and percent:
            return f"{float(cell) * 100:.12g}{percent}".replace(".", "," if comma else ".")
        if name in ("population", "jobs"):
            return f"{int(cell):,}".replace(",", group)
        return cell.replace(".", "," if comma else ".")

    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator="\n")
    writer.writerow(["A table of regions"])
    writer.writerow(header)
    writer.writerows([[dressed(name, cell) for name, cell in zip(header, row, strict=True)] for row in rows])
    writer.writerow(["Source: an office"])
    found = list(csv.reader(io.StringIO(_converted(tmp_path_factory.mktemp("dressed"), out.getvalue()).text)))
    assert found[0] == header
    wrong = [
        (name, was, now)
        for row, written in zip(rows, found[1:], strict=True)
        for name, was, now in zip(header, row, written, strict=True)
        if was != now and not (name in header[3:] and float(was) == float(now))
    ]
    assert wrong == []


# --- workbooks


def _xlsx(rows: list[list[str | float]], sheets: tuple[str, ...] = ("Figures",)) -> bytes:
    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value!r}</v></c>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    sheet = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    numbers = range(1, len(sheets) + 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="rId1" Type="{relation}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{name}" sheetId="{k}" r:id="rId{k}"/>' for k, name in zip(numbers, sheets, strict=True)
        )
        book.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>{listed}</sheets></workbook>'
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{kinds}/relationships">'
            + "".join(
                f'<Relationship Id="rId{k}" Type="{relation}/worksheet" Target="worksheets/sheet{k}.xml"/>'
                for k in numbers
            )
            + "</Relationships>",
        )
        for k in numbers:
            book.writestr(f"xl/worksheets/sheet{k}.xml", sheet)
    return out.getvalue()


def _ods(rows: list[list[str | float]]) -> bytes:
    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>as shown</text:p>'
            "</table:table-cell>"
        )

    name = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0"/>')
        book.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{name}:office:1.0" xmlns:table="{name}:table:1.0" '
            f'xmlns:text="{name}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Figures">{body}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def _typed() -> list[list[str | float]]:
    """The strict table as a workbook holds it: titles above, an empty row, figures as numbers."""
    rows: list[list[str | float]] = [["Our regions"], []]
    for number, line in enumerate(csv.reader(io.StringIO(STRICT))):
        rows.append([cell if number == 0 or k < 3 else float(cell) for k, cell in enumerate(line)])
    return rows


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_is_read_with_its_rows_as_they_are_numbered(tmp_path: Path, kind: str) -> None:
    made = _xlsx if kind == "xlsx" else _ods
    found = _converted(tmp_path, made(_typed()), f"found.{kind}")
    assert found.text == STRICT
    assert [c.line for c in found.changes] == [1]
    broken = _typed()
    broken[4][4] = "unknown"
    assert f"found.{kind}:5: jobs is 'unknown'; write a number" in _refused(tmp_path, made(broken), f"found.{kind}")


def test_of_two_sheets_that_hold_a_table_one_must_be_named(tmp_path: Path) -> None:
    data = _xlsx(_typed(), ("North", "South"))
    assert "several sheets hold a table; choose one with --sheet: 'North', 'South'" in _refused(
        tmp_path, data, "found.xlsx"
    )
    assert convert(tmp_path / "found.xlsx", "South").text == STRICT
    with pytest.raises(InputError, match="there is no sheet 'East'; name one of 'North', 'South'"):
        convert(tmp_path / "found.xlsx", "East")


def test_a_workbook_under_another_name_or_a_broken_one_is_told_as_such(tmp_path: Path) -> None:
    assert "this is a workbook" in _refused(tmp_path, _xlsx(_typed()), "found.csv")
    assert "the workbook cannot be read" in _refused(tmp_path, b"PK\x03\x04 but then nothing", "found.xlsx")
    assert "the workbook cannot be read" in _refused(tmp_path, STRICT, "found.ods")


# --- the command


def test_the_command_writes_table_and_changes_and_says_both(tmp_path: Path) -> None:
    source = tmp_path / "found.csv"
    source.write_text("Our spaces\nregion;desks;colour\nUKC13;24;red\n", encoding="utf-8")
    done = CliRunner().invoke(commands, ["table", str(source), "--to", str(tmp_path / "spaces.csv")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "spaces.csv").read_text(encoding="utf-8") == "region,desks\nTLC13,24\n"
    assert "a table of spaces with 1 row." in done.output
    assert "region under another code or name: line 3, region: 'UKC13' -> 'TLC13'" in done.output
    assert "regions: {spaces: spaces.csv}" in done.output
    log = (tmp_path / "spaces.changes.csv").read_text(encoding="utf-8").splitlines()
    assert log[0] == "line,column,found,written,why"
    assert "3,region,UKC13,TLC13,region under another code or name" in log
    again = CliRunner().invoke(commands, ["table", str(source), "--to", str(tmp_path / "spaces.csv")])
    assert again.exit_code == 2
    assert "this file is there already; give another name" in again.output


def test_a_refused_table_leaves_nothing_behind(tmp_path: Path) -> None:
    source = tmp_path / "found.csv"
    source.write_text(STRICT.replace("91200", "many"), encoding="utf-8")
    done = CliRunner().invoke(commands, ["table", str(source), "--to", str(tmp_path / "new.csv")])
    assert done.exit_code == 2
    assert "found.csv:2: jobs is 'many'; write a number" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["found.csv"]


def test_figures_in_no_known_form_are_refused() -> None:
    refused = ["1,2,3", "12,34,567", "one", "1 2", "--1", "£", "%", "1.2.3"]
    assert [cell for cell in refused if not plain(cell, "jobs", Readings(decimal="point")).write] == []


ANSWER = {
    "elements": [
        {
            "type": "node",
            "id": 1,
            "lat": 53.83,
            "lon": -1.5,
            "tags": {"name": "Mill  Desk", "start_date": "2019-05-01"},
        },
        {
            "type": "way",
            "id": 2,
            "center": {"lat": 52.3, "lon": -3.4},
            "tags": {"amenity": "coworking_space", "start_date": "2015", "end_date": "2024-02-29"},
        },
        {"type": "node", "id": 3, "lat": 52.3, "lon": -3.4},
    ]
}
FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"@id": "way/2", "name": "Box"},
            "geometry": {"type": "Polygon", "coordinates": [[[-3.5, 52.2], [-3.3, 52.2], [-3.3, 52.4], [-3.5, 52.2]]]},
        }
    ],
}


def test_what_openstreetmap_answers_becomes_a_list_that_a_scenario_reads(tmp_path: Path) -> None:
    found = _converted(tmp_path, json.dumps(ANSWER), "answer.json")
    assert (found.kind, found.openstreetmap) == ("spaces", True)
    assert found.text.splitlines() == [
        "name,longitude,latitude,opened,closed",
        "Mill Desk,-1.5,53.83,2019-05-01,",
        ",-3.4,52.3,,2024-02-29",
    ]
    assert [(change.found, change.why) for change in found.changes if change.column == "opened"] == [
        ("2015", "text that names no day, left out")
    ]
    found.save(tmp_path / "spaces.csv")
    (tmp_path / "own.yaml").write_text(
        "# Where?\ntitle: own\nextends: tiny\nregions: {spaces: spaces.csv}\n", encoding="utf-8"
    )
    scenario = load_scenario(tmp_path / "own.yaml", quiet=True)
    assert [region.code for region in scenario.regions] == ["TLE42", "TLL24"]
    assert str(scenario.regions[0].own_spaces[0].opened) == "2019-05-01"


def test_geojson_and_the_csv_of_overpass_are_read_too(tmp_path: Path) -> None:
    shape = _converted(tmp_path, json.dumps(FEATURES), "export.geojson")
    assert (shape.text.splitlines()[1], shape.openstreetmap) == ("Box,-3.4,52.3,,", True)
    text = "@type\t@id\t@lat\t@lon\tname\tstart_date\nnode\t7\t53.83\t-1.5\tMill\t2019-05-01\n"
    table = _converted(tmp_path, text, "answer.csv")
    assert table.text.splitlines() == ["latitude,longitude,name,opened", "53.83,-1.5,Mill,2019-05-01"]
    assert table.openstreetmap


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{",
            "{}",
            '{"elements": 3}',
            '{"elements": [{"tags": {}}]}',
            '{"features": [{"geometry": null}]}',
            "{" * 5000,
        ),
        *('{"features": [{"geometry": {"coordinates": []}}]}', '{"elements": [{"tags": {}, "lat": "x", "lon": 1}]}'),
    ],
)
def test_json_that_holds_no_places_is_refused(tmp_path: Path, text: str) -> None:
    assert "this JSON does not list any places" in _refused(tmp_path, text, "answer.json")


def test_a_place_out_of_the_uk_is_refused_with_its_row(tmp_path: Path) -> None:
    text = json.dumps({"elements": [{"lat": 53.35, "lon": -6.26, "tags": {"name": "Dublin Desk"}}]})
    assert "answer.json:2: this space lies" in _refused(tmp_path, text, "answer.json")


def test_days_in_a_list_of_spaces(tmp_path: Path) -> None:
    head = "region,opening_date,closing_date\n"
    found = _converted(tmp_path, head + "TLE42,31/01/2019,2020-03-04 00:00:00\n")
    assert found.text.splitlines() == ["region,opened,closed", "TLE42,2019-01-31,2020-03-04"]
    assert "day and month may be swapped; write it as YYYY-MM-DD" in _refused(tmp_path, head + "TLE42,03/04/2019,\n")


def test_degrees_have_decimals_and_no_thousands(tmp_path: Path) -> None:
    found = _converted(tmp_path, "name,lat,lon\nMill,53.830,-1.500\n")
    assert found.text.splitlines()[1] == "Mill,53.830,-1.500"
    commas = _converted(tmp_path, "name;lat;lon\nMill;53,830;-1,500\n")
    assert commas.text.splitlines()[1] == "Mill,53.830,-1.500"


def test_the_query_is_printed_and_nothing_is_asked(tmp_path: Path) -> None:
    shown = CliRunner().invoke(commands, ["table", "--openstreetmap"])
    assert shown.exit_code == 0
    assert 'nwr["amenity"="coworking_space"](area.uk);' in shown.stdout
    assert "Open Database Licence" in shown.stderr
    (tmp_path / "answer.json").write_text(json.dumps(ANSWER), encoding="utf-8")
    done = CliRunner().invoke(commands, ["table", str(tmp_path / "answer.json"), "--to", str(tmp_path / "new.csv")])
    assert done.exit_code == 0, done.output
    assert "names OpenStreetMap" in done.stdout
