"""Each kind of refusal, at its exact place and in its exact words."""

from __future__ import annotations

from pathlib import Path

import pytest

from .files import HEAD, REGIONS, refusals

PARAMETERS = HEAD + REGIONS + "parameters:\n"  # a quantity after it stands in line 6

SETTINGS = {
    "weaks: 3": "5:1: unknown key 'weaks' in the scenario; write weeks",
    "weeks: true": "5:8: weeks is the boolean true; write a number, bare or as 156 weeks",
    "weeks: 1.5": "5:8: weeks is 1.5; write a whole number from 1 to 5200 weeks",
    "weeks: 0": "5:8: weeks is 0; write a whole number from 1 to 5200 weeks",
    "weeks: 26 months": "5:8: weeks has the unit 'months', not weeks; write 26, or 26 weeks if weeks is meant",
    "weeks: [26]": "5:8: weeks is a list; write a number, bare or as 156 weeks",
    "weeks:": "5:7: weeks is nothing; write a number, bare or as 156 weeks",
    "seed: -1": "5:7: seed is -1; write a whole number from 0 to 9223372036854775807",
    "seed: 3 pieces": "5:7: seed has the unit 'pieces', not none; write 3",
    "starts: 2022-13-01": "5:9: starts is the text '2022-13-01'; write a day of the years 1900 to 2200 as YYYY-MM-DD",
    "starts: 1066-10-14": "5:9: starts is the text '1066-10-14'; write a day of the years 1900 to 2200 as YYYY-MM-DD",
    "mechanisms: {decai: off}": "5:14: unknown key 'decai' in mechanisms; write decay",
    "mechanisms: {decay: no}": "5:21: mechanisms.decay is the text 'no'; write on or off",
    "mechanisms: {decay: 0}": "5:21: mechanisms.decay is the number 0; write on or off",
    "? [a]\n: b": "5:3: a list or mapping as a key; write a name as the key",
    "weeks: 3\nweeks: 4": "6:1: key 'weeks' a second time (first in line 5); keep one of the two",
    "weeks: &w 3": "5:8: anchor &w; write the value without it",
    "weeks: *w": "5:8: alias *w; write the value itself",
    "weeks: !!int 3": "5:8: tag 'tag:yaml.org,2002:int'; write the value without it",
    "---\nweeks: 3": "5:1: a second document begins; keep one document in a file",
    "title: again": "5:1: key 'title' a second time (first in line 2); keep one of the two",
    "weeks: " + "[" * 20: "5:17: more than 10 levels of nesting; write a simpler file",
}


def test_settings(tmp_path: Path) -> None:
    found = {line: refusals(tmp_path, HEAD + REGIONS + line) for line in SETTINGS}
    assert found == {line: [said] for line, said in SETTINGS.items()}


VALUES = {
    "space.price: 160 GBP/week": "6:16: space.price has the unit 'GBP/week', not GBP/month; "
    "write 160, or 160 GBP/month if GBP/month is meant",
    "space.price: -1": "6:16: space.price is the number -1; it must lie between 0 and 5000 GBP/month",
    "space.price: 5001 GBP/month": "6:16: space.price is the text '5001 GBP/month'; "
    "it must lie between 0 and 5000 GBP/month",
    "space.price: .nan": "6:16: space.price is .nan, which is no finite number; "
    "write a number, bare or as 157 GBP/month",
    "space.price: -.inf": "6:16: space.price is -.inf, which is no finite number; "
    "write a number, bare or as 157 GBP/month",
    "space.price: 1e999": "6:16: space.price is 1e999, which is no finite number; "
    "write a number, bare or as 157 GBP/month",
    "space.price: 1_000": "6:16: space.price is the text '1_000'; write a number, bare or as 157 GBP/month",
    "space.price: 12:30": "6:16: space.price is the text '12:30'; write a number, bare or as 157 GBP/month",
    "space.price: '160'": "6:16: space.price is the text '160'; write a number, bare or as 157 GBP/month",
    "space.price: false": "6:16: space.price is the boolean false; write a number, bare or as 157 GBP/month",
    "space.price: ~": "6:16: space.price is nothing; write a number, bare or as 157 GBP/month",
    "space.price: {GBP: 1}": "6:16: space.price is a mapping; write a number, bare or as 157 GBP/month",
    "space.desks: 6.5": "6:16: space.desks is the number 6.5; it must be a whole number",
    "space.prise: 1": "6:3: unknown key 'space.prise' in parameters; write space.price",
    "membership.money: NO": "6:21: membership.money is the text 'NO'; it must be one of linear, logarithmic",
    "space.price: 1\n  space.price: 2": "7:3: key 'space.price' a second time (first in line 6); keep one of the two",
    "population.full_time_share: .9": "6:3: population.full_time_share + population.frequent_share is 1.2; "
    "write shares that add up to at most 1",
    "population.freelancer_share: .75": "6:3: population.freelancer_share + population.owner_share + "
    "population.nomad_share + population.remote_share is 1.05; write shares that add up to at most 1",
}


