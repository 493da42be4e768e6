"""The JSON schema of study files: in step, and every built-in study passes it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from coworksim.cli import commands
from coworksim.files.built_in import built_in_studies, data_file
from coworksim.model.parameters import PARAMETERS
from coworksim.runs.outcomes import ALL_OUTCOMES
from coworksim.runs.study_schema import KEYS, study_schema, study_schema_text
from coworksim.statistics.factors import METHODS


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Check a value by the words of JSON Schema that ours uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": int | float}
    if "anyOf" in schema and not any(fits(value, one) for one in schema["anyOf"]):
        return False
    if "type" in schema and (not isinstance(value, kinds[schema["type"]]) or isinstance(value, bool)):
        return False
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(fits(one, schema.get("items", {})) for one in value)
    if not set(schema.get("required", ())) <= set(value):
        return False
    if "properties" not in schema:
        return True
    known = schema["properties"]
    counts = schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value))
    return counts and all(name in known and fits(one, known[name]) for name, one in value.items())


def content(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def test_the_schema_file_is_in_step() -> None:
    path = data_file("study.schema.json")
    assert path is not None
    found = path.read_text(encoding="utf-8")
    assert found == study_schema_text(), "run make regenerate"
    assert json.loads(found) == study_schema()
    shown = CliRunner().invoke(commands, ["schema", "--study"])
    assert json.loads(shown.output) == study_schema()


def test_the_schema_knows_every_key_method_outcome_and_quantity() -> None:
    known = study_schema()["properties"]
    assert list(known) == list(KEYS)
    assert known["method"]["enum"] == list(METHODS)
    assert known["outcomes"]["anyOf"][1]["items"]["enum"] == list(ALL_OUTCOMES)
    assert set(PARAMETERS) < set(known["set"]["properties"])
    assert set(PARAMETERS) < set(known["vary"]["anyOf"][1]["items"]["anyOf"][0]["enum"])


@pytest.mark.parametrize("name", [one.name for one in built_in_studies()])
def test_every_built_in_study_passes_and_says_where_the_schema_is(name: str) -> None:
    path = next(one.path for one in built_in_studies() if one.name == name)
    assert "# yaml-language-server: $schema=study.schema.json" in path.read_text(encoding="utf-8").split("\n")[:2]
    good = content(path)
    assert fits(good, study_schema())
    for wrong in (
        good | {"methods": "sobol"},
        good | {"outcomes": ["prise"]},
        good | {"vary": [{"space.price": "110-250"}]},
        good | {"set": {"space.pric": 3}},
        good | {"arms": [{"name": "x"}]},
        {key: value for key, value in good.items() if key != "method"},
    ):
        assert not fits(wrong, study_schema())


def test_ranges_are_checked() -> None:
    schema = study_schema()["properties"]["vary"]
    assert fits([{"space.price": "110..250 GBP/month"}, "membership.*", {"role": "lever"}], schema)
    assert not fits([{"membership.money": "0..1"}], schema)
    assert not fits([{"role": "lever", "space.price": "1..2"}], schema)
