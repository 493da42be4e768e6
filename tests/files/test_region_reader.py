"""The regions of a scenario file: what they resolve to, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.errors import Problems
from coworksim.files.region_reader import read_region_list
from coworksim.files.scenario_writer import to_yaml
from coworksim.files.uk_regions import group_medians, real_regions
from coworksim.files.yaml_reader import parse

from .files import HEAD, load, refusals

OPEN = (
    "users_per_space, jobs_per_head, jobs_trend, household_income, desk_price, work_training, public_provision, "
    "creative_share, people_within_30km"
)

REFUSED = {
    "like: Northumberland": "4:11: no region 'Northumberland' is known; write TLC21 (Northumberland); or left-behind, "
    "or other",
    "like: left-behnd": "4:11: no region 'left-behnd' is known; write left-behind",
    "like: TLC15": "4:11: no region 'TLC15' is known; write the code of a region of the UK (coworksim regions uk-all "
    "lists them); they are those of ITL 2021; ITL 2025 and other years have other codes; or left-behind, or other",
    "like: UKC13": "4:11: no region 'UKC13' is known; write TLC13 (Darlington): UKC13 is its NUTS code; "
    "or left-behind, or other",
    "like: other\n    spaces: 501": "5:13: spaces is 501; write a whole number from 0 to 500 spaces",
    "like: other\n    spaces: 0": "4:5: a region without spaces and without people; write how many people live there",
    "like: other\n    people: 0": "5:13: people is 0; write a whole number from 1 to 65536 people",
    "like: other\n    flag: core": "5:11: flag is the text 'core'; write left-behind or other",
    "like: TLC13\n    flags: {narrow: other}": "5:12: flags leaves a rule out; write one for each of narrow, wide",
    "like: other\n    falg: other": "5:5: unknown key 'falg' in a region; write flag",
    "like: other\n    indicators: {desk_price: -1}": "5:30: desk_price is -1, but its logarithm is taken; "
    "write a number above 0 (GBP/month)",
    "like: other\n    indicators: {jobs_trend: 1e13}": "5:30: jobs_trend is 1e+13; write a number nearer to 0.942",
    "like: other\n    indicators: {jobs_trnd: 1}": "5:18: unknown key 'jobs_trnd' in indicators; write jobs_trend",
    "like: other\n    environment: {outside_access: 2}": "5:35: environment.outside_access is the number 2; "
    "it must lie between 0.02 and 0.98 share",
    "like: other\n    spaces: [{desks: 0}]": "5:22: desks is the number 0; it must lie between 1 and 5000 desks",
    "like: other\n    spaces: [{dekss: 1}]": "5:15: unknown key 'dekss' in a space; write desks",
    "like: other\n    spaces: []": "5:13: spaces is an empty list; write - desks: 40, or how many there are",
    "like: other\n    gaps: {desk_prise: 0.1}": "5:12: unknown key 'desk_prise' in gaps; write desk_price",
    "like: other\n    gaps: {desk_price: -0.1}": "5:24: the gap of desk_price is -0.1; write a spread from 0 to 3",
    "like: other\n    editions: {desk_price: 2025}": "5:28: desk_price is the number 2025; write text, in quotes where "
    "it looks like a number or boolean",
    "name: a\n    flag: other": f"4:5: a region without like and without the indicators {OPEN}; "
    "write like: left-behind, like: other, like: and a code, or give all indicators",
    "like: other\n  - like: other": "5:5: a second region called 'other'; give it a name of its own",
}


def test_refused(tmp_path: Path) -> None:
    found = {entry: refusals(tmp_path, f"{HEAD}regions:\n  - {entry}\n") for entry in REFUSED}
    assert found == {entry: [told] for entry, told in REFUSED.items()}


def test_regions_must_be_a_list_of_mappings(tmp_path: Path) -> None:
    assert refusals(tmp_path, HEAD + "regions: other\n") == [
        "3:10: regions is the text 'other'; write a list, such as - like: left-behind, or uk-frame or uk-sample, "
        "or the tables {table: FILE.csv}"
    ]
    (problem,) = refusals(tmp_path, HEAD + "regions: [other]\n")
    assert problem.startswith("3:11: a region is the text 'other'; write a mapping with any of name, like")


def test_a_region_like_a_group_has_its_medians(tmp_path: Path) -> None:
    (region,) = load(tmp_path, HEAD + "regions:\n  - like: left-behind\n").regions
    assert region.indicators == group_medians("left-behind")
    assert (region.name, region.code, region.flag, region.spaces, region.people) == (
        ("left-behind", None, "left-behind", 1, None)
    )


@pytest.mark.parametrize(("spaces", "people"), [(0, 65536), (1, 1), (500, 300)])
def test_a_region_may_have_none_to_500_spaces(tmp_path: Path, spaces: int, people: int) -> None:
    entry = f"{{like: other, spaces: {spaces} spaces, people: {people}}}"
    (region,) = load(tmp_path, f"{HEAD}regions:\n  - {entry}\n").regions
    assert (region.spaces, region.people) == (spaces, people)


def test_a_real_region_brings_its_name_and_flag(tmp_path: Path) -> None:
    (region,) = load(tmp_path, HEAD + "regions:\n  - {like: TLC21, people: 300 people}\n").regions
    assert (region.name, region.code, region.flag, region.people) == ("Northumberland", "TLC21", "left-behind", 300)
    assert region.indicators == real_regions()["TLC21"].indicators


def test_indicators_flag_and_environment_can_be_set(tmp_path: Path) -> None:
    entry = "{like: TLC21, flag: other, indicators: {desk_price: 99}, environment: {catchment: 200 people/space}}"
    (region,) = load(tmp_path, f"{HEAD}regions:\n  - {entry}\n").regions
    assert (region.flag, region.indicators["desk_price"], dict(region.environment)) == (
        ("other", 99.0, {"catchment": 200.0})
    )
    assert region.indicators["jobs_trend"] == real_regions()["TLC21"].indicators["jobs_trend"]


def test_a_region_like_none_gives_all_itself(tmp_path: Path) -> None:
    indicators = ", ".join(f"{name}: 1" for name in group_medians("other"))
    (region,) = load(tmp_path, f"{HEAD}regions:\n  - {{name: x, flag: other, indicators: {{{indicators}}}}}\n").regions
    assert set(region.indicators.values()) == {1.0}


def test_a_name_that_yaml_1_1_takes_for_a_boolean_is_text(tmp_path: Path) -> None:
    assert load(tmp_path, HEAD + "regions:\n  - {name: NO, like: other}\n").regions[0].name == "NO"


def test_an_indicator_is_of_a_size_that_can_be_meant(tmp_path: Path, subtests: pytest.Subtests) -> None:
    cases = (
        ("desk_price", "1e12", ""),
        ("desk_price", "1.01e12", "nearer to 157"),
        ("desk_price", "1e-12", ""),
        ("desk_price", "9.9e-13", "nearer to 157"),
        ("jobs_trend", "-1e12", ""),
        ("jobs_trend", "-1.01e12", "nearer to 0.942"),
        ("jobs_trend", "1e-13", ""),
    )
    for name, value, told in cases:
        text = f"{HEAD}regions:\n  - {{like: other, indicators: {{{name}: {value}}}}}\n"
        with subtests.test(f"{name} {value}"):
            if told:
                (said,) = refusals(tmp_path, text)
                assert told in said
            else:
                assert load(tmp_path, text).regions[0].indicators[name] == float(value)


def test_of_a_list_with_a_refused_region_nothing_is_taken() -> None:
    def read(text: str) -> object:
        problems = Problems()
        node = parse(text, "regions.yaml", problems)
        assert node is not None
        return read_region_list(node, "regions", problems)

    good = "- {like: other}\n"
    assert isinstance(read(good), tuple)
    assert read(good + "- {like: nowhere}\n") is None
    assert read("[]\n") is None


def test_a_missing_figure_is_drawn_unless_the_file_gives_it(tmp_path: Path) -> None:
    entry = "{like: TLL14, indicators: {work_training: 1.1}}"
    (region,) = load(tmp_path, f"{HEAD}regions:\n  - {entry}\n").regions
    real = real_regions()["TLL14"]
    assert "work_training" in real.gaps
    assert dict(region.gaps) == {name: gap for name, gap in real.gaps.items() if name != "work_training"}
    (own,) = load(tmp_path, HEAD + "regions:\n  - {like: TLL14, gaps: {desk_price: 0.1}}\n").regions
    assert dict(own.gaps) == {"desk_price": 0.1}
    assert not load(tmp_path, HEAD + "regions:\n  - {like: left-behind}\n").regions[0].gaps


def test_who_counts_as_a_user_changes_one_indicator_wherever_it_is_not_set(tmp_path: Path) -> None:
    entries = "  - {like: TLL14}\n  - {like: left-behind}\n  - {like: other, indicators: {users_per_space: 500}}\n"
    text = f"{HEAD}regions:\n{entries}"
    usual = load(tmp_path, text)
    other = load(tmp_path, text + "parameters: {environment.users_by: residents}\n")
    by = real_regions()["TLL14"].by_users["residents"]
    assert other.regions[0].indicators["users_per_space"] == by.values["users_per_space"]
    assert dict(other.regions[0].gaps) == dict(by.gaps)
    medians = group_medians("left-behind", "residents")
    assert other.regions[1].indicators["users_per_space"] == medians["users_per_space"]
    assert other.regions[2] == usual.regions[2]
    assert other.reference["users_per_space"] != usual.reference["users_per_space"]
    for one, two in zip(usual.regions, other.regions, strict=True):
        assert all(one.indicators[name] == two.indicators[name] for name in one.indicators if name != "users_per_space")
    assert load(tmp_path, to_yaml(other), "again.yaml").digest == other.digest
