"""What the digest of a scenario covers: all that differs from the defaults, and their version."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

import coworksim.model.scenario as whole
from coworksim.files.load import load_scenario
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETER_SET, PARAMETERS
from coworksim.model.parameters.parameter import real
from coworksim.model.policy import Policy
from coworksim.model.scenario import Scenario
from tests.files.parameter_set import KEPT, defaults


def test_a_default_changes_only_with_the_version_of_the_parameter_set() -> None:
    kept = json.loads(KEPT.read_text())
    assert kept["parameter_set"] == PARAMETER_SET, "run: python -m tests.files.parameter_set"
    now = defaults()
    changed = [name for name, value in kept["defaults"].items() if now.get(name) != value]
    assert changed == [], "count PARAMETER_SET up by one, and run: python -m tests.files.parameter_set"


def test_a_parameter_that_is_new_and_at_its_default_changes_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_scenario("uk-voucher")
    more = replace(real("share", 0.0, (0, 1), None, "a new one"), name="decay.unheard_of")
    monkeypatch.setattr(whole, "PARAMETERS", MappingProxyType({**PARAMETERS, more.name: more}))
    extra = {"new_and_on": "a new one", "new_and_off": "another"}
    monkeypatch.setattr(whole, "MECHANISMS", MappingProxyType(MECHANISMS | extra))
    monkeypatch.setattr(whole, "OFF", OFF | {"new_and_off"})

    def with_it(value: float = 0.0, **switched: bool) -> str:
        content: dict[str, Any] = before.model_dump()
        content["values"] = {**content["values"], more.name: value}
        content["mechanisms"] = {**content["mechanisms"], "new_and_on": True, "new_and_off": False, **switched}
        return Scenario.model_validate(content).digest

    assert with_it() == before.digest
    others = {with_it(0.1), with_it(new_and_on=False), with_it(new_and_off=True)}
    assert len({before.digest, *others}) == 4


def test_another_version_of_the_parameter_set_gives_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_scenario("tiny").digest
    monkeypatch.setattr(whole, "PARAMETER_SET", PARAMETER_SET + 1)
    assert load_scenario("tiny").digest != before


def test_every_parameter_counts_when_it_is_not_as_by_default() -> None:
    plain = load_scenario("tiny")
    digests = {plain.digest}
    for name, one in PARAMETERS.items():
        others: tuple[Any, ...] = (*one.choices, *one.limits)
        other = next(value for value in others if value not in (plain[name], float("-inf")))
        values = {**plain.values, name: other}
        digests.add(plain.model_copy(update={"values": values}).digest)
    for name in MECHANISMS:
        digests.add(plain.model_copy(update={"mechanisms": {**plain.mechanisms, name: name in OFF}}).digest)
    assert len(digests) == 1 + len(PARAMETERS) + len(MECHANISMS)


def test_a_field_of_a_policy_at_its_default_is_no_part_of_the_digest() -> None:
    """So that one which is new, and does nothing at its default, changes none."""
    scenario = load_scenario("tiny", policies=["voucher"])
    (policy,) = scenario.policies
    kept = policy.model_dump(mode="json", exclude_defaults=True)
    assert len(kept) < len(Policy.model_fields) / 2
    again = scenario.model_copy(update={"policies": (Policy.model_validate(kept),)})
    assert again.digest == scenario.digest != load_scenario("tiny").digest
