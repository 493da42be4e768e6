"""From figures to indicators: what stands in where one is missing, and what each column of the tables moves."""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Mapping
from pathlib import Path

import pytest

from coworksim.files.allocation import Row
from coworksim.files.built_in import data_folder
from coworksim.files.indicator_list import listed
from coworksim.files.indicators import USERS, USERS_PER_SPACE, Figures
from coworksim.files.uk_regions import DESK_PRICE, RegionTable, read_regions, real_regions, real_table, table_of
from coworksim.model.parameters import PARAMETERS
from coworksim.model.parameters.environment import FIELDS, INDICATORS

TABLES = data_folder() / "regions"
SHIPPED = ("uk_itl3", "uk_itl3_access", "uk_itl1")
type Columns = Mapping[str, Mapping[str, float | None]]


def columns() -> dict[str, dict[str, float | None]]:
    return {code: dict(place.columns) for code, place in real_regions().items()}


def table(figures: Columns) -> RegionTable:
    """Make the UK's table anew from other figures."""
    real = real_table()
    labels = {code: {"code": code, "name": one.name, "itl1": one.itl1} for code, one in real.regions.items()}
    rows = {code: Row(labels[code]["itl1"], own) for code, own in figures.items()}
    made = Figures.of(rows, real.figures.around[DESK_PRICE][""])
    return table_of({code: (labels[code], own) for code, own in figures.items()}, made)


def test_every_column_of_the_tables_is_listed_with_its_year_and_source() -> None:
    found = set()
    for name in SHIPPED:
        with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        found |= {column for column in header if column not in ("code", "name", "itl1", "desk_price_source")}
    assert found == set(listed())
    for one in listed().values():
        assert one.table in SHIPPED
        assert one.year[:4].isdigit(), one.column
        assert all((one.unit, one.source, one.coverage, one.quality)), one.column
        assert {*one.fields} <= {*FIELDS}
        assert one.when in ("", *USERS)


def test_who_counts_as_a_user_is_chosen_among_those_with_a_column() -> None:
    assert tuple(USERS) == PARAMETERS["environment.users_by"].choices


def test_every_column_moves_the_fields_that_the_list_says_or_is_context_alone(subtests: pytest.Subtests) -> None:
    before = real_table().regions
    same = table(columns()).regions
    assert all(same[code].by_users == place.by_users for code, place in before.items())
    for column, one in listed().items():
        figures = columns()
        values = [own[column] for own in figures.values()]
        for own, value in zip(figures.values(), values[1:] + values[:1], strict=True):
            own[column] = value
        if column == "population":  # jobs per head and people per space are worked out of it, and it is no 0
            assert None not in values
        after = table(figures).regions
        with subtests.test(column):
            for users_by in USERS:
                moved = {
                    field
                    for field, (indicator, _, _) in FIELDS.items()
                    if any(
                        after[code].by_users[users_by].values[indicator] != place.by_users[users_by].values[indicator]
                        for code, place in before.items()
                    )
                }
                assert moved == ({*one.fields} if one.when in ("", users_by) else set())


def test_deleting_a_region_moves_means_alone(tmp_path: Path, subtests: pytest.Subtests) -> None:
    before = real_table()
    for code in ("TLC11", "TLI31", "TLM82", "TLN06"):
        for name in SHIPPED:
            lines = (TABLES / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if name == "uk_itl3_access" or not line.startswith(f"{code},")]
            (tmp_path / f"{name}.csv").write_text("".join(kept), encoding="utf-8")
        after = read_regions(tmp_path)
        with subtests.test(code):
            assert set(before.regions) - set(after.regions) == {code}
            for name in set(INDICATORS) - {"work_training", "public_provision", USERS_PER_SPACE}:
                assert all(p.indicators[name] == before.regions[c].indicators[name] for c, p in after.regions.items())
            for name in ("work_training", "public_provision"):  # one factor within a nation, the region's mean
                ratios = {
                    (p.itl1 if p.itl1 in ("Wales", "Scotland", "Northern Ireland") else "England"): set[float]()
                    for p in after.regions.values()
                }
                for c, place in after.regions.items():
                    nation = place.itl1 if place.itl1 in ratios else "England"
                    was = before.regions[c].indicators[name]
                    ratios[nation].add(round(place.indicators[name] / was, 9) if name not in place.gaps else 1.0)
                assert all(len({*found} - {1.0}) <= 1 for found in ratios.values())
            flags = {c: p.flags for c, p in after.regions.items()}
            assert flags == {c: p.flags for c, p in before.regions.items() if c != code}
            assert {c: set(p.gaps) for c, p in after.regions.items()} == {
                c: set(p.gaps) for c, p in before.regions.items() if c != code
            }


