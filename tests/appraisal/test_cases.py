"""Cases that an analyst wrote: each holds, a planted fault in any statement is seen, and bad files are refused."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coworksim.appraisal.cases import read_case
from coworksim.appraisal.cases_check import check_case, judge, tried
from coworksim.appraisal.cases_statements import LAWS, Comparison, Law, measures
from coworksim.appraisal.measure_registry import SHARES, TERMS
from coworksim.cli import commands
from coworksim.files.errors import InputError

CASES = sorted(Path(__file__).with_name("cases").glob("*.yaml"))
DOCS = Path(__file__).parents[2] / "docs" / "cases.md"


def fails(path: Path) -> list[str]:
    """Return the statements of a case that do not hold."""
    verdicts = check_case(read_case(path))
    return [f"{path.stem}: {one.statement.text}; measured: {one.measured}" for one in verdicts if not one.holds]


@pytest.mark.slow
def test_every_case_holds() -> None:
    assert [failed for path in CASES for failed in fails(path)] == []


def test_there_are_cases_for_every_law() -> None:
    assert len(CASES) >= 14
    stated = Counter(one.name for path in CASES for one in read_case(path).expect if isinstance(one, Law))
    assert set(stated) == set(LAWS)


def test_every_term_can_be_named_as_it_is_and_as_one_would_write_it() -> None:
    known = measures()
    for name in (*TERMS, *SHARES):
        words = name.replace("_", " ").removesuffix(" gbp")
        assert known[words].name == name
    assert len({words.removesuffix(" gbp") for words in TERMS}) == len(TERMS)


CASE = """# Does it hold?
name: a case
world:
  scenario: tiny
  settings: {weeks: 12, burn_in_weeks: 4, membership.appeal: 3.2, awareness.unprompted: 0.5, schemes.hassle: 0}
policies:
  - {name: half, kind: membership_subsidy, share: 0.5, months: 2, lag: 0, budget: 900 GBP,
     eligible: {regions: [left-behind]}}
expect:
  - %s
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        path = tmp_path / "case.yaml"
        path.write_text(text)
        return path

    return written


@pytest.mark.parametrize(
    ("statement", "measured"),
    [
        ("public paid > 900 GBP", "GBP"),
        ("recipients = 0", "people"),
        ("on average recipients = 0 people", "on average over 1"),
        ("public paid != public paid", "against"),
        ("deadweight share > 100 %", "share"),
        ("same as without", "differ from week"),
        ("no effect outside the target region within 900 weeks", ""),
    ],
)
def test_a_statement_that_fails_says_what_was_measured(
    write: Callable[[str], Path], statement: str, measured: str
) -> None:
    (verdict,) = check_case(read_case(write(CASE % statement)))
    if statement.startswith("no effect"):
        assert verdict.holds  # regions share nothing in so small a world
    else:
        assert not verdict.holds
        assert measured in verdict.measured


def test_a_share_may_be_said_in_per_cent(write: Callable[[str], Path]) -> None:
    for text in ("deadweight share > 12.5 %", "deadweight share > 0.125"):
        (one,) = read_case(write(CASE % text)).expect
        assert isinstance(one, Comparison)
        assert one.amount == 0.125


def test_every_law_is_broken_by_a_planted_fault(write: Callable[[str], Path]) -> None:
    listed = "\n  - ".join(("no effect outside the target region within 1 week", *list(LAWS)[1:]))
    case = read_case(write(CASE % listed))
    trial = tried(case, 0)
    sound = {one.statement.text: one.holds for one in judge(case, [trial])}
    assert [text for text, holds in sound.items() if not holds] == ["same as without"]
    changed = trial.there.regions[0][0], "another"
    regions = (changed, *trial.there.regions[1:])
    record, world = trial.there.record, trial.there.model.world
    record.committed[-1, 0] += 10**6
    world.schemes.spent[0] += 1
    broken = dataclasses.replace(trial, there=dataclasses.replace(trial.there, regions=regions))
    assert not any(one.holds for one in judge(case, [broken]))


def test_a_share_of_nothing_meets_no_statement(write: Callable[[str], Path]) -> None:
    text = CASE.replace("budget: 900 GBP", "budget: 0 GBP") % "deadweight share <= 1"
    (verdict,) = check_case(read_case(write(text)))
    assert not verdict.holds
    assert verdict.measured.startswith("undefined (support_gbp is 0)")


