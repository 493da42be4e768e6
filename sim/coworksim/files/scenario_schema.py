"""The JSON schema of scenario files, for editors that complete and check while one types.

It is derived from the parameters and is looser than the reader: numbers with units are checked by pattern only.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from coworksim.files import policy_reader, region_reader
from coworksim.files.policy_files import FILE_KEYS
from coworksim.files.region_reader import TABLE_KEYS
from coworksim.files.scenario_reader import KEYS, LONGEST_TITLE, WHOLE
from coworksim.files.uk_frame import FRAMES
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS, Kind
from coworksim.model.parameters.environment import FIELDS, INDICATORS
from coworksim.model.parameters.parameter import Parameter
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import AWARDS, KINDS, LEVERS, WHERE
from coworksim.model.policy import CURRICULUM, LIMITS, MOST_POLICIES, Policy
from coworksim.model.scenario import GROUPS, MOST_SPACES

_NUMBER: Final = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"


def json_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema, draft 2020-12).

    >>> json_schema()["properties"]["parameters"]["properties"]["space.price"]["default"]
    157.0
    """
    properties: dict[str, dict[str, Any]] = {
        "title": {"type": "string", "maxLength": LONGEST_TITLE},
        "extends": {"type": "string"},
        "starts": {"type": "string", "format": "date"},
        **{name: _whole(*row) for name, row in WHOLE.items()},
        "regions": {
            "anyOf": [
                {"type": "array", "minItems": 1, "maxItems": region_reader.MOST_REGIONS, "items": _region()},
                {"enum": list(FRAMES)},
                {**_described({name: {"type": "string"} for name in TABLE_KEYS}, TABLE_KEYS), "minProperties": 1},
            ]
        },
        "policies": {"type": "array", "maxItems": MOST_POLICIES, "items": _policy()},
        "mechanisms": _mapping({name: _switch(name, meaning) for name, meaning in MECHANISMS.items()}),
        "parameters": _mapping({name: _parameter(parameter) for name, parameter in PARAMETERS.items()}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "coworksim scenario",
        "description": "The first line of a scenario file is a comment: the question that the scenario answers.",
        **_mapping({name: {"description": KEYS[name], **schema} for name, schema in properties.items()}),
    }


def schema_text() -> str:
    """Return the content of ``scenarios/scenario.schema.json``."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def policies_text() -> str:
    """Return the content of ``scenarios/policies/policies.schema.json``: a file of policies."""
    scenario = json_schema()
    schema = {
        "$schema": scenario["$schema"],
        "title": "coworksim policies",
        "description": "The first line of a file is a comment: the question that its policies answer.",
        **_described({"name": {"type": "string"}, "policies": scenario["properties"]["policies"]}, FILE_KEYS),
        "required": list(FILE_KEYS),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _mapping(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _described(properties: Mapping[str, Any], about: Mapping[str, str]) -> dict[str, Any]:
    return _mapping({name: {"description": about[name], **schema} for name, schema in properties.items()})


def _whole(default: int | None, low: int, high: int, unit: str) -> dict[str, Any]:
    number = {"type": "integer", "minimum": low, "maximum": high}
    text = [{"type": "string", "pattern": rf"^\+?[0-9]+ +{re.escape(unit)}$"}] if unit else []
    return {"anyOf": [number, *text], **({} if default is None else {"default": default})}


def _switch(name: str, meaning: str) -> dict[str, Any]:
    return {"description": meaning, "enum": ["on", "off", True, False], "default": "off" if name in OFF else "on"}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Describe a parameter: title with unit, meaning, source, limits, default."""
    about = {
        "title": f"{parameter.name} ({parameter.unit})",
        "description": f"{parameter.meaning}. Source: {parameter.source} ({parameter.evidence.name.lower()}).",
        "default": parameter.default,
    }
    if parameter.kind is Kind.CHOICE:
        return {**about, "enum": list(parameter.choices)}
    number: dict[str, Any] = {"type": "integer" if parameter.kind is Kind.INTEGER else "number"}
    for key, limit in zip(("minimum", "maximum"), parameter.limits, strict=True):
        if math.isfinite(limit):
            number[key] = limit
    return {**about, "anyOf": [number, _with_unit(parameter.unit)]}


def _with_unit(unit: str) -> dict[str, Any]:
    # A hyphen needs no escape outside a class, and strict readers of patterns refuse one there.
    words = "(share|%)" if unit == "share" else re.escape(unit).replace(r"\ ", " ").replace(r"\-", "-")
    return {"type": "string", "pattern": f"^{_NUMBER} +{words}$"}


def _region() -> dict[str, Any]:
    indicators = {name: _indicator(name) for name in INDICATORS}
    environment = {}
    for field in FIELDS:
        environment[field] = _parameter(PARAMETERS[f"environment.{field}"])
        del environment[field]["default"]
    properties: dict[str, Any] = {
        "name": {"type": "string", "maxLength": region_reader.LONGEST_NAME},
        "like": {"anyOf": [{"enum": list(GROUPS)}, {"type": "string", "pattern": "^TL[A-Z0-9]{3}$"}]},
        **{name: _whole(*row) for name, row in region_reader.WHOLE.items()},
        "flag": {"enum": list(GROUPS)},
        "indicators": _mapping(indicators),
        "environment": _mapping(environment),
        "uk_values": _names({"enum": list(INDICATORS)}),
    }
    properties["code"] = properties["name"]
    properties["spaces"]["anyOf"].append(
        {"type": "array", "minItems": 1, "maxItems": MOST_SPACES, "items": _space(properties["name"])}
    )
    return _described({name: properties[name] for name in region_reader.REGION_KEYS}, region_reader.REGION_KEYS)


def _space(name: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {key: _parameter(PARAMETERS[f"space.{key}"]) for key in ("desks", "price")}
    for number in numbers.values():
        del number["default"], number["description"]
    return _described({"name": name, **numbers}, region_reader.SPACE_KEYS)


def _policy() -> dict[str, Any]:
    line = {"type": "string", "maxLength": region_reader.LONGEST_NAME}
    eligible: dict[str, Any] = {
        **{name: _limited(name) for name in ("career_below", "career_from", "income_below")},
        "occupations": _names({"enum": list(OCCUPATIONS)}),
        "statuses": _names({"enum": list(STATUSES)}),
        "regions": _names(line),
        "non_members": {"enum": [True, False, "on", "off"], "default": False},
    }
    about = policy_reader.ELIGIBLE_KEYS
    known: dict[str, Any] = {
        "name": line,
        "kind": {"enum": list(KINDS)},
        "award": {"enum": list(AWARDS)},
        "where": {"enum": list(WHERE)},
        "curriculum": _names({"enum": list(CURRICULUM)}),
        "eligible": _mapping({name: {"description": about[name], **schema} for name, schema in eligible.items()}),
    }
    properties = {}
    for name, description in policy_reader.POLICY_KEYS.items():
        properties[name] = {"description": description, **(known[name] if name in known else _limited(name))}
        default = policy_reader.WINDOW if name == "window" else Policy.model_fields[name].default
        if isinstance(default, int | str) and name not in LEVERS:
            properties[name]["default"] = default
    return {**_mapping(properties), "required": list(policy_reader.NEEDED)}


def _names(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": dict(one)}


def _limited(name: str) -> dict[str, Any]:
    """Describe a number of a policy; a file gives money in pounds."""
    low, high, unit = LIMITS[name]
    if name in policy_reader.MONEY or name in policy_reader.REAL:
        most = high // 100 if name in policy_reader.MONEY else high
        return {"anyOf": [{"type": "number", "minimum": low, "maximum": most}, _with_unit(unit)]}
    return _whole(None, policy_reader.least(name), int(high), unit)


def _indicator(name: str) -> dict[str, Any]:
    indicator = INDICATORS[name]
    number: dict[str, Any] = {"type": "number"}
    if indicator.scale == "ln":
        number["exclusiveMinimum"] = 0
    return {
        "title": f"{name} ({indicator.unit})",
        "description": indicator.meaning,
        "anyOf": [number, _with_unit(indicator.unit)],
    }
