"""What a scenario file may hold, from the parameters: a JSON schema for editors, and the text of a new file.

The schema is looser than the reader: numbers with units are checked by pattern only.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from coworksim.files import policy_reader as policies
from coworksim.files.region_reader import LONGEST_NAME, MOST_REGIONS, REGION_KEYS, SPACE_KEYS, TABLE_KEYS
from coworksim.files.region_reader import WHOLE as WHOLE_OF_REGION
from coworksim.files.scenario_reader import KEYS, LONGEST_TITLE, WHOLE, WORDS
from coworksim.files.uk_regions import FRAMES, RULES, real_regions
from coworksim.model.parameters import MECHANISMS, OFF, PARAMETERS, Kind
from coworksim.model.parameters.environment import FIELDS, INDICATORS, OUTSIDE_ACCESS
from coworksim.model.parameters.parameter import Parameter
from coworksim.model.parameters.skills import OCCUPATIONS, STATUSES
from coworksim.model.policies import LEVERS
from coworksim.model.policy import LIMITS, MOST_POLICIES, Policy
from coworksim.model.scenario import GROUPS, MOST_GAP, MOST_SPACES

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
        **{name: {**_enum(words), "default": default} for name, (default, words) in WORDS.items()},
        **{name: _whole(*row) for name, row in WHOLE.items()},
        "regions": {
            "anyOf": [
                {"type": "array", "minItems": 1, "maxItems": MOST_REGIONS, "items": _region()},
                _enum(FRAMES),
                {**_described({name: {"type": "string"} for name in TABLE_KEYS}, TABLE_KEYS), "minProperties": 1},
            ]
        },
        "policies": {"type": "array", "maxItems": MOST_POLICIES, "items": _policy()},
        "mechanisms": _described({name: _switch("off" if name in OFF else "on") for name in MECHANISMS}, MECHANISMS),
        "parameters": _mapping({name: _parameter(parameter) for name, parameter in PARAMETERS.items()}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "coworksim scenario",
        "description": "The first line of a scenario file is a comment: the question that the scenario answers.",
        **_described(properties, KEYS),
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
        **_described({"name": {"type": "string"}, "policies": scenario["properties"]["policies"]}, policies.FILE_KEYS),
        "required": list(policies.FILE_KEYS),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _mapping(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _described(properties: Mapping[str, Any], about: Mapping[str, str]) -> dict[str, Any]:
    return _mapping({name: {"description": about[name], **schema} for name, schema in properties.items()})


def _enum(known: Iterable[object]) -> dict[str, Any]:
    return {"enum": list(known)}


def _switch(default: str) -> dict[str, Any]:
    return {**_enum(("on", "off", True, False)), "default": default}


def _whole(default: int | None, low: int, high: int, unit: str) -> dict[str, Any]:
    number = {"type": "integer", "minimum": low, "maximum": high}
    text = [{"type": "string", "pattern": rf"^\+?[0-9]+ +{re.escape(unit)}$"}] if unit else []
    return {"anyOf": [number, *text], **({} if default is None else {"default": default})}


def _parameter(parameter: Parameter, *without: str) -> dict[str, Any]:
    """Describe a parameter: title with unit, meaning, source, limits, default; ``without`` some of these."""
    about: dict[str, Any] = {
        "title": f"{parameter.name} ({parameter.unit})",
        "description": f"{parameter.meaning}. Source: {parameter.source} ({parameter.evidence.name.lower()}).",
        "default": parameter.default,
    }
    if parameter.kind is Kind.CHOICE:
        about |= _enum(parameter.choices)
    else:
        limits = zip(("minimum", "maximum"), parameter.limits, strict=True)
        number: dict[str, Any] = {"type": "integer" if parameter.kind is Kind.INTEGER else "number"}
        number |= {key: limit for key, limit in limits if math.isfinite(limit)}
        about["anyOf"] = [number, _with_unit(parameter.unit)]
    return {key: value for key, value in about.items() if key not in without}


def _with_unit(unit: str) -> dict[str, Any]:
    # A hyphen needs no escape outside a class, and strict readers of patterns refuse one there.
    words = "(share|%)" if unit == "share" else re.escape(unit).replace(r"\ ", " ").replace(r"\-", "-")
    return {"type": "string", "pattern": f"^{_NUMBER} +{words}$"}


_NAME: Final = {"type": "string", "maxLength": LONGEST_NAME}


def _region() -> dict[str, Any]:
    """Describe a region in the list of a scenario."""
    environment = {
        field: _parameter(PARAMETERS[f"environment.{field}"], "default") for field in (*FIELDS, OUTSIDE_ACCESS)
    }
    numbers = {key: _parameter(PARAMETERS[f"space.{key}"], "default", "description") for key in ("desks", "price")}
    properties: dict[str, Any] = {
        "name": _NAME,
        "code": _NAME,
        "like": {"anyOf": [_enum(GROUPS), {"type": "string", "pattern": "^TL[A-Z0-9]{3}$"}]},
        **{name: _whole(*row) for name, row in WHOLE_OF_REGION.items()},
        "flag": _enum(GROUPS),
        "flags": _mapping({rule: _enum(GROUPS) for rule in RULES}),
        "indicators": _mapping({name: _indicator(name) for name in INDICATORS}),
        "environment": _mapping(environment),
        "gaps": _mapping({name: {"type": "number", "minimum": 0, "maximum": MOST_GAP} for name in INDICATORS}),
        "editions": _mapping(dict.fromkeys(INDICATORS, _NAME)),
    }
    days = {key: {"type": "string", "format": "date"} for key in ("opened", "closed")}
    space = _described({"name": _NAME, **numbers, **days, "cluster": {"type": "boolean"}}, SPACE_KEYS)
    properties["spaces"]["anyOf"].append({"type": "array", "minItems": 1, "maxItems": MOST_SPACES, "items": space})
    return _described({name: properties[name] for name in REGION_KEYS}, REGION_KEYS)


def _indicator(name: str) -> dict[str, Any]:
    indicator = INDICATORS[name]
    number = {"type": "number", **({"exclusiveMinimum": 0} if indicator.scale == "ln" else {})}
    title = f"{name} ({indicator.unit})"
    return {"title": title, "description": indicator.meaning, "anyOf": [number, _with_unit(indicator.unit)]}


def _policy() -> dict[str, Any]:
    """Describe a policy, and the conditions of ``eligible`` in it."""
    known: dict[str, Any] = {
        "name": _NAME,
        **{name: _enum(names) for name, names in policies.CHOICES.items()},
        **{name: _names(_enum(names)) for name, (names, _) in policies.LISTS.items()},
        "regions": _names(_NAME),
        **{name: {**_enum((True, False, "on", "off")), "default": False} for name in policies.SWITCHES},
    }

    def schema(name: str) -> dict[str, Any]:
        return known[name] if name in known else _limited(name)

    known["eligible"] = _described({name: schema(name) for name in policies.ELIGIBLE_KEYS}, policies.ELIGIBLE_KEYS)
    properties = {}
    for name, description in policies.POLICY_KEYS.items():
        properties[name] = {"description": description, **schema(name)}
        default = policies.WINDOW if name == "window" else Policy.model_fields[name].default
        if isinstance(default, int | str) and name not in LEVERS:
            properties[name]["default"] = default
    return {**_mapping(properties), "required": list(policies.NEEDED)}


def _names(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": dict(one)}


def _limited(name: str) -> dict[str, Any]:
    """Describe a number of a policy; a file gives money in pounds."""
    low, high, unit = LIMITS[name]
    if name in policies.MONEY or name in policies.REAL:
        most = high // 100 if name in policies.MONEY else high
        return {"anyOf": [{"type": "number", "minimum": low, "maximum": most}, _with_unit(unit)]}
    return _whole(None, policies.least(name), int(high), unit)


def new_template() -> str:
    """Return a commented scenario file that loads as it stands, and names everything that may be changed."""
    code = next(code for code, region in real_regions().items() if region.left_behind())
    head = (
        Path(__file__)
        .with_name("template.yaml")
        .read_text(encoding="utf-8")
        .format(
            groups=" or ".join(GROUPS),
            code=code,
            name=real_regions()[code].name,
            occupations=", ".join(OCCUPATIONS),
            statuses=", ".join(STATUSES),
        )
    )
    lines = ["", "# Mechanisms that are switched off.", "# mechanisms:"]
    for name, meaning in MECHANISMS.items():
        lines.append(f"{f'#   {name}: {"on" if name in OFF else "off"}':<30}  # {meaning}")
    lines += ["", "# Values other than the default; those shown are the defaults.", "# parameters:"]
    for name, parameter in PARAMETERS.items():
        number = f"{parameter.default:g} {parameter.unit}" if not parameter.choices else parameter.default
        allowed = f"{' or '.join(parameter.choices)}: " if parameter.choices else ""
        lines.append(f"{f'#   {name}: {number}':<58}  # {allowed}{parameter.meaning}")
    return head + "\n".join(lines) + "\n"
