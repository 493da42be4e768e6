"""The JSON schema of study files, for editors that complete and check while one types; looser than the reader."""

from __future__ import annotations

import json
from typing import Any, Final

from coworksim.files.scenario_reader import LONGEST_TITLE, WHOLE
from coworksim.files.scenario_schema import json_schema
from coworksim.model.parameters import MECHANISMS, PARAMETERS, Kind
from coworksim.runs.outcomes import ALL_OUTCOMES
from coworksim.runs.study import MOST_REPLICATES
from coworksim.runs.study_options import MOST_ARMS, MOST_COMBINED
from coworksim.runs.study_reader import KEYS, NEEDED
from coworksim.runs.vary import ALL, ROLES
from coworksim.statistics.factors import METHODS

_NUMBER: Final = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_RANGE: Final = {"type": "string", "pattern": rf"^ *{_NUMBER} *\.\. *{_NUMBER}( .+)?$"}


def study_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema, draft 2020-12).

    >>> study_schema()["properties"]["method"]["enum"][:2]
    ['morris', 'sobol']
    """
    scenario = json_schema()["properties"]
    known: dict[str, dict[str, Any]] = {
        "title": {"type": "string", "maxLength": LONGEST_TITLE},
        "scenario": {"type": "string"},
        "set": _mapping(_settings(scenario)),
        "vary": {"anyOf": [{"const": ALL}, {"type": "array", "minItems": 1, "items": _varied()}]},
        "method": {"enum": list(METHODS)},
        "size": {"type": "integer", "minimum": 2},
        "replicates": {"type": "integer", "minimum": 1, "maximum": MOST_REPLICATES},
        "tolerance": _mapping({name: _half_width(name) for name in ALL_OUTCOMES}),
        "outcomes": {
            "anyOf": [{"const": "all"}, {"type": "array", "minItems": 1, "items": {"enum": list(ALL_OUTCOMES)}}]
        },
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**62, "default": 1},
        "dummy": {"enum": ["on", "off", True, False]},
        "groups": {"enum": ["on", "off", True, False]},
        "arms": _arms(scenario, 1, MOST_ARMS),
        "combine": _arms(scenario, 2, MOST_COMBINED),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "coworksim study",
        "description": "The first line of a study file is a comment: the question that the study answers.",
        **_mapping({name: {"description": about, **known[name]} for name, about in KEYS.items()}),
        "required": list(NEEDED),
    }


def study_schema_text() -> str:
    """Return the content of ``experiments/study.schema.json``."""
    return json.dumps(study_schema(), indent=1, ensure_ascii=False) + "\n"


def _mapping(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _settings(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return what ``set`` may give: settings, parameters and switches of mechanisms, as a scenario does."""
    mechanisms = scenario["mechanisms"]["properties"]
    return {
        "starts": scenario["starts"],
        **{name: scenario[name] for name in WHOLE if name != "seed"},
        **{name: scenario["parameters"]["properties"][name] for name in PARAMETERS},
        **{f"mechanisms.{name}": mechanisms[name] for name in MECHANISMS},
    }


def _varied() -> dict[str, Any]:
    """Return what an entry of ``vary`` may be."""
    groups = dict.fromkeys(f"{parameter.group}.*" for parameter in PARAMETERS.values())
    ranges = {name: _RANGE for name, parameter in PARAMETERS.items() if parameter.kind is not Kind.CHOICE}
    one = {**_mapping({"role": {"enum": list(ROLES)}, **ranges}), "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [{"enum": [ALL, *groups, *PARAMETERS]}, one]}


def _half_width(name: str) -> dict[str, Any]:
    unit = ALL_OUTCOMES[name].unit
    number = {"type": "number", "exclusiveMinimum": 0}
    return {"description": f"half-width of the 95 % interval, {unit}", "anyOf": [number, {"type": "string"}]}


def _arms(scenario: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    arm = {**_mapping({"name": {"type": "string"}, "policies": scenario["policies"]}), "required": ["name", "policies"]}
    return {"type": "array", "minItems": least, "maxItems": most, "items": {"anyOf": [{"type": "string"}, arm]}}