def test_a_bad_file_is_refused_with_place_and_remedy(write: Callable[[str], Path], subtests: pytest.Subtests) -> None:
    cases = (
        (CASE % "public costs <= 3 GBP", "10:5", "write public cost"),
        (CASE % "public cost <= 3 people", "10:20", "has the unit 'people', not GBP"),
        (CASE % "public cost <= lots", "10:20", "no term of an appraisal is called 'lots'"),
        (CASE % "public cost <= recipients", "10:20", "compare terms of one unit"),
        (CASE % "public cost <= 3 %", "10:20", "has the unit '%', not GBP"),
        (CASE % "take-up share <= 3 people", "10:22", "has the unit 'people'"),
        (CASE % "public cost == 3", "10:17", "write ="),
        (CASE % "public cost < 3 within 2", "10:17", "write = before an amount with within"),
        (CASE % "pence payd = pence received", "10:5", "no term"),
        (CASE % "same as witout", "10:5", "write same as without"),
        (CASE % "same as without within 3 weeks", "10:5", "has no weeks"),
        (CASE % "no effect outside the target region within some weeks", "10:5", "write within 1 week"),
        (CASE % "recipients = 1,000", "10:18", "write a number"),
        (CASE.replace("tiny", "tinny") % "recipients > 0", "4:13", "did you mean tiny?"),
        (CASE.replace("schemes.hassle", "schemes.hustle") % "recipients > 0", "5:", "write schemes.hassle"),
        (CASE.replace("share: 0.5", "share: 5") % "recipients > 0", "7:", "share is 5"),
        (CASE.replace("left-behind", "left-ahead") % "recipients > 0", "8:", "left-behind"),
        (CASE.replace("name: a case\n", "") % "recipients > 0", "2:1", "the case has no name"),
        (CASE.replace("expect:", "expects:") % "recipients > 0", "9:1", "write expect"),
        ((CASE % "recipients > 0")[2:], "1:1", "the first line is no comment"),
        (
            CASE.replace(", eligible: {regions: [left-behind]}", "").replace(
                ",\n     eligible: {regions: [left-behind]}", ""
            )
            % "no effect outside the target region",
            "9:5",
            "no region lies outside",
        ),
        (CASE.replace("scenario: tiny", "scenario: ../tiny.yaml") % "recipients > 0", "4:13", "leaves the folder"),
    )
    for text, place, said in cases:
        with subtests.test(said):
            with pytest.raises(InputError) as refused:
                read_case(write(text))
            told = [line for line in str(refused.value).splitlines() if said in line]
            assert any(f"case.yaml:{place}" in line for line in told)


def test_settings_that_exclude_each_other_are_refused_at_the_world(write: Callable[[str], Path]) -> None:
    text = CASE.replace("weeks: 12,", "population.full_time_share: 0.9, population.frequent_share: 0.9,")
    with pytest.raises(InputError, match=r"case\.yaml:4:3: .*at most 1"):
        read_case(write(text % "recipients > 0"))