def test_values(tmp_path: Path) -> None:
    found = {line: refusals(tmp_path, f"{PARAMETERS}  {line}\n") for line in VALUES}
    assert found == {line: [said] for line, said in VALUES.items()}


FILES = {
    b"": ["1:1: the first line is no comment; write there, after #, which question the scenario answers"],
    b"#\ntitle: x\n" + REGIONS.encode(): [
        "1:1: the first line is no comment; write there, after #, which question the scenario answers"
    ],
    b"# q\n": [
        "1:1: the scenario has no regions; write regions: with at least one",
        "1:1: the scenario has no title; write title: and a few words",
    ],
    b"# q\ntitle: a\xffb\n": ["2:9: byte 0xff is not UTF-8 text; save the file as UTF-8"],
    "# q\n".encode("utf-16"): ["1:1: byte 0xff is not UTF-8 text; save the file as UTF-8"],
    b"# q\ntitle: a\x1bb\n": ["2:9: invisible character U+001B; delete it"],
    b"# q\n" + b"x" * 1_000_000: ["1:1: the file is larger than 1 MB; write a smaller file"],
    b"# q\n\ttitle: x\n": [
        "2:1: this is not YAML (while scanning for the next token, found character '\\t' that cannot start any "
        "token); check indentation, quotes and brackets here and in the line before"
    ],
    b'# q\ntitle: "\\U99999999"\n': [
        "2:1: this is not YAML; check indentation, quotes and brackets here and in the line before"
    ],
    b"# q\n- 1\n": [
        "2:1: the scenario is a list; write a mapping with any of title, extends, starts, market, "
        "burn_in_weeks, spin_up_weeks, weeks, seed, regions, policies, mechanisms, parameters"
    ],
    b"# q\nx: [" + b"1," * 60_000 + b"]": ["2:99999: more than 50000 keys and values; write a simpler file"],
}


@pytest.mark.slow
def test_files(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for content, told in FILES.items():
        with subtests.test(repr(content[:40])):
            assert refusals(tmp_path, content) == told


def test_a_directive_is_refused(tmp_path: Path) -> None:
    found = refusals(tmp_path, "# q\n%YAML 1.1\n---\ntitle: x\n" + REGIONS)
    assert found == ["1:1: a directive (a line that starts with %); delete it"]


def test_title_must_be_text_that_can_be_shown(tmp_path: Path) -> None:
    assert refusals(tmp_path, "# q\ntitle: 2022\n" + REGIONS) == [
        "2:8: title is the number 2022; write text, in quotes where it looks like a number or boolean"
    ]
    assert refusals(tmp_path, '# q\ntitle: "a\\x1b[2Jb"\n' + REGIONS) == [
        "2:8: title is 'a\\x1b[2Jb'; write one line of at most 120 printable characters, with no space at either end"
    ]


def test_all_problems_in_one_go_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = refusals(tmp_path, "title: 1\nweeks: x\nparameters: {space.price: .nan, a: 1}\nregions: []\nzzzzzz: 1\n")
    assert [line.split(" ")[0] for line in found] == ["1:1:", "1:8:", "2:8:", "3:27:", "3:33:", "4:10:", "5:1:"]


def test_no_more_than_a_hundred_problems_are_told(tmp_path: Path) -> None:
    assert len(refusals(tmp_path, "# q\n" + "".join(f"k{k}: 1\n" for k in range(300)))) == 100


FLAWED_PARTS = (
    "regions: [{like: other, spaces: -1}]",
    "regions: [{like: other, flag: 1}]",
    "regions: [like: other]\npolicies: [{name: a, kind: voucher, amount: 1, months: 1, budget: 1, end: -1}]",
    "regions: [like: other]\npolicies: [{name: a, kind: voucher, amount: 1, months: 1, budget: 1, eligible: 1}]",
)


def test_what_comes_after_the_last_problem_that_is_told_is_refused_too(tmp_path: Path) -> None:
    before = "# q\n" + "".join(f"k{k}: 1\n" for k in range(100))
    told = {part: len(refusals(tmp_path, before + part)) for part in FLAWED_PARTS}
    assert told == dict.fromkeys(FLAWED_PARTS, 100)


def test_names_with_control_characters_are_shown_escaped(tmp_path: Path) -> None:
    (problem,) = refusals(tmp_path, HEAD + REGIONS + '"\\x1b[31m": 1\n', "a\x1b[31m.yaml")
    assert problem.startswith(f"{tmp_path}/a\\x1b[31m.yaml:5:1: unknown key '\\x1b[31m' in the scenario; write any of")