def test_a_nation_without_figures_stands_at_1_with_the_spread_of_the_others() -> None:
    figures, before = columns(), real_table()
    for code, own in figures.items():
        if code.startswith("TLM"):
            own["job_training_4wk_pct_scotland"] = None
    after = table(figures)
    england = after.figures.around["job_training_pct_england"]["England"].spread
    for code, place in after.regions.items():
        was = before.regions[code]
        others = set(INDICATORS) - {"work_training"}
        assert all(place.indicators[name] == was.indicators[name] for name in others)
        assert {name: gap for name, gap in place.gaps.items() if name in others} == {
            name: gap for name, gap in was.gaps.items() if name in others
        }
        if code.startswith(("TLL", "TLM", "TLN")):
            assert (place.indicators["work_training"], place.gaps["work_training"]) == (1.0, england)
        else:
            assert place.indicators["work_training"] == was.indicators["work_training"]
            assert "work_training" not in place.gaps


def test_a_gap_within_a_nation_is_that_of_its_figures() -> None:
    real = real_regions()
    (missing,) = [
        c for c, p in real.items() if c.startswith("TLM") and p.columns["job_training_4wk_pct_scotland"] is None
    ]
    logs = [
        math.log(value)
        for code, place in real.items()
        if code.startswith("TLM") and (value := place.columns["job_training_4wk_pct_scotland"]) is not None
    ]
    assert real[missing].indicators["work_training"] == 1.0
    assert real[missing].gaps["work_training"] == pytest.approx(statistics.stdev(logs))
    english = [p for c, p in real.items() if c < "TLL" and p.columns["job_training_pct_england"] is not None]
    assert statistics.fmean(math.log(p.indicators["work_training"]) for p in english) == pytest.approx(0.0, abs=1e-9)


def test_people_per_space_are_published_and_below_that_drawn() -> None:
    real, per_space = real_regions(), real_table().figures.per_space
    # Manchester: 128 of 4,152 spaces, in units of 1,534; its own count, and its own figure of creative employees
    people = (real["TLD33"].columns["population"] or 0.0) / (1534 * 128 / 4152)
    users = real["TLD33"].columns["info_arts_employees_per_1000_people"] or 0.0
    assert real["TLD33"].indicators[USERS_PER_SPACE] == pytest.approx(people * users / 1000.0)
    assert USERS_PER_SPACE not in real["TLD33"].gaps
    london = [p for p in real.values() if p.itl1 == "London"]
    assert len({p.indicators[USERS_PER_SPACE] for p in london}) == 1
    assert not any(USERS_PER_SPACE in p.gaps for p in london)
    # Durham shares what is left of England: its people, without those of London and four cities
    rest = [p for c, p in real.items() if c < "TLL" and p.itl1 != "London" and c not in per_space.published]
    share = 1672 / 2806 - (128 + 66 + 61 + 60) / 4152
    there = sum(p.columns["population"] or 0.0 for p in rest) / (1534 * share)
    assert real["TLC14"].by_users["residents"].values[USERS_PER_SPACE] == pytest.approx(there)
    assert real["TLC14"].by_users["residents"].gaps[USERS_PER_SPACE] == pytest.approx(per_space.spread)
    # Derry has neither a count of its own nor creative employees: spreads add in squares
    around = real_table().figures.around["info_arts_employees_per_1000_people"][""]
    assert real["TLN0A"].gaps[USERS_PER_SPACE] == pytest.approx(math.hypot(per_space.spread, around.spread))
    assert real["TLN06"].gaps[USERS_PER_SPACE] == pytest.approx(around.spread)


def test_the_files_of_the_tables_are_those_that_are_read() -> None:
    assert {path.stem for path in TABLES.glob("*.csv")} == {
        *SHIPPED,
        "uk_indicators",
        "uk_spaces",
        "uk_authorities",
        "uk_tiles",
    }
