"""The keys of a study file, and the JSON schema for editors that complete and check while one types.

The schema is looser than the reader.
"""

import json
from typing import Any, Final

from coworksim.files.scenario_reader import LONGEST_TITLE, WHOLE, WORDS
from coworksim.files.scenario_schema import json_schema
from coworksim.model.parameters import MECHANISMS, PARAMETERS, Kind
from coworksim.runs.outcomes import ALL_OUTCOMES
from coworksim.runs.study import MOST_REPLICATES
from coworksim.runs.study_options import MOST_ARMS, MOST_COMBINED
from coworksim.runs.study_vary import ALL, ROLES
from coworksim.statistics.factors import METHODS

#: Keys of a study file and what they are for.
KEYS: Final = {
    "title": "what the study is, in a few words",
    "scenario": "name of a built-in scenario, or path of a file beside this one",
    "set": "values that hold at every point, by name, such as weeks, space.price or mechanisms.decay",
    "vary": "parameters to vary: names, group.*, role: behaviour, all swept, or name: low..high (or low..high times)",
    "method": "; ".join(f"{method.name}: {method.meaning}" for method in METHODS.values()),
    "size": "; ".join(f"{method.name}: {method.counts}" for method in METHODS.values() if method.counts),
    "replicates": "runs of each point",
    "tolerance": "instead of replicates: outcome: half-width of the 95 % interval wanted for its mean or differences",
    "outcomes": "what is measured in each run: names, or all",
    "seed": "number that fixes the points and every random draw",
    "dummy": "on: an input that nothing reads is varied too, for the noise floor (default, where the method can)",
    "groups": "on: indices of groups of parameters instead of single ones (morris and sobol)",
    "arms": "what is done in the same worlds: a list of name and policies, or of files with policies",
    "combine": "arms for every combination of some: a list of name and policies, or of files (method factorial)",
}
#: Keys that no study may leave out, and what to write.
NEEDED: Final = {
    "title": "write title: and a few words",
    "scenario": "write scenario: and the name of one, such as uk-core",
    "method": f"write method: and one of {', '.join(METHODS)}",
    "outcomes": "write outcomes: and names, or all",
}
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
        "vary": {"anyOf": [{"const": ALL}, _list(_varied())]},
        "method": {"enum": list(METHODS)},
        "size": {"type": "integer", "minimum": 2},
        "replicates": {"type": "integer", "minimum": 1, "maximum": MOST_REPLICATES},
        "tolerance": _mapping({name: _half_width(one.unit) for name, one in ALL_OUTCOMES.items()}),
        "outcomes": {"anyOf": [{"const": "all"}, _list({"enum": list(ALL_OUTCOMES)})]},
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**62, "default": 1},
        **{name: {"enum": ["on", "off", True, False]} for name in ("dummy", "groups")},
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


def _list(items: dict[str, Any], least: int = 1, **most: int) -> dict[str, Any]:
    return {"type": "array", "minItems": least, **most, "items": items}


def _settings(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return what ``set`` may give: settings, parameters and switches of mechanisms, as a scenario does."""
    mechanisms = scenario["mechanisms"]["properties"]
    return {
        "starts": scenario["starts"],
        **{name: scenario[name] for name in (*WORDS, *WHOLE) if name != "seed"},
        **{name: scenario["parameters"]["properties"][name] for name in PARAMETERS},
        **{f"mechanisms.{name}": mechanisms[name] for name in MECHANISMS},
    }


def _varied() -> dict[str, Any]:
    """Return what an entry of ``vary`` may be."""
    groups = dict.fromkeys(f"{parameter.group}.*" for parameter in PARAMETERS.values())
    ranges = {name: _RANGE for name, parameter in PARAMETERS.items() if parameter.kind is not Kind.CHOICE}
    one = {**_mapping({"role": {"enum": list(ROLES)}, **ranges}), "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [{"enum": [ALL, *groups, *PARAMETERS]}, one]}


def _half_width(unit: str) -> dict[str, Any]:
    number = {"type": "number", "exclusiveMinimum": 0}
    return {"description": f"half-width of the 95 % interval, {unit}", "anyOf": [number, {"type": "string"}]}


def _arms(scenario: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    arm = {**_mapping({"name": {"type": "string"}, "policies": scenario["policies"]}), "required": ["name", "policies"]}
    return _list({"anyOf": [{"type": "string"}, arm]}, least, maxItems=most)