def test_what_is_wrong_in_a_file_called_override_is_told_there(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("# Q?\nname: N\nworld: {scenario: override.yaml}\nexpect: [recipients = 0]\n")
    (path.parent / "override.yaml").write_text("# Q?\ntitle: T\nextends: tiny\nseed: many\n", encoding="utf-8")
    monkeypatch.chdir(path.parent)
    with pytest.raises(InputError, match=r"^override\.yaml:4:7: "):
        read_case(Path(path.name))


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(commands, [str(argument) for argument in arguments])


def test_check_prints_a_line_for_each_case_and_ends_with_0_1_or_2(
    write: Callable[[str], Path], call: Callable[..., Result], tmp_path: Path
) -> None:
    write(CASE % "recipients > 0")
    done = call("check", tmp_path)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("holds  ")
    assert done.stdout.endswith("\n1 of 1 cases hold, 1 of 1 statements.\n")
    write(CASE % "recipients = 0\n  - public paid <= budget")
    done = call("check", "case.yaml")
    assert done.exit_code == 1
    assert "case.yaml:10:5: recipients = 0; measured: " in done.stdout
    assert "0 of 1 cases hold, 1 of 2 statements." in done.stdout
    write(CASE % "recipient = 0")
    done = call("check", "case.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "case.yaml:10:5: no term of an appraisal is called 'recipient'; write recipients" in done.stderr
    (tmp_path / "empty").mkdir()
    assert call("check", "empty").exit_code == 2
    assert call("check", "none.yaml").exit_code == 2


def test_check_as_json(write: Callable[[str], Path], call: Callable[..., Result]) -> None:
    write(CASE % "recipients = 0\n  - public paid <= budget")
    done = call("check", "case.yaml", "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["hold"], found["of"]) == (1, 0, 1)
    statement, other = found["cases"][0]["statements"]
    assert other["holds"] is True
    assert found["cases"][0]["holds"] is False, "a case holds when all of its statements do"
    assert (statement["line"], statement["text"], statement["holds"]) == (10, "recipients = 0", False)


def test_the_page_on_cases_shows_a_case_that_holds(write: Callable[[str], Path], call: Callable[..., Result]) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    path = write(example)
    assert isinstance(read_case(path).expect[0], Comparison)
    done = call("check", path.name)
    assert done.exit_code == 0, done.output
    page = DOCS.read_text(encoding="utf-8")
    assert all(f"`{law}" in page for law in LAWS)


NAMES = (
    "Bournemouth, Christchurch and Poole",
    "A <= B",
    "Stoke within Walls",
    "on average 5",
    "Über-Tal | West",
    "other",
)


def _named(tmp_path: Path, *statements: str) -> Path:
    regions = "".join(f"  - {{name: {json.dumps(name)}, like: TLC13, people: 20}}\n" for name in NAMES)
    scenario = f"# Q?\ntitle: T\nextends: tiny\nweeks: 6\nburn_in_weeks: 4\nregions:\n{regions}"
    (tmp_path / "names.yaml").write_text(scenario, encoding="utf-8")
    expect = "".join(f"  - {json.dumps(one)}\n" for one in statements)
    case = CASE.replace("scenario: tiny", "scenario: names.yaml").replace("weeks: 12, burn_in_weeks: 4, ", "")
    case = case.replace("[left-behind]", json.dumps([NAMES[0]])).replace("  - %s\n", expect)
    (tmp_path / "case.yaml").write_text(case, encoding="utf-8")
    return tmp_path / "case.yaml"


def test_a_region_is_named_as_it_is_called(tmp_path: Path) -> None:
    people = [f"people in region {name} = 20" for name in NAMES[:-1]]
    same = [f"people in region {NAMES[0]} = people in region {name}" for name in NAMES[1:-1]]
    average = f"on average support in region {NAMES[0]} >= 0"
    # one that is called as a kind of regions stands for the kind, to which the others belong too
    kind = "people in region other >= 20"
    path = _named(tmp_path, *people, *same, average, kind)
    assert fails(path) == []
    numbers = tried(read_case(path), 0).numbers
    for measure in ("people", "recipients", "support_gbp", "earned_gbp"):
        of = {
            key.split("\t")[2]: value
            for key, value in numbers.items()
            if re.fullmatch(rf"group\tregion\t.*\t{measure}", key)
        }
        kinds = of["left-behind"] + of["other"]
        assert sum(of[name] for name in NAMES[:-1]) <= kinds + 1e-9
    assert fails(_named(tmp_path, f"recipients in region {NAMES[1]} > 0")) != []  # it is not eligible


def test_a_world_that_cannot_be_read_is_all_that_is_told(tmp_path: Path) -> None:
    """Which regions there are is not known then."""
    path = _named(tmp_path, f"people in region {NAMES[0]} = 20")
    (tmp_path / "names.yaml").write_text("# Q?\ntitle: T\nextends: tiny\nweaks: 6\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_case(path)
    assert [problem.message for problem in refused.value.problems if "term" in problem.message] == []


def test_names_of_regions_that_read_alike_are_refused() -> None:
    known = measures(("Stoke-on-Trent", "Stoke on Trent", "York"))
    assert "recipients in region stoke on trent" not in known
    assert known["recipients in region york"].name == "group | region | York | recipients"
