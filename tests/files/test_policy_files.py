"""Ready-made policies, files of policies that are added to a scenario, and how a user names an arm."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.built_in import built_in_policies, data_folder
from coworksim.files.errors import InputError
from coworksim.files.load import ScenarioError, load_scenario
from coworksim.files.policy_reader import AS_DECLARED, read_arms
from coworksim.files.scenario_schema import policies_text
from coworksim.model.policies import KINDS
from tests.worlds import busy, schemes

ONE = "# Why?\nname: one\npolicies:\n  - {name: A, kind: community_grant, hours: 3, hour_price: 2, budget: 9}\n"


def test_ready_made_policies_load_and_say_which_question_they_answer() -> None:
    kinds = set()
    for one in built_in_policies():
        scenario = load_scenario("uk-left-behind", policies=[one.name])
        assert one.question.endswith("?")
        assert scenario.digest == load_scenario("uk-left-behind", policies=[one.path]).digest
        kinds |= {policy.kind for policy in scenario.policies}
        assert sum(policy.budget for policy in scenario.policies) in (0, 10_400_00, 120_000_00), one.name
    assert kinds == set(KINDS)


def test_the_schema_of_policies_is_in_step() -> None:
    found = (data_folder() / "policies" / "policies.schema.json").read_text(encoding="utf-8")
    assert found == policies_text(), "run make regenerate"


def test_policies_are_added_to_those_of_the_scenario(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(ONE)
    scenario = load_scenario("uk-voucher", policies=[file, "equipment-loans"])
    assert [policy.name for policy in scenario.policies] == ["Vouchers for early careers", "A", "Equipment loans"]
    assert scenario.origins["policies"] == f"built-in uk-voucher.yaml:6, {file}, built-in equipment-loans.yaml"
    assert load_scenario("tiny", policies=["do-nothing"]).digest == load_scenario("tiny").digest
    assert [policy.end for policy in load_scenario("tiny", {"weeks": 9}, policies=[file]).policies] == [9]


REFUSED = (
    (
        ONE.replace("# Why?", ""),
        "1:1: the first line is no comment; write there, after #, which question the policies answer",
    ),
    (ONE.replace("name: one\n", ""), "2:1: a file of policies without name; write name and policies"),
    (ONE.replace("name: one", "nam: one"), "2:1: unknown key 'nam' in a file of policies; write name"),
    (ONE.replace("hours: 3", "hours: -3"), "4:45: hours is -3; write a number from 0 to 60 h/week"),
    (
        ONE.replace("budget: 9", "budget: 9, eligible: {regions: [Atlantis]}"),
        "4:95: no region or flag 'Atlantis' is in "
        "this scenario; write left-behind, other or the name of a region of this scenario",
    ),
    (ONE + ONE.partition("policies:\n")[2], "5:5: a second policy called 'A'; give it a name of its own"),
    ("# q\n", "1:1: no policies are in this file; write name and policies"),
)


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_bad_file_is_refused_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as refused:
        load_scenario("tiny", policies=[file])
    assert str(refused.value).splitlines() == [f"{file}:{message}"]


def test_a_name_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"subsidy-51: no policy is called 'subsidy-51' \(did you mean subsidy-50\?\)"
    ):
        load_scenario("tiny", policies=["subsidy-51"])
    with pytest.raises(
        ScenarioError, match=r"voucher.yaml:1:1: a second policy called 'Help with fees'; give it a name"
    ):
        load_scenario("tiny", policies=["subsidy-50", "voucher"])


FILE = """# Does half the price bring more than a voucher?
name: half price
policies:
  - {name: half, kind: membership_subsidy, share: 0.5, months: 12, budget: 2000 GBP, eligible: {regions: [left-behind]}}
"""


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "half.yaml"
    file.write_text(text)
    return str(file)


def test_a_file_of_policies_is_an_arm(tmp_path: Path) -> None:
    arms = read_arms([written(tmp_path, FILE), AS_DECLARED, "vouchers"], schemes())
    assert list(arms) == ["half", AS_DECLARED, "vouchers"]
    (half,) = arms["half"]
    assert (half.name, half.end, half.budget) == ("half", 26, 200_000)
    assert arms[AS_DECLARED] == schemes().policies
    assert arms["vouchers"] == schemes().policies[:1]


def test_without_a_name_the_policies_are_those_of_the_scenario() -> None:
    assert read_arms([], load_scenario("uk-voucher")) == {AS_DECLARED: load_scenario("uk-voucher").policies}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE.replace("# Does", "Does"), "half.yaml:"),
        (FILE.partition("\n")[2], "half.yaml:1:1: the first line is no comment"),
        (FILE.replace("share:", "shore:"), "half.yaml:4:"),
        (FILE.replace("policies:", "polices:"), "policies"),
        (FILE.replace("[left-behind]", "[left-behand]"), "write left-behind"),
        (FILE.replace("0.5", "5"), "write a number from 0 to 1"),
        ("# Why?\n", "the file is empty"),
        ("# Why?\nname: x\n", "write policies: and at least one"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_arms([written(tmp_path, text)], busy())
    assert said in str(refused.value)
    assert "half.yaml:" in str(refused.value)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["vouchars"], "write vouchers"),
        (["zzz"], "write as-declared, vouchers"),
        (["vouchers", "vouchers"], "name each once"),
        (["nowhere/half.yaml"], "no file"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused(names: list[str], said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_arms(names, schemes())
    assert said in str(refused.value)


def test_a_scenario_without_policies_needs_a_name() -> None:
    with pytest.raises(InputError, match="scenario tiny has no policies"):
        read_arms([], busy())
