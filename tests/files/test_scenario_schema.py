"""The JSON schema, the template of a new scenario, and the difference of two."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

from coworksim.files.built_in import data_folder
from coworksim.files.load import load_scenario
from coworksim.files.scenario_reader import KEYS
from coworksim.files.scenario_schema import json_schema, new_template, schema_text
from coworksim.files.scenario_writer import diff
from coworksim.model.parameters import OFF, PARAMETERS
from coworksim.model.parameters.skills import STATUSES
from coworksim.model.policies import KINDS
from coworksim.model.policy import Eligibility, Policy

from .files import load


def test_the_schema_file_is_in_step() -> None:
    found = (data_folder() / "scenario.schema.json").read_text(encoding="utf-8")
    assert found == schema_text(), "run make regenerate"
    assert json.loads(found) == json_schema()


def test_the_schema_knows_every_key_and_parameter_with_unit_default_and_limits() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(KEYS)
    parameters = schema["properties"]["parameters"]["properties"]
    assert list(parameters) == list(PARAMETERS)
    price = parameters["space.price"]
    assert (price["title"], price["default"]) == ("space.price (GBP/month)", 157.0)
    assert price["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 5000}
    assert parameters["membership.money"]["enum"] == ["linear", "logarithmic"]


def test_the_schema_knows_every_field_of_a_policy() -> None:
    policy = json_schema()["properties"]["policies"]["items"]
    assert list(policy["properties"]) == list(Policy.model_fields)
    assert policy["required"] == ["name", "kind", "budget"]
    assert policy["properties"]["months"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 120}
    assert policy["properties"]["amount"]["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 100_000}
    defaults = {name: one["default"] for name, one in policy["properties"].items() if "default" in one}
    weeks = {"start": 0, "window": 8, "lag": 4, "redeem": 13}
    assert defaults == {**weeks, "award": "first-come", "where": "inside", "through_spaces": False}
    eligible = policy["properties"]["eligible"]["properties"]
    assert list(eligible) == list(Eligibility.model_fields)
    assert eligible["statuses"]["items"] == {"enum": list(STATUSES)}


def test_the_patterns_of_the_schema_take_the_declared_unit_only() -> None:
    entries = json_schema()["properties"]["parameters"]["properties"]
    written = {name: f"{one.default} {one.unit}" for name, one in PARAMETERS.items() if not one.choices}
    patterns = {name: entries[name]["anyOf"][1]["pattern"] for name in written}
    assert [name for name, text in written.items() if not re.search(patterns[name], text)] == []
    assert [name for name, text in written.items() if re.search(patterns[name], f"{text}s")] == []


def test_the_template_loads_as_it_stands_and_with_all_its_lines(tmp_path: Path) -> None:
    scenario = load(tmp_path, new_template())
    assert scenario.values == load_scenario("uk-core").values
    lines = new_template().splitlines()
    first = lines.index("# policies:")
    uncommented = [*lines[:first], *(re.sub(r"^# (?=[a-z]+:$|  )", "", line) for line in lines[first:])]
    everything = load(tmp_path, "\n".join(uncommented), "all.yaml")
    assert everything.values == scenario.values
    assert {name for name, on in everything.mechanisms.items() if on} == OFF
    assert [policy.kind for policy in everything.policies] == list(KINDS)
    assert {everything.origins[name] for name in PARAMETERS} & {"default"} == set()


def test_a_difference_names_entry_values_and_unit() -> None:
    tiny = load_scenario("tiny")
    changed = load_scenario("tiny", {"space.price": 160, "mechanisms.decay": False, "starts": "2023-01-02", "weeks": 3})
    assert diff(tiny, tiny) == []
    assert [tuple(one) for one in diff(tiny, changed)] == [
        ("starts", datetime.date(2022, 11, 7), datetime.date(2023, 1, 2), ""),
        ("weeks", 26, 3, "weeks"),
        ("mechanisms.decay", True, False, ""),
        ("space.price", 157.0, 160.0, "GBP/month"),
    ]


def test_a_region_that_one_scenario_lacks_differs_in_every_entry() -> None:
    found = {one.name: one for one in diff(load_scenario("uk-core"), load_scenario("uk-left-behind"))}
    assert found["regions.core.indicators.jobs_per_head"][1:] == (0.474869344275, None, "jobs/person")
    assert found["regions.left-behind.flag"][1:] == (None, "left-behind", "")


def test_policies_differ_entry_by_entry_with_money_in_pounds() -> None:
    voucher = load_scenario("uk-voucher")
    (policy,) = voucher.policies
    eligible = policy.eligible.model_copy(update={"statuses": ("nomad",), "career_below": None})
    other = policy.model_copy(update={"amount": 6005, "number": None, "eligible": eligible})
    prefix = "policies.Vouchers for early careers"
    assert [tuple(one) for one in diff(voucher, voucher.model_copy(update={"policies": (other,)}))] == [
        (f"{prefix}.amount", 60.0, 60.05, "GBP/month"),
        (f"{prefix}.number", 40, None, "people"),
        (f"{prefix}.eligible.career_below", 5.0, None, "years"),
        (f"{prefix}.eligible.statuses", "freelancer, owner", "nomad", ""),
    ]


def test_a_policy_that_one_scenario_lacks_differs_between_regions_and_mechanisms() -> None:
    behind = load_scenario("uk-left-behind", {"mechanisms.decay": False})
    found = diff(behind, load_scenario("uk-voucher"))
    assert found[1][:3] == ("policies", None, "Vouchers for early careers")
    assert found[2][:3] == ("policies.Vouchers for early careers.kind", None, "voucher")
    assert found[-1].name == "mechanisms.decay"
