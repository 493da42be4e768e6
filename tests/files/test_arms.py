"""How a user names an arm, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from coworksim.files.errors import InputError
from coworksim.files.load import load_scenario
from coworksim.files.policy_reader import AS_DECLARED, read_arms
from tests.worlds import busy, schemes

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
